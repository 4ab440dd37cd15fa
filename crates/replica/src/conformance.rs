//! What every [`Store`] must do, as one suite that each of them runs.
//!
//! A case panics with what it expected. The caller prints how many cases ran, so that a run of none is seen.

mod damaged;
mod files;

pub use damaged::damaged;
pub use files::files;

use crate::{
    Base, Changeset, Cursor, CursorMove, Durability, Found, Held, LocalItem, LocalPut, META_FORMAT, Meta,
    Ours, PageChange, PageKey, PageKind, PagesHead, Passkey, Put, Reason, RowState, Store, StoreError,
    StoredRow, Turn, UnsentAccount, Version,
};
use satchel_wire::{
    DeviceId, Envelope, Etag, Header, Incarnation, Kdf, MAX_CIPHERTEXT, RecordId, SlotId, SlotRecord,
    SpaceId, Stream,
};
use std::collections::BTreeMap;

/// Gives stores by name: the same name again is the same content.
#[allow(async_fn_in_trait, reason = "runs on one thread: no future here needs Send")]
pub trait Bench {
    /// The store under test.
    type Store: Store;
    /// Opens the store of this name; a new name is an empty store.
    async fn open(&self, name: &str) -> Self::Store;
}

const SPACE: SpaceId = SpaceId([7; 16]);

fn id(number: u16) -> RecordId {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    RecordId(bytes)
}

fn envelope(number: u16, content: &[u8]) -> Envelope {
    let header = Header {
        format: 1,
        space: SPACE,
        record: id(number),
        stream: Stream::State,
        epoch: 1,
        replaces: Some(Etag([9; 32])),
        device: DeviceId(u64::MAX),
    };
    Envelope { header, ciphertext: content.to_vec() }
}

fn version(seq: u64) -> Version {
    Version { etag: Etag([3; 32]), seq, era: 1, received_ms: 1_700_000_000_000 }
}

fn put(number: u16, expected: Option<u64>, state: RowState) -> Put {
    Put::new(id(number), expected, envelope(number, b"sealed"), state)
}

fn rows(rows: Vec<Put>) -> Changeset {
    Changeset { rows, ..Changeset::default() }
}

fn ids(rows: &[StoredRow]) -> Vec<RecordId> {
    rows.iter().map(|row| row.id).collect()
}

/// A record that was never sent, for a store's own tests.
pub fn put_new(id: RecordId) -> Put {
    let Envelope { header, ciphertext } = envelope(0, b"sealed");
    let envelope = Envelope { header: Header { record: id, ..header }, ciphertext };
    Put::new(id, None, envelope, RowState::New(Turn(1).into()))
}

/// Bootstrap data, for a store's own tests.
pub fn meta(revision: u64) -> Meta {
    let kdf = Kdf { memory_kib: 65_536, passes: 3, lanes: 1, salt: [1; 16] };
    let slot =
        SlotRecord { id: SlotId::PASSPHRASE, kdf: Some(kdf), login_key: [3; 32], sealed: vec![0, 255] };
    let unknown = ("theme".to_owned(), ciborium::Value::Text("of a newer app".to_owned()));
    Meta {
        format: META_FORMAT,
        revision,
        device: DeviceId(u64::MAX - 1),
        space: SPACE,
        account_secret: [2; 16],
        slots: vec![slot],
        keyring: vec![1; 300],
        account_revision: 3,
        unsent_account: UnsentAccount {
            slots: vec![SlotId::RECOVERY],
            keyring: true,
            login: Some(vec![0, 255]),
        },
        passkeys: vec![Passkey { slot: SlotId::FIRST_PASSKEY, credential: vec![7, 255] }],
        registered: false,
        server: None,
        unknown: BTreeMap::from([unknown]),
    }
}

async fn ok(store: &impl Store, changeset: Changeset) {
    store.commit(changeset).await.expect("commits");
}

async fn get_one(store: &impl Store, number: u16) -> Option<StoredRow> {
    store.get(&[id(number)]).await.expect("reads").pop()
}

async fn an_empty_store_is_empty(store: impl Store) {
    assert_eq!(store.scan(None, 10).await, Ok(vec![]));
    assert_eq!(store.waiting(None, 10).await, Ok(vec![]));
    assert_eq!(store.meta().await, Ok(None));
    assert_eq!(store.cursor().await, Ok(Cursor::default()));
    assert_eq!(store.locals("").await, Ok(vec![]));
    assert_eq!(store.counts().await.expect("counts"), crate::Counts::default());
}

async fn every_state_comes_back_as_it_was(store: impl Store) {
    let base = Box::new(Base { at: version(4), envelope: envelope(2, b"base") });
    let unsent = Ours::Unsent(Some(base.clone()));
    let several = |ours| Held { ours, beside: vec![(*base).clone(), (*base).clone()] };
    let aside = |reason, held| RowState::Quarantined { reason, held };
    let states = [
        RowState::Synced(version(u64::MAX)),
        RowState::New(Turn(u64::MAX).into()),
        RowState::Edited { base: base.clone(), unsent: Turn(0).into() },
        aside(Reason::Unopenable, Held::only(Ours::Synced(version(2)))),
        aside(Reason::Refused(satchel_wire::Refusal::TooLarge), Held::only(Ours::Unsent(None))),
        aside(Reason::Unreadable, several(unsent)),
        aside(Reason::Unreadable, several(Ours::Synced(version(1)))),
    ];
    let puts: Vec<_> = (0..).zip(&states).map(|(number, state)| put(number, None, state.clone())).collect();
    ok(&store, rows(puts.clone())).await;
    let expected: Vec<_> = puts.into_iter().map(Put::into_row).collect();
    assert_eq!(store.scan(None, 100).await, Ok(expected));
}

async fn a_new_row_must_be_new(store: impl Store) {
    ok(&store, rows(vec![put(1, None, RowState::New(Turn(1).into()))])).await;
    let again = store.commit(rows(vec![
        put(2, None, RowState::New(Turn(2).into())),
        put(1, None, RowState::New(Turn(3).into())),
    ]));
    let Err(StoreError::Stale(stale)) = again.await else { panic!("expected stale") };
    assert_eq!(stale.rows, vec![id(1)]);
    assert_eq!(ids(&store.scan(None, 10).await.expect("reads")), vec![id(1)], "nothing of it was written");
}

async fn versions_are_checked_and_counted(store: impl Store) {
    ok(&store, rows(vec![put(1, None, RowState::New(Turn(1).into()))])).await;
    assert_eq!(get_one(&store, 1).await.map(|row| row.version), Some(1));
    ok(&store, rows(vec![put(1, Some(1), RowState::Synced(version(5)))])).await;
    assert_eq!(get_one(&store, 1).await.map(|row| row.version), Some(2));
    for wrong in [None, Some(1), Some(3)] {
        let Err(StoreError::Stale(stale)) =
            store.commit(rows(vec![put(1, wrong, RowState::New(Turn(9).into()))])).await
        else {
            panic!("{wrong:?} was taken")
        };
        assert_eq!(stale.rows, vec![id(1)]);
    }
    let missing = store.commit(rows(vec![put(2, Some(1), RowState::New(Turn(9).into()))])).await;
    assert!(matches!(missing, Err(StoreError::Stale(_))));
    assert_eq!(store.counts().await.expect("counts").rows, 1);
}

async fn a_failed_commit_leaves_nothing(store: impl Store) {
    ok(&store, rows(vec![put(5, None, RowState::New(Turn(1).into()))])).await;
    let item = LocalItem { key: "draft/1".into(), sealed: vec![1] };
    let to = Cursor { seq: 9, ..Cursor::default() };
    let changeset = Changeset {
        rows: vec![
            put(6, None, RowState::New(Turn(2).into())),
            put(5, Some(7), RowState::New(Turn(3).into())),
        ],
        locals: vec![LocalPut::Set(item)],
        cursor: Some(CursorMove { from: Cursor::default(), to }),
        meta: Some(meta(1)),
        durability: Durability::Strict,
        pages: None,
    };
    assert!(matches!(store.commit(changeset).await, Err(StoreError::Stale(_))));
    assert_eq!(ids(&store.scan(None, 10).await.expect("reads")), vec![id(5)]);
    assert_eq!(store.counts().await.expect("counts").waiting, 1);
    assert_eq!(store.locals("draft/").await, Ok(vec![]));
    assert_eq!(store.cursor().await, Ok(Cursor::default()));
    assert_eq!(store.meta().await, Ok(None));
}

async fn waiting_keeps_the_order_of_first_waiting(store: impl Store) {
    let turns = [(4, 10), (2, 300), (9, 2), (7, 300), (1, 70_000)];
    ok(&store, rows(turns.map(|(number, turn)| put(number, None, RowState::New(Turn(turn).into()))).into()))
        .await;
    ok(&store, rows(vec![put(8, None, RowState::Synced(version(1)))])).await;
    let all = store.waiting(None, 10).await.expect("reads");
    assert_eq!(ids(&all), [9, 4, 2, 7, 1].map(id));
    assert_eq!(ids(&store.waiting(None, 2).await.expect("reads")), [9, 4].map(id));
    let after = Some((Turn(300), id(2)));
    assert_eq!(ids(&store.waiting(after, 10).await.expect("reads")), [7, 1].map(id));
    let places = store.places(Turn(10)..=Turn(300)).await.expect("reads");
    assert_eq!(places, [(10, 4), (300, 2), (300, 7)].map(|(turn, number)| (Turn(turn), id(number))));
    assert_eq!(store.counts().await.expect("counts").last_turn, Some(Turn(70_000)));
}

async fn waiting_follows_the_state(store: impl Store) {
    ok(
        &store,
        rows(vec![put(1, None, RowState::New(Turn(1).into())), put(2, None, RowState::New(Turn(2).into()))]),
    )
    .await;
    ok(&store, rows(vec![put(1, Some(1), RowState::Synced(version(1)))])).await;
    assert_eq!(ids(&store.waiting(None, 10).await.expect("reads")), vec![id(2)]);
    let base = Box::new(Base { at: version(1), envelope: envelope(1, b"base") });
    ok(&store, rows(vec![put(1, Some(2), RowState::Edited { base, unsent: Turn(3).into() })])).await;
    assert_eq!(ids(&store.waiting(None, 10).await.expect("reads")), [2, 1].map(id));
    ok(&store, rows(vec![put(2, Some(1), RowState::New(Turn(9).into()))])).await;
    assert_eq!(ids(&store.waiting(None, 10).await.expect("reads")), [1, 2].map(id), "a turn may change");
    let aside = RowState::Quarantined { reason: Reason::Unreadable, held: Held::only(Ours::Unsent(None)) };
    ok(&store, rows(vec![put(2, Some(2), aside)])).await;
    let counts = store.counts().await.expect("counts");
    assert_eq!((counts.rows, counts.waiting, counts.last_turn), (2, 1, Some(Turn(3))));
}

async fn a_page_and_its_cursor_are_one(store: impl Store) {
    let start = Cursor::default();
    let page = |number, from, to| Changeset {
        cursor: Some(CursorMove { from, to }),
        durability: Durability::Relaxed,
        ..rows(vec![put(number, None, RowState::Synced(version(u64::from(number))))])
    };
    let first = Cursor { incarnation: Some(Incarnation([1; 16])), seq: 10, offset_ms: -5, ..start };
    ok(&store, page(1, start, first)).await;
    assert_eq!(store.cursor().await, Ok(first));
    // The same page, fetched by another tab, comes late.
    let Err(StoreError::Stale(stale)) = store.commit(page(2, start, first)).await else {
        panic!("expected stale")
    };
    assert!(stale.cursor && stale.rows.is_empty());
    assert_eq!(get_one(&store, 2).await, None, "a page without its cursor is not written");
    // Only the place counts, not what was learned about the clock.
    ok(&store, page(2, Cursor { offset_ms: 99, ..first }, Cursor { seq: 11, ..first })).await;
}

async fn scanning_pages_through_everything_once(store: impl Store) {
    let numbers: Vec<u16> = (0..257).map(|number| number * 251).collect();
    let puts =
        numbers.iter().rev().map(|number| put(*number, None, RowState::New(Turn(u64::from(*number)).into())));
    ok(&store, rows(puts.collect())).await;
    let mut seen = Vec::new();
    loop {
        let page = store.scan(seen.last().copied(), 50).await.expect("reads");
        assert!(page.len() <= 50);
        if page.is_empty() {
            break;
        }
        seen.extend(ids(&page));
    }
    let mut expected: Vec<_> = numbers.into_iter().map(id).collect();
    expected.sort_unstable();
    assert_eq!(seen, expected);
}

async fn getting_keeps_the_order_and_skips_what_is_missing(store: impl Store) {
    ok(&store, rows([3, 1, 2].map(|number| put(number, None, RowState::New(Turn(1).into()))).into())).await;
    let got = store.get(&[3, 9, 1].map(id)).await.expect("reads");
    assert_eq!(ids(&got), [3, 1].map(id));
    assert_eq!(store.get(&[]).await, Ok(vec![]));
    // Many at once may be looked for in another way, where few rows are there and where many are.
    let some = |step: u16| (0..40).rev().map(move |at| id(at * step));
    let got = store.get(&some(1).collect::<Vec<_>>()).await.expect("reads");
    assert_eq!(ids(&got), [3, 2, 1].map(id));
    let more = (100..500).map(|number| put(number, None, RowState::New(Turn(2).into())));
    ok(&store, rows(more.collect())).await;
    let got = store.get(&some(20).collect::<Vec<_>>()).await.expect("reads");
    assert!(ids(&got).into_iter().eq((5..25).rev().map(|at| id(at * 20))));
}

async fn the_largest_row_comes_back(store: impl Store) {
    let content: Vec<u8> = (0..MAX_CIPHERTEXT).map(|at| (at % 251) as u8).collect();
    let big = envelope(1, &content);
    let base = Box::new(Base { at: version(1), envelope: big.clone() });
    let state = RowState::Edited { base, unsent: Turn(1).into() };
    let row = Put::new(id(1), None, big, state);
    ok(&store, rows(vec![row.clone()])).await;
    assert_eq!(get_one(&store, 1).await, Some(row.into_row()));
}

async fn locals_are_listed_by_prefix(store: impl Store) {
    let item = |key: &str, byte| LocalItem { key: key.into(), sealed: vec![byte] };
    let set = |items: Vec<LocalItem>| Changeset {
        locals: items.into_iter().map(LocalPut::Set).collect(),
        ..Changeset::default()
    };
    let all =
        vec![item("draft/b", 1), item("draft/a", 2), item("draft0", 3), item("review/客/\u{10ffff}", 4)];
    ok(&store, set(all)).await;
    assert_eq!(store.locals("draft/").await, Ok(vec![item("draft/a", 2), item("draft/b", 1)]));
    assert_eq!(store.locals("review/客").await.expect("reads").len(), 1);
    assert_eq!(store.locals("").await.expect("reads").len(), 4);
    ok(&store, set(vec![item("draft/a", 9)])).await;
    let remove = vec![LocalPut::Remove("draft/b".into()), LocalPut::Remove("absent".into())];
    ok(&store, Changeset { locals: remove, ..Changeset::default() }).await;
    assert_eq!(store.locals("draft/").await, Ok(vec![item("draft/a", 9)]));
}

async fn meta_keeps_what_a_newer_app_wrote(store: impl Store) {
    let put = |meta| Changeset { meta: Some(meta), ..Changeset::default() };
    ok(&store, put(meta(1))).await;
    assert_eq!(store.meta().await, Ok(Some(meta(1))));
    let Err(StoreError::Stale(stale)) = store.commit(put(meta(1))).await else { panic!("expected stale") };
    assert!(stale.meta);
    let next = Meta { registered: true, server: Some("https://sync.example".into()), ..meta(2) };
    ok(&store, put(next.clone())).await;
    assert_eq!(store.meta().await, Ok(Some(next)));
}

async fn meta_of_a_newer_app_is_named(store: impl Store) {
    let newer = Meta { format: META_FORMAT + 1, ..meta(1) };
    ok(&store, Changeset { meta: Some(newer), ..Changeset::default() }).await;
    let known = u32::from(META_FORMAT);
    assert_eq!(store.meta().await, Err(StoreError::Newer { found: known + 1, known }));
}

async fn two_handles_see_one_content<B: Bench>(bench: &B, name: &str) {
    let (one, two) = (bench.open(name).await, bench.open(name).await);
    ok(&one, rows(vec![put(1, None, RowState::New(Turn(1).into()))])).await;
    ok(&two, rows(vec![put(1, Some(1), RowState::Synced(version(1)))])).await;
    let late = one.commit(rows(vec![put(1, Some(1), RowState::New(Turn(5).into()))])).await;
    assert!(matches!(late, Err(StoreError::Stale(_))), "two tabs must not overwrite each other");
}

async fn reopening_finds_everything<B: Bench>(bench: &B, name: &str) {
    let store = bench.open(name).await;
    let to = Cursor { seq: 3, era: 2, sweeping: true, synced_ms: Some(1), ..Cursor::default() };
    let item = LocalItem { key: "draft/1".into(), sealed: vec![1, 2] };
    let changeset = Changeset {
        rows: vec![put(1, None, RowState::New(Turn(4).into())), put(2, None, RowState::Synced(version(3)))],
        cursor: Some(CursorMove { from: Cursor::default(), to }),
        meta: Some(meta(1)),
        locals: vec![LocalPut::Set(item.clone())],
        durability: Durability::Strict,
        pages: None,
    };
    ok(&store, changeset).await;
    drop(store);
    let store = bench.open(name).await;
    assert_eq!(ids(&store.scan(None, 10).await.expect("reads")), [1, 2].map(id));
    assert_eq!(ids(&store.waiting(None, 10).await.expect("reads")), vec![id(1)]);
    assert_eq!(store.cursor().await, Ok(to));
    assert_eq!(store.meta().await, Ok(Some(meta(1))));
    assert_eq!(store.locals("").await, Ok(vec![item]));
}

async fn many_rows_go_in_one_commit(store: impl Store) {
    let put = |number: u16| put(number, None, RowState::New(Turn(u64::from(number)).into()));
    let committed = store.commit(rows((0..3_000).map(put).collect())).await.expect("commits");
    assert_eq!(committed.rows, 3_000);
    let counts = store.counts().await.expect("counts");
    assert_eq!((counts.rows, counts.waiting), (3_000, 3_000));
}

fn page(kind: PageKind, number: u32) -> (PageKey, Vec<u8>) {
    (PageKey { kind, number }, vec![kind as u8, number as u8])
}

fn turned(pages: PageChange) -> Changeset {
    Changeset { pages: Some(pages), ..Changeset::default() }
}

async fn pages_are_written_read_and_removed_by_kind(store: impl Store) {
    let writes = vec![
        page(PageKind::Bodies, 0),
        page(PageKind::Cards, 1),
        page(PageKind::Bodies, 300),
        page(PageKind::Events, 2),
    ];
    ok(&store, turned(PageChange { writes: writes.clone(), rows: 7, waiting: 3, ..PageChange::default() }))
        .await;
    let head = store.counts().await.expect("counts").pages;
    assert_eq!(head, PagesHead { generation: 1, next: 301, rows: 7, waiting: 3 });
    assert_eq!(store.page_numbers(PageKind::Bodies).await, Ok(vec![0, 300]));
    let bodies = store.pages(PageKind::Bodies, Some(0), 9).await.expect("reads");
    assert_eq!(bodies, vec![(300, writes[2].1.clone())]);
    let removes = vec![writes[2].0, PageKey { kind: PageKind::Marks, number: 5 }];
    ok(&store, turned(PageChange { over: 1, removes, rows: -9, ..PageChange::default() })).await;
    let keys = [writes[1].0, writes[2].0];
    let found = store.read(&[id(1)], &keys).await.expect("reads");
    assert_eq!(
        found,
        Found { rows: vec![], damaged: vec![], pages: vec![Some(writes[1].1.clone()), None], generation: 2 }
    );
    assert_eq!(store.counts().await.expect("counts").pages.rows, 0);
}

async fn pages_of_another_generation_are_not_written_over(store: impl Store) {
    let first = PageChange { writes: vec![page(PageKind::Events, 0)], ..PageChange::default() };
    ok(&store, turned(first.clone())).await;
    let late = Changeset { rows: vec![put(1, None, RowState::New(Turn(1).into()))], ..turned(first) };
    let Err(StoreError::Stale(stale)) = store.commit(late).await else { panic!("expected stale") };
    assert!(stale.pages && stale.rows.is_empty());
    assert_eq!(store.counts().await.expect("counts").rows, 0);
    // Looking is not moving: the generation stays.
    ok(&store, turned(PageChange { over: 1, ..PageChange::default() })).await;
    assert_eq!(store.counts().await.expect("counts").pages.generation, 1);
}

async fn rows_go_into_pages_in_one_commit(store: impl Store) {
    ok(
        &store,
        rows(vec![put(1, None, RowState::New(Turn(1).into())), put(2, None, RowState::Synced(version(2)))]),
    )
    .await;
    let unrow = |rows: Vec<(RecordId, u64)>| PageChange {
        writes: vec![page(PageKind::Cards, 0)],
        unrow: rows,
        ..PageChange::default()
    };
    let moved = store.commit(turned(unrow(vec![(id(2), 1), (id(1), 2)]))).await;
    let Err(StoreError::Stale(stale)) = moved else { panic!("expected stale") };
    assert_eq!(stale.rows, vec![id(1)]);
    assert_eq!(store.counts().await.expect("counts").rows, 2);
    ok(&store, turned(unrow(vec![(id(2), 1), (id(1), 1)]))).await;
    let counts = store.counts().await.expect("counts");
    assert_eq!((counts.rows, counts.waiting, counts.pages.generation), (0, 0, 1));
    assert_eq!(store.waiting(None, 10).await, Ok(vec![]));
}

async fn a_row_over_a_page_is_new_and_one_version_higher(store: impl Store) {
    let over = Put { paged: Some(6), ..put(1, None, RowState::New(Turn(1).into())) };
    ok(&store, rows(vec![over.clone()])).await;
    assert_eq!(get_one(&store, 1).await.map(|row| row.version), Some(7));
    assert!(matches!(store.commit(rows(vec![over])).await, Err(StoreError::Stale(_))));
}

/// Runs every case, each on a store of its own, and tells how many there were.
///
/// # Panics
/// When a case fails.
pub async fn run<B: Bench>(bench: &B) -> usize {
    let mut cases = 0;
    macro_rules! cases {
        ($($case:ident),* $(,)?) => {$({
            $case(bench.open(stringify!($case)).await).await;
            cases += 1;
        })*};
    }
    cases!(
        an_empty_store_is_empty,
        every_state_comes_back_as_it_was,
        a_new_row_must_be_new,
        versions_are_checked_and_counted,
        a_failed_commit_leaves_nothing,
        waiting_keeps_the_order_of_first_waiting,
        waiting_follows_the_state,
        a_page_and_its_cursor_are_one,
        scanning_pages_through_everything_once,
        getting_keeps_the_order_and_skips_what_is_missing,
        the_largest_row_comes_back,
        locals_are_listed_by_prefix,
        meta_keeps_what_a_newer_app_wrote,
        meta_of_a_newer_app_is_named,
        many_rows_go_in_one_commit,
        pages_are_written_read_and_removed_by_kind,
        pages_of_another_generation_are_not_written_over,
        rows_go_into_pages_in_one_commit,
        a_row_over_a_page_is_new_and_one_version_higher,
    );
    two_handles_see_one_content(bench, "two_handles").await;
    reopening_finds_everything(bench, "reopening").await;
    cases + 2
}

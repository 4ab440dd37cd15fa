//! Records in pages: bound at once or packed, read, edited, marked, damaged, and turned by two tabs.

mod common;

use common::block_on;
use common::device::{Device, set};
use common::server::Server;
use satchel_domain::{Kind, Record, RecordId};
use satchel_replica::{
    Brief, Briefs, Change, Changeset, Compared, Edit, Limits, MemoryStore, Opened, Outgoing, Packed,
    PageChange, PageCipher, PageKey, PageKind, Replica, Sealing, Shelving, Steady, Store, Transport,
};
use satchel_vault::{NoEntropy, OpenError, PagePlace, SealError};
use satchel_wire::Stream;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

const NOW: u64 = 1_700_000_000_000;

fn device(number: u64) -> Device {
    Device::new(number, &Rc::new(RefCell::new(Server::new(NOW))), 7)
}

fn many(from: u8, count: u8) -> Vec<Edit> {
    let create = |id: u8| Edit {
        id: RecordId([id; 16]),
        change: Change::Create(Kind::Partner, vec![set("name", &format!("partner {id}"))]),
    };
    (from..from + count).map(create).collect()
}

fn import(device: &Device, from: u8, count: u8) {
    let done = block_on(device.replica.import(&many(from, count), NOW, &mut Steady)).expect("imports");
    assert_eq!(done.edited.len(), usize::from(count));
}

/// Records in rows of their own; the device's history is not counted.
fn in_rows(store: &MemoryStore) -> usize {
    let rows = block_on(store.scan(None, 1_000)).expect("reads");
    rows.iter().filter(|row| row.envelope.header.stream == Stream::State).count()
}

fn pages(store: &MemoryStore, kind: PageKind) -> Vec<u32> {
    block_on(store.page_numbers(kind)).expect("reads")
}

fn pack_all(device: &Device) {
    while block_on(device.replica.pack()).expect("packs") != Packed::Nothing {}
}

#[test]
fn an_import_lies_in_pages_waits_there_and_is_settled_without_a_row() {
    let mut device = device(1);
    import(&device, 1, 20);
    assert_eq!(in_rows(&device.store), 0);
    let counts = block_on(device.replica.counts()).expect("counts");
    // One more is the device's history.
    assert_eq!((counts.rows, counts.waiting), (21, 21));
    assert_eq!(block_on(device.replica.waiting_ids()).expect("reads").len(), 20);
    device.reopen();
    assert_eq!(device.book.len(), 20);
    assert_eq!(device.settle().waiting, 0);
    assert_eq!(in_rows(&device.store), 0, "what was accepted is marked, not written again");
    device.reopen();
    assert_eq!(block_on(device.replica.counts()).expect("counts").waiting, 0);
}

#[test]
fn an_edit_of_a_page_is_a_row_and_packing_brings_it_back() {
    let mut device = device(1);
    import(&device, 1, 20);
    device.settle();
    let id = RecordId([3; 16]);
    device.write(id, vec![set("note", "changed")]);
    assert_eq!(in_rows(&device.store), 1);
    device.reopen();
    assert_eq!(device.book[&id].value("note").as_text(), Some("changed"));
    for id in 1..=20 {
        device.write(RecordId([id; 16]), vec![set("note", "again")]);
    }
    device.settle();
    pack_all(&device);
    assert_eq!(in_rows(&device.store), 0);
    device.reopen();
    assert!(device.book.values().all(|record| record.value("note").as_text() == Some("again")));
    assert_eq!(device.book.len(), 20);
}

#[test]
fn packing_keeps_pages_few_and_ends() {
    let mut device = device(1);
    for round in 0..6 {
        import(&device, 1 + round * 20, 20);
        device.settle();
        for id in 1..=20 {
            device.write(RecordId([id; 16]), vec![set("note", &format!("round {round}"))]);
        }
        device.settle();
        pack_all(&device);
    }
    let bodies = pages(&device.store, PageKind::Bodies).len();
    assert_eq!(bodies, pages(&device.store, PageKind::Cold).len());
    // 120 records of some hundred bytes in pages of 400 bytes.
    assert!((20..=160).contains(&bodies), "{bodies} pages");
    assert_eq!(block_on(device.replica.pack()).expect("packs"), Packed::Nothing);
}

#[test]
fn a_tab_follows_the_pages_that_another_turned() {
    let mut device = device(1);
    import(&device, 1, 20);
    let other = device.tab();
    device.settle();
    for id in 1..=20 {
        device.write(RecordId([id; 16]), vec![set("note", "first tab")]);
    }
    device.settle();
    pack_all(&device);
    let id = RecordId([4; 16]);
    let seen = block_on(other.replica.records(&[id])).expect("reads");
    assert_eq!(seen[0].1.value("note").as_text(), Some("first tab"));
    let edit = Edit { id, change: Change::Write(vec![set("website", "second tab")]) };
    block_on(other.replica.edit(&[edit], NOW)).expect("edits over the new page");
    let merged = block_on(device.replica.records(&[id])).expect("reads");
    assert_eq!(merged[0].1.value("website").as_text(), Some("second tab"));
    assert_eq!(merged[0].1.value("note").as_text(), Some("first tab"));
}

#[test]
fn what_lies_under_another_tabs_row_is_not_packed_again() {
    let mut device = device(1);
    import(&device, 1, 20);
    device.settle();
    pack_all(&device);
    let other = device.tab();
    for id in 2..=20 {
        device.write(RecordId([id; 16]), vec![set("note", "first tab")]);
    }
    let id = RecordId([1; 16]);
    let edit = Edit { id, change: Change::Write(vec![set("website", "second tab")]) };
    block_on(other.replica.edit(&[edit], NOW)).expect("edits over the page");
    pack_all(&device);
    assert_eq!(pages(&device.store, PageKind::Bodies), [], "nothing is left that counts");
    device.write(id, vec![set("note", "first tab")]);
    let merged = block_on(other.replica.records(&[id])).expect("reads");
    assert_eq!(merged[0].1.value("website").as_text(), Some("second tab"));
    assert_eq!(merged[0].1.value("note").as_text(), Some("first tab"));
}

#[test]
fn two_tabs_that_bind_at_once_lose_nothing() {
    let mut device = device(1);
    let other = device.tab();
    import(&device, 1, 20);
    import(&other, 50, 20);
    device.reopen();
    assert_eq!(device.book.len(), 40);
}

#[test]
fn a_tab_that_opens_while_another_packs_has_everything() {
    let mut device = device(1);
    // Only many more than these would go into pages here.
    let store = device.store.clone();
    let rows_only =
        || Replica::open_shelved(store.clone(), common::device::keys(1, 1, 99), Shelving::default());
    device.replica = block_on(rows_only()).expect("opens");
    import(&device, 1, 20);
    device.settle();
    assert_eq!(in_rows(&device.store), 20);
    let opening = block_on(rows_only()).expect("opens");
    block_on(opening.open_cards(&mut |_| {})).expect("reads the rows");
    device.reopen();
    pack_all(&device);
    assert_eq!(in_rows(&device.store), 0);
    block_on(opening.open_rest(&mut |_| {})).expect("reads the pages");
    let ids: Vec<_> = (1..=20).map(|id| RecordId([id; 16])).collect();
    assert_eq!(block_on(opening.records(&ids)).expect("reads").len(), 20);
    let edit = Edit { id: ids[4], change: Change::Write(vec![set("website", "opened late")]) };
    block_on(opening.edit(&[edit], NOW)).expect("edits over the page");
    let seen = block_on(device.replica.records(&ids[4..5])).expect("reads");
    assert_eq!(seen[0].1.value("website").as_text(), Some("opened late"));
    let digest = block_on(device.line.digest()).expect("answers");
    assert!(matches!(block_on(opening.compare(&digest, NOW)), Ok(Compared::Same(_))));
}

/// Overwrites the page with bytes that nothing sealed.
fn damage(store: &MemoryStore, key: PageKey) {
    overwrite(store, key, vec![1; 90]);
}

fn overwrite(store: &MemoryStore, key: PageKey, bytes: Vec<u8>) {
    let generation = block_on(store.counts()).expect("counts").pages.generation;
    let pages = Some(PageChange { over: generation, writes: vec![(key, bytes)], ..PageChange::default() });
    block_on(store.commit(Changeset { pages, ..Changeset::default() })).expect("commits");
}

#[test]
fn what_a_damaged_page_held_comes_back_from_the_server() {
    // What the platform lost is empty.
    let (cold, bodies) = (PageKind::Cold, PageKind::Bodies);
    for (kind, bytes) in [(cold, vec![1; 90]), (bodies, vec![1; 90]), (cold, vec![]), (bodies, vec![])] {
        let mut device = device(1);
        import(&device, 1, 20);
        device.settle();
        overwrite(&device.store, PageKey { kind, number: pages(&device.store, kind)[0] }, bytes);
        device.reopen();
        assert!(device.book.len() < 20, "{kind:?}");
        device.settle();
        assert_eq!(device.book.len(), 20, "{kind:?}");
        pack_all(&device);
        device.reopen();
        assert_eq!(device.book.len(), 20, "{kind:?}");
        assert_eq!(device.settle().waiting, 0);
        assert_eq!(device.replica.cursor().era, 2, "read again once, {kind:?}");
    }
}

fn first(store: &MemoryStore, kind: PageKind) -> PageKey {
    PageKey { kind, number: pages(store, kind)[0] }
}

/// What is told of lost records: its key, how many, and the names of those that are known.
fn lost(device: &Device) -> Option<(String, u64, BTreeSet<String>)> {
    let (key, lost) = block_on(device.replica.lost()).expect("reads").pop()?;
    let names = lost.named.iter().map(|one| String::from_utf8_lossy(&one.brief).into_owned());
    Some((key, lost.count, names.collect()))
}

#[test]
fn what_was_never_sent_and_lay_in_a_damaged_page_is_told_by_name_and_the_page_is_kept() {
    for kind in [PageKind::Cards, PageKind::Bodies] {
        let mut device = device(1);
        open_briefs(&mut device, 1);
        import(&device, 1, 20);
        damage(&device.store, first(&device.store, kind));
        open_briefs(&mut device, 1);
        let ids: Vec<_> = (1..=20).map(|id| RecordId([id; 16])).collect();
        let here = block_on(device.replica.records(&ids)).expect("reads");
        assert!(here.len() < 20 && device.replica.has_broken_pages(), "{kind:?}");
        pack_all(&device);
        let all: BTreeSet<_> = (1..=20).map(|id| format!("partner {id}")).collect();
        let names: BTreeSet<_> =
            here.iter().map(|(_, it)| it.value("name").as_text().unwrap_or_default().to_owned()).collect();
        let gone: BTreeSet<_> = all.difference(&names).cloned().collect();
        for _ in 0..2 {
            let (_, count, told) = lost(&device).expect("it is told");
            assert_eq!((count, &told), (gone.len() as u64, &gone), "{kind:?}");
            // One more is the device's history.
            let waiting = block_on(device.replica.counts()).expect("counts").waiting;
            assert_eq!(waiting, here.len() as u64 + 1, "{kind:?}");
            open_briefs(&mut device, 1);
        }
        let counts = block_on(device.store.counts()).expect("counts").pages;
        assert_eq!(
            (counts.rows, counts.waiting),
            (here.len() as u64, here.len() as u64),
            "before unlocking too"
        );
        let apart =
            [PageKind::IndexApart, PageKind::BodiesApart].map(|kind| pages(&device.store, kind).len());
        assert_eq!(apart, [1, 1], "{kind:?}");
        let unread = satchel_replica::rescued(&device.store.rescue()).map(|(_, unread)| unread);
        assert_eq!(unread, Some(2), "a rescue file has both halves, and says that they do not read");
        assert_eq!(device.settle().waiting, 0);
        let (key, ..) = lost(&device).expect("it is still told");
        block_on(device.replica.put_away_lost(&key)).expect("puts away");
        assert_eq!(lost(&device), None);
        let apart =
            [PageKind::IndexApart, PageKind::BodiesApart].map(|kind| pages(&device.store, kind).len());
        assert_eq!(apart, [0, 0], "{kind:?}");
    }
}

#[test]
fn what_the_server_had_is_not_told_as_lost() {
    for kind in [PageKind::Cards, PageKind::Bodies] {
        let mut device = device(1);
        open_briefs(&mut device, 1);
        import(&device, 1, 20);
        // Sent, and the answer to what is in some pages never came.
        for _ in 0..2 {
            let limits = Limits { writes: 8, ..Limits::FULL };
            let Ok(Outgoing { push: Some(push), .. }) = block_on(device.replica.outgoing(limits, NOW)) else {
                panic!("something waits")
            };
            let answer = block_on(device.line.push(&push)).expect("answers");
            block_on(device.replica.settle(&push, &answer, NOW)).expect("settles");
        }
        let (told, gone) = {
            damage(&device.store, first(&device.store, kind));
            open_briefs(&mut device, 1);
            let ids: Vec<_> = (1..=20).map(|id| RecordId([id; 16])).collect();
            let here = block_on(device.replica.records(&ids)).expect("reads").len();
            pack_all(&device);
            (lost(&device), 20 - here)
        };
        assert!(gone > 0, "{kind:?}");
        assert_eq!(told, None, "the first page was acknowledged whole, {kind:?}");
        assert_eq!(pages(&device.store, PageKind::BodiesApart), [], "nothing is kept of it");
        device.settle();
        let ids: Vec<_> = (1..=20).map(|id| RecordId([id; 16])).collect();
        assert_eq!(block_on(device.replica.records(&ids)).expect("reads").len(), 20, "{kind:?}");
    }
}

#[test]
fn a_page_of_marks_that_does_not_open_is_taken_away_and_read_again_once() {
    let mut device = device(1);
    import(&device, 1, 20);
    device.settle();
    damage(&device.store, first(&device.store, PageKind::Marks));
    device.reopen();
    device.settle();
    let era = device.replica.cursor().era;
    pack_all(&device);
    for _ in 0..2 {
        device.reopen();
        assert_eq!((device.book.len(), device.settle().waiting), (20, 0));
    }
    assert_eq!(device.replica.cursor().era, era);
}

#[test]
fn damaged_marks_are_mended_once() {
    for bytes in [vec![1; 90], vec![]] {
        let mut device = device(1);
        import(&device, 1, 20);
        device.settle();
        let number = pages(&device.store, PageKind::Marks)[0];
        overwrite(&device.store, PageKey { kind: PageKind::Marks, number }, bytes);
        for _ in 0..3 {
            device.reopen();
            assert_eq!(device.settle().waiting, 0);
            pack_all(&device);
        }
        assert_eq!(device.book.len(), 20);
        assert_eq!(device.replica.cursor().era, 2, "read again once");
    }
}

/// Names that do not pack: by the number, as long as is asked for.
fn unpackable(number: u16, length: usize) -> String {
    let mut state = u64::from(number) + 1;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'0' + (state >> 58) as u8)
    };
    (0..length).map(|_| letter()).collect()
}

#[test]
fn no_page_of_several_records_grows_beyond_its_bound() {
    let mut device = device(1);
    let keys = common::device::keys(1, 1, 99);
    device.replica =
        block_on(Replica::open_shelved(device.store.clone(), keys, Shelving::default())).expect("opens");
    for (from, count, length) in [(0, 200, 2_000), (200, 2_000, 1)] {
        let create = |number: u16| {
            let mut id = [7; 16];
            id[..2].copy_from_slice(&number.to_be_bytes());
            let name = unpackable(number, length);
            Edit { id: RecordId(id), change: Change::Create(Kind::Partner, vec![set("name", &name)]) }
        };
        let edits: Vec<_> = (from..from + count).map(create).collect();
        let done = block_on(device.replica.import(&edits, NOW, &mut Steady)).expect("imports");
        assert_eq!(done.edited.len(), usize::from(count));
    }
    device.settle();
    pack_all(&device);
    let mut too_large = 0;
    for kind in [PageKind::Cold, PageKind::Marks, PageKind::Bodies] {
        let found = block_on(device.store.pages(kind, None, 10_000)).expect("reads");
        too_large += found.iter().filter(|(_, page)| page.len() >= 121 * 1024).count();
        assert!(kind != PageKind::Marks || (4..20).contains(&found.len()), "{} pages of marks", found.len());
    }
    assert_eq!(too_large, 0);
    assert_eq!(block_on(device.replica.counts()).expect("counts").waiting, 0);
}

#[test]
fn damage_that_is_met_while_open_is_mended_by_the_next_step() {
    let mut device = device(1);
    import(&device, 1, 20);
    device.settle();
    open_briefs(&mut device, 0);
    damage(
        &device.store,
        PageKey { kind: PageKind::Bodies, number: pages(&device.store, PageKind::Bodies)[0] },
    );
    let other = device.tab();
    let ids: Vec<_> = (1..=20).map(|id| RecordId([id; 16])).collect();
    assert!(block_on(other.replica.records(&ids)).expect("reads").len() < 20);
    device.reopen();
    device.settle();
    assert_eq!(block_on(device.replica.records(&ids)).expect("reads").len(), 20);
}

fn named(id: RecordId, record: &Record) -> Option<Brief> {
    let bytes = record.value("name").as_text().unwrap_or_default().as_bytes().to_vec();
    Some(Brief { kind: PageKind::Cards, cluster: id, bytes })
}

fn open_briefs(device: &mut Device, format: u16) -> (BTreeMap<RecordId, String>, usize) {
    let briefs = Some(Briefs { format, make: named });
    let shelving = Shelving { briefs, bulk: 3, page_bytes: 400, ..Shelving::default() };
    let keys = common::device::keys(1, 1, 99);
    device.replica = block_on(Replica::open_shelved(device.store.clone(), keys, shelving)).expect("opens");
    let (mut names, mut records) = (BTreeMap::new(), 0);
    let mut take = |opened: Opened<'_>| match opened {
        Opened::Brief(id, _, bytes) => {
            names.insert(id, String::from_utf8_lossy(bytes).into_owned());
        }
        Opened::Record(..) => records += 1,
    };
    block_on(device.replica.open_cards(&mut take)).expect("opens");
    block_on(device.replica.open_rest(&mut take)).expect("opens");
    (names, records)
}

#[test]
fn briefs_open_the_book_and_those_of_another_app_are_made_again() {
    let mut device = device(1);
    open_briefs(&mut device, 1);
    import(&device, 1, 20);
    let (names, records) = open_briefs(&mut device, 1);
    assert_eq!((names.len(), records), (20, 0));
    assert_eq!(names[&RecordId([7; 16])], "partner 7");
    let (names, records) = open_briefs(&mut device, 2);
    assert_eq!((names.len(), records), (0, 20));
    pack_all(&device);
    let (names, records) = open_briefs(&mut device, 2);
    assert_eq!((names.len(), records), (20, 0));
}

/// A platform's cipher that counts the pages it opens.
struct Spy {
    key: satchel_vault::PageKey,
    opened: Cell<usize>,
    /// It opens nothing, whatever is given to it.
    refuses: Cell<bool>,
}

impl PageCipher for Spy {
    fn seal(&self, place: PagePlace, plain: Vec<u8>) -> Sealing<Vec<u8>, SealError> {
        let mut same = |bytes: &mut [u8]| {
            bytes.fill(1);
            Ok::<_, NoEntropy>(())
        };
        let sealed = satchel_vault::seal_page(&self.key, place, &plain, &mut same);
        Box::pin(std::future::ready(sealed.map_err(SealError::from)))
    }

    fn open(&self, place: PagePlace, sealed: &[u8]) -> Sealing<Vec<u8>, OpenError> {
        self.opened.set(self.opened.get() + 1);
        let opened = match self.refuses.get() {
            true => Err(OpenError::Damaged),
            false => satchel_vault::open_page(&self.key, place, sealed),
        };
        Box::pin(std::future::ready(opened))
    }
}

/// Every fifth record belongs to the same partner.
fn by_fives(id: RecordId, _record: &Record) -> Option<Brief> {
    Some(Brief { kind: PageKind::Events, cluster: RecordId([id.0[0] % 5; 16]), bytes: Vec::new() })
}

fn spied(device: &mut Device) -> Rc<Spy> {
    let spy = Rc::new(Spy {
        key: common::device::keys(1, 1, 99).pages,
        opened: Cell::new(0),
        refuses: Cell::new(false),
    });
    let briefs = Some(Briefs { format: 1, make: by_fives });
    let shelving = Shelving { cipher: Some(spy.clone()), briefs, bulk: 3, page_bytes: 400 };
    let keys = common::device::keys(1, 1, 99);
    device.replica = block_on(Replica::open_shelved(device.store.clone(), keys, shelving)).expect("opens");
    spy
}

#[test]
fn an_import_is_sent_in_the_order_of_its_pages_and_settled_without_opening_one() {
    let mut device = device(1);
    spied(&mut device);
    import(&device, 1, 20);
    let spy = spied(&mut device);
    let outgoing = block_on(device.replica.outgoing(Limits { writes: 8, ..Limits::FULL }, NOW));
    let Ok(Outgoing { push: Some(push), .. }) = outgoing else { panic!("something waits") };
    let clusters: Vec<_> = push.writes.iter().map(|write| write.header.record.0[0] % 5).collect();
    assert_eq!(clusters, [0, 0, 0, 0, 1, 1, 1, 1]);
    let opened = spy.opened.get();
    let answer = block_on(device.line.push(&push)).expect("answers");
    block_on(device.replica.settle(&push, &answer, NOW)).expect("settles");
    assert_eq!(spy.opened.get(), opened);
    assert_eq!(block_on(device.replica.waiting_ids()).expect("reads").len(), 12);
}

#[test]
fn what_only_the_platform_does_not_open_is_not_damaged() {
    let mut device = device(1);
    spied(&mut device);
    import(&device, 1, 20);
    let refusing = spied(&mut device);
    refusing.refuses.set(true);
    let ids: Vec<_> = (1..=20).map(|id| RecordId([id; 16])).collect();
    assert_eq!(block_on(device.replica.records(&ids)).expect("reads").len(), 20);
    assert!(refusing.opened.get() > 0, "it was asked first");
    pack_all(&device);
    device.reopen();
    assert_eq!(device.book.len(), 20);
    assert_eq!(device.settle().waiting, 0);
}

/// The contents of all pages of records, opened.
fn bodies(device: &Device) -> Vec<Vec<u8>> {
    let keys: Vec<_> = pages(&device.store, PageKind::Bodies)
        .into_iter()
        .map(|number| PageKey { kind: PageKind::Bodies, number })
        .collect();
    let found = block_on(device.store.read(&[], &keys)).expect("reads").pages;
    let page_key = common::device::keys(1, 1, 7).pages;
    let open = |(key, sealed): (&PageKey, Option<Vec<u8>>)| {
        let place = PagePlace { space: common::device::SPACE, kind: key.kind as u8, number: key.number };
        satchel_vault::open_page(&page_key, place, &sealed.expect("it is listed")).expect("opens")
    };
    keys.iter().zip(found).map(open).collect()
}

#[test]
fn a_page_that_holds_what_was_erased_is_written_anew() {
    let mut device = device(1);
    import(&device, 1, 20);
    for id in 1..=20 {
        let note = if id == 3 { "Quasimodo" } else { "another note" };
        device.write(RecordId([id; 16]), vec![set("note", note)]);
    }
    device.settle();
    pack_all(&device);
    let holds =
        |device: &Device| bodies(device).iter().any(|page| page.windows(9).any(|part| part == b"Quasimodo"));
    assert!(holds(&device), "it lies in a page");
    block_on(device.replica.erase_now(&[RecordId([3; 16])], Vec::new(), NOW)).expect("erases");
    device.settle();
    pack_all(&device);
    assert!(!holds(&device), "no copy is left");
    assert_eq!(block_on(device.replica.pack()).expect("packs"), Packed::Nothing);
}

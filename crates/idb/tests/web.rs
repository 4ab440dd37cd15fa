//! The store on IndexedDB, in a real browser: the suite of all stores, and what only a browser can do.
#![cfg(target_arch = "wasm32")]

use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::TransactionMode;
use satchel_idb::IdbStore;
use satchel_replica::{
    Changeset, Cursor, DamagedRow, FileStore, PageChange, PageKey, PageKind, PagesHead, Store, StoreError,
    StoredRow, conformance, rescued,
};
use satchel_wire::{FileId, RecordId};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The driver starts each run with a fresh profile, so that names need no more than to differ.
struct Browser;

impl conformance::Bench for Browser {
    type Store = IdbStore;

    async fn open(&self, name: &str) -> IdbStore {
        IdbStore::open(name).await.expect("opens")
    }
}

#[wasm_bindgen_test]
async fn idb_store_conforms() {
    let cases = conformance::run(&Browser).await;
    console_log!("idb store: {cases} cases");
    assert!(cases >= 21);
}

#[wasm_bindgen_test]
async fn a_newer_schema_is_named() {
    let name = "newer";
    let newer = Database::open(name).with_version(99u32).with_on_upgrade_needed(|_, _| Ok(()));
    newer.await.expect("opens").close();
    assert!(matches!(IdbStore::open(name).await, Err(StoreError::Newer { known: 3, .. })));
}

/// A database as the first version of the app left it.
#[wasm_bindgen_test]
async fn the_first_schema_is_brought_to_the_newest_with_its_rows() {
    let name = "first";
    let first = Database::open(name).with_version(1u32).with_on_upgrade_needed(|_, db| {
        for store in ["rows", "waiting", "meta", "locals"] {
            db.create_object_store(store).build()?;
        }
        Ok(())
    });
    let first = first.await.expect("opens");
    let transaction =
        first.transaction("meta").with_mode(TransactionMode::Readwrite).build().expect("begins");
    let meta = transaction.object_store("meta").expect("is there");
    let cursor = js_sys::Uint8Array::from(Cursor { seq: 5, ..Cursor::default() }.encode().as_slice());
    meta.put(JsValue::from(cursor)).with_key("cursor").primitive().expect("asks").await.expect("writes");
    transaction.commit().await.expect("commits");
    first.close();
    let store = IdbStore::open(name).await.expect("upgrades");
    assert_eq!(store.cursor().await.expect("reads").seq, 5);
    assert_eq!(store.counts().await.expect("counts").pages, PagesHead::default());
    conformance::files(&store).await;
}

/// Writes bytes where a database has them.
async fn write(db: &Database, store: &str, key: JsValue, bytes: &[u8]) {
    let transaction = db.transaction(store).with_mode(TransactionMode::Readwrite).build().expect("begins");
    let objects = transaction.object_store(store).expect("is there");
    let value = JsValue::from(js_sys::Uint8Array::from(bytes));
    let putting = objects.put(value).with_key(key).without_key_type().primitive().expect("asks");
    putting.await.expect("writes");
    transaction.commit().await.expect("commits");
}

/// A database as the app left it that knew no files yet.
#[wasm_bindgen_test]
async fn the_second_schema_is_brought_to_the_newest_with_all_that_it_has() {
    let name = "second";
    let second = Database::open(name).with_version(2u32).with_on_upgrade_needed(|_, db| {
        for store in ["rows", "waiting", "meta", "locals", "pages"] {
            db.create_object_store(store).build()?;
        }
        Ok(())
    });
    let second = second.await.expect("opens");
    let page: Vec<u8> = [&[8_u8][..], &4_u32.to_be_bytes()].concat();
    let page_key = JsValue::from(js_sys::Uint8Array::from(page.as_slice()));
    let cursor = Cursor { seq: 9, ..Cursor::default() };
    write(&second, "meta", "device".into(), &conformance::meta(3).encode()).await;
    write(&second, "meta", "cursor".into(), &cursor.encode()).await;
    write(&second, "locals", "draft/1".into(), b"sealed").await;
    write(&second, "pages", page_key, b"a page").await;
    second.close();
    let store = IdbStore::open(name).await.expect("upgrades");
    assert_eq!(store.meta().await, Ok(Some(conformance::meta(3))));
    assert_eq!(store.cursor().await, Ok(cursor));
    assert_eq!(store.locals("draft/").await.expect("reads")[0].sealed, b"sealed");
    assert_eq!(store.pages(PageKind::Bodies, None, 9).await, Ok(vec![(4, b"a page".to_vec())]));
    conformance::files(&store).await;
    drop(store);
    let again = IdbStore::open(name).await.expect("opens");
    assert_eq!(again.chunks(None).await.map(|chunks| chunks.len()), Ok(3), "chunks stay");
}

#[wasm_bindgen_test]
async fn another_tabs_upgrade_closes_this_one() {
    let name = "upgrade";
    let store = IdbStore::open(name).await.expect("opens");
    let upgrade = Database::open(name).with_version(4u32).with_on_upgrade_needed(|_, _| Ok(()));
    let upgraded = upgrade.await.expect("is not blocked");
    assert!(store.is_closed());
    assert!(
        matches!(store.counts().await, Err(StoreError::Newer { .. })),
        "it is opened again, and is newer"
    );
    upgraded.close();
}

#[wasm_bindgen_test]
async fn erasing_leaves_nothing_and_who_had_it_open_is_told_that_it_is_gone() {
    let name = "erased";
    let store = IdbStore::open(name).await.expect("opens");
    IdbStore::erase(name).await.expect("erases");
    assert_eq!(store.counts().await, Err(StoreError::Gone));
    let again = IdbStore::open(name).await.expect("opens");
    assert_eq!(again.counts().await.expect("counts").rows, 0);
}

fn row_key(id: RecordId) -> JsValue {
    JsValue::from(js_sys::Uint8Array::from(id.0.as_slice()))
}

/// R111.
#[wasm_bindgen_test]
async fn rows_that_cannot_be_read_are_read_past() {
    let store = IdbStore::open("rotten").await.expect("opens");
    let raw = Database::open("rotten").await.expect("opens");
    conformance::damaged(&store, async |id, bytes| write(&raw, "rows", row_key(id), bytes).await).await;
}

/// From now on reading a value of the database "lost" fails if its key ends in 7, and with it its whole transaction,
/// as in Chromium when the file is gone in which it kept that value.
const LOSE: &str = "{
    const fail = (request) => {
        request.addEventListener('success', (event) => {
            event.stopImmediatePropagation();
            const lost = new DOMException('gone', 'NotReadableError');
            Object.defineProperty(request, 'error', { get: () => lost });
            request.dispatchEvent(new Event('error'));
            try { request.transaction.abort(); } catch { /* it is over */ }
        });
        return request;
    };
    const { get, getAll } = IDBObjectStore.prototype;
    const isHit = (store) => store.transaction.db.name === 'lost' && ['pages', 'files', 'rows'].includes(store.name);
    IDBObjectStore.prototype.get = function (query) {
        const request = get.call(this, query);
        const key = query instanceof IDBKeyRange ? query.lower : query;
        const hit = isHit(this) && new Uint8Array(key).at(-1) === 7;
        return hit ? fail(request) : request;
    };
    IDBObjectStore.prototype.getAll = function (...query) {
        const request = getAll.apply(this, query);
        return isHit(this) ? fail(request) : request;
    };
}";

async fn a_lost_row_is_read_past(store: &IdbStore, lost: RecordId, other: StoredRow) {
    let other = vec![other];
    assert_eq!(store.scan(None, 9).await, Ok(other.clone()));
    assert_eq!(store.waiting(None, 9).await, Ok(other.clone()));
    let found = store.read(&[lost, other[0].id], &[]).await.expect("reads");
    assert_eq!((found.rows, found.damaged), (other.clone(), vec![lost]));
    let row = DamagedRow { id: lost, bytes: Vec::new(), waits: true };
    assert_eq!(store.damaged_rows().await, Ok(vec![row]));
    let over = store.counts().await.expect("counts").pages.generation;
    let pages = Some(PageChange { over, damaged: vec![lost], ..PageChange::default() });
    store.commit(Changeset { pages, ..Changeset::default() }).await.expect("takes it away");
    let counts = store.counts().await.expect("counts");
    assert_eq!((counts.rows, counts.waiting, store.damaged_rows().await), (1, 1, Ok(vec![])));
}

/// R111.
#[wasm_bindgen_test]
async fn a_value_that_the_browser_lost_takes_nothing_else_with_it() {
    let store = IdbStore::open("lost").await.expect("opens");
    let key = |number| PageKey { kind: PageKind::Bodies, number };
    let writes = [6, 7, 8].map(|number| (key(number), vec![number as u8; 9])).to_vec();
    let pages = Some(PageChange { writes, ..PageChange::default() });
    let meta = Some(conformance::meta(1));
    store.commit(Changeset { pages, meta, ..Changeset::default() }).await.expect("commits");
    let lost = RecordId([7; 16]);
    let rows = vec![conformance::put_new(RecordId([6; 16])), conformance::put_new(lost)];
    store.commit(Changeset { rows: rows.clone(), ..Changeset::default() }).await.expect("commits");
    let file = FileId([1; 16]);
    store.keep_chunk(file, 7, vec![7; 9]).await.expect("keeps");
    js_sys::eval(LOSE).expect("runs");
    let left = vec![(6, vec![6; 9]), (7, vec![]), (8, vec![8; 9])];
    let found = store.read(&[], &[key(6), key(7), key(8), key(9)]).await.expect("reads");
    assert_eq!(found.pages, [Some(vec![6; 9]), Some(vec![]), Some(vec![8; 9]), None]);
    assert_eq!(store.pages(PageKind::Bodies, None, 9).await, Ok(left.clone()));
    let (saved, unread) = rescued(&satchel_idb::dump("lost").await.expect("saves")).expect("is one");
    assert_eq!(
        (saved.pages(PageKind::Bodies, None, 9).await, unread),
        (Ok(left), 1),
        "the row does not read"
    );
    assert_eq!(saved.meta().await, Ok(Some(conformance::meta(1))));
    a_lost_row_is_read_past(&store, lost, rows[0].clone().into_row()).await;
    assert_eq!(store.chunk(file, 7).await, Ok(None));
    assert_eq!(store.chunks(None).await.expect("lists").len(), 0, "to be had from the server again");
}

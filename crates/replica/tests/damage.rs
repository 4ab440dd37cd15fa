//! R111: a damaged row is set apart and the rest works; what the server has comes back, what it never had is told.

mod common;

use common::block_on;
use common::device::{Device, set};
use common::server::Server;
use satchel_domain::RecordId;
use satchel_replica::{
    MemoryStore, Packed, PageKind, Phase, ReplicaError, RowState, Store, StoredRow, to_wire,
};
use std::cell::RefCell;
use std::rc::Rc;

const NOW: u64 = 1_700_000_000_000;

/// How a row is damaged.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Hit {
    /// Its head is another one.
    Head,
    /// The middle of it is: it still reads, and does not open.
    Middle,
    /// The platform lost it.
    Lost,
}

const HITS: [Hit; 3] = [Hit::Head, Hit::Middle, Hit::Lost];

fn row(store: &MemoryStore, id: RecordId) -> Option<StoredRow> {
    block_on(store.get(&[to_wire(id)])).expect("reads").pop()
}

fn damage(store: &MemoryStore, id: RecordId, hit: Hit) -> Vec<u8> {
    let whole = row(store, id).expect("is there");
    let mut bytes = whole.encode();
    let sealed = &whole.envelope.ciphertext;
    let middle = bytes.windows(sealed.len()).position(|part| part == sealed).expect("is in there") + 10;
    match hit {
        Hit::Head => bytes[..21].fill(0xEE),
        Hit::Middle => bytes[middle..middle + 21].fill(0xEE),
        Hit::Lost => bytes.clear(),
    }
    store.lay_bytes(to_wire(id), &bytes);
    bytes
}

/// A device with Ada and Bo, both synced, and Cy, which the server does not have.
fn device() -> (Device, [RecordId; 3]) {
    let mut device = Device::new(1, &Rc::new(RefCell::new(Server::new(NOW))), 7);
    let (ada, bo) = (device.create(1, "Ada"), device.create(2, "Bo"));
    assert_eq!(device.settle().phase, Phase::Synced);
    let cy = device.create(3, "Cy");
    (device, [ada, bo, cy])
}

fn names(device: &Device) -> Vec<String> {
    device.book.values().map(|record| record.value("name").as_text().unwrap_or_default().to_owned()).collect()
}

fn pack_all(device: &Device) {
    while block_on(device.replica.pack()).expect("packs") != Packed::Nothing {}
}

/// What is told: the key, how many, and of which records.
fn lost(device: &Device) -> Vec<(String, u64, Vec<RecordId>)> {
    let lost = block_on(device.replica.lost()).expect("reads");
    lost.into_iter().map(|(key, lost)| (key, lost.count, lost.changed)).collect()
}

fn apart(device: &Device) -> Vec<Vec<u8>> {
    let pages = block_on(device.store.pages(PageKind::RowApart, None, 9)).expect("reads");
    pages.into_iter().map(|(_, bytes)| bytes).collect()
}

#[test]
fn r111_a_damaged_synced_row_takes_nothing_with_it_and_comes_back_from_the_server() {
    for hit in HITS {
        let (mut device, [ada, ..]) = device();
        damage(&device.store, ada, hit);
        device.reopen();
        assert_eq!(names(&device), ["Bo", "Cy"], "{hit:?}");
        assert_eq!(device.settle().phase, Phase::Synced, "{hit:?}");
        assert_eq!(names(&device), ["Ada", "Bo", "Cy"], "{hit:?}");
        assert_eq!(device.replica.cursor().era, 2, "read again once, {hit:?}");
        assert_eq!((lost(&device), apart(&device)), (vec![], vec![]), "nothing was lost, {hit:?}");
        device.reopen();
        assert_eq!((names(&device).len(), device.settle().set_aside), (3, 0), "{hit:?}");
        assert_eq!(device.replica.cursor().era, 2, "{hit:?}");
    }
}

#[test]
fn r111_a_damaged_unsent_row_is_counted_and_kept_until_it_is_put_away() {
    for hit in HITS {
        for online in [false, true] {
            let (mut device, [.., cy]) = device();
            let bytes = damage(&device.store, cy, hit);
            device.reopen();
            assert_eq!(names(&device), ["Ada", "Bo"], "{hit:?}");
            if online {
                assert_eq!(device.settle().phase, Phase::Synced, "{hit:?}");
            } else {
                assert!(device.replica.has_broken_pages());
                pack_all(&device);
            }
            for _ in 0..2 {
                let told = lost(&device);
                let [(_, 1, which)] = told.as_slice() else { panic!("one, {hit:?}: {told:?}") };
                assert_eq!(which, &[cy], "{hit:?}");
                device.reopen();
                assert!(!device.replica.has_broken_pages(), "{hit:?}");
            }
            assert_eq!(block_on(device.replica.counts()).expect("counts").waiting, 0, "{hit:?}");
            let kept = [&cy.0, bytes.as_slice()].concat();
            assert_eq!(apart(&device), std::slice::from_ref(&kept), "{hit:?}");
            assert!(device.store.rescue().windows(kept.len()).any(|part| part == kept), "{hit:?}");
            assert_eq!(satchel_replica::rescued(&device.store.rescue()).expect("is one").1, 1, "{hit:?}");
            assert_eq!((device.settle().phase, names(&device).len()), (Phase::Synced, 2), "{hit:?}");
            block_on(device.replica.put_away_lost(&lost(&device)[0].0)).expect("puts away");
            assert_eq!((lost(&device), apart(&device)), (vec![], vec![]), "{hit:?}");
        }
    }
}

#[test]
fn r111_of_a_damaged_edit_the_server_s_version_comes_back_and_the_edit_is_told() {
    for hit in HITS {
        let (mut device, [ada, ..]) = device();
        device.write(ada, vec![set("name", "Ada Lovelace")]);
        assert!(matches!(row(&device.store, ada).expect("is there").state, RowState::Edited { .. }));
        damage(&device.store, ada, hit);
        device.reopen();
        assert_eq!(device.settle().phase, Phase::Synced, "{hit:?}");
        assert_eq!(names(&device), ["Ada", "Bo", "Cy"], "{hit:?}");
        let told = lost(&device);
        assert!(matches!(told.as_slice(), [(_, 1, which)] if which == &[ada]), "{hit:?}: {told:?}");
    }
}

/// A page's copy beneath the row counts again; what comes from the server is not taken for older than it.
#[test]
fn r111_a_damaged_row_over_a_page_leaves_the_page_s_copy_until_the_server_s_comes() {
    for hit in HITS {
        let mut device = Device::new(1, &Rc::new(RefCell::new(Server::new(NOW))), 7);
        let ids: Vec<_> = (1..=20).map(|id| device.create(id, &format!("old {id}"))).collect();
        device.settle();
        pack_all(&device);
        assert_eq!(row(&device.store, ids[4]), None, "it lies in a page");
        device.write(ids[4], vec![set("name", "new")]);
        device.settle();
        damage(&device.store, ids[4], hit);
        let mut other = device.tab();
        device.reopen();
        assert_eq!((device.book.len(), device.name_of(ids[4])), (20, "old 5".into()), "{hit:?}");
        device.settle();
        assert_eq!(device.name_of(ids[4]), "new", "{hit:?}");
        other.write(ids[4], vec![set("note", "from the other tab")]);
        other.settle();
        pack_all(&other);
        device.reopen();
        assert_eq!((device.name_of(ids[4]), device.settle().waiting), ("new".into(), 0), "{hit:?}");
        let counts = block_on(device.store.counts()).expect("counts");
        assert_eq!(counts.rows + counts.pages.rows, block_on(device.replica.counts()).expect("counts").rows);
    }
}

/// A tab that knew the row does not take the page's copy for nothing: what it writes is newer than that.
#[test]
fn r111_a_tab_that_knew_the_damaged_row_writes_nothing_older_than_the_page_beneath() {
    let mut device = Device::new(1, &Rc::new(RefCell::new(Server::new(NOW))), 7);
    let ids: Vec<_> = (1..=20).map(|id| device.create(id, &format!("old {id}"))).collect();
    device.settle();
    pack_all(&device);
    device.write(ids[4], vec![set("name", "new")]);
    device.settle();
    let mut other = device.tab();
    damage(&device.store, ids[4], Hit::Head);
    device.reopen();
    pack_all(&device);
    other.settle();
    let (row, paged) = (row(&device.store, ids[4]).expect("came again"), 2);
    assert!(row.version > paged, "{}", row.version);
}

/// Before it is set apart, nothing is written over it.
#[test]
fn r111_a_damaged_row_is_not_written_over() {
    let (mut device, [ada, ..]) = device();
    let bytes = damage(&device.store, ada, Hit::Head);
    let mut other = device.tab();
    assert_eq!(names(&other), ["Bo", "Cy"]);
    other.line.scripted.borrow_mut().push(satchel_replica::Fault::Offline);
    let again = satchel_replica::Change::Create(satchel_domain::Kind::Partner, vec![set("name", "again")]);
    let edit = satchel_replica::Edit { id: ada, change: again };
    assert_eq!(other.edit(&[edit]), Err(ReplicaError::Contended));
    let there = block_on(device.store.damaged_rows()).expect("reads");
    assert_eq!((there.len(), &there[0].bytes), (1, &bytes));
    device.reopen();
    assert_eq!(device.settle().phase, Phase::Synced);
    other.reopen();
    assert_eq!(names(&other), ["Ada", "Bo", "Cy"], "found once, by whoever was first");
}

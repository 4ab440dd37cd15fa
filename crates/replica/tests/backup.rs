//! Backups: out of one copy and into another, where nothing that either knew is lost.

mod common;

use common::device::{Device, set};
use common::server::Server;
use common::spy::Spy;
use common::{Dice, block_on};
use satchel_domain::{Record, RecordId, Write};
use satchel_replica::{
    BackedUp, BackupItem, BackupItems, BackupSink, Durability, FileStore, Given, LocalItem, Manifest, Part,
    PartSink, Phase, Restoring, Store, StoredRow, TRASH_MS, Weight, to_wire,
};
use satchel_vault::{AccountKey, BackupKey, BackupReader, NoEntropy, backup_header};
use satchel_wire::{AccountId, DeviceId, FileId, MAX_HANDOVER};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

/// The account of [`common::device::keys`].
fn key() -> BackupKey {
    let mut same = |bytes: &mut [u8]| {
        bytes.fill(42);
        Ok::<_, NoEntropy>(())
    };
    BackupKey::derive(&AccountKey::make(&mut same).expect("has entropy"))
}

/// Collects a file, and stops after so many pieces.
struct Collecting {
    file: Vec<u8>,
    left: usize,
    told: Vec<(u64, u64)>,
}

impl BackupSink for Collecting {
    async fn take(&mut self, bytes: Vec<u8>, done: u64, total: u64) -> ControlFlow<()> {
        self.file.extend(bytes);
        self.told.push((done, total));
        self.left -= 1;
        if self.left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn sink(left: usize) -> Collecting {
    Collecting { file: Vec::new(), left, told: Vec::new() }
}

fn back_up(device: &Device) -> (Vec<u8>, BackedUp) {
    let mut sink = sink(usize::MAX);
    let key = key();
    let writing = device.replica.back_up(&key, AccountId([1; 16]), Vec::new(), 7, &mut sink);
    let done = block_on(writing).expect("reads").expect("nobody stops it");
    (sink.file, done)
}

struct Contents {
    manifest: Manifest,
    rows: Vec<StoredRow>,
    locals: Vec<LocalItem>,
    chunks: Vec<(FileId, u32, Vec<u8>)>,
}

fn contents(file: &[u8]) -> Contents {
    let (_, opening) = backup_header(file).expect("a backup").expect("whole");
    let mut reader = BackupReader::new(&key(), &file[..opening]).expect("a backup");
    reader.feed(&file[opening..]);
    let mut items = BackupItems::default();
    let (mut manifest, mut rows, mut locals, mut chunks) = (None, Vec::new(), Vec::new(), Vec::new());
    while let Some(chunk) = reader.next_chunk().expect("opens") {
        items.feed(&chunk);
        for item in items.take().expect("ours") {
            match item {
                BackupItem::Manifest(found) => manifest = Some(found),
                BackupItem::Row(row) => rows.push(row),
                BackupItem::Local(item) => locals.push(item),
                BackupItem::Chunk(file, index, sealed) => chunks.push((file, index, sealed)),
            }
        }
    }
    reader.finish().expect("whole");
    items.finish().expect("whole");
    Contents { manifest: manifest.expect("comes first"), rows, locals, chunks }
}

/// Brings so many batches in, three rows each; how many records that changed.
fn bring(device: &mut Device, contents: &Contents, batches: usize) -> (Restoring, usize) {
    let restoring = block_on(device.replica.begin_restore(&contents.manifest)).expect("begins");
    let mut changed = 0;
    for rows in contents.rows.chunks(3).take(batches) {
        let wall_ms = device.wall_ms();
        let edited = block_on(device.replica.restore(&restoring, rows, wall_ms)).expect("brings in");
        changed += edited.len();
        device.book.extend(edited.into_iter().map(|one| (one.id, one.after)));
    }
    (restoring, changed)
}

fn restore(device: &mut Device, file: &[u8]) -> usize {
    let contents = contents(file);
    let (restoring, changed) = bring(device, &contents, usize::MAX);
    block_on(device.replica.restore_locals(&restoring, contents.locals)).expect("takes over");
    block_on(device.replica.end_restore()).expect("ends");
    changed
}

fn server() -> Rc<RefCell<Server>> {
    Rc::new(RefCell::new(Server::new(1_700_000_000_000)))
}

fn settle(device: &mut Device) {
    assert_eq!(device.settle().phase, Phase::Synced, "device {}", device.number);
}

/// What is here, by id; graves are nothing.
fn records(device: &Device) -> BTreeMap<RecordId, Record> {
    let mut found = BTreeMap::new();
    block_on(device.replica.open_all(|records| found.extend(records))).expect("reads");
    found.retain(|_, record: &mut Record| !record.is_grave());
    found
}

fn waiting(device: &Device) -> Vec<RecordId> {
    let mut ids = block_on(device.replica.waiting_ids()).expect("reads");
    ids.sort();
    ids
}

/// A device with rows and pages, synced, edited and new, a record in the trash, a draft.
fn lived_in(server: &Rc<RefCell<Server>>) -> Device {
    let mut device = Device::new(1, server, 5);
    let ids: Vec<_> = (1..=9).map(|id| device.create(id, &format!("name {id}"))).collect();
    settle(&mut device);
    block_on(device.replica.pack()).expect("packs");
    device.write(ids[0], vec![set("name", "edited, unsent")]);
    device.write(ids[1], vec![Write::deleted(true)]);
    device.create(20, "new, unsent");
    block_on(device.replica.put_local("draft/log", b"half a sentence")).expect("keeps");
    device
}

#[test]
fn an_empty_device_without_a_server_gets_everything_back() {
    let mut device = lived_in(&server());
    let (file, done) = back_up(&device);
    assert_eq!(done.unsent, 3);
    let mut fresh = Device::new(9, &server(), 6);
    restore(&mut fresh, &file);
    fresh.reopen();
    assert_eq!(records(&fresh), records(&device));
    assert_eq!(waiting(&fresh), waiting(&device));
    let drafts = block_on(fresh.replica.locals("draft/")).expect("reads");
    assert_eq!(drafts, [("draft/log".to_owned(), b"half a sentence".to_vec())]);
    device.reopen();
    assert_eq!(records(&fresh), device.book.into_iter().collect());
}

#[test]
fn it_goes_on_with_the_server_where_the_old_device_left_off() {
    let server = server();
    let mut old = lived_in(&server);
    let (file, _) = back_up(&old);
    let mut fresh = Device::new(9, &server, 6);
    restore(&mut fresh, &file);
    settle(&mut fresh);
    assert!(waiting(&fresh).is_empty(), "what was unsent was sent, under the new device's name");
    settle(&mut old);
    settle(&mut fresh);
    assert_eq!(records(&fresh), records(&old));
    assert!(block_on(fresh.replica.reviews()).expect("reads").is_empty(), "nobody is asked about one's own");
    assert_eq!(fresh.name_of(RecordId([20; 16])), "new, unsent");
}

#[test]
fn what_the_old_device_sent_after_the_backup_is_met_and_nobody_is_asked() {
    let server = server();
    let mut old = lived_in(&server);
    let (file, _) = back_up(&old);
    settle(&mut old);
    old.write(RecordId([1; 16]), vec![set("name", "later")]);
    settle(&mut old);
    let mut fresh = Device::new(9, &server, 6);
    restore(&mut fresh, &file);
    settle(&mut fresh);
    assert_eq!(records(&fresh), records(&old));
    assert_eq!(fresh.name_of(RecordId([1; 16])), "later");
    assert!(block_on(fresh.replica.reviews()).expect("reads").is_empty());
}

#[test]
fn a_restored_device_fills_an_empty_server() {
    let mut old = lived_in(&server());
    let (file, _) = back_up(&old);
    let empty = server();
    let (mut fresh, mut third) = (Device::new(9, &empty, 6), Device::new(3, &empty, 7));
    restore(&mut fresh, &file);
    settle(&mut fresh);
    settle(&mut third);
    old.reopen();
    assert_eq!(records(&third), records(&old));
}

#[test]
fn more_edits_and_then_the_backup_lose_nothing() {
    let server = server();
    let mut device = lived_in(&server);
    let (file, _) = back_up(&device);
    device.write(RecordId([1; 16]), vec![set("name", "later"), set("note", "both")]);
    device.create(30, "after the backup");
    settle(&mut device);
    let before = records(&device);
    assert_eq!(restore(&mut device, &file), 0, "an older file knows nothing new");
    assert_eq!(records(&device), before);
    settle(&mut device);
    assert_eq!(records(&device), before);
}

#[test]
fn what_only_the_backup_knows_comes_in_field_by_field() {
    let server = server();
    let mut old = lived_in(&server);
    let mut other = Device::new(2, &server, 8);
    settle(&mut other);
    other.write(RecordId([1; 16]), vec![set("note", "written elsewhere")]);
    let (file, _) = back_up(&old);
    let weighed = {
        let contents = contents(&file);
        let plan = block_on(other.replica.plan_restore(&contents.manifest)).expect("reads");
        block_on(other.replica.weigh(&plan, &contents.rows, other.wall_ms())).expect("weighs")
    };
    let count = |weight| weighed.iter().filter(|one| one.weight == weight).count();
    assert_eq!((count(Weight::New), count(Weight::Newer), count(Weight::Same)), (1, 2, 7));
    assert_eq!(restore(&mut other, &file), 3);
    let record = &records(&other)[&RecordId([1; 16])];
    assert_eq!(record.value("name").as_text(), Some("edited, unsent"));
    assert_eq!(record.value("note").as_text(), Some("written elsewhere"));
    settle(&mut other);
    settle(&mut old);
    settle(&mut other);
    assert_eq!(records(&other), records(&old));
}

#[test]
fn restoring_twice_is_restoring_once() {
    let device = lived_in(&server());
    let (file, _) = back_up(&device);
    let mut fresh = Device::new(9, &server(), 6);
    assert_eq!(restore(&mut fresh, &file), 10);
    let (once, waited) = (records(&fresh), waiting(&fresh));
    assert_eq!(restore(&mut fresh, &file), 0);
    assert_eq!((records(&fresh), waiting(&fresh)), (once, waited));
}

#[test]
fn a_restore_that_is_cut_off_is_known_and_goes_on() {
    let mut device = lived_in(&server());
    let (file, _) = back_up(&device);
    let contents = contents(&file);
    for batches in 0..contents.rows.len().div_ceil(3) {
        let mut fresh = Device::new(9, &server(), 6);
        bring(&mut fresh, &contents, batches);
        fresh.reopen();
        assert!(block_on(fresh.replica.is_restoring()).expect("reads"));
        restore(&mut fresh, &file);
        assert!(!block_on(fresh.replica.is_restoring()).expect("reads"));
        device.reopen();
        assert_eq!(records(&fresh), records(&device), "after {batches} batches");
        settle(&mut fresh);
    }
}

#[test]
fn what_was_erased_for_good_stays_erased() {
    let server = server();
    let mut device = Device::new(1, &server, 5);
    let id = device.create(1, "to be forgotten");
    device.create(2, "Bo");
    settle(&mut device);
    let (file, _) = back_up(&device);
    device.write(id, vec![Write::deleted(true)]);
    settle(&mut device);
    server.borrow_mut().now_ms += TRASH_MS;
    settle(&mut device);
    block_on(device.replica.erase(&[id], device.wall_ms())).expect("erases");
    settle(&mut device);
    assert_eq!(restore(&mut device, &file), 0, "the grave here knew it");
    settle(&mut device);
    assert!(!records(&device).contains_key(&id));
    let mut fresh = Device::new(9, &server, 6);
    restore(&mut fresh, &file);
    settle(&mut fresh);
    assert!(!records(&fresh).contains_key(&id), "the grave on the server knew it");
    {
        let mut server = server.borrow_mut();
        server.now_ms += satchel_ledger::GRAVE_MS + 1;
        let now_ms = server.now_ms;
        assert!(server.ledger.purge(1_000, now_ms) > 0);
    }
    let mut late = Device::new(10, &server, 7);
    restore(&mut late, &file);
    settle(&mut late);
    assert!(!records(&late).contains_key(&id), "it lies below the purge floor of the same log");
    assert!(server.borrow().row(to_wire(id)).is_none());
}

#[test]
fn writing_can_be_stopped_and_tells_how_far_it_is() {
    let device = lived_in(&server());
    let mut stopped = sink(1);
    let key = key();
    let writing = device.replica.back_up(&key, AccountId([1; 16]), Vec::new(), 7, &mut stopped);
    assert_eq!(block_on(writing).expect("reads"), None);
    let mut whole = sink(usize::MAX);
    let writing = device.replica.back_up(&key, AccountId([1; 16]), Vec::new(), 7, &mut whole);
    let done = block_on(writing).expect("reads").expect("nobody stops it");
    assert_eq!(whole.told.last(), Some(&(done.rows, done.rows)));
}

#[test]
fn a_large_copy_is_written_in_small_pieces_and_comes_back() {
    let mut device = Device::new(1, &server(), 5);
    let long = "x".repeat(9_000);
    for id in 0..200 {
        device.create(id, &format!("{id} {long}"));
    }
    let (file, done) = back_up(&device);
    assert!(done.rows >= 200 && file.len() > 1_000_000);
    let mut fresh = Device::new(9, &server(), 6);
    restore(&mut fresh, &file);
    assert_eq!(records(&fresh), records(&device));
}

/// Two devices that live on, a backup somewhere on the way, and a restore somewhere later: all agree in the
/// end, and every value is one that was written last by those who knew of it.
#[test]
fn whenever_it_is_made_and_restored_everybody_agrees_and_nothing_is_gone() {
    for seed in 0..60 {
        let (server, mut dice) = (server(), Dice(seed));
        let mut devices = vec![Device::new(1, &server, seed), Device::new(2, &server, seed + 100)];
        let mut file = None;
        for step in 0..30 {
            let who = dice.below(2);
            let device = &mut devices[who];
            let id = RecordId([1 + u8::try_from(dice.below(6)).expect("small"); 16]);
            match dice.below(5) {
                0 => settle(device),
                1 if file.is_none() && step > 8 => file = Some(back_up(device).0),
                _ if device.book.contains_key(&id) => {
                    device.write(id, vec![set("name", &format!("{seed}.{step}"))]);
                }
                _ if server.borrow().row(to_wire(id)).is_none() => {
                    device.create(id.0[0], &format!("{seed}.{step}"));
                }
                _ => settle(device),
            }
            server.borrow_mut().now_ms += 1_000;
        }
        let Some(file) = file else { continue };
        let kept: Vec<RecordId> =
            contents(&file).rows.iter().filter(|row| !row.is_chunk()).map(|row| RecordId(row.id.0)).collect();
        devices.push(Device::new(9, &server, seed + 200));
        let target = dice.below(3);
        let before = records(&devices[target]);
        restore(&mut devices[target], &file);
        let after = records(&devices[target]);
        assert!(before.keys().chain(&kept).all(|id| after.contains_key(id)), "seed {seed}");
        for _ in 0..3 {
            devices.iter_mut().for_each(settle);
        }
        let all: Vec<_> = devices.iter().map(records).collect();
        assert!(all.iter().all(|records| *records == all[0]), "seed {seed}");
        for (id, record) in before {
            let newest = all[0][&id].latest();
            assert!(newest >= record.latest(), "seed {seed}: nothing goes back");
        }
    }
}

#[test]
fn chunks_of_files_are_in_it_as_they_lie_here() {
    let server = server();
    let device = Device::new(1, &server, 5);
    let kept = [
        (FileId([3; 16]), 0, vec![1, 2, 3]),
        (FileId([3; 16]), 7, vec![4; 262_144]),
        (FileId([9; 16]), 1, vec![]),
    ];
    for (file, index, sealed) in &kept {
        block_on(device.replica.store().keep_chunk(*file, *index, sealed.clone())).expect("is kept");
    }
    let (file, done) = back_up(&device);
    assert_eq!(done.files, 2);
    assert_eq!(contents(&file).chunks, kept);
}

#[test]
fn what_is_brought_in_and_was_never_sent_survives_a_power_cut() {
    let mut from = Device::new(2, &server(), 7);
    from.create(1, "A");
    let contents = contents(&back_up(&from).0);
    let spy = Spy::default();
    let replica = spy.replica(1);
    let restoring = block_on(replica.begin_restore(&contents.manifest)).expect("begins");
    spy.durabilities();
    let edited = block_on(replica.restore(&restoring, &contents.rows, from.wall_ms())).expect("brings in");
    assert_eq!((edited.len(), spy.durabilities()), (1, vec![Durability::Strict]));
}

/// Collects parts, and stops after so many.
struct Taking {
    parts: Vec<Part>,
    left: usize,
}

impl PartSink for Taking {
    async fn take(&mut self, part: Part) -> ControlFlow<()> {
        self.parts.push(part);
        self.left -= 1;
        if self.left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn hand_over(device: &Device, given: &mut Given, left: usize) -> (Vec<Contents>, Option<BackedUp>) {
    let mut sink = Taking { parts: Vec::new(), left };
    let key = key();
    let handing = device.replica.hand_over(&key, AccountId([1; 16]), 7, given, &mut sink);
    let all = block_on(handing).expect("reads");
    assert!(all.is_none() || sink.parts.iter().rev().map(|part| part.is_last).eq(last_of(&sink.parts)));
    let mut found = Vec::new();
    for Part { sealed, items, .. } in sink.parts {
        assert!(sealed.len() <= MAX_HANDOVER);
        given.extend(items);
        found.extend((!sealed.is_empty()).then(|| contents(&sealed)));
    }
    (found, all)
}

/// The last part says that it is, and no other.
fn last_of(parts: &[Part]) -> impl Iterator<Item = bool> {
    std::iter::once(true).chain(std::iter::repeat(false)).take(parts.len())
}

/// A device with two records, a form, and a file of so many chunks, of which the server has nothing.
fn alone_with(chunks: u32) -> Device {
    let mut device = Device::new(1, &server(), 5);
    device.create(1, "A");
    device.create(2, "B");
    for key in ["draft/partner/new".to_owned(), kept()] {
        block_on(device.replica.put_local(&key, b"begun")).expect("is kept");
    }
    for index in 0..chunks {
        let sealed = vec![index as u8; 262_144];
        block_on(device.replica.store().keep_chunk(FILE, index, sealed)).expect("is kept");
    }
    device
}

const FILE: FileId = FileId([3; 16]);

fn kept() -> String {
    format!("file/{}", FILE.to_hex())
}

#[test]
fn what_a_device_alone_has_goes_in_parts_records_and_forms_first_r147() {
    let device = alone_with(40);
    let (parts, all) = hand_over(&device, &mut Given::default(), usize::MAX);
    let all = all.expect("nobody stops it");
    assert_eq!((all.unsent, all.drafts, all.files), (2, 1, 1));
    assert!(parts.len() > 8, "10 MiB");
    let records = |part: &Contents| part.rows.iter().filter(|row| !row.is_chunk()).count();
    assert_eq!(parts.iter().map(records).collect::<Vec<_>>()[..3], [2, 0, 0]);
    assert!(parts[0].locals.iter().any(|item| item.key == "draft/partner/new"));
    for part in &parts {
        assert!(part.locals.iter().any(|item| item.key == kept()), "its chunks would belong to nothing");
        assert_eq!(part.manifest.device, parts[0].manifest.device);
    }
    let chunks = parts.iter().flat_map(|part| &part.chunks).map(|(_, index, sealed)| (*index, sealed[0]));
    assert!(chunks.eq((0..40).map(|index| (index, index as u8))), "each once, in order");
}

#[test]
fn what_was_handed_over_is_not_handed_over_again_and_what_changed_since_is_r147() {
    let mut device = alone_with(40);
    let mut given = Given::default();
    let (first, cut_off) = hand_over(&device, &mut given, 1);
    assert_eq!((first.len(), cut_off), (1, None));
    let again = Given::from_bytes(&given.to_bytes());
    assert_eq!(again, given, "as it was kept");
    let (rest, all) = hand_over(&device, &mut given, usize::MAX);
    assert_eq!(all.expect("whole").unsent, 2, "with what went before");
    assert!(rest.iter().all(|part| part.rows.is_empty()));
    assert_eq!(first.iter().chain(&rest).map(|part| part.chunks.len()).sum::<usize>(), 40);
    let (nothing, all) = hand_over(&device, &mut given, usize::MAX);
    assert!(nothing.is_empty() && all.is_some(), "one last part, empty");
    device.write(RecordId([2; 16]), vec![set("name", "Bo")]);
    block_on(device.replica.put_local("draft/partner/new", b"typed on")).expect("is kept");
    let (changed, _) = hand_over(&device, &mut given, usize::MAX);
    let [Contents { rows, locals, chunks, .. }] = &changed[..] else { panic!("{} parts", changed.len()) };
    let records: Vec<_> = rows.iter().filter(|row| !row.is_chunk()).map(|row| row.id).collect();
    assert_eq!(records, [to_wire(RecordId([2; 16]))]);
    assert_eq!((locals.len(), chunks.len()), (1, 0));
}

/// Whoever holds the keys of a lost device could hand over anything that opens here.
#[test]
fn nothing_but_what_a_backup_holds_is_taken_over_r147() {
    let device = Device::new(1, &server(), 5);
    let (ours, theirs) = ("draft/log/1", "erase/begun");
    for key in [ours, theirs] {
        block_on(device.replica.put_local(key, b"planted")).expect("is kept");
    }
    let all = |key: &str| block_on(device.replica.store().locals(key)).expect("is read");
    let items = [all(ours), all(theirs)].concat();
    let gone: Vec<String> = items.iter().map(|item| item.key.clone()).collect();
    block_on(device.replica.remove_locals(&gone)).expect("is dropped");
    block_on(device.replica.take_over(DeviceId(9), items)).expect("is taken over");
    assert_eq!((all(ours).len(), all(theirs).len()), (1, 0));
}

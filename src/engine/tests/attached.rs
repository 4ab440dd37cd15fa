//! Photos and files beside interactions: sealed here, sent in a queue of their own, opened elsewhere.

use super::files::TextFile;
use super::sync::{Pair, all, pair, sync_page};
use super::world::{Lie, MORNING_MS, Network, Tab};
use super::{alone, person, run, talk};
use crate::engine::host::{Call, Response};
use crate::port::{
    Answer, Command, Failure, FailureCode, FileAct, FileCard, FileChange, FileState, FilesPhase, Nudge,
    Outcome, PersonAct, Preview, Query, RecordCard, Timeline, TimelineFilter, Window,
};
use satchel_domain::{FileId, Method, Picture, RecordId};
use satchel_replica::{FileStore, StoreError};
use satchel_wire::{FileChunk, from_cbor, to_cbor};
use std::rc::Rc;
use std::sync::atomic::Ordering;

pub(super) const PREVIEW: &[u8] = b"a small picture of the shelf: CANARY";
const DAY_MS: u64 = 24 * 60 * 60_000;

pub(super) fn large() -> Vec<u8> {
    (0..600_000_u32).map(|at| (at % 251) as u8).collect()
}

pub(super) async fn kept(tab: &Tab, bytes: Vec<u8>) -> Result<FileCard, Failure> {
    let picture = Some(Picture { width: 2_048, height: 1_536 });
    let keep = FileAct::Keep { name: "货架.jpg".into(), media: "image/jpeg".into(), picture };
    let file = |bytes: Vec<u8>| TextFile { name: "photo.jpg", bytes };
    let files = vec![file(bytes), file(PREVIEW.to_vec())];
    match tab.run_with(Command::File(keep), files).await?.outcome {
        Outcome::FileKept(card) => Ok(card),
        other => panic!("kept nothing: {other:?}"),
    }
}

/// A visit with a photo.
pub(super) async fn visit(tab: &Tab, bytes: Vec<u8>) -> (RecordId, RecordId, FileId) {
    let who = tab.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
    let file = kept(tab, bytes).await.expect("there is room").id;
    let draft = talk(who, Method::Visit, MORNING_MS.cast_signed(), "the shelf is empty");
    let log = FileAct::Log { draft, follow_up: None, done: Vec::new(), files: vec![file] };
    (who, tab.created(Command::File(log)).await, file)
}

pub(super) async fn opened(tab: &Tab, id: RecordId, file: FileId) -> Result<Vec<u8>, FailureCode> {
    tab.said.borrow_mut().pieces.clear();
    let ended = tab.run(Command::File(FileAct::Open { id, file })).await;
    let bytes = std::mem::take(&mut tab.said.borrow_mut().pieces);
    ended.map(|_| bytes).map_err(|failure| failure.code)
}

pub(super) async fn seen(tab: &Tab, id: RecordId, file: FileId) -> Preview {
    match tab.ask(Query::Preview { id: Some(id), file }).await {
        Answer::Preview(preview) => preview,
        other => panic!("no preview: {other:?}"),
    }
}

pub(super) async fn cards(tab: &Tab, id: RecordId) -> Vec<FileCard> {
    match tab.ask(Query::Record { id }).await {
        Answer::Record(Some(card)) => {
            let RecordCard { files, .. } = *card;
            files
        }
        other => panic!("no record: {other:?}"),
    }
}

/// Until the server has every file of this device.
pub(super) async fn sent(tab: &Tab) {
    tab.until_told(async || {
        tab.nudge(Nudge::Asked);
        tokio::task::yield_now().await;
        sync_page(tab).await.files.waiting == 0
    })
    .await;
}

pub(super) async fn previewed(tab: &Tab, id: RecordId, file: FileId) {
    tab.until_told(async || {
        tab.nudge(Nudge::Asked);
        seen(tab, id, file).await == Preview::Here(PREVIEW.to_vec())
    })
    .await;
}

#[test]
fn a_photo_taken_offline_is_opened_on_another_device() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        a.network.set(Network::Down);
        let (who, visit, file) = visit(&on_a, large()).await;
        assert_eq!(opened(&on_a, visit, file).await, Ok(large()), "offline, from this device");
        let status = sync_page(&on_a).await.files;
        assert_eq!((status.waiting, status.bytes), (1, 600_000));
        assert_eq!(cards(&on_a, visit).await[0].state, FileState::Waiting);
        a.network.set(Network::Up);
        on_a.synced().await;
        sent(&on_a).await;
        assert_eq!(cards(&on_a, visit).await[0].state, FileState::Settled);
        on_b.synced().await;
        previewed(&on_b, visit, file).await;
        b.network.set(Network::Down);
        assert_eq!(opened(&on_b, visit, file).await, Err(FailureCode::FileElsewhere));
        b.network.set(Network::Up);
        assert_eq!(opened(&on_b, visit, file).await, Ok(large()));
        b.network.set(Network::Down);
        assert_eq!(opened(&on_b, visit, file).await, Ok(large()), "kept once it was opened");
        let window = Window { offset: 0, limit: 9 };
        let asked = Query::Timeline { partner: who, filter: TimelineFilter::default(), window };
        let Answer::Timeline(Timeline { entries, .. }) = on_b.ask(asked).await else { panic!("no timeline") };
        assert_eq!(entries[0].files[0].name, "货架.jpg");
        let Answer::Files(files) = on_b.ask(Query::Files { partner: who }).await else { panic!("no files") };
        assert_eq!((files.len(), files[0].file.size), (1, 600_000));
    });
}

#[test]
fn nothing_of_a_photo_lies_or_travels_readable_and_no_key_is_told() {
    run(async {
        let Pair { a, on_a, .. } = pair().await;
        let (_, visit, file) = visit(&on_a, large()).await;
        sent(&on_a).await;
        let words = [PREVIEW, "货架".as_bytes(), &large()[..40]];
        let copy = a.server().copy();
        let blobs = std::fs::read_dir(copy.path().join("blobs")).expect("blobs");
        let mut held: Vec<Vec<u8>> = blobs.map(|it| std::fs::read(it.unwrap().path()).unwrap()).collect();
        assert_eq!(held.len(), 4);
        for store in a.stores() {
            for (file, indices) in store.chunks(None).await.expect("reads") {
                for index in indices {
                    held.extend(store.chunk(file, index).await.expect("reads"));
                }
            }
        }
        for bytes in held {
            for word in words {
                assert!(!bytes.windows(word.len()).any(|part| part == word));
            }
        }
        let Answer::History(Some(history)) = on_a.ask(Query::History { id: visit }).await else { panic!() };
        let Answer::Fields(fields) = on_a.ask(Query::Fields { id: visit }).await else { panic!() };
        let told = format!("{history:?} {fields:?}");
        assert!(!told.contains("file_keys") && told.contains("货架.jpg"), "{told}");
        drop((file, copy));
    });
}

#[test]
fn a_device_that_is_killed_between_chunks_goes_on_where_it_was() {
    run(async {
        let Pair { a, on_a, .. } = pair().await;
        let refusing = Rc::new(std::cell::Cell::new(true));
        let refuses = Rc::clone(&refusing);
        let lie: Lie = Rc::new(move |asked: &Call, answer: Response| {
            let last = asked.path.contains("/files/") && asked.path.ends_with("/3");
            if last && refuses.get() { Response { status: 500, ..answer } } else { answer }
        });
        // The server takes the chunk, and its answer is lost: as if the device had died on it.
        a.lied_to(lie);
        let (_, visit, file) = visit(&on_a, large()).await;
        on_a.synced().await;
        on_a.until_told(async || sync_page(&on_a).await.files.sent > 0).await;
        drop(on_a);
        refusing.set(false);
        let again = a.tab_that_remembers(None).await;
        let unlock = Command::Unlock { passphrase: crate::port::Secret(super::world::PASSPHRASE.into()) };
        again.run(unlock).await.expect("opens");
        let calls = a.calls.get();
        again.synced().await;
        sent(&again).await;
        assert!(a.calls.get() - calls < 40, "what is there is not sent again");
        assert_eq!(opened(&again, visit, file).await, Ok(large()));
    });
}

#[test]
fn what_was_exchanged_cut_or_taken_from_another_file_is_damaged_and_nothing_else() {
    run(async {
        let Pair { b, on_a, on_b, .. } = pair().await;
        let (_, visit, file) = visit(&on_a, large()).await;
        on_a.synced().await;
        sent(&on_a).await;
        on_b.synced().await;
        previewed(&on_b, visit, file).await;
        let bend = |how: fn(&mut Vec<u8>)| -> Lie {
            Rc::new(move |asked: &Call, answer: Response| {
                let chunk = asked.path.contains("/files/") && asked.body.is_none() && answer.status == 200;
                if !chunk {
                    return answer;
                }
                let mut chunk: FileChunk = from_cbor(&answer.body).expect("a chunk");
                how(&mut chunk.sealed);
                Response { body: to_cbor(&chunk), ..answer }
            })
        };
        let lies: [fn(&mut Vec<u8>); 3] =
            [|it| it[40] ^= 1, |it| it.truncate(it.len() - 1), |it| it.truncate(0)];
        for lie in lies {
            b.lied_to(bend(lie));
            assert_eq!(opened(&on_b, visit, file).await, Err(FailureCode::FileDamaged));
        }
        // Another chunk of the same file in its place.
        let server = b.server();
        let path = |asked: &Call| asked.path.clone();
        b.told_the_truth();
        let swapped: Lie = {
            let first = std::cell::RefCell::new(None::<Vec<u8>>);
            Rc::new(move |asked: &Call, answer: Response| {
                if !path(asked).contains("/files/") || asked.body.is_some() {
                    return answer;
                }
                let body = first.borrow_mut().get_or_insert_with(|| answer.body.clone()).clone();
                Response { body, ..answer }
            })
        };
        b.lied_to(swapped);
        assert_eq!(opened(&on_b, visit, file).await, Err(FailureCode::FileDamaged));
        b.told_the_truth();
        assert_eq!(opened(&on_b, visit, file).await, Ok(large()), "the truth opens");
        drop(server);
    });
}

#[test]
fn a_full_disk_says_so_and_keeps_the_record() {
    run(async {
        let (device, tab) = alone().await;
        *device.fails.borrow_mut() = Some(StoreError::Quota);
        assert_eq!(kept(&tab, large()).await.expect_err("no room").code, FailureCode::StorageFull);
        *device.fails.borrow_mut() = None;
        let (_, visit, file) = visit(&tab, large()).await;
        assert_eq!(opened(&tab, visit, file).await, Ok(large()));
        let many = kept(&tab, vec![0; (25 << 20) + 1]).await.expect_err("too large");
        assert_eq!(many.code, FailureCode::FileTooLarge);
    });
}

#[test]
fn taking_a_photo_off_and_undo_bring_it_back() {
    run(async {
        let (_device, tab) = alone().await;
        let (_, visit, file) = visit(&tab, large()).await;
        let change = FileChange { add: Vec::new(), remove: vec![file] };
        let done = tab.run(Command::File(FileAct::Change { id: visit, change })).await.expect("valid");
        assert!(cards(&tab, visit).await.is_empty());
        tab.run(Command::Undo { token: done.undo.expect("can be taken back") }).await.expect("taken back");
        assert_eq!(cards(&tab, visit).await.len(), 1);
        let second = kept(&tab, b"second".to_vec()).await.expect("room").id;
        let change = FileChange { add: vec![second], remove: Vec::new() };
        let done = tab.run(Command::File(FileAct::Change { id: visit, change })).await.expect("valid");
        assert_eq!(cards(&tab, visit).await.len(), 2);
        tab.run(Command::Undo { token: done.undo.expect("can be taken back") }).await.expect("taken back");
        assert_eq!(cards(&tab, visit).await.len(), 1);
        assert_eq!(opened(&tab, visit, file).await, Ok(large()));
    });
}

#[test]
fn erasing_a_person_erases_her_photos_here_and_at_the_server() {
    run(async {
        let Pair { a, on_a, .. } = pair().await;
        let (who, visit, file) = visit(&on_a, large()).await;
        on_a.synced().await;
        sent(&on_a).await;
        on_a.synced().await;
        on_a.run(Command::Person(PersonAct::Erase { id: who })).await.expect("in sync");
        for store in a.stores() {
            assert!(store.chunks(None).await.expect("reads").is_empty());
        }
        on_a.until_told(async || {
            on_a.nudge(Nudge::Asked);
            tokio::task::yield_now().await;
            a.server().blobs() == 0
        })
        .await;
        assert_eq!(seen(&on_a, visit, file).await, Preview::None);
    });
}

#[test]
fn a_server_that_was_emptied_gets_the_files_again() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        let (_, visit, file) = visit(&on_a, large()).await;
        on_a.synced().await;
        sent(&on_a).await;
        all([&a, &b], Network::Down);
        a.server().empty(&a.clock);
        all([&a, &b], Network::Up);
        on_b.until_told(async || {
            // The pauses after finding another log pass.
            a.clock.fetch_add(1_000, Ordering::Relaxed);
            on_a.nudge(Nudge::Asked);
            on_b.nudge(Nudge::Asked);
            opened(&on_b, visit, file).await == Ok(large())
        })
        .await;
    });
}

#[test]
fn who_saves_data_sends_previews_only_until_she_says_so() {
    run(async {
        let Pair { a, on_a, on_b, .. } = pair().await;
        a.saves_data.set(true);
        let (_, visit, file) = visit(&on_a, large()).await;
        on_a.synced().await;
        on_a.until_told(async || sync_page(&on_a).await.files.phase == FilesPhase::SavingData).await;
        on_b.synced().await;
        previewed(&on_b, visit, file).await;
        assert_eq!(opened(&on_b, visit, file).await, Err(FailureCode::FileNotSent));
        on_a.run(Command::File(FileAct::SendNow)).await.expect("asked");
        sent(&on_a).await;
        assert_eq!(opened(&on_b, visit, file).await, Ok(large()));
    });
}

#[test]
fn a_form_that_was_left_keeps_its_photo_for_a_month() {
    run(async {
        let Pair { a, on_a, .. } = pair().await;
        let loose = kept(&on_a, large()).await.expect("room").id;
        on_a.synced().await;
        let Answer::KeptFile(Some(_)) = on_a.ask(Query::KeptFile { file: loose }).await else {
            panic!("gone")
        };
        a.clock.fetch_add(31 * DAY_MS, Ordering::Relaxed);
        on_a.until_told(async || {
            on_a.nudge(Nudge::Asked);
            tokio::task::yield_now().await;
            on_a.ask(Query::KeptFile { file: loose }).await == Answer::KeptFile(None)
        })
        .await;
    });
}

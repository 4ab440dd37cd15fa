//! Files of which this device's storage lost a part before the server had it.

use super::attached::{PREVIEW, cards, kept, large, opened, previewed, seen, sent, visit};
use super::run;
use super::sync::{Pair, pair, sync_page};
use super::world::{Device, Network, PASSPHRASE, Tab};
use crate::port::{Command, FailureCode, FileAct, FileChange, FileState, Nudge, Preview, Secret};
use satchel_domain::FileId;
use satchel_replica::{FileStore, MemoryStore};

fn wire(file: FileId) -> satchel_wire::FileId {
    satchel_wire::FileId(file.0)
}

/// The store of a device that keeps something of a file.
async fn store_with(device: &Device, file: FileId) -> MemoryStore {
    for store in device.stores() {
        if !store.chunks(Some(wire(file))).await.expect("reads").is_empty() {
            return store;
        }
    }
    panic!("nothing of it is here");
}

/// The browser loses one chunk of a file; all that there were.
async fn loses(device: &Device, file: FileId, lost: u32) -> Vec<Vec<u8>> {
    let store = store_with(device, file).await;
    let mut chunks = Vec::new();
    while let Some(chunk) = store.chunk(wire(file), chunks.len() as u32).await.expect("reads") {
        chunks.push(chunk);
    }
    store.drop_chunks(wire(file)).await.expect("drops");
    for (index, chunk) in chunks.iter().enumerate().filter(|(index, _)| *index as u32 != lost) {
        store.keep_chunk(wire(file), index as u32, chunk.clone()).await.expect("keeps");
    }
    chunks
}

/// Until the loss is known: nothing can be sent any more, and one file is told as lost.
async fn told_lost(tab: &Tab) {
    tab.until_told(async || {
        tab.nudge(Nudge::Asked);
        tokio::task::yield_now().await;
        let page = sync_page(tab).await;
        page.files.waiting == 0 && page.lost_files.len() == 1
    })
    .await;
}

#[test]
fn a_file_that_was_lost_in_part_is_named_and_the_others_go_on() {
    run(async {
        for lost in [0, 2] {
            let Pair { a, on_a, on_b, .. } = pair().await;
            a.network.set(Network::Down);
            let (_, entry, file) = visit(&on_a, large()).await;
            loses(&a, file, lost).await;
            let second = kept(&on_a, b"second".to_vec()).await.expect("room").id;
            let change = FileChange { add: vec![second], remove: Vec::new() };
            on_a.run(Command::File(FileAct::Change { id: entry, change })).await.expect("valid");
            a.network.set(Network::Up);
            on_a.synced().await;
            told_lost(&on_a).await;
            let page = sync_page(&on_a).await;
            let named = &page.lost_files[0];
            assert_eq!((named.name.as_str(), named.partner.as_str()), ("货架.jpg", "Anna"));
            assert_eq!((page.status.files, page.status.review, page.files.bytes), (0, 1, 0));
            let states: Vec<_> = cards(&on_a, entry).await.iter().map(|card| (card.id, card.state)).collect();
            assert!(
                states.contains(&(file, FileState::Lost)) && states.contains(&(second, FileState::Settled))
            );
            on_b.synced().await;
            assert_eq!(opened(&on_b, entry, second).await, Ok(b"second".to_vec()), "it was sent");
            let open = opened(&on_a, entry, file).await;
            assert_eq!(open, if lost == 0 { Ok(large()) } else { Err(FailureCode::FileLost) });
            let change = FileChange { add: Vec::new(), remove: vec![file] };
            on_a.run(Command::File(FileAct::Change { id: entry, change })).await.expect("taken off");
            let page = sync_page(&on_a).await;
            assert_eq!((page.lost_files.len(), page.status.review), (0, 0), "nothing is left to be told");
        }
    });
}

#[test]
fn what_was_lost_heals_when_another_device_brings_it() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        a.network.set(Network::Down);
        let (_, entry, file) = visit(&on_a, large()).await;
        let chunks = loses(&a, file, 2).await;
        a.network.set(Network::Up);
        on_a.synced().await;
        told_lost(&on_a).await;
        on_b.synced().await;
        previewed(&on_b, entry, file).await;
        // As a restore from a backup would bring it.
        let store = store_with(&b, file).await;
        for (index, chunk) in chunks.into_iter().enumerate() {
            store.keep_chunk(wire(file), index as u32, chunk).await.expect("keeps");
        }
        drop(on_b);
        let on_b = b.tab_that_remembers(None).await;
        on_b.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("opens");
        on_b.synced().await;
        sent(&on_b).await;
        on_a.until_told(async || {
            on_a.nudge(Nudge::Asked);
            cards(&on_a, entry).await[0].state == FileState::Settled
        })
        .await;
        assert!(sync_page(&on_a).await.lost_files.is_empty());
        assert_eq!(opened(&on_a, entry, file).await, Ok(large()));
        assert_eq!(seen(&on_a, entry, file).await, Preview::Here(PREVIEW.to_vec()));
    });
}

#[test]
fn what_the_server_has_already_is_not_lost() {
    run(async {
        let Pair { a, on_a, .. } = pair().await;
        let (_, entry, file) = visit(&on_a, large()).await;
        on_a.synced().await;
        sent(&on_a).await;
        loses(&a, file, 2).await;
        assert_eq!(sync_page(&on_a).await.lost_files.len(), 0);
        assert_eq!(opened(&on_a, entry, file).await, Ok(large()));
    });
}

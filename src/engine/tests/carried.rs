//! Photos and files on other ways than the queue: with a customer who moves, in a backup, off their entry again.

use super::attached::{kept, large, opened, previewed, sent, visit};
use super::backup::{back_up, preview, restore};
use super::beside::{go, id_named, territories, timeline};
use super::sync::{Pair, pair, sync_page};
use super::team::{Office, accept, invite};
use super::world::{Device, Network, PASSPHRASE, Tab};
use super::{alone, run};
use crate::port::{
    Command, FailureCode, FileAct, FileChange, Happened, Meant, Nudge, RestoreWay, Role, Secret,
};
use satchel_domain::{FileId, RecordId};
use satchel_replica::FileStore;

/// The only entry with a file on somebody's history.
async fn filed(tab: &Tab, who: &str) -> (RecordId, FileId) {
    let entries = timeline(tab, id_named(tab, who).await).await.entries;
    let [entry] = entries.as_slice() else { panic!("{} entries", entries.len()) };
    let Happened::Interaction(interaction) = &entry.what else { panic!("no interaction") };
    (interaction.id, entry.files[0].id)
}

#[test]
fn who_moves_takes_her_photos_along_and_brings_them_back() {
    run(async {
        let office = Office::open().await;
        let (_device, northern) = office.welcome("Nora", Role::Editor, 1_000_000).await;
        let (north, south) = territories(&office.owner).await;
        let device = Device::new(&office.server, &office.clock, 2_000_000);
        let southern = device.tab().await;
        southern.run(accept(invite(&office.owner, Role::Viewer).await, "Sue")).await.expect("invited");
        go(&office.owner, &north).await;
        // Attached by somebody else, so that what moves is not on the device of who moves it.
        northern.synced().await;
        let (who, ..) = visit(&northern, large()).await;
        northern.synced().await;
        sent(&northern).await;
        office.owner.synced().await;
        let moving = Command::MovePartners { meant: Meant::These(vec![who]), to: south };
        let done = office.owner.run(moving).await.expect("both are hers");
        southern.synced().await;
        let (record, file) = filed(&southern, "Anna").await;
        previewed(&southern, record, file).await;
        assert_eq!(opened(&southern, record, file).await, Ok(large()));
        office
            .owner
            .until_told(async || {
                office.owner.nudge(Nudge::Asked);
                tokio::task::yield_now().await;
                office.server.blobs() == 4
            })
            .await;
        office.owner.run(Command::Undo { token: done.undo.unwrap() }).await.expect("it comes back");
        northern.synced().await;
        let (record, file) = filed(&northern, "Anna").await;
        assert_eq!(opened(&northern, record, file).await, Ok(large()));
    });
}

#[test]
fn nobody_moves_while_one_of_her_files_cannot_be_had() {
    run(async {
        let office = Office::open().await;
        let (_device, northern) = office.welcome("Nora", Role::Editor, 1_000_000).await;
        let (north, south) = territories(&office.owner).await;
        go(&office.owner, &north).await;
        northern.synced().await;
        // She saves data: the record is there, and the photo on her device only.
        _device.saves_data.set(true);
        let (who, record, file) = visit(&northern, large()).await;
        northern.synced().await;
        office.owner.synced().await;
        previewed(&office.owner, record, file).await;
        office.owner.synced().await;
        let moving = Command::MovePartners { meant: Meant::These(vec![who]), to: south };
        let refused = office.owner.run(moving.clone()).await.expect_err("nothing is left behind").code;
        assert_eq!(refused, FailureCode::FileElsewhere);
        assert_eq!(timeline(&office.owner, who).await.total, 1, "she is still here");
        northern.run(Command::File(FileAct::SendNow)).await.expect("asked");
        sent(&northern).await;
        office.owner.synced().await;
        office.owner.run(moving).await.expect("now it can be had");
    });
}

#[test]
fn a_photo_that_was_never_sent_comes_back_with_a_backup_and_is_sent_then() {
    run(async {
        let (device, tab) = alone().await;
        tab.synced().await;
        device.network.set(Network::Down);
        let (_, record, file) = visit(&tab, large()).await;
        let (code, bytes) = (tab.device_code().await, back_up(&tab).await);
        device.evict();
        let fresh = device.tab().await;
        let seen = preview(&fresh, &bytes, Some(&code)).await;
        assert_eq!(seen.files, 1);
        restore(&fresh, &seen, RestoreWay::Merge).await;
        assert_eq!(opened(&fresh, record, file).await, Ok(large()), "without a server");
        device.network.set(Network::Up);
        fresh.synced().await;
        sent(&fresh).await;
        let other = device.server().blobs();
        assert_eq!(other, 4);
    });
}

#[test]
fn a_workspace_is_not_erased_while_a_photo_is_nowhere_else() {
    run(async {
        let (device, tab) = alone().await;
        device.saves_data.set(true);
        let (_, record, file) = visit(&tab, large()).await;
        tab.synced().await;
        device.network.set(Network::Down);
        drop(tab);
        let tab = device.tab_that_remembers(None).await;
        tab.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("opens");
        let refused = tab.run(Command::EraseDevice { discard: false }).await.expect_err("it would be lost");
        assert_eq!(refused.code, FailureCode::Unsent);
        assert_eq!(opened(&tab, record, file).await, Ok(large()));
        device.network.set(Network::Up);
        tab.synced().await;
        tab.run(Command::File(FileAct::SendNow)).await.expect("asked");
        sent(&tab).await;
        tab.run(Command::EraseDevice { discard: false }).await.expect("nothing is lost");
        for store in device.stores() {
            assert!(store.chunks(None).await.expect("reads").is_empty());
        }
    });
}

#[test]
fn a_file_that_is_taken_off_is_not_sent_and_one_that_is_put_back_is() {
    run(async {
        let Pair { a, on_a, .. } = pair().await;
        a.network.set(Network::Down);
        let (_, record, file) = visit(&on_a, large()).await;
        let change = FileChange { add: Vec::new(), remove: vec![file] };
        let done = on_a.run(Command::File(FileAct::Change { id: record, change })).await.expect("valid");
        assert_eq!(sync_page(&on_a).await.files.waiting, 0);
        a.network.set(Network::Up);
        on_a.nudge(Nudge::Online);
        on_a.synced().await;
        // The queue goes in turn: what was kept later is there, what was taken off is not.
        let later = kept(&on_a, b"later".to_vec()).await.expect("room").id;
        let change = FileChange { add: vec![later], remove: Vec::new() };
        on_a.run(Command::File(FileAct::Change { id: record, change })).await.expect("valid");
        sent(&on_a).await;
        assert_eq!(a.server().blobs(), 2);
        on_a.run(Command::Undo { token: done.undo.expect("can be taken back") }).await.expect("is put back");
        on_a.synced().await;
        on_a.until_told(async || {
            on_a.nudge(Nudge::Asked);
            tokio::task::yield_now().await;
            a.server().blobs() == 6
        })
        .await;
    });
}

//! A team's space on a server that was emptied: who restores a backup knows from it whose the space is.

use super::attacks::scene::patiently;
use super::backup::{back_up, preview, restore};
use super::run;
use super::team::{Office, remove, team};
use super::world::{Device, Network, Tab};
use crate::port::{Command, RestoreWay, Role, SyncPhase, SyncTrouble};

/// A device without anything, onto which a backup was restored.
async fn restored(office: &Office, seed: u64, code: &str, bytes: &[u8]) -> (Device, Tab) {
    let device = Device::new(&office.server, &office.clock, seed);
    let tab = device.tab().await;
    let seen = preview(&tab, bytes, Some(code)).await;
    restore(&tab, &seen, RestoreWay::Merge).await;
    (device, tab)
}

fn is_synced(phase: SyncPhase) -> bool {
    phase == SyncPhase::Synced
}

#[test]
fn whoever_restores_a_backup_on_an_emptied_server_does_not_take_the_team_s_space() {
    run(async {
        let office = Office::open().await;
        let (device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        editor.created(Command::CreatePartner { draft: super::person("Bianchi", "", "") }).await;
        editor.synced().await;
        let (code, bytes) = (editor.device_code().await, back_up(&editor).await);
        remove(&office.owner, "Emma").await;
        office.owner.synced().await;
        drop((editor, device));
        office.device.network.set(Network::Down);
        office.server.empty(&office.clock);
        let (_emmas, emma) = restored(&office, 2_000_000, &code, &bytes).await;
        patiently(&emma, |sync| sync.phase == SyncPhase::Trouble(SyncTrouble::Refused)).await;
        office.device.network.set(Network::Up);
        patiently(&office.owner, |sync| is_synced(sync.phase) && sync.waiting == 0 && !sync.forked).await;
        patiently(&emma, |sync| sync.phase == SyncPhase::Trouble(SyncTrouble::Removed)).await;
        assert_eq!(team(&office.owner).await.members.len(), 1);
        assert_eq!(super::names(&office.owner, "Bianchi").await, ["Bianchi"]);
    });
}

#[test]
fn an_owner_s_backup_brings_her_team_back_to_an_emptied_server() {
    run(async {
        let office = Office::open().await;
        let (_device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        office.owner.synced().await;
        let (code, bytes) = (office.owner.device_code().await, back_up(&office.owner).await);
        // That device is gone.
        office.device.network.set(Network::Down);
        office.server.empty(&office.clock);
        let (_owners, owner) = restored(&office, 2_000_000, &code, &bytes).await;
        patiently(&owner, |sync| is_synced(sync.phase) && sync.waiting == 0 && !sync.forked).await;
        patiently(&editor, |sync| is_synced(sync.phase) && !sync.forked).await;
        assert_eq!(team(&owner).await.members.len(), 2);
        assert_eq!(team(&editor).await.role, Role::Editor);
    });
}

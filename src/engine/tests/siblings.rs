//! Ways into the account, on a device with two of its workspaces: what is changed in one is changed in both.

use super::beside::{go, here, territories};
use super::run;
use super::team::Office;
use super::ways::{change, recovery_code, told_to_the_server};
use super::world::{Device, Network, PASSPHRASE, Tab};
use crate::port::{Command, FailureCode, Nudge, Secret, SyncPhase, SyncTrouble, WorkspaceRef};
use std::sync::atomic::Ordering;

const NEW: &str = "another passphrase";

fn secret(text: &str) -> Secret {
    Secret(text.to_owned())
}

/// A device with two territories; the second one is open in the tab.
async fn two() -> (Device, Tab, WorkspaceRef, WorkspaceRef) {
    let Office { owner, device, .. } = Office::open().await;
    let (north, south) = territories(&owner).await;
    (device, owner, north, south)
}

/// A fresh tab of a workspace, after a try to open it.
async fn after(device: &Device, place: &WorkspaceRef, command: Command) -> Result<Tab, FailureCode> {
    let tab = device.tab_that_remembers(Some(place.clone())).await;
    tab.run(command).await.map(|_| tab).map_err(|failure| failure.code)
}

async fn unlocked(device: &Device, place: &WorkspaceRef, passphrase: &str) -> Result<Tab, FailureCode> {
    after(device, place, Command::Unlock { passphrase: secret(passphrase) }).await
}

async fn opens_by(device: &Device, place: &WorkspaceRef, passphrase: &str, not_by: &str) -> Tab {
    let refused = unlocked(device, place, not_by).await.err();
    assert_eq!(refused, Some(FailureCode::WrongPassphrase), "{}", place.name);
    unlocked(device, place, passphrase).await.expect(&place.name)
}

#[test]
fn a_passphrase_that_is_changed_in_one_workspace_holds_in_all_of_this_device_r98() {
    run(async {
        let (device, tab, north, south) = two().await;
        device.network.set(Network::Down);
        assert_eq!(change(&tab, PASSPHRASE, NEW).await, None);
        drop(tab);
        opens_by(&device, &south, NEW, PASSPHRASE).await;
        let tab = opens_by(&device, &north, NEW, PASSPHRASE).await;
        device.network.set(Network::Up);
        // The other one tells the server; this one signs in as before until then, and by the new one after it.
        tab.synced().await;
        told_to_the_server(&unlocked(&device, &south, NEW).await.expect("the new one")).await;
        tab.synced().await;
        assert_eq!(change(&tab, NEW, PASSPHRASE).await, None, "and back");
        told_to_the_server(&tab).await;
        drop(tab);
        opens_by(&device, &south, PASSPHRASE, NEW).await.synced().await;
        opens_by(&device, &north, PASSPHRASE, NEW).await.synced().await;
    });
}

#[test]
fn one_goes_between_workspaces_before_and_after_the_server_is_told_of_a_new_passphrase() {
    run(async {
        let (device, tab, north, south) = two().await;
        device.network.set(Network::Down);
        assert_eq!(change(&tab, PASSPHRASE, NEW).await, None);
        go(&tab, &north).await;
        device.network.set(Network::Up);
        tab.synced().await;
        go(&tab, &south).await;
        told_to_the_server(&tab).await;
        go(&tab, &north).await;
        tab.synced().await;
        drop(tab);
        unlocked(&device, &north, NEW).await.expect("the new one").synced().await;
    });
}

#[test]
fn a_passphrase_that_another_device_chose_is_taken_for_all_workspaces_at_once_r98() {
    run(async {
        let (device, tab, ..) = two().await;
        let other = device.beside(7_000_000);
        let on_other = other.tab().await;
        let code = secret(&tab.device_code().await);
        let joining = Command::JoinWorkspace { code, passphrase: secret(PASSPHRASE) };
        on_other.run(joining).await.expect("the server knows it");
        on_other.synced().await;
        let [first, second] = [here(&on_other), on_other.said.borrow().found[0].clone()];
        assert_eq!(change(&tab, PASSPHRASE, NEW).await, None);
        told_to_the_server(&tab).await;
        other.clock.fetch_add(60_000, Ordering::Relaxed);
        on_other.nudge(Nudge::Asked);
        let told = SyncPhase::Trouble(SyncTrouble::PassphraseChanged);
        on_other.until(|said| said.sync.as_ref().is_some_and(|sync| sync.phase == told)).await;
        on_other.run(Command::AdoptPassphrase { passphrase: secret(NEW) }).await.expect("the new one");
        drop(on_other);
        for place in [&first, &second] {
            opens_by(&other, place, NEW, PASSPHRASE).await.synced().await;
        }
    });
}

#[test]
fn a_recovery_code_that_was_replaced_opens_no_workspace_of_this_device_r100() {
    run(async {
        let (device, tab, north, south) = two().await;
        let first = recovery_code(&tab, PASSPHRASE).await;
        told_to_the_server(&tab).await;
        device.network.set(Network::Down);
        let code = recovery_code(&tab, PASSPHRASE).await;
        drop(tab);
        let by = |code: &str| Command::Recover { code: secret(code), passphrase: secret(NEW) };
        assert_eq!(after(&device, &north, by(&first)).await.err(), Some(FailureCode::Unreachable));
        drop(after(&device, &north, by(&code)).await.expect("the code that holds"));
        opens_by(&device, &south, NEW, PASSPHRASE).await;
    });
}

#[test]
fn what_could_not_be_changed_in_another_workspace_is_said_and_repeated() {
    run(async {
        let (device, tab, north, south) = two().await;
        *device.shut.borrow_mut() = Some(north.id.clone());
        assert_eq!(change(&tab, PASSPHRASE, NEW).await, Some(FailureCode::NotBeside));
        drop(tab);
        *device.shut.borrow_mut() = None;
        unlocked(&device, &north, PASSPHRASE).await.expect("as it was said");
        opens_by(&device, &south, NEW, PASSPHRASE).await.synced().await;
        opens_by(&device, &north, NEW, PASSPHRASE).await;
    });
}

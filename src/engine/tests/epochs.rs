//! Epochs that begin while a device has not taken the one before, and grants that open nothing.

use super::team::{Office, accept, id_of, invite, inviting, refused, remove, removing, team};
use super::world::{Device, PASSPHRASE, Tab};
use super::{names, person, run};
use crate::engine::host::Call;
use crate::port::{Command, FailureCode, Nudge, Role, Secret, SyncPhase, SyncTrouble};
use satchel_members::{State, catch_up};
use satchel_vault::{NoEntropy, SpaceKey, seal_grant, seal_previous};
use satchel_wire::members::{Append, Change, Grant, MemberLog, Turn};
use satchel_wire::{AccountId, from_cbor, to_cbor};
use std::sync::atomic::Ordering;

async fn reopened(device: &Device) -> Tab {
    let tab = device.tab().await;
    tab.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
    tab
}

/// Until a tab's team has so many members.
async fn members(tab: &Tab, count: usize) {
    tab.until_told(async || team(tab).await.members.len() == count).await;
}

#[test]
fn an_epoch_that_begins_before_the_last_one_is_kept_loses_no_key() {
    run(async {
        let office = Office::open().await;
        let (device, emma) = office.welcome("Emma", Role::Admin, 1_000_000).await;
        let (_lenas, _lena) = office.welcome("Lena", Role::Editor, 2_000_000).await;
        let (_maxs, _max) = office.welcome("Max", Role::Editor, 3_000_000).await;
        emma.synced().await;
        device.stalls.set(true);
        remove(&office.owner, "Lena").await;
        emma.nudge(Nudge::Asked);
        members(&emma, 3).await;
        let id = id_of(&emma, "Max").await;
        let release = async {
            members(&emma, 2).await;
            device.stalls.set(false);
        };
        let (removed, ()) = tokio::join!(emma.run(Command::Team(removing(id))), release);
        removed.expect("she may");
        emma.synced().await;
        drop(emma);
        assert_eq!(reopened(&device).await.epochs(), [1, 2, 3]);
        office.owner.synced().await;
        drop(office.owner);
        assert_eq!(reopened(&office.device).await.epochs(), [1, 2, 3]);
    });
}

fn sevens(bytes: &mut [u8]) -> Result<(), NoEntropy> {
    bytes.fill(7);
    Ok(())
}

/// The person at this tab begins an epoch with an app of her own, and grants one member nothing that opens.
async fn leave_out(tab: &Tab, device: &Device, left_out: AccountId) {
    let (token, space) = tab.session();
    let path = format!("/v1/spaces/{}/members", space.to_hex());
    let asking =
        Call { path: format!("{path}?since=0"), token: Some(token.clone()), body: None, keepalive: false };
    let answer = device.server().answer(asking).await.expect("it answers");
    let log: MemberLog = from_cbor(&answer.body).expect("a log");
    let mut state = State::found(space, &log.entries[0]).expect("a log");
    catch_up(&mut state, &log.entries).expect("an honest one");
    let epoch = state.epoch() + 1;
    let new = SpaceKey::make(space, epoch, &mut sevens).expect("entropy");
    let grant = |account: AccountId| {
        let member = &state.members()[&account].identity.receive;
        let sealed = seal_grant(&new, account, member, &mut sevens).expect("it seals");
        let sealed = if account == left_out { vec![9; sealed.len()] } else { sealed };
        Grant { account, sealed }
    };
    let grants = state.members().keys().copied().map(grant).collect();
    let previous = seal_previous(&new, &tab.key(epoch - 1), &mut sevens).expect("it seals");
    let turn = Turn { epoch, commitment: new.commitment().0, grants, previous };
    let body = state.next(tab.account(), tab.clock().load(Ordering::Relaxed), Change::Rotate { turn });
    let append = Append { entry: tab.signs_entry(&body), welcome: None, again: false };
    let saying = Call { path, token: Some(token), body: Some(to_cbor(&append)), keepalive: false };
    assert_eq!(device.server().answer(saying).await.expect("it answers").status, 200);
}

#[test]
fn who_was_granted_no_key_hands_none_on_until_another_admin_begins_an_epoch() {
    run(async {
        let office = Office::open().await;
        let (device, emma) = office.welcome("Emma", Role::Admin, 1_000_000).await;
        let (_lenas, _lena) = office.welcome("Lena", Role::Editor, 2_000_000).await;
        office.owner.synced().await;
        emma.synced().await;
        leave_out(&emma, &device, office.owner.account()).await;
        office.owner.nudge(Nudge::Asked);
        let told = SyncPhase::Trouble(SyncTrouble::KeyMissing);
        office.owner.until(|said| said.sync.is_some_and(|sync| sync.phase == told)).await;
        office.owner.created(Command::CreatePartner { draft: person("Waits", "", "") }).await;
        let change = Command::Team(inviting(Role::Viewer, "Guest", 7));
        assert_eq!(refused(&office.owner, change).await, FailureCode::KeyMissing);
        let id = id_of(&office.owner, "Lena").await;
        assert_eq!(refused(&office.owner, Command::Team(removing(id))).await, FailureCode::KeyMissing);
        remove(&emma, "Lena").await;
        office.owner.synced().await;
        assert_eq!(office.owner.epochs(), [1, 2, 3], "who holds it hands it on");
        emma.synced().await;
        assert_eq!(names(&emma, "Waits").await, ["Waits"], "what was written meanwhile went out");
        let guest = device.another(9).await;
        guest.run(accept(invite(&office.owner, Role::Viewer).await, "Gus")).await.expect("as before");
    });
}

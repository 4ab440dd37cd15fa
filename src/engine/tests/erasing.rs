//! A workspace that is to be erased while another tab holds it: closed at once, told, and erased at the next start.

use super::handover::{comes_back, comes_back_and_is_held, revoke_the_other};
use super::sync::{Pair, pair};
use super::world::{Device, PASSPHRASE, Tab};
use super::{alone, names, person, run};
use crate::engine::erasing::lay_mark;
use crate::port::{Command, FailureCode, Secret, Session, WorkspaceRef};
use satchel_replica::{Changeset, LocalItem, LocalPut, Store};
use std::sync::atomic::Ordering;

/// Until the person is told that the browser does not let go of it.
async fn told(device: &Device, tab: &Tab) {
    let held = Session::Unusable(FailureCode::NotErased);
    tab.until(|said| {
        device.clock.fetch_add(20, Ordering::Relaxed);
        said.session == Some(held.clone())
    })
    .await;
}

/// Nothing of it answers any more, no passphrase opens it in another tab, and the next start erases it.
async fn is_closed_and_goes_at_the_next_start(device: &Device, tab: &Tab, place: WorkspaceRef) {
    let unlock = || Command::Unlock { passphrase: Secret(PASSPHRASE.into()) };
    let closed = tab.run(Command::RevealDeviceCode { passphrase: Secret(PASSPHRASE.into()) }).await;
    assert_eq!(closed.expect_err("its keys are forgotten").code, FailureCode::Locked);
    assert!(tab.run(unlock()).await.is_err(), "it is not opened again");
    assert!(device.has_a_workspace(), "it is held");
    device.holds.set(false);
    let next = device.tab_that_remembers(Some(place)).await;
    assert!(!device.has_a_workspace(), "erased before anything else");
    // Whether this tab erased it, or the first one, which has waited for it.
    assert!(matches!(next.said.borrow().session, Some(Session::Lost { .. } | Session::None)));
}

fn place(tab: &Tab) -> WorkspaceRef {
    match tab.said.borrow().session.clone() {
        Some(Session::Open { workspace }) => workspace,
        other => panic!("not open: {other:?}"),
    }
}

#[test]
fn a_removed_workspace_that_another_tab_holds_is_closed_and_goes_at_the_next_start() {
    run(async {
        let (device, tab) = alone().await;
        let place = place(&tab);
        device.holds.set(true);
        let leaving = tab.run(Command::EraseDevice { discard: true });
        let (left, ()) = tokio::join!(leaving, async {
            told(&device, &tab).await;
            device.holds.set(false);
        });
        left.expect("it is let go of");
        assert!(!device.has_a_workspace());
        assert_eq!(tab.said.borrow().session, Some(Session::None));
        drop((tab, place));
    });
}

#[test]
fn a_revoked_device_that_another_tab_holds_is_closed_and_erased_at_the_next_start_r147() {
    run(async {
        let Pair { b, on_a, on_b, .. } = pair().await;
        let place = place(&on_b);
        b.holds.set(true);
        revoke_the_other(&on_a).await;
        comes_back(&b, &on_b);
        told(&b, &on_b).await;
        is_closed_and_goes_at_the_next_start(&b, &on_b, place).await;
    });
}

/// The other workspace that was opened while a revoked one handed over is not the one that is erased.
#[test]
fn only_the_workspace_that_was_revoked_is_erased_r147() {
    run(async {
        let Pair { b, on_a, on_b, .. } = pair().await;
        let first = place(&on_b);
        let beside = Command::CreateBeside { name: "Private".into(), me: "Olga".into() };
        on_b.run(beside).await.expect("another workspace of hers");
        let second = place(&on_b);
        on_b.run(Command::SwitchTo { workspace: first.clone() }).await.expect("back again");
        on_b.synced().await;
        revoke_the_other(&on_a).await;
        comes_back_and_is_held(&b, &on_b).await;
        on_b.run(Command::SwitchTo { workspace: second.clone() })
            .await
            .expect("while the first one hands over");
        b.held.set(None);
        for _ in 0..5_000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(place(&on_b), second, "it stands open");
        assert_eq!(names(&on_b, "Anna").await, [""; 0]);
        assert_eq!(b.stores().len(), 3, "both are there, beside what every browser has");
    });
}

/// The tab that began was killed: all that is left is the mark.
async fn marked() -> (Device, WorkspaceRef) {
    let (device, tab) = alone().await;
    tab.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
    let place = place(&tab);
    drop(tab);
    for store in device.stores() {
        lay_mark(&store).await.expect("the disk takes it");
    }
    (device, place)
}

#[test]
fn what_was_being_erased_when_the_app_was_killed_is_erased_at_the_next_start() {
    run(async {
        let (device, place) = marked().await;
        let next = device.tab_that_remembers(Some(place)).await;
        assert!(!device.has_a_workspace());
        assert_eq!(next.said.borrow().session, Some(Session::None), "it was to go: nothing is told as lost");
    });
}

#[test]
fn what_was_written_since_it_was_to_be_erased_is_not_erased() {
    run(async {
        let (device, place) = marked().await;
        for store in device.stores() {
            let typed = LocalPut::Set(LocalItem { key: "draft/log/1".into(), sealed: vec![7] });
            store.commit(Changeset { locals: vec![typed], ..Changeset::default() }).await.expect("it does");
        }
        let next = device.tab_that_remembers(Some(place)).await;
        assert!(device.has_a_workspace(), "something else lies there by now");
        next.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
        assert_eq!(names(&next, "Anna").await, ["Anna"]);
    });
}

/// A tab that slept heard of nothing, worked on and sent it: what lies there alone is nothing again, as it was before.
#[test]
fn what_was_written_since_and_sent_is_not_erased() {
    run(async {
        let Pair { b, on_b, .. } = pair().await;
        let place = place(&on_b);
        for store in b.stores() {
            lay_mark(&store).await.expect("the disk takes it");
        }
        on_b.created(Command::CreatePartner { draft: person("Zoe", "", "") }).await;
        on_b.synced().await;
        drop(on_b);
        let next = b.tab_that_remembers(Some(place)).await;
        assert!(b.has_a_workspace(), "another tab lives in it");
        next.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
        assert_eq!(names(&next, "Zoe").await, ["Zoe"]);
    });
}

//! Several workspaces on one device, each in a database of its own, and the sample among them.

use super::handover::revoke;
use super::world::{Device, PASSPHRASE, Server, Tab};
use super::{names, partners, person, run};
use crate::engine::host::Call;
use crate::port::{
    Answer, Command, FailureCode, Query, SampleSize, Secret, Session, Stage, SyncPhase, WorkspaceRef,
};

const OTHER: &str = "another horse entirely";

fn device() -> Device {
    let clock = super::clock();
    Device::new(&Server::start(&clock), &clock, 1)
}

fn open_on(tab: &Tab) -> WorkspaceRef {
    match tab.said.borrow().session.clone() {
        Some(Session::Open { workspace }) => workspace,
        other => panic!("not open: {other:?}"),
    }
}

fn unlock(passphrase: &str) -> Command {
    Command::Unlock { passphrase: Secret(passphrase.into()) }
}

/// A device with two workspaces, each with somebody in it.
async fn two() -> (Device, WorkspaceRef, WorkspaceRef) {
    let device = device();
    let tab = device.tab().await;
    tab.create_workspace().await;
    tab.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
    let first = open_on(&tab);
    let adding = device.tab_that_knows(None, vec![first.id.clone()]).await;
    assert_eq!(adding.said.borrow().session, Some(Session::None), "a new one is wanted");
    let create = Command::CreateWorkspace { name: "Other".into(), passphrase: Secret(OTHER.into()) };
    adding.run(create).await.expect("a device takes several");
    adding.created(Command::CreatePartner { draft: person("Boris", "", "") }).await;
    let second = open_on(&adding);
    (device, first, second)
}

async fn opened(device: &Device, workspace: &WorkspaceRef, passphrase: &str) -> Tab {
    let tab = device.tab_that_remembers(Some(workspace.clone())).await;
    tab.run(unlock(passphrase)).await.expect("its own passphrase");
    tab
}

#[test]
fn two_workspaces_know_nothing_of_each_other() {
    run(async {
        let (device, first, second) = two().await;
        let tab = device.tab_that_remembers(Some(first.clone())).await;
        let refused = tab.run(unlock(OTHER)).await.expect_err("the other's passphrase");
        assert_eq!(refused.code, FailureCode::WrongPassphrase);
        let (one, two) = (opened(&device, &first, PASSPHRASE).await, opened(&device, &second, OTHER).await);
        assert_eq!((partners(&one).await, partners(&two).await), (1, 1));
        assert_eq!(names(&one, "anna").await, ["Anna"]);
        assert!(names(&one, "boris").await.is_empty() && names(&two, "anna").await.is_empty());
    });
}

#[test]
fn removing_one_workspace_leaves_the_other_as_it_was() {
    run(async {
        let (device, first, second) = two().await;
        let tab = opened(&device, &second, OTHER).await;
        tab.run(Command::EraseDevice { discard: true }).await.expect("it is said");
        let gone = device.tab_that_remembers(Some(second.clone())).await;
        assert_eq!(gone.said.borrow().session, Some(Session::Lost { workspace: second }));
        let left = opened(&device, &first, PASSPHRASE).await;
        assert_eq!(names(&left, "anna").await, ["Anna"]);
    });
}

#[test]
fn removing_a_workspace_ends_its_session_at_the_server() {
    run(async {
        let device = device();
        let tab = device.tab().await;
        tab.create_workspace().await;
        tab.synced().await;
        let (token, space) = tab.session();
        let status = async || {
            let path = format!("/v1/spaces/{}/changes?since=0&limit=1&floor=0", space.to_hex());
            let call = Call { path, token: Some(token.clone()), body: None, keepalive: false };
            device.server().answer(call).await.expect("it answers").status
        };
        assert_eq!(status().await, 200);
        tab.run(Command::EraseDevice { discard: true }).await.expect("it is said");
        assert_eq!(status().await, 401);
    });
}

#[test]
fn workspaces_that_the_ui_forgot_are_found_again() {
    run(async {
        let (device, first, second) = two().await;
        let tab = device.tab_that_knows(None, Vec::new()).await;
        let mut found: Vec<String> = tab.said.borrow().found.iter().map(|found| found.id.clone()).collect();
        found.sort();
        let mut both = [first.id.clone(), second.id];
        both.sort();
        assert_eq!(found, both);
        let knowing = device.tab_that_knows(Some(first.clone()), both.to_vec()).await;
        assert!(knowing.said.borrow().found.is_empty());
        assert!(
            matches!(&knowing.said.borrow().session, Some(Session::Locked { workspace, .. }) if *workspace == first)
        );
    });
}

#[test]
fn a_workspace_is_on_a_device_once() {
    run(async {
        let device = device();
        let tab = device.tab().await;
        tab.create_workspace().await;
        tab.synced().await;
        let code = Secret(tab.device_code().await);
        let again = device.tab_that_knows(None, vec![open_on(&tab).id]).await;
        let join = Command::JoinWorkspace { code, passphrase: Secret(PASSPHRASE.into()) };
        assert_eq!(again.run(join).await.expect_err("it is here").code, FailureCode::AlreadyHere);
    });
}

fn story() -> Command {
    Command::CreateSample { name: "Sample".into(), chinese: false, size: SampleSize::Story }
}

#[test]
fn a_sample_is_full_opens_without_a_passphrase_and_asks_no_server() {
    run(async {
        let device = device();
        let tab = device.tab().await;
        tab.run(story()).await.expect("one tap");
        let place = open_on(&tab);
        assert!(place.is_sample());
        assert!(partners(&tab).await > 380);
        match tab.ask(Query::Sync).await {
            Answer::Sync(page) => {
                assert_eq!(page.review.len(), 1, "one field was changed on two devices");
                assert_eq!(page.waiting.iter().map(crate::port::WaitingGroup::count).sum::<u32>(), 3);
            }
            other => panic!("no sync page: {other:?}"),
        }
        tab.created(Command::CreatePartner { draft: person("Mine", "", "") }).await;
        tab.until(|said| said.sync.is_some_and(|sync| sync.phase == SyncPhase::Apart && sync.waiting == 3))
            .await;
        tab.run(revoke("0000000000000001")).await.expect_err("no server");
        let again = device.tab_that_remembers(Some(place.clone())).await;
        again.run(unlock("")).await.expect("nothing is typed");
        assert_eq!(names(&again, "mine").await[0], "Mine");
        again.run(Command::EraseDevice { discard: false }).await.expect("nothing of hers is lost");
        assert_eq!(device.calls.get(), 0, "not one request");
    });
}

#[test]
fn a_sample_of_any_size_is_made_and_stopped() {
    run(async {
        let device = device();
        let tab = device.tab().await;
        let size = SampleSize::Scale { customers: 450 };
        let command = Command::CreateSample { name: "Scale".into(), chinese: false, size };
        tab.run(command).await.expect("it is made");
        assert_eq!(partners(&tab).await, 450);
        let other = device.another(9).await;
        let size = SampleSize::Scale { customers: 4_000 };
        let many = Command::CreateSample { name: "Scale".into(), chinese: false, size };
        other.cancelled_at(many, Stage::Writing).await.expect("what was made stays");
        assert!(partners(&other).await < 4_000);
    });
}

//! Joining a team that is cut short at any point: nobody is a member without a device, and an invitation is not used up
//! by a crash.

use super::run;
use super::team::{Office, accept, id_of, invite, refused, team};
use super::world::{Device, Lie, Network, PASSPHRASE, Tab};
use super::{names, person};
use crate::engine::host::Response;
use crate::port::{Acceptance, Command, FailureCode, Role, Secret, Session, TeamChange, WorkspaceRef};
use satchel_replica::{Store, StoreError};
use std::cell::Cell;
use std::rc::Rc;

/// Calls `happens` when the server has taken an entry of the membership log, and loses its answer.
fn once_taken(happens: impl Fn() + 'static) -> Lie {
    Rc::new(move |call, answer| {
        let taken = call.path.ends_with("/members") && call.body.is_some() && answer.status < 300;
        if !taken {
            return answer;
        }
        happens();
        Response { status: 500, media_type: "text/html".into(), retry_after_s: None, body: Vec::new() }
    })
}

/// Calls `happens` when the server has let the device in.
fn once_let_in(happens: impl Fn() + 'static) -> Lie {
    Rc::new(move |call, answer| {
        if call.path == "/v1/sessions" && answer.status < 300 {
            happens();
        }
        answer
    })
}

fn unlock() -> Command {
    Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }
}

fn guest(office: &Office) -> Device {
    Device::new(&office.server, &office.clock, 1_000_000)
}

/// Both are members, each with a device that writes what the other reads.
async fn are_two(office: &Office, joined: &Tab) {
    joined.synced().await;
    joined.created(Command::CreatePartner { draft: person("Written by the guest", "", "") }).await;
    joined.synced().await;
    office.owner.synced().await;
    assert_eq!(names(&office.owner, "Written by").await, ["Written by the guest"]);
    let seen = team(&office.owner).await;
    assert_eq!((seen.members.len(), seen.invitations.len()), (2, 0), "nobody without a device");
    assert_eq!(team(joined).await.members.len(), 2);
}

/// The tab is killed when the server has the entry, before anything of its answer is kept.
#[test]
fn who_is_killed_when_the_server_has_her_entry_joins_with_the_next_start() {
    run(async {
        let office = Office::open().await;
        let link = invite(&office.owner, Role::Editor).await;
        let device = guest(&office);
        let tab = device.tab().await;
        let disk = Rc::clone(&device.fails);
        device.lied_to(once_taken(move || *disk.borrow_mut() = Some(StoreError::Closed)));
        tab.run(accept(link.clone(), "Emma")).await.expect_err("it was killed");
        drop(tab);
        *device.fails.borrow_mut() = None;
        device.told_the_truth();
        let again = device.tab().await;
        assert!(matches!(again.said.borrow().session, Some(Session::Locked { .. })), "it is kept here");
        again.run(unlock()).await.expect("the passphrase that she chose");
        are_two(&office, &again).await;
        drop(again);
        device.network.set(Network::Down);
        let offline = device.tab().await;
        offline.run(unlock()).await.expect("nothing is left to be done");
    });
}

#[test]
fn the_same_link_again_goes_on_where_the_answer_was_lost() {
    run(async {
        let office = Office::open().await;
        let link = invite(&office.owner, Role::Editor).await;
        let device = guest(&office);
        let tab = device.tab().await;
        device.lied_to(once_taken(|| ()));
        assert_eq!(refused(&tab, accept(link.clone(), "Emma")).await, FailureCode::ServerError);
        device.told_the_truth();
        tab.run(accept(link, "Emma")).await.expect("she is in already");
        are_two(&office, &tab).await;
    });
}

/// The entry never left the device, and another one took its number meanwhile.
#[test]
fn an_entry_that_is_overtaken_while_it_waits_is_made_anew() {
    run(async {
        let office = Office::open().await;
        let link = invite(&office.owner, Role::Editor).await;
        let device = guest(&office);
        let tab = device.tab().await;
        let network = Rc::clone(&device.network);
        device.lied_to(once_let_in(move || network.set(Network::Down)));
        assert_eq!(refused(&tab, accept(link.clone(), "Emma")).await, FailureCode::Unreachable);
        is_sealed(&device, &link).await;
        device.told_the_truth();
        device.network.set(Network::Up);
        let other = invite(&office.owner, Role::Viewer).await;
        let id = team(&office.owner).await.invitations.into_iter().find(|it| it.role == Role::Viewer);
        let withdraw = TeamChange::Withdraw { id: id.expect("it is open").id };
        office.owner.run(Command::Team(withdraw)).await.expect("her own");
        drop((tab, other));
        let again = device.tab().await;
        again.run(unlock()).await.expect("the passphrase that she chose");
        are_two(&office, &again).await;
    });
}

/// What is kept tells whoever finds the disk neither the link nor her name.
async fn is_sealed(device: &Device, link: &Secret) {
    let mut found = 0;
    for store in device.stores() {
        for item in store.locals("").await.expect("readable") {
            found += 1;
            let has = |text: &str| item.sealed.windows(text.len()).any(|bytes| bytes == text.as_bytes());
            assert!(!has(&link.0) && !has("Emma"), "{} lies in clear", item.key);
        }
    }
    assert!(found > 0, "something is kept");
}

/// Nothing that a server says takes anything away: that is for the person to do.
#[test]
fn an_invitation_that_was_withdrawn_while_she_was_joining_says_so_and_can_be_put_away() {
    run(async {
        let office = Office::open().await;
        let link = invite(&office.owner, Role::Editor).await;
        let device = guest(&office);
        let tab = device.tab().await;
        let network = Rc::clone(&device.network);
        device.lied_to(once_let_in(move || network.set(Network::Down)));
        tab.run(accept(link, "Emma")).await.expect_err("the network is gone");
        drop(tab);
        device.told_the_truth();
        device.network.set(Network::Up);
        let id = team(&office.owner).await.invitations.first().expect("it is open").id;
        office.owner.run(Command::Team(TeamChange::Withdraw { id })).await.expect("her own");
        let again = device.tab().await;
        assert_eq!(refused(&again, unlock()).await, FailureCode::InvitationGone);
        let gone = Session::Unusable(FailureCode::InvitationGone);
        again.until(|said| said.session == Some(gone.clone())).await;
        assert!(device.has_a_workspace());
        again.run(Command::Discard).await.expect("it never opened");
        let other = invite(&office.owner, Role::Editor).await;
        again.run(accept(other, "Emma")).await.expect("there is room");
        are_two(&office, &again).await;
    });
}

#[test]
fn what_the_server_refuses_for_good_leaves_nothing_here() {
    run(async {
        let office = Office::open().await;
        let link = invite(&office.owner, Role::Editor).await;
        let device = guest(&office);
        let tab = device.tab().await;
        let asked = Rc::new(Cell::new(false));
        let heard = Rc::clone(&asked);
        device.lied_to(Rc::new(move |call, answer| {
            if !(call.path.ends_with("/members") && call.body.is_some()) {
                return answer;
            }
            heard.set(true);
            let body = br#"{"type":"urn:satchel:problem:invitation"}"#.to_vec();
            Response { status: 410, media_type: "application/problem+json".into(), body, ..answer }
        }));
        assert_eq!(refused(&tab, accept(link, "Emma")).await, FailureCode::InvitationGone);
        assert!(asked.get() && !device.has_a_workspace(), "nothing was made here");
        tab.create_workspace().await;
    });
}

/// Somebody with a workspace of her own, and the tab that shows it.
async fn with_her_own(office: &Office) -> (Device, Tab) {
    let device = guest(office);
    let tab = device.tab().await;
    tab.create_workspace().await;
    tab.synced().await;
    (device, tab)
}

fn as_herself(invitation: Secret) -> Command {
    let passphrase = Secret(PASSPHRASE.into());
    Command::AcceptAsMyself(Acceptance { invitation, name: "Emma".into(), passphrase })
}

#[test]
fn who_joins_as_herself_goes_on_by_the_same_link() {
    run(async {
        let office = Office::open().await;
        let (device, tab) = with_her_own(&office).await;
        let link = invite(&office.owner, Role::Editor).await;
        device.lied_to(once_taken(|| ()));
        assert_eq!(refused(&tab, as_herself(link.clone())).await, FailureCode::ServerError);
        device.told_the_truth();
        tab.run(as_herself(link)).await.expect("she is in already");
        are_two(&office, &tab).await;
    });
}

#[test]
fn who_was_killed_while_she_joined_as_herself_finds_the_other_workspace_here() {
    run(async {
        let office = Office::open().await;
        let (device, tab) = with_her_own(&office).await;
        let own = match tab.said.borrow().session.clone() {
            Some(Session::Open { workspace }) => workspace,
            other => panic!("not open: {other:?}"),
        };
        let link = invite(&office.owner, Role::Editor).await;
        let disk = Rc::clone(&device.fails);
        device.lied_to(once_taken(move || *disk.borrow_mut() = Some(StoreError::Closed)));
        tab.run(as_herself(link)).await.expect_err("it was killed");
        drop(tab);
        *device.fails.borrow_mut() = None;
        device.told_the_truth();
        let again = device.tab_that_remembers(Some(own)).await;
        again.run(unlock()).await.expect("her own");
        let found: Vec<WorkspaceRef> = again.said.borrow().found.clone();
        let [place] = found.as_slice() else { panic!("found: {found:?}") };
        again.run(Command::SwitchTo { workspace: place.clone() }).await.expect("of the same account");
        are_two(&office, &again).await;
        assert!(id_of(&again, "Emma").await != id_of(&again, "Olga").await);
    });
}

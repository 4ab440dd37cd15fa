//! Invitations: what the link opens is held against all that the server shows.

use super::super::team::{Office, accept, invite, team};
use super::super::world::{Device, Lie, Server};
use super::lies;
use super::log::Stranger;
use super::sees::Sees;
use crate::engine::host::{Call, Response};
use crate::port::{Command, Role, Secret, Session};
use satchel_members::{State, read};
use satchel_vault::InvitationSecret;
use satchel_wire::members::{
    self as wire, Body, Change, InvitationId, MemberLog, OpenInvitation, SignedEntry,
};
use satchel_wire::{SpaceId, from_cbor, to_cbor};
use std::rc::Rc;

/// Somebody reads an invitation and takes it up while the server lies: neither is done, and the truth lets her in.
async fn played(sees: Sees, lie: impl Fn(OpenInvitation) -> Lie) {
    let office = Office::open().await;
    let text = invite(&office.owner, Role::Editor).await;
    let other = invite(&office.owner, Role::Viewer).await;
    let lie = lie(opened(&office.server, &other).await);
    played_at(&office, text, sees, lie).await;
}

async fn played_at(office: &Office, text: Secret, sees: Sees, lie: Lie) {
    let device = Device::new(&office.server, &office.clock, 1_000_000);
    let tab = device.tab().await;
    device.lied_to(lie);
    sees.ended(tab.run(Command::ReadInvitation { invitation: text.clone() }).await);
    sees.ended(tab.run(accept(text.clone(), "Emma")).await);
    assert!(matches!(tab.said.borrow().session, Some(Session::None)), "nothing was made here");
    device.told_the_truth();
    tab.run(accept(text, "Emma")).await.expect("the invitation is good");
    assert_eq!(team(&tab).await.members.len(), 2);
}

/// What the server has for another invitation.
async fn opened(server: &Server, invitation: &Secret) -> OpenInvitation {
    let path = format!("/v1/invitations/{}", id(invitation));
    let answer = server.answer(Call { path, token: None, body: None, keepalive: false }).await;
    from_cbor(&answer.expect("it answers").body).expect("what the server says")
}

fn id(invitation: &Secret) -> String {
    InvitationSecret::from_text(&invitation.0).expect("a link").id().to_hex()
}

fn welcoming(change: impl Fn(&mut OpenInvitation) + 'static) -> Lie {
    Rc::new(move |call: &Call, mut answer: Response| {
        if call.path.starts_with("/v1/invitations/")
            && !call.path.contains("/members")
            && answer.status == 200
        {
            let mut open: OpenInvitation = from_cbor(&answer.body).expect("what the server says");
            change(&mut open);
            answer.body = to_cbor(&open);
        }
        answer
    })
}

pub(super) async fn welcome_altered(sees: Sees) {
    played(sees, |_| welcoming(|open| open.welcome.iter_mut().last().into_iter().for_each(|it| *it ^= 1)))
        .await;
}

pub(super) async fn welcome_of_another(sees: Sees) {
    played(sees, |other| welcoming(move |open| open.welcome.clone_from(&other.welcome))).await;
}

pub(super) async fn leads_elsewhere(sees: Sees) {
    played(sees, |_| welcoming(|open| open.space = SpaceId([7; 16]))).await;
}

fn logging(change: impl Fn(&mut MemberLog) + 'static) -> Lie {
    lies::changing(lies::MEMBERS, change)
}

/// The log is whole, follows the rules from its first entry on, and has the invitation in it; only its owner is another.
pub(super) async fn member_key_exchanged(sees: Sees) {
    played(sees, |_| {
        let stranger = Stranger::make();
        logging(move |log| {
            let (mut before, entries) = (None, std::mem::take(&mut log.entries));
            for entry in entries {
                let mut body = Body { p: before, ..read(&entry).expect("an entry") };
                if let Change::Found { member, .. } = &mut body.c {
                    member.identity = stranger.identity.public();
                }
                let entry = SignedEntry { invitation: None, ..stranger.signs(&body) };
                before = Some(entry.hash());
                log.entries.push(entry);
            }
            assert!(replay(log), "nothing but the welcome tells it from a true one");
        })
    })
    .await;
}

/// Whether a log follows the rules.
fn replay(log: &MemberLog) -> bool {
    let (first, rest) = log.entries.split_first().expect("it was founded");
    let space = read(first).expect("an entry").space;
    let state = State::found(space, first);
    state.is_ok_and(|mut state| rest.iter().all(|entry| state.follow(entry).is_ok()))
}

pub(super) async fn log_set_back(sees: Sees) {
    played(sees, |_| logging(|log| log.entries.truncate(1))).await;
}

/// The last entry says that the owner makes somebody an owner; a stranger has signed it.
pub(super) async fn log_lengthened(sees: Sees) {
    played(sees, |_| {
        let stranger = Stranger::make();
        logging(move |log| {
            let last = log.entries.last().expect("it was founded");
            let before = read(last).expect("an entry");
            let key = stranger.identity.public().sign;
            let (id, role) = (InvitationId([7; 16]), wire::Role::Owner);
            let c = Change::Invite { id, key, role, expires_ms: before.at + 1 };
            let body = Body { n: before.n + 1, p: Some(last.hash()), c, ..before };
            log.entries.push(SignedEntry { invitation: None, ..stranger.signs(&body) });
        })
    })
    .await;
}

pub(super) async fn denied(sees: Sees) {
    let office = Office::open().await;
    let text = invite(&office.owner, Role::Editor).await;
    let path: &'static str = Box::leak(id(&text).into_boxed_str());
    played_at(&office, text, sees, lies::refusing(path, 404, "not-found")).await;
}

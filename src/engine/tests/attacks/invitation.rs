//! Invitations: what the link opens is held against all that the server shows.

use super::super::team::{Office, accept, invite, team};
use super::super::world::{Device, Lie};
use super::lies;
use super::sees::Sees;
use crate::engine::host::{Call, Response};
use crate::port::{Command, Role, Secret, Session};
use satchel_vault::InvitationSecret;
use satchel_wire::members::{Body, Change, MemberLog, OpenInvitation, PublicIdentity};
use satchel_wire::{SpaceId, from_cbor, to_cbor};
use std::rc::Rc;

/// Somebody reads an invitation and takes it up while the server lies: neither is done, and the truth lets her in.
async fn played(sees: Sees, lie: impl Fn(&Secret, Secret) -> Lie) {
    let office = Office::open().await;
    let text = invite(&office.owner, Role::Editor).await;
    let other = invite(&office.owner, Role::Viewer).await;
    let device = Device::new(&office.server, &office.clock, 1_000_000);
    let tab = device.tab().await;
    device.lied_to(lie(&text, other));
    sees.ended(tab.run(Command::ReadInvitation { invitation: text.clone() }).await);
    sees.ended(tab.run(accept(text.clone(), "Emma")).await);
    assert!(matches!(tab.said.borrow().session, Some(Session::None)), "nothing was made here");
    device.told_the_truth();
    tab.run(accept(text, "Emma")).await.expect("the invitation is good");
    assert_eq!(team(&tab).await.members.len(), 2);
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
    played(sees, |_, _| welcoming(|open| open.welcome.iter_mut().last().into_iter().for_each(|it| *it ^= 1)))
        .await;
}

pub(super) async fn welcome_of_another(sees: Sees) {
    played(sees, |text, other| {
        let id = |text: &Secret| InvitationSecret::from_text(&text.0).expect("a link").id().to_hex();
        let (asked, given) = (id(text), id(&other));
        // What the other link's welcome is, the server knows; here it is what it was made with.
        welcoming(move |open| {
            let (asked, given) = (asked.as_bytes(), given.as_bytes());
            open.welcome.iter_mut().zip(asked.iter().zip(given)).for_each(|(it, (a, b))| *it ^= a ^ b);
        })
    })
    .await;
}

pub(super) async fn leads_elsewhere(sees: Sees) {
    played(sees, |_, _| welcoming(|open| open.space = SpaceId([7; 16]))).await;
}

fn logging(change: impl Fn(&mut MemberLog) + 'static) -> Lie {
    lies::changing(lies::MEMBERS, change)
}

pub(super) async fn member_key_exchanged(sees: Sees) {
    played(sees, |_, _| {
        logging(|log| {
            let Some(first) = log.entries.first_mut() else { return };
            let mut body: Body = from_cbor(&first.body).expect("an entry");
            if let Change::Found { member, .. } = &mut body.c {
                member.identity = PublicIdentity { sign: [7; 32], receive: [9; 32] };
                first.body = body.bytes();
            }
        })
    })
    .await;
}

pub(super) async fn log_set_back(sees: Sees) {
    played(sees, |_, _| logging(|log| log.entries.truncate(1))).await;
}

pub(super) async fn log_lengthened(sees: Sees) {
    played(sees, |_, _| logging(|log| log.entries.extend(log.entries.last().cloned()))).await;
}

pub(super) async fn denied(sees: Sees) {
    played(sees, |text, _| {
        let id = InvitationSecret::from_text(&text.0).expect("a link").id().to_hex();
        lies::refusing(Box::leak(id.into_boxed_str()), 404, "not-found")
    })
    .await;
}

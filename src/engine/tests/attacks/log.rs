//! The membership log forged, shortened, reordered, exchanged.

use super::super::sync::{Pair, pair};
use super::super::team::{Office, giving, id_of, invite, remove, team};
use super::super::world::{Device, Lie, Network, PASSPHRASE, Tab};
use super::lies::{self, MEMBERS};
use super::scene::{creating, finds, patiently, whole};
use super::sees::Sees;
use crate::port::{Command, Role, Secret, SyncPhase, SyncTrouble};
use satchel_members::read;
use satchel_vault::{AccountKey, Identity, NoEntropy, SpaceKey, seal_name};
use satchel_wire::members::{Body, Change, InvitationId, Member, MemberLog, SignedEntry, VERSION};
use satchel_wire::{AccountId, Changes, SpaceId, from_cbor};
use std::rc::Rc;

/// An office with an editor, to whom the server lies about the log.
struct Team {
    office: Office,
    device: Device,
    editor: Tab,
}

impl Team {
    async fn gather() -> Self {
        let office = Office::open().await;
        let (device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        whole(&office.owner).await;
        Self { office, device, editor }
    }

    /// The owner makes two entries, of which the editor hears what `lie` makes of them.
    async fn played(sees: Sees, lie: impl Fn(&mut MemberLog) + 'static) {
        let Self { office, device, editor } = Self::gather().await;
        device.lied_to(lies::changing(MEMBERS, lie));
        device.network.set(Network::Down);
        editor.created(creating("Unsent")).await;
        invite(&office.owner, Role::Viewer).await;
        let up = giving(id_of(&office.owner, "Emma").await, Role::Admin);
        office.owner.run(Command::Team(up)).await.expect("she is the owner");
        device.network.set(Network::Up);
        sees.shown(&editor).await;
        is_as_it_was(&editor).await;
        assert!(finds(&editor, "Unsent").await);
        // The truth is believed with the next entry.
        device.told_the_truth();
        invite(&office.owner, Role::Viewer).await;
        whole(&editor).await;
        whole(&office.owner).await;
        assert_eq!(team(&editor).await.role, Role::Admin);
        assert!(finds(&office.owner, "Unsent").await, "nothing was lost");
    }
}

/// Nobody came in, nobody is more than she was.
async fn is_as_it_was(tab: &Tab) {
    let shown = team(tab).await;
    let members: Vec<_> = shown.members.iter().map(|it| (it.name.as_str(), it.role)).collect();
    let true_ones = [("Olga", Role::Owner), ("Emma", Role::Editor)];
    let later = [("Olga", Role::Owner), ("Emma", Role::Admin)];
    assert!(members == true_ones || members == later, "{members:?}");
    assert!(shown.doubtful);
}

pub(super) async fn signature_forged(sees: Sees) {
    Team::played(sees, |log| log.entries.iter_mut().for_each(|entry| entry.signature[0] ^= 1)).await;
}

/// Turns the last entry into one that makes its author's choice another one.
pub(super) async fn role_forged(sees: Sees) {
    Team::played(sees, |log| {
        for entry in &mut log.entries {
            let mut body: Body = from_cbor(&entry.body).expect("an entry");
            if let Change::Role { role, .. } = &mut body.c {
                *role = satchel_wire::members::Role::Owner;
                entry.body = body.bytes();
            }
        }
    })
    .await;
}

pub(super) async fn entry_left_out(sees: Sees) {
    Team::played(sees, |log| {
        if log.entries.len() > 2 {
            log.entries.remove(1);
        }
    })
    .await;
}

pub(super) async fn entries_exchanged(sees: Sees) {
    Team::played(sees, |log| {
        let from = log.entries.len().saturating_sub(2);
        log.entries[from..].reverse();
    })
    .await;
}

pub(super) async fn truncated(sees: Sees) {
    Team::played(sees, |log| log.entries.clear()).await;
}

/// Somebody whom the server made up.
pub(super) struct Stranger {
    account: AccountId,
    pub(super) identity: Identity,
}

impl Stranger {
    pub(super) fn make() -> Self {
        let key = AccountKey::make(&mut sevens).expect("entropy");
        Self { account: AccountId([7; 16]), identity: Identity::derive(&key) }
    }

    fn member(&self, space: SpaceId, epoch: u32) -> Member {
        let key = SpaceKey::make(space, epoch, &mut sevens).expect("entropy");
        let name = seal_name(&key, self.account, "Mallory", &mut sevens).expect("a short name");
        Member { account: self.account, identity: self.identity.public(), name }
    }

    pub(super) fn signs(&self, body: &Body) -> SignedEntry {
        let body = body.bytes();
        let signature = self.identity.sign_entry(&body);
        SignedEntry { body, signature, invitation: Some(signature) }
    }
}

fn sevens(bytes: &mut [u8]) -> Result<(), NoEntropy> {
    bytes.fill(7);
    Ok(())
}

pub(super) async fn member_slipped_in(sees: Sees) {
    let stranger = Stranger::make();
    Team::played(sees, move |log| {
        let Some(last) = log.entries.last() else { return };
        let before = read(last).expect("an entry");
        let member = stranger.member(before.space, 1);
        let c = Change::Join { invite: InvitationId([7; 16]), member };
        let (by, n, p) = (stranger.account, before.n + 1, Some(last.hash()));
        let body = Body { v: VERSION, space: before.space, n, p, by, at: before.at, c };
        log.entries.push(stranger.signs(&body));
    })
    .await;
}

/// A device of the owner that never saw the log is shown one that the server founded.
pub(super) async fn founded_by_the_server(sees: Sees) {
    let Pair { a, b, on_a, on_b } = pair().await;
    let stranger = Stranger::make();
    b.lied_to(lies::changing(MEMBERS, move |log: &mut MemberLog| {
        let Some(first) = log.entries.first() else { return };
        let honest = read(first).expect("an entry");
        let Change::Found { epoch, commitment, .. } = honest.c else { return };
        let member = stranger.member(honest.space, epoch);
        let c = Change::Found { member, epoch, commitment };
        let body = Body { by: stranger.account, c, ..honest };
        log.entries = vec![SignedEntry { invitation: None, ..stranger.signs(&body) }];
    }));
    invite(&on_a, Role::Viewer).await;
    on_b.created(creating("Unsent")).await;
    sees.shown(&on_b).await;
    assert!(team(&on_b).await.members.is_empty() && finds(&on_b, "Unsent").await);
    b.told_the_truth();
    invite(&on_a, Role::Viewer).await;
    whole(&on_b).await;
    whole(&on_a).await;
    assert!(finds(&on_a, "Unsent").await, "nothing was lost");
    drop(a);
}

/// How many entries there are when two were invited and have joined.
const KNOWN: u64 = 5;

/// The removal of somebody is kept from an editor who stays; what is sealed under the next epoch is shown to her.
pub(super) async fn removal_withheld(sees: Sees) {
    let Team { office, device, editor } = Team::gather().await;
    let (_gone, leaver) = office.welcome("Lena", Role::Editor, 2_000_000).await;
    whole(&editor).await;
    let hide = move |entries: &mut u64| *entries = (*entries).min(KNOWN);
    let log = lies::changing(MEMBERS, move |log: &mut MemberLog| {
        hide(&mut log.space.members);
        log.entries.truncate(1);
    });
    let pages = lies::changing(lies::CHANGES, move |page: &mut Changes| hide(&mut page.space.members));
    let lie: Lie = Rc::new(move |call, answer| pages(call, log(call, answer)));
    device.lied_to(lie);
    remove(&office.owner, "Lena").await;
    office.owner.created(creating("After the removal")).await;
    whole(&office.owner).await;
    editor.created(creating("Unsent")).await;
    sees.shown(&editor).await;
    assert!(finds(&editor, "Unsent").await);
    device.told_the_truth();
    whole(&editor).await;
    whole(&office.owner).await;
    assert!(finds(&editor, "After the removal").await && finds(&office.owner, "Unsent").await);
    drop(leaver);
}

/// An older copy lacks a removal, and a role: who holds the log says it again, and it counts again for everybody.
pub(super) async fn entries_lost(sees: Sees) {
    let Team { office, device, editor } = Team::gather().await;
    let (_gone, leaver) = office.welcome("Lena", Role::Editor, 2_000_000).await;
    whole(&editor).await;
    let (server, clock) = (device.server(), device.clock.clone());
    let copy = server.copy();
    let up = giving(id_of(&office.owner, "Emma").await, Role::Admin);
    office.owner.run(Command::Team(up)).await.expect("she is the owner");
    invite(&office.owner, Role::Viewer).await;
    remove(&office.owner, "Lena").await;
    whole(&office.owner).await;
    whole(&editor).await;
    let before = team(&editor).await;
    server.set_back(copy, &clock);
    office.owner.created(creating("Written since")).await;
    editor.created(creating("Unsent")).await;
    sees.shown(&office.owner).await;
    whole(&office.owner).await;
    whole(&editor).await;
    whole(&office.owner).await;
    let now = team(&editor).await;
    assert_eq!((now.members, now.doubtful), (before.members, false));
    assert!(finds(&editor, "Written since").await && finds(&office.owner, "Unsent").await);
    patiently(&leaver, |sync| sync.phase == SyncPhase::Trouble(SyncTrouble::Removed)).await;
    assert!(!finds(&leaver, "Written since").await, "she is out, as before");
    invite(&editor, Role::Viewer).await;
}

/// She was removed, says the server, and shows no entry that says so.
pub(super) async fn removal_claimed(sees: Sees) {
    shut_out(sees, "not-a-member").await;
}

/// The workspace was deleted, says the server, and shows nobody's word for it.
pub(super) async fn deletion_claimed(sees: Sees) {
    shut_out(sees, "deleted").await;
}

/// An editor and the only owner write on under the lie, after a restart too, and all of it goes once the server is
/// asked without it.
async fn shut_out(sees: Sees, problem: &str) {
    let Team { office, device: editors, editor } = Team::gather().await;
    let Office { owner, device: owners, .. } = office;
    let mut again = Vec::new();
    for (who, device, tab) in [("Emma", &editors, editor), ("Olga", &owners, owner)] {
        device.lied_to(lies::shutting_out(problem));
        sees.shown(&tab).await;
        tab.created(creating(&format!("{who} under the lie"))).await;
        drop(tab);
        let tab = device.tab().await;
        tab.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
        tab.created(creating(&format!("{who} after a restart"))).await;
        sees.shown(&tab).await;
        tab.created(creating(&format!("{who} refused once more"))).await;
        let standing = tab.said.borrow().standing.expect("told");
        assert!(standing.may_write() && !standing.removed && !standing.deleted);
        device.told_the_truth();
        again.push(tab);
    }
    for tab in again.iter().chain(&again) {
        whole(tab).await;
    }
    for tab in &again {
        for who in ["Emma", "Olga"] {
            for when in ["under the lie", "after a restart", "refused once more"] {
                assert!(finds(tab, &format!("{who} {when}")).await, "{who} {when}: lost");
            }
        }
    }
}

//! People with keys, and a log that grows by what they do.

#![allow(dead_code, reason = "each test crate uses its part")]

use ed25519_dalek::{Signer, SigningKey};
use satchel_members::{Refused, State};
use satchel_wire::members::{
    Body, Change, Grant, InvitationId, LABEL, Member, PublicIdentity, Role, SealedName, SignedEntry, Turn,
};
use satchel_wire::{AccountId, SpaceId};

/// The space of every test that needs only one.
pub(crate) const SPACE: SpaceId = SpaceId([9; 16]);
/// The time of every entry.
pub(crate) const NOW: u64 = 1_790_000_000_000;
/// When every invitation ends.
pub(crate) const EXPIRES: u64 = NOW + 86_400_000;

/// A person: her number is her account and her keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Person(pub(crate) u8);

impl Person {
    pub(crate) fn account(self) -> AccountId {
        AccountId([self.0; 16])
    }

    pub(crate) fn key(self) -> SigningKey {
        SigningKey::from_bytes(&[self.0; 32])
    }

    pub(crate) fn member(self) -> Member {
        let sign = self.key().verifying_key().to_bytes();
        let receive = [self.0 | 0x20; 32];
        let name = SealedName { epoch: 1, sealed: vec![self.0; 40] };
        Member { account: self.account(), identity: PublicIdentity { sign, receive }, name }
    }

    /// The invitation that is made for her.
    pub(crate) fn invite(self) -> InvitationId {
        InvitationId([self.0; 16])
    }

    pub(crate) fn invite_key(self) -> SigningKey {
        SigningKey::from_bytes(&[self.0 | 0x80; 32])
    }

    pub(crate) fn sign(self, body: &Body) -> SignedEntry {
        let body = body.bytes();
        let signature = signature(&self.key(), &body);
        SignedEntry { body, signature, invitation: None }
    }
}

pub(crate) fn signature(key: &SigningKey, body: &[u8]) -> [u8; 64] {
    key.sign(&[LABEL, body].concat()).to_bytes()
}

/// A log of one space, and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) entries: Vec<SignedEntry>,
    pub(crate) state: State,
}

impl Log {
    pub(crate) fn found(space: SpaceId, owner: Person) -> Self {
        let c = Change::Found { member: owner.member(), epoch: 1, commitment: [1; 32] };
        let body = Body { v: 1, space, n: 1, p: None, by: owner.account(), at: NOW, c };
        let entry = owner.sign(&body);
        Self { state: State::found(space, &entry).unwrap(), entries: vec![entry] }
    }

    /// A team: the owner 1, admins 2 and 3, editors 4 and 5, viewers 6 and 7.
    pub(crate) fn team() -> Self {
        let mut log = Self::found(SPACE, Person(1));
        let roles = [Role::Admin, Role::Admin, Role::Editor, Role::Editor, Role::Viewer, Role::Viewer];
        for (number, role) in (2..).zip(roles) {
            log.welcome(Person(1), Person(number), role).unwrap();
        }
        log
    }

    pub(crate) fn entry(&self, by: Person, change: Change) -> SignedEntry {
        by.sign(&self.state.next(by.account(), NOW, change))
    }

    pub(crate) fn push(&mut self, entry: SignedEntry) -> Result<(), Refused> {
        self.state.follow(&entry)?;
        self.entries.push(entry);
        Ok(())
    }

    pub(crate) fn act(&mut self, by: Person, change: Change) -> Result<(), Refused> {
        self.push(self.entry(by, change))
    }

    pub(crate) fn joining(&self, who: Person, at: u64) -> SignedEntry {
        let c = Change::Join { invite: who.invite(), member: who.member() };
        let mut entry = who.sign(&self.state.next(who.account(), at, c));
        entry.invitation = Some(signature(&who.invite_key(), &entry.body));
        entry
    }

    /// Invites and lets join.
    pub(crate) fn welcome(&mut self, by: Person, who: Person, role: Role) -> Result<(), Refused> {
        self.act(by, invite(who, role))?;
        self.push(self.joining(who, NOW))
    }

    /// The next epoch, for all but these.
    pub(crate) fn turn(&self, without: &[Person]) -> Turn {
        let stay = self.state.members().keys().filter(|account| {
            let gone = |person: &Person| person.account() == **account;
            !without.iter().any(gone)
        });
        let grants = stay.map(|account| Grant { account: *account, sealed: vec![5; 81] }).collect();
        let epoch = self.state.epoch() + 1;
        Turn { epoch, commitment: [epoch as u8; 32], grants, previous: vec![6; 61] }
    }

    pub(crate) fn remove(&self, gone: &[Person]) -> Change {
        let accounts = gone.iter().map(|person| person.account()).collect();
        Change::Remove { accounts, turn: self.turn(gone) }
    }
}

pub(crate) fn invite(who: Person, role: Role) -> Change {
    let key = who.invite_key().verifying_key().to_bytes();
    Change::Invite { id: who.invite(), key, role, expires_ms: EXPIRES }
}

/// Takes another name, whose bytes are all `letter`.
pub(crate) fn rename(letter: u8) -> Change {
    Change::Rename { name: SealedName { epoch: 1, sealed: vec![letter; 40] } }
}

/// Reads a whole log as a device does that has seen nothing of it.
pub(crate) fn replay(space: SpaceId, entries: &[SignedEntry]) -> Result<State, Refused> {
    let (first, rest) = entries.split_first().ok_or(Refused::Malformed)?;
    let mut state = State::found(space, first)?;
    rest.iter().try_for_each(|entry| state.follow(entry))?;
    Ok(state)
}

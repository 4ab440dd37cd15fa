//! What a person changes about her team: judged here, signed, judged again by the server.

use super::super::failure::Outcome as Ended;
use super::super::host::Host;
use super::super::keys::entropy;
use super::super::transport::{self, Trouble};
use super::super::workspace::Workspace;
use super::super::{Cancel, Engine, saved};
use super::view::{from_wire, to_wire};
use crate::port::{self, Done, FailureCode, Outcome, RequestId, Secret, TeamChange, TeamId};
use satchel_members::{Refused, State};
use satchel_replica::LocalItem;
use satchel_vault::{
    InvitationSecret, SpaceKey, Welcome, open_previous, seal_grant, seal_local, seal_name, seal_previous,
    seal_welcome,
};
use satchel_wire::members::{
    Append, Body, Change, Grant, InvitationId, Member, Role, SealedName, SignedEntry, Turn, VERSION,
};
use satchel_wire::{AccountId, SpaceState};
use std::cell::RefCell;

/// The local item of a space whose log is to be founded yet.
const TO_FOUND: &str = "members/found";
/// A day, ms.
const DAY_MS: u64 = 24 * HOUR_MS;
/// An hour, ms.
const HOUR_MS: u64 = 60 * 60 * 1000;
/// The longest that an invitation stays open, days: the server does not keep it any longer.
const LONGEST_DAYS: u32 = 31;
/// How often a change is judged anew when others are faster.
const TRIES: usize = 6;
/// The longest name of a member, in characters.
const LONGEST_NAME: usize = 100;

/// Whether the passphrase was given again before a change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    Given,
    NotAsked,
}

impl<H: Host> Engine<H> {
    /// Carries out a change of the team; what gives power away or throws somebody out, by the passphrase that is asked
    /// again: whoever finds an open device does neither with it.
    pub(in crate::engine) async fn change_team(
        &self,
        id: RequestId,
        change: TeamChange,
        cancel: &Cancel,
    ) -> Ended<Done> {
        let open = self.require()?;
        let mut proof = Proof::NotAsked;
        if open.asks_again(&change) {
            // Nothing typed is a wrong passphrase, and waits like one.
            let nothing = Secret(String::new());
            self.prove_again(id, change.passphrase().unwrap_or(&nothing)).await?;
            proof = Proof::Given;
        }
        open.change_team(change, proof, cancel).await
    }
}

impl<H: Host> Workspace<H> {
    /// Whether a change is made by the passphrase only, as the log is known here.
    fn asks_again(&self, change: &TeamChange) -> bool {
        if self.apart {
            // A sample has no team, and nobody knows its passphrase.
            return false;
        }
        match change {
            TeamChange::Invite { role, .. } => role.asks_again(None),
            TeamChange::Role { id, role, .. } => {
                let state = self.team.state.borrow();
                let now = state.as_ref().and_then(|state| state.role(AccountId(*id)));
                role.asks_again(now.map(from_wire))
            }
            TeamChange::Remove { .. } | TeamChange::Rotate { .. } | TeamChange::Leave { .. } => true,
            TeamChange::Withdraw { .. } | TeamChange::Rename { .. } => false,
        }
    }

    async fn change_team(&self, change: TeamChange, proof: Proof, cancel: &Cancel) -> Ended<Done> {
        self.signed_in(cancel).await?;
        match change {
            TeamChange::Invite { role, name, guest, days, .. } => {
                return self.invite(role, &name, guest.trim(), days).await;
            }
            TeamChange::Withdraw { id } => {
                self.change(|_| Ok(Change::Withdraw { id: InvitationId(id) })).await?;
                self.keep_guests().await;
            }
            TeamChange::Role { id, role, .. } => self.give(AccountId(id), role, proof).await?,
            TeamChange::Remove { id, .. } => self.remove(id).await?,
            TeamChange::Rotate { .. } => {
                self.rotate().await?;
                self.keep_guests().await;
            }
            TeamChange::Leave { .. } => {
                self.change(|_| Ok(Change::Leave)).await?;
            }
            TeamChange::Rename { name } => {
                let name = fit_name(&name)?;
                self.change(|_| Ok(Change::Rename { name: self.name_for_all(&name)? })).await?;
            }
        }
        self.tell_status();
        Ok(saved())
    }

    /// Begins the next epoch with the members that there are.
    pub(super) async fn rotate(&self) -> Ended<()> {
        self.change(|state| Ok(Change::Rotate { turn: self.turn(state, &[])? })).await
    }

    /// Gives a role. What she has may be another by the time that it is given: then it is asked for after all.
    async fn give(&self, account: AccountId, role: port::Role, proof: Proof) -> Ended<()> {
        self.change(|state| {
            let asks = role.asks_again(state.role(account).map(from_wire));
            if asks && proof == Proof::NotAsked {
                return Err(FailureCode::WrongPassphrase.into());
            }
            Ok(Change::Role { account, role: to_wire(role) })
        })
        .await
    }

    async fn remove(&self, id: TeamId) -> Ended<()> {
        let accounts = vec![AccountId(id)];
        self.change(|state| {
            let turn = self.turn(state, &accounts)?;
            Ok(Change::Remove { accounts: accounts.clone(), turn })
        })
        .await
    }

    async fn invite(&self, role: port::Role, name: &str, guest: &str, days: u32) -> Ended<Done> {
        if self.team.state.borrow().is_none() {
            self.found(name).await?;
        }
        let secret = InvitationSecret::make(&mut entropy(&*self.host))?;
        let made = RefCell::new((0, Vec::new()));
        let invite = |state: &State| {
            // By the server's clock, which judges it; its answer was under way for less than the hour.
            let open_ms = u64::from(days.clamp(1, LONGEST_DAYS)) * DAY_MS - HOUR_MS;
            let expires_ms = self.replica.corrected_ms(self.host.now_ms()).saturating_add(open_ms);
            let change =
                Change::Invite { id: secret.id(), key: secret.public(), role: to_wire(role), expires_ms };
            let welcome = self.welcome(state, &secret, to_wire(role))?;
            made.replace((state.n() + 1, welcome.clone()));
            Ok((change, Some(welcome)))
        };
        self.change_with(invite).await?;
        let (n, welcome) = made.take();
        self.note_welcome(secret.id(), n, welcome).await;
        self.note_guest(secret.id(), guest).await;
        self.tell_status();
        let text = Secret(secret.text().to_string());
        Ok(Done { outcome: Outcome::Invitation(text), undo: None })
    }

    /// Begins the log of a space that was just made: with it the server knows the space.
    pub(in crate::engine) async fn begin_team(&self, name: &str) -> Ended<()> {
        let token = self.sign_in_and_meet().await?;
        *self.syncing.token.borrow_mut() = Some(token);
        self.found(name).await?;
        self.keep_local(TO_FOUND, None).await
    }

    /// The item that a new space keeps until its log is founded: what its members see of the person.
    pub(in crate::engine) fn to_be_founded(&self, name: &str) -> Ended<LocalItem> {
        let (local, entropy) = (self.replica.local_key(), &mut entropy(&*self.host));
        let sealed = seal_local(local, TO_FOUND, name.as_bytes(), entropy)?;
        Ok(LocalItem { key: TO_FOUND.to_owned(), sealed: sealed.into_bytes() })
    }

    /// Founds the log of a space whose making was cut off before the server knew of it.
    pub(in crate::engine) async fn found_if_due(&self) -> Ended<()> {
        let Some(name) = self.local(TO_FOUND).await else { return Ok(()) };
        self.found(&String::from_utf8_lossy(&name)).await?;
        self.keep_local(TO_FOUND, None).await
    }

    /// Begins the log of a space that its owner had to herself.
    async fn found(&self, name: &str) -> Ended<()> {
        let meta = self.meta();
        let member = self.member(name)?;
        let (epoch, commitment) = self.newest(|key| Ok((key.epoch(), key.commitment().0)))?;
        let c = Change::Found { member, epoch, commitment };
        let (by, at) = (self.team.account, self.host.now_ms());
        let body = Body { v: VERSION, space: meta.space, n: 1, p: None, by, at, c };
        let entry = self.signed(&body);
        let state = State::found(meta.space, &entry).map_err(|_| FailureCode::Internal)?;
        match self.append(&Append { entry: entry.clone(), welcome: None, again: false }).await {
            Ok(_) => {
                self.team.note_entries(1, [entry]);
                self.team.follow(&self.replica, state);
            }
            // Another device of hers was faster.
            Err(Trouble::Conflict) => self.read_on().await?,
            Err(trouble) => return Err(trouble.into()),
        }
        self.keep_team().await;
        Ok(())
    }

    async fn change(&self, make: impl Fn(&State) -> Ended<Change>) -> Ended<()> {
        self.change_with(|state| Ok((make(state)?, None))).await
    }

    /// Makes a change against what the log says, and again against what it says by then if somebody was faster.
    async fn change_with(&self, make: impl Fn(&State) -> Ended<(Change, Option<Vec<u8>>)>) -> Ended<()> {
        for _ in 0..TRIES {
            let mut state = self.team.state.borrow().clone().ok_or(FailureCode::NotFound)?;
            let (change, welcome) = make(&state)?;
            let entry = self.signed(&state.next(self.team.account, self.host.now_ms(), change));
            state.follow(&entry).map_err(refused)?;
            match self.append(&Append { entry: entry.clone(), welcome, again: false }).await {
                Ok(_) => {
                    self.team.note_entries(state.n(), [entry]);
                    self.team.follow(&self.replica, state);
                    self.keep_team().await;
                    return Ok(());
                }
                Err(Trouble::Conflict) => self.read_on().await?,
                Err(trouble) => return Err(trouble.into()),
            }
        }
        Err(FailureCode::ServerError.into())
    }

    pub(super) async fn append(&self, append: &Append) -> Result<SpaceState, Trouble> {
        let path = format!("/v1/spaces/{}/members", self.meta().space.to_hex());
        let told: SpaceState = transport::post(&*self.host, path, self.token(), append).await?;
        self.team.shown(told.members);
        Ok(told)
    }

    fn signed(&self, body: &Body) -> SignedEntry {
        let body = body.bytes();
        let signature = self.team.identity.sign_entry(&body);
        SignedEntry { body, signature, invitation: None }
    }

    fn member(&self, name: &str) -> Ended<Member> {
        let name = self.name_for_all(name.trim())?;
        Ok(Member { account: self.team.account, identity: self.team.identity.public(), name })
    }

    fn name_for_all(&self, name: &str) -> Ended<SealedName> {
        let account = self.team.account;
        self.newest(|key| Ok(seal_name(key, account, name, &mut entropy(&*self.host))?))
    }

    fn newest<T>(&self, work: impl FnOnce(&SpaceKey) -> Ended<T>) -> Ended<T> {
        let space = self.meta().space;
        self.replica.with_keys(|keyring, _| work(keyring.newest(space).ok_or(FailureCode::NotFound)?))
    }

    /// The key of the epoch that the log is in. Whoever does not hold it hands nothing on: what is sealed under it would
    /// be lost to those who come by the keys that she grants.
    fn present<T>(&self, state: &State, work: impl FnOnce(&SpaceKey) -> Ended<T>) -> Ended<T> {
        let mark = state.marks().get(&state.epoch());
        self.replica.with_keys(|keyring, _| {
            let key = keyring.key(state.space(), state.epoch());
            let named = |key: &&SpaceKey| mark.is_some_and(|mark| mark.commitment == key.commitment().0);
            work(key.filter(named).ok_or(FailureCode::KeyMissing)?)
        })
    }

    /// A new key for those who stay, one grant each.
    fn turn(&self, state: &State, gone: &[AccountId]) -> Ended<Turn> {
        let epoch = state.epoch().checked_add(1).ok_or(FailureCode::Internal)?;
        let mut entropy = entropy(&*self.host);
        let new = SpaceKey::make(state.space(), epoch, &mut entropy)?;
        let stay = state.members().iter().filter(|(account, _)| !gone.contains(account));
        let grants = stay.map(|(account, member)| {
            let sealed = seal_grant(&new, *account, &member.identity.receive, &mut entropy);
            Ok(Grant { account: *account, sealed: sealed.map_err(|_| FailureCode::Internal)? })
        });
        let grants = grants.collect::<Ended<_>>()?;
        let previous = self.present(state, |before| {
            let sealed = seal_previous(&new, before, &mut entropy)?;
            open_previous(&sealed, &new, before.commitment()).map_err(|_| FailureCode::Internal)?;
            Ok(sealed)
        })?;
        Ok(Turn { epoch, commitment: new.commitment().0, grants, previous })
    }

    fn welcome(&self, state: &State, secret: &InvitationSecret, role: Role) -> Ended<Vec<u8>> {
        let (space, by) = (state.space(), self.team.account);
        let inviter_name = self.name_of(state, by);
        let key = self.present(state, |key| Ok(key.again()))?;
        self.replica.with_keys(|keyring, entropy| {
            let spaces = keyring.spaces();
            let name = spaces.into_iter().find(|(known, _)| *known == space).map(|(_, name)| name.to_owned());
            let (n, head, name) = (state.n(), state.head(), name.unwrap_or_default());
            let welcome = Welcome { name, key, n, head, role, inviter: by, inviter_name };
            Ok(seal_welcome(secret, &welcome, entropy)?)
        })
    }
}

/// A name that a member may take.
fn fit_name(name: &str) -> Ended<String> {
    let name = name.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
    if fits { Ok(name.to_owned()) } else { Err(FailureCode::Invalid.into()) }
}

/// A refusal of the rules, as the screen says it.
pub(super) fn refused(refused: Refused) -> FailureCode {
    match refused {
        Refused::NotAllowed | Refused::NotMember => FailureCode::ReadOnly,
        Refused::LastOwner => FailureCode::LastOwner,
        Refused::Unknown | Refused::Expired => FailureCode::InvitationGone,
        Refused::Full => FailureCode::TeamFull,
        _ => FailureCode::Internal,
    }
}

/// The role of an invitation, as screens know it.
pub(super) fn shown(role: Role) -> port::Role {
    from_wire(role)
}

//! Reading on in the log, believing it or not, and taking the keys that it grants.

use super::{KEPT, REMOVED, Team};
use crate::engine::host::Host;
use crate::engine::transport::{self, Trouble};
use crate::engine::workspace::Workspace;
use crate::port::Failure;
use satchel_domain::sorted::Gather;
use satchel_members::{Doubt, State, catch_up};
use satchel_replica::{Replica, Store};
use satchel_vault::{Commitment, Keyring, SpaceKey, open_grant, open_previous};
use satchel_wire::members::{MAX_ENTRIES, MemberLog, Role, SignedEntry};
use satchel_wire::{SpaceId, from_cbor, to_cbor};
use std::collections::BTreeSet;

/// Reads a log from its first entry.
pub(super) fn replay(space: SpaceId, entries: &[SignedEntry]) -> Result<Option<State>, Doubt> {
    let Some(first) = entries.first() else { return Ok(None) };
    let mut state = State::found(space, first).map_err(|why| Doubt::Entry { n: 1, why })?;
    catch_up(&mut state, entries)?;
    Ok(Some(state))
}

/// The identities of all who are or were members: what they signed still counts.
fn signers(state: &State) -> BTreeSet<[u8; 32]> {
    state.members().values().chain(state.former().values()).map(|member| member.identity.sign).gather()
}

impl Team {
    /// What this device knew of the team when it was closed; the keys of the log come with it, before anything is
    /// opened.
    pub(in crate::engine) async fn recall<S: Store>(&self, replica: &Replica<S>, space: SpaceId) {
        self.recall_guests(replica).await;
        self.recall_welcomes(replica).await;
        self.recall_compared(replica).await;
        if replica.locals(REMOVED).await.is_ok_and(|items| !items.is_empty()) {
            // What stays is not looked at.
            let _ = replica.remove_locals(&[REMOVED.to_owned()]).await;
        }
        let items = replica.locals(KEPT).await.unwrap_or_default();
        let kept = items.into_iter().find(|(name, _)| name == KEPT);
        let state = kept.and_then(|(_, bytes)| from_cbor::<State>(&bytes).ok());
        if let Some(state) = state.filter(|state| state.space() == space) {
            self.take_granted(replica, &state);
            replica.trust(signers(&state));
            *self.state.borrow_mut() = Some(state);
        }
        self.recall_deleted(replica, space).await;
    }

    /// Takes what the log says now, and the keys that it grants in the same step: between an epoch and its key nothing
    /// else happens here.
    pub(super) fn follow<S: Store>(&self, replica: &Replica<S>, state: State) {
        if self.take_granted(replica, &state) {
            self.turned.set(true);
        }
        *self.state.borrow_mut() = Some(state);
    }

    /// Takes the keys that the log grants; whether the newest of them is new here.
    fn take_granted<S: Store>(&self, replica: &Replica<S>, state: &State) -> bool {
        let keys = replica.with_keys(|keyring, _| self.granted(state, keyring));
        let newest = keys.iter().any(|key| key.epoch() == state.epoch());
        replica.add_keys(keys).is_ok() && newest
    }

    /// The newest key by its grant, and the older ones by what lies beside it, as far as they are lacking.
    fn granted(&self, state: &State, keyring: &Keyring) -> Vec<SpaceKey> {
        let space = state.space();
        let mut taken: Vec<SpaceKey> = Vec::new();
        for (epoch, mark) in state.marks().iter().rev() {
            if keyring.key(space, *epoch).is_some() {
                continue;
            }
            let commitment = Commitment(mark.commitment);
            let above = epoch.checked_add(1);
            let over = above.and_then(|above| Some((above, &state.marks().get(&above)?.previous)));
            let key = if *epoch == state.epoch() {
                let Some(grant) = state.grant(self.account) else { continue };
                let place = (space, *epoch);
                open_grant(grant, &self.identity, self.account, place, commitment).ok()
            } else {
                over.and_then(|(above, sealed)| {
                    let held = taken.iter().find(|key| key.epoch() == above);
                    let new = held.or_else(|| keyring.key(space, above))?;
                    open_previous(sealed, new, commitment).ok()
                })
            };
            taken.extend(key);
        }
        taken
    }
}

impl<H: Host> Workspace<H> {
    /// Reads on if the log grew, or shrank, since it was read last. What fails is tried again with the next answer.
    pub(in crate::engine) async fn follow_team(&self) {
        if self.team.is_due() && self.token().is_some() {
            self.catch_up_with_team().await;
        }
        self.say_welcomes().await;
    }

    async fn catch_up_with_team(&self) {
        self.team.tried.set(Some(self.team.shown.get()));
        match self.read_on().await {
            Ok(()) => self.turn_if_due().await,
            // Why she is not let in, the log does not say.
            Err(Trouble::NotMember) => {}
            Err(Trouble::Deleted) => self.hear_of_deletion().await,
            Err(_) => self.team.tried.set(None),
        }
        self.tell_status();
        self.changed();
    }

    /// The server does not let her read. It has to show the entry by which she went; without it, it is one that lets
    /// nobody in: she goes on writing, and that waits.
    pub(in crate::engine) async fn hear_of_removal(&self) {
        if self.team.is_removed() {
            return;
        }
        // What fails is asked again when it refuses her again.
        let _ = self.read_on().await;
        if self.team.is_removed() {
            self.changed();
        }
        self.tell_status();
    }

    /// Reads the log to its end, believes what follows, and keeps it.
    pub(in crate::engine) async fn read_on(&self) -> Result<(), Trouble> {
        let (before, mut offered) = (self.team.n(), false);
        loop {
            let asked = self.team.n();
            let page = self.member_log().await?;
            // Whoever doubts what it shows looks again once it shows more.
            self.team.shown(page.space.members);
            if self.team.n() != asked {
                // Something else read on meanwhile: this answer begins before the last entry.
                continue;
            }
            let full = page.entries.len() >= MAX_ENTRIES;
            match self.believe(&page.entries) {
                Ok(grew) if grew && full => {}
                Ok(_) => break,
                Err(Doubt::Shorter) if !offered && self.offer_lost(page.space.members).await? => {
                    offered = true;
                    self.team.doubt_welcomes();
                }
                Err(_) => {
                    self.team.doubtful.set(true);
                    return Ok(());
                }
            }
        }
        self.team.doubtful.set(false);
        if self.team.n() != before {
            self.keep_team().await;
        }
        Ok(())
    }

    /// Our own last entry again, and what follows it.
    async fn member_log(&self) -> Result<MemberLog, Trouble> {
        let since = self.team.n().saturating_sub(1);
        let path = format!("/v1/spaces/{}/members?since={since}", self.meta().space.to_hex());
        transport::get(&*self.host, path, self.token()).await
    }

    /// Takes entries in; whether there were new ones. A log that is read for the first time is ours only if it
    /// names our own keys: our own signature stands in it then, over all that came before.
    fn believe(&self, entries: &[SignedEntry]) -> Result<bool, Doubt> {
        let known = self.team.state.borrow().clone();
        if let Some(mut state) = known {
            let before = state.n();
            let caught_up = catch_up(&mut state, entries);
            let taken = usize::try_from(state.n() - before).unwrap_or(usize::MAX);
            let new = entries.iter().skip(1).take(taken).cloned();
            self.team.note_entries(before + 1, new);
            self.team.follow(&self.replica, state);
            caught_up.map(|()| taken > 0)
        } else {
            let read = replay(self.meta().space, entries)?;
            let identity = self.team.identity.public();
            let ours = |state: &State| {
                let me = state.members().get(&self.team.account);
                let me = me.or_else(|| state.former().get(&self.team.account));
                me.is_some_and(|me| me.identity == identity)
            };
            let Some(state) = read else { return Ok(false) };
            if !ours(&state) {
                return Err(Doubt::Other);
            }
            self.team.note_entries(1, entries.iter().cloned());
            self.team.follow(&self.replica, state);
            Ok(true)
        }
    }

    /// Keeps what the log says, and seals under the newest key what waits under an older one.
    pub(super) async fn keep_team(&self) {
        self.keep_entries().await;
        let now = || self.team.state.borrow().clone();
        let Some(mut state) = now() else { return };
        loop {
            // What is not kept is read again at the next start.
            let _ = self.keep_local(KEPT, Some(&to_cbor(&state))).await;
            // Meanwhile it may have said more, and that may have been kept before this.
            match now() {
                Some(since) if since != state => state = since,
                _ => break,
            }
        }
        self.replica.trust(signers(&state));
        if self.team.turned.take() {
            // What fails is offered again with the next key, or when somebody asks for it.
            let _ = self.replica.offer_under_newest(self.host.now_ms()).await;
        }
    }

    /// Somebody left who still has the newest key: the first device of an admin that hears of it begins an epoch.
    async fn turn_if_due(&self) {
        let due = self.team.state.borrow().as_ref().is_some_and(State::turn_due);
        if due && self.team.role() >= Role::Admin {
            // Another one may have been faster, or will be: it stays due until it is done.
            let _: Result<(), Failure> = self.rotate().await;
        }
    }
}

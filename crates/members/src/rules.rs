//! Who may do what to whom, and what an entry must say to follow.

use std::collections::BTreeSet;

use satchel_wire::members::{
    Body, Change, InvitationId, MAX_INVITATIONS, MAX_MEMBERS, MAX_NAME, MAX_RENAMES, Member, Role,
    SealedName, SignedEntry, Turn,
};
use satchel_wire::{AccountId, SpaceId};

use crate::keys::{is_identity, is_signing, verify};
use crate::{Refused, State};

/// Most bytes of one grant, or of what lies beside the grants.
const MAX_SEALED: usize = 256;

/// Whether a role decides over another one: an owner over all, an admin over those below.
pub fn decides_over(role: Role, other: Role) -> bool {
    match role {
        Role::Owner => true,
        Role::Admin => other < Role::Admin,
        Role::Viewer | Role::Editor => false,
    }
}

/// Judges a log's first entry.
pub(crate) fn found(space: SpaceId, entry: &SignedEntry, body: &Body) -> Result<(), Refused> {
    let Change::Found { member, epoch, .. } = &body.c else { return Err(Refused::Malformed) };
    let first = body.n == 1 && body.p.is_none() && entry.invitation.is_none();
    if body.space != space {
        return Err(Refused::Space);
    }
    if !first || *epoch == 0 || member.account != body.by {
        return Err(Refused::Malformed);
    }
    check_member(member, *epoch)?;
    verify(&member.identity.sign, &entry.body, &entry.signature)
}

/// Judges an entry that is to follow.
pub(crate) fn judge(state: &State, entry: &SignedEntry, body: &Body) -> Result<(), Refused> {
    follows(state, body)?;
    if let Change::Join { invite, member } = &body.c {
        return may_join(state, entry, body, *invite, member);
    }
    let author = state.members.get(&body.by).ok_or(Refused::NotMember)?;
    verify(&author.identity.sign, &entry.body, &entry.signature)?;
    if entry.invitation.is_some() {
        return Err(Refused::Malformed);
    }
    may(state, body, author.role)
}

/// Whether the entry stands where it says that it stands.
fn follows(state: &State, body: &Body) -> Result<(), Refused> {
    let next = state.n + 1;
    if body.space != state.space {
        return Err(Refused::Space);
    }
    if body.n != next {
        return Err(Refused::Number { next });
    }
    if body.p == Some(state.head) { Ok(()) } else { Err(Refused::Chain) }
}

/// Whether a member of this role may make the change.
fn may(state: &State, body: &Body, role: Role) -> Result<(), Refused> {
    match &body.c {
        Change::Found { .. } | Change::Join { .. } => Err(Refused::Malformed),
        Change::Invite { id, key, role: given, .. } => may_invite(state, role, *id, key, *given),
        Change::Withdraw { id } => {
            let invitation = state.invitations.get(id).ok_or(Refused::Unknown)?;
            allowed(decides_over(role, invitation.role))
        }
        Change::Role { account, role: given } => may_give(state, role, *account, *given),
        Change::Remove { accounts, turn } => may_remove(state, body.by, role, accounts, turn),
        Change::Rotate { turn } => {
            allowed(role >= Role::Admin)?;
            check_turn(state, turn, state.members.keys())
        }
        Change::Leave => keep_owner(state, body.by, None),
        Change::Rename { name } => may_rename(state, body.by, name),
    }
}

fn may_invite(
    state: &State,
    role: Role,
    id: InvitationId,
    key: &[u8; 32],
    given: Role,
) -> Result<(), Refused> {
    allowed(decides_over(role, given))?;
    if state.invitations.contains_key(&id) {
        return Err(Refused::Taken);
    }
    if state.invitations.len() >= MAX_INVITATIONS {
        return Err(Refused::Full);
    }
    if is_signing(key) { Ok(()) } else { Err(Refused::Malformed) }
}

fn may_join(
    state: &State,
    entry: &SignedEntry,
    body: &Body,
    invite: InvitationId,
    member: &Member,
) -> Result<(), Refused> {
    let invitation = state.invitations.get(&invite).ok_or(Refused::Unknown)?;
    if member.account != body.by {
        return Err(Refused::Malformed);
    }
    if body.at > invitation.expires_ms {
        return Err(Refused::Expired);
    }
    check_member(member, state.epoch)?;
    let same_key = |known: &crate::Standing| known.identity.sign == member.identity.sign;
    if state.members.contains_key(&member.account) || state.members.values().any(same_key) {
        return Err(Refused::Taken);
    }
    if state.members.len() >= MAX_MEMBERS {
        return Err(Refused::Full);
    }
    let by_invitation = entry.invitation.as_ref().ok_or(Refused::Signature)?;
    verify(&invitation.key, &entry.body, by_invitation)?;
    verify(&member.identity.sign, &entry.body, &entry.signature)
}

fn may_give(state: &State, role: Role, account: AccountId, given: Role) -> Result<(), Refused> {
    let now = state.role(account).ok_or(Refused::Unknown)?;
    allowed(decides_over(role, now) && decides_over(role, given))?;
    if now == given {
        return Err(Refused::Taken);
    }
    keep_owner(state, account, Some(given))
}

fn may_remove(
    state: &State,
    by: AccountId,
    role: Role,
    accounts: &[AccountId],
    turn: &Turn,
) -> Result<(), Refused> {
    let gone: BTreeSet<_> = accounts.iter().copied().collect();
    if gone.is_empty() || gone.len() != accounts.len() {
        return Err(Refused::Malformed);
    }
    // Whoever goes herself leaves: she must not make the key that she is not to have.
    allowed(!gone.contains(&by))?;
    for account in &gone {
        allowed(decides_over(role, state.role(*account).ok_or(Refused::Unknown)?))?;
    }
    check_turn(state, turn, state.members.keys().filter(|account| !gone.contains(account)))
}

fn may_rename(state: &State, by: AccountId, name: &SealedName) -> Result<(), Refused> {
    let known = state.members.get(&by).ok_or(Refused::NotMember)?;
    check_name(name, state.epoch)?;
    if known.name == *name {
        return Err(Refused::Taken);
    }
    if known.renamed < MAX_RENAMES { Ok(()) } else { Err(Refused::Full) }
}

/// Refuses what would leave the space without an owner.
fn keep_owner(state: &State, account: AccountId, given: Option<Role>) -> Result<(), Refused> {
    let mut others = state.members.iter().filter(|(other, _)| **other != account);
    let another = others.any(|(_, member)| member.role == Role::Owner);
    if another || given == Some(Role::Owner) || state.role(account) != Some(Role::Owner) {
        Ok(())
    } else {
        Err(Refused::LastOwner)
    }
}

/// A turn is the next epoch, for exactly these, in the order of their accounts.
fn check_turn<'a>(
    state: &State,
    turn: &Turn,
    stay: impl Iterator<Item = &'a AccountId>,
) -> Result<(), Refused> {
    let next = state.epoch.checked_add(1) == Some(turn.epoch);
    let complete = turn.grants.iter().map(|grant| &grant.account).eq(stay);
    let sizes = turn.grants.iter().map(|grant| grant.sealed.len()).chain([turn.previous.len()]);
    let fit = sizes.into_iter().all(|size| (1..=MAX_SEALED).contains(&size));
    if next && complete && fit { Ok(()) } else { Err(Refused::Turn) }
}

fn check_member(member: &Member, epoch: u32) -> Result<(), Refused> {
    check_name(&member.name, epoch)?;
    if is_identity(&member.identity) { Ok(()) } else { Err(Refused::Malformed) }
}

/// A name must fit, and be sealed under a key that there is.
fn check_name(name: &SealedName, epoch: u32) -> Result<(), Refused> {
    let fits = name.sealed.len() <= MAX_NAME && name.epoch <= epoch;
    if fits { Ok(()) } else { Err(Refused::Malformed) }
}

fn allowed(it_is: bool) -> Result<(), Refused> {
    if it_is { Ok(()) } else { Err(Refused::NotAllowed) }
}

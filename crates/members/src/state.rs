//! What a log says: the members, open invitations and epochs after its last entry.

use std::collections::BTreeMap;

use satchel_wire::members::{
    Body, Change, EntryHash, Grant, InvitationId, Member, PublicIdentity, Role, SealedName, SignedEntry,
    VERSION,
};
use satchel_wire::{AccountId, SpaceId};
use serde::{Deserialize, Serialize};

use crate::{Refused, rules};

/// A member as the log has her.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Standing {
    /// What she may do.
    pub role: Role,
    /// Her keys.
    pub identity: PublicIdentity,
    /// Her name, sealed.
    pub name: SealedName,
    /// The number of the entry by which she came in.
    pub since: u64,
    /// When that was, by the clock of its author, ms since 1970 UTC.
    #[serde(default)]
    pub since_ms: u64,
    /// What she was called before, sealed: who takes another's name is told from her by it.
    #[serde(default)]
    pub before: Option<SealedName>,
    /// How often she has changed her name since she came in.
    #[serde(default)]
    pub renamed: u32,
}

impl Standing {
    fn new(role: Role, member: Member, since: u64, since_ms: u64) -> (AccountId, Self) {
        let Member { account, identity, name } = member;
        (account, Self { role, identity, name, since, since_ms, before: None, renamed: 0 })
    }

    fn rename(&mut self, name: SealedName) {
        self.before = Some(std::mem::replace(&mut self.name, name));
        self.renamed += 1;
    }
}

/// An invitation that nobody took up yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Invitation {
    /// Checks who has its secret.
    #[serde(with = "serde_bytes")]
    pub key: [u8; 32],
    /// The role that it gives.
    pub role: Role,
    /// Until when, ms since 1970 UTC.
    pub expires_ms: u64,
    /// Who invites.
    pub by: AccountId,
}

/// What is known of an epoch's key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Mark {
    /// Names it without telling it.
    #[serde(with = "serde_bytes")]
    pub commitment: [u8; 32],
    /// The key before, sealed under it; empty for the epoch that the log begins with.
    #[serde(with = "serde_bytes")]
    pub previous: Vec<u8>,
}

/// A space's membership after the log's last entry.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct State {
    pub(crate) space: SpaceId,
    pub(crate) n: u64,
    pub(crate) root: EntryHash,
    pub(crate) head: EntryHash,
    pub(crate) epoch: u32,
    pub(crate) members: BTreeMap<AccountId, Standing>,
    pub(crate) invitations: BTreeMap<InvitationId, Invitation>,
    pub(crate) marks: BTreeMap<u32, Mark>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) turn_due: bool,
    /// Who was a member and is none any more.
    #[serde(default)]
    pub(crate) former: BTreeMap<AccountId, Standing>,
}

impl State {
    /// Takes a log's first entry.
    ///
    /// # Errors
    /// [`Refused`], also where the entry is no foundation.
    pub fn found(space: SpaceId, entry: &SignedEntry) -> Result<Self, Refused> {
        let body = read(entry)?;
        rules::found(space, entry, &body)?;
        let Change::Found { member, epoch, commitment } = body.c else { return Err(Refused::Malformed) };
        let head = entry.hash();
        let owner = Standing::new(Role::Owner, member, 1, body.at);
        Ok(Self {
            space,
            n: 1,
            root: head,
            head,
            epoch,
            members: BTreeMap::from([owner]),
            invitations: BTreeMap::new(),
            marks: BTreeMap::from([(epoch, Mark { commitment, previous: Vec::new() })]),
            grants: Vec::new(),
            turn_due: false,
            former: BTreeMap::new(),
        })
    }

    /// Takes the next entry. A refusal changes nothing.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn follow(&mut self, entry: &SignedEntry) -> Result<(), Refused> {
        let body = read(entry)?;
        rules::judge(self, entry, &body)?;
        self.apply(body);
        self.n += 1;
        self.head = entry.hash();
        Ok(())
    }

    /// The body of an entry that would follow now.
    pub fn next(&self, by: AccountId, at: u64, change: Change) -> Body {
        Body { v: VERSION, space: self.space, n: self.n + 1, p: Some(self.head), by, at, c: change }
    }

    /// The space that it is about.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// The number of the last entry.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The hash of the last entry.
    pub fn head(&self) -> EntryHash {
        self.head
    }

    /// The hash of the first entry: it names the log, because every later one is signed by whom the
    /// first one leads to.
    pub fn root(&self) -> EntryHash {
        self.root
    }

    /// The epoch of the space.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The members, in the order of their accounts.
    pub fn members(&self) -> &BTreeMap<AccountId, Standing> {
        &self.members
    }

    /// Who was a member once: what they wrote still stands, and still names them. Of whoever came back only
    /// what she is now is told.
    pub fn former(&self) -> &BTreeMap<AccountId, Standing> {
        &self.former
    }

    /// What an account may do; `None` where it is no member.
    pub fn role(&self, account: AccountId) -> Option<Role> {
        self.members.get(&account).map(|member| member.role)
    }

    /// The open invitations.
    pub fn invitations(&self) -> &BTreeMap<InvitationId, Invitation> {
        &self.invitations
    }

    /// An invitation by which the server still lets in: whoever made it is a member and decides over what it gives, so
    /// that nobody comes back by a link of her own. A log of before the server asked for that is believed all the same.
    pub fn standing_invitation(&self, id: InvitationId) -> Option<&Invitation> {
        let decides =
            |open: &&Invitation| self.role(open.by).is_some_and(|role| rules::decides_over(role, open.role));
        self.invitations.get(&id).filter(decides)
    }

    /// What is known of each epoch's key.
    pub fn marks(&self) -> &BTreeMap<u32, Mark> {
        &self.marks
    }

    /// The newest epoch's key for a member who was there when it began.
    pub fn grant(&self, account: AccountId) -> Option<&[u8]> {
        let grant = self.grants.iter().find(|grant| grant.account == account);
        grant.map(|grant| grant.sealed.as_slice())
    }

    /// Whether somebody left who still has the newest key: an admin's device then begins the next epoch.
    pub fn turn_due(&self) -> bool {
        self.turn_due
    }

    fn apply(&mut self, body: Body) {
        match body.c {
            // The rules let only a log's first entry found, and that is not applied here.
            Change::Found { .. } => {}
            Change::Invite { id, key, role, expires_ms } => {
                self.invitations.insert(id, Invitation { key, role, expires_ms, by: body.by });
            }
            Change::Withdraw { id } => {
                self.invitations.remove(&id);
            }
            Change::Join { invite, member } => self.join(invite, member, body.at),
            Change::Role { account, role } => self.set_role(account, role),
            Change::Remove { accounts, turn } => {
                accounts.into_iter().for_each(|account| self.part(account));
                self.turn(turn);
            }
            Change::Rotate { turn } => self.turn(turn),
            Change::Leave => {
                self.part(body.by);
                self.turn_due = true;
            }
            Change::Rename { name } => {
                self.members.entry(body.by).and_modify(|member| member.rename(name));
            }
        }
    }

    /// Gives a role. Invitations to what she decides over no more end, so that nobody comes back by her own link.
    fn set_role(&mut self, account: AccountId, role: Role) {
        self.members.entry(account).and_modify(|member| member.role = role);
        self.invitations.retain(|_, open| open.by != account || rules::decides_over(role, open.role));
    }

    fn part(&mut self, account: AccountId) {
        self.former.extend(self.members.remove_entry(&account));
    }

    fn join(&mut self, invite: InvitationId, member: Member, at: u64) {
        if let Some(invitation) = self.invitations.remove(&invite) {
            let (account, standing) = Standing::new(invitation.role, member, self.n + 1, at);
            self.former.remove(&account);
            self.members.insert(account, standing);
        }
    }

    /// Begins the next epoch. A welcome holds the key that ends here, so every open invitation ends too.
    fn turn(&mut self, turn: satchel_wire::members::Turn) {
        self.epoch = turn.epoch;
        self.marks.insert(turn.epoch, Mark { commitment: turn.commitment, previous: turn.previous });
        self.grants = turn.grants;
        self.invitations.clear();
        self.turn_due = false;
    }
}

/// The body of an entry, if it is of a version that this crate knows; nothing of it is judged.
///
/// # Errors
/// [`Refused::Malformed`] and [`Refused::Newer`].
pub fn read(entry: &SignedEntry) -> Result<Body, Refused> {
    if entry.body.len() > satchel_wire::members::MAX_BODY {
        return Err(Refused::Malformed);
    }
    let version: Version = satchel_wire::from_cbor(&entry.body).map_err(|_| Refused::Malformed)?;
    if version.v != VERSION {
        return Err(Refused::Newer { version: version.v });
    }
    satchel_wire::from_cbor(&entry.body).map_err(|_| Refused::Malformed)
}

#[derive(Deserialize)]
struct Version {
    v: u8,
}

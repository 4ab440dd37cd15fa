//! Who works in a workspace, as screens show it.

use super::Secret;
use serde::{Deserialize, Serialize};

/// An account, or an invitation: opaque, named only to say which.
pub type TeamId = [u8; 16];

/// What a member may do; each role implies those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads and writes.
    Editor,
    /// Also decides over viewers and editors.
    Admin,
    /// Decides over everybody.
    Owner,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Editor, Self::Admin, Self::Owner];

    /// Whether giving this role asks for the passphrase again: it lets somebody decide over others, or takes from
    /// what she may do. `now` is what she has; `None` for whoever is invited.
    pub fn asks_again(self, now: Option<Self>) -> bool {
        self >= Self::Admin || now.is_some_and(|now| now > self)
    }
}

/// What the person at this device may do now: told before a workspace opens and whenever it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Her role. Who works alone is the owner.
    pub role: Role,
    /// She was removed from the team, or has left it, or there is none any more.
    pub removed: bool,
    /// An owner deleted the workspace for everybody.
    pub deleted: bool,
}

impl Standing {
    /// Somebody who works alone.
    pub const ALONE: Self = Self { role: Role::Owner, removed: false, deleted: false };

    /// Whether she may change records.
    pub fn may_write(self) -> bool {
        !self.removed && self.role >= Role::Editor
    }
}

/// The team sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// What the person at this device may do. Who works alone is the owner.
    pub role: Role,
    /// Nobody was ever invited: what the owner is called is not known yet.
    pub alone: bool,
    /// She was removed: what comes from her is not taken any more.
    pub removed: bool,
    /// Who deleted the workspace for everybody; empty where her name does not open.
    pub deleted_by: Option<String>,
    /// The server showed another membership than it did before.
    pub doubtful: bool,
    /// Everybody, the highest role first.
    pub members: Vec<TeamMember>,
    /// Invitations that nobody took up yet.
    pub invitations: Vec<TeamInvitation>,
    /// Roles that she may give.
    pub gives: Vec<Role>,
    /// What was changed last, the newest first, as far as this device has it.
    pub log: Vec<TeamEntry>,
}

/// An entry of the team's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamEntry {
    /// Its number, from 1.
    pub n: u64,
    /// When, by the clock of whoever signed it, ms since 1970 UTC.
    pub at_ms: u64,
    /// Who signed it; empty where her name cannot be opened.
    pub by: String,
    /// What changed.
    pub what: TeamEvent,
}

/// What an entry of the team's log changed. Names are empty where they cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TeamEvent {
    /// The team began.
    Founded,
    /// Somebody was invited.
    Invited {
        /// As what.
        role: Role,
    },
    /// An invitation was withdrawn.
    Withdrew,
    /// The author came in.
    Joined,
    /// A member was given another role.
    Gave {
        /// Who.
        name: String,
        /// Which.
        role: Role,
    },
    /// Members were removed, and a new key began.
    Removed {
        /// Who.
        names: Vec<String>,
    },
    /// A new key began.
    Rotated,
    /// The author went.
    Left,
    /// The author changed her name.
    Renamed,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMember {
    /// Which one.
    pub id: TeamId,
    /// What she is called; empty where her name cannot be opened.
    pub name: String,
    /// What she was called before she changed her name; `None` where she never did.
    pub before: Option<String>,
    /// What she may do.
    pub role: Role,
    /// Since when, ms since 1970 UTC; 0 where that is not known.
    pub since_ms: u64,
    /// It is the person at this device.
    pub me: bool,
    /// The person at this device decides over her.
    pub mine_to_decide: bool,
    /// Her keys.
    pub keys: MemberKeys,
}

/// A member's keys, as people compare them when they meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberKeys {
    /// Six groups of five digits.
    pub digits: String,
    /// Whether they were compared on this device.
    pub compared: Compared,
}

/// Whether a member's keys were compared in person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Compared {
    /// Not on this device.
    No,
    /// They are the ones that were compared.
    Same,
    /// They are others than the ones that were compared.
    Changed,
}

/// An invitation that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamInvitation {
    /// Which one.
    pub id: TeamId,
    /// For whom, as it was noted on this device; may be empty.
    pub guest: String,
    /// The role that it gives.
    pub role: Role,
    /// Until when, ms since 1970 UTC.
    pub expires_ms: u64,
    /// Who invites.
    pub by: String,
    /// The person at this device may withdraw it.
    pub mine_to_decide: bool,
}

/// What is changed about a team. All of it needs the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TeamChange {
    /// Ends with [`super::Outcome::Invitation`].
    Invite {
        /// The role of whoever takes it up.
        role: Role,
        /// What the person who invites is called; used when nobody was ever invited before.
        name: String,
        /// For whom it is: noted on this device only; may be empty.
        guest: String,
        /// How long it stays open, from 1 to 31 days.
        days: u32,
        /// The passphrase, where the role asks for it.
        passphrase: Option<Secret>,
    },
    /// Closes an invitation.
    Withdraw {
        /// Which one.
        id: TeamId,
    },
    /// Gives a member another role.
    Role {
        /// Who.
        id: TeamId,
        /// Which.
        role: Role,
        /// The passphrase, where the role asks for it.
        passphrase: Option<Secret>,
    },
    /// Removes a member, after the passphrase was given again: from then on she gets no new key.
    Remove {
        /// Who.
        id: TeamId,
        /// The passphrase of who removes her.
        passphrase: Secret,
    },
    /// Begins a new key for those who are there, after the passphrase was given again.
    Rotate {
        /// The passphrase of who begins it.
        passphrase: Secret,
    },
    /// The person at this device goes, after the passphrase was given again.
    Leave {
        /// Her passphrase.
        passphrase: Secret,
    },
    /// The person at this device is called something else.
    Rename {
        /// What: some text, at most 100 characters.
        name: String,
    },
}

impl TeamChange {
    /// The passphrase that came with it.
    pub fn passphrase(&self) -> Option<&Secret> {
        match self {
            Self::Invite { passphrase, .. } | Self::Role { passphrase, .. } => passphrase.as_ref(),
            Self::Remove { passphrase, .. } | Self::Rotate { passphrase } | Self::Leave { passphrase } => {
                Some(passphrase)
            }
            Self::Withdraw { .. } | Self::Rename { .. } => None,
        }
    }
}

/// What an invitation says before it is taken up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The workspace.
    pub workspace: String,
    /// Who invites.
    pub by: String,
    /// The role that it gives.
    pub role: Role,
}

/// Takes an invitation up on a device that has no workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// What stands in the link's fragment.
    pub invitation: Secret,
    /// What she is called.
    pub name: String,
    /// Her own, at least 8 characters; never kept.
    pub passphrase: Secret,
}

#[cfg(test)]
mod tests {
    use super::Role;

    /// What a role asks of whoever gives it, by what is had: nothing yet, then each of [`Role::ALL`].
    #[test]
    fn the_passphrase_is_asked_for_power_and_for_what_is_taken_r98() {
        let asked = |given: Role| {
            [None, Some(Role::Viewer), Some(Role::Editor), Some(Role::Admin), Some(Role::Owner)]
                .map(|now| given.asks_again(now))
        };
        assert_eq!(asked(Role::Viewer), [false, false, true, true, true]);
        assert_eq!(asked(Role::Editor), [false, false, false, true, true]);
        assert_eq!(asked(Role::Admin), [true; 5]);
        assert_eq!(asked(Role::Owner), [true; 5]);
    }
}

//! Why an entry is not taken.

/// Why an entry does not follow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// The bytes are no entry, or a part of it is too large or no key.
    #[error("not an entry of a membership log")]
    Malformed,
    /// An entry of a later version: an update will read it.
    #[error("the entry is of version {version}, which this app does not know")]
    Newer {
        /// The version that it names.
        version: u8,
    },
    /// The entry belongs to another space.
    #[error("the entry belongs to another space")]
    Space,
    /// Its number is not the next one: somebody else was faster, or entries are missing.
    #[error("the entry does not follow: number {next} is next")]
    Number {
        /// The number that is next.
        next: u64,
    },
    /// It does not name the entry before it.
    #[error("the entry names another one before it")]
    Chain,
    /// Not signed by whom it names, or not by the invitation.
    #[error("the entry is not signed by whom it names")]
    Signature,
    /// Its author is no member.
    #[error("the author is not a member")]
    NotMember,
    /// Its author's role does not allow it.
    #[error("the author's role does not allow this")]
    NotAllowed,
    /// The space would be without an owner.
    #[error("the last owner stays")]
    LastOwner,
    /// The member or invitation that it is about is not there.
    #[error("it is about somebody or something that is not there")]
    Unknown,
    /// The account or a key is a member's already, or the invitation is there already.
    #[error("that is there already")]
    Taken,
    /// The invitation has expired.
    #[error("the invitation has expired")]
    Expired,
    /// The new epoch is not the next one, or is not granted to exactly those who stay.
    #[error("the new epoch is not the next one, or is not for exactly those who stay")]
    Turn,
    /// There is no room for more members or invitations.
    #[error("there is no room for more")]
    Full,
}

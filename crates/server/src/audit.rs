//! What happened to accounts, for who runs the server: one line each, under the target `audit`.
//!
//! Who is an account's id, which names nobody and is not derived from anything that does. Never a name, a
//! body, a token, a space, a record or an address.

use satchel_wire::AccountId;
use satchel_wire::members::Change;

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Audited {
    Registered,
    SignedIn,
    SignInRefused,
    SignedOut,
    AccountChanged,
    DeviceRevoked,
    HandedOver,
    SpaceDeleted,
    QuotaReached,
    Membership(&'static str),
}

impl Audited {
    fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::SignedIn => "sign-in",
            Self::SignInRefused => "sign-in refused",
            Self::SignedOut => "sign-out",
            Self::AccountChanged => "account changed",
            Self::DeviceRevoked => "device revoked",
            Self::HandedOver => "unsent work handed over",
            Self::SpaceDeleted => "space deleted",
            Self::QuotaReached => "quota reached",
            Self::Membership(change) => change,
        }
    }
}

/// Writes it down.
pub(crate) fn note(account: AccountId, what: Audited) {
    tracing::info!(target: "audit", account = account.to_hex(), "{}", what.name());
}

/// What an entry of a membership log changes, in a word.
pub(crate) fn membership(change: &Change) -> Audited {
    Audited::Membership(match change {
        Change::Found { .. } => "membership: founded",
        Change::Invite { .. } => "membership: invited",
        Change::Withdraw { .. } => "membership: invitation withdrawn",
        Change::Join { .. } => "membership: joined",
        Change::Role { .. } => "membership: role changed",
        Change::Remove { .. } => "membership: removed",
        Change::Rotate { .. } => "membership: keys changed",
        Change::Leave => "membership: left",
        Change::Rename { .. } => "membership: name changed",
    })
}

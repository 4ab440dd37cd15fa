//! What to do with a row that arrives, or with the verdict on one that was sent: decided here, done elsewhere.
//!
//! Only versions and numbers are looked at; nothing is opened. The one `match` of each function is the policy.

use crate::{Reason, RowState, StoredRow, Version};
use satchel_wire::{Etag, Refusal, Row, Verdict};

/// Where a local row stands, as far as planning goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// As the server last had it.
    Synced(Version),
    /// Changed here, over this version.
    Unsent(Option<Version>),
    /// Set aside; nothing of ours is unsent. The newest version that came.
    AsideTheirs(Version),
    /// Set aside with unsent changes. The newest version that came.
    AsideOurs(Option<Version>),
}

/// A local row, as far as planning goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Local {
    /// The bytes we hold.
    pub etag: Etag,
    /// Where they stand.
    pub standing: Standing,
}

impl Local {
    /// A row's.
    pub fn of(row: &StoredRow) -> Self {
        Self::hashed(row, || row.envelope.etag())
    }

    /// As [`Self::of`], of a row whose bytes have this etag, if it is asked for.
    pub(crate) fn hashed(row: &StoredRow, etag: impl FnOnce() -> Etag) -> Self {
        let standing = match (&row.state, row.state.server_version()) {
            (RowState::Synced(at), _) => Standing::Synced(*at),
            (RowState::New(_) | RowState::Edited { .. }, known) => Standing::Unsent(known),
            (RowState::Quarantined { .. }, Some(at)) if !row.state.is_unsent() => Standing::AsideTheirs(at),
            (RowState::Quarantined { .. }, known) => Standing::AsideOurs(known),
        };
        let etag = match standing {
            Standing::Synced(at) => at.etag,
            _ => etag(),
        };
        Self { etag, standing }
    }

    fn known(&self) -> Option<Version> {
        match self.standing {
            Standing::Synced(at) | Standing::AsideTheirs(at) => Some(at),
            Standing::Unsent(at) | Standing::AsideOurs(at) => at,
        }
    }
}

/// A row that arrives, as far as planning goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Incoming {
    /// Its version here: bytes, number, the era of the answer, time.
    pub at: Version,
    /// The version that its writer replaced.
    pub replaces: Option<Etag>,
}

impl Incoming {
    /// A row's, in an answer of this era.
    pub fn of(row: &Row, era: u32) -> Self {
        let at = Version { etag: row.envelope.etag(), seq: row.seq, era, received_ms: row.received_ms };
        Self { at, replaces: row.envelope.header.replaces }
    }
}

/// What to do with a row that arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plan {
    /// Old news.
    Ignore,
    /// The very bytes that we hold: only their number is new.
    Confirm,
    /// The version that our unsent changes are made from, under a new number.
    Rebase,
    /// Take it as it is: it was made from what we hold, or we hold nothing.
    Take,
    /// Open both and join them.
    Merge,
}

/// The policy for a row that arrives.
pub fn plan_pull(local: Option<&Local>, incoming: &Incoming) -> Plan {
    let Some(local) = local else { return Plan::Take };
    let known = local.known();
    if known.is_some_and(|at| at == incoming.at || (at.era == incoming.at.era && incoming.at.seq < at.seq)) {
        return Plan::Ignore;
    }
    // It was erased and forgotten: it begins anew, also where the server has it after all.
    if matches!(local.standing, Standing::Synced(at) if at.era == 0) {
        return Plan::Take;
    }
    if local.etag == incoming.at.etag {
        return Plan::Confirm;
    }
    match local.standing {
        Standing::Synced(at) if at.era == incoming.at.era && incoming.replaces == Some(at.etag) => Plan::Take,
        // A version in between was never seen here, or the server was restored: joining cannot lose anything.
        Standing::Synced(_) | Standing::AsideTheirs(_) | Standing::AsideOurs(_) => Plan::Merge,
        Standing::Unsent(Some(base)) if base.etag == incoming.at.etag => Plan::Rebase,
        Standing::Unsent(_) => Plan::Merge,
    }
}

/// What to do after a verdict.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AfterPush<'a> {
    /// Nothing: it was settled or replaced meanwhile, or will be judged again.
    Ignore,
    /// Stored as sent, under this number.
    Settle(u64),
    /// Stored as sent under this number, but edited here meanwhile: what was sent becomes the base.
    Rebase(u64),
    /// What ours is made from is there, but ours named another version: it was sealed in a tab that did not
    /// know yet which log is read.
    Remake(&'a Row),
    /// Another version is there: as if it had been pulled.
    Meet(&'a Row),
    /// The server has nothing where we thought it had: offer it as new.
    Reoffer,
    /// Never to be stored.
    SetAside(Reason),
}

/// The policy for a verdict on `sent`, in an answer of this era.
pub fn plan_verdict<'a>(local: &Local, sent: Etag, verdict: &'a Verdict, era: u32) -> AfterPush<'a> {
    let unchanged = local.etag == sent;
    let newer = |seq: &u64| local.known().is_some_and(|at| at.era == era && at.seq >= *seq);
    match (verdict, local.standing) {
        (Verdict::Stale { current: Some(row) }, Standing::Unsent(Some(base)))
            if unchanged && base.etag == row.envelope.etag() =>
        {
            AfterPush::Remake(row)
        }
        (Verdict::Stale { current: Some(row) }, _) => AfterPush::Meet(row),
        (Verdict::Stale { current: None }, Standing::Unsent(_)) => AfterPush::Reoffer,
        (
            Verdict::Accepted { seq } | Verdict::Known { seq, .. },
            Standing::Unsent(_) | Standing::AsideOurs(_),
        ) if unchanged => AfterPush::Settle(*seq),
        (Verdict::Accepted { seq } | Verdict::Known { seq, .. }, Standing::Unsent(_)) if !newer(seq) => {
            AfterPush::Rebase(*seq)
        }
        (Verdict::Refused { reason: Refusal::Together }, _) => AfterPush::Ignore,
        (Verdict::Refused { reason }, Standing::Unsent(_)) if unchanged => {
            AfterPush::SetAside(Reason::Refused(*reason))
        }
        (
            Verdict::Stale { .. }
            | Verdict::Accepted { .. }
            | Verdict::Known { .. }
            | Verdict::Refused { .. },
            _,
        ) => AfterPush::Ignore,
    }
}

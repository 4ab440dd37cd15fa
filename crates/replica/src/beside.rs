//! Versions of one record that cannot be joined yet lie beside each other until they can.
//!
//! A tab may lack a key that the next unlocking brings; what a server says that was put back may be older than what
//! lies here, and what lies here the only copy. So a version gives way only to one that was made from it, or, where no
//! key will ever open it, to what the same log says later.

use crate::id::to_domain;
use crate::meet::{Arrived, Met};
use crate::stamping::Now;
use crate::{Base, Held, Ours, Put, Reason, Replica, ReplicaError, RowState, Store, StoredRow};
use satchel_vault::SealError;
use satchel_wire::{Envelope, Etag, RecordId, Stream};

/// So many versions are kept beside the one that is shown. Beyond, what its own log replaced goes first, then what
/// is oldest.
pub const MOST_BESIDE: usize = 8;

/// Why two versions were not joined.
pub(crate) enum Apart {
    /// One of them cannot be read or joined: it is kept.
    Kept(Reason),
    /// It could not be tried.
    Failed(ReplicaError),
}

impl From<Reason> for Apart {
    fn from(reason: Reason) -> Self {
        Self::Kept(reason)
    }
}

impl From<ReplicaError> for Apart {
    fn from(error: ReplicaError) -> Self {
        Self::Failed(error)
    }
}

impl From<SealError> for Apart {
    fn from(error: SealError) -> Self {
        Self::Failed(error.into())
    }
}

/// A version, as far as giving way goes.
struct Seen<'a> {
    of: &'a Base,
    hope: Hope,
}

/// What is to be hoped for from a version.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hope {
    /// It can be read.
    Opens,
    /// Its key may come.
    MayOpen,
    /// It was spoiled, or a newer app wrote it.
    Spoiled,
}

impl Seen<'_> {
    fn gives_way(&self, to: &Self) -> bool {
        let (ours, by) = (self.of.at, to.of.at);
        let opened = to.hope == Hope::Opens;
        let replaced = opened && to.of.envelope.header.replaces == Some(ours.etag);
        let later = by.place() > ours.place();
        match self.hope {
            Hope::MayOpen => later && replaced,
            Hope::Opens => later && (replaced || (opened && by.era == ours.era)),
            // Nothing can be read in place of what was read there.
            Hope::Spoiled if opened => by.place() >= ours.place(),
            Hope::Spoiled => later && by.era == ours.era,
        }
    }
}

impl<S: Store> Replica<S> {
    /// A version arrives that is to be joined with a row; where that is not possible, it is kept beside it.
    pub(crate) fn join(&self, local: &StoredRow, theirs: Base, now: Now) -> Result<Met, ReplicaError> {
        let (mut ours, mut beside) = self.taken_apart(local);
        if theirs.at.etag == etag_of(&ours) {
            ours.state = RowState::Synced(theirs.at);
            if !self.opens(&ours.envelope) {
                ours.envelope = theirs.envelope;
            }
        } else {
            self.lay(&mut beside, theirs);
        }
        self.settled(local, ours, beside, now)
    }

    /// Tries again what lies beside a row that was set aside.
    pub(crate) fn join_again(&self, local: &StoredRow, now: Now) -> Result<Met, ReplicaError> {
        let (ours, beside) = self.taken_apart(local);
        self.settled(local, ours, beside, now)
    }

    fn taken_apart(&self, local: &StoredRow) -> (StoredRow, Vec<Base>) {
        let RowState::Quarantined { held: Held { ours, beside }, .. } = &local.state else {
            return (local.clone(), Vec::new());
        };
        let state = ours.clone().freed(|| self.next_turn());
        (StoredRow { state, ..local.clone() }, beside.clone())
    }

    /// The same bytes count once, under the place where they came last; what stands beside them may be whole now.
    fn lay(&self, beside: &mut Vec<Base>, mut theirs: Base) {
        if let Some(known) = beside.iter().position(|one| one.at.etag == theirs.at.etag) {
            let known = beside.remove(known);
            if self.opens(&known.envelope) {
                theirs.envelope = known.envelope;
            }
        }
        let place = beside.partition_point(|one| one.at.place() <= theirs.at.place());
        beside.insert(place, theirs);
    }

    fn settled(
        &self,
        local: &StoredRow,
        ours: StoredRow,
        beside: Vec<Base>,
        now: Now,
    ) -> Result<Met, ReplicaError> {
        let (mut row, beside) = self.first_of(ours, beside);
        let (first, unread) = (base_of(&row), self.read(row.id, &row.envelope).err());
        let mut sum = self.begun(local, &row)?;
        let (mut kept, mut why) = (Vec::new(), unread);
        for theirs in &beside {
            match self.joined(&row, theirs, now) {
                Ok(met) => {
                    sum.follow(met);
                    if let Some(put) = &sum.put {
                        (row.envelope, row.state) = (put.envelope.clone(), put.state.clone());
                    }
                }
                Err(Apart::Kept(reason)) => {
                    why = Some(reason);
                    kept.push(theirs);
                }
                Err(Apart::Failed(error)) => return Err(error),
            }
        }
        let kept = self.worth_keeping(beside.iter().chain(&first), kept);
        let why = why.filter(|_| unread.is_some() || !kept.is_empty());
        Ok(self.put_down(local, row, kept, why, sum))
    }

    /// Which version comes first: ours where something of it is unsent; else the first that can be read, so that
    /// what the server said later is joined to it in that order.
    fn first_of(&self, ours: StoredRow, mut beside: Vec<Base>) -> (StoredRow, Vec<Base>) {
        let RowState::Synced(at) = ours.state else { return (ours, beside) };
        let StoredRow { id, version, envelope, .. } = ours;
        self.lay(&mut beside, Base { at, envelope });
        let last = beside.len() - 1;
        let first = beside.iter().position(|one| self.opens(&one.envelope)).unwrap_or(last);
        let Base { at, envelope } = beside.remove(first);
        (StoredRow { id, version, envelope, state: RowState::Synced(at) }, beside)
    }

    /// Which of what could not be joined is kept.
    fn worth_keeping<'a>(&self, all: impl Iterator<Item = &'a Base>, kept: Vec<&Base>) -> Vec<Base> {
        if kept.is_empty() {
            return Vec::new();
        }
        let seen: Vec<_> = all.map(|of| Seen { of, hope: self.hope(of) }).collect();
        let stays = |one: &&Base| {
            let one = Seen { of: one, hope: self.hope(one) };
            !seen.iter().any(|by| one.gives_way(by))
        };
        let mut kept: Vec<Base> = kept.into_iter().filter(stays).cloned().collect();
        while kept.len() > MOST_BESIDE {
            let eras: Vec<_> = kept.iter().map(|one| one.at.era).collect();
            let replaced = eras.iter().enumerate().position(|(place, era)| eras[place + 1..].contains(era));
            kept.remove(replaced.unwrap_or(0));
        }
        kept
    }

    fn hope(&self, of: &Base) -> Hope {
        match &of.envelope {
            envelope if self.opens(envelope) => Hope::Opens,
            envelope if self.sealer.lacks_key(envelope) => Hope::MayOpen,
            _ => Hope::Spoiled,
        }
    }

    fn put_down(
        &self,
        local: &StoredRow,
        row: StoredRow,
        beside: Vec<Base>,
        why: Option<Reason>,
        mut sum: Met,
    ) -> Met {
        let state = match why {
            Some(reason) => {
                RowState::Quarantined { reason, held: Held { ours: Ours::of(&row.state), beside } }
            }
            None => row.state,
        };
        sum.bytes = sum.bytes.filter(|_| matches!(state, RowState::Synced(_)));
        let same = row.envelope == local.envelope;
        let put = Put::new(row.id, Some(row.version), row.envelope, state);
        let put = if same { put.keeping() } else { put };
        sum.put = (!same || put.state != local.state).then_some(put);
        sum
    }

    /// What there is to say of the version that comes first, if another one was shown or none.
    fn begun(&self, local: &StoredRow, first: &StoredRow) -> Result<Met, ReplicaError> {
        if !local.is_set_aside() && first.envelope == local.envelope {
            return Ok(Met::default());
        }
        if first.is_chunk() {
            return self.chunk_begun(first);
        }
        let Ok(record) = self.open_row(first) else { return Ok(Met::default()) };
        let arrived = Some(Arrived { id: to_domain(first.id), record, restored: false });
        Ok(Met { arrived, ..Met::default() })
    }

    fn opens(&self, envelope: &Envelope) -> bool {
        self.read(envelope.header.record, envelope).is_ok()
    }

    /// Whether this can be read, as a record or as a chunk of history.
    fn read(&self, id: RecordId, envelope: &Envelope) -> Result<(), Reason> {
        if envelope.header.stream == Stream::History {
            self.sealer.open_chunk(id, envelope).map(drop)
        } else {
            self.sealer.open(id, envelope, None).map(drop)
        }
    }
}

/// The version that the server has of a row, as far as it is known.
fn base_of(row: &StoredRow) -> Option<Base> {
    match row.state {
        RowState::Synced(at) => Some(Base { at, envelope: row.envelope.clone() }),
        _ => row.state.base().cloned(),
    }
}

/// Which bytes a row is; what lies in a page is sealed anew each time it is read.
fn etag_of(row: &StoredRow) -> Etag {
    match row.state {
        RowState::Synced(at) => at.etag,
        _ => row.envelope.etag(),
    }
}

//! Bringing a backup's rows in: each meets the row that is here, and nothing that either side knew is lost.

use super::contents::Manifest;
use crate::id::to_domain;
use crate::meet::Met;
use crate::replica::TRIES;
use crate::review::Question;
use crate::stamping::{Healed, Now};
use crate::{
    Arrived, Base, Changeset, Cursor, Edited, LocalItem, LocalPut, Ours, Put, Replica, ReplicaError,
    RowState, Store, StoredRow, Turn, Unsent, Version,
};
use satchel_domain::sorted::Gather;
use satchel_domain::{Entry, Record, RecordId, reconcile};
use satchel_vault::Keyring;
use satchel_wire::{self as wire, Incarnation, SpaceId, Stream};
use std::collections::BTreeMap;

/// Says that a restore is under way.
const MARK: &str = "restore/under-way";

/// How a record of a backup stands to the one that is here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// There is none here.
    New,
    /// The backup knows something that is not known here.
    Newer,
    /// All that it says is known here, and more is.
    Older,
    /// They say the same.
    Same,
    /// It cannot be read; it is kept as it is.
    Unreadable,
}

/// A record of a backup, weighed against what is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Weighed {
    /// Which.
    pub id: RecordId,
    /// How it stands.
    pub weight: Weight,
    /// As it is in the backup; `None` if it cannot be read.
    pub record: Option<Record>,
    /// The server did not have it.
    pub unsent: bool,
}

/// A restore under way.
#[derive(Clone, Copy, Debug)]
pub struct Restoring {
    /// The numbers in the file are of the log that is read here.
    same_log: bool,
    device: wire::DeviceId,
    first_era: u32,
    /// Turns of the file come behind it.
    turn: Turn,
    /// There was nothing here.
    pub fresh: bool,
}

/// The record in a row of a backup, with the account's keys and no copy of the space.
pub fn read_backed_up(keyring: &Keyring, space: SpaceId, row: &StoredRow) -> Option<Record> {
    let header = &row.envelope.header;
    if (header.space, header.record) != (space, row.id) || header.stream == Stream::History {
        return None;
    }
    Record::from_bytes(&satchel_vault::open_record(keyring, &row.envelope).ok()?).ok()
}

/// One row's part of a restore.
#[derive(Default)]
struct Brought {
    met: Met,
    edited: Option<Edited>,
    weight: Option<Weight>,
}

impl Brought {
    fn new(weight: Weight) -> Self {
        Self { weight: Some(weight), ..Self::default() }
    }
}

impl<S: Store> Replica<S> {
    /// Weighs records of a backup against what is here; nothing is written.
    pub async fn weigh(
        &self,
        restoring: &Restoring,
        rows: &[StoredRow],
        wall_ms: u64,
    ) -> Result<Vec<Weighed>, ReplicaError> {
        let locals = self.locals_for(rows).await?;
        let now = self.now(wall_ms);
        let mut weighed = Vec::with_capacity(rows.len());
        for row in rows.iter().filter(|row| !row.is_chunk()) {
            let Brought { weight, .. } = self.bring(restoring, locals.get(&row.id), row, now)?;
            weighed.extend(weight.map(|weight| Weighed {
                id: to_domain(row.id),
                weight,
                record: self.open_row(row).ok(),
                unsent: row.state.is_unsent(),
            }));
        }
        Ok(weighed)
    }

    /// The record in a row of a backup, if it can be read.
    pub fn read_backed_up(&self, row: &StoredRow) -> Option<(RecordId, Record)> {
        Some((to_domain(row.id), self.open_row(row).ok()?))
    }

    /// How rows of this file are to be read here; nothing is written.
    pub async fn plan_restore(&self, manifest: &Manifest) -> Result<Restoring, ReplicaError> {
        let Cursor { incarnation, .. } = self.cursor();
        let fresh = self.store.counts().await?.rows == 0;
        Ok(self.restoring(manifest, incarnation, fresh))
    }

    fn restoring(&self, manifest: &Manifest, known: Option<Incarnation>, fresh: bool) -> Restoring {
        let same_log = known.is_some() && manifest.cursor.incarnation == known;
        let (device, first_era) = (manifest.device, manifest.cursor.first_era);
        Restoring { same_log, device, first_era, turn: self.next_turn(), fresh }
    }

    /// Begins: a copy that has met no server yet takes over which one the file's device knew. What is brought in
    /// is not settled before [`Self::end_restore`], and a restore that was cut off is known by its mark.
    pub async fn begin_restore(&self, manifest: &Manifest) -> Result<Restoring, ReplicaError> {
        self.put_local(MARK, &[]).await?;
        let fresh = self.store.counts().await?.rows == 0;
        let from = self.cursor();
        let is_first = from.incarnation.is_none() && from.seq == 0;
        let Cursor { incarnation, floor, .. } = if is_first { manifest.cursor } else { from };
        // In a new era, so that what comes in can be of an older one.
        self.read_from_start(Cursor { incarnation, floor, read: 0, ..from }).await?;
        Ok(self.restoring(manifest, self.cursor().incarnation, fresh))
    }

    /// Brings rows in, in one commit; what changed by it comes back, as from an edit.
    ///
    /// # Errors
    /// Nothing of these rows was written then.
    pub async fn restore(
        &self,
        restoring: &Restoring,
        rows: &[StoredRow],
        wall_ms: u64,
    ) -> Result<Vec<Edited>, ReplicaError> {
        for _ in 0..TRIES {
            let locals = self.locals_for(rows).await?;
            let now = self.now(wall_ms);
            let (mut met, mut edited) = (Vec::new(), Vec::new());
            for row in rows {
                let brought = self.bring(restoring, locals.get(&row.id), row, now)?;
                met.push(brought.met);
                edited.extend(brought.edited);
            }
            let cursor = self.cursor();
            if self.commit_met(met, cursor, cursor).await?.is_some() {
                return Ok(edited);
            }
        }
        Err(ReplicaError::Contended)
    }

    /// Takes over the local items of a file that are not here; what was settled here since is not asked again.
    pub async fn restore_locals(
        &self,
        restoring: &Restoring,
        items: Vec<LocalItem>,
    ) -> Result<(), ReplicaError> {
        let mut locals = Vec::new();
        for item in items {
            let asked_again = restoring.fresh || !item.key.starts_with(crate::REVIEW_PREFIX);
            let wanted = super::write::holds(&item.key) && asked_again;
            let here = !self.store.locals(&item.key).await?.is_empty();
            let opens = self.sealer.open_local(&item.key, item.sealed.clone()).is_ok();
            if wanted && opens && !here {
                locals.push(LocalPut::Set(item));
            }
        }
        Ok(self.commit(Changeset { locals, ..Changeset::default() }).await?)
    }

    /// Ends: the server's log is read anew, so that what was brought in is confirmed, joined or offered.
    pub async fn end_restore(&self) -> Result<(), ReplicaError> {
        self.read_again().await?;
        self.remove_locals(&[MARK.to_owned()]).await
    }

    /// Whether a restore was cut off.
    pub async fn is_restoring(&self) -> Result<bool, ReplicaError> {
        Ok(!self.store.locals(MARK).await?.is_empty())
    }

    async fn locals_for(
        &self,
        rows: &[StoredRow],
    ) -> Result<BTreeMap<wire::RecordId, StoredRow>, ReplicaError> {
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        Ok(self.store.get(&ids).await?.into_iter().map(|row| (row.id, row)).gather())
    }

    fn bring(
        &self,
        restoring: &Restoring,
        local: Option<&StoredRow>,
        row: &StoredRow,
        now: Now,
    ) -> Result<Brought, ReplicaError> {
        let state = self.restored_state(restoring, row);
        if row.is_chunk() {
            let met = self.bring_chunk(local, row, state)?;
            return Ok(Brought { met, ..Brought::default() });
        }
        let (Ok(record), Some(state)) = (self.open_row(row), state) else {
            return Ok(unreadable(local, row));
        };
        match local.map(|local| (local, self.healed(local, now))) {
            Some((local, Ok(mine))) => self.brought_together(local, mine, row, &record, now),
            Some((local, Err(_))) if local.state.is_unsent() => Ok(Brought::new(Weight::Unreadable)),
            found => self.placed(found.map(|(local, _)| local.version), row, record, state),
        }
    }

    /// Where a row of the file stands here; `None` for one that was set aside unreadable.
    fn restored_state(&self, restoring: &Restoring, row: &StoredRow) -> Option<RowState> {
        let at = |at: Version| self.restored_version(restoring, at);
        let based = |base: &Base| Box::new(Base { at: at(base.at), envelope: base.envelope.clone() });
        let unsent = |unsent: Option<&Unsent>| self.restored_unsent(restoring, unsent);
        Some(match &row.state {
            RowState::Synced(version) => RowState::Synced(at(*version)),
            RowState::New(then) => RowState::New(unsent(Some(then))),
            RowState::Edited { base, unsent: then } => {
                RowState::Edited { base: based(base), unsent: unsent(Some(then)) }
            }
            RowState::Quarantined { held, .. } => match &held.ours {
                Ours::Synced(version) => RowState::Synced(at(*version)),
                Ours::Unsent(Some(base)) => RowState::Edited { base: based(base), unsent: unsent(None) },
                Ours::Unsent(None) => RowState::New(unsent(None)),
            },
        })
    }

    /// Eras are counted by each device for itself. Of the same log the number still tells what was erased; of
    /// another one it tells nothing, and is set where no purge reaches.
    fn restored_version(&self, restoring: &Restoring, at: Version) -> Version {
        let era = if at.era == 0 { 0 } else { self.cursor().era.saturating_sub(1) };
        let of_this_log = restoring.same_log && at.era >= restoring.first_era;
        let seq = if of_this_log || era == 0 { at.seq } else { u64::MAX };
        Version { seq, era, ..at }
    }

    /// What was unsent is unsent, in the same order. Another device may have sent it as it was.
    fn restored_unsent(&self, restoring: &Restoring, then: Option<&Unsent>) -> Unsent {
        let turn = then.map_or(restoring.turn, |then| Turn(restoring.turn.0.saturating_add(then.turn.0)));
        self.raise_turn(turn);
        match then {
            Some(then) if restoring.device == self.sealer.device => Unsent { turn, ..*then },
            _ => Unsent { latest_ms: 0, ..turn.into() },
        }
    }

    /// Nothing readable is here: the file's row takes its place, sealed by this device if it is to be offered.
    fn placed(
        &self,
        expected: Option<u64>,
        row: &StoredRow,
        record: Record,
        state: RowState,
    ) -> Result<Brought, ReplicaError> {
        let id = to_domain(row.id);
        let envelope = match &state {
            RowState::Synced(_) => row.envelope.clone(),
            state => self.sealer.seal(row.id, &record, self.replaces(state))?,
        };
        let bytes = Some(record.to_bytes());
        let arrived = Some(Arrived { id, record: record.clone(), restored: false });
        let put = Put::new(row.id, expected, envelope, state);
        let edited = (!record.is_grave()).then_some(Edited { id, before: None, after: record, asks: false });
        let weight = if edited.is_some() { Weight::New } else { Weight::Older };
        Ok(Brought { met: Met { arrived, bytes, ..Met::put(put) }, edited, weight: Some(weight) })
    }

    /// Both are here: what the file knows and this copy does not becomes an unsent edit of this copy.
    fn brought_together(
        &self,
        local: &StoredRow,
        mine: Healed,
        row: &StoredRow,
        theirs: &Record,
        now: Now,
    ) -> Result<Brought, ReplicaError> {
        let Healed { record: mine, .. } = mine;
        let base = match &row.state {
            RowState::Edited { base, .. } => self.sealer.open(row.id, &base.envelope, Some(base.at)).ok(),
            _ => None,
        };
        let asked = base.is_some();
        let base = base.map_or_else(|| theirs.clone(), |opened| opened.record);
        let mut joined = reconcile(Some(&base), &mine, theirs, &mut self.scratch(), now.ms);
        if !asked {
            joined.conflicts.clear();
        }
        if joined.record == mine {
            return Ok(Brought::new(if *theirs == mine { Weight::Same } else { Weight::Older }));
        }
        let id = to_domain(local.id);
        let turn = local.state.turn().unwrap_or_else(|| self.next_turn());
        let unsent = Unsent::now(turn, &joined.record, now);
        let state = local.state.clone().edited(local.envelope.clone(), unsent);
        let envelope = self.sealer.seal(local.id, &joined.record, self.replaces(&state))?;
        let questions = Question::of_meeting(local.id, &joined, &mine, theirs, now.ms);
        let said = |conflict| self.said(&Entry::lost(id, conflict), &joined.record);
        let told = joined.conflicts.iter().map(said).collect::<Result<_, _>>()?;
        let put = Put::new(local.id, Some(local.version), envelope, state);
        let arrived = Some(Arrived { id, record: joined.record.clone(), restored: joined.restored });
        Ok(Brought {
            met: Met { arrived, questions, told, ..Met::put(put) },
            edited: Some(Edited { id, before: Some(mine), after: joined.record, asks: false }),
            weight: Some(Weight::Newer),
        })
    }
}

/// What nothing here can read is kept where there is nothing in its place.
fn unreadable(local: Option<&StoredRow>, row: &StoredRow) -> Brought {
    let mut brought = Brought::new(Weight::Unreadable);
    if local.is_none() && row.is_set_aside() {
        brought.met = Met::put(Put::new(row.id, None, row.envelope.clone(), row.state.clone()));
    }
    brought
}

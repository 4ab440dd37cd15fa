//! Records that are erased for good, and how they are forgotten.
//!
//! What was in the trash for long is replaced by a *grave*: the deletion and nothing else, sealed like a record, so
//! that every device learns of it. The server drops graves when they are old and names the number up to which it
//! did, its *purge floor*. What a device knows only from before that floor, and does not find in the log any more,
//! was erased while it was away.

use crate::id::{to_domain, to_wire};
use crate::meet::{Arrived, Met};
use crate::stamping::Now;
use crate::{
    Base, Change, Cursor, Edit, Edited, Held, Ours, Put, Reason, Replica, ReplicaError, RowState, Steady,
    Store, StoredRow, Version,
};
use satchel_domain::sorted::Gather;
use satchel_domain::{Kind, Record, RecordId};
use satchel_wire::{Envelope, Etag, Stream};
use std::collections::BTreeMap;

/// So long a record stays in the trash before it is erased for good, ms.
pub const TRASH_MS: u64 = 30 * 86_400_000;

/// What the sweep does with a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It stays as it is.
    Stays,
    /// The server has lost it: it is offered again.
    Lost,
    /// It was erased: it is forgotten here too.
    Erased,
    /// It was erased while something of ours was unsent: that is set aside and shown.
    ErasedUnsent,
}

/// The policy of the sweep. The log of this era was read to its head, so what it has was confirmed in this era.
pub(crate) fn fate(row: &StoredRow, cursor: &Cursor) -> Fate {
    match &row.state {
        RowState::Synced(at) => synced_fate(at, row.envelope.header.stream, cursor),
        RowState::Edited { base, .. } => match synced_fate(&base.at, base.envelope.header.stream, cursor) {
            // Of two who erase it at once, one comes too late: there is nothing in a grave to ask anybody about.
            Fate::Erased if row.is_grave() => Fate::Erased,
            Fate::Erased => Fate::ErasedUnsent,
            _ => Fate::Stays,
        },
        RowState::New(_) | RowState::Quarantined { .. } => Fate::Stays,
    }
}

/// As [`fate`], of a synced row.
pub(crate) fn synced_fate(at: &Version, stream: Stream, cursor: &Cursor) -> Fate {
    let Cursor { era, first_era, floor, .. } = *cursor;
    // Numbers of another log say nothing about this one; history is never purged.
    let below = at.seq <= floor && at.era >= first_era && stream != Stream::History;
    match at.era {
        0 => Fate::Stays,
        then if then < era && below => Fate::Erased,
        then if then < era => Fate::Lost,
        _ if stream == Stream::Grave && below => Fate::Erased,
        _ => Fate::Stays,
    }
}

/// How a record lies sealed: what a proof of its erasure may say of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SealedRecord {
    /// Which.
    pub id: RecordId,
    /// SHA-256 of its sealed row.
    pub etag: Etag,
    /// The server's number of exactly this row; `None` while it has not confirmed it.
    pub seq: Option<u64>,
    /// Nothing is left of it but that it was erased.
    pub is_grave: bool,
}

impl Put {
    /// Whether it leaves nothing of the record but that it was erased.
    pub(crate) fn buries(&self) -> bool {
        self.envelope.header.stream == Stream::Grave
    }
}

impl StoredRow {
    /// Whether nothing is left of the record but that it was erased.
    pub(crate) fn is_grave(&self) -> bool {
        self.envelope.header.stream == Stream::Grave
    }

    /// Whether it stands for what the server has dropped, or never had: whatever comes takes its place.
    pub(crate) fn is_forgotten(&self) -> bool {
        matches!(self.state, RowState::Synced(at) if at.era == 0)
    }
}

impl<S: Store> Replica<S> {
    /// Erases for good what of these records has been in the trash for longer than [`TRASH_MS`] and is synced.
    /// To be called when everything is in sync: who has not heard of a restoration must not erase.
    pub async fn erase(&self, ids: &[RecordId], wall_ms: u64) -> Result<Vec<Edited>, ReplicaError> {
        let now = self.now(wall_ms);
        let ids: Vec<_> = ids.iter().copied().map(to_wire).collect();
        let rows = self.store.get(&ids).await?;
        let is_due = |row: &&StoredRow| {
            !row.is_grave() && self.open_row(row).is_ok_and(|record| self.may_erase(row, &record, now))
        };
        let edit = |row: &StoredRow| Edit { id: to_domain(row.id), change: Change::Erase };
        let edits: Vec<_> = rows.iter().filter(is_due).map(edit).collect();
        let edited = self.import(&edits, wall_ms, &mut Steady).await?.edited;
        // What was edited meanwhile was left alone.
        Ok(edited.into_iter().filter(|one| one.after.is_grave()).collect())
    }

    /// Whether a record may be erased for good as it lies here now: nothing of it is unsent, and it was in the trash
    /// for long, by the time that the server said when all was last in sync: this device's clock may have been set.
    pub(crate) fn may_erase(&self, row: &StoredRow, record: &Record, now: Now) -> bool {
        let now_ms = now.ms.min(self.cursor.get().synced_ms.unwrap_or_default());
        is_settled(row, now) && record.deleted_at().is_some_and(|at| at.ms.saturating_add(TRASH_MS) <= now_ms)
    }

    /// Erases records for good at once, in one intent with what goes beside it, such as taking them off others'
    /// lists. What the server has of them stays beside them until it has the graves. To be called when everything is
    /// in sync, as [`Self::erase`].
    ///
    /// # Errors
    /// Nothing was written then. [`ReplicaError::SetAside`] if one of them cannot be opened,
    /// [`ReplicaError::Contended`] if something of them is unsent.
    pub async fn erase_now(
        &self,
        ids: &[RecordId],
        beside: Vec<Edit>,
        wall_ms: u64,
    ) -> Result<Vec<Edited>, ReplicaError> {
        let bury = ids.iter().map(|id| Edit { id: *id, change: Change::EraseNow(None) });
        let edits: Vec<_> = beside.into_iter().chain(bury).collect();
        self.edit(&edits, wall_ms).await
    }

    /// The versions of these records that the server has and this device shows unchanged; what is unsent, set aside or
    /// not here is left out.
    pub async fn versions(&self, ids: &[RecordId]) -> Result<BTreeMap<RecordId, Version>, ReplicaError> {
        let ids: Vec<_> = ids.iter().copied().map(to_wire).collect();
        let rows = self.store.get(&ids).await?.into_iter();
        let version = |row: StoredRow| match row.state {
            RowState::Synced(at) => Some((to_domain(row.id), at)),
            _ => None,
        };
        Ok(rows.filter_map(version).gather())
    }

    /// How records lie sealed here, those that are here, in the order of their ids.
    pub async fn how_sealed(&self, ids: &[RecordId]) -> Result<Vec<SealedRecord>, ReplicaError> {
        let ids: Vec<_> = ids.iter().copied().map(to_wire).collect();
        let rows = self.store.get(&ids).await?.into_iter();
        let sealed = rows.map(|row| SealedRecord {
            id: to_domain(row.id),
            etag: row.envelope.etag(),
            seq: match row.state {
                RowState::Synced(at) => Some(at.seq),
                _ => None,
            },
            is_grave: row.is_grave(),
        });
        Ok(sealed.collect())
    }

    /// What a row holds, opened: to look for what should be nowhere any more.
    pub fn plain(&self, row: &StoredRow) -> Option<Vec<u8>> {
        self.sealer.open_bytes(row.id, &row.envelope).ok()
    }

    /// The server has dropped it: nothing is kept here but that it was there. The version is of no era, so
    /// that whatever arrives under this id takes its place.
    pub(crate) fn forget(&self, row: &StoredRow) -> Result<Met, ReplicaError> {
        let Some(at) = row.state.server_version() else { return Ok(Met::default()) };
        let record = self.open_row(row).unwrap_or_else(|_| Record::new(Kind::Unknown(String::new())));
        let (id, record) = (to_domain(row.id), record.grave());
        let envelope = self.sealer.seal(row.id, &record, None)?;
        let state = RowState::Synced(Version { era: 0, ..at });
        let arrived = (!row.is_grave()).then_some(Arrived { id, record, restored: false });
        let put = Put::new(row.id, Some(row.version), envelope, state);
        Ok(Met { arrived, ..Met::put(put) })
    }

    /// Whether a server showed this and does not have it any more, so that it never was: nothing of ours is in it,
    /// and the key that it names opens none of it. What may open once its key is here is not meant.
    pub(crate) fn was_made_up(&self, row: &StoredRow, cursor: &Cursor) -> bool {
        let RowState::Quarantined { reason: Reason::Unopenable, held } = &row.state else { return false };
        let Held { ours: Ours::Synced(at), beside } = held else { return false };
        self.never_were(beside, cursor) && self.never_was(at, &row.envelope, cursor)
    }

    /// Where a row stands without what was made up beside it; `None` if there is anything else to it.
    pub(crate) fn without_made_up(&self, row: &StoredRow, cursor: &Cursor) -> Option<RowState> {
        let RowState::Quarantined { reason: Reason::Unopenable, held } = &row.state else { return None };
        let Held { ours, beside } = held;
        let opens = self.sealer.open_bytes(row.id, &row.envelope).is_ok();
        let alone = opens && !beside.is_empty() && self.never_were(beside, cursor);
        alone.then(|| ours.clone().freed(|| self.next_turn()))
    }

    fn never_were(&self, beside: &[Base], cursor: &Cursor) -> bool {
        beside.iter().all(|one| self.never_was(&one.at, &one.envelope, cursor))
    }

    fn never_was(&self, at: &Version, envelope: &Envelope, cursor: &Cursor) -> bool {
        let closed = || self.sealer.open_bytes(envelope.header.record, envelope).is_err();
        at.era < cursor.era && !self.sealer.lacks_key(envelope) && closed()
    }

    /// What was written here over a record that was erased meanwhile: a person decides.
    pub(crate) fn set_erased_aside(&self, row: &StoredRow) -> Met {
        let base = row.state.base().map(|base| {
            let at = Version { era: 0, ..base.at };
            Box::new(Base { at, envelope: base.envelope.clone() })
        });
        let state = RowState::Quarantined { reason: Reason::Erased, held: Held::only(Ours::Unsent(base)) };
        Met::put(Put::new(row.id, Some(row.version), row.envelope.clone(), state).keeping())
    }
}

/// Whether the server has exactly what lies here.
pub(crate) fn is_settled(row: &StoredRow, now: Now) -> bool {
    matches!(row.state, RowState::Synced(at) if at.era == now.era)
}

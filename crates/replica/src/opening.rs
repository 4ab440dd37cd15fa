//! Reading the whole copy after unlocking, and setting right what can be.

use crate::id::to_domain;
use crate::meet::Met;
use crate::stamping::Now;
use crate::store::PageKind;
use crate::{
    Changeset, Held, Opened, Put, Reason, Replica, ReplicaError, RowState, Store, StoreError, StoredRow,
};
use satchel_domain::{Record, RecordId};
use satchel_wire::Row;

/// Rows that are read and opened at once.
const BATCH: usize = 1_000;

/// What was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Read {
    /// Records that were handed out.
    pub records: usize,
    /// Rows set aside by now.
    pub set_aside: usize,
}

impl<S: Store> Replica<S> {
    /// Reads every record. A row that cannot be opened is set aside and counted, and the rest goes on; one
    /// that was set aside and opens by now (a newer app, a new key) comes back.
    pub async fn open_all(
        &self,
        mut take: impl FnMut(Vec<(RecordId, Record)>),
    ) -> Result<Read, ReplicaError> {
        let mut records = 0;
        let mut one = |opened: Opened<'_>| {
            if let Opened::Record(id, record) = opened {
                records += 1;
                take(vec![(id, record)]);
            }
        };
        self.open_cards(&mut one).await?;
        self.open_rest(&mut one).await?;
        Ok(Read { records, set_aside: self.set_aside().len() })
    }

    /// Hands out what lies in rows, and the cards: with them lists can be shown.
    pub async fn open_cards(&self, take: &mut impl FnMut(Opened<'_>)) -> Result<(), ReplicaError> {
        let mut after = None;
        loop {
            let rows = self.store.scan_rows(after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            self.store.rows.borrow_mut().extend(rows.iter().map(|row| row.id));
            for row in rows {
                if let Some((id, record)) = self.read_row(row).await? {
                    take(Opened::Record(id, record));
                }
            }
        }
        Ok(self.store.load(PageKind::Cards, take).await?)
    }

    /// Hands out everything else; from then on the whole copy is known.
    pub async fn open_rest(&self, take: &mut impl FnMut(Opened<'_>)) -> Result<(), ReplicaError> {
        self.store.load(PageKind::Events, take).await?;
        self.store.load(PageKind::Cold, take).await?;
        self.store.finish().await?;
        self.mend().await
    }

    /// Hands out the bytes of what happened, some pages at a time: from the start with `None`, on from where
    /// the last call ended; `None` comes back at the end.
    pub async fn each_event(
        &self,
        after: Option<u32>,
        mut take: impl FnMut(RecordId, &[u8]),
    ) -> Result<Option<u32>, ReplicaError> {
        Ok(self.store.each_event(after, &mut take).await?)
    }

    /// What a damaged page held is read again from the server.
    pub(crate) async fn mend(&self) -> Result<(), ReplicaError> {
        if self.store.damaged.take() {
            self.read_again().await?;
        }
        Ok(())
    }

    async fn read_row(&self, row: StoredRow) -> Result<Option<(RecordId, Record)>, ReplicaError> {
        if row.is_chunk() {
            return self.look_at_chunk(row).await.map(|()| None);
        }
        let id = to_domain(row.id);
        let opened = self.open_row(&row);
        let settled = !matches!(row.state, RowState::Quarantined { .. });
        match opened {
            Ok(record) if record.is_grave() => Ok(None),
            Ok(record) if settled => Ok(Some((id, record))),
            Ok(record) => Ok(Some((id, self.heal(row, record).await?))),
            Err(reason) => {
                let taken = self.take_instead(&row).await?;
                if taken.is_none() {
                    self.set_row_aside(row, reason).await?;
                }
                Ok(taken.filter(|record| !record.is_grave()).map(|record| (id, record)))
            }
        }
    }

    /// What is behind a row that cannot be read takes its place if it can be read: what the server had spoiled is of
    /// no use where it came whole after all, under a key that was not here then.
    async fn take_instead(&self, row: &StoredRow) -> Result<Option<Record>, ReplicaError> {
        let RowState::Quarantined { held: Held::Behind { theirs, .. }, .. } = &row.state else {
            return Ok(None);
        };
        // What only lacks its key is no waste: it may be newer, and the only copy.
        if self.sealer.lacks_key(&row.envelope) {
            return Ok(None);
        }
        let crate::Base { at, envelope } = &**theirs;
        let arrived = Row { seq: at.seq, received_ms: at.received_ms, envelope: envelope.clone() };
        let now = Now { ms: at.received_ms, ..self.now(0) };
        let met = self.swept_since(row, self.take(Some(row), &arrived, *at, now))?;
        let Some(record) = met.arrived.as_ref().map(|arrived| arrived.record.clone()) else {
            return Ok(None);
        };
        let changeset = self.changeset_of(vec![met]).await?;
        self.commit_or_leave(changeset).await?;
        Ok(Some(record))
    }

    /// A row that was set aside, whose own record can be read.
    async fn heal(&self, row: StoredRow, record: Record) -> Result<Record, ReplicaError> {
        let RowState::Quarantined { reason, held } = &row.state else { return Ok(record) };
        self.note_aside(row.id, Some(*reason));
        let put = |state| Put::new(row.id, Some(row.version), row.envelope.clone(), state);
        let met = match (held, reason) {
            (Held::Behind { theirs, .. } | Held::Both { theirs, .. }, _) => {
                let arrived = Row {
                    seq: theirs.at.seq,
                    received_ms: theirs.at.received_ms,
                    envelope: theirs.envelope.clone(),
                };
                let now = Now { ms: theirs.at.received_ms, ..self.now(0) };
                self.join(&row, &arrived, theirs.at, now)?
            }
            (Held::Ours(_), Reason::Refused(_) | Reason::Erased) => return Ok(record),
            (Held::Theirs(at), _) => Met::put(put(RowState::Synced(*at))),
            (Held::Ours(None), _) => Met::put(put(RowState::New(self.next_turn().into()))),
            (Held::Ours(Some(base)), _) => {
                Met::put(put(RowState::Edited { base: base.clone(), unsent: self.next_turn().into() }))
            }
        };
        let met = self.swept_since(&row, met)?;
        let still_aside =
            met.put.as_ref().is_none_or(|put| matches!(put.state, RowState::Quarantined { .. }));
        if still_aside {
            return Ok(record);
        }
        let healed = met.arrived.as_ref().map_or(record, |arrived| arrived.record.clone());
        let changeset = self.changeset_of(vec![met]).await?;
        self.commit_or_leave(changeset).await?;
        Ok(healed)
    }

    /// Back in sync with what the server had when the row was set aside. A sweep may have passed by since: what
    /// it would have found lost or erased is dealt with now.
    pub(crate) fn swept_since(&self, row: &StoredRow, met: Met) -> Result<Met, ReplicaError> {
        let Some(put) = met.put.as_ref().filter(|put| matches!(put.state, RowState::Synced(_))) else {
            return Ok(met);
        };
        let (envelope, state) = (put.envelope.clone(), put.state.clone());
        let swept = self.swept_row(&StoredRow { envelope, state, ..row.clone() }, &self.cursor.get())?;
        Ok(match swept.and_then(|swept| swept.put) {
            Some(put) => Met { put: Some(put), bytes: None, ..met },
            None => met,
        })
    }

    async fn set_row_aside(&self, row: StoredRow, reason: Reason) -> Result<(), ReplicaError> {
        self.note_aside(row.id, Some(reason));
        let held = match row.state {
            RowState::Quarantined { .. } => return Ok(()),
            RowState::Synced(at) => Held::Theirs(at),
            RowState::New(_) => Held::Ours(None),
            RowState::Edited { base, .. } => Held::Ours(Some(base)),
        };
        let state = RowState::Quarantined { reason, held };
        let put = Put::new(row.id, Some(row.version), row.envelope, state);
        let changeset = self.changeset_of(vec![Met::put(put)]).await?;
        self.commit_or_leave(changeset).await
    }

    /// Another tab may be setting the same row right: then it is right.
    pub(crate) async fn commit_or_leave(&self, changeset: Changeset) -> Result<(), ReplicaError> {
        match self.commit(changeset).await {
            Err(StoreError::Stale(_)) => Ok(()),
            done => Ok(done?),
        }
    }
}

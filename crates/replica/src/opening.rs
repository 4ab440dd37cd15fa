//! Reading the whole copy after unlocking, and setting right what can be.

use crate::id::to_domain;
use crate::meet::Met;
use crate::stamping::Now;
use crate::store::PageKind;
use crate::{
    Changeset, Held, Opened, Ours, Put, Reason, Replica, ReplicaError, RowState, Store, StoreError, StoredRow,
};
use satchel_domain::{Record, RecordId};

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
        let (mut after, mut read) = (None, 0);
        loop {
            let rows = self.store.scan_rows(after, BATCH).await?;
            let Some(last) = rows.last() else { break };
            read += rows.len() as u64;
            after = Some(last.id);
            self.store.rows.borrow_mut().extend(rows.iter().map(|row| row.id));
            for row in rows {
                if let Some((id, record)) = self.read_row(row).await? {
                    take(Opened::Record(id, record));
                }
            }
        }
        self.store.seek_spoilt(read).await?;
        Ok(self.store.load(PageKind::Cards, take).await?)
    }

    /// Hands out everything else; from then on the whole copy is known.
    pub async fn open_rest(&self, take: &mut impl FnMut(Opened<'_>)) -> Result<(), ReplicaError> {
        self.store.load(PageKind::Events, take).await?;
        self.store.load(PageKind::Cold, take).await?;
        Ok(self.store.finish().await?)
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

    /// What a damaged page or row held is read again from the server: before each step of sync, since opening writes
    /// nothing that could fail.
    pub(crate) async fn mend(&self) -> Result<(), ReplicaError> {
        match self.set_spoilt_apart().await {
            // Another tab was faster: what is left is for the next step.
            Ok(_) | Err(ReplicaError::Store(StoreError::Stale(_))) => {}
            Err(error) => return Err(error),
        }
        if self.store.damaged.take() {
            self.read_again().await.inspect_err(|_| self.store.damaged.set(true))?;
        }
        Ok(())
    }

    async fn read_row(&self, row: StoredRow) -> Result<Option<(RecordId, Record)>, ReplicaError> {
        if row.is_chunk() {
            return self.look_at_chunk(row).await.map(|()| None);
        }
        let id = to_domain(row.id);
        let read = match &row.state {
            RowState::Quarantined { reason, held } => {
                self.note_aside(row.id, Some(*reason));
                self.heal(&row, *reason, held).await?
            }
            _ => match self.open_row(&row) {
                Ok(record) => Some(record),
                Err(Reason::Unopenable) if self.is_spoilt(&row) => {
                    self.store.note_spoilt(row.id, Some(row));
                    None
                }
                Err(reason) => {
                    self.set_row_aside(row, reason).await?;
                    None
                }
            },
        };
        Ok(read.filter(|record| !record.is_grave()).map(|record| (id, record)))
    }

    /// Tries again a row that was set aside; gives what it shows now.
    async fn heal(
        &self,
        row: &StoredRow,
        reason: Reason,
        held: &Held,
    ) -> Result<Option<Record>, ReplicaError> {
        let refused = matches!(reason, Reason::Refused(_) | Reason::Erased);
        if refused && row.state.is_unsent() && held.beside.is_empty() {
            return Ok(self.open_row(row).ok());
        }
        // This device's clock is not known here; what came was never later than now.
        let times = held.beside.iter().map(|one| one.at.received_ms);
        let now = Now { ms: times.max().unwrap_or_default(), ..self.now(0) };
        let met = self.swept_since(row, self.join_again(row, now)?)?;
        let Some(put) = &met.put else { return Ok(self.open_row(row).ok()) };
        let arrived = met.arrived.as_ref().map(|arrived| arrived.record.clone());
        let read = arrived.or_else(|| self.open_row(&put.clone().into_row()).ok());
        let changeset = self.changeset_of(vec![met]).await?;
        let is_kept = self.commit_or_leave(changeset).await?;
        Ok(if is_kept { read } else { self.open_row(row).ok() })
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
        let held = Held::only(Ours::of(&row.state));
        let state = RowState::Quarantined { reason, held };
        let put = Put::new(row.id, Some(row.version), row.envelope, state);
        let changeset = self.changeset_of(vec![Met::put(put)]).await?;
        self.commit_or_leave(changeset).await.map(drop)
    }

    /// Another tab may be setting the same row right: then it is right. What cannot be written for a passing reason, such
    /// as a full disk, stays as it is until the next unlock: nobody is kept out by it. Whether nothing is left to do.
    pub(crate) async fn commit_or_leave(&self, changeset: Changeset) -> Result<bool, ReplicaError> {
        match self.commit(changeset).await {
            Ok(()) | Err(StoreError::Stale(_)) => Ok(true),
            Err(error) if !error.is_permanent() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

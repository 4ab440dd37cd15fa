//! After the server was restored: what it has lost is offered again, so that any one device brings it back.
//!
//! It runs once the log of the new era was read to its head. A row that the server still has was confirmed in
//! this era on the way; one that was confirmed in an older era only is not there any more.

use crate::pull::Applied;
use crate::safeguard::holds;
use crate::{Cursor, News, Replica, ReplicaError, RowState, Safeguard, Store, StoredRow};

/// Rows that are looked at in one step.
const BATCH: usize = 500;

impl<S: Store> Replica<S> {
    /// One step. A crash between steps repeats some of them, which changes nothing.
    pub async fn sweep(&self) -> Result<Applied, ReplicaError> {
        let cursor = self.cursor.get();
        let paged = self.store.older(cursor.era, BATCH).await?;
        let in_pages = !paged.is_empty() && holds(Safeguard::ReOffer);
        let rows = if in_pages { paged } else { self.store.scan_rows(self.sweep_after.get(), BATCH).await? };
        let mut met = Vec::new();
        for row in rows.iter().filter(|row| is_lost(row, cursor.era)) {
            met.push(self.reoffer(row)?);
        }
        let Some(_) = self.commit_met(met, cursor, cursor).await? else {
            // Another tab moved one of these rows: the next step looks at them again.
            return self.swept(cursor).await;
        };
        match rows.last() {
            Some(_) if in_pages => {}
            Some(last) => self.sweep_after.set(Some(last.id)),
            None => self.move_cursor(cursor, Cursor { sweeping: false, ..cursor }).await?,
        }
        self.swept(cursor).await
    }

    async fn swept(&self, cursor: Cursor) -> Result<Applied, ReplicaError> {
        Ok(Applied::Progress { progress: self.progress(cursor.seq).await?, news: News::default() })
    }
}

fn is_lost(row: &StoredRow, era: u32) -> bool {
    holds(Safeguard::ReOffer) && matches!(&row.state, RowState::Synced(at) if at.era < era)
}

//! After the log was read again, or erased records were dropped from it: what the server has lost is offered
//! again, so that any one device brings it back, and what was erased is forgotten.
//!
//! It runs once the log of the era was read to its head. A row that the server still has was confirmed in
//! this era on the way; one that was confirmed in an older era only is not there any more.

use crate::graves::{Fate, fate, synced_fate};
use crate::meet::Met;
use crate::pages::Known;
use crate::pull::Applied;
use crate::safeguard::holds;
use crate::{Cursor, News, Put, Replica, ReplicaError, Safeguard, Store, StoredRow};
use satchel_wire::Stream;

/// Rows that are looked at in one step.
const BATCH: usize = 500;

impl<S: Store> Replica<S> {
    /// One step. A crash between steps repeats some of them, which changes nothing.
    pub async fn sweep(&self) -> Result<Applied, ReplicaError> {
        let cursor = self.cursor.get();
        if self.sweep_after.get().is_none() && self.has_lost_what_stays(&cursor).await? {
            self.move_cursor(cursor, cursor.of_other_log()).await?;
            return self.swept(self.cursor.get(), News::default()).await;
        }
        let wanted = |known: &Known| carried_out(synced_fate(&known.at, known.stream, &cursor));
        let paged = self.store.paged(wanted, BATCH).await?;
        let in_pages = !paged.is_empty();
        let rows = if in_pages { paged } else { self.store.scan_rows(self.sweep_after.get(), BATCH).await? };
        let mut met = Vec::new();
        for row in &rows {
            met.extend(self.swept_row(row, &cursor)?);
        }
        let Some(news) = self.commit_met(met, cursor, cursor).await? else {
            // Another tab moved one of these rows: the next step looks at them again.
            return self.swept(cursor, News::default()).await;
        };
        match rows.last() {
            Some(_) if in_pages => {}
            Some(last) => self.sweep_after.set(Some(last.id)),
            None => {
                self.sweep_after.set(None);
                self.move_cursor(cursor, Cursor { sweeping: false, ..cursor }).await?;
            }
        }
        self.swept(cursor, news).await
    }

    /// Whether the log lacks what is never purged: history, and what lies above the floor; or is one of two. Then it is
    /// not the one that was read before, and that a record is not there does not say that it was erased.
    async fn has_lost_what_stays(&self, cursor: &Cursor) -> Result<bool, ReplicaError> {
        if cursor.first_era >= cursor.era {
            return Ok(false);
        }
        let stays = |known: &Known| known.stream == Stream::History || known.at.seq > cursor.floor;
        let known = self.store.server_versions().await?;
        Ok(cursor.forked || known.iter().any(|known| cursor.was_same_log(known.at.era) && stays(known)))
    }

    pub(crate) fn swept_row(&self, row: &StoredRow, cursor: &Cursor) -> Result<Option<Met>, ReplicaError> {
        if let Some(state) = self.without_made_up(row, cursor) {
            let put = Put::new(row.id, Some(row.version), row.envelope.clone(), state.clone()).keeping();
            let swept = self.swept_row(&StoredRow { state, ..row.clone() }, cursor)?;
            return Ok(Some(swept.unwrap_or(Met::put(put))));
        }
        let fate = if self.was_made_up(row, cursor) { Fate::Erased } else { fate(row, cursor) };
        Ok(match fate {
            _ if !carried_out(fate) => None,
            Fate::Lost => Some(self.reoffer(row)?),
            Fate::Erased => Some(self.forget(row)?),
            Fate::ErasedUnsent => Some(self.set_erased_aside(row)),
            Fate::Stays => None,
        })
    }

    async fn swept(&self, cursor: Cursor, news: News) -> Result<Applied, ReplicaError> {
        let progress = self.progress(cursor.seq).await?;
        Ok(Applied::Progress { news: News { is_whole: progress.is_whole(), ..news }, progress })
    }
}

fn carried_out(fate: Fate) -> bool {
    match fate {
        Fate::Stays => false,
        Fate::Lost => holds(Safeguard::ReOffer),
        Fate::Erased | Fate::ErasedUnsent => true,
    }
}

//! Both sides compared as a whole: "synced" is said of records that the server is known to hold.

use crate::pages::Known;
use crate::pull::Applied;
use crate::tally::Tally;
use crate::{
    Changeset, Checked, Cursor, CursorMove, Durability, Progress, Replica, ReplicaError, Store, StoreError,
    Verified, Vouched,
};
use satchel_wire::{Digest, SpaceState};

/// The place is written this often when nothing moved, ms.
const NOTE_EVERY_MS: u64 = 60_000;

/// How a comparison went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Compared {
    /// The server holds what is known here.
    Same(Checked),
    /// Not the same moment: something is to be done first.
    Early(Progress),
    /// At the same number it holds something else.
    Differs,
    /// It is another log.
    Reset,
}

impl<S: Store> Replica<S> {
    /// Holds the server's digest against the rows. Nothing is opened.
    pub async fn compare(&self, digest: &Digest, wall_ms: u64) -> Result<Compared, ReplicaError> {
        let (cursor, space) = (self.cursor.get(), &digest.space);
        if self.is_other_log(cursor.seq, space) {
            self.reset(space, wall_ms).await?;
            return Ok(Compared::Reset);
        }
        if space.purge_floor > cursor.floor && cursor.seq >= space.purge_floor {
            let to = Cursor { floor: space.purge_floor, sweeping: true, verified: None, ..cursor };
            self.move_cursor(cursor, to).await?;
            return Ok(Compared::Early(self.progress(space.head).await?));
        }
        if space.head > cursor.seq {
            return Ok(Compared::Early(self.progress(space.head).await?));
        }
        let kept = self.tally.take().filter(|tally| tally.era() == cursor.era);
        for trial in [kept, None] {
            let mut tally = match trial {
                Some(tally) => tally,
                None => self.tallied().await?,
            };
            let (root, highest, records) = (tally.root(), tally.highest(), tally.records());
            self.tally.replace(Some(tally));
            if highest > space.head {
                return self.ahead(highest, space, wall_ms).await;
            }
            if root == digest.root {
                return Ok(Compared::Same(self.note_verified(digest, records, wall_ms).await?));
            }
        }
        Ok(Compared::Differs)
    }

    /// The server has confirmed a higher number than its head. Once, the answer may be older than what another tab
    /// has sent; the same again is another log.
    async fn ahead(&self, highest: u64, space: &SpaceState, wall_ms: u64) -> Result<Compared, ReplicaError> {
        if self.beyond.replace(highest) == highest {
            self.reset(space, wall_ms).await?;
            return Ok(Compared::Reset);
        }
        Ok(Compared::Early(self.progress(highest).await?))
    }

    async fn tallied(&self) -> Result<Tally, ReplicaError> {
        let mut tally = Tally::new(self.cursor.get().era);
        for Known { id, at, stream } in self.store.server_versions().await? {
            tally.note(id, Some(at), stream);
        }
        Ok(tally)
    }

    /// Keeps that all was the same, at which number and when.
    async fn note_verified(
        &self,
        digest: &Digest,
        records: u64,
        wall_ms: u64,
    ) -> Result<Checked, ReplicaError> {
        let from = self.cursor.get();
        let at_ms = digest.space.server_ms;
        let verified = Verified { seq: from.seq, root: digest.root, at_ms, records };
        let moved = from.verified.is_none_or(|before| before.seq != from.seq || before.root != digest.root);
        let due = from.synced_ms.is_none_or(|before| at_ms.saturating_sub(before) >= NOTE_EVERY_MS);
        let to = Cursor { verified: Some(verified), synced_ms: Some(at_ms), ..from };
        if moved || due {
            self.keep_verified(from, to).await?;
        }
        Ok(Checked { seq: from.seq, at_ms: wall_ms, records })
    }

    async fn keep_verified(&self, from: Cursor, to: Cursor) -> Result<(), ReplicaError> {
        let (Some(incarnation), Some(Verified { seq, root, .. })) = (to.incarnation, to.verified) else {
            return Ok(());
        };
        let vouched = Vouched { incarnation, seq, floor: to.floor, root };
        // Another tab may have compared since: what it saw is kept too. The cursor tells if it goes on meanwhile.
        self.recall().await?;
        let locals = vec![self.remember(vouched, to.first_era)?];
        let cursor = Some(CursorMove { from, to });
        let durability = Durability::Relaxed;
        match self.commit(Changeset { durability, cursor, locals, ..Changeset::default() }).await {
            // Another tab went on: what was the same then is the same still.
            Err(StoreError::Stale(_)) => self.reload_cursor().await,
            done => Ok(done?),
        }
    }

    /// Without [`crate::Safeguard::Digest`] nothing is compared: that all was sent and read is all that can be said.
    pub async fn note_unverified(&self, wall_ms: u64) -> Result<(), ReplicaError> {
        let from = self.cursor.get();
        let now_ms = self.now(wall_ms).ms;
        if from.synced_ms.is_none_or(|before| now_ms.saturating_sub(before) >= NOTE_EVERY_MS) {
            self.move_cursor(from, Cursor { synced_ms: Some(now_ms), ..from }).await?;
        }
        Ok(())
    }

    /// Begins to mend a difference. Numbers do not tell what is lacking, here or there: a server that was set
    /// back behind everybody's back has handed out the same ones twice. So the log is read again in a new era,
    /// and what is of no version in it is offered. How far it was purged is learned anew with it: the graves of a log
    /// that was set back may lie below the floor of the other one, and it has them.
    pub async fn repair(&self) -> Result<Applied, ReplicaError> {
        let from = self.cursor.get();
        let era = from.era.saturating_add(1);
        self.read_from_start(Cursor { first_era: era, floor: 0, read: 0, ..from }).await?;
        Ok(Applied::Reset)
    }
}

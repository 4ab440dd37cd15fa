//! What was erased: record ids and hashes of sealed rows, kept sealed on the device that erased.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::view::number;
use crate::engine::workspace::Workspace;
use crate::port::{BackupKind, ErasedRecord, ErasedState, Erasure};
use satchel_domain::RecordId;
use satchel_domain::sorted;
use satchel_replica::SealedRecord;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Local items under this prefix are proofs.
const PROOFS: &str = "erasure/";

/// And under this one, of what is being erased.
const BEGUN: &str = "erasing/";
/// Under this one something lies as long as nothing of that was erased here: it goes with what is erased, in one
/// transaction.
const STANDING: &str = "standing/";
/// Erasing takes no longer: what nothing came of until then was given up, ms.
const GIVEN_UP_MS: u64 = 60 * 60_000;

/// A proof as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) at_ms: u64,
    pub(super) code: String,
    pub(super) by: String,
    pub(super) device: String,
    /// Which, what, and the hashes of the rows before and after.
    pub(super) rows: Vec<(RecordId, u8, [u8; 32], [u8; 32])>,
    pub(super) taken_off: u64,
    pub(super) named: u64,
    pub(super) drafts: u64,
}

impl Kept {
    fn bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("plain values are written to memory")
    }
}

fn begun(id: RecordId) -> String {
    format!("{BEGUN}{}", id.to_hex())
}

/// What is to be dropped in the transaction that erases.
pub(super) fn standing(id: RecordId) -> String {
    format!("{STANDING}{}", id.to_hex())
}

impl<H: Host> Workspace<H> {
    /// Keeps what is about to be proved; gives its name. It is proved once [`standing`] is dropped, by nobody else's
    /// graves.
    pub(super) async fn begin_proof(&self, kept: &Kept) -> Ended<RecordId> {
        let id = self.new_id();
        self.keep_local(&standing(id), Some(&[])).await?;
        self.keep_local(&begun(id), Some(&kept.bytes())).await?;
        Ok(id)
    }

    /// Nothing was erased. What cannot be removed now is dropped later.
    pub(super) async fn give_up_proof(&self, id: RecordId) {
        let _ = self.replica.remove_locals(&[begun(id), standing(id)]).await;
    }

    /// Ends the proofs of what was erased by now, and gives them; where the disk does not take them they are ended
    /// another time.
    pub(super) async fn end_proofs(&self) -> BTreeMap<RecordId, Kept> {
        let mut ended = BTreeMap::new();
        for (id, mut kept) in self.proofs(BEGUN).await {
            match self.end_proof(id, &mut kept).await {
                Ok(true) => drop(ended.insert(id, kept)),
                Ok(false) if self.host.now_ms().abs_diff(kept.at_ms) < GIVEN_UP_MS => {}
                Ok(false) => self.give_up_proof(id).await,
                Err(_) => {}
            }
        }
        ended
    }

    /// Whether it was erased here: then the proof says how its rows lie sealed now. What another device erased
    /// meanwhile is not proved by this one.
    async fn end_proof(&self, id: RecordId, kept: &mut Kept) -> Ended<bool> {
        if !self.replica.locals(&standing(id)).await?.is_empty() {
            return Ok(false);
        }
        let ids: Vec<RecordId> = kept.rows.iter().map(|(id, ..)| *id).collect();
        let now = self.replica.how_sealed(&ids).await?;
        if !now.iter().any(|row| row.is_grave) {
            return Ok(false);
        }
        for (id, _, _, after) in &mut kept.rows {
            *after = now.iter().find(|row| row.id == *id).map_or(*after, |row| row.etag.0);
        }
        let name = format!("{PROOFS}{}", id.to_hex());
        if self.keep_local(&name, Some(&kept.bytes())).await.is_ok() {
            self.give_up_proof(id).await;
        }
        Ok(true)
    }

    async fn proofs(&self, prefix: &str) -> BTreeMap<RecordId, Kept> {
        let items = self.replica.locals(prefix).await.unwrap_or_default().into_iter();
        let read = items.filter_map(|(key, bytes)| {
            let id = key.strip_prefix(prefix).and_then(RecordId::from_hex)?;
            Some((id, postcard::from_bytes(&bytes).ok()?))
        });
        read.collect()
    }

    /// What was erased on this device, newest first, and how it stands by now.
    pub(in crate::engine) async fn erasures(&self) -> Vec<Erasure> {
        let ended = self.end_proofs().await;
        let mut kept = self.proofs(PROOFS).await;
        kept.extend(ended);
        let mut proofs = Vec::new();
        for (id, kept) in kept {
            proofs.push(self.erasure(id, kept).await);
        }
        sorted::sort_by_key(&mut proofs, |proof| std::cmp::Reverse(proof.at_ms));
        proofs
    }

    async fn erasure(&self, id: RecordId, kept: Kept) -> Erasure {
        let ids: Vec<RecordId> = kept.rows.iter().map(|(id, ..)| *id).collect();
        // What cannot be looked up is told as not confirmed.
        let now = self.replica.how_sealed(&ids).await.unwrap_or_default();
        let state = |id| now.iter().find(|row| row.id == id).map_or(ErasedState::Waiting, state);
        let rows = kept.rows.into_iter();
        let records = rows.map(|(id, what, before, after)| ErasedRecord {
            id,
            kind: kind(what),
            before,
            after,
            state: state(id),
        });
        Erasure {
            id,
            at_ms: kept.at_ms,
            code: kept.code,
            by: kept.by,
            device: kept.device,
            records: records.collect(),
            taken_off: number(kept.taken_off as usize),
            named: number(kept.named as usize),
            drafts: number(kept.drafts as usize),
        }
    }
}

fn state(row: &SealedRecord) -> ErasedState {
    match (row.is_grave, row.seq) {
        (true, Some(seq)) => ErasedState::Confirmed(seq),
        (true, None) => ErasedState::Waiting,
        (false, _) => ErasedState::Returned,
    }
}

fn kind(what: u8) -> BackupKind {
    const KINDS: [BackupKind; 4] =
        [BackupKind::Partner, BackupKind::Interaction, BackupKind::Order, BackupKind::Task];
    KINDS.into_iter().find(|kind| *kind as u8 == what).unwrap_or(BackupKind::Other)
}

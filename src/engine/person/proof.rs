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

/// Local items under this prefix are proofs.
const PROOFS: &str = "erasure/";

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

impl<H: Host> Workspace<H> {
    /// Keeps a proof; gives its name.
    pub(super) async fn keep_proof(&self, kept: &Kept) -> Ended<RecordId> {
        let id = self.new_id();
        let bytes = postcard::to_allocvec(kept).expect("plain values are written to memory");
        self.keep_local(&format!("{PROOFS}{}", id.to_hex()), Some(&bytes)).await?;
        Ok(id)
    }

    /// What was erased on this device, newest first, and how it stands by now.
    pub(in crate::engine) async fn erasures(&self) -> Vec<Erasure> {
        let items = self.replica.locals(PROOFS).await.unwrap_or_default();
        let mut proofs = Vec::new();
        for (key, bytes) in items {
            let id = key.strip_prefix(PROOFS).and_then(RecordId::from_hex);
            let (Some(id), Ok(kept)) = (id, postcard::from_bytes::<Kept>(&bytes)) else { continue };
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

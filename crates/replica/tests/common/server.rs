//! The real rules of the log over memory, with a clock, and what tests do to a server behind its back.

use super::device::SPACE;
use satchel_ledger::{Denied, Detail, MemoryLedger, Span};
use satchel_replica::Fault;
use satchel_wire::{
    Changes, DeviceId, Digest, Envelope, Etag, Incarnation, MAX_CIPHERTEXT, Push, PushAnswer, PushMode, Row,
    Seen,
};
use std::collections::BTreeSet;

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) ledger: MemoryLedger,
    pub(crate) now_ms: u64,
    /// Bytes that it will refuse, by their version.
    pub(crate) refuses: BTreeSet<Etag>,
    /// Most rows in a page, to make several.
    pub(crate) page: u32,
    /// It is of a time before there was a digest.
    pub(crate) has_no_digest: bool,
    /// Records that it leaves out of what it says.
    pub(crate) hidden: BTreeSet<satchel_wire::RecordId>,
    /// The purge floor that it claims, whatever it has purged.
    pub(crate) floor: Option<u64>,
}

impl Server {
    pub(crate) fn new(now_ms: u64) -> Self {
        Self {
            ledger: MemoryLedger::new(SPACE, Incarnation([1; 16])),
            now_ms,
            refuses: BTreeSet::new(),
            page: 7,
            has_no_digest: false,
            hidden: BTreeSet::new(),
            floor: None,
        }
    }

    pub(crate) fn head(&self) -> u64 {
        self.ledger.state(self.now_ms).head
    }

    pub(crate) fn rows(&self) -> Vec<Row> {
        self.ledger.rows().cloned().collect()
    }

    pub(crate) fn row(&self, id: satchel_wire::RecordId) -> Option<Row> {
        self.ledger.rows().find(|row| row.envelope.header.record == id).cloned()
    }

    pub(crate) fn push(&mut self, push: &Push) -> Result<PushAnswer, Fault> {
        let mut push = push.clone();
        for write in push.writes.iter_mut().filter(|write| self.refuses.contains(&write.etag())) {
            write.ciphertext = vec![0; MAX_CIPHERTEXT + 1];
        }
        let writer = push.writes.first().map_or(DeviceId(0), |write| write.header.device);
        self.ledger.push(writer, &push, self.now_ms).map_err(fault)
    }

    /// Stores these bytes over what is there, as a device would that does as it likes.
    pub(crate) fn plant(&mut self, envelope: Envelope) {
        let header = envelope.header;
        let state = self.ledger.state(self.now_ms);
        let seen = Seen { seq: 0, root: None };
        let (incarnation, epoch) = (Some(state.incarnation), state.epoch);
        let push = Push { push_id: 0, incarnation, epoch, seen, mode: PushMode::All, writes: vec![envelope] };
        let answer = self.ledger.push(header.device, &push, self.now_ms).expect("is taken");
        assert!(matches!(answer.verdicts[..], [satchel_wire::Verdict::Accepted { .. }]), "{answer:?}");
    }

    pub(crate) fn changes(&self, since: u64, limit: u32, floor: u64) -> Result<Changes, Fault> {
        let span = Span { since, limit: limit.min(self.page), floor };
        let mut changes = self.ledger.changes(span, self.now_ms).map_err(fault)?;
        changes.rows.retain(|row| !self.hidden.contains(&row.envelope.header.record));
        if let Some(floor) = self.floor {
            changes.space.purge_floor = floor;
        }
        Ok(changes)
    }

    pub(crate) fn digest(&mut self) -> Result<Digest, Fault> {
        if self.has_no_digest {
            return Err(Fault::Status { status: 404, retry_after_ms: None });
        }
        Ok(self.ledger.digest(Detail::Root, self.now_ms))
    }

    /// A copy of an earlier day is put in place, as the restore command does.
    pub(crate) fn restore(&mut self, copy: &Self) {
        let mut incarnation = self.ledger.state(self.now_ms).incarnation;
        incarnation.0[0] += 1;
        self.ledger.restore(&copy.ledger, Some(incarnation));
    }

    /// The same behind everybody's back.
    pub(crate) fn set_back(&mut self, copy: &Self) {
        self.ledger.restore(&copy.ledger, None);
    }
}

fn fault(denied: Denied) -> Fault {
    let status = match denied {
        Denied::Malformed => 400,
        Denied::Incarnation(_) => 409,
        Denied::TooLarge => 413,
        Denied::Purged => 410,
    };
    Fault::Status { status, retry_after_ms: None }
}

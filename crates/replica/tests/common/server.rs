//! The server's log rule and nothing else: compare-and-swap by etag, rising numbers, one row a record.

use satchel_wire::{
    Changes, Envelope, Etag, Incarnation, MAX_CIPHERTEXT, Push, PushAnswer, RecordId, Refusal, Row,
    SpaceState, Verdict,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) rows: BTreeMap<RecordId, Row>,
    pub(crate) head: u64,
    pub(crate) incarnation: Incarnation,
    pub(crate) now_ms: u64,
    /// Bytes that it will refuse, by their version.
    pub(crate) refuses: BTreeSet<Etag>,
    /// Most rows in a page, to make several.
    pub(crate) page: usize,
    /// Says "accepted" and forgets, once in so many writes: to see that the tests can fail.
    pub(crate) forgets: Option<u64>,
    writes: u64,
}

impl Server {
    pub(crate) fn new(now_ms: u64) -> Self {
        Self {
            rows: BTreeMap::new(),
            head: 0,
            incarnation: Incarnation([1; 16]),
            now_ms,
            refuses: BTreeSet::new(),
            page: 7,
            forgets: None,
            writes: 0,
        }
    }

    pub(crate) fn state(&self) -> SpaceState {
        SpaceState {
            head: self.head,
            incarnation: self.incarnation,
            epoch: 1,
            purge_floor: 0,
            server_ms: self.now_ms,
        }
    }

    pub(crate) fn push(&mut self, push: &Push) -> PushAnswer {
        let verdicts = push.writes.iter().map(|write| self.write(write)).collect();
        PushAnswer { space: self.state(), verdicts }
    }

    fn write(&mut self, envelope: &Envelope) -> Verdict {
        let etag = envelope.etag();
        if envelope.ciphertext.len() > MAX_CIPHERTEXT || self.refuses.contains(&etag) {
            return Verdict::Refused { reason: Refusal::TooLarge };
        }
        let current = self.rows.get(&envelope.header.record);
        if let Some(row) = current.filter(|row| row.envelope.etag() == etag) {
            return Verdict::Accepted { seq: row.seq };
        }
        if current.map(|row| row.envelope.etag()) != envelope.header.replaces {
            return Verdict::Stale { current: current.cloned() };
        }
        self.head += 1;
        self.writes += 1;
        let row = Row { seq: self.head, received_ms: self.now_ms, envelope: envelope.clone() };
        if self.forgets.is_none_or(|every| !self.writes.is_multiple_of(every)) {
            self.rows.insert(envelope.header.record, row);
        }
        Verdict::Accepted { seq: self.head }
    }

    pub(crate) fn changes(&self, since: u64, limit: u32) -> Changes {
        let mut rows: Vec<_> = self.rows.values().filter(|row| row.seq > since).cloned().collect();
        rows.sort_by_key(|row| row.seq);
        let limit = self.page.min(limit as usize);
        let next = if rows.len() > limit { rows[limit - 1].seq } else { self.head };
        rows.truncate(limit);
        Changes { space: self.state(), rows, next: next.max(since.min(self.head)) }
    }

    /// A copy of an earlier day is put in place, as the restore command does.
    pub(crate) fn restore(&mut self, copy: &Self) {
        let mut incarnation = self.incarnation;
        incarnation.0[0] += 1;
        *self = Self { incarnation, now_ms: self.now_ms, ..copy.clone() };
    }
}

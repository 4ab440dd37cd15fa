//! What every log of a space must do, whatever lies behind it. A store's tests call
//! [`conformance!`](crate::conformance!) with a function that makes an empty log of [`SPACE`].

mod alike;
mod digests;
mod pulls;
mod purges;
mod pushes;

use satchel_wire::{
    Changes, DeviceId, Digest, Envelope, Etag, Header, Push, PushAnswer, PushMode, RecordId, Refusal, Row,
    Seen, SpaceId, SpaceState, Stream, Verdict,
};

use crate::{Denied, Detail, MemoryLedger, Span};

pub use alike::answer_alike;
pub use digests::*;
pub use pulls::*;
pub use purges::*;
pub use pushes::*;

/// The space of these cases.
pub const SPACE: SpaceId = SpaceId([1; 16]);
/// The device that writes in these cases.
pub const DEVICE: DeviceId = DeviceId(u64::MAX);
/// The clock of these cases, ms since 1970 UTC.
pub const NOW: u64 = 1_800_000_000_000;

/// A log of [`SPACE`] under test.
pub trait Subject {
    /// Judges and stores a push.
    fn push(&mut self, writer: DeviceId, push: &Push, now_ms: u64) -> Result<PushAnswer, Denied>;
    /// One page of changes.
    fn changes(&mut self, span: Span, now_ms: u64) -> Result<Changes, Denied>;
    /// What the space holds, in short.
    fn digest(&mut self, detail: Detail, now_ms: u64) -> Digest;
    /// Drops every grave that is old enough.
    fn purge(&mut self, now_ms: u64);
    /// Starts the next epoch.
    fn raise_epoch(&mut self);
}

impl Subject for MemoryLedger {
    fn push(&mut self, writer: DeviceId, push: &Push, now_ms: u64) -> Result<PushAnswer, Denied> {
        Self::push(self, writer, push, now_ms)
    }

    fn changes(&mut self, span: Span, now_ms: u64) -> Result<Changes, Denied> {
        Self::changes(self, span, now_ms)
    }

    fn digest(&mut self, detail: Detail, now_ms: u64) -> Digest {
        Self::digest(self, detail, now_ms)
    }

    fn purge(&mut self, now_ms: u64) {
        while Self::purge(self, 2, now_ms) > 0 {}
    }

    fn raise_epoch(&mut self) {
        Self::raise_epoch(self);
    }
}

/// Runs every case as a test of its own, on a log of its own: `conformance!(open)`, where `open()` gives
/// a [`Subject`](crate::conformance::Subject).
#[macro_export]
macro_rules! conformance {
    ($open:path) => {
        $crate::conformance!(@cases $open:
            numbers_are_contiguous_and_rows_are_newest,
            headers_come_back_as_they_were,
            compare_and_swap,
            a_chain_in_one_push,
            pushing_again_changes_nothing,
            together_or_not_at_all,
            groups_stand_or_fall_apart,
            a_run_that_falls_leaves_nothing_behind,
            groups_that_do_not_add_up_are_malformed,
            refusals_say_why,
            an_older_epoch_is_refused_unless_it_is_stored,
            pushes_are_bounded,
            answers_are_bounded,
            a_restored_log_says_so,
            an_empty_push_says_where_the_space_stands,
            pages_are_bounded_by_count,
            pages_are_bounded_by_bytes,
            a_cursor_beyond_the_head_gets_nothing,
            a_grave_replaces_a_state_like_any_write,
            graves_go_after_180_days_and_nothing_else_does,
            a_young_grave_keeps_those_behind_it,
            a_cursor_below_the_purge_floor_is_told,
            the_digest_is_that_of_the_rows,
            the_digest_follows_a_purge,
        );
    };
    (@cases $open:path: $($case:ident,)*) => {
        $(#[test]
        fn $case() {
            $crate::conformance::$case(&mut $open());
        })*
    };
}

/// The id of record `record`: they are spread over the buckets.
pub fn id(record: u32) -> RecordId {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&record.reverse_bits().to_be_bytes());
    RecordId(id)
}

/// A write of `content` to record `record`.
pub fn write(record: u32, replaces: Option<Etag>, content: &[u8]) -> Envelope {
    let header = Header {
        format: crate::FORMAT,
        space: SPACE,
        record: id(record),
        stream: Stream::State,
        epoch: crate::FIRST_EPOCH,
        replaces,
        device: DEVICE,
    };
    Envelope { header, ciphertext: content.to_vec() }
}

/// The last word on what `envelope` is a version of.
pub fn grave(envelope: &Envelope) -> Envelope {
    let header = Header { stream: Stream::Grave, replaces: Some(envelope.etag()), ..envelope.header };
    Envelope { header, ciphertext: [b"grave of ", &envelope.ciphertext[..]].concat() }
}

/// A push of a device that knows nothing yet.
pub fn offer(mode: PushMode, writes: Vec<Envelope>) -> Push {
    let seen = Seen { seq: 0, root: None };
    Push { push_id: 1, incarnation: None, epoch: crate::FIRST_EPOCH, seen, mode, writes }
}

fn push(log: &mut impl Subject, mode: PushMode, writes: Vec<Envelope>) -> PushAnswer {
    log.push(DEVICE, &offer(mode, writes), NOW).expect("not denied")
}

fn each(log: &mut impl Subject, writes: Vec<Envelope>) -> Vec<Verdict> {
    push(log, PushMode::Each, writes).verdicts
}

/// Stores new records of `bytes` bytes each, with the numbers from 0.
fn fill(log: &mut impl Subject, records: u32, bytes: usize) -> Vec<Envelope> {
    let content = |record: u32| {
        let mut content = vec![0; bytes];
        content[..4].copy_from_slice(&record.to_be_bytes());
        content
    };
    let writes: Vec<_> = (0..records).map(|record| write(record, None, &content(record))).collect();
    for write in &writes {
        each(log, vec![write.clone()]);
    }
    writes
}

/// All rows after `since`, by pages of `limit`.
fn read_all(log: &mut impl Subject, mut since: u64, limit: u32) -> (Vec<Row>, SpaceState) {
    let mut rows = Vec::new();
    loop {
        let page = log.changes(Span { since, limit, floor: 0 }, NOW).expect("not denied");
        assert!(page.rows.len() <= limit as usize);
        rows.extend(page.rows);
        since = page.next;
        if since == page.space.head {
            return (rows, page.space);
        }
    }
}

fn numbers(rows: &[Row]) -> Vec<u64> {
    rows.iter().map(|row| row.seq).collect()
}

fn accepted(seq: u64) -> Verdict {
    Verdict::Accepted { seq }
}

fn known(seq: u64) -> Verdict {
    Verdict::Known { seq, received_ms: NOW }
}

fn refused(reason: Refusal) -> Verdict {
    Verdict::Refused { reason }
}

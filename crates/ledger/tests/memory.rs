//! The ledger in memory: what every log must do, and what only it can.

use satchel_ledger::{
    MemoryLedger, Safeguard,
    conformance::{DEVICE, NOW, SPACE, offer, write},
    leave_out,
};
use satchel_wire::{Envelope, Incarnation, PushMode, Verdict};

const FIRST: Incarnation = Incarnation([1; 16]);

fn empty() -> MemoryLedger {
    MemoryLedger::new(SPACE, FIRST)
}

satchel_ledger::conformance!(empty);

fn each(log: &mut MemoryLedger, write: Envelope) -> Verdict {
    let answer = log.push(DEVICE, &offer(PushMode::Each, vec![write]), NOW).expect("not denied");
    answer.verdicts.into_iter().next().expect("one verdict")
}

#[test]
fn a_clone_is_a_snapshot_that_can_be_put_back() {
    let mut log = empty();
    let first = write(1, None, b"first");
    each(&mut log, first.clone());
    let copy = log.clone();
    each(&mut log, write(1, Some(first.etag()), b"second"));
    assert_eq!((copy.state(NOW).head, log.state(NOW).head), (1, 2));
    for incarnation in [None, Some(Incarnation([2; 16]))] {
        log.restore(&copy, incarnation);
        assert_eq!(log.rows().map(|row| &row.envelope).collect::<Vec<_>>(), [&first]);
        assert_eq!(log.state(NOW).incarnation, incarnation.unwrap_or(FIRST));
    }
}

#[test]
fn without_compare_and_swap_a_stale_write_is_stored() {
    let mut log = empty();
    each(&mut log, write(1, None, b"first"));
    assert!(matches!(each(&mut log, write(1, None, b"rival")), Verdict::Stale { .. }));
    leave_out(Some(Safeguard::CompareAndSwap));
    assert_eq!(each(&mut log, write(1, None, b"rival")), Verdict::Accepted { seq: 2 });
    leave_out(None);
}

#[test]
fn without_the_fence_an_older_epoch_is_stored() {
    let mut log = empty();
    assert_eq!(log.raise_epoch(), 2);
    assert!(matches!(each(&mut log, write(1, None, b"late")), Verdict::Refused { .. }));
    leave_out(Some(Safeguard::EpochFence));
    assert_eq!(each(&mut log, write(1, None, b"late")), Verdict::Accepted { seq: 1 });
    leave_out(None);
}

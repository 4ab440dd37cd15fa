//! Judging writes (PROTOCOL, push).

use satchel_wire::{
    DeviceId, Etag, Incarnation, MAX_CIPHERTEXT, MAX_PUSH_WRITES, PushMode, Refusal, SpaceId, Stream, Verdict,
};

use super::{DEVICE, NOW, Subject, accepted, each, known, numbers, offer, push, read_all, refused, write};
use crate::Denied;

/// Each accepted write gets the next number, and a record has its newest row only.
pub fn numbers_are_contiguous_and_rows_are_newest(log: &mut impl Subject) {
    let first = write(1, None, b"first");
    let replaces = Some(first.etag());
    assert_eq!(each(log, vec![first, write(2, None, b"other")]), [accepted(1), accepted(2)]);
    let second = write(1, replaces, b"second");
    assert_eq!(each(log, vec![second.clone()]), [accepted(3)]);
    let (rows, space) = read_all(log, 0, 10);
    assert_eq!(numbers(&rows), [2, 3]);
    assert_eq!(rows[1].envelope, second);
    assert_eq!(space.head, 3);
}

/// What was pushed is what is pulled, to the last bit, in every stream.
pub fn headers_come_back_as_they_were(log: &mut impl Subject) {
    let device = DeviceId(1 << 63);
    for (seq, stream) in (1..).zip([Stream::State, Stream::History, Stream::Grave]) {
        let mut write = write(seq as u32, None, &[0, 255, 0, seq as u8]);
        (write.header.stream, write.header.device) = (stream, device);
        let answer = log.push(device, &offer(PushMode::Each, vec![write.clone()]), NOW).expect("not denied");
        assert_eq!(answer.verdicts, [accepted(seq)]);
        let (rows, _) = read_all(log, seq - 1, 10);
        assert_eq!(rows.len(), 1);
        assert_eq!((&rows[0].envelope, rows[0].received_ms), (&write, NOW));
    }
}

/// What is stored × what the write claims to replace → the verdict.
pub fn compare_and_swap(log: &mut impl Subject) {
    let stored = write(1, None, b"stored");
    each(log, vec![stored.clone()]);
    let (rows, _) = read_all(log, 0, 10);
    let current = Some(rows[0].clone());
    let elsewhere = Some(Etag::of(b"a version that the server never had"));
    let table = [
        (2, elsewhere, Verdict::Stale { current: None }),
        (1, elsewhere, Verdict::Stale { current: current.clone() }),
        (1, None, Verdict::Stale { current }),
        (1, Some(stored.etag()), accepted(2)),
        (2, None, accepted(3)),
    ];
    for (record, replaces, verdict) in table {
        let write = write(record, replaces, b"offered");
        assert_eq!(each(log, vec![write]), [verdict], "record {record}, replaces {replaces:?}");
    }
}

/// A write may replace one before it in the same push; a rival in the same push meets that one.
pub fn a_chain_in_one_push(log: &mut impl Subject) {
    let one = write(1, None, b"one");
    let two = write(1, Some(one.etag()), b"two");
    let verdicts = each(log, vec![one.clone(), two.clone(), one, write(1, None, b"rival")]);
    assert_eq!(verdicts[..2], [accepted(1), accepted(2)]);
    for stale in &verdicts[2..] {
        let Verdict::Stale { current: Some(row) } = stale else { panic!("{stale:?}") };
        assert_eq!((row.seq, row.received_ms, &row.envelope), (2, NOW, &two));
    }
    let (rows, space) = read_all(log, 0, 10);
    assert_eq!((numbers(&rows), space.head), (vec![2], 2));
    assert_eq!(rows[0].envelope, two);
}

/// Idempotent by content, in every mode.
pub fn pushing_again_changes_nothing(log: &mut impl Subject) {
    let writes: Vec<_> = (0..3).map(|record| write(record, None, &record.to_be_bytes())).collect();
    push(log, PushMode::Each, writes.clone());
    for mode in [PushMode::Each, PushMode::All, PushMode::Groups(vec![2, 1])] {
        let again = push(log, mode, writes.clone());
        assert_eq!(again.verdicts, [known(1), known(2), known(3)]);
        assert_eq!(again.space.head, 3);
    }
}

/// Mode `all`: one stale write takes back what the others would have stored.
pub fn together_or_not_at_all(log: &mut impl Subject) {
    let there = write(1, None, b"there");
    each(log, vec![there.clone()]);
    let writes = vec![there.clone(), write(2, None, b"fine"), write(1, None, b"stale")];
    let answer = push(log, PushMode::All, writes);
    assert_eq!(answer.verdicts[..2], [known(1), refused(Refusal::Together)]);
    assert!(matches!(answer.verdicts[2], Verdict::Stale { current: Some(_) }));
    assert_eq!(answer.space.head, 1);
    let whole = vec![write(2, None, b"fine"), write(1, Some(there.etag()), b"next")];
    let answer = push(log, PushMode::All, whole);
    assert_eq!(answer.verdicts, [accepted(2), accepted(3)]);
    assert_eq!(read_all(log, 0, 10).0.len(), 2);
}

/// Mode `groups`: a run that falls takes nothing with it but itself, and its numbers are used again.
pub fn groups_stand_or_fall_apart(log: &mut impl Subject) {
    let there = write(1, None, b"there");
    each(log, vec![there.clone()]);
    let fine = |record| write(record, None, b"fine");
    let stale = write(1, None, b"stale");
    let writes = vec![fine(2), fine(3), there, fine(4), stale, fine(5), fine(6)];
    let answer = push(log, PushMode::Groups(vec![2, 3, 1, 1]), writes);
    assert_eq!(answer.verdicts[..4], [accepted(2), accepted(3), known(1), refused(Refusal::Together)]);
    assert!(matches!(answer.verdicts[4], Verdict::Stale { current: Some(_) }));
    assert_eq!(answer.verdicts[5..], [accepted(4), accepted(5)]);
    let (rows, space) = read_all(log, 0, 10);
    assert_eq!((numbers(&rows), space.head), (vec![1, 2, 3, 4, 5], 5));
}

/// A stale write of a run that falls meets what is really stored, not what its run took back.
pub fn a_run_that_falls_leaves_nothing_behind(log: &mut impl Subject) {
    let there = write(1, None, b"there");
    each(log, vec![there.clone()]);
    let (rows, _) = read_all(log, 0, 10);
    let rivals = |record, replaces| [b"one", b"two"].map(|content| write(record, replaces, content)).to_vec();
    let table = [(rivals(1, Some(there.etag())), Some(rows[0].clone())), (rivals(2, None), None)];
    for (writes, current) in table {
        for mode in [PushMode::All, PushMode::Groups(vec![2])] {
            let answer = push(log, mode, writes.clone());
            let stale = Verdict::Stale { current: current.clone() };
            assert_eq!(answer.verdicts, [refused(Refusal::Together), stale]);
            assert_eq!(answer.space.head, 1);
        }
    }
    assert_eq!(read_all(log, 0, 10).0, rows);
}

/// Lengths of groups that do not add up to the push.
pub fn groups_that_do_not_add_up_are_malformed(log: &mut impl Subject) {
    for lengths in [vec![], vec![1], vec![3], vec![1, 2], vec![0, 0, 2]] {
        let writes = vec![write(1, None, b"one"), write(2, None, b"two")];
        let push = offer(PushMode::Groups(lengths), writes);
        assert_eq!(log.push(DEVICE, &push, NOW), Err(Denied::Malformed));
    }
    assert_eq!(read_all(log, 0, 10).1.head, 0);
}

/// A write that can never be stored, and its reason.
pub fn refusals_say_why(log: &mut impl Subject) {
    let good = write(1, None, b"good");
    let [mut space, mut device, mut format, mut epoch] = [(); 4].map(|()| write(1, None, b"bad"));
    space.header.space = SpaceId([9; 16]);
    device.header.device = DeviceId(5);
    format.header.format = 2;
    epoch.header.epoch = 2;
    let large = write(1, None, &vec![0; MAX_CIPHERTEXT + 1]);
    let verdicts = each(log, vec![space, device, format, epoch.clone(), large, good]);
    assert!(verdicts[..4].iter().all(|verdict| *verdict == refused(Refusal::Mismatch)));
    assert_eq!(verdicts[4..], [refused(Refusal::TooLarge), accepted(1)]);

    let mut later = offer(PushMode::Each, vec![epoch]);
    later.epoch = 2;
    let answer = log.push(DEVICE, &later, NOW).expect("not denied");
    assert_eq!(answer.verdicts, [refused(Refusal::Epoch)]);
    let largest = write(2, None, &vec![0; MAX_CIPHERTEXT]);
    assert_eq!(each(log, vec![largest]), [accepted(2)]);
}

/// The epoch fence: a device that missed a rotation stores nothing more; what it stored before is told as such.
pub fn an_older_epoch_is_refused_unless_it_is_stored(log: &mut impl Subject) {
    let stored = write(1, None, b"stored");
    each(log, vec![stored.clone()]);
    log.raise_epoch();
    let answer = push(log, PushMode::Each, vec![stored.clone(), write(2, None, b"late")]);
    assert_eq!(answer.verdicts, [known(1), refused(Refusal::Epoch)]);
    assert_eq!((answer.space.head, answer.space.epoch), (1, 2));
    let mut next = write(1, Some(stored.etag()), b"sealed anew");
    next.header.epoch = 2;
    let mut later = offer(PushMode::Each, vec![next]);
    later.epoch = 2;
    assert_eq!(log.push(DEVICE, &later, NOW).expect("not denied").verdicts, [accepted(2)]);
}

/// As many writes as a push may hold, and one more.
pub fn pushes_are_bounded(log: &mut impl Subject) {
    let most = MAX_PUSH_WRITES as u32;
    let writes: Vec<_> = (0..=most).map(|record| write(record, None, b"small")).collect();
    assert_eq!(log.push(DEVICE, &offer(PushMode::Each, writes.clone()), NOW), Err(Denied::TooLarge));
    let verdicts = each(log, writes[1..].to_vec());
    assert!(verdicts.into_iter().eq((1..=u64::from(most)).map(accepted)));
}

/// Many small stale writes to large records must not make an answer of any size.
pub fn answers_are_bounded(log: &mut impl Subject) {
    super::fill(log, 20, MAX_CIPHERTEXT);
    for mode in [PushMode::Each, PushMode::All] {
        let stale = (0..20).map(|record| write(record, None, b"stale"));
        let writes = [write(99, None, b"new")].into_iter().chain(stale).collect();
        assert_eq!(log.push(DEVICE, &offer(mode, writes), NOW), Err(Denied::TooLarge));
        assert_eq!(read_all(log, 0, 100).1.head, 20, "nothing was stored");
    }
    let half = (0..10).map(|record| write(record, None, b"stale")).collect();
    let verdicts = each(log, half);
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Stale { current: Some(_) })));
}

/// A push that names another incarnation stores nothing.
pub fn a_restored_log_says_so(log: &mut impl Subject) {
    let now = push(log, PushMode::Each, Vec::new()).space.incarnation;
    let mut push = offer(PushMode::Each, vec![write(1, None, b"x")]);
    push.incarnation = Some(Incarnation([0; 16]));
    assert_eq!(log.push(DEVICE, &push, NOW), Err(Denied::Incarnation(now)));
    push.incarnation = Some(now);
    assert_eq!(log.push(DEVICE, &push, NOW).expect("not denied").verdicts, [accepted(1)]);
}

/// In every mode.
pub fn an_empty_push_says_where_the_space_stands(log: &mut impl Subject) {
    for mode in [PushMode::Each, PushMode::All, PushMode::Groups(Vec::new())] {
        let answer = push(log, mode, Vec::new());
        assert_eq!((answer.space.head, answer.space.server_ms), (0, NOW));
        assert_eq!(answer.verdicts, []);
    }
}

//! Judging writes (PROTOCOL, push).

use satchel_wire::{
    DeviceId, Etag, Incarnation, MAX_CIPHERTEXT, PushMode, Refusal, SpaceId, Stream, Verdict,
};

use super::{NOW, SharedLog, home, offer};
use crate::log::Denied;

fn accepted(seq: u64) -> Verdict {
    Verdict::Accepted { seq }
}

fn refused(reason: Refusal) -> Verdict {
    Verdict::Refused { reason }
}

pub(crate) async fn numbers_are_contiguous_and_rows_are_newest(log: SharedLog) {
    let home = home(&*log, 1).await;
    let first = home.write(1, None, b"first");
    let replaces = Some(first.etag());
    let writes = vec![first, home.write(2, None, b"other")];
    assert_eq!(home.each(&*log, writes).await, [accepted(1), accepted(2)]);
    let second = home.write(1, replaces, b"second");
    assert_eq!(home.each(&*log, vec![second.clone()]).await, [accepted(3)]);
    let (rows, space) = home.read_all(&*log, 0, 10).await;
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(rows[1].envelope, second);
    assert_eq!(space.head, 3);
}

pub(crate) async fn headers_come_back_as_they_were(log: SharedLog) {
    let mut home = home(&*log, 1).await;
    home.session.device = DeviceId(1 << 63);
    let mut write = home.write(u32::MAX, None, &[0, 255, 0]);
    for (seq, stream) in (1..).zip([Stream::State, Stream::History, Stream::Grave]) {
        write.header.record.0[15] = seq as u8;
        write.header.stream = stream;
        assert_eq!(home.each(&*log, vec![write.clone()]).await, [accepted(seq)]);
        let (rows, _) = home.read_all(&*log, seq - 1, 10).await;
        assert_eq!(rows.len(), 1);
        assert_eq!((&rows[0].envelope, rows[0].received_ms), (&write, NOW));
    }
}

/// What is stored × what the write claims to replace → the verdict.
pub(crate) async fn compare_and_swap(log: SharedLog) {
    let home = home(&*log, 1).await;
    let stored = home.write(1, None, b"stored");
    home.each(&*log, vec![stored.clone()]).await;
    let (rows, _) = home.read_all(&*log, 0, 10).await;
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
        let write = home.write(record, replaces, b"offered");
        assert_eq!(home.each(&*log, vec![write]).await, [verdict], "record {record}, replaces {replaces:?}");
    }
}

pub(crate) async fn a_chain_in_one_push(log: SharedLog) {
    let home = home(&*log, 1).await;
    let one = home.write(1, None, b"one");
    let two = home.write(1, Some(one.etag()), b"two");
    assert_eq!(home.each(&*log, vec![one, two.clone()]).await, [accepted(1), accepted(2)]);
    let (rows, _) = home.read_all(&*log, 0, 10).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].envelope, two);
}

pub(crate) async fn pushing_again_changes_nothing(log: SharedLog) {
    let home = home(&*log, 1).await;
    let writes: Vec<_> = (0..3).map(|record| home.write(record, None, &record.to_be_bytes())).collect();
    let first = home.push(&*log, PushMode::Each, writes.clone()).await;
    for mode in [PushMode::Each, PushMode::All] {
        let again = home.push(&*log, mode.clone(), writes.clone()).await;
        assert_eq!(again.verdicts, first.verdicts);
        assert_eq!(again.space.head, 3);
    }
}

pub(crate) async fn together_or_not_at_all(log: SharedLog) {
    let home = home(&*log, 1).await;
    let there = home.write(1, None, b"there");
    home.each(&*log, vec![there.clone()]).await;
    let stale = home.write(1, None, b"stale");
    let writes = vec![there.clone(), home.write(2, None, b"fine"), stale];
    let answer = home.push(&*log, PushMode::All, writes).await;
    assert_eq!(answer.verdicts[..2], [accepted(1), refused(Refusal::Together)]);
    assert!(matches!(answer.verdicts[2], Verdict::Stale { current: Some(_) }));
    assert_eq!(answer.space.head, 1);
    let whole = vec![home.write(2, None, b"fine"), home.write(1, Some(there.etag()), b"next")];
    let answer = home.push(&*log, PushMode::All, whole).await;
    assert_eq!(answer.verdicts, [accepted(2), accepted(3)]);
    assert_eq!(home.read_all(&*log, 0, 10).await.0.len(), 2);
}

pub(crate) async fn groups_stand_or_fall_apart(log: SharedLog) {
    let home = home(&*log, 1).await;
    let there = home.write(1, None, b"there");
    home.each(&*log, vec![there.clone()]).await;
    let fine = |record| home.write(record, None, b"fine");
    let stale = home.write(1, None, b"stale");
    let writes = vec![fine(2), fine(3), there, fine(4), stale, fine(5), fine(6)];
    let answer = home.push(&*log, PushMode::Groups(vec![2, 3, 1, 1]), writes.clone()).await;
    assert_eq!(answer.verdicts[..4], [accepted(2), accepted(3), accepted(1), refused(Refusal::Together)]);
    assert!(matches!(answer.verdicts[4], Verdict::Stale { current: Some(_) }));
    assert_eq!(answer.verdicts[5..], [accepted(4), accepted(5)]);
    let (rows, space) = home.read_all(&*log, 0, 10).await;
    assert_eq!(rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(space.head, 5);
}

pub(crate) async fn refusals_say_why(log: SharedLog) {
    let home = home(&*log, 1).await;
    let good = home.write(1, None, b"good");
    let [mut space, mut device, mut format, mut epoch] = [(); 4].map(|()| home.write(1, None, b"bad"));
    space.header.space = SpaceId([9; 16]);
    device.header.device = DeviceId(5);
    format.header.format = 2;
    epoch.header.epoch = 2;
    let large = home.write(1, None, &vec![0; MAX_CIPHERTEXT + 1]);
    let verdicts = home.each(&*log, vec![space, device, format, epoch.clone(), large, good.clone()]).await;
    let mismatch = refused(Refusal::Mismatch);
    let others = [mismatch.clone(), mismatch.clone(), mismatch.clone(), mismatch];
    assert_eq!(verdicts[..4], others);
    assert_eq!(verdicts[4..], [refused(Refusal::TooLarge), accepted(1)]);

    let mut later = offer(PushMode::Each, vec![epoch]);
    later.epoch = 2;
    let answer = home.offer(&*log, later).await.expect("not denied");
    assert_eq!(answer.verdicts, [refused(Refusal::Epoch)]);
    let largest = home.write(2, None, &vec![0; MAX_CIPHERTEXT]);
    assert_eq!(home.each(&*log, vec![largest]).await, [accepted(2)]);
}

/// Many small stale writes to large records must not make an answer of any size.
pub(crate) async fn answers_are_bounded(log: SharedLog) {
    let home = home(&*log, 1).await;
    for record in 0..20 {
        home.each(&*log, vec![home.write(record, None, &vec![record as u8; MAX_CIPHERTEXT])]).await;
    }
    for mode in [PushMode::Each, PushMode::All] {
        let stale = (0..20).map(|record| home.write(record, None, b"stale"));
        let writes = [home.write(99, None, b"new")].into_iter().chain(stale).collect();
        assert_eq!(home.offer(&*log, offer(mode, writes)).await, Err(Denied::AnswerTooLarge));
        assert_eq!(home.read_all(&*log, 0, 100).await.1.head, 20, "nothing was stored");
    }
    let half = (0..10).map(|record| home.write(record, None, b"stale")).collect();
    let verdicts = home.each(&*log, half).await;
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Stale { current: Some(_) })));
}

pub(crate) async fn strangers_are_denied(log: SharedLog) {
    let (mine, theirs) = (home(&*log, 1).await, home(&*log, 2).await);
    for space in [theirs.space, SpaceId([99; 16])] {
        let push = offer(PushMode::Each, vec![mine.write(1, None, b"x")]);
        let pushed = log.push(mine.session, space, push, NOW).await.expect("storage answers");
        assert_eq!(pushed, Err(Denied::NotMember));
        let pulled = log.changes(mine.session.account, space, 0, 10, NOW).await.expect("storage answers");
        assert_eq!(pulled, Err(Denied::NotMember));
        let head = log.head(mine.session.account, space).await.expect("storage answers");
        assert_eq!(head, Err(Denied::NotMember));
    }
}

pub(crate) async fn a_restored_log_says_so(log: SharedLog) {
    let home = home(&*log, 1).await;
    let now = home.push(&*log, PushMode::Each, Vec::new()).await.space.incarnation;
    let mut push = offer(PushMode::Each, vec![home.write(1, None, b"x")]);
    push.incarnation = Some(Incarnation([0; 16]));
    assert_eq!(home.offer(&*log, push.clone()).await, Err(Denied::Incarnation(now)));
    push.incarnation = Some(now);
    assert_eq!(home.offer(&*log, push).await.expect("not denied").verdicts, [accepted(1)]);
}

pub(crate) async fn an_empty_push_says_where_the_space_stands(log: SharedLog) {
    let home = home(&*log, 1).await;
    for mode in [PushMode::Each, PushMode::All] {
        let answer = home.push(&*log, mode, Vec::new()).await;
        assert_eq!((answer.space.head, answer.space.server_ms), (0, NOW));
        assert_eq!(answer.verdicts, []);
    }
}

//! Many at once (PROTOCOL §9: numbers rise strictly, commit order is number order, no reader misses
//! a row at or below its cursor).

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use satchel_ledger::Span;
use satchel_wire::{PushMode, Verdict};
use tokio::task::JoinSet;

use super::{Home, NOW, SharedLog, home, offer};
use crate::log::LogError;

const WRITERS: u32 = 8;
const PUSHES: u32 = 25;
const WRITES: u32 = 4;

pub(crate) async fn no_reader_misses_a_row(log: SharedLog) {
    let home = home(&*log, 1).await;
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> =
        (0..3).map(|_| tokio::spawn(follow(Arc::clone(&log), home, Arc::clone(&done)))).collect();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        writers.spawn(write_many(Arc::clone(&log), home, writer));
    }
    let mut handed_out = BTreeSet::new();
    while let Some(numbers) = writers.join_next().await {
        for number in numbers.expect("no panic") {
            assert!(handed_out.insert(number), "{number} was handed out twice");
        }
    }
    done.store(true, Ordering::SeqCst);
    let all = u64::from(WRITERS * PUSHES * WRITES);
    assert!(handed_out.iter().copied().eq(1..=all), "numbers have no holes");
    for reader in readers {
        assert_eq!(reader.await.expect("no panic"), handed_out);
    }
}

async fn write_many(log: SharedLog, home: Home, writer: u32) -> Vec<u64> {
    let mut numbers = Vec::new();
    for push in 0..PUSHES {
        let base = (writer * PUSHES + push) * WRITES;
        let writes = (base..base + WRITES).map(|record| home.write(record, None, &record.to_be_bytes()));
        let mode = if push % 2 == 0 { PushMode::Each } else { PushMode::All };
        let answer = home.push(&*log, mode, writes.collect()).await;
        let got: Vec<u64> = answer.verdicts.iter().map(number).collect();
        assert!(got.windows(2).all(|pair| pair[1] == pair[0] + 1), "one push, contiguous numbers");
        numbers.extend(got);
    }
    numbers
}

/// Follows the feed as a device does and returns every number it saw.
async fn follow(log: SharedLog, home: Home, done: Arc<AtomicBool>) -> BTreeSet<u64> {
    let (mut since, mut seen) = (0, BTreeSet::new());
    loop {
        let last = done.load(Ordering::SeqCst);
        let pulled =
            log.changes(home.session.account, home.space, Span { since, limit: 17, floor: 0 }, NOW).await;
        let page = pulled.expect("storage answers").expect("not denied");
        for row in &page.rows {
            assert!(row.seq > since && row.seq <= page.next, "a page lies between its cursors");
            assert!(seen.insert(row.seq), "no number twice");
        }
        since = page.next;
        if last && since == page.space.head {
            return seen;
        }
        tokio::task::yield_now().await;
    }
}

fn number(verdict: &Verdict) -> u64 {
    match verdict {
        Verdict::Accepted { seq } => *seq,
        other => panic!("every record is new: {other:?}"),
    }
}

pub(crate) async fn one_of_two_rivals_wins(log: SharedLog) {
    let home = home(&*log, 1).await;
    let mut version = None;
    for round in 0..20_u8 {
        let rivals = [[round, 1], [round, 2]].map(|content| home.write(1, version, &content));
        let (a, b) = tokio::join!(
            home.each(&*log, vec![rivals[0].clone()]),
            home.each(&*log, vec![rivals[1].clone()]),
        );
        let won = [&a[0], &b[0]].map(|verdict| matches!(verdict, Verdict::Accepted { .. }));
        assert_ne!(won[0], won[1], "round {round}: one wins, one is stale");
        let (winner, loser) = if won[0] { (&rivals[0], &b[0]) } else { (&rivals[1], &a[0]) };
        let Verdict::Stale { current: Some(row) } = loser else { panic!("the loser is stale") };
        assert_eq!(&row.envelope, winner);
        version = Some(winner.etag());
    }
}

pub(crate) async fn a_closed_log_refuses(log: SharedLog) {
    let home = home(&*log, 1).await;
    log.close().await.expect("closes");
    let push = offer(PushMode::Each, vec![home.write(1, None, b"x")]);
    let pushed = log.push(home.session, home.space, push, NOW).await;
    assert!(matches!(pushed, Err(LogError::Closed)));
    assert!(matches!(log.ping().await, Err(LogError::Closed)));
}

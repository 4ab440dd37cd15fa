//! Pages of changes, and the news of them.

use satchel_wire::{MAX_CHANGES_BYTES, MAX_CIPHERTEXT, PushMode};

use super::{Home, NOW, SharedLog, home};

async fn fill(home: &Home, log: &SharedLog, records: u32, bytes: usize) {
    for record in 0..records {
        let mut content = vec![0; bytes];
        content[..4].copy_from_slice(&record.to_be_bytes());
        home.each(&**log, vec![home.write(record, None, &content)]).await;
    }
}

pub(crate) async fn pages_are_bounded_by_count(log: SharedLog) {
    let home = home(&*log, 1).await;
    fill(&home, &log, 7, 8).await;
    // (since, limit) → (numbers, next); a limit of 0 still makes progress.
    let table: [(u64, u32, &[u64], u64); 6] = [
        (0, 3, &[1, 2, 3], 3),
        (3, 3, &[4, 5, 6], 6),
        (6, 3, &[7], 7),
        (7, 3, &[], 7),
        (0, 7, &[1, 2, 3, 4, 5, 6, 7], 7),
        (0, 0, &[1], 1),
    ];
    for (since, limit, numbers, next) in table {
        let pulled = log.changes(home.session.account, home.space, since, limit, NOW).await;
        let page = pulled.expect("storage answers").expect("not denied");
        assert_eq!(page.rows.iter().map(|row| row.seq).collect::<Vec<_>>(), numbers);
        assert_eq!((page.next, page.space.head), (next, 7));
    }
}

pub(crate) async fn pages_are_bounded_by_bytes(log: SharedLog) {
    let home = home(&*log, 1).await;
    let fit = (MAX_CHANGES_BYTES / MAX_CIPHERTEXT) as u32;
    fill(&home, &log, fit + 1, MAX_CIPHERTEXT).await;
    let pulled = log.changes(home.session.account, home.space, 0, 100, NOW).await;
    let page = pulled.expect("storage answers").expect("not denied");
    assert_eq!((page.rows.len() as u32, page.next), (fit, u64::from(fit)));
    assert_eq!(home.read_all(&*log, 0, 100).await.0.len() as u32, fit + 1);
}

pub(crate) async fn a_cursor_beyond_the_head_gets_nothing(log: SharedLog) {
    let home = home(&*log, 1).await;
    fill(&home, &log, 2, 8).await;
    for since in [3, u64::MAX] {
        let pulled = log.changes(home.session.account, home.space, since, 10, NOW).await;
        let page = pulled.expect("storage answers").expect("not denied");
        assert_eq!((page.rows.len(), page.next, page.space.head), (0, 2, 2));
    }
}

pub(crate) async fn watchers_are_told_after_the_commit(log: SharedLog) {
    let home = home(&*log, 1).await;
    let mut heads = log.watch(home.space).expect("room for a watcher");
    home.push(&*log, PushMode::Each, vec![home.write(1, None, b"x")]).await;
    heads.changed().await.expect("the log is there");
    assert_eq!(*heads.borrow_and_update(), 1);
    assert_eq!(home.read_all(&*log, 0, 10).await.0.len(), 1);
}

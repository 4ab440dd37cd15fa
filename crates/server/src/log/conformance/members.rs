//! Who is let in, and who is told.

use satchel_ledger::{Detail, Span};
use satchel_wire::{PushMode, SpaceId};

use super::{NOW, SharedLog, home, offer};
use crate::log::Denied;

pub(crate) async fn strangers_are_denied(log: SharedLog) {
    let (mine, theirs) = (home(&*log, 1).await, home(&*log, 2).await);
    let account = mine.session.account;
    for space in [theirs.space, SpaceId([99; 16])] {
        let push = offer(PushMode::Each, vec![mine.write(1, None, b"x")]);
        let pushed = log.push(mine.session, space, push, NOW).await.expect("storage answers");
        assert_eq!(pushed, Err(Denied::NotMember));
        let span = Span { since: 0, limit: 10, floor: 0 };
        let pulled = log.changes(account, space, span, NOW).await.expect("storage answers");
        assert_eq!(pulled, Err(Denied::NotMember));
        let digest = log.digest(account, space, Detail::Root, NOW).await.expect("storage answers");
        assert_eq!(digest, Err(Denied::NotMember));
        let news = log.news(account, space).await.expect("storage answers");
        assert_eq!(news, Err(Denied::NotMember));
        let entries = log.member_log(account, space, 0, NOW).await.expect("storage answers");
        assert_eq!(entries, Err(Denied::NotMember));
    }
}

pub(crate) async fn watchers_are_told_after_the_commit(log: SharedLog) {
    let home = home(&*log, 1).await;
    let mut heads = log.watch(home.space).expect("room for a watcher");
    home.each(&*log, vec![home.write(1, None, b"x")]).await;
    heads.changed().await.expect("the log is there");
    assert_eq!(heads.borrow_and_update().head, 1);
    assert_eq!(home.read_all(&*log, 0, 10).await.0.len(), 1);
}

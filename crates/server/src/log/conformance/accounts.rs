//! Accounts and sessions.

use satchel_wire::SpaceId;

use super::{NOW, SharedLog, home, registration};
use crate::log::{Account, NewSession, Opened, Registered, Session};

pub(crate) async fn registering_is_idempotent_by_content(log: SharedLog) {
    let first = registration(1);
    let Registered::Created(space) = log.register(first.clone(), NOW).await.expect("storage answers") else {
        panic!("the account is new");
    };
    assert_eq!((space.head, space.epoch, space.purge_floor, space.server_ms), (0, 1, 0, NOW));
    let again = log.register(first.clone(), NOW).await.expect("storage answers");
    assert_eq!(again, Registered::AlreadyThere(space));
    let changed = [
        |r: &mut satchel_wire::Register| r.login_key[0] ^= 1,
        |r: &mut satchel_wire::Register| r.kdf.passes += 1,
        |r: &mut satchel_wire::Register| r.slot.push(0),
        |r: &mut satchel_wire::Register| r.keyring.push(0),
        |r: &mut satchel_wire::Register| r.space = SpaceId([9; 16]),
    ];
    for change in changed {
        let mut other = first.clone();
        change(&mut other);
        assert_eq!(log.register(other, NOW).await.expect("storage answers"), Registered::Taken);
    }
    let expected =
        Account { login_key: first.login_key, kdf: first.kdf, slot: first.slot, keyring: first.keyring };
    assert_eq!(log.account(first.account).await.expect("storage answers"), Some(expected));
}

pub(crate) async fn a_space_belongs_to_who_registered_it(log: SharedLog) {
    home(&*log, 1).await;
    let mut thief = registration(2);
    thief.space = registration(1).space;
    assert_eq!(log.register(thief.clone(), NOW).await.expect("storage answers"), Registered::Taken);
    assert_eq!(log.account(thief.account).await.expect("storage answers"), None);
}

pub(crate) async fn a_challenge_opens_one_session(log: SharedLog) {
    let home = home(&*log, 1).await;
    let new = NewSession { token: [1; 32], nonce: [7; 32], session: home.session };
    let opened = log.open_session(new.clone(), NOW).await.expect("storage answers");
    assert_eq!(opened, Opened::Granted(vec![home.space]));
    let replayed = NewSession { token: [2; 32], ..new };
    assert_eq!(log.open_session(replayed, NOW).await.expect("storage answers"), Opened::NonceUsed);
    assert_eq!(log.session([1; 32], NOW).await.expect("storage answers"), Some(home.session));
    assert_eq!(log.session([2; 32], NOW).await.expect("storage answers"), None);
}

pub(crate) async fn sessions_end(log: SharedLog) {
    let home = home(&*log, 1).await;
    for (name, expires_ms) in [(1, NOW + 10), (2, NOW + 1_000)] {
        let session = Session { expires_ms, ..home.session };
        let new = NewSession { token: [name; 32], nonce: [name; 32], session };
        log.open_session(new, NOW).await.expect("storage answers");
    }
    assert!(log.session([1; 32], NOW + 9).await.expect("storage answers").is_some());
    assert!(log.session([1; 32], NOW + 10).await.expect("storage answers").is_none());
    assert!(log.session([2; 32], NOW + 10).await.expect("storage answers").is_some());
}

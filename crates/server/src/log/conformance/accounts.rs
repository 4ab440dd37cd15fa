//! Accounts and sessions.

use satchel_wire::{
    AccountContent, DeviceId, DeviceReport, DeviceRow, Etag, HandoverTaken, MAX_HANDOVER_PARTS, Register,
    SlotId, SlotRecord, SpaceId,
};

use super::{NOW, SharedLog, content, home, registration};
use crate::log::{
    Account, Change, Changed, Deleted, Deletion, Follows, GivenUp, Kept, NewSession, Opened, Registered,
    Revocation, Revoked, Session,
};

pub(crate) async fn registering_is_idempotent_by_content(log: SharedLog) {
    let first = registration(1);
    let Registered::Created(Some(space)) = log.register(first.clone(), NOW).await.expect("storage answers")
    else {
        panic!("the account is new");
    };
    assert_eq!((space.head, space.epoch, space.purge_floor, space.server_ms), (0, 1, 0, NOW));
    let again = log.register(first.clone(), NOW).await.expect("storage answers");
    assert_eq!(again, Registered::AlreadyThere(Some(space)));
    let changed = [
        |r: &mut satchel_wire::Register| r.content.slots[0].login_key[0] ^= 1,
        |r: &mut satchel_wire::Register| r.content.slots[0].kdf = None,
        |r: &mut satchel_wire::Register| r.content.slots[0].sealed.push(0),
        |r: &mut satchel_wire::Register| r.content.slots.push(way(2, 1)),
        |r: &mut satchel_wire::Register| r.content.keyring.push(0),
        |r: &mut satchel_wire::Register| r.content.revision += 1,
        |r: &mut satchel_wire::Register| r.content.proof[0] ^= 1,
        |r: &mut satchel_wire::Register| r.space = Some(SpaceId([9; 16])),
    ];
    for change in changed {
        let mut other = first.clone();
        change(&mut other);
        assert_eq!(log.register(other, NOW).await.expect("storage answers"), Registered::Taken);
    }
    let expected = Account { content: first.content };
    assert_eq!(log.account(first.account).await.expect("storage answers"), Some(expected));
}

fn way(id: u32, key: u8) -> SlotRecord {
    SlotRecord { id: SlotId(id), kdf: None, login_key: [key; 32], sealed: vec![key; 60] }
}

/// A change by the passphrase of account 1 and the device that registered.
fn change(replaces: u64, content: AccountContent) -> Change {
    let Register { account, device, .. } = registration(1);
    Change { account, device, slot: SlotId::PASSPHRASE, login_key: [1; 32], replaces, content }
}

async fn changed(log: &SharedLog, change: Change) -> Changed {
    log.change_account(change).await.expect("storage answers")
}

pub(crate) async fn an_account_changes_by_compare_and_swap(log: SharedLog) {
    home(&*log, 1).await;
    let mut second = content(2, 1);
    second.slots.push(way(2, 7));
    second.keyring = vec![9; 30];
    assert_eq!(changed(&log, change(1, second.clone())).await, Changed::Stored { revision: 2 });
    let found = log.account(registration(1).account).await.expect("storage answers");
    assert_eq!(found, Some(Account { content: second.clone() }));
    let repeated = change(1, second.clone());
    assert_eq!(changed(&log, repeated).await, Changed::Stored { revision: 2 }, "the answer was lost");
    let rival = AccountContent { keyring: vec![8; 30], ..second.clone() };
    assert_eq!(changed(&log, change(1, rival.clone())).await, Changed::Stale);
    assert_eq!(changed(&log, change(2, rival.clone())).await, Changed::Stale, "a revision says one thing");
    let ahead = AccountContent { revision: 9, ..rival };
    assert_eq!(changed(&log, change(2, ahead)).await, Changed::Stored { revision: 9 });
    let stranger = Change { account: registration(2).account, ..change(1, second) };
    assert_eq!(changed(&log, stranger).await, Changed::Stale);
}

pub(crate) async fn only_a_current_key_changes_an_account(log: SharedLog) {
    home(&*log, 1).await;
    let mut second = content(2, 1);
    second.slots[0].login_key = [5; 32];
    for (slot, login_key) in [(SlotId::PASSPHRASE, [5; 32]), (SlotId::RECOVERY, [1; 32])] {
        let forged = Change { slot, login_key, ..change(1, second.clone()) };
        assert_eq!(changed(&log, forged).await, Changed::Stale);
    }
    assert_eq!(changed(&log, change(1, second.clone())).await, Changed::Stored { revision: 2 });
    let third = AccountContent { revision: 3, keyring: vec![], ..second };
    assert_eq!(changed(&log, change(2, third.clone())).await, Changed::Stale, "the old passphrase's");
    let new = Change { login_key: [5; 32], ..change(2, third) };
    assert_eq!(changed(&log, new).await, Changed::Stored { revision: 3 });
}

pub(crate) async fn a_way_that_is_gone_ends_the_sessions_that_came_by_it(log: SharedLog) {
    let home = home(&*log, 1).await;
    let other = DeviceId(5);
    let sessions = [
        (1, home.session.device, SlotId::PASSPHRASE, true),
        (2, other, SlotId::PASSPHRASE, false),
        (3, other, SlotId::RECOVERY, true),
    ];
    for (name, device, slot, _) in sessions {
        let session = Session { device, slot, ..home.session };
        let new = NewSession { token: [name; 32], nonce: [name; 32], session };
        log.open_session(new, NOW).await.expect("storage answers");
    }
    let mut second = content(2, 1);
    second.slots.push(way(2, 7));
    changed(&log, change(1, second.clone())).await;
    let mut third = AccountContent { revision: 3, ..second };
    third.slots[0].login_key = [5; 32];
    assert_eq!(changed(&log, change(2, third)).await, Changed::Stored { revision: 3 });
    for (name, _, _, goes_on) in sessions {
        let found = log.session([name; 32], NOW).await.expect("storage answers");
        assert_eq!(found.is_some(), goes_on, "session {name}");
    }
}

/// What account 1's first device signs.
fn revocation(revoked: u64) -> Revocation {
    let Register { account, device, .. } = registration(1);
    let (slot, login_key, revoked) = (SlotId::PASSPHRASE, [1; 32], DeviceId(revoked));
    Revocation { account, device, slot, login_key, revoked, signed: vec![5; 3] }
}

async fn opens(log: &SharedLog, name: u8, session: Session) -> Opened {
    let new = NewSession { token: [name; 32], nonce: [name; 32], session };
    log.open_session(new, NOW).await.expect("storage answers")
}

pub(crate) async fn devices_are_told_with_what_they_said_last(log: SharedLog) {
    let home = home(&*log, 1).await;
    let other = Session { device: DeviceId(5), ..home.session };
    opens(&log, 1, home.session).await;
    opens(&log, 2, other).await;
    let report = DeviceReport { name: vec![7; 20], waiting: 3 };
    let list = log.report_device(other, report, NOW + 9).await.expect("storage answers");
    let told: Vec<_> =
        list.devices.iter().map(|row| (row.device, row.name.len(), row.waiting, row.last_ms)).collect();
    let mine = (home.session.device, 0, 0, NOW);
    assert_eq!(told.len(), 2);
    assert!(told.contains(&mine) && told.contains(&(DeviceId(5), 20, 3, NOW + 9)), "{told:?}");
}

pub(crate) async fn a_revoked_device_is_let_in_no_more(log: SharedLog) {
    let home = home(&*log, 1).await;
    let other = Session { device: DeviceId(5), ..home.session };
    opens(&log, 1, home.session).await;
    opens(&log, 2, other).await;
    let forged = Revocation { login_key: [9; 32], ..revocation(5) };
    assert_eq!(log.revoke_device(forged, NOW).await.expect("storage answers"), Revoked::Stale);
    assert!(log.session([2; 32], NOW).await.expect("storage answers").is_some());
    let Revoked::Done(list) = log.revoke_device(revocation(5), NOW).await.expect("storage answers") else {
        panic!("the key is the account's");
    };
    let revoked: Vec<_> =
        list.devices.iter().filter(|row| row.revoked_ms.is_some()).map(|row| row.device).collect();
    assert_eq!(revoked, [DeviceId(5)]);
    assert!(log.session([2; 32], NOW).await.expect("storage answers").is_none(), "its sessions have ended");
    assert!(log.session([1; 32], NOW).await.expect("storage answers").is_some());
    assert_eq!(opens(&log, 3, other).await, Opened::Revoked);
    assert!(log.session([3; 32], NOW).await.expect("storage answers").is_none());
    let unknown = Session { device: DeviceId(6), ..home.session };
    log.revoke_device(revocation(6), NOW).await.expect("storage answers");
    assert_eq!(opens(&log, 4, unknown).await, Opened::Revoked, "nor one that an older copy does not know");
    let revenge = Revocation { device: DeviceId(5), revoked: home.session.device, ..revocation(5) };
    assert_eq!(log.revoke_device(revenge, NOW).await.expect("storage answers"), Revoked::Stale);
    for name in 10..100 {
        opens(&log, name, Session { device: DeviceId(u64::from(name)), ..home.session }).await;
    }
    assert_eq!(opens(&log, 101, other).await, Opened::Revoked, "many devices make nobody forget it");
}

pub(crate) async fn a_space_belongs_to_who_registered_it(log: SharedLog) {
    home(&*log, 1).await;
    let mut thief = registration(2);
    thief.space = registration(1).space;
    assert_eq!(log.register(thief.clone(), NOW).await.expect("storage answers"), Registered::SpaceTaken);
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

pub(crate) async fn what_a_revoked_device_hands_over_is_kept_until_it_is_taken_in(log: SharedLog) {
    let home = home(&*log, 1).await;
    let lost = Session { device: DeviceId(5), ..home.session };
    opens(&log, 2, lost).await;
    let given = |sealed: &[u8]| given(lost, home.space, sealed);
    let hand_over = async |given: GivenUp| log.hand_over(given, NOW + 1).await.expect("storage answers");
    assert_eq!(hand_over(given(b"work")).await, Kept::Stale, "nobody revoked it");
    log.revoke_device(revocation(5), NOW).await.expect("storage answers");
    assert_eq!(hand_over(GivenUp { login_key: [9; 32], ..given(b"work") }).await, Kept::Stale);
    assert_eq!(hand_over(given(b"")).await, Kept::Done(vec![5; 3]), "nothing to keep");
    assert_eq!(log.handed_over(lost.account, lost.device).await.expect("storage answers"), None);
    for part in [&b"work"[..], b"more work", b"work"] {
        let part = GivenUp { follows: Follows::More, ..given(part) };
        assert_eq!(hand_over(part).await, Kept::Done(vec![5; 3]), "the same again is one part");
    }
    assert_eq!(row_of(&log, home.session, lost).await.waiting, 1, "more follows");
    assert_eq!(hand_over(given(b"the rest")).await, Kept::Done(vec![5; 3]));
    let row = row_of(&log, home.session, lost).await;
    assert_eq!(
        (row.waiting, row.handed_ms),
        (0, Some(NOW + 1)),
        "that was all, and the device is listed once"
    );
    for part in [&b"work"[..], b"more work", b"the rest"] {
        let there = log.handed_over(lost.account, lost.device).await.expect("storage answers");
        assert_eq!(there.as_deref(), Some(part), "the oldest first");
        for sealed in [&b"something else"[..], part] {
            let taken = HandoverTaken { device: lost.device, content: Etag::of(sealed).0 };
            log.drop_handover(lost.account, taken).await.expect("storage answers");
        }
    }
    assert_eq!(log.handed_over(lost.account, lost.device).await.expect("storage answers"), None);
    assert_eq!(row_of(&log, home.session, lost).await.handed_ms, None);
}

/// The only row of a device in the account's list, as another one sees it.
async fn row_of(log: &SharedLog, other: Session, lost: Session) -> DeviceRow {
    let list = log.report_device(other, DeviceReport { name: Vec::new(), waiting: 0 }, NOW).await;
    let mut rows = list.expect("storage answers").devices;
    rows.retain(|row| row.device == lost.device);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

pub(crate) async fn what_is_handed_over_is_bounded_for_each_account(log: SharedLog) {
    let home = home(&*log, 1).await;
    let hand_over = async |device: u64, sealed: Vec<u8>| {
        let lost = Session { device: DeviceId(device), ..home.session };
        log.hand_over(given(lost, home.space, &sealed), NOW).await.expect("storage answers")
    };
    for device in [5, 6] {
        let lost = Session { device: DeviceId(device), ..home.session };
        opens(&log, device as u8, lost).await;
        log.revoke_device(revocation(device), NOW).await.expect("storage answers");
    }
    let most = MAX_HANDOVER_PARTS as u8;
    for part in 0..most {
        assert!(matches!(hand_over(5 + u64::from(part % 2), vec![1, part]).await, Kept::Done(_)));
    }
    assert_eq!(hand_over(5, vec![1, most]).await, Kept::Full, "of all its devices");
    assert!(matches!(hand_over(5, vec![1, 0]).await, Kept::Done(_)), "it lies there already");
    assert!(matches!(hand_over(5, Vec::new()).await, Kept::Done(_)), "nothing takes no room");
    let taken = HandoverTaken { device: DeviceId(5), content: Etag::of(&[1, 0]).0 };
    log.drop_handover(home.session.account, taken).await.expect("storage answers");
    assert!(matches!(hand_over(5, vec![1, most]).await, Kept::Done(_)), "one was taken in");
}

fn given(lost: Session, space: SpaceId, sealed: &[u8]) -> GivenUp {
    let (slot, login_key, sealed) = (SlotId::PASSPHRASE, [1; 32], sealed.to_vec());
    let (content, follows) = (Etag::of(&sealed).0, Follows::Nothing);
    GivenUp { account: lost.account, device: lost.device, slot, login_key, space, content, sealed, follows }
}

pub(crate) async fn what_was_handed_over_goes_with_its_space(log: SharedLog) {
    let home = home(&*log, 1).await;
    let elsewhere = SpaceId([77; 16]);
    for (device, space) in [(5, home.space), (6, elsewhere)] {
        let lost = Session { device: DeviceId(device), ..home.session };
        opens(&log, device as u8, lost).await;
        log.revoke_device(revocation(device), NOW).await.expect("storage answers");
        let kept = log.hand_over(given(lost, space, b"work"), NOW).await.expect("storage answers");
        assert!(matches!(kept, Kept::Done(_)));
    }
    let lies = async |device| {
        let found = log.handed_over(home.session.account, DeviceId(device)).await;
        found.expect("storage answers").is_some()
    };
    assert!(lies(5).await && lies(6).await);
    let deletion = Deletion {
        account: home.session.account,
        device: home.session.device,
        slot: SlotId::PASSPHRASE,
        login_key: [1; 32],
        space: home.space,
        signed: vec![1; 9],
    };
    let deleted = log.delete_space(deletion, NOW).await.expect("storage answers");
    assert_eq!(deleted, Ok(Deleted::Done));
    assert!(!lies(5).await && lies(6).await, "that of another space stays");
    let late = Session { device: DeviceId(5), ..home.session };
    let kept = log.hand_over(given(late, home.space, b"late"), NOW).await.expect("storage answers");
    assert_eq!(kept, Kept::Done(vec![5; 3]), "it is told, so that it erases itself");
    assert!(!lies(5).await, "and nothing is kept that nobody could take in");
}

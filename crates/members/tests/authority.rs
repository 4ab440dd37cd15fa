//! Who may do what to whom, as tables.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{EXPIRES, Log, NOW, Person, invite, rename, signature};
use satchel_members::{Refused, decides_over};
use satchel_wire::members::{Change, InvitationId, MAX_NAME, MAX_RENAMES, Role, SealedName};

const ROLES: [Role; 4] = [Role::Viewer, Role::Editor, Role::Admin, Role::Owner];

/// One of each role in [`Log::team`], in the order of [`ROLES`].
const ACTORS: [Person; 4] = [Person(6), Person(4), Person(2), Person(1)];
/// Others of the same roles; the second owner is made where she is needed.
const TARGETS: [Person; 4] = [Person(7), Person(5), Person(3), Person(8)];

/// A team with two owners.
fn team() -> Log {
    let mut log = Log::team();
    log.welcome(Person(1), Person(8), Role::Owner).unwrap();
    log
}

/// Row: who acts; column: over whom.
#[test]
fn an_owner_decides_over_all_and_an_admin_over_those_below() {
    #[rustfmt::skip]
    let table = [
        // viewer editor admin  owner
        [false, false, false, false], // viewer
        [false, false, false, false], // editor
        [true,  true,  false, false], // admin
        [true,  true,  true,  true],  // owner
    ];
    for (actor, row) in ROLES.iter().zip(table) {
        assert_eq!(ROLES.map(|other| decides_over(*actor, other)), row, "{actor:?}");
    }
}

#[test]
fn each_may_invite_withdraw_remove_and_change_whom_she_decides_over() {
    for (actor, by) in ROLES.into_iter().zip(ACTORS) {
        for (other, who) in ROLES.into_iter().zip(TARGETS) {
            let expected = if decides_over(actor, other) { Ok(()) } else { Err(Refused::NotAllowed) };
            let said = format!("{actor:?} over {other:?}");
            assert_eq!(team().act(by, invite(Person(20), other)), expected, "{said}: invite");
            let mut log = team();
            log.act(Person(1), invite(Person(20), other)).unwrap();
            let withdraw = Change::Withdraw { id: Person(20).invite() };
            assert_eq!(log.act(by, withdraw), expected, "{said}: withdraw");
            let remove = team().remove(&[who]);
            assert_eq!(team().act(by, remove), expected, "{said}: remove");
        }
    }
}

#[test]
fn a_role_is_given_by_who_decides_over_the_old_and_the_new_one() {
    for (actor, by) in ROLES.into_iter().zip(ACTORS) {
        for (now, who) in ROLES.into_iter().zip(TARGETS) {
            for given in ROLES {
                let may = decides_over(actor, now) && decides_over(actor, given);
                let expected = match (may, now == given) {
                    (false, _) => Err(Refused::NotAllowed),
                    (true, true) => Err(Refused::Taken),
                    (true, false) => Ok(()),
                };
                let change = Change::Role { account: who.account(), role: given };
                assert_eq!(team().act(by, change), expected, "{actor:?}: {now:?} to {given:?}");
            }
        }
    }
}

#[test]
fn admins_and_owners_begin_epochs_and_anybody_may_leave() {
    for (role, by) in ROLES.into_iter().zip(ACTORS) {
        let rotate = Change::Rotate { turn: team().turn(&[]) };
        let expected = if role >= Role::Admin { Ok(()) } else { Err(Refused::NotAllowed) };
        assert_eq!(team().act(by, rotate), expected, "{role:?}");
        let mut log = team();
        assert_eq!(log.act(by, Change::Leave), Ok(()), "{role:?}");
        assert!(log.state.turn_due() && log.state.role(by.account()).is_none());
        log.act(Person(8), Change::Rotate { turn: log.turn(&[]) }).unwrap();
        assert!(!log.state.turn_due());
    }
}

#[test]
fn the_last_owner_stays() {
    let mut log = Log::team();
    let owner = Person(1);
    assert_eq!(log.act(owner, Change::Leave), Err(Refused::LastOwner));
    let down = Change::Role { account: owner.account(), role: Role::Admin };
    assert_eq!(log.act(owner, down.clone()), Err(Refused::LastOwner));
    assert_eq!(log.act(owner, log.remove(&[owner])), Err(Refused::NotAllowed));
    log.act(owner, Change::Role { account: Person(2).account(), role: Role::Owner }).unwrap();
    log.act(owner, down).unwrap();
    assert_eq!(log.act(Person(2), Change::Leave), Err(Refused::LastOwner));
    log.act(owner, Change::Leave).unwrap();
}

#[test]
fn strangers_and_those_who_were_removed_do_nothing() {
    let mut log = Log::team();
    let withdrawn = Change::Withdraw { id: Person(20).invite() };
    assert_eq!(log.act(Person(30), withdrawn), Err(Refused::NotMember));
    log.act(Person(1), log.remove(&[Person(2)])).unwrap();
    for change in [invite(Person(20), Role::Viewer), Change::Leave, log.remove(&[Person(4)])] {
        assert_eq!(log.act(Person(2), change), Err(Refused::NotMember));
    }
    log.welcome(Person(1), Person(2), Role::Viewer).unwrap();
    assert_eq!(log.state.role(Person(2).account()), Some(Role::Viewer), "she may be invited again");
}

#[test]
fn an_invitation_is_good_for_one_until_it_expires_or_the_epoch_ends() {
    let late = {
        let mut log = Log::team();
        log.act(Person(1), invite(Person(20), Role::Editor)).unwrap();
        assert_eq!(log.push(log.joining(Person(20), EXPIRES + 1)), Err(Refused::Expired));
        log.push(log.joining(Person(20), EXPIRES)).unwrap();
        assert_eq!(log.push(log.joining(Person(20), NOW)), Err(Refused::Unknown), "used");
        log.act(Person(1), invite(Person(20), Role::Editor)).unwrap();
        assert_eq!(log.push(log.joining(Person(20), NOW)), Err(Refused::Taken), "a member already");
        log
    };
    let mut log = late;
    log.act(Person(2), Change::Withdraw { id: Person(20).invite() }).unwrap();
    log.act(Person(2), invite(Person(21), Role::Editor)).unwrap();
    log.act(Person(1), log.remove(&[Person(20)])).unwrap();
    assert_eq!(log.push(log.joining(Person(21), NOW)), Err(Refused::Unknown), "the epoch ended");
}

#[test]
fn nobody_comes_back_by_her_own_invitation_to_more_than_she_decides_over() {
    let mut log = team();
    for (who, role) in [(20, Role::Owner), (21, Role::Admin), (22, Role::Editor)] {
        log.act(Person(8), invite(Person(who), role)).unwrap();
    }
    log.act(Person(1), invite(Person(23), Role::Owner)).unwrap();
    log.act(Person(1), Change::Role { account: Person(8).account(), role: Role::Admin }).unwrap();
    for gone in [20, 21] {
        assert_eq!(log.push(log.joining(Person(gone), NOW)), Err(Refused::Unknown), "{gone}");
    }
    log.push(log.joining(Person(22), NOW)).unwrap();
    log.push(log.joining(Person(23), NOW)).unwrap();
    log.act(Person(8), invite(Person(24), Role::Viewer)).unwrap();
    log.act(Person(1), Change::Role { account: Person(8).account(), role: Role::Viewer }).unwrap();
    assert_eq!(log.push(log.joining(Person(24), NOW)), Err(Refused::Unknown));
}

/// The server lets nobody in by it; a log in which somebody came back so is believed.
#[test]
fn an_invitation_of_whoever_left_stands_no_more() {
    let mut log = team();
    for (by, who) in [(Person(2), Person(20)), (Person(8), Person(21))] {
        log.act(by, invite(who, Role::Editor)).unwrap();
    }
    let stands = |log: &Log, who: Person| log.state.standing_invitation(who.invite()).is_some();
    assert!(stands(&log, Person(20)) && stands(&log, Person(21)));
    log.act(Person(2), Change::Leave).unwrap();
    assert!(!stands(&log, Person(20)) && stands(&log, Person(21)));
    assert!(log.state.invitations().contains_key(&Person(20).invite()), "older logs go on");
    log.push(log.joining(Person(20), NOW)).unwrap();
    assert!(!stands(&log, Person(30)), "nor one that there is not");
}

#[test]
fn joining_takes_the_invitation_s_key_and_one_s_own() {
    let mut log = Log::team();
    log.act(Person(1), invite(Person(20), Role::Editor)).unwrap();
    let good = log.joining(Person(20), NOW);
    let mut bare = good.clone();
    bare.invitation = None;
    let mut foreign = good.clone();
    foreign.invitation = Some(common::signature(&Person(21).invite_key(), &good.body));
    let mut unsigned = good.clone();
    unsigned.signature = common::signature(&Person(21).key(), &good.body);
    for forged in [bare, foreign, unsigned] {
        assert_eq!(log.push(forged), Err(Refused::Signature));
    }
    log.push(good).unwrap();
}

#[test]
fn nobody_joins_with_another_s_key_or_with_none() {
    let mut log = Log::team();
    log.act(Person(1), invite(Person(20), Role::Editor)).unwrap();
    let attempt = |log: &mut Log, member: satchel_wire::members::Member, by: Person| {
        let account = member.account;
        let c = Change::Join { invite: Person(20).invite(), member };
        let mut entry = by.sign(&log.state.next(account, NOW, c));
        entry.invitation = Some(common::signature(&Person(20).invite_key(), &entry.body));
        log.push(entry)
    };
    let mut stolen = Person(20).member();
    stolen.identity.sign = Person(4).member().identity.sign;
    assert_eq!(attempt(&mut log, stolen, Person(4)), Err(Refused::Taken));
    let mut weak = Person(20).member();
    weak.identity.receive = [0; 32];
    assert_eq!(
        attempt(&mut log, weak, Person(20)),
        Err(Refused::Malformed),
        "nothing could be granted to her"
    );
    let mut one = Person(20).member();
    one.identity.sign = [0; 32];
    one.identity.sign[0] = 1;
    assert_eq!(attempt(&mut log, one, Person(20)), Err(Refused::Malformed), "anybody could sign for her");
    let mut long = Person(20).member();
    long.name.sealed = vec![0; satchel_wire::members::MAX_NAME + 1];
    assert_eq!(attempt(&mut log, long, Person(20)), Err(Refused::Malformed));
}

#[test]
fn an_epoch_is_the_next_one_and_for_exactly_those_who_stay() {
    let log = Log::team();
    let [gone, owner] = [Person(4), Person(1)];
    let good = log.turn(&[gone]);
    type Bend = fn(&mut satchel_wire::members::Turn);
    let bends: [Bend; 8] = [
        |turn| turn.epoch += 1,
        |turn| turn.epoch -= 1,
        |turn| drop(turn.grants.pop()),
        |turn| turn.grants.swap(0, 1),
        |turn| turn.grants.push(turn.grants[0].clone()),
        |turn| turn.grants[1].account = Person(4).account(),
        |turn| turn.grants[1].sealed.clear(),
        |turn| turn.previous = vec![0; 300],
    ];
    for (index, bend) in bends.into_iter().enumerate() {
        let mut turn = good.clone();
        bend(&mut turn);
        let change = Change::Remove { accounts: vec![gone.account()], turn };
        assert_eq!(log.clone().act(owner, change), Err(Refused::Turn), "bend {index}");
    }
    let keeps_her = Change::Remove { accounts: vec![gone.account()], turn: log.turn(&[]) };
    assert_eq!(log.clone().act(owner, keeps_her), Err(Refused::Turn), "a grant for who is removed");
    let change = Change::Remove { accounts: vec![gone.account()], turn: good };
    let mut log = log;
    log.act(owner, change).unwrap();
    assert_eq!((log.state.epoch(), log.state.grant(gone.account())), (2, None));
    assert!(log.state.grant(Person(5).account()).is_some());
}

#[test]
fn nothing_is_done_to_who_is_not_there() {
    let log = Log::team();
    let nobody = Person(30);
    let table = [
        (log.remove(&[nobody]), Refused::Unknown),
        (log.remove(&[]), Refused::Malformed),
        (log.remove(&[Person(4), Person(4)]), Refused::Malformed),
        (Change::Role { account: nobody.account(), role: Role::Viewer }, Refused::Unknown),
        (Change::Withdraw { id: InvitationId([3; 16]) }, Refused::Unknown),
    ];
    for (change, expected) in table {
        assert_eq!(log.clone().act(Person(1), change.clone()), Err(expected), "{change:?}");
    }
}

#[test]
fn the_room_for_invitations_ends() {
    let mut log = Log::team();
    for number in 0..satchel_wire::members::MAX_INVITATIONS {
        log.act(Person(1), invite(Person(64 + number as u8), Role::Viewer)).unwrap();
    }
    assert_eq!(log.act(Person(1), invite(Person(20), Role::Viewer)), Err(Refused::Full));
}

#[test]
fn whoever_is_a_member_changes_her_own_name_and_nobody_else_does() {
    for (role, by) in ROLES.into_iter().zip(ACTORS) {
        let mut log = team();
        let before = log.state.clone();
        log.act(by, rename(99)).unwrap_or_else(|why| panic!("{role:?}: {why}"));
        for (account, member) in log.state.members() {
            let known = &before.members()[account];
            let (name, old) = match *account == by.account() {
                true => (vec![99; 40], Some(&known.name)),
                false => (known.name.sealed.clone(), None),
            };
            assert_eq!((&member.name.sealed, member.before.as_ref()), (&name, old), "{role:?}");
            assert_eq!(
                (member.role, member.identity, member.since),
                (known.role, known.identity, known.since)
            );
        }
    }
}

/// The entry names nobody but its author: whoever would rename another has to sign for her.
#[test]
fn an_owner_cannot_rename_another_by_any_signature_that_she_has() {
    let mut log = team();
    let before = log.state.clone();
    let mut forged = Person(1).sign(&log.state.next(Person(6).account(), NOW, rename(99)));
    assert_eq!(log.push(forged.clone()), Err(Refused::Signature));
    forged.invitation = Some(signature(&Person(1).key(), &forged.body));
    assert_eq!(log.push(forged), Err(Refused::Signature));
    let mut beside = Person(6).sign(&log.state.next(Person(6).account(), NOW, rename(99)));
    beside.invitation = Some(signature(&Person(6).invite_key(), &beside.body));
    assert_eq!(log.push(beside), Err(Refused::Malformed));
    assert_eq!(log.act(Person(30), rename(99)), Err(Refused::NotMember));
    log.act(Person(1), log.remove(&[Person(6)])).unwrap();
    assert_eq!(log.act(Person(6), rename(99)), Err(Refused::NotMember));
    assert_eq!(log.state.former()[&Person(6).account()].name, before.members()[&Person(6).account()].name);
}

#[test]
fn names_fit_are_new_and_are_not_changed_for_ever() {
    let mut log = Log::team();
    let named = |epoch, size| Change::Rename { name: SealedName { epoch, sealed: vec![7; size] } };
    assert_eq!(log.act(Person(6), named(1, MAX_NAME + 1)), Err(Refused::Malformed));
    assert_eq!(log.act(Person(6), named(2, 40)), Err(Refused::Malformed), "no such key yet");
    assert_eq!(log.act(Person(6), rename(6)), Err(Refused::Taken), "it is her name");
    for nth in 0..MAX_RENAMES {
        log.act(Person(6), rename(100 + (nth % 2) as u8)).unwrap();
    }
    assert_eq!(log.act(Person(6), rename(50)), Err(Refused::Full));
    log.act(Person(7), rename(50)).unwrap();
}

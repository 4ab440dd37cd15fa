//! Nothing but the log itself is believed: whatever is reordered, cut out, exchanged or forged is refused.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{Log, NOW, Person, SPACE, invite, rename, replay, signature};
use proptest::prelude::*;
use satchel_members::{Doubt, Refused, State, catch_up};
use satchel_wire::members::{Body, Change, Role, SignedEntry};
use satchel_wire::{SpaceId, from_cbor, to_cbor};

/// Any log that an honest team of seven can make, by what its members try.
fn any_log() -> impl Strategy<Value = Log> {
    let tries = prop::collection::vec((0_u8..7, 1_u8..8, 1_u8..20, 1_i64..5), 1..24);
    tries.prop_map(|tries| {
        let mut log = Log::team();
        for (what, by, who, rank) in tries {
            attempt(&mut log, what, Person(by), Person(who), Role::from_rank(rank).unwrap());
        }
        log
    })
}

/// Tries one thing; what is not allowed changes nothing.
fn attempt(log: &mut Log, what: u8, by: Person, who: Person, role: Role) {
    let change = match what {
        0 => invite(who, role),
        1 => Change::Withdraw { id: who.invite() },
        2 => Change::Role { account: who.account(), role },
        3 => log.remove(&[who]),
        4 => Change::Rotate { turn: log.turn(&[]) },
        5 => rename(who.0),
        _ => {
            let joining = log.joining(who, NOW);
            let _ = log.push(joining);
            return;
        }
    };
    let _ = log.act(by, change);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_honest_log_is_read_as_it_was_written(log in any_log()) {
        prop_assert_eq!(replay(SPACE, &log.entries), Ok(log.state.clone()));
        let owners = log.state.members().values().filter(|member| member.role == Role::Owner).count();
        prop_assert!(owners >= 1, "there is always an owner");
        let kept: State = from_cbor(&to_cbor(&log.state)).unwrap();
        prop_assert_eq!(kept, log.state, "a state that was kept is the same");
    }

    #[test]
    fn any_other_order_is_refused(log in any_log(), a: prop::sample::Index, b: prop::sample::Index) {
        let (a, b) = (a.index(log.entries.len()), b.index(log.entries.len()));
        prop_assume!(a != b);
        let mut entries = log.entries;
        entries.swap(a, b);
        prop_assert!(replay(SPACE, &entries).is_err());
    }

    #[test]
    fn an_entry_that_is_missing_or_doubled_is_refused(log in any_log(), at: prop::sample::Index) {
        let at = at.index(log.entries.len() - 1);
        let mut cut = log.entries.clone();
        let entry = cut.remove(at);
        prop_assert!(replay(SPACE, &cut).is_err());
        let mut doubled = log.entries;
        doubled.insert(at, entry);
        prop_assert!(replay(SPACE, &doubled).is_err());
    }

    #[test]
    fn a_bent_byte_is_refused(log in any_log(), at: prop::sample::Index, byte: prop::sample::Index, bit in 0_u8..8) {
        let at = at.index(log.entries.len());
        let mut entries = log.entries;
        let body = &mut entries[at].body;
        let byte = byte.index(body.len());
        body[byte] ^= 1 << bit;
        prop_assert!(replay(SPACE, &entries).is_err());
    }

    #[test]
    fn a_forged_signature_is_refused(log in any_log(), at: prop::sample::Index, by in 1_u8..40, byte in 0_usize..64) {
        let at = at.index(log.entries.len());
        let mut entries = log.entries;
        let mut bent = entries.clone();
        bent[at].signature[byte] ^= 1;
        prop_assert!(replay(SPACE, &bent).is_err());
        let entry = &mut entries[at];
        let other = signature(&Person(by).key(), &entry.body);
        prop_assume!(other != entry.signature);
        entry.signature = other;
        prop_assert_eq!(replay(SPACE, &entries), Err(Refused::Signature));
    }

    #[test]
    fn what_another_log_says_is_refused(log in any_log(), other in any_log(), at: prop::sample::Index) {
        // Not the last one: what follows an exchanged entry names the one that it was written after.
        let both = log.entries[..log.entries.len() - 1].iter().zip(&other.entries).enumerate();
        let differ: Vec<usize> = both.filter(|(_, (ours, theirs))| ours != theirs).map(|(at, _)| at).collect();
        prop_assume!(!differ.is_empty());
        let at = *at.get(&differ);
        let mut entries = log.entries;
        entries[at] = other.entries[at].clone();
        prop_assert!(replay(SPACE, &entries).is_err());
    }

    #[test]
    fn a_device_that_saw_more_or_something_else_tells(log in any_log(), at: prop::sample::Index) {
        let at = at.index(log.entries.len());
        let mut state = replay(SPACE, &log.entries[..=at]).unwrap();
        prop_assert_eq!(catch_up(&mut state, &log.entries[at..]), Ok(()));
        prop_assert_eq!(&state, &log.state);
        prop_assert_eq!(catch_up(&mut state, &[]), Err(Doubt::Shorter));
        let mut forked = Log { entries: log.entries[..1].to_vec(), state: replay(SPACE, &log.entries[..1]).unwrap() };
        forked.act(Person(1), invite(Person(60), Role::Editor)).unwrap();
        prop_assert_eq!(catch_up(&mut state, &forked.entries[1..]), Err(Doubt::Other));
    }
}

#[test]
fn another_space_s_log_is_refused() {
    let elsewhere = SpaceId([8; 16]);
    let log = Log::found(elsewhere, Person(1));
    assert_eq!(State::found(SPACE, &log.entries[0]), Err(Refused::Space));
    let mut here = Log::found(SPACE, Person(1));
    let body = Body { space: elsewhere, ..here.state.next(Person(1).account(), NOW, Change::Leave) };
    assert_eq!(here.push(Person(1).sign(&body)), Err(Refused::Space));
}

#[test]
fn of_two_admins_at_once_one_redoes_her_entry() {
    let mut log = Log::team();
    let first = log.entry(Person(2), log.remove(&[Person(4)]));
    let second = log.entry(Person(3), log.remove(&[Person(6)]));
    log.push(first).unwrap();
    assert_eq!(log.push(second), Err(Refused::Number { next: log.state.n() + 1 }));
    log.act(Person(3), log.remove(&[Person(6)])).unwrap();
    assert_eq!(log.state.epoch(), 3);
    assert!([4, 6].iter().all(|gone| log.state.role(Person(*gone).account()).is_none()));
}

#[test]
fn a_chain_is_followed_not_numbers() {
    let log = Log::team();
    let mut other = log.clone();
    other.act(Person(1), invite(Person(20), Role::Viewer)).unwrap();
    let mut log = log;
    log.act(Person(1), invite(Person(21), Role::Viewer)).unwrap();
    let after_the_other = other.entry(Person(2), invite(Person(22), Role::Viewer));
    assert_eq!(log.push(after_the_other), Err(Refused::Chain));
}

#[test]
fn what_is_no_entry_or_a_newer_one_is_told() {
    let log = Log::team();
    let body = log.state.next(Person(1).account(), NOW, Change::Leave);
    let newer = Person(1).sign(&Body { v: 2, ..body.clone() });
    assert_eq!(log.clone().push(newer), Err(Refused::Newer { version: 2 }));
    let mut junk = Person(1).sign(&body);
    junk.body = b"junk".to_vec();
    assert_eq!(log.clone().push(junk), Err(Refused::Malformed));
    let mut large = Person(1).sign(&body);
    large.body = vec![0xa1; satchel_wire::members::MAX_BODY + 1];
    assert_eq!(log.clone().push(large), Err(Refused::Malformed));
    assert_eq!(replay(SPACE, &log.entries[1..]), Err(Refused::Malformed), "a log begins with its foundation");
    let founded_again = Change::Found { member: Person(1).member(), epoch: 1, commitment: [1; 32] };
    assert_eq!(log.clone().act(Person(1), founded_again), Err(Refused::Malformed));
}

#[test]
fn entries_travel_as_they_are() {
    let log = Log::team();
    for entry in &log.entries {
        let travelled: SignedEntry = from_cbor(&to_cbor(entry)).unwrap();
        assert_eq!(&travelled, entry);
    }
}

#[test]
fn a_refused_entry_changes_nothing() {
    let mut log = Log::team();
    let before = log.state.clone();
    assert!(log.act(Person(6), log.remove(&[Person(7)])).is_err());
    assert_eq!(log.state, before);
}

/// The cost of removing somebody goes with the members, whatever the space holds.
#[test]
fn a_turn_is_one_grant_a_member_and_fits_an_entry() {
    let mut log = Log::found(SPACE, Person(1));
    for number in 2..=20 {
        log.welcome(Person(1), Person(number), Role::Editor).unwrap();
    }
    let turn = log.turn(&[Person(20)]);
    assert_eq!(turn.grants.len(), 19);
    let entry = log.entry(Person(1), log.remove(&[Person(20)]));
    assert!(entry.body.len() < 4 * 1024, "{} bytes", entry.body.len());
}

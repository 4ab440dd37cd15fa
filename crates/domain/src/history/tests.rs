//! What an edit leaves in the history, and its bytes.

use super::*;
use crate::{Clock, DeviceId, Kind, Write, apply, conflicts, create};

const ID: RecordId = RecordId([7; 16]);

fn set(field: &str, value: impl Into<Value>) -> Write {
    Write::Set { field: field.into(), value: value.into() }
}

fn tag(tag: &str, present: bool) -> Write {
    Write::Element { field: field::TAGS.into(), element: tag.into(), present }
}

fn ada(clock: &mut Clock) -> Record {
    create(Kind::Partner, vec![set("name", "Ada"), tag("vip", true)], clock, 1)
}

fn edited(writes: Vec<Write>) -> Vec<Entry> {
    let mut clock = Clock::new(DeviceId(1));
    let before = ada(&mut clock);
    let mut after = before.clone();
    apply(&mut after, writes, &mut clock, 2);
    entries(ID, Some(&before), &after)
}

#[test]
fn an_edit_tells_each_value_that_it_changed() {
    let told = edited(vec![set("name", "Ada L."), set("note", "tea"), tag("vip", false), tag("new", true)]);
    let told: Vec<_> = told
        .iter()
        .map(|entry| (entry.field.as_str(), entry.before.clone(), entry.after.clone().expect("short")))
        .collect();
    let yes_no = |yes| (Value::Bool(yes), Value::Bool(!yes));
    let (joined, left) = (yes_no(false), yes_no(true));
    assert_eq!(
        told,
        [
            ("name", "Ada".into(), "Ada L.".into()),
            ("note", Value::Null, "tea".into()),
            ("tags", joined.0, joined.1),
            ("tags", left.0, left.1),
        ]
    );
}

#[test]
fn what_changes_no_value_and_what_is_new_has_no_entries() {
    assert_eq!(edited(vec![set("name", "Ada"), tag("vip", true), tag("x", false)]), []);
    assert_eq!(entries(ID, None, &ada(&mut Clock::new(DeviceId(1)))), []);
}

#[test]
fn the_trash_is_named() {
    assert_eq!(edited(vec![Write::deleted(true)])[0].why, Why::Deleted);
    let mut clock = Clock::new(DeviceId(1));
    let mut before = ada(&mut clock);
    apply(&mut before, vec![Write::deleted(true)], &mut clock, 2);
    let mut after = before.clone();
    apply(&mut after, vec![Write::deleted(false)], &mut clock, 3);
    assert_eq!(entries(ID, Some(&before), &after)[0].why, Why::Restored);
}

#[test]
fn the_loser_is_told_as_its_own_write_whoever_notices() {
    let mut clock = Clock::new(DeviceId(1));
    let base = ada(&mut clock);
    let (mut mine, mut theirs) = (base.clone(), base.clone());
    apply(&mut mine, vec![set("name", "mine")], &mut clock, 2);
    apply(&mut theirs, vec![set("name", "theirs")], &mut Clock::new(DeviceId(2)), 3);
    let here = Entry::lost(ID, &conflicts(Some(&base), &mine, &theirs)[0]);
    let there = Entry::lost(ID, &conflicts(Some(&base), &theirs, &mine)[0]);
    assert_eq!(here, there);
    let [written] = &entries(ID, Some(&base), &mine)[..] else { panic!("one write") };
    assert_eq!(Entry { why: Why::Edited, ..here }, *written);
}

#[test]
fn entries_come_back_from_their_bytes() {
    let mut told = edited(vec![set("name", Value::Null), tag("vip", false), Write::deleted(true)]);
    told.push(Entry::many(12, told[0].stamp));
    told.push(Entry { brought: Some("Emma".into()), ..told[0].clone() });
    told.push(Entry { why: Why::Unknown("merged".into()), after: None, ..told[0].clone() });
    for entry in told {
        let bytes = entry.to_bytes();
        assert_eq!(Entry::record_of(&bytes), Some(entry.record));
        assert_eq!(Entry::from_bytes(&bytes), Ok(entry.clone()));
        for end in 0..bytes.len() {
            assert!(Entry::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
        }
    }
}

#[test]
fn a_long_value_is_kept_once_unless_it_lost() {
    let long = "x".repeat(2 * LONGEST_WHOLE);
    let [entry] = &edited(vec![set("note", long.as_str())])[..] else { panic!("one write") };
    let read = |entry: &Entry| Entry::from_bytes(&entry.to_bytes()).expect("an entry");
    assert_eq!(read(entry).after, None);
    let lost = Entry { why: Why::Lost, before: long.as_str().into(), ..entry.clone() };
    assert_eq!((read(&lost).before, read(&lost).after), (Value::Null, Some(long.as_str().into())));
    let [back] = &edited(vec![set("name", "short")])[..] else { panic!("one write") };
    let back = Entry { before: long.as_str().into(), ..back.clone() };
    assert_eq!(read(&back).before, long.as_str().into(), "only the entry knows what was written over");
}

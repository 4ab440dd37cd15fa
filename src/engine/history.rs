//! A record's past as a screen shows it, and a value of it put back.

use super::Host;
use super::account::account_of;
use super::failure::Outcome as Ended;
use super::workspace::Workspace;
use crate::port::{
    Author, Done, FailureCode, History, HistoryBreak, HistoryEntry, HistoryKey, HistoryKind, HistorySide,
};
use satchel_domain::{DeviceId, Entry, Record, RecordId, Value, Why, Write, field};
use satchel_replica::history::{Break, Told};
use std::collections::BTreeSet;

impl<H: Host> Workspace<H> {
    /// What is known of a record's past, newest first.
    pub(super) async fn history(&self, id: RecordId) -> Option<History> {
        let found = self.replica.records(&[id]).await.ok()?.pop();
        // What was told of a record that was erased for good is not shown any more.
        let (_, record) = found.filter(|(_, record)| !record.is_grave())?;
        let told = self.replica.history(id).await.unwrap_or_default();
        let created_by = record.fields.get(field::CREATED).map(|register| self.writer(register.stamp.device));
        let mut entries: Vec<_> = told.into_iter().map(|told| self.told(told)).collect();
        filled(&mut entries);
        stand(&mut entries, &record);
        entries.reverse();
        Some(History { record: id, created_ms: record.created_ms(), created_by, entries })
    }

    /// Writes a value of the past in place again, as an edit that can be taken back.
    pub(super) async fn restore_value(
        &self,
        id: RecordId,
        key: &HistoryKey,
        side: HistorySide,
    ) -> Ended<Done> {
        let history = self.history(id).await.ok_or(FailureCode::NotFound)?;
        let entry = history.entries.into_iter().find(|entry| entry.key == *key);
        let value = match (entry, side) {
            (Some(entry), HistorySide::Before) => entry.before,
            (Some(entry), HistorySide::After) if !entry.after_unknown => entry.after,
            _ => return Err(FailureCode::NotFound.into()),
        };
        self.edit(id, vec![restoring(key, value)]).await
    }

    fn told(&self, Told { entry, broken, by, teller }: Told) -> HistoryEntry {
        let Entry { record: _, field, element, before, after, stamp, why, brought } = entry;
        HistoryEntry {
            key: HistoryKey { field, element, stamp },
            author: match brought {
                Some(name) => Author::Brought(name, Box::new(self.author(DeviceId(teller.0), by))),
                None => self.author(stamp.device, by),
            },
            at_ms: stamp.ms,
            before,
            after_unknown: after.is_none(),
            after: after.unwrap_or(Value::Null),
            what: kind(&why),
            stands: false,
            broken: broken.map(reason),
        }
    }

    /// A chunk is signed by whoever told it: another member by her name, which the log has.
    fn author(&self, device: DeviceId, by: Option<[u8; 32]>) -> Author {
        match by.and_then(|by| self.name_of_signer(&by)) {
            Some(name) => Author::Member(name, device.short_code()),
            None => self.writer(device),
        }
    }

    /// By which name a move tells who wrote: a colleague's, or the person's own.
    pub(super) fn writer_of(&self, told: &Told) -> String {
        if let Some(name) = told.entry.brought.as_ref().filter(|name| !name.is_empty()) {
            return name.clone();
        }
        let own = || self.member_name(satchel_domain::AccountId(account_of(&self.meta()).0));
        told.by.and_then(|by| self.name_of_signer(&by)).or_else(own).unwrap_or_default()
    }

    fn writer(&self, device: DeviceId) -> Author {
        if device.0 == self.meta().device.0 { Author::ThisDevice } else { Author::Other(device.short_code()) }
    }
}

/// The last write of each field stands, if its value is what is there: then what was too long to be kept twice is
/// that value. Stamps are not asked, because those of an unsent edit may have been set right since.
fn stand(entries: &mut [HistoryEntry], record: &Record) {
    let mut seen = BTreeSet::new();
    for entry in entries.iter_mut().rev().filter(|entry| entry.what != HistoryKind::Lost) {
        if seen.insert((entry.key.field.clone(), entry.key.element.clone())) {
            let there = there(record, &entry.key);
            if entry.after_unknown {
                (entry.after, entry.after_unknown) = (there.clone(), false);
            }
            entry.stands = entry.after == there;
        }
    }
}

fn there(record: &Record, HistoryKey { field, element, .. }: &HistoryKey) -> Value {
    match element {
        None => record.value(field).clone(),
        Some(element) => {
            let write = record.sets.get(field).and_then(|set| set.get(element));
            Value::Bool(write.is_some_and(|write| write.0))
        }
    }
}

/// What was too long to be kept twice is what the next write of the field found there. `entries` are in order.
fn filled(entries: &mut [HistoryEntry]) {
    for at in 0..entries.len() {
        let HistoryEntry { key, after_unknown: true, .. } = &entries[at] else { continue };
        let same = |next: &&HistoryEntry| {
            (&next.key.field, &next.key.element) == (&key.field, &key.element)
                && next.what != HistoryKind::Lost
        };
        if let Some(found) = entries[at + 1..].iter().find(same).map(|next| next.before.clone()) {
            (entries[at].after, entries[at].after_unknown) = (found, false);
        }
    }
}

fn restoring(HistoryKey { field, element, .. }: &HistoryKey, value: Value) -> Write {
    let field = field.clone();
    match element.clone() {
        None => Write::Set { field, value },
        Some(element) => Write::Element { field, element, present: value == Value::Bool(true) },
    }
}

fn kind(why: &Why) -> HistoryKind {
    match why {
        Why::Lost => HistoryKind::Lost,
        Why::Deleted => HistoryKind::Deleted,
        Why::Restored => HistoryKind::Restored,
        Why::Edited | Why::Many | Why::Unknown(_) => HistoryKind::Edited,
    }
}

fn reason(broken: Break) -> HistoryBreak {
    match broken {
        Break::Signature => HistoryBreak::Signature,
        Break::Gap => HistoryBreak::Gap,
        Break::Chain | Break::Forked => HistoryBreak::Chain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::Stamp;

    fn entry(at_ms: u64, before: &str, after: Option<&str>) -> HistoryEntry {
        let stamp = Stamp { ms: at_ms, counter: 0, device: DeviceId(1), nth: 0 };
        HistoryEntry {
            key: HistoryKey { field: "note".into(), element: None, stamp },
            author: Author::ThisDevice,
            at_ms,
            before: before.into(),
            after: after.map_or(Value::Null, Value::from),
            after_unknown: after.is_none(),
            what: HistoryKind::Edited,
            stands: false,
            broken: None,
        }
    }

    #[test]
    fn a_long_value_is_found_where_it_was_written_over() {
        let lost = HistoryEntry { what: HistoryKind::Lost, ..entry(2, "other", Some("lost")) };
        let mut entries = [entry(1, "a", None), lost, entry(3, "long", None), entry(4, "last", None)];
        filled(&mut entries);
        let after: Vec<_> = entries.iter().map(|entry| (&entry.after, entry.after_unknown)).collect();
        let (long, last, none) = ("long".into(), "last".into(), Value::Null);
        assert_eq!(after, [(&long, false), (&"lost".into(), false), (&last, false), (&none, true)]);
    }
    #[test]
    fn the_last_write_stands_unless_the_record_says_something_else() {
        let mut record = Record::new(satchel_domain::Kind::Partner);
        let stamp = Stamp { ms: 9, counter: 0, device: DeviceId(1), nth: 0 };
        let register = satchel_domain::Register { value: "b".into(), stamp };
        record.fields.insert("note".into(), register);
        let lost = HistoryEntry { what: HistoryKind::Lost, ..entry(3, "a", Some("b")) };
        let mut entries = [entry(1, "", Some("a")), entry(2, "a", None), lost];
        stand(&mut entries, &record);
        assert_eq!(entries.each_ref().map(|entry| entry.stands), [false, true, false]);
        assert_eq!(entries[1].after, "b".into());
        record.fields.clear();
        stand(&mut entries, &record);
        assert!(!entries[1].stands);
    }
}

//! The same record anew, where its neighbours have other ids: what a move into another space writes there.

use crate::{Entry, Participation, Record, RecordId, Relationship, Value, Write, field};
use std::collections::BTreeMap;

/// The writes that make a record again. `ids` gives the new ids of all that come along; who does not come along is
/// not named. What happened with somebody who stays is about the first of its participants who comes along. The keys of
/// its history are left behind: what was told of it is told there, and told again here by [`copied_entry`].
pub fn copied(record: &Record, ids: &BTreeMap<RecordId, RecordId>) -> Vec<Write> {
    let main = about(record, ids);
    let registers = record.fields.iter().map(|(field, register)| {
        let value = match field.as_str() {
            field::PARTNER => main.map_or(Value::Null, Value::from),
            field::ORGANISATION | field::SOURCE | field::MERGED_INTO => {
                renamed(&register.value, ids).map_or(Value::Null, Value::from)
            }
            _ => register.value.clone(),
        };
        Write::Set { field: field.clone(), value }
    });
    registers.chain(elements(record, ids, main)).collect()
}

/// What was told of a record, as it is told of its copy, and by whom it was written; `None` where it is about somebody
/// who does not come along.
pub fn copied_entry(entry: &Entry, ids: &BTreeMap<RecordId, RecordId>, by: String) -> Option<Entry> {
    let record = *ids.get(&entry.record)?;
    let copy = Entry { record, brought: Some(by), ..entry.clone() };
    match entry.field.as_str() {
        field::PARTNER | field::ORGANISATION | field::SOURCE | field::MERGED_INTO => {
            let named = |value: &Value| renamed(value, ids).map_or(Value::Null, Value::from);
            let (before, after) = (named(&entry.before), entry.after.as_ref().map(named));
            let tells = before != Value::Null || after.as_ref().is_some_and(|after| *after != Value::Null);
            tells.then_some(Entry { before, after, ..copy })
        }
        field::PARTICIPANTS => {
            let part = Participation::read(entry.element.as_ref()?)?;
            let partner = *ids.get(&part.partner)?;
            Some(Entry { element: Some(Participation { partner, ..part }.element()), ..copy })
        }
        _ => Some(copy),
    }
}

fn renamed(value: &Value, ids: &BTreeMap<RecordId, RecordId>) -> Option<RecordId> {
    ids.get(&value.as_id()?).copied()
}

/// Whom the copy is about.
fn about(record: &Record, ids: &BTreeMap<RecordId, RecordId>) -> Option<RecordId> {
    renamed(record.value(field::PARTNER), ids)
        .or_else(|| parts(record).find_map(|part| ids.get(&part.partner).copied()))
}

fn parts(record: &Record) -> impl Iterator<Item = Participation> {
    let elements = record.sets.get(field::PARTICIPANTS).into_iter().flatten();
    elements.filter(|(_, (present, _))| *present).filter_map(|(element, _)| Participation::read(element))
}

fn elements<'a>(
    record: &'a Record,
    ids: &'a BTreeMap<RecordId, RecordId>,
    main: Option<RecordId>,
) -> impl Iterator<Item = Write> + 'a {
    let kept = |field: &&String| ![field::HISTORY_KEYS, field::PARTICIPANTS].contains(&field.as_str());
    let free = record.sets.iter().filter(move |(field, _)| kept(field)).flat_map(|(field, elements)| {
        let present = elements.iter().filter(|(_, (present, _))| *present);
        present.map(|(element, _)| Write::Element {
            field: field.clone(),
            element: element.clone(),
            present: true,
        })
    });
    let others = parts(record).filter_map(move |part| {
        let partner = ids.get(&part.partner).copied().filter(|id| Some(*id) != main)?;
        let is_other = part.relationship != Relationship::Primary;
        is_other.then(|| Participation { partner, ..part }.write(true))
    });
    free.chain(others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, DeviceId, Kind, Stamp, Why, create};

    const STAYS: RecordId = RecordId([1; 16]);
    const COMES: RecordId = RecordId([2; 16]);
    const THERE: RecordId = RecordId([3; 16]);

    fn visit(partner: RecordId, other: RecordId) -> Record {
        let set = |field: &str, value: Value| Write::Set { field: field.to_owned(), value };
        let part = Participation { partner: other, relationship: Relationship::from_code("expert") };
        let key = Write::Element {
            field: field::HISTORY_KEYS.to_owned(),
            element: Value::Bytes(vec![7; 16]),
            present: true,
        };
        let writes = vec![
            set(field::PARTNER, partner.into()),
            set(field::CONTENT, "said".into()),
            part.write(true),
            key,
        ];
        create(Kind::Interaction, writes, &mut Clock::new(DeviceId(1)), 1_000)
    }

    fn again(record: &Record) -> Record {
        let ids = BTreeMap::from([(COMES, THERE)]);
        create(record.kind.clone(), copied(record, &ids), &mut Clock::new(DeviceId(2)), 9_000)
    }

    #[test]
    fn a_copy_names_only_who_came_along_and_keeps_the_rest() {
        let copy = again(&visit(COMES, STAYS));
        assert_eq!(copy.value(field::PARTNER), &THERE.into());
        assert_eq!(copy.value(field::CONTENT), &"said".into());
        assert_eq!(copy.created_ms(), 1_000, "since when it is there is kept");
        assert_eq!((parts(&copy).count(), copy.history_keys().count()), (0, 0));
    }

    fn told(field: &str, element: Option<Value>, before: Value, after: Value) -> Option<Entry> {
        let stamp = Stamp { ms: 5, counter: 0, device: DeviceId(1), nth: 0 };
        let (record, field, why) = (COMES, field.to_owned(), Why::Edited);
        let entry = Entry { record, field, element, before, after: Some(after), stamp, why, brought: None };
        copied_entry(&entry, &BTreeMap::from([(COMES, THERE)]), "Emma".into())
    }

    #[test]
    fn what_was_told_is_told_of_the_copy_and_names_only_who_came_along() {
        let note = told(field::NOTE, None, "old".into(), "new".into()).expect("it tells something");
        assert_eq!((note.record, note.brought.as_deref()), (THERE, Some("Emma")));
        assert_eq!((note.before, note.after), ("old".into(), Some("new".into())));
        let source = told(field::SOURCE, None, STAYS.into(), COMES.into()).expect("one of them came");
        assert_eq!((source.before, source.after), (Value::Null, Some(THERE.into())));
        assert_eq!(told(field::SOURCE, None, STAYS.into(), Value::Null), None);
        let part =
            |partner| Participation { partner, relationship: Relationship::from_code("expert") }.element();
        let took_part =
            |partner| told(field::PARTICIPANTS, Some(part(partner)), Value::Bool(false), Value::Bool(true));
        assert_eq!(took_part(COMES).and_then(|entry| entry.element), Some(part(THERE)));
        assert_eq!(took_part(STAYS), None);
    }

    #[test]
    fn what_happened_with_somebody_who_stays_is_about_who_took_part() {
        let copy = again(&visit(STAYS, COMES));
        assert_eq!(copy.value(field::PARTNER), &THERE.into());
        assert_eq!(parts(&copy).count(), 0, "once is enough");
    }
}

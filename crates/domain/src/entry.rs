//! Reading typed values out of registers: total, falling back where a value is not understood.

use crate::sorted::Gather;
use crate::{Coordinates, External, Moment, Precision, Record, RecordId, Value};
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn text(record: &Record, field: &str) -> String {
    record.value(field).as_text().unwrap_or_default().to_owned()
}

pub(crate) fn number<T: TryFrom<i64>>(record: &Record, field: &str) -> Option<T> {
    record.value(field).as_int().and_then(|number| number.try_into().ok())
}

pub(crate) fn id(record: &Record, field: &str) -> Option<RecordId> {
    record.value(field).as_id()
}

/// The elements of a set that are present.
pub(crate) fn elements<'a>(record: &'a Record, field: &str) -> impl Iterator<Item = &'a Value> {
    let present = |(element, &(present, _)): (&'a Value, &(bool, _))| present.then_some(element);
    record.sets.get(field).into_iter().flatten().filter_map(present)
}

pub(crate) fn external(record: &Record, field: &str) -> Option<External> {
    let value = record.value(field);
    let (system, id) = (value.get("system").as_text()?, value.get("id").as_text()?);
    Some(External { system: system.to_owned(), id: id.to_owned() })
}

pub(crate) fn moment(value: &Value) -> Option<Moment> {
    Some(Moment {
        utc_ms: value.get("t").as_int()?,
        zone: value.get("z").as_text().unwrap_or("UTC").to_owned(),
        precision: Precision::from_code(value.get("p").as_text().unwrap_or_default()),
    })
}

pub(crate) fn coordinates(value: &Value) -> Option<Coordinates> {
    let micro = |key: &str| value.get(key).as_int();
    let degrees = |micro: i64| i32::try_from(micro).ok().map(|micro| f64::from(micro) / 1e6);
    Coordinates::of_degrees(degrees(micro("lat")?)?, degrees(micro("lon")?)?)
}

/// The entries of a list with their keys: in the order kept under `list`, then by key.
pub(crate) fn list<'a>(record: &'a Record, list: &str) -> Vec<(&'a str, &'a Value)> {
    let prefix = format!("{list}/");
    let from = record.fields.range(prefix.clone()..);
    let mut rest: BTreeMap<&str, &Value> = from
        .map_while(|(id, register)| Some((id.strip_prefix(&prefix)?, &register.value)))
        .filter(|(_, value)| matches!(value, Value::Map(_)))
        .gather();
    let order = if let Value::List(order) = record.value(list) { order.as_slice() } else { &[] };
    let mut entries: Vec<_> =
        order.iter().filter_map(|key| rest.remove_entry(key.as_text().unwrap_or_default())).collect();
    entries.extend(rest);
    entries
}

/// The order register that the keys `after` need, given those that the person saw: none while what
/// is kept says the same already. New keys sort behind all others only if they are greater.
pub(crate) fn order(before: &[&str], after: &[&str]) -> Option<Value> {
    let kept: Vec<&str> = before.iter().copied().filter(|key| after.contains(key)).collect();
    let known: BTreeSet<&str> = before.iter().copied().gather();
    let fresh: Vec<&str> = after.iter().copied().filter(|key| !known.contains(key)).collect();
    let appended = after == [kept.as_slice(), fresh.as_slice()].concat()
        && fresh.is_sorted()
        && kept.iter().max() < fresh.first();
    let as_before = fresh.is_empty() && after == kept;
    let keys = || Value::List(after.iter().map(|key| Value::from(*key)).collect());
    (!as_before && !appended).then(keys)
}

/// A map of the texts that are not empty.
pub(crate) fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, Value> {
    let filled = pairs.iter().filter(|(_, text)| !text.trim().is_empty());
    filled.map(|(key, text)| ((*key).to_owned(), Value::from(text.trim()))).gather()
}

impl From<&Moment> for Value {
    fn from(moment: &Moment) -> Self {
        let mut map = BTreeMap::from([("t".to_owned(), Self::Int(moment.utc_ms))]);
        map.insert("z".to_owned(), Self::from(moment.zone.as_str()));
        if moment.precision != Precision::Exact {
            map.insert("p".to_owned(), Self::from(moment.precision.code()));
        }
        Self::Map(map)
    }
}

impl From<Coordinates> for Value {
    fn from(at: Coordinates) -> Self {
        Self::Map(BTreeMap::from([
            ("lat".to_owned(), Self::Int(at.lat_e6.into())),
            ("lon".to_owned(), Self::Int(at.lon_e6.into())),
        ]))
    }
}

impl From<&External> for Value {
    fn from(external: &External) -> Self {
        Self::Map(BTreeMap::from([
            ("system".to_owned(), Self::from(external.system.as_str())),
            ("id".to_owned(), Self::from(external.id.as_str())),
        ]))
    }
}

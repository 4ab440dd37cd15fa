//! What a person meant, as writes on a record's registers and sets.

use crate::sorted::Gather;
use crate::{Clock, Kind, Record, Register, Stamp, Value, field};
use std::collections::{BTreeMap, BTreeSet};

/// One write. All writes of one intent carry one stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// Puts a value into a register; [`Value::Null`] empties it.
    Set {
        /// Which register.
        field: String,
        /// The new value.
        value: Value,
    },
    /// Lays entries over the map in a register, keeping the keys that it does not name, so that what
    /// a newer app put there survives; [`Value::Null`] removes a key.
    Patch {
        /// Which register.
        field: String,
        /// The entries to lay over.
        entries: BTreeMap<String, Value>,
    },
    /// Adds an element to a set, or removes it.
    Element {
        /// Which set.
        field: String,
        /// The element.
        element: Value,
        /// In the set from now on, or not.
        present: bool,
    },
}

impl Write {
    /// Moves a record to the trash, or back.
    pub fn deleted(deleted: bool) -> Self {
        Self::Set { field: field::DELETED.to_owned(), value: Value::Bool(deleted) }
    }

    /// The register or set that is written.
    pub fn field(&self) -> &str {
        match self {
            Self::Set { field, .. } | Self::Patch { field, .. } | Self::Element { field, .. } => field,
        }
    }
}

/// The writes that move a record to the trash. Deleting twice is the same as once (D5).
pub fn delete_writes() -> Vec<Write> {
    vec![Write::deleted(true)]
}

/// The writes that take a record back from the trash.
pub fn restore_writes() -> Vec<Write> {
    vec![Write::deleted(false)]
}

/// A new record with these writes.
pub fn create(kind: Kind, writes: Vec<Write>, clock: &mut Clock, wall_ms: u64) -> Record {
    let mut record = Record::new(kind);
    apply(&mut record, writes, clock, wall_ms);
    record
}

/// Carries out one intent under one new stamp, above everything that the record already holds, so
/// that what a person sees and changes is changed, and under the next number of its device. Returns the stamp. The
/// first writes of a record also note when it was created.
pub fn apply(record: &mut Record, writes: Vec<Write>, clock: &mut Clock, wall_ms: u64) -> Stamp {
    if let Some(latest) = record.latest() {
        clock.observe(latest);
    }
    let nth = record.seen.last(clock.device()).saturating_add(1);
    let stamp = Stamp { nth, ..clock.now(wall_ms) };
    record.seen.note(stamp);
    if record.fields.is_empty() {
        let created = Value::from_ms(stamp.ms);
        record.fields.insert(field::CREATED.to_owned(), Register { value: created, stamp });
    }
    for write in writes {
        carry_out(record, write, stamp);
    }
    stamp
}

fn carry_out(record: &mut Record, write: Write, stamp: Stamp) {
    match write {
        Write::Set { field, value } => {
            record.fields.insert(field, Register { value, stamp });
        }
        Write::Patch { field, entries } => {
            let value = Value::Map(laid_over(record.value(&field), entries));
            record.fields.insert(field, Register { value, stamp });
        }
        Write::Element { field, element, present } => {
            record.sets.entry(field).or_default().insert(element, (present, stamp));
        }
    }
}

fn laid_over(value: &Value, entries: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let mut map = if let Value::Map(map) = value { map.clone() } else { BTreeMap::new() };
    map.extend(entries);
    map.retain(|_, value| *value != Value::Null);
    map
}

/// The writes that take back what changed from `before` to `after`, on the record as it is `now`.
/// A creation is taken back by the trash; what was written again since is left alone.
pub fn undo_writes(before: Option<&Record>, after: &Record, now: &Record) -> Vec<Write> {
    let Some(before) = before else {
        return delete_writes();
    };
    let mut writes = Vec::new();
    for (field, register) in &after.fields {
        if before.fields.get(field) != Some(register) && now.fields.get(field) == Some(register) {
            writes.push(Write::Set { field: field.clone(), value: before.value(field).clone() });
        }
    }
    // A key stays: entries of the history, or a file, are sealed under it.
    for (field, elements) in after.sets.iter().filter(|(field, _)| !field::holds_keys(field)) {
        for (element, write) in elements {
            let was = before.sets.get(field).and_then(|set| set.get(element));
            let is = now.sets.get(field).and_then(|set| set.get(element));
            if was != Some(write) && is == Some(write) {
                let present = was.is_some_and(|was| was.0);
                writes.push(Write::Element { field: field.clone(), element: element.clone(), present });
            }
        }
    }
    writes
}

/// What a draft keeps, field by field: the common form in which drafts are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) fields: BTreeMap<String, Value>,
    /// Registers that hold a map and are patched rather than replaced.
    pub(crate) entries: BTreeMap<String, BTreeMap<String, Value>>,
    pub(crate) sets: BTreeMap<String, BTreeSet<Value>>,
}

impl Shape {
    /// Keeps a value unless it is nothing or empty text.
    pub(crate) fn put(&mut self, field: &str, value: impl Into<Value>) {
        let value = value.into();
        if !value.is_empty() {
            self.fields.insert(field.to_owned(), value);
        }
    }

    /// What a register holds in this form.
    pub(crate) fn value(&self, field: &str) -> Option<Value> {
        let entries = || self.entries.get(field).cloned().map(Value::Map);
        self.fields.get(field).cloned().or_else(entries)
    }

    /// The writes that lead from `from` to this: only what differs between what the person saw and
    /// what she left, so that a concurrent change of another field survives.
    pub(crate) fn writes_since(self, from: &Self) -> Vec<Write> {
        let mut writes = Vec::new();
        for field in from.fields.keys().filter(|field| !self.fields.contains_key(*field)) {
            writes.push(Write::Set { field: field.clone(), value: Value::Null });
        }
        for field in from.entries.keys().filter(|field| !self.entries.contains_key(*field)) {
            writes.push(Write::Set { field: field.clone(), value: Value::Null });
        }
        self.write_sets(from, &mut writes);
        for (field, value) in self.fields {
            if from.fields.get(&field) != Some(&value) {
                writes.push(Write::Set { field, value });
            }
        }
        for (field, entries) in self.entries {
            match from.entries.get(&field) {
                Some(before) if *before == entries => {}
                before => writes.push(patch(field, before, entries)),
            }
        }
        writes
    }

    fn write_sets(&self, from: &Self, writes: &mut Vec<Write>) {
        let none = BTreeSet::new();
        let fields: BTreeSet<_> = from.sets.keys().chain(self.sets.keys()).gather();
        for field in fields {
            let before = from.sets.get(field).unwrap_or(&none);
            let after = self.sets.get(field).unwrap_or(&none);
            for element in before.symmetric_difference(after) {
                let present = after.contains(element);
                writes.push(Write::Element { field: field.clone(), element: element.clone(), present });
            }
        }
    }
}

/// Names every key of the entry, not only those that differ: the entry may have been removed
/// elsewhere meanwhile, and half of one would be worse than none.
fn patch(field: String, before: Option<&BTreeMap<String, Value>>, after: BTreeMap<String, Value>) -> Write {
    let mut entries = after;
    for key in before.into_iter().flat_map(BTreeMap::keys) {
        entries.entry(key.clone()).or_insert(Value::Null);
    }
    Write::Patch { field, entries }
}

//! This device's unsent edits meet what another device wrote meanwhile.
//!
//! [`Record::merge`] is a pure join and always right about the state. What it cannot know is what a
//! person should be told. Both sides say which writes they know of ([`crate::Seen`]), so it is known exactly who
//! had seen what: a write that the other side does not know of is an edit that it had not seen. For what was
//! written before writes were numbered, the base (the last synced state, kept beside unsent edits) is compared with
//! both sides. Exactly one device reconciles any pair, since the server lets only one writer replace a version, so
//! what is written here is written once.
//!
//! **Deletion.** Deleting is a write of the register `deleted`. Where one side deleted and the other, which does not
//! know of that, edited anything that the deleting side does not know of, the edit wins: reconciling writes `deleted
//! = false` under a new stamp, and says so ([`Reconciled::restored`]). A grave (a record that was erased for good
//! from the trash) is a deletion that covers even what was written in the trash: an edit that it did not know wins
//! over it.

use crate::causal::Wrote;
use crate::sorted::Gather;
use crate::{Clock, Record, Register, Value, Write, change, field};
use std::collections::BTreeSet;

/// A field that both sides changed since the base, to different values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The field, by its id in [`crate::field`].
    pub field: String,
    /// What it was before either change.
    pub base: Value,
    /// What this device wrote.
    pub mine: Register,
    /// What the other wrote.
    pub theirs: Register,
}

impl Conflict {
    /// Whether this device's value is the later one, and thus in place.
    pub fn mine_won(&self) -> bool {
        self.mine.wins_over(&self.theirs)
    }

    /// The value that gave way: what the person is offered.
    pub fn losing(&self) -> &Value {
        if self.mine_won() { &self.theirs.value } else { &self.mine.value }
    }

    /// The writes that put `value` in place after a look.
    pub fn resolve(&self, value: Value) -> Vec<Write> {
        vec![Write::Set { field: self.field.clone(), value }]
    }
}

/// What came of [`reconcile`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// Both sides joined; its base is now the other side.
    pub record: Record,
    /// The fields that both changed; the later value is already in place.
    pub conflicts: Vec<Conflict>,
    /// One side deleted what the other edited; the edit won.
    pub restored: bool,
}

/// Joins this device's unsent state with the one that came from the server.
pub fn reconcile(
    base: Option<&Record>,
    mine: &Record,
    theirs: &Record,
    clock: &mut Clock,
    wall_ms: u64,
) -> Reconciled {
    for (grave, other) in [(theirs, mine), (mine, theirs)] {
        if grave.is_grave() && !edited_unseen(base, other, grave) {
            let mut record = grave.clone();
            record.seen.join(&other.seen);
            return Reconciled { record, conflicts: Vec::new(), restored: false };
        }
    }
    let mut record = mine.aligned(theirs);
    record.merge(theirs);
    let restored = record.is_deleted() && edit_meets_delete(base, mine, theirs);
    if restored {
        change::apply(&mut record, change::restore_writes(), clock, wall_ms);
    }
    Reconciled { record, conflicts: conflicts(base, mine, theirs), restored }
}

/// Fields about which nobody is asked. Of deletion see [`Reconciled::restored`]; two orders of one day, or two
/// places a few steps apart, are no question: the later one stands, and the other is in the history.
pub(crate) const UNASKED: [&str; 4] = [field::DELETED, field::CREATED, field::TURN, field::COORDINATES];

/// The fields that both sides changed, to different values, without knowing of the other, without [`UNASKED`].
pub fn conflicts(base: Option<&Record>, mine: &Record, theirs: &Record) -> Vec<Conflict> {
    let pairs = mine.fields.iter().filter_map(|(field, mine)| Some((field, mine, theirs.fields.get(field)?)));
    pairs
        .filter(|(field, ..)| !UNASKED.contains(&field.as_str()))
        .filter(|(field, here, there)| {
            let write = |register: &Register| Wrote { field, element: None, stamp: register.stamp };
            here.value != there.value
                && is_unseen(base, &write(here), theirs)
                && is_unseen(base, &write(there), mine)
        })
        .map(|(field, mine, theirs)| Conflict {
            field: field.clone(),
            base: before(base, field).map_or(Value::Null, |register| register.value.clone()),
            mine: mine.clone(),
            theirs: theirs.clone(),
        })
        .collect()
}

/// The registers and sets that were written since `base`, by field id.
pub fn changed_fields(base: Option<&Record>, now: &Record) -> BTreeSet<String> {
    let fields = now.fields.iter().filter(|(id, register)| before(base, id) != Some(*register));
    let sets =
        now.sets.iter().filter(|(id, elements)| base.and_then(|base| base.sets.get(*id)) != Some(*elements));
    fields.map(|(id, _)| id).chain(sets.map(|(id, _)| id)).cloned().gather()
}

fn before<'a>(base: Option<&'a Record>, field: &str) -> Option<&'a Register> {
    base.and_then(|base| base.fields.get(field))
}

fn edit_meets_delete(base: Option<&Record>, mine: &Record, theirs: &Record) -> bool {
    let deleted = |side: &Record, other: &Record| {
        let mut writes = side.writes().filter(|write| write.field == field::DELETED);
        // A register never vanishes: who has none was begun anew from before the deletion, and only counts on.
        let unseen = |write| !other.fields.contains_key(field::DELETED) || is_unseen(base, &write, other);
        side.is_deleted() && (side.is_grave() || writes.any(unseen))
    };
    (deleted(theirs, mine) && edited_unseen(base, mine, theirs))
        || (deleted(mine, theirs) && edited_unseen(base, theirs, mine))
}

/// Whether `side` wrote anything but its deletion that `other` has not seen.
fn edited_unseen(base: Option<&Record>, side: &Record, other: &Record) -> bool {
    side.writes().any(|write| write.field != field::DELETED && is_unseen(base, &write, other))
}

/// Whether who made `other` did not know of this write. Of one without a number it is known if the base or `other`
/// has it, or if its own device wrote over it there.
fn is_unseen(base: Option<&Record>, write: &Wrote<'_>, other: &Record) -> bool {
    if write.is_known_to(other) {
        return false;
    }
    let there = other.stamp_of(write.field, write.element);
    let over = there.is_some_and(|there| there.device == write.stamp.device && there > write.stamp);
    write.stamp.nth > 0 || !(over || base.is_some_and(|base| write.is_known_to(base)))
}

//! The mergeable document that every kind of thing is kept in.

use crate::{DeviceId, Seen, Stamp, Value, field};
use std::collections::{BTreeMap, btree_map::Entry};

/// What a record is. Unknown kinds are kept and written back untouched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A partner.
    Partner,
    /// An interaction.
    Interaction,
    /// An order.
    Order,
    /// A task.
    Task,
    /// A saved view.
    View,
    /// Something that a newer app knows.
    Unknown(String),
}

impl Kind {
    /// The code under which the kind is kept, for ever.
    pub fn code(&self) -> &str {
        match self {
            Self::Partner => "partner",
            Self::Interaction => "interaction",
            Self::Order => "order",
            Self::Task => "task",
            Self::View => "view",
            Self::Unknown(code) => code,
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Self {
        match code {
            "partner" => Self::Partner,
            "interaction" => Self::Interaction,
            "order" => Self::Order,
            "task" => Self::Task,
            "view" => Self::View,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

/// A value and the stamp of its write; the highest stamp wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// What was written.
    pub value: Value,
    /// When and by whom.
    pub stamp: Stamp,
}

impl Register {
    /// Whether this write wins over `other`: the later stamp, and between equal stamps (which only
    /// a broken device makes) the greater value, so that every device picks the same.
    pub fn wins_over(&self, other: &Self) -> bool {
        (self.stamp, &self.value) > (other.stamp, &other.value)
    }

    /// Takes its new stamp; when it says since when the record is there, it says the new time.
    pub(crate) fn renew(&mut self, is_created: bool, stamp: Stamp) {
        if is_created && self.value == Value::from_ms(self.stamp.ms) {
            self.value = Value::from_ms(stamp.ms);
        }
        self.stamp = stamp;
    }
}

/// Elements of a set: whether each is present, and since when.
pub type Elements = BTreeMap<Value, (bool, Stamp)>;

/// One record: registers and sets, merged field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Registers by field id.
    pub fields: BTreeMap<String, Register>,
    /// Sets by field id: element to (present, stamp).
    pub sets: BTreeMap<String, Elements>,
    /// Which writes it knows of: those above, and those that were written over.
    pub seen: Seen,
    /// Top-level entries that a newer app wrote, kept verbatim.
    pub unknown: BTreeMap<String, Value>,
}

impl Record {
    /// A record with nothing written yet.
    pub fn new(kind: Kind) -> Self {
        let (fields, sets, unknown) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { kind, fields, sets, seen: Seen::default(), unknown }
    }

    /// Joins `other` into this record, field by field. Commutative, associative, idempotent; cannot fail.
    ///
    /// Deletion is a field like any other here. That an edit concurrent with a deletion wins needs
    /// the base, and is [`crate::reconcile`]'s part.
    pub fn merge(&mut self, other: &Self) {
        let Self { kind, fields, sets, seen, unknown } = other;
        if *kind > self.kind {
            self.kind = kind.clone();
        }
        for (id, register) in fields {
            merge_register(self.fields.entry(id.clone()), register);
        }
        for (id, elements) in sets {
            merge_elements(self.sets.entry(id.clone()).or_default(), elements);
        }
        self.seen.join(seen);
        merge_unknown(&mut self.unknown, unknown);
    }

    /// The value of a register; [`Value::Null`] when it was never written.
    pub fn value(&self, field: &str) -> &Value {
        self.fields.get(field).map_or(&Value::Null, |register| &register.value)
    }

    /// The keys under which its history is sealed.
    pub fn history_keys(&self) -> impl Iterator<Item = [u8; 16]> + '_ {
        let keys = self.sets.get(field::HISTORY_KEYS).into_iter().flatten();
        keys.filter(|(_, write)| write.0).filter_map(|(key, _)| key.as_id().map(|key| key.0))
    }

    /// Whether the record is in the trash.
    pub fn is_deleted(&self) -> bool {
        matches!(self.value(field::DELETED), Value::Bool(true))
    }

    /// The latest stamp in the record: when and by whom it was last edited.
    pub fn latest(&self) -> Option<Stamp> {
        self.stamps().max()
    }

    /// When the record was first written, ms since 1970 UTC.
    pub fn created_ms(&self) -> u64 {
        match self.value(field::CREATED) {
            Value::Int(ms) if *ms >= 0 => ms.unsigned_abs(),
            _ => self.stamps().min().map_or(0, |stamp| stamp.ms),
        }
    }

    /// When any field was last written, ms since 1970 UTC.
    pub fn edited_ms(&self) -> u64 {
        self.latest().map_or(0, |stamp| stamp.ms)
    }

    /// Moves stamps later than `limit_ms` back to it; true when any was, so that the record can be
    /// marked for a look. The limit is [`crate::stamp::latest_allowed`] of the row's server time.
    pub fn clamp(&mut self, limit_ms: u64) -> bool {
        let mut clamped = false;
        for stamp in self.stamps_mut() {
            clamped |= stamp.ms > limit_ms;
            *stamp = stamp.clamped(limit_ms);
        }
        clamped
    }

    /// The last word on a record that was erased for good: that it was deleted, which writes that knew of, and
    /// nothing else.
    #[must_use]
    pub fn grave(&self) -> Self {
        let never = Stamp { ms: 0, counter: 0, device: DeviceId(0), nth: 0 };
        let stamp = self.deleted_at().or_else(|| self.latest()).unwrap_or(never);
        let mut grave = Self::new(self.kind.clone());
        let deleted = Register { value: Value::Bool(true), stamp };
        grave.fields.insert(field::DELETED.to_owned(), deleted);
        grave.seen = self.seen.clone();
        grave
    }

    /// When a record in the trash was put there.
    pub fn deleted_at(&self) -> Option<Stamp> {
        self.fields.get(field::DELETED).filter(|_| self.is_deleted()).map(|register| register.stamp)
    }

    /// Whether a grave knew all that `other` holds: nothing in there was written after the deletion, or it is
    /// what the grave was made from.
    pub fn buries(&self, other: &Self) -> bool {
        let deleted = self.deleted_at();
        other.latest() <= deleted || other.deleted_at() == deleted
    }

    /// Whether this is all that is left of a record that was erased for good.
    pub fn is_grave(&self) -> bool {
        let Self { kind: _, fields, sets, seen: _, unknown } = self;
        self.is_deleted() && fields.len() == 1 && sets.is_empty() && unknown.is_empty()
    }

    fn stamps(&self) -> impl Iterator<Item = Stamp> + '_ {
        let fields = self.fields.values().map(|register| register.stamp);
        fields.chain(self.sets.values().flat_map(|set| set.values().map(|write| write.1)))
    }

    fn stamps_mut(&mut self) -> impl Iterator<Item = &mut Stamp> {
        let fields = self.fields.values_mut().map(|register| &mut register.stamp);
        let sets = self.sets.values_mut().flat_map(|set| set.values_mut().map(|write| &mut write.1));
        fields.chain(sets)
    }
}

fn merge_register(mine: Entry<'_, String, Register>, theirs: &Register) {
    match mine {
        Entry::Vacant(entry) => {
            entry.insert(theirs.clone());
        }
        Entry::Occupied(mut entry) if theirs.wins_over(entry.get()) => {
            entry.insert(theirs.clone());
        }
        Entry::Occupied(_) => {}
    }
}

/// Adding wins over removing between equal stamps.
fn merge_elements(mine: &mut Elements, theirs: &Elements) {
    for (element, &(present, stamp)) in theirs {
        let write = mine.entry(element.clone()).or_insert((present, stamp));
        if (stamp, present) > (write.1, write.0) {
            *write = (present, stamp);
        }
    }
}

/// Maps are joined key by key, anything else by value order: a newer app that puts stamped things
/// here still has them merged by an older one, and the laws of a join hold.
fn merge_unknown(mine: &mut BTreeMap<String, Value>, theirs: &BTreeMap<String, Value>) {
    for (key, value) in theirs {
        match (mine.get_mut(key), value) {
            (Some(Value::Map(mine)), Value::Map(theirs)) => merge_unknown(mine, theirs),
            (Some(mine), theirs) if *mine >= *theirs => {}
            _ => {
                mine.insert(key.clone(), value.clone());
            }
        }
    }
}

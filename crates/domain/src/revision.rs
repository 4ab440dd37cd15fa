//! A form that is saved: what its person wrote, held against what she had seen where she wrote it.
//!
//! A form may stand open for minutes or days. Its writes know of everything that is in the record by the time that they
//! are made, and so take the place of what came meanwhile; but she who wrote them did not see that. What she did not
//! see and wrote over is therefore a conflict, as if two devices had met: hers stands, and the other is offered.

use crate::change::{self, Shape};
use crate::reconcile::UNASKED;
use crate::sorted::Gather;
use crate::{Conflict, Entropy, InteractionDraft, Kind, OrderDraft, PartnerDraft, Record, TaskDraft};
use crate::{RecordId, Value, View, ViewDraft, Write};
use std::collections::BTreeSet;

/// What a form changes of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    writes: Vec<Write>,
    seen: Look,
}

/// What she saw where she wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Look {
    /// A form, as it was when it was opened.
    Form(Shape),
    /// The value of one register.
    Register(Value),
}

impl Default for Look {
    fn default() -> Self {
        Self::Form(Shape::default())
    }
}

impl Revision {
    /// Of a partner; new entries of its lists get keys from `entropy`.
    pub fn of_partner(seen: &PartnerDraft, draft: &PartnerDraft, entropy: Entropy<'_>) -> Self {
        Self { writes: PartnerDraft::diff(seen, draft, entropy), seen: Look::Form(seen.shape()) }
    }

    /// Of an interaction.
    pub fn of_interaction(seen: &InteractionDraft, draft: &InteractionDraft) -> Self {
        Self { writes: InteractionDraft::diff(seen, draft), seen: Look::Form(seen.shape()) }
    }

    /// Of a task.
    pub fn of_task(seen: &TaskDraft, draft: &TaskDraft) -> Self {
        Self { writes: TaskDraft::diff(seen, draft), seen: Look::Form(seen.shape()) }
    }

    /// Of a saved view.
    pub fn of_view(seen: &ViewDraft, draft: &ViewDraft) -> Self {
        Self { writes: ViewDraft::diff(seen, draft), seen: Look::Form(seen.shape()) }
    }

    /// An order as it comes from a file.
    pub fn of_order(seen: &OrderDraft, draft: &OrderDraft) -> Self {
        Self { writes: OrderDraft::diff(seen, draft), seen: Look::Form(seen.shape()) }
    }

    /// One value in place of the one that was shown; where the record lies, it stays.
    pub fn of_value(field: &str, shown: &Value, chosen: &Value) -> Self {
        let write = Write::Set { field: field.to_owned(), value: chosen.clone() };
        Self { writes: vec![write], seen: Look::Register(shown.clone()) }
    }

    /// With more writes, which stand on nothing that she saw.
    #[must_use]
    pub fn and(mut self, writes: impl IntoIterator<Item = Write>) -> Self {
        self.writes.extend(writes);
        self
    }

    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// The writes over a record as it is by now. One that lies in the trash comes back: it was edited by somebody who
    /// did not see it deleted.
    pub fn writes(&self, now: &Record) -> Vec<Write> {
        let back = if self.restores(now) { change::restore_writes() } else { Vec::new() };
        self.writes.iter().cloned().chain(back).collect()
    }

    /// Whether saving takes the record out of the trash.
    pub fn restores(&self, now: &Record) -> bool {
        now.is_deleted() && !self.is_empty() && matches!(self.seen, Look::Form(_))
    }

    /// What was written over without having been seen, `before` being the record as it was and `after` as it is.
    pub fn overlooked(&self, before: &Record, after: &Record) -> Vec<Conflict> {
        let there = self.seen.there(before);
        let registers = self.writes.iter().filter(|write| !matches!(write, Write::Element { .. }));
        let fields: BTreeSet<&str> =
            registers.map(Write::field).filter(|field| !UNASKED.contains(field)).gather();
        let unseen = fields.into_iter().filter(|field| there(field) != self.seen.value(field));
        unseen.filter_map(|field| self.conflict(field, before, after)).collect()
    }

    fn conflict(&self, field: &str, before: &Record, after: &Record) -> Option<Conflict> {
        let (mine, theirs) = (after.fields.get(field)?, before.fields.get(field)?);
        (mine.value != theirs.value).then(|| Conflict {
            field: field.to_owned(),
            base: self.seen.value(field).unwrap_or(Value::Null),
            mine: mine.clone(),
            theirs: theirs.clone(),
        })
    }
}

impl Look {
    fn value(&self, field: &str) -> Option<Value> {
        match self {
            Self::Form(shape) => shape.value(field),
            Self::Register(value) => Some(value.clone()),
        }
    }

    /// What the same look shows of a record as it is.
    fn there(&self, record: &Record) -> impl Fn(&str) -> Option<Value> {
        let form = match self {
            Self::Form(_) => Some(shown(record)),
            Self::Register(_) => None,
        };
        move |field| match &form {
            Some(form) => form.value(field),
            None => Some(record.value(field).clone()),
        }
    }
}

/// What a form would show of a record. Both sides are compared as forms show them: what is only written in another way
/// is no difference.
fn shown(record: &Record) -> Shape {
    match record.kind {
        Kind::Partner => PartnerDraft::read(record).shape(),
        Kind::Interaction => InteractionDraft::read(record).shape(),
        Kind::Task => TaskDraft::read(record).shape(),
        Kind::View => {
            View::read(RecordId::NIL, record).map_or_else(Shape::default, |view| view.entry.shape())
        }
        Kind::Order => OrderDraft::read(record).shape(),
        Kind::Unknown(_) => Shape::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Register, Stamp, delete_writes, field};

    fn noted(text: &str) -> Record {
        let mut record = Record::new(Kind::Partner);
        let stamp = Stamp { ms: 1, counter: 0, device: crate::DeviceId(1), nth: 1 };
        record.fields.insert(field::NOTE.into(), Register { value: text.into(), stamp });
        record
    }

    #[test]
    fn a_value_that_is_chosen_over_what_was_shown_asks_about_what_came_meanwhile() {
        let chosen = Revision::of_value(field::NOTE, &"shown".into(), &"chosen".into());
        let after = noted("chosen");
        assert_eq!(chosen.overlooked(&noted("shown"), &after), []);
        let [conflict] = chosen.overlooked(&noted("newer"), &after).try_into().expect("one field");
        assert_eq!((&conflict.mine.value, &conflict.theirs.value), (&"chosen".into(), &"newer".into()));
    }

    #[test]
    fn a_value_that_is_chosen_leaves_its_record_in_the_trash() {
        let mut record = noted("shown");
        let mut clock = crate::Clock::new(crate::DeviceId(2));
        crate::apply(&mut record, delete_writes(), &mut clock, 5);
        let chosen = Revision::of_value(field::NOTE, &"shown".into(), &"chosen".into());
        assert_eq!(chosen.writes(&record).len(), 1);
    }
}

//! A form that is saved: what its person wrote, held against what she had seen where she wrote it.
//!
//! A form may stand open for minutes or days. Its writes know of everything that is in the record by the time that they
//! are made, and so take the place of what came meanwhile; but she who wrote them did not see that. What she did not
//! see and wrote over is therefore a conflict, as if two devices had met: hers stands, and the other is offered.

use crate::change::{self, Shape};
use crate::reconcile::UNASKED;
use crate::sorted::Gather;
use crate::{Conflict, Entropy, InteractionDraft, Kind, PartnerDraft, Record, TaskDraft};
use crate::{RecordId, Value, View, ViewDraft, Write};
use std::collections::BTreeSet;

/// What a form changes of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    writes: Vec<Write>,
    seen: Shape,
}

impl Revision {
    /// Of a partner; new entries of its lists get keys from `entropy`.
    pub fn of_partner(seen: &PartnerDraft, draft: &PartnerDraft, entropy: Entropy<'_>) -> Self {
        Self { writes: PartnerDraft::diff(seen, draft, entropy), seen: seen.shape() }
    }

    /// Of an interaction.
    pub fn of_interaction(seen: &InteractionDraft, draft: &InteractionDraft) -> Self {
        Self { writes: InteractionDraft::diff(seen, draft), seen: seen.shape() }
    }

    /// Of a task.
    pub fn of_task(seen: &TaskDraft, draft: &TaskDraft) -> Self {
        Self { writes: TaskDraft::diff(seen, draft), seen: seen.shape() }
    }

    /// Of a saved view.
    pub fn of_view(seen: &ViewDraft, draft: &ViewDraft) -> Self {
        Self { writes: ViewDraft::diff(seen, draft), seen: seen.shape() }
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
        now.is_deleted() && !self.is_empty()
    }

    /// What was written over without having been seen, `before` being the record as it was and `after` as it is.
    pub fn overlooked(&self, before: &Record, after: &Record) -> Vec<Conflict> {
        let there = shown(before);
        let registers = self.writes.iter().filter(|write| !matches!(write, Write::Element { .. }));
        let fields: BTreeSet<&str> =
            registers.map(Write::field).filter(|field| !UNASKED.contains(field)).gather();
        let unseen = fields.into_iter().filter(|field| there.value(field) != self.seen.value(field));
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
        Kind::Order | Kind::Unknown(_) => Shape::default(),
    }
}

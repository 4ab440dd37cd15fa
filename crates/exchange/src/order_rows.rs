//! Orders with their lines, and interactions, against what is here.

use crate::import::{Draft, Fate, Import, ImportWrite, Outcome, World};
use crate::orders::{OrderRow, has_lines};
use crate::partner_rows::of_domain;
use crate::partners::Oddity;
use crate::plan::Target;
use crate::units::Place;
use crate::{ProblemCode, interactions, merge, text};
use satchel_domain::{External, InteractionDraft, Moment, OrderDraft, OrderLine, RecordId};
use std::collections::BTreeSet;

impl Import {
    fn order_row(&self, place: Place) -> Option<OrderRow<'_>> {
        let source = &self.sources[place.file];
        let row = source.table.row(place.row)?;
        Some(OrderRow { row, table: &source.table, plan: &source.plan, amounts: &source.amounts })
    }

    pub(crate) fn order(
        &mut self,
        rows: &[Place],
        lines: &[Place],
        world: &mut World<'_>,
        outcomes: &mut Vec<Outcome>,
    ) {
        let Some(first) = rows.first().copied() else { return };
        let (mut draft, oddities, mut writes) = match self.order_of(first, world) {
            Ok(made) => made,
            Err(oddity) => return self.skip_order(rows, lines, oddity, outcomes),
        };
        let flat = has_lines(&self.sources[first.file].plan);
        let mut left_out = Vec::new();
        let sources: Vec<Place> = rows.iter().filter(|_| flat).chain(lines).copied().collect();
        draft.lines = self.lines(&sources, &mut left_out);
        self.note_all(first, oddities);
        if let Some(invalid) = draft.validate().into_iter().find(|invalid| invalid.code.blocks()) {
            let oddity = (None, of_domain(invalid.code), draft.number.clone());
            return self.skip_order(rows, lines, oddity, outcomes);
        }
        let fate = self.put_order(draft, false, world, &mut writes);
        for place in rows.iter().chain(lines) {
            let out = left_out.contains(place) && *place != first;
            let fate = if out { Fate::Skip } else { fate };
            let outcome = self.outcome(*place, fate, std::mem::take(&mut writes));
            outcomes.push(outcome);
        }
    }

    /// The order's first row and every other one of it are left out; the first says why.
    fn skip_order(&mut self, rows: &[Place], lines: &[Place], oddity: Oddity, outcomes: &mut Vec<Outcome>) {
        let number = rows
            .first()
            .and_then(|place| self.order_row(*place))
            .map(|row| order_number(&row))
            .unwrap_or_default();
        for (at, place) in rows.iter().chain(lines).enumerate() {
            let why =
                if at == 0 { oddity.clone() } else { (None, ProblemCode::UnknownOrder, number.clone()) };
            let outcome = self.skip(*place, why);
            outcomes.push(outcome);
        }
    }

    /// What the order's first row says, without lines, and the writes of a customer made for it.
    fn order_of(
        &mut self,
        first: Place,
        world: &mut World<'_>,
    ) -> Result<(OrderDraft, Vec<Oddity>, Vec<ImportWrite>), Oddity> {
        let row = self.order_row(first).ok_or((None, ProblemCode::MissingName, String::new()))?;
        let number = order_number(&row);
        let (at, head) = (row.moment(world.zone), row.head());
        let own_text = whole(&row);
        if !number.is_empty() && !self.seen.insert((first.file, number.clone())) {
            return Err((None, ProblemCode::DuplicateRow, number));
        }
        let at: Moment = at?;
        let id = if number.is_empty() { self.numbered(first.file, own_text) } else { number.clone() };
        let (partner, writes) = self.customer(first, world)?;
        let draft = OrderDraft {
            partner,
            number,
            at,
            status: head.status,
            currency: head.currency,
            lines: Vec::new(),
            freight_minor: head.freight_minor,
            stated_total_minor: head.total_minor.filter(|_| !has_lines(&self.sources[first.file].plan)),
            note: head.note,
            external: Some(External { system: self.sources[first.file].system.clone(), id }),
        };
        Ok((draft, head.oddities, writes))
    }

    /// The rows that can be read as lines; the others are noted and named in `left_out`.
    fn lines(&mut self, places: &[Place], left_out: &mut Vec<Place>) -> Vec<OrderLine> {
        let mut lines = Vec::with_capacity(places.len());
        for place in places {
            match self.order_row(*place).map(|row| row.line(&self.products)) {
                Some(Ok(line)) => lines.push(line),
                Some(Err(oddity)) => {
                    self.note(*place, oddity, true);
                    left_out.push(*place);
                }
                None => left_out.push(*place),
            }
        }
        lines
    }

    /// Finds the order and brings it up to date, or makes it.
    pub(crate) fn put_order(
        &mut self,
        draft: OrderDraft,
        is_related: bool,
        world: &mut World<'_>,
        writes: &mut Vec<ImportWrite>,
    ) -> Fate {
        let view = self.view(world.known);
        let here = draft.external.as_ref().and_then(|external| view.order_by_external(external));
        let here = here.and_then(|id| view.order(id).map(|order| (id, order)));
        let (id, draft, is_new) = match here {
            None => ((world.new_id)(), draft, true),
            Some((id, here)) => {
                let merged = merge::order(&here, &draft, self.settings.existing);
                if merged == here {
                    return Fate::Unchanged;
                }
                (id, merged, false)
            }
        };
        self.overlay.put_order(id, &draft);
        writes.push(ImportWrite { id, is_new, is_related, draft: Draft::Order(Box::new(draft)) });
        if is_new { Fate::Create } else { Fate::Update }
    }

    /// Lines of an order that came with an earlier import.
    pub(crate) fn loose_lines(
        &mut self,
        key: &str,
        places: &[Place],
        world: &mut World<'_>,
        outcomes: &mut Vec<Outcome>,
    ) {
        let Some(first) = places.first() else { return };
        let column = self.sources[first.file].plan.column(&Target::OrderId);
        let system = self.sources[first.file].system.clone();
        let view = self.view(world.known);
        let external = External { system, id: key.to_owned() };
        let here = view.order_by_external(&external).filter(|_| !key.is_empty());
        let Some((id, here)) = here.and_then(|id| view.order(id).map(|order| (id, order))) else {
            let code = if key.is_empty() { ProblemCode::MissingName } else { ProblemCode::UnknownOrder };
            for place in places {
                let outcome = self.skip(*place, (column, code, key.to_owned()));
                outcomes.push(outcome);
            }
            return;
        };
        let mut left_out = Vec::new();
        let lines = self.lines(places, &mut left_out);
        let merged = merge::order(&here, &OrderDraft { lines, ..here.clone() }, self.settings.existing);
        let mut writes = Vec::new();
        let fate = if merged == here { Fate::Unchanged } else { Fate::Update };
        if fate == Fate::Update {
            self.overlay.put_order(id, &merged);
            writes.push(ImportWrite {
                id,
                is_new: false,
                is_related: false,
                draft: Draft::Order(Box::new(merged)),
            });
        }
        for place in places {
            let fate = if left_out.contains(place) { Fate::Skip } else { fate };
            let outcome = self.outcome(*place, fate, std::mem::take(&mut writes));
            outcomes.push(outcome);
        }
    }

    pub(crate) fn interaction_row(&mut self, place: Place, world: &mut World<'_>) -> Outcome {
        let read = self.interaction_of(place, world);
        let (draft, mut writes, method) = match read {
            Ok(read) => read,
            Err(oddity) => return self.skip(place, oddity),
        };
        if let Some(invalid) = draft.validate(world.now_ms).into_iter().find(|invalid| invalid.code.blocks())
        {
            return self.skip(place, (None, of_domain(invalid.code), draft.content));
        }
        let key = (draft.partner, draft.at.utc_ms, method, draft.content.clone());
        if !self.overlay.put_interaction(key) {
            return self.skip(place, (None, ProblemCode::DuplicateRow, draft.content));
        }
        if world.known.has_interaction(&draft) {
            return self.outcome(place, Fate::Unchanged, writes);
        }
        let id: RecordId = (world.new_id)();
        writes.push(ImportWrite {
            id,
            is_new: true,
            is_related: false,
            draft: Draft::Interaction(Box::new(draft)),
        });
        self.outcome(place, Fate::Create, writes)
    }

    fn interaction_of(
        &mut self,
        place: Place,
        world: &mut World<'_>,
    ) -> Result<(InteractionDraft, Vec<ImportWrite>, &'static str), Oddity> {
        let row = self.order_row(place).ok_or((None, ProblemCode::MissingName, String::new()))?;
        let at = row.moment(world.zone)?;
        let said = |target: &Target| row.said(target).map_or("", |(_, value)| value);
        let (method, record_type) = interactions::method_of(said(&Target::Method));
        let mut content = String::new();
        let mut oddities = Vec::new();
        for (column, target) in row.plan.targets.iter().enumerate() {
            let value = row.row.value(column);
            if matches!(target, Target::Content | Target::Note) && !value.is_empty() {
                let line = if *target == Target::Note {
                    crate::partners::labelled(&row.table.headers[column], value)
                } else {
                    value.to_owned()
                };
                content = if content.is_empty() { line } else { format!("{content}\n{line}") };
                if text::is_dangerous(value) {
                    oddities.push((Some(column), ProblemCode::Formula, value.to_owned()));
                }
            }
        }
        let (partner, writes) = self.customer(place, world)?;
        self.note_all(place, oddities);
        let draft = InteractionDraft {
            partner,
            record_type,
            method,
            at,
            minutes: None,
            content,
            outcome: None,
            place: String::new(),
            participants: BTreeSet::new(),
        };
        Ok((draft, writes, method.code()))
    }
}

fn order_number(row: &OrderRow<'_>) -> String {
    row.said(&Target::OrderId).map_or_else(String::new, |(_, number)| number.to_owned())
}

/// A fingerprint of every cell that means something, to recognise a row without an identity by.
fn whole(row: &OrderRow<'_>) -> String {
    let cells = row.plan.targets.iter().enumerate().filter(|(_, target)| **target != Target::Ignore);
    let mut whole = String::new();
    for (column, _) in cells {
        whole.push_str(row.row.value(column));
        whole.push('|');
    }
    format!("{:016x}", fingerprint(whole.as_bytes()))
}

/// FNV-1a, 64 bits: the same on every device and in every version.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

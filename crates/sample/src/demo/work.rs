//! What happened with the customers, what they bought, and what was promised.

use super::people::{People, Person, Size};
use super::{Demo, Made, What, id, told};
use crate::dice::Dice;
use satchel_domain::{
    Currency, InteractionDraft, Method, Moment, OrderDraft, OrderLine, OrderStatus, Outcome, Participation,
    RecordType, Relationship, TaskDraft, Turn,
};

/// How many of the newest communications were today.
const TODAY: usize = 3;
/// One order in so many was taken back.
const TAKEN_BACK: usize = 20;
const DAY_MS: u64 = 86_400_000;
/// Which of the tasks are visits of today, and at which minute of the day.
const VISITS: [(usize, i64); 4] = [(1, 9 * 60 + 30), (4, 11 * 60), (13, 14 * 60 + 15), (16, 16 * 60)];
/// Firms that order at a steady rhythm and are a week late now: they are due to reorder.
pub(super) const REGULAR: std::ops::Range<usize> = 12..17;
/// How many orders each of them made, every how many days, and since when none came.
const RHYTHM: (usize, usize, usize) = (14, 28, 35);

/// Everything but the partners.
pub(super) fn records(demo: &Demo<'_>, people: &People) -> Vec<Made> {
    let sizes = demo.sizes;
    let mut made = Vec::new();
    made.extend((0..sizes.communications).filter_map(|place| communication(demo, people, place)));
    made.extend((0..sizes.feedback).filter_map(|place| said(demo, people, place, RecordType::Feedback)));
    made.extend(
        (0..sizes.requests).filter_map(|place| said(demo, people, place, RecordType::ServiceRequest)),
    );
    made.extend((0..sizes.orders).filter_map(|place| order(demo, people, place)));
    made.extend((0..sizes.tasks).filter_map(|place| task(demo, people, place)));
    made
}

/// So many days ago, within the time that somebody was heard of.
fn heard(person: &Person, dice: &mut Dice) -> usize {
    let (since, until) = person.days;
    until.max(1) + dice.below(since.saturating_sub(until).max(2) - 1)
}

fn communication(demo: &Demo<'_>, people: &People, place: usize) -> Option<Made> {
    let mut dice = demo.dice(5, place);
    let id = id(&mut dice);
    let is_today = place < TODAY;
    let person = if is_today { people.people.get(place)? } else { people.anybody(&mut dice)? };
    let days = if is_today { 0 } else { heard(person, &mut dice) };
    let at = demo.calendar().ago(days, &mut dice);
    let tongue = demo.tongue();
    let (method, texts, minutes) = match dice.below(100) {
        0..35 => (Method::Visit, tongue.visits, Some(30 + 15 * dice.below(5) as u32)),
        35..65 => (Method::Phone, tongue.calls, Some(3 + dice.below(18) as u32)),
        65..85 => (Method::WeChat, tongue.chats, None),
        85..95 => (Method::Mail, tongue.mails, None),
        _ => (Method::Video, tongue.visits, Some(20 + 10 * dice.below(4) as u32)),
    };
    let text = dice.pick(texts);
    let mut draft = entry(person, method, at, told(text, &mut dice, tongue, &person.name));
    draft.minutes = minutes;
    draft.outcome = outcome(&mut dice);
    if method == Method::Visit {
        draft.participants.extend(colleague(people, person, &mut dice));
    }
    Some(interaction(id, draft))
}

fn entry(person: &Person, method: Method, at: Moment, content: String) -> InteractionDraft {
    InteractionDraft {
        partner: person.id,
        record_type: method.default_type(),
        method,
        at,
        minutes: None,
        content,
        outcome: None,
        place: String::new(),
        participants: Default::default(),
    }
}

fn interaction(id: satchel_domain::RecordId, draft: InteractionDraft) -> Made {
    Made { written_ms: draft.at.utc_ms, id, what: What::Interaction(Box::new(draft)) }
}

fn outcome(dice: &mut Dice) -> Option<Outcome> {
    let outcomes = [Outcome::Agreed, Outcome::Interested, Outcome::FollowUp, Outcome::Undecided];
    match dice.below(20) {
        0 => Some(Outcome::Declined),
        1 => Some(Outcome::Absent),
        2..13 => Some(outcomes[dice.below(outcomes.len())]),
        _ => None,
    }
}

/// Somebody of the same firm who was there too, now and then.
fn colleague(people: &People, person: &Person, dice: &mut Dice) -> Option<Participation> {
    let other = people.people.iter().find(|other| other.firm == person.firm && other.id != person.id)?;
    dice.one_in(4).then_some(Participation { partner: other.id, relationship: Relationship::Attendee })
}

fn said(demo: &Demo<'_>, people: &People, place: usize, kind: RecordType) -> Option<Made> {
    let is_feedback = kind == RecordType::Feedback;
    let mut dice = demo.dice(if is_feedback { 6 } else { 7 }, place);
    let id = id(&mut dice);
    let person = people.anybody(&mut dice)?;
    let days = heard(person, &mut dice);
    let tongue = demo.tongue();
    let text = dice.pick(if is_feedback { tongue.feedback } else { tongue.requests });
    let method = [Method::Phone, Method::WeChat, Method::Mail][dice.below(3)];
    let content = told(text, &mut dice, tongue, &person.name);
    let draft = entry(person, method, demo.calendar().ago(days, &mut dice), content);
    Some(interaction(id, InteractionDraft { record_type: kind, ..draft }))
}

fn order(demo: &Demo<'_>, people: &People, place: usize) -> Option<Made> {
    let mut dice = demo.dice(8, place);
    let id = id(&mut dice);
    let (firm, days) = buyer(people, place, &mut dice)?;
    let at = demo.calendar().ago(days, &mut dice);
    let tongue = demo.tongue();
    let size = Size::of(firm);
    let lines = (0..size.lines(&mut dice)).map(|_| line(&mut dice, tongue.products, size)).collect();
    let status = match days {
        _ if place % TAKEN_BACK == 7 => OrderStatus::Cancelled,
        0..8 => OrderStatus::Placed,
        8..30 => OrderStatus::Delivered,
        _ => OrderStatus::Paid,
    };
    let draft = OrderDraft {
        partner: people.firms.get(firm)?.id,
        number: format!("S-{:05}", 10_000 + place),
        at: at.clone(),
        status,
        currency: Currency::parse(tongue.currency).unwrap_or(Currency::NONE),
        lines,
        freight_minor: if dice.one_in(3) { 1_500 } else { 0 },
        stated_total_minor: None,
        note: String::new(),
        external: None,
    };
    Some(Made { written_ms: at.utc_ms, id, what: What::Order(Box::new(draft)) })
}

/// Who orders, and how many days ago.
fn buyer(people: &People, place: usize, dice: &mut Dice) -> Option<(usize, usize)> {
    let (orders, every, since) = RHYTHM;
    let firm = REGULAR.start + place / orders;
    if REGULAR.contains(&firm) && firm < people.firms.len() {
        return Some((firm, since + every * (place % orders)));
    }
    let person = people.anybody(dice)?;
    let days = heard(person, dice);
    // Nothing comes between the orders of those with a rhythm.
    let other = if REGULAR.contains(&person.firm) { person.firm + REGULAR.len() } else { person.firm };
    Some((other % people.firms.len(), days))
}

fn line(dice: &mut Dice, products: &[(&str, i64)], size: Size) -> OrderLine {
    let (product, minor) = products[dice.below(products.len())];
    OrderLine {
        product: product.to_owned(),
        quantity_milli: size.units(dice) * 1_000,
        unit_price_e4: minor * 100,
        discount_e4: if dice.one_in(5) { 500 } else { 0 },
    }
}

/// Every third promise was kept; of the others some are late, some are for today, some lie ahead.
fn task(demo: &Demo<'_>, people: &People, place: usize) -> Option<Made> {
    let mut dice = demo.dice(9, place);
    let id = id(&mut dice);
    let tongue = demo.tongue();
    let visit = VISITS.iter().position(|(visit, _)| *visit == place);
    let nearby = visit.and_then(|nth| people.nearby(demo, nth));
    let person = nearby.or_else(|| people.anybody(&mut dice))?;
    let text = match visit {
        Some(nth) => tongue.errands[nth % tongue.errands.len()],
        None => tongue.tasks[place % tongue.tasks.len()],
    };
    let done = place % 3 == 2;
    let ahead = match place % 12 {
        0 => -(1 + dice.below(4) as i64),
        1 | 4 if place < 24 => 0,
        6 => 1,
        _ => 2 + dice.below(18) as i64,
    };
    let now_ms = u64::try_from(demo.now_ms).unwrap_or(0);
    let draft = TaskDraft {
        partner: Some(person.id),
        title: told(text, &mut dice, tongue, &person.name),
        due: match visit {
            Some(nth) => Some(demo.calendar().today_at(VISITS[nth].1)),
            None => (place % 12 != 10).then(|| demo.calendar().day(if done { -ahead.abs() } else { ahead })),
        },
        turn: visit.map_or(Turn::Unsaid, |nth| Turn::Nth(nth as u32)),
        ..TaskDraft::default()
    };
    let written_ms = demo.calendar().ago(5 + dice.below(15), &mut dice).utc_ms;
    let done_ms = done.then(|| now_ms.saturating_sub(dice.below(6) as u64 * DAY_MS + 60_000));
    Some(Made { written_ms, id, what: What::Task(Box::new(draft), done_ms) })
}

//! Forms that stand open while other things happen, and what people make of the review list.

use crate::oracle::{Intent, Look};
use crate::person::{FIELDS, ended, mark, not_saved, text};
use crate::tab::{Open, Tab};
use crate::world::World;
use satchel_domain::{Partner, PartnerDraft, Record, RecordId, Revision, Write};
use satchel_replica::{Change, Edit, Matter, Review};
use std::rc::Rc;

/// A form as it was opened.
pub(crate) struct Form {
    id: RecordId,
    shown: Record,
}

/// Opens one; what somebody had typed into another is given up.
pub(crate) async fn open(world: &Rc<World>, tab: &Rc<Tab>, open: &Open) {
    let known: Vec<_> = tab.device.disk.known.borrow().iter().copied().collect();
    let Some(id) = world.pick(&known[..known.len().min(5)]) else { return };
    world.note("tab {} opens a form", &[tab.owner]);
    match open.replica.records(&[id]).await {
        Ok(found) => {
            let shown = found.into_iter().find(|(_, shown)| !shown.is_grave());
            *open.form.borrow_mut() = shown.map(|(id, shown)| Form { id, shown });
        }
        Err(error) => world.check(not_saved(world, &error)),
    }
}

/// Saves the one that is open, with one or two of its fields changed; whether there is one.
pub(crate) async fn save(world: &Rc<World>, tab: &Rc<Tab>, open: &Open) -> bool {
    let Some(Form { id, shown }) = open.form.borrow_mut().take() else { return false };
    let Some(Partner { card: seen, .. }) = Partner::read(id, &shown) else { return false };
    let intent = world.oracle.borrow_mut().intent();
    let mut draft = seen.clone();
    for _ in 0..=world.below(2) {
        change(&mut draft, world.pick(&FIELDS).unwrap_or_default(), intent);
    }
    let form = Revision::of_partner(&seen, &draft, &mut || world.roll());
    world.note("tab {}: intent {} saves a form", &[tab.owner, intent.unsigned_abs()]);
    looked(world, id, intent, &shown, false);
    let edits = [marked(id, intent), Edit { id, change: Change::Revise(form) }];
    let edited = open.replica.edit(&edits, tab.device.wall(world.now())).await;
    ended(world, tab, open, intent, edited);
    true
}

fn change(draft: &mut PartnerDraft, field: &str, intent: Intent) {
    let text = text(intent).as_text().unwrap_or_default().to_owned();
    match field {
        "name" => draft.name = text,
        "website" => draft.website = text,
        "position" => draft.position = text,
        _ => draft.note = text,
    }
}

/// Answers one question of the review list, if it asks any.
pub(crate) async fn answer(world: &Rc<World>, tab: &Rc<Tab>, open: &Open) {
    let asked = match open.replica.reviews().await {
        Ok(asked) => asked,
        Err(error) => return world.check(not_saved(world, &error)),
    };
    let Some((key, review)) = world.pick(&asked) else { return };
    let shown = match open.replica.records(&[review.record]).await {
        Ok(mut found) if !found.is_empty() => found.remove(0).1,
        Ok(_) => return,
        Err(error) => return world.check(not_saved(world, &error)),
    };
    let Some(change) = answered(world, &review, &shown) else {
        return match open.replica.remove_locals(&[key]).await {
            Ok(()) => world.note("tab {} leaves a question as it is", &[tab.owner]),
            Err(error) => world.check(not_saved(world, &error)),
        };
    };
    let intent = world.oracle.borrow_mut().intent();
    world.note("tab {}: intent {} answers a question", &[tab.owner, intent.unsigned_abs()]);
    // Who moves it to the trash after all means all that is in it by then, as with any other record.
    if review.matter != Matter::Restored {
        looked(world, review.record, intent, &shown, true);
    }
    let edits = [marked(review.record, intent), Edit { id: review.record, change }];
    let wall = tab.device.wall(world.now());
    let edited = open.replica.edit_and_drop(&edits, &[key], wall).await;
    ended(world, tab, open, intent, edited);
}

/// `None` to leave it as it is.
fn answered(world: &World, review: &Review, shown: &Record) -> Option<Change> {
    if world.below(3) == 0 {
        return None;
    }
    match &review.matter {
        Matter::Conflict { field, winner, loser, .. } if *shown.value(field) == winner.value => {
            Some(Change::Revise(Revision::of_value(field, &winner.value, &loser.value)))
        }
        Matter::Conflict { .. } => None,
        Matter::Restored => Some(Change::Write(vec![Write::deleted(true)])),
    }
}

fn marked(id: RecordId, intent: Intent) -> Edit {
    Edit { id, change: Change::Write(vec![mark(intent)]) }
}

/// Tells the oracle what its writer had before her eyes.
fn looked(world: &World, id: RecordId, intent: Intent, shown: &Record, stays: bool) {
    let look = Look { shown: shown.clone(), stays };
    world.oracle.borrow_mut().looks.insert((id, intent), look);
}

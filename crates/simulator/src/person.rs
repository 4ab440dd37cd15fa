//! What people do: new records, changes, deletions, several records at once, undo, an import.

use crate::form;
use crate::oracle::{CANARY, Intent, MARKS, passes};
use crate::plan::Fault;
use crate::tab::{Open, Tab, passing};
use crate::world::World;
use satchel_domain::{Kind, RecordId, Value, Write};
use satchel_replica::{Change, Edit, Edited, Pace, Reason, ReplicaError, Wake};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

pub(crate) const FIELDS: [&str; 4] = ["name", "note", "website", "position"];
const TAGS: [&str; 3] = ["vip", "客户", "cold"];

/// A person does something on this tab.
pub(crate) async fn act(world: Rc<World>, tab: Rc<Tab>) {
    let Some(open) = tab.open.borrow().clone() else { return };
    match world.below(100) {
        0..8 => form::open(&world, &tab, &open).await,
        8..18 if form::save(&world, &tab, &open).await => {}
        18..22 => form::answer(&world, &tab, &open).await,
        22..24 => many(&world, &tab, &open).await,
        _ => some(&world, &tab, &open).await,
    }
}

/// One act over one record or a few.
async fn some(world: &Rc<World>, tab: &Rc<Tab>, open: &Open) {
    let intent = world.oracle.borrow_mut().intent();
    let edits = meant(world, tab, open, intent);
    let wall = tab.device.wall(world.now());
    world.note("tab {}: intent {} over {} records", &[tab.owner, intent.unsigned_abs(), edits.len() as u64]);
    let edited = open.replica.edit(&edits, wall).await;
    if let Ok(edited) = edited.as_ref().map(|edited| &edited[..])
        && edited.len() > 1
    {
        world.oracle.borrow_mut().batch(intent, edited.iter().map(|one| one.id));
    }
    ended(world, tab, open, intent, edited);
}

/// One act over all that she knows, each offered for itself.
async fn many(world: &Rc<World>, tab: &Rc<Tab>, open: &Open) {
    let intent = world.oracle.borrow_mut().intent();
    let known: Vec<_> = tab.device.disk.known.borrow().iter().copied().collect();
    let writes = writes(world, intent);
    let edits: Vec<_> =
        known.into_iter().map(|id| Edit { id, change: Change::Write(writes.clone()) }).collect();
    let wall = tab.device.wall(world.now());
    world.note("tab {}: intent {} over all {}", &[tab.owner, intent.unsigned_abs(), edits.len() as u64]);
    let mut pace = Breathing { world: world.clone() };
    let edited = open.replica.edit_many(&edits, wall, &mut pace).await;
    ended(world, tab, open, intent, edited.map(|done| done.edited));
}

/// It is told as saved, or as not.
pub(crate) fn ended(
    world: &Rc<World>,
    tab: &Rc<Tab>,
    open: &Open,
    intent: Intent,
    edited: Result<Vec<Edited>, ReplicaError>,
) {
    match edited {
        Ok(edited) => {
            told(world, tab, open, intent, &edited);
            *open.last.borrow_mut() = edited;
        }
        Err(error) => world.check(not_saved(world, &error)),
    }
}

/// Hundreds of records come from a file.
pub(crate) async fn import(world: Rc<World>, tab: Rc<Tab>) {
    let Some(open) = tab.open.borrow().clone() else { return };
    let intent = world.oracle.borrow_mut().intent();
    let edits: Vec<_> = (0..150 + world.below(300)).map(|_| created(&world, intent)).collect();
    for Edit { id, change } in &edits {
        if let Change::Create(_, writes) = change {
            let clock = tab.device.clock();
            world.oracle.borrow_mut().foretell(*id, intent, writes, world.now(), clock);
        }
    }
    world.note(
        "tab {}: intent {} imports {} records",
        &[tab.owner, intent.unsigned_abs(), edits.len() as u64],
    );
    let mut pace = Breathing { world: world.clone() };
    let imported = open.replica.import(&edits, tab.device.wall(world.now()), &mut pace).await;
    world.oracle.borrow_mut().foretold.retain(|place, _| place.1 != intent);
    match imported {
        Ok(imported) => told(&world, &tab, &open, intent, &imported.edited),
        Err(error) => world.check(not_saved(&world, &error)),
    }
}

/// What was refused by the server is offered again, because somebody asks for it.
pub(crate) async fn offer_again(world: Rc<World>, tab: Rc<Tab>) {
    let Some(open) = tab.open.borrow().clone() else { return };
    for (id, reason) in open.replica.set_aside() {
        if reason == Reason::Erased {
            world.oracle.borrow_mut().ask_back(id, tab.device.place);
        }
        let edit = Edit { id, change: Change::Write(Vec::new()) };
        let _stays_aside = open.replica.edit(&[edit], tab.device.wall(world.now())).await;
    }
    open.wake(Wake::Write { waiting: 1 });
    world.time.rouse(tab.owner);
}

struct Breathing {
    world: Rc<World>,
}

impl Pace for Breathing {
    async fn breathe(&mut self, _done: usize, _total: usize) -> ControlFlow<()> {
        self.world.pause().await;
        ControlFlow::Continue(())
    }
}

pub(crate) fn not_saved(world: &World, error: &ReplicaError) -> Result<(), crate::oracle::Violation> {
    passes(matches!(error, ReplicaError::Missing(_))).or_else(|()| passing(world, error))
}

fn told(world: &Rc<World>, tab: &Rc<Tab>, open: &Open, intent: Intent, edited: &[Edited]) {
    // What somebody writes who belongs to the team no more is nobody's promise.
    for one in edited.iter().filter(|_| !tab.device.gone.get()) {
        world.check(world.oracle.borrow_mut().save(one.id, intent));
        tab.device.disk.promised.borrow_mut().insert((one.id, intent));
        open.saved.borrow_mut().push((one.id, intent));
    }
    world.note("tab {}: intent {} is saved", &[tab.owner, intent.unsigned_abs()]);
    let written = edited.iter().map(|one| (one.id, &one.after));
    open.screens.borrow_mut().show(&world.oracle.borrow().batches, written);
    let waiting = open.status(world, tab).waiting + edited.len() as u64;
    open.wake(Wake::Write { waiting });
    world.time.rouse(tab.owner);
    let (world_, tab_) = (world.clone(), tab.clone());
    world.time.spawn(crate::timeline::WORLD, async move { announce(&world_, &tab_, waiting).await });
}

/// The other tabs hear of it, unless it gets lost.
async fn announce(world: &World, tab: &Tab, waiting: u64) {
    world.pause().await;
    if world.hits(Fault::Crash, 100) {
        return;
    }
    let others = tab.device.tabs.borrow().clone();
    for other in others.iter().filter(|other| other.owner != tab.owner) {
        if let Some(open) = &*other.open.borrow() {
            open.wake(Wake::Write { waiting });
            world.time.rouse(other.owner);
        }
    }
}

fn meant(world: &World, tab: &Tab, open: &Open, intent: Intent) -> Vec<Edit> {
    let last = open.last.borrow_mut().pop();
    if let Some(undone) = last.filter(|_| world.below(100) < 8) {
        let mark = Edit { id: undone.id, change: Change::Write(vec![mark(intent)]) };
        return vec![mark, undone.undo()];
    }
    let records = if world.below(100) < 85 { 1 } else { 2 + world.below(2) };
    let known: Vec<_> = tab.device.disk.known.borrow().iter().copied().collect();
    let mut edits = BTreeMap::new();
    for _ in 0..records {
        // Most of the work is about a few customers.
        let some = if world.below(2) == 0 { &known[..known.len().min(5)] } else { &known };
        let old = world.pick(some).filter(|_| world.below(100) < 80);
        let edit = match old {
            Some(id) => Edit { id, change: Change::Write(writes(world, intent)) },
            None => created(world, intent),
        };
        edits.insert(edit.id, edit);
    }
    edits.into_values().collect()
}

fn created(world: &World, intent: Intent) -> Edit {
    let mut id = [0; 16];
    world.dice.borrow_mut().fill(&mut id);
    Edit { id: RecordId(id), change: Change::Create(Kind::Partner, writes(world, intent)) }
}

pub(crate) fn mark(intent: Intent) -> Write {
    Write::Element { field: MARKS.to_owned(), element: Value::Int(intent), present: true }
}

/// A text that nobody else ever writes.
pub(crate) fn text(intent: Intent) -> Value {
    Value::Text(format!("{CANARY}{intent}"))
}

/// The mark comes first: its stamp is the lowest of the intent's.
fn writes(world: &World, intent: Intent) -> Vec<Write> {
    let mut writes = vec![mark(intent)];
    match world.below(100) {
        0..8 => writes.push(Write::deleted(true)),
        8..12 => writes.push(Write::deleted(false)),
        12..30 => {
            let element = Value::Text(world.pick(&TAGS).unwrap_or_default().to_owned());
            writes.push(Write::Element { field: "tags".to_owned(), element, present: world.below(100) < 60 });
        }
        _ => {
            for _ in 0..=world.below(2) {
                let field = world.pick(&FIELDS).unwrap_or_default().to_owned();
                writes.push(Write::Set { field, value: text(intent) });
            }
        }
    }
    if world.hits(Fault::Large, 60) {
        let length = usize::try_from(40_000 + world.below(220_000)).unwrap_or(0);
        let value = Value::Text(format!("{CANARY}{intent}{}", "x".repeat(length)));
        writes.push(Write::Set { field: "content".to_owned(), value });
    }
    writes
}

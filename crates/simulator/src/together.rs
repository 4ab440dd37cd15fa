//! Invariant 8: what one intent writes to several records is seen whole or not at all, on the server after each
//! push, and on the screens of other devices whenever they show what arrived.

use crate::cloud::Cloud;
use crate::oracle::{Intent, Oracle, Violation, marks, require};
use crate::plan::Fault;
use crate::world::World;
use satchel_domain::{Record, RecordId};
use satchel_replica::{News, to_wire};
use satchel_wire::{Row, Stream};
use std::collections::{BTreeMap, BTreeSet};

/// Intents over several records.
pub(crate) type Batches = BTreeMap<Intent, BTreeSet<RecordId>>;

/// Whether it can be judged: a server that was put back, or that lied, has torn things apart itself; what is too
/// large for one record, and what an ended epoch refuses, goes alone.
fn is_judged(world: &World) -> bool {
    let torn = [Fault::Large, Fault::Rotate];
    !world.oracle.borrow().put_back && !torn.iter().any(|fault| world.plan.faults.has(*fault))
}

/// What a push has stored is whole.
pub(crate) fn on_server(world: &World, cloud: &Cloud, fresh: &[Row]) -> Result<(), Violation> {
    if !is_judged(world) {
        return Ok(());
    }
    let mut oracle = world.oracle.borrow_mut();
    let new: BTreeSet<_> = fresh.iter().flat_map(|row| within(&mut oracle, row)).collect();
    let batches: Batches = oracle.batches.clone().into_iter().filter(|one| new.contains(&one.0)).collect();
    for (intent, ids) in batches {
        let lacks = ids.iter().find(|id| {
            let row = cloud.row(to_wire(**id));
            !row.is_some_and(|row| within(&mut oracle, row).contains(&intent))
        });
        require(lacks.is_none(), 8, || format!("intent {intent} is on the server in part"))?;
    }
    Ok(())
}

fn within(oracle: &mut Oracle, row: &Row) -> BTreeSet<Intent> {
    let state = Some(&row.envelope).filter(|envelope| envelope.header.stream == Stream::State);
    state.and_then(|envelope| oracle.open(envelope)).map(|record| marks(&record)).unwrap_or_default()
}

/// What a tab's screens show, as the engine has it: what arrives is held until it is whole.
#[derive(Default)]
pub(crate) struct Screens {
    shown: BTreeMap<RecordId, BTreeSet<Intent>>,
    held: BTreeMap<RecordId, BTreeSet<Intent>>,
    /// Intents that are shown in part with good reason: the tab was opened between two pages, or a person wrote
    /// over a part that was still held.
    torn: BTreeSet<Intent>,
}

impl Screens {
    /// The tab is opened, or a person has written here.
    pub(crate) fn show<'a>(
        &mut self,
        batches: &Batches,
        records: impl IntoIterator<Item = (RecordId, &'a Record)>,
    ) {
        for (id, record) in records {
            self.shown.insert(id, marks(record));
            self.held.remove(&id);
        }
        self.torn.extend(self.parts(batches));
    }

    /// What a step of sync has brought.
    pub(crate) fn arrive(&mut self, world: &World, news: &News, is_first: bool) -> Result<(), Violation> {
        self.held.extend(news.arrived.iter().map(|one| (one.id, marks(&one.record))));
        if !news.is_whole && !is_first {
            return Ok(());
        }
        // The engine reads again what a person has written since: nothing that was shown goes away.
        for (id, intents) in std::mem::take(&mut self.held) {
            self.shown.entry(id).or_default().extend(intents);
        }
        let parts: BTreeSet<_> = self.parts(&world.oracle.borrow().batches).into_iter().collect();
        if !news.is_whole {
            self.torn.extend(parts);
            return Ok(());
        }
        self.torn.retain(|intent| parts.contains(intent));
        let part = parts.difference(&self.torn).next().filter(|_| is_judged(world));
        require(part.is_none(), 8, || format!("intent {} is shown in part", part.copied().unwrap_or(0)))
    }

    fn shows(&self, id: RecordId, intent: Intent) -> bool {
        self.shown.get(&id).is_some_and(|all| all.contains(&intent))
    }

    fn parts(&self, batches: &Batches) -> Vec<Intent> {
        let is_part = |(intent, ids): &(&Intent, &BTreeSet<RecordId>)| {
            let count = ids.iter().filter(|id| self.shows(**id, **intent)).count();
            count > 0 && count < ids.len()
        };
        batches.iter().filter(is_part).map(|(intent, _)| *intent).collect()
    }
}

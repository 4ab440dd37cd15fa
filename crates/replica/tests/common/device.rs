//! A device: a store that survives, a replica and a sync machine that do not, and its line to the server.

use super::server::Server;
use super::{Dice, block_on};
use satchel_domain::{Kind, Record, RecordId, Value, Write};
use satchel_replica::specimen::Specimen;
use satchel_replica::{
    Change, Done, Edit, Edited, Fault, Keys, MemoryStore, Replica, ReplicaError, Shelving, Status, Step,
    Store, Sync, Transport, carry_out,
};
use satchel_vault::NoEntropy;
use satchel_wire::{Changes, Digest, Push, PushAnswer, SpaceId};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

pub(crate) const SPACE: SpaceId = SpaceId([5; 16]);

/// What may go wrong on the way, in per cent of requests.
#[derive(Clone, Copy, Default)]
pub(crate) struct Faults {
    pub(crate) lost_request: usize,
    pub(crate) lost_answer: usize,
    pub(crate) doubled: usize,
    pub(crate) replayed: usize,
    pub(crate) portal: usize,
    pub(crate) busy: usize,
}

impl Faults {
    pub(crate) const BAD: Self =
        Self { lost_request: 10, lost_answer: 10, doubled: 10, replayed: 10, portal: 5, busy: 5 };
}

pub(crate) struct Line {
    pub(crate) server: Rc<RefCell<Server>>,
    pub(crate) faults: Cell<Faults>,
    /// Answers given instead of the server's, first come first served.
    pub(crate) scripted: RefCell<Vec<Fault>>,
    pub(crate) sizes: RefCell<Vec<usize>>,
    /// From where was read.
    pub(crate) pulls: RefCell<Vec<u64>>,
    old: RefCell<Vec<Push>>,
    dice: RefCell<Dice>,
}

impl Line {
    pub(crate) fn new(server: Rc<RefCell<Server>>, seed: u64) -> Self {
        Self {
            server,
            faults: Cell::default(),
            scripted: RefCell::default(),
            sizes: RefCell::default(),
            pulls: RefCell::default(),
            old: RefCell::default(),
            dice: RefCell::new(Dice(seed)),
        }
    }

    fn hit(&self, percent: usize) -> bool {
        self.dice.borrow_mut().chance(percent)
    }

    fn ask<T>(&self, answer: impl FnOnce(&mut Server) -> Result<T, Fault>) -> Result<T, Fault> {
        if !self.scripted.borrow().is_empty() {
            return Err(self.scripted.borrow_mut().remove(0));
        }
        let Faults { lost_request, lost_answer, portal, busy, .. } = self.faults.get();
        if self.hit(lost_request) {
            return Err(Fault::Offline);
        }
        if self.hit(portal) {
            return Err(Fault::NotOurs);
        }
        if self.hit(busy) {
            return Err(Fault::Status { status: 503, retry_after_ms: Some(1_000) });
        }
        let answer = answer(&mut self.server.borrow_mut());
        if self.hit(lost_answer) { Err(Fault::Timeout) } else { answer }
    }
}

impl Transport for Line {
    async fn register(&self) -> Result<(), Fault> {
        self.ask(|_| Ok(()))
    }

    async fn sign_in(&self) -> Result<(), Fault> {
        self.ask(|_| Ok(()))
    }

    async fn changes(&self, since: u64, limit: u32, floor: u64) -> Result<Changes, Fault> {
        self.pulls.borrow_mut().push(since);
        self.ask(|server| server.changes(since, limit, floor))
    }

    async fn digest(&self) -> Result<Digest, Fault> {
        self.ask(Server::digest)
    }

    async fn push(&self, push: &Push) -> Result<PushAnswer, Fault> {
        self.sizes.borrow_mut().push(push.writes.len());
        let Faults { doubled, replayed, .. } = self.faults.get();
        if self.hit(replayed) && !self.old.borrow().is_empty() {
            let which = self.dice.borrow_mut().below(self.old.borrow().len());
            let _nobody_waits = self.server.borrow_mut().push(&self.old.borrow()[which]);
        }
        self.old.borrow_mut().push(push.clone());
        if self.hit(doubled) {
            let _the_first_answer = self.server.borrow_mut().push(push);
        }
        self.ask(|server| server.push(push))
    }
}

pub(crate) struct Device {
    pub(crate) store: MemoryStore,
    pub(crate) replica: Replica<MemoryStore>,
    pub(crate) sync: Sync,
    pub(crate) line: Line,
    pub(crate) number: u64,
    /// The highest epoch whose key it has been told.
    pub(crate) epoch: u32,
    /// This device's clock minus the true one, ms.
    pub(crate) skew_ms: i64,
    /// What the book would show.
    pub(crate) book: BTreeMap<RecordId, Record>,
    dice: Dice,
}

const OWN: Specimen = Specimen { space: SPACE, byte: 42 };

pub(crate) fn keys(number: u64, epoch: u32, seed: u64) -> Keys {
    let mut dice = Dice(seed);
    let entropy = move |bytes: &mut [u8]| {
        dice.fill(bytes);
        Ok::<_, NoEntropy>(())
    };
    OWN.keys(number, epoch, Box::new(entropy))
}

/// Pages so small that every run turns many of them.
pub(crate) fn shelving() -> Shelving {
    Shelving { bulk: 3, page_bytes: 400, ..Shelving::default() }
}

impl Device {
    pub(crate) fn new(number: u64, server: &Rc<RefCell<Server>>, seed: u64) -> Self {
        let mut dice = Dice(seed ^ (number << 32));
        let store = MemoryStore::default();
        let own = satchel_replica::Changeset { meta: Some(OWN.meta(number)), ..Default::default() };
        block_on(store.commit(own)).expect("commits");
        let replica =
            block_on(Replica::open_shelved(store.clone(), keys(number, 1, dice.roll()), shelving()))
                .expect("opens");
        let sync = Sync::new(block_on(replica.start()).expect("starts"));
        let line = Line::new(server.clone(), dice.roll());
        Self { store, replica, sync, line, number, epoch: 1, skew_ms: 0, book: BTreeMap::new(), dice }
    }

    /// The same device once more, on a copy of its disk.
    pub(crate) fn copied(&self) -> Self {
        self.on(self.store.copied())
    }

    /// Another tab of the same device: it shares the disk and nothing else.
    pub(crate) fn tab(&self) -> Self {
        self.on(self.store.clone())
    }

    fn on(&self, store: MemoryStore) -> Self {
        let mut dice = self.dice.clone();
        dice.roll();
        let mut tab = Self {
            replica: block_on(Replica::open_shelved(
                store.clone(),
                keys(self.number, self.epoch, dice.roll()),
                shelving(),
            ))
            .expect("opens"),
            store,
            sync: self.sync.clone(),
            line: Line::new(self.line.server.clone(), dice.roll()),
            number: self.number,
            epoch: self.epoch,
            skew_ms: self.skew_ms,
            book: BTreeMap::new(),
            dice,
        };
        tab.reopen();
        tab
    }

    /// It is unlocked again with the keys of the epochs up to this one.
    pub(crate) fn reopen_knowing(&mut self, epoch: u32) {
        self.epoch = epoch;
        self.reopen();
    }

    /// The app was killed and starts again: only the store remains.
    pub(crate) fn reopen(&mut self) {
        let keys = keys(self.number, self.epoch, self.dice.roll());
        self.replica = block_on(Replica::open_shelved(self.store.clone(), keys, shelving())).expect("opens");
        self.book.clear();
        let book = &mut self.book;
        block_on(self.replica.open_all(|records| book.extend(records))).expect("reads");
        book.retain(|_, record| !record.is_grave());
        self.sync = Sync::new(block_on(self.replica.start()).expect("starts"));
    }

    pub(crate) fn wall_ms(&self) -> u64 {
        self.line.server.borrow().now_ms.saturating_add_signed(self.skew_ms)
    }

    pub(crate) fn edit(&mut self, edits: &[Edit]) -> Result<Vec<Edited>, ReplicaError> {
        let edited = block_on(self.replica.edit(edits, self.wall_ms()))?;
        for Edited { id, after, .. } in &edited {
            self.book.insert(*id, after.clone());
        }
        let waiting = block_on(self.replica.counts()).expect("counts").waiting;
        self.sync.wake(satchel_replica::Wake::Write { waiting });
        Ok(edited)
    }

    pub(crate) fn create(&mut self, id: u8, name: &str) -> RecordId {
        let id = RecordId([id; 16]);
        let change = Change::Create(Kind::Partner, vec![set("name", name)]);
        self.edit(&[Edit { id, change }]).expect("creates");
        id
    }

    pub(crate) fn write(&mut self, id: RecordId, writes: Vec<Write>) -> Edited {
        self.edit(&[Edit { id, change: Change::Write(writes) }]).expect("writes").remove(0)
    }

    /// One step of sync; what it did.
    pub(crate) fn step(&mut self) -> (Step, Done) {
        if self.dice.chance(20) {
            block_on(self.replica.pack()).expect("packs");
        }
        let step = self.sync.poll(self.wall_ms());
        let done = block_on(carry_out(step, &self.replica, &self.line, || self.wall_ms()));
        for arrived in &done.news.arrived {
            self.book.insert(arrived.id, arrived.record.clone());
        }
        if !matches!(step, Step::Idle { .. }) {
            let entropy = self.dice.roll();
            self.sync.handle(done.outcome, self.wall_ms(), entropy);
        }
        (step, done)
    }

    /// Steps until there is nothing to do, time passing as asked.
    pub(crate) fn settle(&mut self) -> Status {
        self.sync.wake(satchel_replica::Wake::Focus);
        for _ in 0..2_000 {
            let (step, done) = self.step();
            // What makes no sense is asked for again.
            if let Some(error) = done.error.filter(|error| *error != ReplicaError::Nonsense) {
                panic!("sync failed on this device: {error}");
            }
            if let Step::Idle { until } = step {
                if self.status().phase == satchel_replica::Phase::Synced {
                    break;
                }
                let wait = until.saturating_sub(self.wall_ms()) + 1;
                self.line.server.borrow_mut().now_ms += wait;
            }
        }
        self.status()
    }

    pub(crate) fn status(&self) -> Status {
        self.sync.status(self.wall_ms())
    }

    pub(crate) fn name_of(&self, id: RecordId) -> String {
        match self.book[&id].value("name") {
            Value::Text(name) => name.clone(),
            other => format!("{other:?}"),
        }
    }
}

pub(crate) fn set(field: &str, value: &str) -> Write {
    Write::Set { field: field.to_owned(), value: Value::Text(value.to_owned()) }
}

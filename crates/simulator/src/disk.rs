//! A device's disk: the real store in memory, behind everything that may go wrong with one.

use crate::device::Device;
use crate::oracle::{Place, Violation};
use crate::plan::Fault;
use crate::probe;
use crate::world::World;
use satchel_domain::RecordId;
use satchel_replica::{
    Changeset, Committed, Counts, Cursor, CursorMove, DamagedRow, Durability, Found, LocalItem, LocalPut,
    MemoryStore, Meta, PageKey, PageKind, Put, RowState, Store, StoreError, StoredRow, Turn, to_domain,
};
use satchel_wire as wire;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::ops::RangeInclusive;
use std::rc::Rc;

/// So many relaxed commits a power cut takes away, at most.
pub(crate) const MOST_FORGOTTEN: usize = 11;

/// What lay there, and what of it was set aside.
struct Before {
    content: MemoryStore,
    aside: BTreeSet<RecordId>,
}

/// What the tabs of one device share.
#[derive(Default)]
pub(crate) struct Disk {
    content: RefCell<MemoryStore>,
    /// As it was before each relaxed commit since the last strict one, as many as a power cut may take.
    undo: RefCell<VecDeque<Before>>,
    /// The records that came to this disk.
    pub(crate) known: RefCell<BTreeSet<RecordId>>,
    /// Of them, those that are set aside.
    pub(crate) aside: RefCell<BTreeSet<RecordId>>,
    /// What was told as saved here: it survives a power cut, until the browser throws it away or it rots.
    pub(crate) promised: RefCell<BTreeSet<Place>>,
    /// How often its version was changed: connections of before are closed.
    changed: Cell<u32>,
    /// Until then a tab that stands still keeps an older version open.
    blocked_until: Cell<u64>,
}

impl Disk {
    /// What lies there now.
    pub(crate) fn content(&self) -> MemoryStore {
        self.content.borrow().clone()
    }

    /// The last of the relaxed commits are forgotten; how many.
    pub(crate) fn forget(&self, most: u64) -> u64 {
        let mut undo = self.undo.borrow_mut();
        let keep = undo.len() - usize::try_from(most).unwrap_or(0).min(undo.len());
        let forgotten = undo.len() - keep;
        if forgotten > 0 {
            *self.content.borrow_mut() = undo[keep].content.copied();
            self.aside.borrow_mut().clone_from(&undo[keep].aside);
        }
        undo.clear();
        forgotten as u64
    }

    /// A new app changes the version; until then somebody keeps the older one open.
    pub(crate) fn change_version(&self, blocked_until: u64) {
        self.changed.set(self.changed.get() + 1);
        self.blocked_until.set(blocked_until);
    }

    fn notice(&self, put: &Put) {
        if put.envelope.header.stream == wire::Stream::History {
            return;
        }
        let id = to_domain(put.id);
        self.known.borrow_mut().insert(id);
        match put.state {
            RowState::Quarantined { .. } => self.aside.borrow_mut().insert(id),
            _ => self.aside.borrow_mut().remove(&id),
        };
    }

    /// Damages one of the synced rows, if there is one: `how` says whether its head, its middle, or all of it.
    pub(crate) fn rot(&self, which: u64, how: u64) -> bool {
        let content = self.content();
        let mut rows = probe::rows(&content);
        rows.retain(|row| matches!(row.state, RowState::Synced(_)));
        let Some(row) = usize::try_from(which).ok().and_then(|which| rows.get(which % rows.len().max(1)))
        else {
            return false;
        };
        let mut bytes = row.encode();
        // The envelope's ciphertext is most of it, and stands before the state.
        let middle = bytes.len() / 2;
        match how {
            0 => bytes[..21].fill(0xEE),
            1 => bytes[middle..].iter_mut().take(4).for_each(|byte| *byte ^= 0xEE),
            _ => bytes.clear(),
        }
        content.lay_bytes(row.id, &bytes);
        self.promised.borrow_mut().retain(|(id, _)| *id != to_domain(row.id));
        true
    }

    /// Everything is gone.
    pub(crate) fn evict(&self) {
        *self.content.borrow_mut() = MemoryStore::default();
        self.undo.borrow_mut().clear();
        self.known.borrow_mut().clear();
        self.aside.borrow_mut().clear();
        self.promised.borrow_mut().clear();
    }

    fn before_commit(&self, durability: Durability) {
        if durability == Durability::Relaxed {
            let mut undo = self.undo.borrow_mut();
            let (content, aside) = (self.content.borrow().copied(), self.aside.borrow().clone());
            undo.push_back(Before { content, aside });
            if undo.len() > MOST_FORGOTTEN + 1 {
                undo.pop_front();
            }
        }
    }

    fn after_commit(&self, durability: Durability, done: bool) {
        let mut undo = self.undo.borrow_mut();
        match (durability, done) {
            (Durability::Strict, true) => undo.clear(),
            (Durability::Relaxed, false) => drop(undo.pop_back()),
            _ => {}
        }
    }
}

/// A tab's way to its disk. Each call lets other tasks run, before and after.
pub(crate) struct SimStore {
    pub(crate) device: Rc<Device>,
    pub(crate) world: Rc<World>,
    pub(crate) tab: u64,
    /// The log that the last answer to this tab came from.
    pub(crate) log: Rc<Cell<u64>>,
    /// The version under which it was opened, once it was.
    version: Cell<Option<u32>>,
}

impl SimStore {
    pub(crate) fn new(world: &Rc<World>, device: &Rc<Device>, tab: u64, log: Rc<Cell<u64>>) -> Self {
        Self { device: device.clone(), world: world.clone(), tab, log, version: Cell::default() }
    }

    /// The connection of before a change of the version is closed; a new one waits for whoever keeps the older open.
    fn connect(&self) -> Result<(), StoreError> {
        let disk = &self.device.disk;
        match self.version.get() {
            Some(version) if version != disk.changed.get() => Err(StoreError::Closed),
            None if self.world.now() < disk.blocked_until.get() && !self.world.calm.get() => {
                Err(StoreError::Blocked)
            }
            _ => {
                self.version.set(Some(disk.changed.get()));
                Ok(())
            }
        }
    }

    async fn reach(&self) -> Result<MemoryStore, StoreError> {
        self.world.pause().await;
        self.connect()?;
        if self.world.hits(Fault::Closed, 4) {
            return Err(StoreError::Closed);
        }
        Ok(self.device.disk.content())
    }

    fn refusal(&self) -> Option<StoreError> {
        if self.world.hits(Fault::Quota, 20) {
            return Some(StoreError::Quota);
        }
        self.world.hits(Fault::Closed, 10).then(|| StoreError::Other("UnknownError".to_owned()))
    }

    /// What a commit that has just been made says about the invariants.
    fn inspect(&self, changeset: &Changeset) -> Result<(), Violation> {
        let mut oracle = self.world.oracle.borrow_mut();
        for put in &changeset.rows {
            oracle.sealed(false, &put.envelope.ciphertext)?;
            self.device.disk.notice(put);
            let is_history = put.envelope.header.stream == wire::Stream::History;
            if changeset.durability == Durability::Strict && !is_history {
                oracle.learn(&put.envelope, self.world.now(), self.device.clock());
            }
        }
        for put in &changeset.locals {
            if let LocalPut::Set(LocalItem { key, sealed }) = put {
                oracle.kept(key, sealed)?;
            }
        }
        let pages = || changeset.pages.iter().flat_map(|pages| &pages.writes);
        let foretold = !oracle.foretold.is_empty() && changeset.durability == Durability::Strict;
        if foretold && pages().next().is_some() {
            oracle.fulfil(&probe::shown(&self.world, &self.device).records);
        }
        // A damaged row is kept as it lies, and was sealed before.
        for (_, page) in pages().filter(|(key, _)| key.kind != PageKind::RowApart) {
            oracle.sealed(true, page.get(1..).unwrap_or_default())?;
        }
        Ok(())
    }

    /// Now and then, after the cursor has moved within the log that the server still has: everything up to the
    /// cursor must be here.
    fn look_for_holes(&self, changeset: &Changeset) {
        let Some(CursorMove { from, to }) = changeset.cursor.filter(|_| self.world.below(40) == 0) else {
            return;
        };
        let cloud = self.world.cloud.borrow();
        let same_log = self.log.get() == cloud.which() && to.incarnation == Some(cloud.incarnation());
        // Nobody can know at once of a log that was exchanged in secret, or of a lie: comparing tells.
        let secret = [Fault::Rollback, Fault::Withhold, Fault::Swap, Fault::Replay, Fault::Fork];
        let told = !secret.iter().any(|fault| self.world.plan.faults.has(*fault));
        if told && same_log && to.seq > from.seq && !self.device.gone.get() {
            self.world.check(probe::no_hole(&self.world, &self.device, &cloud, to.seq));
        }
    }

    fn note(&self, changeset: &Changeset, done: bool) {
        let rows = changeset.rows.len() as u64;
        let strict = u64::from(changeset.durability == Durability::Strict);
        let words = if done {
            "tab {} commits {} rows, strict: {}"
        } else {
            "tab {} finds {} rows changed meanwhile"
        };
        self.world.note(words, &[self.tab, rows, strict]);
        for Put { id, envelope, state, .. } in changeset.rows.iter().filter(|_| done) {
            let replaces = envelope.header.replaces.map_or(0, |etag| short(&etag.0));
            self.world.note(
                "        record {} as {} over {}, {}",
                &[short(&id.0), short(&envelope.etag().0), replaces, standing(state)],
            );
        }
        if let Some(CursorMove { from, to }) = changeset.cursor.filter(|_| done) {
            self.world.note(
                "        cursor from {} to {}, era {}, sweeping: {}",
                &[from.seq, to.seq, to.era.into(), to.sweeping.into()],
            );
        }
    }
}

/// Where a row stands, for the trace: synced, new, edited, set aside.
fn standing(state: &RowState) -> u64 {
    match state {
        RowState::Synced(_) => 1,
        RowState::New(_) => 2,
        RowState::Edited { .. } => 3,
        RowState::Quarantined { .. } => 4,
    }
}

/// The first bytes, for the trace.
pub(crate) fn short(bytes: &[u8]) -> u64 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

impl Store for SimStore {
    async fn commit(&self, changeset: Changeset) -> Result<Committed, StoreError> {
        let content = self.reach().await?;
        if let Some(error) = self.refusal() {
            self.world.note("tab {} cannot write", &[self.tab]);
            return Err(error);
        }
        let durability = changeset.durability;
        if self.world.plan.faults.has(Fault::Power) {
            self.device.disk.before_commit(durability);
        }
        let done = content.commit(changeset.clone()).await;
        self.device.disk.after_commit(durability, done.is_ok());
        self.note(&changeset, done.is_ok());
        if done.is_ok() {
            self.world.check(self.inspect(&changeset));
            self.look_for_holes(&changeset);
        }
        self.world.pause().await;
        done
    }

    async fn scan(&self, after: Option<wire::RecordId>, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
        self.reach().await?.scan(after, limit).await
    }

    async fn read(&self, ids: &[wire::RecordId], pages: &[PageKey]) -> Result<Found, StoreError> {
        self.reach().await?.read(ids, pages).await
    }

    async fn pages(
        &self,
        kind: PageKind,
        after: Option<u32>,
        limit: usize,
    ) -> Result<Vec<(u32, Vec<u8>)>, StoreError> {
        self.reach().await?.pages(kind, after, limit).await
    }

    async fn page_numbers(&self, kind: PageKind) -> Result<Vec<u32>, StoreError> {
        self.reach().await?.page_numbers(kind).await
    }

    async fn waiting(
        &self,
        after: Option<(Turn, wire::RecordId)>,
        limit: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        self.reach().await?.waiting(after, limit).await
    }

    async fn places(&self, turns: RangeInclusive<Turn>) -> Result<Vec<(Turn, wire::RecordId)>, StoreError> {
        self.reach().await?.places(turns).await
    }

    async fn damaged_rows(&self) -> Result<Vec<DamagedRow>, StoreError> {
        self.reach().await?.damaged_rows().await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.reach().await?.counts().await
    }

    async fn meta(&self) -> Result<Option<Meta>, StoreError> {
        self.reach().await?.meta().await
    }

    async fn cursor(&self) -> Result<Cursor, StoreError> {
        self.reach().await?.cursor().await
    }

    async fn locals(&self, prefix: &str) -> Result<Vec<LocalItem>, StoreError> {
        self.reach().await?.locals(prefix).await
    }
}

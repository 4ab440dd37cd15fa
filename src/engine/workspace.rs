//! One open workspace: the replica on disk, the book in memory, and the one way in which both change together.

use super::backup::Stood;
use super::beside::Moved;
use super::devices::Devices;
use super::drafts::Drafts;
use super::entrances::Entrances;
use super::failure::Outcome as Ended;
use super::files::Files;
use super::host::Host;
use super::keys::{self, Keys};
use super::resealing::Reseal;
use super::sync::Syncing;
use super::team::Team;
use super::undo::{Touched, UndoLog};
use super::view::number;
use super::{Engine, clocks, failure, pages};
use crate::port::{Failure, FailureCode, Hello, Mark, UndoToken, WorkspaceRef};
use satchel_book::Book;
use satchel_domain::{Code, Invalid, Record, RecordId};
use satchel_replica::{Change, Edit, Edited, Meta, Pace, Replica, ReplicaError, Review, Store, Wake};
use satchel_vault::{AccountKey, AccountSecret, BackupKey, ContentKey, NoEntropy, SealError};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::{Rc, Weak};

/// Local items under this prefix are forms that were begun.
pub(super) const DRAFTS: &str = "draft/";
/// Between so many records it is told how far opening is.
const PROGRESS: u64 = 1_000;

/// So many edits of one act are one transaction; an even number, because what belongs together comes in twos.
const IN_ONE: usize = if cfg!(test) { 500 } else { 10_000 };

/// What became of many edits of one act.
#[derive(Default)]
pub(super) struct Many {
    /// What is committed.
    pub(super) touched: Vec<Touched>,
    /// Why the rest is not.
    pub(super) failed: Option<Failure>,
}

impl Many {
    /// Where nothing was committed, nothing was done.
    fn ended_by(self, error: ReplicaError) -> Ended<Self> {
        let failure = Failure::from(error);
        if self.touched.is_empty() { Err(failure) } else { Ok(Self { failed: Some(failure), ..self }) }
    }

    /// All of it, or the failure.
    pub(super) fn all(self) -> Ended<Vec<Touched>> {
        self.failed.map_or(Ok(self.touched), Err)
    }
}

/// An open workspace; dropping it forgets the keys.
pub(super) struct Workspace<H: Host> {
    /// The name of its database.
    pub(super) id: String,
    /// Nothing of it is ever sent.
    pub(super) apart: bool,
    pub(super) host: Rc<H>,
    pub(super) engine: Weak<Engine<H>>,
    pub(super) replica: Replica<H::Store>,
    pub(super) book: RefCell<Book>,
    /// Counts what entered the book.
    entered: Cell<u64>,
    /// Counts what was kept of forms.
    drafted: Cell<u64>,
    pub(super) content: ContentKey,
    pub(super) entrances: RefCell<Entrances>,
    pub(super) backup: BackupKey,
    /// Opens the account's other workspaces; it never leaves this worker.
    pub(super) account_key: AccountKey,
    /// It is open behind the one that is shown: nothing of it is told.
    pub(super) unseen: Cell<bool>,
    /// Its name.
    pub(super) name: String,
    /// How everything stood, forms too, when it was last written into a file that lies somewhere.
    pub(super) saved: RefCell<Option<Rc<Stood>>>,
    /// The same of a file whose place is not known yet.
    pub(super) filed: RefCell<Option<Rc<Stood>>>,
    /// A restore was found cut off.
    pub(super) cut_off: Cell<bool>,
    /// It could not be ended yet.
    pub(super) unended: Cell<bool>,
    pub(super) zone: String,
    /// The sync server as `host:port`.
    pub(super) server: String,
    meta: RefCell<Meta>,
    undo: RefCell<UndoLog>,
    /// The forms that are open in this tab.
    pub(super) drafts: Drafts,
    /// Records with changes that the server does not have, and when they were made, ms since 1970 UTC.
    waiting: RefCell<BTreeMap<RecordId, u64>>,
    /// Records with something to review.
    reviewed: RefCell<BTreeSet<RecordId>>,
    pub(super) reviews: Cell<u32>,
    pub(super) syncing: Syncing,
    pub(super) reseal: Reseal,
    pub(super) files: Files,
    pub(super) devices: Devices,
    pub(super) team: Team,
    /// Everything is in the book, texts apart.
    pub(super) whole: Cell<bool>,
    /// Why that will never be.
    pub(super) closed: Cell<Option<FailureCode>>,
    /// Records whose briefs did not read.
    pub(super) unread: RefCell<Vec<RecordId>>,
}

impl<H: Host> Workspace<H> {
    /// Opens what lists need; [`Self::open_rest`] is to follow.
    #[expect(clippy::too_many_arguments, reason = "what unlocking gathers, handed over once")]
    pub(super) async fn open(
        host: &Rc<H>,
        engine: Weak<Engine<H>>,
        place: &WorkspaceRef,
        hello: &Hello,
        server: String,
        store: H::Store,
        meta: Meta,
        keys: Keys,
        on_progress: impl Fn(u64, u64),
    ) -> Ended<Rc<Self>> {
        let total = store.counts().await?.rows;
        let Keys { account: account_key, keyring, local, signing, pages: page_key, .. } = keys;
        let Keys { content, backup, identity, entrance, next, .. } = keys;
        let team = Team::new(identity, &AccountSecret::from_bytes(meta.account_secret));
        let randomness = Rc::clone(host);
        let entropy = Box::new(move |bytes: &mut [u8]| -> Result<(), NoEntropy> {
            randomness.entropy(bytes);
            Ok(())
        });
        let (space, device) = (meta.space, meta.device);
        let cipher = host.page_cipher(&page_key).await;
        let keys = satchel_replica::Keys { keyring, local, signing, pages: page_key, space, device, entropy };
        let replica = Replica::open_shelved(store, keys, pages::shelving(cipher)).await?;
        team.recall(&replica, space).await;
        let mut book = Book::new();
        book.set_zone(clocks::zone(host));
        let mut unread = Vec::new();
        let mut done = 0;
        replica
            .open_cards(&mut |opened| {
                unread.extend(pages::take_in(&mut book, opened));
                done += 1;
                if done % PROGRESS == 0 {
                    on_progress(done, total.max(done));
                }
            })
            .await?;
        let start = replica.start().await?;
        let open = Rc::new(Self {
            id: place.id.clone(),
            apart: place.is_sample(),
            host: Rc::clone(host),
            engine,
            replica,
            book: RefCell::new(book),
            entered: Cell::default(),
            drafted: Cell::default(),
            content,
            entrances: RefCell::new(Entrances::new(Rc::new(entrance), next.map(Rc::new))),
            backup,
            account_key,
            unseen: Cell::default(),
            name: place.name.clone(),
            saved: RefCell::default(),
            filed: RefCell::default(),
            cut_off: Cell::default(),
            unended: Cell::default(),
            zone: hello.zone.clone(),
            server,
            meta: RefCell::new(meta),
            undo: RefCell::default(),
            drafts: Drafts::default(),
            waiting: RefCell::default(),
            reviewed: RefCell::default(),
            reviews: Cell::new(0),
            syncing: Syncing::new(start),
            reseal: Reseal::default(),
            files: Files::default(),
            devices: Devices::default(),
            team,
            whole: Cell::new(false),
            closed: Cell::default(),
            unread: RefCell::new(unread),
        });
        Ok(open)
    }

    pub(super) fn meta(&self) -> Meta {
        self.meta.borrow().clone()
    }

    /// Changes the device's data on the disk, unless `change` says that nothing is to be written; what is kept
    /// then is what this tab knows.
    pub(super) async fn change_meta(&self, change: impl Fn(&mut Meta) -> bool) -> Result<Meta, ReplicaError> {
        let kept = self.replica.change_meta(change).await?;
        if let Some(meta) = &kept {
            *self.meta.borrow_mut() = meta.clone();
        }
        Ok(kept.unwrap_or_else(|| self.meta()))
    }

    pub(super) fn new_id(&self) -> RecordId {
        RecordId(keys::random(&*self.host))
    }

    pub(super) fn random_u64(&self) -> u64 {
        u64::from_be_bytes(keys::random(&*self.host))
    }

    /// Carries out one intent: durable first, then in the book, then everybody hears of it.
    pub(super) async fn write(&self, edits: Vec<Edit>) -> Ended<Option<UndoToken>> {
        if edits.is_empty() {
            return Ok(None);
        }
        self.write_and_drop(edits, &[]).await
    }

    /// The same, and forgets these local items with it.
    pub(super) async fn write_and_drop(
        &self,
        edits: Vec<Edit>,
        locals: &[String],
    ) -> Ended<Option<UndoToken>> {
        self.may_write()?;
        self.whole().await?;
        let edited = self.replica.edit_and_drop(&edits, locals, self.host.now_ms()).await?;
        let touched = self.took_asking(edited).await;
        Ok(self.undo.borrow_mut().remember(touched))
    }

    /// Committed edits enter the book, and what they ask is counted.
    async fn took_asking(&self, edited: Vec<Edited>) -> Vec<Touched> {
        let asks = edited.iter().any(|one| one.asks);
        let touched = self.took(edited);
        if asks {
            // It is saved; a failure shows the old count until the next change.
            let _ = self.count_reviews().await;
            self.tell_status();
        }
        touched
    }

    /// Carries out many edits of one act with pauses. What was committed before a failure stays, and is told with it.
    pub(super) async fn write_many(&self, edits: &[Edit], pace: &mut impl Pace) -> Ended<Many> {
        self.may_write()?;
        self.whole().await?;
        let mut many = Many::default();
        for batch in edits.chunks(IN_ONE) {
            match self.replica.edit_many(batch, self.host.now_ms(), pace).await {
                Ok(done) => many.touched.extend(self.took(done.edited)),
                Err(error) => return many.ended_by(error),
            }
        }
        Ok(many)
    }

    /// As [`Self::write_many`], of what comes from elsewhere: the history tells how many records that were, and what it
    /// replaced.
    pub(super) async fn bring_many(&self, edits: &[Edit], pace: &mut impl Pace) -> Ended<Many> {
        self.may_write()?;
        self.whole().await?;
        let mut many = Many::default();
        for batch in edits.chunks(IN_ONE) {
            match self.replica.import(batch, self.host.now_ms(), pace).await {
                Ok(done) => many.touched.extend(self.took_asking(done.edited).await),
                Err(error) => return many.ended_by(error),
            }
        }
        Ok(many)
    }

    pub(super) fn remember(&self, touched: Vec<Touched>) -> Option<UndoToken> {
        self.undo.borrow_mut().remember(touched)
    }

    /// Forgets how to take back what was done to these records.
    pub(super) fn forget_undo(&self, ids: &BTreeSet<RecordId>) {
        self.undo.borrow_mut().forget(ids);
    }

    /// Remembers what a command took off the review list, beside what it wrote.
    pub(super) fn remember_reviews(
        &self,
        undo: Option<UndoToken>,
        reviews: Vec<(String, Review)>,
    ) -> Option<UndoToken> {
        Some(self.undo.borrow_mut().remember_reviews(undo, reviews))
    }

    /// Committed edits enter the book.
    pub(super) fn took(&self, edited: Vec<Edited>) -> Vec<Touched> {
        let now = self.host.now_ms();
        let ids: Vec<RecordId> = edited.iter().map(|one| one.id).collect();
        {
            let (mut book, mut waiting) = (self.book.borrow_mut(), self.waiting.borrow_mut());
            for one in &edited {
                book.apply(one.id, standing(&one.after));
                if !self.apart {
                    waiting.entry(one.id).or_insert(now);
                    self.syncing.edited.borrow_mut().insert(one.id);
                }
            }
        }
        self.note_entered();
        self.host.announce(&self.id, &ids);
        self.wake_sync(Wake::Write { waiting: self.waiting_count().into() });
        edited.into_iter().map(touched).collect()
    }

    /// Remembers what was moved into another workspace.
    pub(super) fn remember_move(&self, moved: Moved) -> UndoToken {
        self.undo.borrow_mut().remember_move(moved)
    }

    /// What a command moved into another workspace, if that is what it did.
    pub(super) fn moved(&self, token: UndoToken) -> Option<Moved> {
        self.undo.borrow().moved(token)
    }

    /// It was brought back.
    pub(super) fn forget_move(&self, token: UndoToken) {
        self.undo.borrow_mut().take(token);
    }

    /// Takes back a command. What was written again since, here or elsewhere, is left alone.
    pub(super) async fn take_back(&self, token: UndoToken) -> Ended<crate::port::Done> {
        let did = self.undo.borrow_mut().take(token).ok_or(FailureCode::UndoGone)?;
        let edits = did.touched.iter().cloned().map(taken_back).collect();
        match self.write(edits).await {
            Ok(undo) => {
                self.bring_back(&did.reviews).await?;
                Ok(crate::port::Done { outcome: crate::port::Outcome::Saved, undo })
            }
            Err(failure) => {
                // Nothing was written: it can be tried again.
                self.undo.borrow_mut().put_back(token, did);
                Err(failure)
            }
        }
    }

    /// Records as they are in the store now enter the book: after a pull, or when another tab wrote them. What cannot
    /// be read now is read after the next round.
    pub(super) async fn reload(&self, ids: &[RecordId]) {
        let Ok(records) = self.replica.records(ids).await else {
            self.syncing.arrivals.missed(ids);
            return;
        };
        self.take_in(records.iter().map(|(id, record)| (*id, record)));
        // The counts only decorate; a failure shows the old ones until the next change.
        let _ = self.count_waiting().await;
        let _ = self.count_reviews().await;
    }

    /// Records enter the book.
    pub(super) fn take_in<'a>(&self, records: impl Iterator<Item = (RecordId, &'a Record)>) {
        let mut book = self.book.borrow_mut();
        for (id, record) in records {
            book.apply(id, standing(record));
        }
        self.note_entered();
    }

    pub(super) fn note_entered(&self) {
        self.entered.set(self.entered.get().wrapping_add(1));
    }

    /// Changes whenever something enters the book.
    pub(super) fn entered(&self) -> u64 {
        self.entered.get()
    }

    /// A form is kept as it stands.
    pub(super) fn note_drafted(&self) {
        self.drafted.set(self.drafted.get().wrapping_add(1));
    }

    /// Changes whenever anything is written here, also into a form.
    pub(super) fn written(&self) -> (u64, u64) {
        (self.entered(), self.drafted.get())
    }

    /// Looks through the outbox for what waits; where nothing is ever sent, only what is to look so.
    pub(super) async fn count_waiting(&self) -> Ended<()> {
        let entered = self.entered();
        let ids = match self.apart {
            true => self.planted_waiting().await,
            false => self.replica.waiting_ids().await?,
        };
        let mut waiting = self.waiting.borrow_mut();
        let mut found: BTreeMap<_, _> =
            ids.into_iter().map(|id| (id, waiting.get(&id).copied().unwrap_or(0))).collect();
        if entered != self.entered() {
            // What was saved since the look began was not in it.
            found.append(&mut waiting);
        }
        *waiting = found;
        Ok(())
    }

    pub(super) fn waiting_count(&self) -> u32 {
        u32::try_from(self.waiting.borrow().len()).unwrap_or(u32::MAX)
    }

    /// The records that wait, with when they were changed (0 when that was before the workspace was opened).
    pub(super) fn waiting(&self) -> Vec<(RecordId, u64)> {
        self.waiting.borrow().iter().map(|(id, at)| (*id, *at)).collect()
    }

    /// Finds out when waiting records were changed where that was before the workspace was opened.
    pub(super) async fn date_waiting(&self, most: usize) {
        let undated = self.waiting().into_iter().filter(|(_, at)| *at == 0).map(|(id, _)| id);
        let undated: Vec<RecordId> = undated.take(most).collect();
        if undated.is_empty() {
            return;
        }
        // A time only decorates: what cannot be read stays undated.
        let records = self.replica.records(&undated).await.unwrap_or_default();
        let mut waiting = self.waiting.borrow_mut();
        for (id, record) in records {
            if let Some(at) = waiting.get_mut(&id) {
                *at = record.latest().map_or(0, |stamp| stamp.ms);
            }
        }
    }

    /// The server has these records as they were here: those that were edited meanwhile wait on.
    pub(super) fn settled(&self, ids: &[RecordId]) {
        let (mut waiting, edited) = (self.waiting.borrow_mut(), self.syncing.edited.borrow());
        for id in ids.iter().filter(|id| !edited.contains(id)) {
            waiting.remove(id);
        }
    }

    pub(super) async fn count_reviews(&self) -> Ended<()> {
        let mut reviews = self.replica.reviews().await?;
        // Of what was erased meanwhile there is nothing to choose any more.
        let is_here = |id| !self.is_whole() || self.book.borrow().record(id).is_some();
        reviews.retain(|(_, review)| is_here(review.record));
        let lost = self.replica.lost().await?.len();
        self.reviews.set(number(reviews.len() + lost));
        *self.reviewed.borrow_mut() = reviews.into_iter().map(|(_, review)| review.record).collect();
        Ok(())
    }

    /// Whether a record is on the server.
    pub(super) fn mark(&self, id: RecordId) -> Mark {
        if self.reviewed.borrow().contains(&id) {
            Mark::Review
        } else if self.waiting.borrow().contains_key(&id) {
            Mark::Waiting
        } else if self.replica.set_aside().iter().any(|(aside, _)| *aside == id) {
            Mark::Aside
        } else {
            Mark::Synced
        }
    }

    /// Keeps a sealed local item, or drops it.
    pub(super) async fn keep_local(&self, key: &str, text: Option<&[u8]>) -> Ended<()> {
        match text {
            Some(text) => self.replica.put_local(key, text).await?,
            None => self.replica.remove_locals(&[key.to_owned()]).await?,
        }
        Ok(())
    }

    pub(super) async fn local(&self, key: &str) -> Option<Vec<u8>> {
        let items = self.replica.locals(key).await.ok()?;
        items.into_iter().find(|(found, _)| found == key).map(|(_, bytes)| bytes)
    }

    /// Everybody looks again.
    pub(super) fn changed(&self) {
        if let Some(engine) = self.engine.upgrade() {
            engine.changed();
        }
    }
}

fn taken_back(Touched { id, edit }: Touched) -> Edit {
    let change = match edit {
        None => Change::Write(satchel_domain::delete_writes()),
        Some(edit) => Change::Undo { before: Some(edit.0), after: edit.1 },
    };
    Edit { id, change }
}

fn touched(edited: Edited) -> Touched {
    let Edited { id, before, after, asks: _ } = edited;
    Touched { id, edit: before.map(|before| Box::new((before, after))) }
}

impl From<ReplicaError> for crate::port::Failure {
    fn from(error: ReplicaError) -> Self {
        match error {
            ReplicaError::Store(error) => failure::store(&error).into(),
            ReplicaError::Seal(SealError::TooLarge { .. }) => {
                vec![Invalid { field: String::new(), code: Code::TooLong }].into()
            }
            ReplicaError::Missing(_) => FailureCode::NotFound.into(),
            ReplicaError::SetAside(..) => FailureCode::StorageDamaged.into(),
            ReplicaError::Contended => FailureCode::StorageBlocked.into(),
            ReplicaError::Seal(_) | ReplicaError::Nonsense => FailureCode::Internal.into(),
        }
    }
}

/// A record as the book takes it: one that was erased for good is not there.
pub(super) fn standing(record: &Record) -> Option<&Record> {
    (!record.is_grave()).then_some(record)
}

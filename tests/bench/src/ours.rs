//! The contender: this workspace's own parts, as the engine puts them together.

use crate::account::{Account, random};
use crate::sync::Link;
use satchel::engine::pages;
use satchel_book::{Book, PartnerFilter, PartnerSort, TimelineFilter, Window};
use satchel_domain::{InteractionDraft, Kind, Record, RecordId, Write, field};
use satchel_idb::IdbStore;
use satchel_replica::{Change, Edit, Opened, Replica, Steady};
use satchel_sample::Scale;
use satchel_wire::DeviceId;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Rows of a list that are asked for at once, as a screen does.
const SCREEN: Window = Window { offset: 0, limit: 50 };
/// Answers to a question, as a screen shows them.
const ANSWERS: usize = 30;
/// Edits that are handed over at once: what they led to is let go before the next.
const AT_ONCE: usize = 10_000;
/// When everything is written, ms since 1970 UTC: 2026-01-01.
const NOW_MS: u64 = 1_767_225_600_000;

/// One open workspace over a made-up one.
#[wasm_bindgen]
pub struct Ours {
    sample: Scale,
    replica: Replica<IdbStore>,
    book: RefCell<Book>,
    /// What is to be imported.
    edits: RefCell<Vec<Edit>>,
    /// The way to the server, once there is one.
    link: RefCell<Option<Rc<Link>>>,
}

type Outcome<T> = Result<T, JsError>;

#[wasm_bindgen]
impl Ours {
    /// Opens the store `name` on the account of `seed`, as device number `device`; reads no record yet.
    pub async fn connect(
        name: String,
        seed: u32,
        device: u32,
        partners: usize,
        interactions: usize,
    ) -> Outcome<Ours> {
        let store = IdbStore::open(&name).await?;
        let keys = Account::of(seed.into()).keys(DeviceId(device.into()));
        let shelving = pages::shelving(page_cipher(&keys.pages).await);
        let sample = Scale { seed: seed.into(), partners, interactions };
        let replica = Replica::open_shelved(store, keys, shelving).await?;
        Ok(Self {
            sample,
            replica,
            book: RefCell::default(),
            edits: RefCell::default(),
            link: RefCell::default(),
        })
    }

    /// Derives what syncing needs.
    pub fn link(&self, seed: u32, device: u32) -> Outcome<()> {
        let link = Link::new(Account::of(seed.into()), DeviceId(device.into()));
        *self.link.borrow_mut() = Some(Rc::new(link.map_err(|error| JsError::new(&error))?));
        Ok(())
    }

    /// Syncs until there is nothing to do; how many records arrived.
    pub async fn sync(&self) -> Outcome<usize> {
        let link = self.link.borrow().clone().ok_or_else(|| JsError::new("there is no link"))?;
        link.sync(&self.replica, &self.book).await.map_err(|error| JsError::new(&error))
    }

    /// How long the server and the network were waited for so far, ms.
    #[wasm_bindgen(js_name = waitedMs)]
    pub fn waited_ms(&self) -> f64 {
        self.link.borrow().as_ref().map_or(0.0, |link| link.waited_ms())
    }

    /// Where hints come from and the bearer token for it, one behind the other; nothing before the first sync.
    pub fn hints(&self) -> Vec<String> {
        let hints = self.link.borrow().as_ref().and_then(|link| link.hints());
        hints.map_or_else(Vec::new, |(path, token)| vec![path, token])
    }

    /// Makes up everything that [`Ours::import`] will write, from a seed of its own.
    pub fn prepare(&self, seed: u32) -> usize {
        let sample = Scale { seed: seed.into(), ..self.sample };
        let mut edits = Vec::with_capacity(sample.partners + sample.interactions);
        for place in 0..sample.partners {
            let (id, draft) = sample.partner(place);
            let writes = draft.create(&mut random_u64);
            edits.push(Edit { id, change: Change::Create(Kind::Partner, writes) });
        }
        edits.extend(sample.interactions(0..sample.partners).map(created));
        let count = edits.len();
        self.edits.replace(edits);
        count
    }

    /// Writes it all, durably, with the outbox.
    pub async fn import(&self) -> Outcome<usize> {
        let (mut edits, mut count) = (self.edits.take(), 0);
        while !edits.is_empty() {
            let batch: Vec<Edit> = edits.drain(..edits.len().min(AT_ONCE)).collect();
            count += self.replica.import(&batch, NOW_MS, &mut Steady).await?.edited.len();
        }
        Ok(count)
    }

    /// Opens what the list of customers needs.
    #[wasm_bindgen(js_name = openCards)]
    pub async fn open_cards(&self) -> Outcome<()> {
        let mut take = |opened: Opened<'_>| {
            let unread = pages::take_in(&mut self.book.borrow_mut(), opened);
            assert_eq!(unread, None, "every brief reads");
        };
        Ok(self.replica.open_cards(&mut take).await?)
    }

    /// Opens the rest, until everything can be searched.
    #[wasm_bindgen(js_name = openRest)]
    pub async fn open_rest(&self) -> Outcome<()> {
        let mut take = |opened: Opened<'_>| {
            let unread = pages::take_in(&mut self.book.borrow_mut(), opened);
            assert_eq!(unread, None, "every brief reads");
        };
        self.replica.open_rest(&mut take).await?;
        let mut after = None;
        loop {
            let put = |id, bytes: &[u8]| pages::take_text(&mut self.book.borrow_mut(), id, bytes);
            after = self.replica.each_event(after, put).await?;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// The first screen of the list, sorted by name; how many rows it has.
    pub fn list(&self) -> usize {
        let filter = PartnerFilter::default();
        self.book.borrow().partners(&filter, PartnerSort::Name, SCREEN, |_| true).rows.len()
    }

    /// How many interactions are in the book.
    pub fn interactions(&self) -> usize {
        self.book.borrow().interactions_len()
    }

    /// Customers and interactions that a text finds, as the palette asks; how many.
    pub fn search(&self, text: &str) -> usize {
        let book = self.book.borrow();
        book.find(text, ANSWERS, None).len() + book.search_interactions(text, ANSWERS).len()
    }

    /// The aggregates of every customer; the sum of the counts.
    pub fn aggregates(&self) -> u32 {
        let book = self.book.borrow();
        book.aggregates().map(|aggregate| aggregate.count).sum()
    }

    /// Opens the cards, and every record of what happened; the bytes of content.
    pub async fn scan(&self) -> Outcome<usize> {
        self.replica.open_cards(&mut |_| {}).await?;
        self.replica.open_rest(&mut |_| {}).await?;
        let (mut bytes, mut after) = (0, None);
        loop {
            let content = |_, record: &[u8]| {
                let record = Record::from_bytes(record).ok();
                let content = record.as_ref().and_then(|record| record.value(field::CONTENT).as_text());
                bytes += content.map_or(0, str::len);
            };
            after = self.replica.each_event(after, content).await?;
            if after.is_none() {
                return Ok(bytes);
            }
        }
    }

    /// The first screen of a customer's timeline with its texts; how many entries.
    pub async fn timeline(&self, place: usize) -> Outcome<usize> {
        let partner = self.sample.partner_id(place);
        let timeline = self.book.borrow().timeline(partner, &TimelineFilter::default(), SCREEN);
        let ids: Vec<_> = timeline.entries.iter().map(|entry| entry.what.id()).collect();
        Ok(self.replica.records(&ids).await?.len())
    }

    /// One more interaction, durably.
    pub async fn write(&self, turn: usize) -> Outcome<usize> {
        let sample = self.sample;
        let partner = sample.partner_id(turn % sample.partners);
        let (_, draft) = sample.interaction(partner, sample.interactions + turn);
        let mut id = [0; 16];
        random(&mut id)?;
        let edited = self.replica.edit(&[created((RecordId(id), draft))], NOW_MS).await?;
        edited.iter().for_each(|one| self.book.borrow_mut().apply(one.id, Some(&one.after)));
        Ok(edited.len())
    }

    /// Another content for an interaction that is there, durably.
    pub async fn update(&self, place: usize) -> Outcome<usize> {
        let sample = self.sample;
        let (id, draft) = sample.interaction(RecordId::NIL, place);
        let next = InteractionDraft { content: format!("{} ✓", draft.content), ..draft.clone() };
        let writes: Vec<Write> = InteractionDraft::diff(&draft, &next);
        let edited = self.replica.edit(&[Edit { id, change: Change::Write(writes) }], NOW_MS).await?;
        edited.iter().for_each(|one| self.book.borrow_mut().apply(one.id, Some(&one.after)));
        Ok(edited.len())
    }

    /// The place of the first interaction of a customer, for [`Ours::update`].
    #[wasm_bindgen(js_name = someInteraction)]
    pub fn some_interaction(&self, place: usize) -> usize {
        self.sample.history(place).start
    }
}

#[cfg(target_arch = "wasm32")]
use satchel::engine::web::page_cipher;

/// Elsewhere than in a browser there is no other cipher than the vault's.
#[cfg(not(target_arch = "wasm32"))]
async fn page_cipher(_key: &satchel_vault::PageKey) -> Option<Rc<dyn satchel_replica::PageCipher>> {
    None
}

fn created((id, draft): (RecordId, InteractionDraft)) -> Edit {
    Edit { id, change: Change::Create(Kind::Interaction, draft.create()) }
}

fn random_u64() -> u64 {
    let mut bytes = [0; 8];
    // What keys of list entries are made from: without randomness they would only be equal.
    let _ = random(&mut bytes);
    u64::from_be_bytes(bytes)
}

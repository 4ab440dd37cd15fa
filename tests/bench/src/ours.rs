//! The contender: this workspace's own parts, as the engine puts them together.

use crate::account::{Account, random};
use crate::sample::Sample;
use satchel_book::{Book, PartnerFilter, PartnerSort, TimelineFilter, Window};
use satchel_domain::{InteractionDraft, Kind, RecordId, Write};
use satchel_idb::IdbStore;
use satchel_replica::{Change, Edit, Replica, Steady};
use satchel_wire::DeviceId;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// Rows of a list that are asked for at once, as a screen does.
const SCREEN: Window = Window { offset: 0, limit: 50 };
/// Answers to a question, as a screen shows them.
const ANSWERS: usize = 30;
/// When everything is written, ms since 1970 UTC: 2026-01-01.
const NOW_MS: u64 = 1_767_225_600_000;

/// One open workspace over a made-up one.
#[wasm_bindgen]
pub struct Ours {
    sample: Sample,
    replica: Replica<IdbStore>,
    book: RefCell<Book>,
    /// What is to be imported.
    edits: RefCell<Vec<Edit>>,
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
        let sample = Sample { seed: seed.into(), partners, interactions };
        let replica = Replica::open(store, keys).await?;
        Ok(Self { sample, replica, book: RefCell::default(), edits: RefCell::default() })
    }

    /// Makes up everything that [`Ours::import`] will write.
    pub fn prepare(&self) -> Outcome<usize> {
        let sample = self.sample;
        let mut edits = Vec::with_capacity(sample.partners + sample.interactions);
        for place in 0..sample.partners {
            let (id, draft) = sample.partner(place);
            let writes = draft.create(&mut random_u64);
            edits.push(Edit { id, change: Change::Create(Kind::Partner, writes) });
        }
        edits.extend(sample.interactions(0..sample.partners).map(created));
        let count = edits.len();
        self.edits.replace(edits);
        Ok(count)
    }

    /// Writes it all, durably, with the outbox.
    pub async fn import(&self) -> Outcome<usize> {
        let edits = self.edits.take();
        let imported = self.replica.import(&edits, NOW_MS, &mut Steady).await?;
        Ok(imported.edited.len())
    }

    /// Opens what the list of customers needs.
    #[wasm_bindgen(js_name = openCards)]
    pub async fn open_cards(&self) -> Outcome<()> {
        let take = |records: Vec<_>| {
            let mut book = self.book.borrow_mut();
            records.iter().for_each(|(id, record)| book.apply(*id, Some(record)));
        };
        self.replica.open_all(take).await?;
        Ok(())
    }

    /// Opens the rest, until everything can be searched.
    #[wasm_bindgen(js_name = openRest)]
    pub async fn open_rest(&self) -> Outcome<()> {
        Ok(())
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
        book.all_partners().map(|partner| book.summary(partner.id).count).sum()
    }

    /// Reads every record and looks at each content; the bytes of content.
    pub async fn scan(&self) -> Outcome<usize> {
        let mut bytes = 0;
        let content = |record: &satchel_domain::Record| {
            record.value(satchel_domain::field::CONTENT).as_text().map_or(0, str::len)
        };
        let take = |records: Vec<(RecordId, satchel_domain::Record)>| {
            bytes += records.iter().map(|(_, record)| content(record)).sum::<usize>();
        };
        self.replica.open_all(take).await?;
        Ok(bytes)
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

fn created((id, draft): (RecordId, InteractionDraft)) -> Edit {
    Edit { id, change: Change::Create(Kind::Interaction, draft.create()) }
}

fn random_u64() -> u64 {
    let mut bytes = [0; 8];
    // What keys of list entries are made from: without randomness they would only be equal.
    let _ = random(&mut bytes);
    u64::from_be_bytes(bytes)
}

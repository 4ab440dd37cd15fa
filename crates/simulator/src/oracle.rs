//! What was ever written, what its writer had seen, and what must therefore be true.
//!
//! Each intent of a person leaves its number in the set [`MARKS`] of every record that it touches, sealed with
//! everything else. So whatever state is opened anywhere says exactly which intents it contains, however often
//! it was merged, restamped or clamped; and the marks that an intent found are what its writer had seen.

use crate::keys::{KEY_BYTE, keyring, local_key};
use crate::lies::{Roots, Versions};
use crate::together::Batches;
use satchel_domain::{Record, RecordId, Stamp, Value, Write, stamp::latest_allowed};
use satchel_replica::{Matter, Review, to_domain};
use satchel_vault::{Keyring, LocalKey, SealedLocal, open_local, open_record};
use satchel_wire::{Envelope, Etag, Row, Stream, from_cbor};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The set of intents that a record contains.
pub(crate) const MARKS: &str = "marks";
/// In every text that a person writes: it must be found in no byte that is stored or sent.
pub(crate) const CANARY: &str = "Kanarienvogel 客户 ";

/// One person's intent.
pub(crate) type Intent = i64;
/// An intent's part in one record.
pub(crate) type Place = (RecordId, Intent);

/// What does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// Its number in the protocol's list.
    pub invariant: u8,
    /// What was found.
    pub what: String,
}

/// Complains unless it holds.
pub(crate) fn require(holds: bool, invariant: u8, what: impl FnOnce() -> String) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation { invariant, what: what() }) }
}

/// A small yes or no.
pub(crate) fn passes(holds: bool) -> Result<(), ()> {
    if holds { Ok(()) } else { Err(()) }
}

/// What somebody had before her eyes who wrote later.
pub(crate) struct Look {
    /// The record as it was shown.
    pub(crate) shown: Record,
    /// What she writes leaves the record where it lies by then: in the trash, it stays there.
    pub(crate) stays: bool,
}

/// What one intent did to one record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Deed {
    /// The intents that its writer had seen in this record.
    pub(crate) past: BTreeSet<Intent>,
    /// The registers it wrote.
    pub(crate) fields: BTreeMap<String, Value>,
    /// The elements of sets that it wrote, without the marks.
    pub(crate) elements: BTreeMap<(String, Value), bool>,
    /// When it was really done, ms.
    pub(crate) at_ms: u64,
    /// Under which of whose clocks it was stamped; `None` for one that is right.
    pub(crate) clock: Option<Clock>,
    /// Whether that clock was told the server's time before anybody saw it; `None` as long as nobody may have.
    pub(crate) timed: Option<bool>,
    /// As [`Look::stays`].
    pub(crate) stays: bool,
}

/// A clock as it was set: whose, and how often that had been set before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Clock {
    /// The device's place.
    pub(crate) place: u64,
    /// How often it had been set.
    pub(crate) set: u32,
    /// Whether it had been told the server's time since.
    pub(crate) told: bool,
}

/// Everything that is known without asking the code under test.
pub(crate) struct Oracle {
    keyring: Keyring,
    local: LocalKey,
    next: Intent,
    pub(crate) deeds: BTreeMap<RecordId, BTreeMap<Intent, Deed>>,
    /// What is about to be done in a way that cannot be watched, until a strict commit has it.
    pub(crate) foretold: BTreeMap<Place, Deed>,
    /// What was shown to the writers of forms and answers.
    pub(crate) looks: BTreeMap<Place, Look>,
    /// The person was told "saved".
    pub(crate) saved: BTreeSet<Place>,
    /// Lost with the only device that held it.
    pub(crate) excused: BTreeSet<Place>,
    /// The server has taken it, at some time.
    pub(crate) confirmed: BTreeSet<Place>,
    /// The join of every state that the server has taken.
    pub(crate) joined: BTreeMap<RecordId, Record>,
    /// Values that gave way and were offered to somebody.
    pub(crate) offered: BTreeSet<(RecordId, String, Value)>,
    /// In the trash for so long that a device in sync may erase it for good.
    pub(crate) buried: BTreeSet<Place>,
    /// Records of which a grave was stored.
    pub(crate) erased: BTreeSet<RecordId>,
    /// Records that somebody asked to have back whose device had not heard, before they were erased, that the server had
    /// what she wrote to them.
    pub(crate) asked_back: BTreeSet<RecordId>,
    /// Records that some device began to erase, whether the server learned of it or not: who had not met that and
    /// wrote to one brings it back, whatever she wrote.
    pub(crate) condemned: BTreeSet<RecordId>,
    /// Records that were put beyond everybody's reach on purpose.
    pub(crate) spoiled: BTreeSet<RecordId>,
    /// Somebody read an older copy of the log, or a power cut took away what a device knew of what it had sent:
    /// whether a version was seen before cannot be told from it, so that a person may be asked once too often.
    /// What was written stays checked.
    pub(crate) put_back: bool,
    /// Intents over several records.
    pub(crate) batches: Batches,
    /// What the server has ever stored.
    versions: Versions,
    /// What the server has said of all that it holds.
    pub(crate) roots: Roots,
    /// Clocks are wrong: a write may come back under two stamps.
    pub(crate) wrong_clocks: bool,
    nonces: HashMap<(bool, [u8; 12]), Vec<u8>>,
    opened: HashMap<Etag, Option<Record>>,
}

/// The intents in a record, those that were taken back too.
pub(crate) fn marks(record: &Record) -> BTreeSet<Intent> {
    let elements = record.sets.get(MARKS).into_iter().flatten();
    elements.filter_map(|(element, _)| element.as_int()).collect()
}

impl Oracle {
    pub(crate) fn new() -> Self {
        Self {
            keyring: keyring(crate::cloud::LAST_EPOCH),
            local: local_key(),
            next: 0,
            deeds: BTreeMap::new(),
            foretold: BTreeMap::new(),
            looks: BTreeMap::new(),
            saved: BTreeSet::new(),
            excused: BTreeSet::new(),
            confirmed: BTreeSet::new(),
            joined: BTreeMap::new(),
            offered: BTreeSet::new(),
            buried: BTreeSet::new(),
            erased: BTreeSet::new(),
            asked_back: BTreeSet::new(),
            condemned: BTreeSet::new(),
            spoiled: BTreeSet::new(),
            put_back: false,
            batches: Batches::new(),
            versions: Versions::default(),
            roots: Roots::default(),
            wrong_clocks: false,
            nonces: HashMap::new(),
            opened: HashMap::new(),
        }
    }

    /// A number for a new intent.
    pub(crate) fn intent(&mut self) -> Intent {
        self.next += 1;
        self.next
    }

    /// Opens a sealed state; `None` for what nobody can read.
    pub(crate) fn open(&mut self, envelope: &Envelope) -> Option<Record> {
        let opened = self.opened.entry(envelope.etag()).or_insert_with(|| {
            let bytes = open_record(&self.keyring, envelope).ok()?;
            Record::from_bytes(&bytes).ok()
        });
        opened.clone()
    }

    /// A person's intent reaches the disk: what it did, and what it had seen, is learned from its content.
    pub(crate) fn learn(&mut self, envelope: &Envelope, at_ms: u64, clock: Clock) {
        let Some(record) = self.open(envelope) else { return };
        self.learn_record(to_domain(envelope.header.record), &record, at_ms, Some(clock));
    }

    /// As [`Self::learn`], of an opened state.
    pub(crate) fn learn_record(&mut self, id: RecordId, record: &Record, at_ms: u64, clock: Option<Clock>) {
        let known = self.deeds.entry(id).or_default();
        let all = marks(record);
        let fresh: Vec<_> = all.iter().filter(|mark| !known.contains_key(mark)).copied().collect();
        for intent in fresh {
            let Some(since) = mark_stamp(record, intent) else { continue };
            let look = self.looks.get(&(id, intent));
            let shown = look.map(|look| marks(&look.shown));
            let seen = |mark: &&Intent| shown.as_ref().is_none_or(|shown| shown.contains(mark));
            let past = all.iter().filter(|mark| known.contains_key(mark)).filter(seen).copied().collect();
            let deed = Deed {
                past,
                fields: fields_since(record, since),
                elements: elements_since(record, since),
                at_ms,
                clock,
                timed: clock.is_none().then_some(true),
                stays: look.is_some_and(|look| look.stays),
            };
            known.insert(intent, deed);
        }
    }

    /// A new record is about to be written in a way that cannot be watched.
    pub(crate) fn foretell(
        &mut self,
        id: RecordId,
        intent: Intent,
        writes: &[Write],
        at_ms: u64,
        clock: Clock,
    ) {
        let (past, fields, elements) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        let mut deed = Deed { past, fields, elements, at_ms, clock: Some(clock), timed: None, stays: false };
        for write in writes {
            match write {
                Write::Set { field, value } => drop(deed.fields.insert(field.clone(), value.clone())),
                Write::Element { field, element, present } if field != MARKS => {
                    deed.elements.insert((field.clone(), element.clone()), *present);
                }
                Write::Element { .. } | Write::Patch { .. } => {}
            }
        }
        self.foretold.insert((id, intent), deed);
    }

    /// These are a device's records after a strict commit: what was foretold and is in them is done.
    pub(crate) fn fulfil(&mut self, records: &BTreeMap<RecordId, Record>) {
        let there = |(id, intent): &Place| records.get(id).is_some_and(|it| marks(it).contains(intent));
        for ((id, intent), deed) in self.foretold.extract_if(.., |place, _| there(place)) {
            self.deeds.entry(id).or_default().insert(intent, deed);
        }
    }

    /// A device of this place is about to send a state; `told` are the clocks that were told the server's time.
    /// Of what was stamped under two clocks and waits together, it cannot be known which stamp is wrong by what.
    pub(crate) fn sent(&mut self, envelope: &Envelope, place: u64, told: &BTreeSet<u32>) {
        let Some(within) = self.open(envelope).map(|record| marks(&record)) else { return };
        let Some(deeds) = self.deeds.get_mut(&to_domain(envelope.header.record)) else { return };
        let own = |deed: &Deed| deed.timed.is_none() && deed.clock.is_some_and(|clock| clock.place == place);
        let mut fresh: Vec<_> = deeds
            .iter_mut()
            .filter(|(intent, deed)| within.contains(*intent) && own(deed))
            .map(|(_, deed)| deed)
            .collect();
        let clocks: BTreeSet<_> = fresh.iter().filter_map(|deed| Some(deed.clock?.set)).collect();
        let timed = clocks.len() == 1 && clocks.iter().all(|set| told.contains(set));
        fresh.iter_mut().for_each(|deed| deed.timed = Some(timed));
    }

    /// The person was told.
    pub(crate) fn save(&mut self, id: RecordId, intent: Intent) -> Result<(), Violation> {
        let known = self.deeds.get(&id).is_some_and(|deeds| deeds.contains_key(&intent));
        self.saved.insert((id, intent));
        require(known, 3, || format!("intent {intent} was told as saved and is in no strict commit"))
    }

    /// The server has stored a row: it must open, and is part of the truth from now on.
    pub(crate) fn accept(&mut self, row: &Row, oldest_epoch: u32) -> Result<(), Violation> {
        let header = &row.envelope.header;
        let id = to_domain(header.record);
        self.versions.note(&row.envelope);
        if header.stream == Stream::Grave {
            self.erased.insert(id);
            self.batches.values_mut().for_each(|ids| ids.retain(|one| *one != id));
        }
        if header.stream != Stream::State || self.spoiled.contains(&id) {
            return Ok(());
        }
        require(header.epoch >= oldest_epoch, 9, || {
            format!("record {} was stored under epoch {} after its end", id.to_hex(), header.epoch)
        })?;
        let Some(mut record) = self.open(&row.envelope) else {
            return require(false, 9, || format!("number {} on the server opens for nobody", row.seq));
        };
        record.clamp(latest_allowed(row.received_ms));
        self.confirmed.extend(marks(&record).into_iter().map(|intent| (id, intent)));
        match self.joined.get_mut(&id) {
            Some(joined) => joined.merge(&record),
            None => drop(self.joined.insert(id, record)),
        }
        Ok(())
    }

    /// Whether nobody is to blame that it is not there: it was lost with its only holder, or erased for good.
    pub(crate) fn may_lack(&self, place: &Place) -> bool {
        self.excused.contains(place) || self.buried.contains(place)
    }

    /// Of what was old enough, these records were erased; the others stay, and nothing of them may be lost.
    pub(crate) fn bury(&mut self, old: &[Place], erased: &BTreeSet<RecordId>) {
        self.condemned.extend(erased);
        for place in old {
            if self.condemned.contains(&place.0) {
                self.buried.insert(*place);
            } else {
                self.buried.remove(place);
            }
        }
    }

    /// What was erased while something of it was unsent, as far as this place knew, is set aside there, and somebody asks
    /// for it. Where nothing was ever written to it there is nothing to ask for.
    pub(crate) fn ask_back(&mut self, id: RecordId, place: u64) {
        let own = |deed: &Deed| deed.clock.is_some_and(|clock| clock.place == place);
        if self.deeds.get(&id).is_some_and(|deeds| deeds.values().any(own)) {
            self.asked_back.insert(id);
        }
    }

    /// One intent over several records; what was erased meanwhile comes apart from the rest.
    pub(crate) fn batch(&mut self, intent: Intent, ids: impl Iterator<Item = RecordId>) {
        let ids = ids.filter(|id| !self.erased.contains(id)).collect();
        self.batches.insert(intent, ids);
    }

    /// Whether a device may have erased a record with these intents.
    pub(crate) fn erased_here(&self, id: RecordId, intents: &BTreeSet<Intent>) -> bool {
        intents.iter().all(|intent| self.buried.contains(&(id, *intent)))
    }

    /// Versions of a record that are not the newest.
    pub(crate) fn older(&self, record: satchel_wire::RecordId) -> Vec<Envelope> {
        self.versions.older(record)
    }

    /// Bytes that lie on a disk or travel: nothing in them may be readable.
    pub(crate) fn scan(&self, bytes: &[u8]) -> Result<(), Violation> {
        let readable = [CANARY.as_bytes(), b"website", b"marks", &[KEY_BYTE; 12], &[KEY_BYTE + 1; 12]];
        let found = readable.iter().find(|word| memchr::memmem::find(bytes, word).is_some());
        require(found.is_none(), 10, || "something readable is stored or sent".to_owned())
    }

    /// Something sealed: its nonce is its own, and nothing in it is readable.
    pub(crate) fn sealed(&mut self, local: bool, sealed: &[u8]) -> Result<(), Violation> {
        self.scan(sealed)?;
        let Some((nonce, rest)) = sealed.split_first_chunk::<12>() else { return Ok(()) };
        let tag = &rest[rest.len().saturating_sub(16)..];
        let known = self.nonces.entry((local, *nonce)).or_insert_with(|| tag.to_vec());
        require(known == tag, 10, || "a nonce was used twice".to_owned())
    }

    /// A local item is kept: a review must be about something that really happened.
    pub(crate) fn kept(&mut self, key: &str, sealed: &[u8]) -> Result<(), Violation> {
        self.scan(key.as_bytes())?;
        self.sealed(true, &sealed[1.min(sealed.len())..])?;
        let opened = open_local(&self.local, key, &SealedLocal::from(sealed.to_vec()));
        let review = opened.ok().and_then(|bytes| from_cbor::<Review>(&bytes).ok());
        review.map_or(Ok(()), |review| self.reviewed(review))
    }

    fn reviewed(&mut self, review: Review) -> Result<(), Violation> {
        let Matter::Conflict { field, winner, loser, .. } = review.matter else { return Ok(()) };
        let (id, values) = (review.record, [&winner.value, &loser.value]);
        let loser_value = loser.value.clone();
        let [winners, losers] = values.map(|value| self.writers(id, &field, value));
        // A value that was written twice, such as by undo, may have either writer's past.
        if let ([winner], [loser], false) = (&winners[..], &losers[..], self.put_back || self.wrong_clocks) {
            let apart = !self.saw(id, *winner, *loser) && !self.saw(id, *loser, *winner);
            require(apart || self.looked_past(id, *winner, &field, &loser_value), 2, || {
                format!(
                    "{field}: intents {winner} and {loser} are offered as a conflict, but one saw the other"
                )
            })?;
        }
        self.offered.insert((id, field, loser.value));
        Ok(())
    }

    /// Whether this was written in a form that showed something else: what had given way before it was opened, and is
    /// asked about still, its writer did not see there.
    fn looked_past(&self, id: RecordId, winner: Intent, field: &str, loser: &Value) -> bool {
        self.looks.get(&(id, winner)).is_some_and(|look| look.shown.value(field) != loser)
    }

    /// The intents that wrote this value.
    pub(crate) fn writers(&self, id: RecordId, field: &str, value: &Value) -> Vec<Intent> {
        let deeds = self.deeds.get(&id).into_iter().flatten();
        deeds.filter(|(_, deed)| deed.fields.get(field) == Some(value)).map(|(intent, _)| *intent).collect()
    }

    /// Whether the first was written by somebody who had seen the second.
    pub(crate) fn saw(&self, id: RecordId, first: Intent, second: Intent) -> bool {
        self.deeds
            .get(&id)
            .and_then(|deeds| deeds.get(&first))
            .is_some_and(|deed| deed.past.contains(&second))
    }
}

fn mark_stamp(record: &Record, intent: Intent) -> Option<Stamp> {
    record.sets.get(MARKS)?.get(&Value::Int(intent)).map(|write| write.1)
}

/// An intent's mark is its first write, and its stamps are above all that were there.
fn fields_since(record: &Record, since: Stamp) -> BTreeMap<String, Value> {
    let fresh = record.fields.iter().filter(|(_, register)| register.stamp >= since);
    fresh.map(|(field, register)| (field.clone(), register.value.clone())).collect()
}

fn elements_since(record: &Record, since: Stamp) -> BTreeMap<(String, Value), bool> {
    let sets = record.sets.iter().filter(|(field, _)| *field != MARKS);
    let all = sets.flat_map(|(field, elements)| elements.iter().map(move |write| (field, write)));
    let fresh = all.filter(|(_, (_, write))| write.1 >= since);
    fresh.map(|(field, (element, write))| ((field.clone(), element.clone()), write.0)).collect()
}

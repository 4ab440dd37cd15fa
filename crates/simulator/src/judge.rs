//! The quiet end: what every device shows is held against everything that was ever written.

use crate::burial;
use crate::device::Device;
use crate::oracle::{Deed, Intent, Oracle, Violation, marks, require};
use crate::probe::{self, Shown};
use crate::world::World;
use satchel_domain::{Record, RecordId, Value, field};
use satchel_replica::to_domain;
use satchel_wire::Stream;
use std::collections::{BTreeMap, BTreeSet};

const HOUR_MS: u64 = 3_600_000;

/// How often fields were contested by writes more than an hour apart, and how often the older one won.
///
/// Counted is what re-stamping promises: pairs of which one was stamped before its clock was told the server's time, and
/// each clock was told it, as it was set when it stamped, before the server got the write. By how much a clock was wrong
/// that was set again before it was told, or of two settings under which writes of one record wait, nobody can know.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Fairness {
    /// Fields with such writes.
    pub contested: u64,
    /// Of them, those where the older one is in place.
    pub unfair: u64,
}

/// Judges the end of a run.
pub(crate) fn judge(world: &World) -> Result<Fairness, Violation> {
    let shown = all_equal(world)?;
    on_server(world, &shown)?;
    let oracle = world.oracle.borrow();
    nothing_missing(&oracle, &shown)?;
    burial::stays_buried(&oracle, &shown)?;
    let mut fairness = Fairness::default();
    for (id, record) in shown.records.iter().filter(|(id, _)| !shown.set_aside.contains(*id)) {
        let trial = Trial::new(&oracle, *id, record);
        trial.fields(&mut fairness)?;
        trial.elements()?;
        trial.deletion()?;
        trial.newer()?;
        trial.is_the_join()?;
    }
    Ok(fairness)
}

/// Invariant 1.
fn all_equal(world: &World) -> Result<Shown, Violation> {
    let mut all = Vec::new();
    for device in world.members() {
        let shown = probe::shown(world, &device);
        quiet(world, &shown, &device)?;
        all.push((device.place, shown));
    }
    let (first, mut shown) = all.remove(0);
    let aside: Vec<_> = all.iter().flat_map(|(_, theirs)| theirs.set_aside.iter().copied()).collect();
    for (other, theirs) in all {
        let differs = shown.records.iter().find(|(id, record)| theirs.records.get(id) != Some(record));
        let more = theirs.records.keys().find(|id| !shown.records.contains_key(*id));
        let id = differs.map(|(id, _)| id).or(more);
        let id = id.filter(|id| !shown.set_aside.contains(*id) && !theirs.set_aside.contains(*id));
        require(id.is_none(), 1, || {
            let id = id.expect("there is one");
            let side = |shown: &Shown| format!("{:?}", shown.records.get(id));
            format!(
                "devices {first} and {other} differ in {}:\n  {}\n  {}",
                id.to_hex(),
                side(&shown),
                side(&theirs)
            )
        })?;
    }
    // What one of them could not merge is judged no further: that alone is for a person to look at.
    shown.set_aside.extend(aside);
    Ok(shown)
}

/// What a record says, without when it was said: what was stamped under a wrong clock has two stamps.
fn content(record: &Record) -> Vec<(&String, &Value, bool)> {
    let own = record.fields.iter().filter(|(name, _)| *name != field::CREATED);
    let fields = own.map(|(name, register)| (name, &register.value, true));
    let sets = record
        .sets
        .iter()
        .flat_map(|(name, all)| all.iter().map(move |(element, write)| (name, element, write.0)));
    fields.chain(sets).collect()
}

/// Invariant 7: what is set aside was put beyond reach on purpose, or whoever had it in a form that opens took it away.
fn quiet(world: &World, shown: &Shown, device: &Device) -> Result<(), Violation> {
    let (oracle, place) = (world.oracle.borrow(), device.place);
    let history = probe::history_aside(device);
    let large = world.plan.faults.has(crate::plan::Fault::Large);
    let lost = |id: &RecordId| oracle.excused.iter().any(|place| place.0 == *id);
    let explained = |id: &RecordId| oracle.spoiled.contains(id) || history.contains(id) || lost(id) || large;
    let odd = shown.set_aside.iter().find(|id| !explained(id));
    require(odd.is_none(), 7, || {
        format!("device {place} has set aside {}", odd.expect("there is one").to_hex())
    })
}

/// Invariants 1 and 14: the server has each record once, as everybody shows it.
fn on_server(world: &World, shown: &Shown) -> Result<(), Violation> {
    let mut there = BTreeSet::new();
    for row in world.cloud.borrow().rows().filter(|row| row.envelope.header.stream == Stream::State) {
        let id = to_domain(row.envelope.header.record);
        there.insert(id);
        let known = shown.records.contains_key(&id) || shown.set_aside.contains(&id);
        require(known, 1, || format!("{} is on the server and on no device", id.to_hex()))?;
    }
    let missing = shown.records.keys().find(|id| !there.contains(*id));
    require(missing.is_none(), 13, || {
        format!("{} is on the devices and not on the server", missing.expect("there is one").to_hex())
    })
}

/// Invariants 2, 3 and 13: what was saved is part of what everybody shows.
fn nothing_missing(oracle: &Oracle, shown: &Shown) -> Result<(), Violation> {
    for (id, intent) in oracle.saved.iter().filter(|place| !oracle.may_lack(place)) {
        let there = shown.records.get(id).is_some_and(|record| marks(record).contains(intent));
        require(there || shown.set_aside.contains(id), 3, || {
            format!("intent {intent} in record {} was saved and is lost", id.to_hex())
        })?;
    }
    Ok(())
}

/// One record and all that was ever done to it.
struct Trial<'a> {
    oracle: &'a Oracle,
    id: RecordId,
    record: &'a Record,
    deeds: BTreeMap<Intent, &'a Deed>,
    /// Part of its past is lost with a device.
    maimed: bool,
}

impl<'a> Trial<'a> {
    fn new(oracle: &'a Oracle, id: RecordId, record: &'a Record) -> Self {
        let within = marks(record);
        let all = oracle.deeds.get(&id).into_iter().flatten();
        let deeds = all
            .filter(|(intent, _)| within.contains(*intent))
            .map(|(intent, deed)| (*intent, deed))
            .collect();
        let erased = oracle.erased.contains(&id) || oracle.condemned.contains(&id);
        let maimed = erased || oracle.excused.iter().any(|place| place.0 == id);
        Self { oracle, id, record, deeds, maimed }
    }

    /// Of these intents, those that no other of them has seen.
    fn leaves(&self, of: &[Intent]) -> Vec<Intent> {
        let seen = |one: &Intent| of.iter().any(|other| self.deeds[other].past.contains(one));
        of.iter().filter(|one| !seen(one)).copied().collect()
    }

    fn writers(&self, wrote: impl Fn(&Deed) -> bool) -> Vec<Intent> {
        self.deeds.iter().filter(|(_, deed)| wrote(deed)).map(|(intent, _)| *intent).collect()
    }

    /// Invariant 2: a value in place was overwritten by nobody who saw it, and one that gave way is offered.
    fn fields(&self, fairness: &mut Fairness) -> Result<(), Violation> {
        let own = |name: &&String| !matches!(name.as_str(), field::CREATED | field::DELETED);
        for name in self.record.fields.keys().filter(own) {
            let leaves = self.leaves(&self.writers(|deed| deed.fields.contains_key(name)));
            let value = self.record.value(name);
            let (winners, losers): (Vec<_>, Vec<_>) =
                leaves.into_iter().partition(|intent| self.deeds[intent].fields[name] == *value);
            require(!winners.is_empty() || self.maimed, 2, || {
                format!("{} of {} is {value:?}, which was overwritten by {losers:?}", name, self.id.to_hex())
            })?;
            self.measure(&winners, &losers, fairness);
            self.offered(name, &losers)?;
        }
        Ok(())
    }

    fn offered(&self, name: &str, losers: &[Intent]) -> Result<(), Violation> {
        let silent = losers.iter().find(|intent| {
            let value = self.deeds[*intent].fields[name].clone();
            let offered = self.oracle.offered.contains(&(self.id, name.to_owned(), value));
            !offered && !self.agreed(name, **intent) && !self.was_shown(name, **intent)
        });
        require(silent.is_none() || self.maimed || self.oracle.put_back, 2, || {
            format!(
                "{name} of {}: intent {} gave way, and nobody is told",
                self.id.to_hex(),
                silent.expect("there is one")
            )
        })
    }

    /// Whether somebody else wrote the same value without either knowing of the other, and that was overwritten by
    /// somebody who saw it. Such two agree, and a record keeps one of them: who overwrites the one has seen the value
    /// of the other, so that nothing is lost that nobody looked at. Undo is what makes people empty a field at once.
    fn agreed(&self, name: &str, intent: Intent) -> bool {
        let deed = self.deeds[&intent];
        let apart =
            |other: Intent, there: &Deed| !there.past.contains(&intent) && !deed.past.contains(&other);
        let same = |there: &Deed| there.fields.get(name) == deed.fields.get(name);
        let over = |one: Intent| {
            self.deeds.values().any(|over| over.fields.contains_key(name) && over.past.contains(&one))
        };
        self.deeds
            .iter()
            .any(|(other, there)| *other != intent && same(there) && apart(*other, there) && over(*other))
    }

    /// Whether somebody wrote over this value in a form that showed the very same: undo may have brought it back behind
    /// the form, and she saw what she wrote over.
    fn was_shown(&self, name: &str, intent: Intent) -> bool {
        let value = &self.deeds[&intent].fields[name];
        let over = |(other, deed): (&Intent, &&Deed)| {
            let look = self.oracle.looks.get(&(self.id, *other));
            deed.fields.contains_key(name) && look.is_some_and(|look| look.shown.value(name) == value)
        };
        self.deeds.iter().any(over)
    }

    fn measure(&self, winners: &[Intent], losers: &[Intent], fairness: &mut Fairness) {
        let timed = |intents: &[Intent]| -> Vec<&Deed> {
            intents.iter().map(|intent| self.deeds[intent]).filter(|deed| deed.timed == Some(true)).collect()
        };
        let (winners, losers) = (timed(winners), timed(losers));
        let Some(won) = winners.iter().max_by_key(|deed| deed.at_ms) else { return };
        let apart = |lost: &&&Deed| {
            let healed = |deed: &Deed| deed.clock.is_some_and(|clock| !clock.told);
            lost.at_ms.abs_diff(won.at_ms) > HOUR_MS && (healed(lost) || healed(won))
        };
        let contested: Vec<_> = losers.iter().filter(apart).collect();
        let unfair = contested.iter().any(|lost| lost.at_ms > won.at_ms);
        fairness.contested += u64::from(!contested.is_empty());
        fairness.unfair += u64::from(unfair);
    }

    /// Invariant 2, for sets.
    fn elements(&self) -> Result<(), Violation> {
        let own = [crate::oracle::MARKS, field::HISTORY_KEYS];
        let sets = self.record.sets.iter().filter(|(name, _)| !own.contains(&name.as_str()));
        for (name, element, present) in
            sets.flat_map(|(name, all)| all.iter().map(move |(e, w)| (name, e, w.0)))
        {
            let key = (name.clone(), element.clone());
            let leaves = self.leaves(&self.writers(|deed| deed.elements.contains_key(&key)));
            let right = leaves.iter().any(|intent| self.deeds[intent].elements[&key] == present);
            require(right || self.maimed, 2, || {
                format!("{element:?} in {name} of {}: {present}, which was overwritten", self.id.to_hex())
            })?;
        }
        Ok(())
    }

    /// Invariant 2, for deletion: an edit that did not know of it wins, and nothing else does.
    fn deletion(&self) -> Result<(), Violation> {
        let leaves = self.leaves(&self.writers(|deed| deed.fields.contains_key(field::DELETED)));
        let said = |intent: &Intent| self.deeds[intent].fields[field::DELETED] == Value::Bool(true);
        let (deleted, kept): (Vec<_>, Vec<_>) = leaves.into_iter().partition(said);
        let edited = deleted.iter().any(|intent| self.is_edited(*intent, |_| true));
        let uncontested = deleted.iter().any(|intent| !self.is_contested(*intent));
        let is_deleted = self.record.is_deleted();
        let right = if is_deleted { uncontested } else { deleted.is_empty() || edited || !kept.is_empty() };
        require(right || self.maimed || self.oracle.put_back, 2, || {
            let Self { id, record, deeds, .. } = self;
            let id = id.to_hex();
            format!(
                "{id} is deleted: {is_deleted}; deleted by {deleted:?}, kept by {kept:?}:\n  {record:?}\n  {deeds:?}"
            )
        })
    }

    /// Whether anybody edited the record without knowing that it had been deleted, and was not known there.
    fn is_contested(&self, deletion: Intent) -> bool {
        self.is_edited(deletion, |other| !other.past.contains(&deletion) && !other.stays)
    }

    /// Whether there is such an edit that whoever deleted the record had not seen.
    fn is_edited(&self, deletion: Intent, such: impl Fn(&Deed) -> bool) -> bool {
        // Every intent edits something: it leaves its mark.
        let seen = &self.deeds[&deletion].past;
        let mut others =
            self.deeds.iter().filter(|(intent, _)| **intent != deletion && !seen.contains(*intent));
        others.any(|(_, other)| such(other))
    }

    /// Invariant 17: what a newer app wrote is still there.
    fn newer(&self) -> Result<(), Violation> {
        let known = self.record.unknown.get(crate::newer::UNKNOWN);
        let wrote = self.writers(|deed| deed.fields.contains_key("x-stage"));
        let lost =
            wrote.iter().find(|intent| known.is_none_or(|map| *map.get(&intent.to_string()) == Value::Null));
        require(lost.is_none(), 17, || {
            format!("what a newer app wrote in {} is lost: {lost:?}", self.id.to_hex())
        })
    }

    /// Invariant 1: the join of everything that the server ever took.
    fn is_the_join(&self) -> Result<(), Violation> {
        let joined = self.oracle.joined.get(&self.id);
        let same = joined.is_some_and(|joined| content(joined) == content(self.record));
        require(self.maimed || self.oracle.put_back || same, 1, || {
            format!(
                "{} is not the join of what was written:\n  {:?}\n  {joined:?}",
                self.id.to_hex(),
                self.record
            )
        })
    }
}

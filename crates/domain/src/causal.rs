//! Who wrote knowing what: the order of writes that their numbers tell, and the stamps that follow from it.

use crate::sorted::Gather;
use crate::stamp::Shift;
use crate::{Clock, DeviceId, Record, Seen, Stamp, Value, field};
use std::collections::{BTreeMap, BTreeSet};

/// One write that a record holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wrote<'a> {
    pub(crate) field: &'a str,
    /// The element, in a set.
    pub(crate) element: Option<&'a Value>,
    pub(crate) stamp: Stamp,
}

impl Wrote<'_> {
    /// Whether a record knows of it. What has no number is looked for.
    pub(crate) fn is_known_to(&self, record: &Record) -> bool {
        match self.stamp.nth {
            0 => record.stamp_of(self.field, self.element) == Some(self.stamp),
            _ => record.seen.has(self.stamp),
        }
    }
}

/// How two writes of one place stand towards each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Order {
    /// They are one.
    Same,
    /// The first was written over the second.
    Over,
    /// The second was written over the first.
    Under,
    /// Neither knew of the other, or it cannot be told.
    Apart,
}

fn order((one, by): (Stamp, &Seen), (other, there): (Stamp, &Seen)) -> Order {
    match (by.has(other), there.has(one)) {
        _ if one.is_same_write(other) => Order::Same,
        (true, false) => Order::Over,
        (false, true) => Order::Under,
        _ => Order::Apart,
    }
}

impl Record {
    /// The writes that it holds.
    pub(crate) fn writes(&self) -> impl Iterator<Item = Wrote<'_>> {
        let fields = self.fields.iter();
        let fields = fields.map(|(field, register)| Wrote { field, element: None, stamp: register.stamp });
        let sets = self.sets.iter().flat_map(|(field, elements)| {
            elements.iter().map(move |(element, write)| Wrote {
                field,
                element: Some(element),
                stamp: write.1,
            })
        });
        fields.chain(sets)
    }

    /// The stamp of a register, or of an element of a set.
    pub(crate) fn stamp_of(&self, field: &str, element: Option<&Value>) -> Option<Stamp> {
        match element {
            None => self.fields.get(field).map(|register| register.stamp),
            Some(element) => self.sets.get(field)?.get(element).map(|write| write.1),
        }
    }

    /// The writes that it holds, as what it knows of.
    pub(crate) fn held(&self) -> Seen {
        let mut held = Seen::default();
        self.writes().for_each(|write| held.note(write.stamp));
        held
    }

    /// Stamps afresh, in their own order, this device's writes that `base` does not know of: nobody has seen
    /// them. So a device whose clock was wrong heals at its first contact, and what it wrote keeps its age.
    pub fn restamp(&mut self, base: Option<&Self>, shift: &Shift) {
        let unseen = |write: &Wrote<'_>| {
            write.stamp.device == shift.device && !base.is_some_and(|base| write.is_known_to(base))
        };
        self.stamp_afresh(shift.device, base.and_then(Self::latest), unseen, |ms| shift.of(ms));
    }

    /// Makes the stamps, and what stands in each place, agree with what both sides are known to have seen, so
    /// that joining this record with the other side does what was meant. What is the same write is as it is there,
    /// where others have built on it. What was written over there gives way. What was written here over what is
    /// there rises above it.
    #[must_use]
    pub(crate) fn aligned(&self, theirs: &Self) -> Self {
        let mut aligned = self.clone();
        for (id, register) in &mut aligned.fields {
            let Some(there) = theirs.fields.get(id) else { continue };
            match order((register.stamp, &self.seen), (there.stamp, &theirs.seen)) {
                Order::Same if register.value == there.value || id == field::CREATED => {
                    *register = there.clone();
                }
                Order::Under => *register = there.clone(),
                Order::Same | Order::Over | Order::Apart => {}
            }
        }
        for (id, elements) in &mut aligned.sets {
            let Some(set) = theirs.sets.get(id) else { continue };
            for (element, write) in elements {
                let Some(there) = set.get(element) else { continue };
                match order((write.1, &self.seen), (there.1, &theirs.seen)) {
                    Order::Same if write.0 == there.0 => *write = *there,
                    Order::Under => *write = *there,
                    Order::Same | Order::Over | Order::Apart => {}
                }
            }
        }
        aligned.rise_above(theirs);
        aligned
    }

    /// What was written here over what is there, and has an earlier stamp nevertheless, gets a later one, and with
    /// it whatever its writer wrote afterwards.
    fn rise_above(&mut self, theirs: &Self) {
        let mut first = BTreeMap::new();
        let mut above = None;
        for write in self.writes() {
            let Some(there) = theirs.stamp_of(write.field, write.element) else { continue };
            let over = order((write.stamp, &self.seen), (there, &theirs.seen)) == Order::Over;
            if over && write.stamp < there {
                above = above.max(Some(there));
                let nth = first.entry(write.stamp.device).or_insert(write.stamp.nth);
                *nth = write.stamp.nth.min(*nth);
            }
        }
        for (device, nth) in first {
            let later = |write: &Wrote<'_>| {
                let Stamp { device: by, nth: number, .. } = write.stamp;
                by == device && number >= nth && !theirs.seen.has(write.stamp)
            };
            self.stamp_afresh(device, above, later, |ms| ms);
        }
    }

    /// Gives these writes of a device new stamps: in their order, above `floor`, at the time that is made of theirs.
    fn stamp_afresh(
        &mut self,
        device: DeviceId,
        floor: Option<Stamp>,
        moves: impl Fn(&Wrote<'_>) -> bool,
        time: impl Fn(u64) -> u64,
    ) {
        let mut clock = Clock::new(device);
        floor.into_iter().for_each(|stamp| clock.observe(stamp));
        let own: BTreeSet<_> =
            self.writes().filter(&moves).map(|write| (write.stamp.nth, write.stamp)).gather();
        let fresh = |(nth, old): (u32, Stamp)| (old, Stamp { nth, ..clock.now(time(old.ms)) });
        let fresh: BTreeMap<_, _> = own.into_iter().map(fresh).gather();
        for (id, register) in &mut self.fields {
            let write = Wrote { field: id, element: None, stamp: register.stamp };
            if let Some(stamp) = fresh.get(&write.stamp).filter(|_| moves(&write)) {
                register.renew(id == field::CREATED, *stamp);
            }
        }
        for (id, elements) in &mut self.sets {
            for (element, write) in elements {
                let there = Wrote { field: id, element: Some(element), stamp: write.1 };
                if let Some(stamp) = fresh.get(&there.stamp).filter(|_| moves(&there)) {
                    write.1 = *stamp;
                }
            }
        }
    }
}

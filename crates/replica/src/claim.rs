//! What this device has seen of the log with its own eyes, held against what others say they saw.
//!
//! After each comparison that found no difference the device remembers the number and the root. Where another
//! device, in what it sealed for its fellows, names another root for the same number, the server has shown them
//! two different logs. That proves a fork; it is told, and never silently mended.

use crate::{Cursor, LocalItem, LocalPut, Replica, ReplicaError, Store};
use satchel_wire::{Etag, Incarnation};
use serde::{Deserialize, Serialize};

/// The local item that keeps what was seen.
const KEY: &str = "seen";
/// So many of the latest are kept.
const KEPT: usize = 256;

/// What a device has found equal to its own records: all that the server held at one number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Vouched {
    /// Of which data; another one after a restore.
    pub incarnation: Incarnation,
    /// Up to which number.
    pub seq: u64,
    /// Up to which number erased records had been dropped.
    pub floor: u64,
    /// The digest's root.
    pub root: Etag,
}

/// What another device's word is worth here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claim {
    /// This device saw the same.
    Agrees,
    /// This device did not look at that number.
    Unknown,
    /// This device saw something else at the same number.
    Forked,
}

/// The latest of what this device vouches for, in one reading of the log.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Seen {
    first_era: u32,
    places: Vec<Vouched>,
}

impl Seen {
    fn note(&mut self, vouched: Vouched, first_era: u32) {
        let is_same_log = |place: &Vouched| place.incarnation == vouched.incarnation;
        if self.first_era != first_era || !self.places.iter().all(is_same_log) {
            *self = Self { first_era, places: Vec::new() };
        }
        self.places.retain(|place| (place.seq, place.floor) != (vouched.seq, vouched.floor));
        self.places.push(vouched);
        let excess = self.places.len().saturating_sub(KEPT);
        self.places.drain(..excess);
    }

    fn judge(&self, claim: &Vouched) -> Claim {
        let Vouched { incarnation, seq, floor, root } = *claim;
        let same =
            |place: &&Vouched| (place.incarnation, place.seq, place.floor) == (incarnation, seq, floor);
        match self.places.iter().find(same) {
            Some(place) if place.root == root => Claim::Agrees,
            Some(_) => Claim::Forked,
            None => Claim::Unknown,
        }
    }
}

impl<S: Store> Replica<S> {
    /// What this device vouches for now, for its fellows to compare; `None` when it has not compared since the
    /// log moved on.
    pub fn vouched(&self) -> Option<Vouched> {
        let Cursor { incarnation, seq, floor, verified, .. } = self.cursor.get();
        let verified = verified.filter(|verified| verified.seq == seq)?;
        Some(Vouched { incarnation: incarnation?, seq, floor, root: verified.root })
    }

    /// Holds what another device vouched for against what was seen here.
    pub fn check_claim(&self, claim: &Vouched) -> Claim {
        self.seen.borrow().judge(claim)
    }

    /// Remembers that a fork was proved: it is told from then on.
    pub async fn note_fork(&self) -> Result<(), ReplicaError> {
        let from = self.cursor.get();
        if from.forked { Ok(()) } else { self.move_cursor(from, Cursor { forked: true, ..from }).await }
    }

    /// What is to be written so that this place is remembered.
    pub(crate) fn remember(&self, vouched: Vouched, first_era: u32) -> Result<LocalPut, ReplicaError> {
        let mut seen = self.seen.borrow_mut();
        seen.note(vouched, first_era);
        let sealed = self.sealer.seal_local(KEY, &satchel_wire::to_cbor(&*seen))?;
        Ok(LocalPut::Set(LocalItem { key: KEY.to_owned(), sealed }))
    }

    /// Reads what was remembered; what cannot be read is begun anew.
    pub(crate) async fn recall(&self) -> Result<(), ReplicaError> {
        let items = self.locals(KEY).await?.into_iter();
        let seen =
            items.filter(|(key, _)| key == KEY).find_map(|(_, bytes)| satchel_wire::from_cbor(&bytes).ok());
        self.seen.replace(seen.unwrap_or_default());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: u64, root: u8) -> Vouched {
        Vouched { incarnation: Incarnation([1; 16]), seq, floor: 0, root: Etag([root; 32]) }
    }

    #[test]
    fn another_root_at_the_same_number_of_the_same_log_is_a_fork() {
        let mut seen = Seen::default();
        seen.note(at(5, 1), 1);
        let elsewhere = |claim| Vouched { incarnation: Incarnation([2; 16]), ..claim };
        let purged = |claim| Vouched { floor: 3, ..claim };
        let table = [
            (at(5, 1), Claim::Agrees),
            (at(5, 2), Claim::Forked),
            (at(6, 2), Claim::Unknown),
            (elsewhere(at(5, 2)), Claim::Unknown),
            (purged(at(5, 2)), Claim::Unknown),
        ];
        for (claim, expected) in table {
            assert_eq!(seen.judge(&claim), expected, "{claim:?}");
        }
    }

    #[test]
    fn the_latest_places_of_one_reading_are_kept() {
        let mut seen = Seen::default();
        (0..1_000).for_each(|seq| seen.note(at(seq, 1), 1));
        assert_eq!(seen.places.len(), KEPT);
        assert_eq!(seen.judge(&at(999, 1)), Claim::Agrees);
        assert_eq!(seen.judge(&at(1, 2)), Claim::Unknown);
        seen.note(at(5, 2), 2);
        assert_eq!(seen.judge(&at(999, 2)), Claim::Unknown, "the log was read anew");
    }
}

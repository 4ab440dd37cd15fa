//! Which writes a record knows of: those that it holds, and those that were written over in it.
//!
//! Each device numbers the writes that it makes to a record, and each stamp carries that number ([`Stamp::nth`]).
//! A record says of each device up to which of its writes it knows. So of any two states it can be told, for every
//! write, whether who made the one had seen the other, however often either was merged, set right in time, sent in
//! vain or brought back from a copy. Stamps only order what did not know of each other.

use crate::{DeviceId, Stamp};

/// Of each device the number of the last of its writes that a record knows of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen(Vec<(DeviceId, u32)>);

/// Bytes of one entry: the device, then the number, both big-endian.
const ENTRY: usize = 12;

impl Seen {
    /// Whether this write is among them. What was written before writes were numbered is not known to be.
    pub fn has(&self, stamp: Stamp) -> bool {
        stamp.nth > 0 && stamp.nth <= self.last(stamp.device)
    }

    /// The number of this device's last write that is known of; 0 for none.
    pub fn last(&self, device: DeviceId) -> u32 {
        self.place(device).map_or(0, |at| self.0[at].1)
    }

    /// Takes note of a write.
    pub fn note(&mut self, stamp: Stamp) {
        self.raise(stamp.device, stamp.nth);
    }

    /// Takes note of all that another record knows of.
    pub fn join(&mut self, other: &Self) {
        other.0.iter().for_each(|&(device, nth)| self.raise(device, nth));
    }

    /// Goes on counting a device's writes from where another record of the same id stood: no number is used twice.
    pub fn count_on(&mut self, device: DeviceId, other: &Self) {
        self.raise(device, other.last(device));
    }

    fn raise(&mut self, device: DeviceId, nth: u32) {
        match self.place(device) {
            Ok(at) => self.0[at].1 = self.0[at].1.max(nth),
            Err(_) if nth == 0 => {}
            Err(at) => self.0.insert(at, (device, nth)),
        }
    }

    fn place(&self, device: DeviceId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&device, |entry| entry.0)
    }

    /// What is known beyond these, as bytes: the device (8 bytes) and the number (4 bytes) of each, in order.
    pub(crate) fn beyond(&self, others: &Self) -> Vec<u8> {
        let more = self.0.iter().filter(|(device, nth)| *nth > others.last(*device));
        more.flat_map(|(device, nth)| device.0.to_be_bytes().into_iter().chain(nth.to_be_bytes())).collect()
    }

    /// Reads [`Self::beyond`]'s form, and takes note of it; `None` for other bytes.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Option<()> {
        let (entries, []) = bytes.as_chunks::<ENTRY>() else { return None };
        for entry in entries {
            let (device, nth) = entry.split_first_chunk::<8>()?;
            self.raise(DeviceId(u64::from_be_bytes(*device)), u32::from_be_bytes(nth.try_into().ok()?));
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(device: u64, nth: u32) -> Stamp {
        Stamp { ms: 1, counter: 0, device: DeviceId(device), nth }
    }

    #[test]
    fn a_write_is_known_with_all_that_its_device_wrote_before() {
        let mut seen = Seen::default();
        seen.note(stamp(7, 3));
        seen.note(stamp(5, 1));
        seen.note(stamp(7, 2));
        let known = |device, nth| seen.has(stamp(device, nth));
        assert!(known(7, 1) && known(7, 3) && known(5, 1));
        assert!(!known(7, 4) && !known(5, 2) && !known(6, 1));
        assert!(!known(7, 0), "it has no number");
    }

    #[test]
    fn what_the_writes_do_not_say_comes_back_from_bytes() {
        let (mut seen, mut held) = (Seen::default(), Seen::default());
        [stamp(7, 3), stamp(5, 1), stamp(9, 300)].into_iter().for_each(|stamp| seen.note(stamp));
        [stamp(7, 3), stamp(9, 2)].into_iter().for_each(|stamp| held.note(stamp));
        let bytes = seen.beyond(&held);
        assert_eq!(bytes.len(), 2 * ENTRY);
        held.read(&bytes).expect("reads");
        assert_eq!(held, seen);
        assert!(held.read(&bytes[1..]).is_none());
    }
}

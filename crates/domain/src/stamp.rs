//! Hybrid logical clock stamps: the order in which writes win.

use crate::DeviceId;
use serde::{Deserialize, Serialize};

/// The last millisecond that a stamp can hold (48 bits: the year 10889).
pub const MAX_MS: u64 = (1 << 48) - 1;
/// How far a stamp may run ahead of the server's time before it is clamped.
pub const MAX_AHEAD_MS: u64 = 5 * 60 * 1_000;

/// When and by whom a register was written. Ordered by time, then counter, then device;
/// total, so that every device picks the same winner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Milliseconds since 1970-01-01 UTC, corrected by the server's time; 48 bits are kept.
    pub ms: u64,
    /// Distinguishes writes within one millisecond; carries into `ms` when it is full.
    pub counter: u16,
    /// The device that wrote.
    pub device: DeviceId,
    /// Which of the device's writes to the record it is, from 1: unlike the time it never changes, so that the
    /// write is known again. 0 for what was written before writes were numbered.
    #[serde(default)]
    pub nth: u32,
}

impl Stamp {
    /// 48-bit time, 16-bit counter, 64-bit device, all big-endian: bytes sort as stamps do. The write's number
    /// is not among them.
    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&self.ms.min(MAX_MS).to_be_bytes()[2..]);
        bytes[6..8].copy_from_slice(&self.counter.to_be_bytes());
        bytes[8..].copy_from_slice(&self.device.0.to_be_bytes());
        bytes
    }

    /// Reads [`Stamp::to_bytes`]'s form; every 16 bytes are a stamp.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let whole = u128::from_be_bytes(bytes);
        let (ms, counter) = ((whole >> 80) as u64, (whole >> 64) as u16);
        Self { ms, counter, device: DeviceId(whole as u64), nth: 0 }
    }

    /// Whether both are the same write, at whatever time either says that it was made.
    pub fn is_same_write(self, other: Self) -> bool {
        self.nth > 0 && (self.device, self.nth) == (other.device, other.nth)
    }

    /// This stamp, or `limit_ms` in its place when it lies later. See [`latest_allowed`].
    pub fn clamped(self, limit_ms: u64) -> Self {
        if self.ms <= limit_ms { self } else { Self { ms: limit_ms, ..self } }
    }
}

/// The latest time that a received stamp may claim, given when the server accepted its row.
pub fn latest_allowed(server_ms: u64) -> u64 {
    server_ms.saturating_add(MAX_AHEAD_MS).min(MAX_MS)
}

/// Hands out this device's stamps, each above the last and above everything observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The highest time and counter handed out or observed.
    last: (u64, u16),
    device: DeviceId,
}

impl Clock {
    /// A clock that has seen nothing yet.
    pub fn new(device: DeviceId) -> Self {
        Self { last: (0, 0), device }
    }

    /// The device that this clock stamps for.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// The next stamp: `wall_ms` where that is later than everything before, else one counter up.
    /// Rises strictly until the end of [`MAX_MS`], and stays there. Whoever writes numbers it.
    pub fn now(&mut self, wall_ms: u64) -> Stamp {
        let wall = (wall_ms.min(MAX_MS), 0);
        self.last = if wall > self.last { wall } else { self.successor() };
        Stamp { ms: self.last.0, counter: self.last.1, device: self.device, nth: 0 }
    }

    /// Makes every later stamp rise above `stamp`. Clamp what came from elsewhere first.
    pub fn observe(&mut self, stamp: Stamp) {
        self.last = self.last.max((stamp.ms.min(MAX_MS), stamp.counter));
    }

    fn successor(&self) -> (u64, u16) {
        match self.last {
            (ms, counter) if counter < u16::MAX => (ms, counter + 1),
            (ms, _) if ms < MAX_MS => (ms + 1, 0),
            end => end,
        }
    }
}

/// How the stamps of what nobody has seen are set right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Whose writes.
    pub device: DeviceId,
    /// What the device's clock was wrong by, ms: this much is added.
    pub by_ms: i64,
    /// They were written after this, ms since 1970 UTC: what they are made from was there by then.
    pub since_ms: u64,
    /// The last of them was written at this time by the wrong clock, ms since 1970 UTC: a later stamp comes from
    /// what it had to stay above.
    pub last_ms: u64,
    /// And has this stamp, ms since 1970 UTC: what was written before it over the same lies below by as much as
    /// went by between.
    pub latest_ms: u64,
    /// They were written before this, ms since 1970 UTC.
    pub now_ms: u64,
}

impl Shift {
    /// The time that is meant. A clock may jump between two edits, so that a shift is right for one only: a time
    /// that the shift makes impossible, and that is possible as it is, stays.
    pub(crate) fn of(&self, ms: u64) -> u64 {
        let possible = self.since_ms.min(self.now_ms)..=self.now_ms;
        let above_ms = self.latest_ms.saturating_sub(self.last_ms);
        let written = if ms > self.last_ms { ms.saturating_sub(above_ms) } else { ms };
        let shifted = written.saturating_add_signed(self.by_ms);
        if !possible.contains(&shifted) && possible.contains(&ms) {
            return ms;
        }
        shifted.clamp(*possible.start(), *possible.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_counter_carries_into_the_millisecond() {
        let mut clock = Clock::new(DeviceId(1));
        let mut last = clock.now(10);
        for _ in 0..200_000 {
            let next = clock.now(10);
            assert!(next > last);
            last = next;
        }
        assert_eq!((last.ms, last.counter), (13, 3_392));
    }

    #[test]
    fn a_clock_set_back_or_at_the_end_of_time_does_not_panic() {
        let mut clock = Clock::new(DeviceId(1));
        let high = clock.now(1_000);
        assert!(clock.now(5) > high);
        clock.observe(Stamp { ms: u64::MAX, counter: u16::MAX, device: DeviceId(2), nth: 0 });
        assert_eq!(clock.now(u64::MAX).ms, MAX_MS);
    }

    #[test]
    fn a_stamp_from_the_future_is_clamped_to_five_minutes_ahead() {
        let limit = latest_allowed(1_000_000);
        let stamp = Stamp { ms: 9_000_000, counter: 7, device: DeviceId(3), nth: 0 };
        assert_eq!(stamp.clamped(limit), Stamp { ms: 1_300_000, ..stamp });
        assert_eq!(Stamp { ms: limit, ..stamp }.clamped(limit).ms, limit);
        assert_eq!(latest_allowed(u64::MAX), MAX_MS);
    }

    proptest! {
        #[test]
        fn bytes_round_trip_and_sort_as_stamps_do(
            a in (0..=MAX_MS, any::<u16>(), any::<u64>()),
            b in (0..=MAX_MS, any::<u16>(), any::<u64>()),
        ) {
            let stamp = |(ms, counter, device)| Stamp { ms, counter, device: DeviceId(device), nth: 0 };
            let (a, b) = (stamp(a), stamp(b));
            prop_assert_eq!(Stamp::from_bytes(a.to_bytes()), a);
            prop_assert_eq!(a.cmp(&b), a.to_bytes().cmp(&b.to_bytes()));
        }

        #[test]
        fn stamps_rise_strictly(walls in prop::collection::vec(0u64..50, 1..200)) {
            let mut clock = Clock::new(DeviceId(1));
            let stamps: Vec<_> = walls.into_iter().map(|wall| clock.now(wall)).collect();
            prop_assert!(stamps.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}

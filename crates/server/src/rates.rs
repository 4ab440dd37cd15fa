//! How often one peer may try to register or to sign in: a token bucket for each address.
//!
//! The address is the socket's, never a header's. All addresses of one IPv6 /64 share a bucket,
//! because one household holds them all.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

/// Peers that are remembered at most.
const PEERS: usize = 16_384;

/// The buckets.
pub(crate) struct Rates {
    burst: f64,
    per_ms: f64,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at_ms: u64,
}

impl Rates {
    /// `burst` attempts in a row, of which `per_minute` come back each minute.
    pub(crate) fn new(burst: u32, per_minute: u32) -> Self {
        let per_ms = f64::from(per_minute) / 60_000.0;
        Self { burst: f64::from(burst), per_ms, buckets: Mutex::default() }
    }

    /// Takes one attempt, or says how many seconds to wait for it.
    pub(crate) fn admit(&self, peer: IpAddr, now_ms: u64) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= PEERS {
            self.forget(&mut buckets, now_ms);
        }
        let fresh = Bucket { left: self.burst, at_ms: now_ms };
        let bucket = buckets.entry(network(peer)).or_insert(fresh);
        *bucket = Bucket { left: self.refilled(bucket, now_ms), at_ms: now_ms };
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        Err(self.seconds_until_one(bucket.left))
    }

    fn refilled(&self, bucket: &Bucket, now_ms: u64) -> f64 {
        let passed = now_ms.saturating_sub(bucket.at_ms) as f64;
        (bucket.left + passed * self.per_ms).min(self.burst)
    }

    /// Rounded up; a bucket that never refills says an hour.
    fn seconds_until_one(&self, left: f64) -> u64 {
        let seconds = (1.0 - left) / self.per_ms / 1_000.0;
        seconds.ceil().clamp(1.0, 3_600.0) as u64
    }

    /// Drops full buckets, which say nothing; if that is not enough, the fuller half of the others: a flood of
    /// peers does not refill those of whoever has tried most.
    fn forget(&self, buckets: &mut HashMap<IpAddr, Bucket>, now_ms: u64) {
        buckets.retain(|_, bucket| self.refilled(bucket, now_ms) < self.burst);
        if buckets.len() < PEERS {
            return;
        }
        let mut left: Vec<_> =
            buckets.iter().map(|(peer, bucket)| (self.refilled(bucket, now_ms), *peer)).collect();
        left.select_nth_unstable_by(PEERS / 2, |(one, _), (other, _)| one.total_cmp(other));
        for (_, peer) in &left[PEERS / 2..] {
            buckets.remove(peer);
        }
    }
}

/// Whom an address stands for: one household holds a whole IPv6 /64.
pub(crate) fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    #[test]
    fn a_burst_then_as_many_as_come_back() {
        let rates = Rates::new(2, 60);
        assert_eq!([0, 0, 0].map(|now| rates.admit(PEER, now)), [Ok(()), Ok(()), Err(1)]);
        assert_eq!([1_000, 1_000].map(|now| rates.admit(PEER, now)), [Ok(()), Err(1)]);
    }

    #[test]
    fn a_clock_that_jumps_back_gives_nothing_away() {
        let rates = Rates::new(1, 60);
        assert_eq!([9_000, 0, 100].map(|now| rates.admit(PEER, now).is_ok()), [true, false, false]);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_share() {
        let rates = Rates::new(1, 0);
        let [one, same, other] = ["2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1"]
            .map(|text| text.parse().expect("an address"));
        assert_eq!(rates.admit(one, 0), Ok(()));
        assert_eq!(rates.admit(same, 0), Err(3_600));
        assert_eq!(rates.admit(other, 0), Ok(()));
    }

    #[test]
    fn a_flood_of_peers_neither_grows_memory_nor_gives_attempts_back() {
        let rates = Rates::new(2, 0);
        assert_eq!([0, 0, 0].map(|now| rates.admit(PEER, now).is_ok()), [true, true, false]);
        for bits in 0..(PEERS as u32 + 10) {
            let _ = rates.admit(std::net::Ipv4Addr::from_bits(bits).into(), 0);
        }
        assert!(rates.buckets.lock().expect("not poisoned").len() <= PEERS);
        assert!(rates.admit(PEER, 0).is_err(), "who has tried most is remembered");
    }
}

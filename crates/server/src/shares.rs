//! How much one address has at once, of connections, requests or bodies: so that nobody takes all of it.
//!
//! All addresses of one IPv6 /64 share, as they do for attempts. Only who has something now is remembered.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::rates::network;

/// What each address has.
pub(crate) struct Shares {
    most: usize,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

impl Shares {
    /// At most so many for each address.
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, taken: Mutex::default() })
    }

    /// One more for this address until it is dropped; `None` where it has its share.
    pub(crate) fn take(self: &Arc<Self>, peer: IpAddr) -> Option<Share> {
        let network = network(peer);
        let mut taken = self.taken();
        let has = taken.get(&network).copied().unwrap_or(0);
        if has >= self.most {
            return None;
        }
        taken.insert(network, has + 1);
        Some(Share { of: Arc::clone(self), network })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of what an address has.
pub(crate) struct Share {
    of: Arc<Shares>,
    network: IpAddr,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.of.taken();
        match taken.get_mut(&self.network) {
            Some(has) if *has > 1 => *has -= 1,
            _ => {
                taken.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_share_and_nobody_is_remembered_afterwards() {
        let shares = Shares::new(2);
        let [one, same, other] = ["2001:db8::1", "2001:db8::2", "192.0.2.1"]
            .map(|text| text.parse::<IpAddr>().expect("an address"));
        let (first, second) = (shares.take(one), shares.take(same));
        assert!(first.is_some() && second.is_some());
        assert!(shares.take(one).is_none(), "one network, one share");
        assert!(shares.take(other).is_some(), "others have theirs");
        drop(first);
        assert!(shares.take(same).is_some());
        drop(second);
        assert!(shares.taken().is_empty());
    }
}

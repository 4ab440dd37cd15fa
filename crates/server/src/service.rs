//! What every request has at hand.

use std::{net::IpAddr, sync::Arc};

use tokio::sync::watch;

use crate::{
    config::{Clock, Limits},
    log::Log,
    login::Gate,
    problem::Problem,
    rates::Rates,
    work::Works,
};

/// The state that the routes share.
pub(crate) type Shared = Arc<Service>;

/// Storage, time, the gate for sign-ins, and the bounds.
pub struct Service {
    log: Arc<dyn Log>,
    clock: Clock,
    limits: Limits,
    rates: Rates,
    works: Works,
    stopping: watch::Receiver<bool>,
    pub(crate) gate: Gate,
}

impl Service {
    /// `hosts` are those that a sign-in may name; streams end when `stopping` becomes true.
    pub fn new(
        log: Arc<dyn Log>,
        hosts: Vec<String>,
        limits: Limits,
        clock: Clock,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            gate: Gate::new(&log.secret(), hosts),
            rates: Rates::new(limits.attempts, limits.attempts_per_minute),
            works: Works::new(limits.requests, limits.bodies, limits.large_bodies),
            log,
            clock,
            limits,
            stopping,
        }
    }

    pub(crate) fn log(&self) -> &dyn Log {
        self.log.as_ref()
    }

    pub(crate) fn now_ms(&self) -> u64 {
        (self.clock)()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn works(&self) -> &Works {
        &self.works
    }

    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.clone()
    }

    /// One attempt to register or to sign in.
    pub(crate) fn admit(&self, peer: IpAddr) -> Result<(), Problem> {
        self.rates.admit(peer, self.now_ms()).map_err(|seconds| Problem::TooMany { seconds })
    }
}

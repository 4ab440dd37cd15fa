//! The log's own safeguards by name, each asked for at the place where it works.
//!
//! In a server every answer is a constant. With the feature `ablation`, which only the simulator and
//! tests turn on, one of them can be left out on the calling thread, to see that the runs fail without it.
//!
//! The replica names its own in the same way. They are two lists because the two crates must not know each other: a
//! server links no replica, an app no log, and what both know, the wire, holds nothing that can be left out.

/// One of the rules without which something would be lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Safeguard {
    /// A write is stored only over the version that its writer last saw.
    CompareAndSwap,
    /// Nothing is stored that was sealed under another epoch than the space's.
    EpochFence,
}

#[cfg(feature = "ablation")]
thread_local! {
    static LEFT_OUT: std::cell::Cell<Option<Safeguard>> = const { std::cell::Cell::new(None) };
}

/// Leaves a safeguard out on this thread until the next call; `None` leaves out none.
#[cfg(feature = "ablation")]
pub fn leave_out(safeguard: Option<Safeguard>) {
    LEFT_OUT.set(safeguard);
}

/// Whether it is in place.
#[cfg(feature = "ablation")]
pub(crate) fn holds(safeguard: Safeguard) -> bool {
    LEFT_OUT.get() != Some(safeguard)
}

/// It is in place.
#[cfg(not(feature = "ablation"))]
pub(crate) const fn holds(_: Safeguard) -> bool {
    true
}

//! The safeguards by name: what keeps records whole, each asked for at the place where it works.
//!
//! In the app every answer is a constant. With the feature `ablation`, which only the simulator turns on, one
//! of them can be left out on the calling thread, to see that the runs fail without it.

/// One of the rules without which something would be lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Safeguard {
    /// The server stores a write only over the version that its writer last saw.
    CompareAndSwap,
    /// A commit checks that each row is as it was read.
    LocalVersion,
    /// A page and the cursor behind it are one commit.
    CursorWithPage,
    /// Merging uses what is known of who had seen what: the last synced state that is kept beside what is unsent,
    /// and the numbers of writes in each record.
    Base,
    /// What a restored server lacks is offered again.
    ReOffer,
    /// Edits that nobody has seen get stamps of the server's time before they are sent.
    Restamp,
    /// The server takes nothing that was sealed under an older epoch.
    EpochFence,
    /// Both sides' records are compared as a whole.
    Digest,
    /// What one intent writes is stored as one.
    Together,
    /// What was never sent survives a power cut from when it is told as saved, also where many records go into pages.
    Strict,
    /// What a form writes over without having shown it is offered.
    Shown,
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

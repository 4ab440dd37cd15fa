//! Where sync stands: what the machine is told, and what a person is shown.

/// Where things stand after a pull or a push.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The cursor.
    pub seq: u64,
    /// The head that the server named.
    pub head: u64,
    /// Lost rows are still to be offered again, or purged ones to be forgotten.
    pub sweeping: bool,
    /// Rows waiting to be sent.
    pub waiting: u64,
    /// Rows set aside.
    pub set_aside: u64,
    /// [`crate::Cursor::forked`].
    pub forked: bool,
}

impl Progress {
    /// Whether everything up to the head that was set out for is here: what belongs together is here whole.
    pub fn is_whole(&self) -> bool {
        self.seq >= self.head
    }
}

/// What a person must know or do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attention {
    /// The server does not take this device's sign-in: the passphrase was changed elsewhere, or the device revoked.
    SignInRefused,
    /// The account may not use this space any more.
    Forbidden,
    /// The server rejects what this app says: one of the two is out of date.
    Rejected {
        /// The HTTP status.
        status: u16,
    },
    /// This device's store fails.
    Store,
    /// Rows are set aside.
    SetAside,
    /// What the server holds is not what this device knows, though everything was read and offered again.
    Differs,
    /// The server has shown another device another log than this one.
    Forked,
}

/// Where sync stands, in words for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The server cannot be reached.
    Offline,
    /// Something waits, and the next attempt is not due yet.
    Waiting,
    /// Working.
    Syncing,
    /// The outbox is empty, everything up to the head that we set out for is here, and the server's digest at
    /// that number is the same as ours.
    Synced,
    /// See why.
    NeedsAttention(Attention),
}

/// What is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Status {
    /// Where it stands.
    pub phase: Phase,
    /// Rows that are only on this device.
    pub waiting: u64,
    /// Rows set aside.
    pub set_aside: u64,
    /// When everything was last in sync, ms by this device's clock.
    pub synced_ms: Option<u64>,
    /// What was last found equal to what the server holds.
    pub verified: Option<Checked>,
}

/// A comparison with the server that found no difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Checked {
    /// The number at which both were the same.
    pub seq: u64,
    /// When, ms by this device's clock.
    pub at_ms: u64,
    /// How many records that covers.
    pub records: u64,
}

/// What is known at the start.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Start {
    /// [`crate::Meta::registered`].
    pub registered: bool,
    /// The cursor.
    pub seq: u64,
    /// [`crate::Cursor::sweeping`].
    pub sweeping: bool,
    /// Rows waiting to be sent.
    pub waiting: u64,
    /// Rows set aside.
    pub set_aside: u64,
    /// When everything was last in sync, ms.
    pub synced_ms: Option<u64>,
    /// [`crate::Cursor::forked`].
    pub forked: bool,
    /// What was last found equal to what the server holds.
    pub verified: Option<Checked>,
}

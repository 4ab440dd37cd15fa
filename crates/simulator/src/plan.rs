//! What a seed makes of a run: how many devices and tabs, how much happens, and which faults.

use crate::dice::Dice;
use satchel_replica::Safeguard;

macro_rules! faults {
    ($($(#[$doc:meta])* $fault:ident $name:literal $often:literal,)*) => {
        /// Something that goes wrong in some of the runs.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Fault { $($(#[$doc])* $fault,)* }

        impl Fault {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$fault),*];

            /// As it is called on the command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$fault => $name,)* }
            }

            /// In how many of a thousand runs it may happen.
            fn often(self) -> u64 {
                match self { $(Self::$fault => $often,)* }
            }
        }
    };
}

faults! {
    /// Requests and answers are lost.
    Drop "drop" 500,
    /// Requests and answers take their time, so that they overtake each other.
    Delay "delay" 500,
    /// A push arrives twice: at once, or days later.
    Duplicate "duplicate" 400,
    /// An answer ends before its end.
    Truncate "truncate" 250,
    /// 408, 413, 429 and 5xx.
    Busy "busy" 300,
    /// A captive portal's page, with status 200.
    Portal "portal" 250,
    /// Sessions end before their time.
    Expire "expire" 250,
    /// Tabs are killed wherever they stand.
    Crash "crash" 400,
    /// A power cut: all tabs end, and the last relaxed commits are forgotten.
    Power "power" 300,
    /// No room for a write.
    Quota "quota" 250,
    /// The connection to the store is lost, or it fails for no reason given.
    Closed "closed" 250,
    /// The browser throws the whole store away.
    Evict "evict" 120,
    /// A tab stands still for long, then goes on.
    Freeze "freeze" 350,
    /// Clocks are years off, and jump.
    Clock "clock" 350,
    /// Devices are offline for hours and weeks.
    Offline "offline" 450,
    /// The server is put back to an earlier copy, under a new incarnation.
    Restore "restore" 250,
    /// The server is put back to an earlier copy, and says nothing of it.
    Rollback "rollback" 150,
    /// The server has lost everything, the account too.
    Empty "empty" 80,
    /// An answer to a pull comes from a copy that lags behind.
    Lag "lag" 200,
    /// Hundreds of records are brought in while everything goes on.
    Import "import" 30,
    /// Records at the limit of their size.
    Large "large" 30,
    /// A newer app writes what this one does not know, with stamps whose counter is about to overflow.
    Newer "newer" 200,
    /// Rows that nobody can open.
    Garbage "garbage" 100,
    /// A new epoch begins: one device is not told its key, the others' tabs are when they are opened again.
    Rotate "rotate" 120,
    /// The server shows some devices another log than the others, for a while.
    Fork "fork" 120,
    /// The server leaves rows out of an answer.
    Withhold "withhold" 120,
    /// The server exchanges what is in its rows, or what stands beside it.
    Swap "swap" 120,
    /// The server says an older version again, under a new number.
    Replay "replay" 100,
    /// Months go by: the trash is emptied, graves are dropped, and somebody was away for longer.
    Purge "purge" 60,
    /// A new version of the app changes the store's version: all connections of a device close, and until a tab that
    /// stands still lets go nobody can open it.
    Upgrade "upgrade" 150,
    /// A device's link carries only so much at once, for hours.
    Slow "slow" 150,
    /// A synced row is damaged where it lies: its head, the middle of it, or all of it.
    Rot "rot" 120,
}

/// What came after these rolls dice of its own, so that what a seed meant it still means.
const FIRST: usize = Fault::Rotate as usize + 1;

impl Fault {
    /// Those that strike between two things that people do.
    pub(crate) fn strikes() -> &'static [Self] {
        &Self::ALL[..FIRST]
    }

    /// The fault of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.name() == name)
    }
}

const SAFEGUARDS: [(&str, Safeguard); 11] = [
    ("compare-and-swap", Safeguard::CompareAndSwap),
    ("local-version", Safeguard::LocalVersion),
    ("cursor-with-page", Safeguard::CursorWithPage),
    ("base", Safeguard::Base),
    ("re-offer", Safeguard::ReOffer),
    ("restamp", Safeguard::Restamp),
    ("epoch-fence", Safeguard::EpochFence),
    ("digest", Safeguard::Digest),
    ("together", Safeguard::Together),
    ("strict", Safeguard::Strict),
    ("shown", Safeguard::Shown),
];

/// The safeguard of this name.
pub fn safeguard_named(name: &str) -> Option<Safeguard> {
    SAFEGUARDS.iter().find(|(known, _)| *known == name).map(|(_, safeguard)| *safeguard)
}

/// As it is called on the command line.
pub fn safeguard_name(safeguard: Safeguard) -> &'static str {
    SAFEGUARDS.iter().find(|(_, known)| *known == safeguard).map_or("", |(name, _)| name)
}

/// The faults of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Faults(u64);

impl Faults {
    /// These.
    pub fn of(faults: &[Fault]) -> Self {
        faults.iter().fold(Self::default(), |sum, fault| sum.with(*fault))
    }

    /// One more.
    #[must_use]
    pub fn with(self, fault: Fault) -> Self {
        Self(self.0 | 1 << fault as u64)
    }

    /// One less.
    #[must_use]
    pub fn without(self, fault: Fault) -> Self {
        Self(self.0 & !(1 << fault as u64))
    }

    /// Whether it may happen.
    pub fn has(self, fault: Fault) -> bool {
        self.0 & 1 << fault as u64 != 0
    }

    /// Their names, with commas; `none` for none.
    pub fn names(self) -> String {
        let names: Vec<_> =
            Fault::ALL.iter().filter(|fault| self.has(**fault)).map(|fault| fault.name()).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(",") }
    }
}

/// One run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// Everything that happens by chance comes from it.
    pub seed: u64,
    /// Devices of the team.
    pub devices: u64,
    /// Tabs that a device has at most.
    pub tabs: u64,
    /// Things that people and fate do before it becomes quiet.
    pub actions: u64,
    /// What goes wrong.
    pub faults: Faults,
    /// What is left out.
    pub without: Option<Safeguard>,
    /// Remember every event.
    pub whole_trace: bool,
}

impl Plan {
    /// What this seed says.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let devices = 2 + dice.below(3) + u64::from(dice.hits(100));
        let tabs = if dice.hits(450) { 1 } else { 2 + dice.below(2) + 2 * u64::from(dice.hits(100)) };
        let actions = 20 + dice.below(110);
        // Some runs are calm, some are wild: faults hide each other.
        let wild = dice.below(4);
        let (first, later) = Fault::ALL.split_at(FIRST);
        let mut faults = chosen(first, wild, &mut dice);
        faults.0 |= chosen(later, wild, &mut Dice::new(seed ^ 0x1a7e4)).0;
        // A clock is wrong for long only where no server sets it right.
        if faults.has(Fault::Clock) && dice.hits(700) {
            faults = faults.with(Fault::Offline);
        }
        Self { seed, devices, tabs, actions, faults, without: None, whole_trace: false }
    }

    /// The same without a safeguard.
    #[must_use]
    pub fn without(self, without: Option<Safeguard>) -> Self {
        Self { without, ..self }
    }
}

fn chosen(of: &[Fault], wild: u64, dice: &mut Dice) -> Faults {
    let chosen: Vec<_> = of.iter().copied().filter(|fault| dice.hits(fault.often() * wild / 2)).collect();
    Faults::of(&chosen)
}

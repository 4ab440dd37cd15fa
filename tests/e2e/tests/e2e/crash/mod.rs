//! Crashes of the real parts: tabs, browsers and servers that are killed in the middle of their work,
//! devices without room, databases that go away, servers that were set back. Nothing is ever lost.

mod writing;

pub(crate) use writing::what_was_said_to_be_saved_is_there;

use satchel_e2e::device::Extra;
use satchel_e2e::dice::Dice;
use satchel_e2e::say::note;
use satchel_e2e::stage::Stage;
use satchel_e2e::wreck::Wreck;

const PASSPHRASE: &str = "hafen ginster lampe 62";

/// A browser that may be wrecked.
const BREAKABLE: Extra = Extra { flags: &[], preferences: &[], own: true };

/// How often something is killed, and the chance by which: both are told.
fn chances(stage: &Stage, few: usize) -> (usize, Dice) {
    let kills = stage.settings.kills.unwrap_or(few);
    note(&format!("{kills} kills, SATCHEL_CRASH_SEED={}", stage.settings.seed));
    (kills, Dice::seeded(stage.settings.seed))
}

/// One time the tab, one time the whole browser.
fn in_turn(n: usize) -> Wreck {
    if n.is_multiple_of(2) { Wreck::Tab } else { Wreck::Browser }
}

//! Crashes of the real parts: tabs, browsers and servers that are killed in the middle of their work,
//! devices without room, databases that go away, servers that were set back. Nothing is ever lost.

mod bulk;
mod room;
mod server;
mod storage;
mod tabs;
mod writing;

pub(crate) use bulk::long_work_goes_on_after_a_kill;
pub(crate) use room::long_work_goes_on_with_room_again;
pub(crate) use server::{
    a_server_set_back_is_healed_by_one_device, browsers_converge_while_the_server_is_killed,
};
pub(crate) use storage::{
    a_lost_connection_loses_nothing, an_evicted_device_comes_back, an_older_tab_in_the_way_is_named,
};
pub(crate) use tabs::tabs_agree_although_one_is_frozen;
pub(crate) use writing::what_was_said_to_be_saved_is_there;

use satchel_e2e::Outcome;
use satchel_e2e::device::{Device, Extra};
use satchel_e2e::dice::Dice;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, until};
use satchel_e2e::say::note;
use satchel_e2e::server::Server;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::wreck::Wreck;
use std::sync::Arc;

const PASSPHRASE: &str = "hafen ginster lampe 62";

/// A browser that may be wrecked.
const BREAKABLE: Extra = Extra { flags: &[], preferences: &[], own: true, zone: None };

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

/// A device that joins the workspace with its code and takes everything over.
async fn join(stage: &Stage, name: &str, server: &Server, code: &str) -> Outcome<Arc<Device>> {
    let device = stage.device_with(name, Language::En, &server.url(), BREAKABLE)?;
    device.may_speak().await?;
    device.open("").await?;
    device.join_workspace(code, PASSPHRASE).await?;
    device.synced().await?;
    Ok(device)
}

/// Waits until two devices hold the same number of records; which. What one of them sends after the other was
/// looked at still counts, so both are looked at again until they agree.
async fn agree(a: &Device, b: &Device) -> Outcome<usize> {
    let look = async || {
        let counts = [a.record_count().await?, b.record_count().await?];
        ensure(counts[0] == counts[1], || format!("records on A and B: {counts:?}"))?;
        Ok(Some(counts[0]))
    };
    until(LONG, || "A and B to hold the same".to_owned(), look).await
}

/// Waits until a device holds so many records.
async fn holds(device: &Device, records: usize) -> Outcome {
    let look = async || {
        let counted = device.record_count().await?;
        ensure(counted == records, || format!("there are {counted}"))?;
        Ok(Some(()))
    };
    until(LONG, || format!("{records} records on {}", device.name()), look).await
}

/// A device with a new workspace, and its code.
async fn found(stage: &Stage, name: &str, home: &str) -> Outcome<(Arc<Device>, String)> {
    let device = stage.device_with(name, Language::En, home, BREAKABLE)?;
    device.may_speak().await?;
    device.open("").await?;
    let code = device.create_workspace("Crashes", PASSPHRASE).await?;
    Ok((device, code))
}

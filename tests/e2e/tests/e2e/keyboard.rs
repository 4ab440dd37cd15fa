//! The core of the day without a pointer: everything is reached with Tab, arrows, Enter and shortcuts, and it can be
//! seen where the focus is (WCAG 2.2: 2.1.1, 2.4.3, 2.4.7).

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use thirtyfour::Key;

const PASSPHRASE: &str = "quelle amboss regen 15";
const NAME: &str = "李明";

/// A workspace, a customer, an entry with a follow-up, a task done and taken back, a search, a lock.
pub(crate) async fn a_day_needs_no_pointer(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    welcome(&device).await?;
    customer(&device).await?;
    entry(&device).await?;
    task(&device).await?;
    find(&device).await?;
    lock(&device).await?;
    ensure(device.taps() == 0, || format!("{} taps", device.taps()))?;
    shown("the day's work is done without a pointer, and the focus is always seen");
    Ok(Verdict::Shown)
}

async fn welcome(device: &Device) -> Outcome {
    device.see_at(&spot("button", device.word("onboarding.create.title")?).starts(), LONG).await?;
    device.reach(device.word("onboarding.create.title")?).await?;
    device.enter().await?;
    device.see_at(&spot("field", device.word("onboarding.name")?), SOON).await?;
    device.reach(device.word("onboarding.name")?).await?;
    device.key("Field").await?;
    device.reach(device.word("common.passphrase")?).await?;
    device.key(PASSPHRASE).await?;
    device.reach(device.word("onboarding.again")?).await?;
    device.key(PASSPHRASE).await?;
    device.enter().await?;
    device.see_at(&spot("button", device.word("onboarding.sheet.later")?), LONG).await?;
    device.reach(device.word("onboarding.sheet.later")?).await?;
    device.enter().await?;
    let skip = spot("button", device.word("onboarding.install.skip")?);
    let open = async || {
        if device.is_at(&skip).await? {
            device.reach(device.word("onboarding.install.skip")?).await?;
            device.enter().await?;
        }
        Ok((!device.texts("nav.nav").await?.is_empty()).then_some(()))
    };
    until(LONG, || "the workspace to open".to_owned(), open).await
}

/// Waits for the screen with this heading.
async fn at(device: &Device, key: &str) -> Outcome {
    let title = device.word(key)?;
    device
        .texts_until("#content h1", SOON, |titles| titles.first().is_some_and(|shown| shown == title))
        .await
        .map(drop)
}

async fn customer(device: &Device) -> Outcome {
    device.key("g").await?;
    device.key("c").await?;
    at(device, "shell.title.customers").await?;
    device.reach(device.word("customers.new")?).await?;
    device.enter().await?;
    device.see_at(&spot("field", device.word("customer.form.name_person")?), SOON).await?;
    device.reach(device.word("customer.form.name_person")?).await?;
    device.key(NAME).await?;
    device.reach(device.word("customer.form.phone")?).await?;
    device.key("13800138000").await?;
    device.reach(device.word("customer.form.save")?).await?;
    device.enter().await?;
    device.at_customer(NAME).await
}

async fn entry(device: &Device) -> Outcome {
    device.reach(device.word("customer.log")?).await?;
    device.enter().await?;
    device.see_at(&spot("button", device.word("log.save")?), SOON).await?;
    device.settled().await?;
    // A group of choices is one stop: arrows go through it.
    device.reach(device.word("vocabulary.method.visit")?).await?;
    device.key(Key::Right + "").await?;
    device.reach(device.word("vocabulary.outcome.agreed")?).await?;
    device.key(Key::Space + "").await?;
    device.reach(device.word("log.note_call")?).await?;
    device.key("Wants forty. Quote by tomorrow.").await?;
    device.reach(device.word("log.follow")?).await?;
    device.key(Key::Space + "").await?;
    device.key(Key::Control + Key::Enter).await?;
    device.sheet_closed().await?;
    device.reach(device.word("customer.tab_brief")?).await?;
    device.key(Key::Right + "").await?;
    device.entry_has("Wants forty").await
}

async fn task(device: &Device) -> Outcome {
    device.key("g").await?;
    device.key("k").await?;
    device.reach(device.word("tasks.board.agenda")?).await?;
    device.enter().await?;
    device.texts_until(".row-t", SOON, |rows| rows.len() == 1).await?;
    let tick = device.words().filled("tasks.complete", &[("title", "Quote")])?;
    device.reach(&tick).await?;
    device.enter().await?;
    device.texts_until(".row-done", SOON, |rows| rows.len() == 1).await?;
    device.reach(&device.words().filled("tasks.reopen", &[("title", "Quote")])?).await?;
    device.enter().await?;
    device.texts_until(".row-t:not(.row-done)", SOON, |rows| rows.len() == 1).await?;
    Ok(())
}

async fn find(device: &Device) -> Outcome {
    device.key("g").await?;
    device.key("c").await?;
    at(device, "shell.title.customers").await?;
    device.key("/").await?;
    device.key("lm").await?;
    device.texts_until(".cust .cust-n b", SOON, |rows| rows == [NAME]).await?;
    // The row begins with the monogram.
    device.reach(&NAME[..3]).await?;
    device.enter().await?;
    device.at_customer(NAME).await
}

async fn lock(device: &Device) -> Outcome {
    device.key(Key::Control + "k").await?;
    device.see_at(&spot("field", device.word("shell.palette.field")?), SOON).await?;
    device.key(device.word("shell.command.lock")?).await?;
    device.see_at(&spot("option", device.word("shell.command.lock")?), SOON).await?;
    device.enter().await?;
    device.at_lock().await?;
    device.reach(device.word("common.passphrase")?).await?;
    device.key(PASSPHRASE).await?;
    device.enter().await?;
    let open = async || Ok((!device.texts("nav.nav").await?.is_empty()).then_some(()));
    until(LONG, || "the workspace to open".to_owned(), open).await
}

//! The core of the work in the other engines: what people carry is an iPad as often as not.

use satchel_e2e::device::Device;
use satchel_e2e::driver::Engine;
use satchel_e2e::hands::{SOON, spot};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::server::Server;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};

const PASSPHRASE: &str = "kupfer amsel sieben 41";
/// Presses a label by its words: WebKit's driver finds the field in it in the way of a tap, and wants an answer.
const PRESS: &str = "[...document.querySelectorAll(arguments[0])].find((one) => one.textContent.includes(arguments[1])).click(); return true;";
const NOTE: &str = "Wants forty. Quote by tomorrow.";

/// Firefox.
pub(crate) async fn firefox_does_the_days_work(stage: &Stage) -> Outcome<Verdict> {
    the_days_work(stage, Engine::Firefox).await
}

/// WebKit, which Safari is made of.
pub(crate) async fn webkit_does_the_days_work(stage: &Stage) -> Outcome<Verdict> {
    the_days_work(stage, Engine::WebKit).await
}

async fn the_days_work(stage: &Stage, engine: Engine) -> Outcome<Verdict> {
    let server = stage.server()?;
    let Some(device) = stage.device_of(engine, Language::En, &server.url()).await? else {
        return Ok(Verdict::Skipped(format!("there is no {engine:?} with its driver")));
    };
    device.open("").await?;
    let code = device.create_workspace("Engines", PASSPHRASE).await?;
    device.add_customer(&NewCustomer { name: "张三", ..NewCustomer::default() }).await?;
    device.add_customer(&NewCustomer { name: "Ingrid Solheim", ..NewCustomer::default() }).await?;
    device.search_finds("zs", &["张三"]).await?;
    device.synced().await?;
    shown("a workspace, two customers, found by pinyin, synced");
    logged(&device).await?;
    reopened(&device).await?;
    offline(&device, &server).await?;
    met(stage, &server, &code).await
}

/// A visit is logged with what it promises; the promise is kept, taken back, and stands on the customer's page.
async fn logged(device: &Device) -> Outcome {
    device.open_customer("Ingrid Solheim").await?;
    device.follow(device.word("customer.log")?).await?;
    device.texts_until(".opt:not(.opt-m)", SOON, |outcomes| !outcomes.is_empty()).await?;
    device
        .script(PRESS, vec![".opt:not(.opt-m)".into(), device.word("vocabulary.outcome.agreed")?.into()])
        .await?;
    device.fill_at(&spot("field", device.word("log.note")?), NOTE).await?;
    device.texts_until(".prop-w .prop", SOON, |offered| offered.len() == 1).await?;
    device.script(PRESS, vec![".prop-w .prop".into(), "".into()]).await?;
    device.save_log().await?;
    device.hide_toasts().await?;
    device.tab("customer.tab_timeline").await?;
    device.entry_has(NOTE).await?;
    device.tab("customer.tab_brief").await?;
    device.tap_css(".needs .tick").await?;
    device.undo(device.word("customer.done")?).await?;
    device.texts_until(".needs li", SOON, |tasks| tasks.len() == 1).await?;
    shown("a visit logged with its promise; the promise done, and taken back");
    Ok(())
}

/// After a reload and a lock, everything is there.
async fn reopened(device: &Device) -> Outcome {
    device.reload().await?;
    device.unlock(PASSPHRASE).await?;
    device.open_customer("Ingrid Solheim").await?;
    device.lock().await?;
    device.unlock(PASSPHRASE).await?;
    device.customers_are(2).await?;
    shown("after a reload and after a lock both are there");
    Ok(())
}

/// Without a server it takes a customer, and sends it when the server is back.
async fn offline(device: &Device, server: &Server) -> Outcome {
    server.kill()?;
    device.add_customer(&NewCustomer { name: "Tomas Berg", ..NewCustomer::default() }).await?;
    device.something_waits().await?;
    server.again()?;
    device.synced().await?;
    shown("written without a server, sent when it was back");
    Ok(())
}

/// A device of another engine opens the same workspace: what the one sealed, the other reads.
async fn met(stage: &Stage, server: &Server, code: &str) -> Outcome<Verdict> {
    let other = stage.device("Chromium", Language::Zh, &server.url())?;
    other.open("").await?;
    other.join_workspace(code, PASSPHRASE).await?;
    other.synced().await?;
    other.customers_are(3).await?;
    other.open_customer("Ingrid Solheim").await?;
    other.tab("customer.tab_timeline").await?;
    other.entry_has(NOTE).await?;
    shown("Chromium reads what was written there");
    Ok(Verdict::Shown)
}

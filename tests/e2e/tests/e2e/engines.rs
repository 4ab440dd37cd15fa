//! The core of the work in the other engines: what people carry is an iPad as often as not.

use satchel_e2e::device::Device;
use satchel_e2e::driver::Engine;
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::server::Server;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};

const PASSPHRASE: &str = "kupfer amsel sieben 41";

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
    reopened(&device).await?;
    offline(&device, &server).await?;
    met(stage, &server, &code).await
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
    shown("Chromium reads what was written there");
    Ok(Verdict::Shown)
}

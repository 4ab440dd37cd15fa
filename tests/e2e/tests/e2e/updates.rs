//! A newer version of the app arrives: whole or not at all, and never under somebody's hands.

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, spot, until};
use satchel_e2e::say::shown;
use satchel_e2e::server::Served;
use satchel_e2e::site::Site;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};

const PASSPHRASE: &str = "granit wolke samt 27";
const TYPED: &str = "Halbes Wort";

/// Half an upload and a spoiled file change nothing; a whole version is offered, leaves a form alone while it
/// waits, is taken when the person says so, and keeps what was typed; another tab goes on with what it has.
pub(crate) async fn an_update_is_taken_whole_or_not_at_all(stage: &Stage) -> Outcome<Verdict> {
    let Some(next) = stage.settings.web_next.clone() else {
        return Ok(Verdict::Skipped("SATCHEL_E2E_WEB_NEXT is not given".to_owned()));
    };
    let first = stage.settings.web.clone();
    let site = Site::of(&first, &stage.folder().join("site"))?;
    let served = Served { web: site.folder().to_owned(), base: "/".to_owned(), public_origin: None };
    let server = stage.server_as(served)?;
    let [old, new] = [Site::version(&first)?, Site::version(&next)?];
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Updated", PASSPHRASE).await?;
    device.served_offline().await?;

    site.publish_half(&next)?;
    refused(&device, &old).await?;
    shown("half an upload is not taken, and the version that is here goes on");
    // What did not change is not asked for again: only a new file can arrive with a wrong byte.
    site.publish_spoiled(&next, "next.txt")?;
    refused(&device, &old).await?;
    shown("a version with one wrong byte is not taken");

    device.at_work().await?;
    type_a_name(&device).await?;
    let tab = device.tab_now().await?;
    let beside = device.new_tab().await?;
    device.open_unlocked("", PASSPHRASE).await?;
    device.turn_to(&tab).await?;
    site.publish(&next)?;
    ensure(arrival(&device).await? == "installed", || "a whole version was not taken".to_owned())?;
    device.see_within(device.word("shell.update.text")?, LONG).await?;
    runs(&device, &old).await?;
    ensure(typed(&device).await? == TYPED, || "a form lost its text to a version that waits".to_owned())?;
    shown("a whole version is offered; the open form keeps its text");

    device.press(device.word("shell.update.apply")?).await?;
    device.at_lock().await?;
    runs(&device, &new).await?;
    device.unlock(PASSPHRASE).await?;
    type_again(&device).await?;
    shown("it is taken when the person says so, and what was typed is there again");
    device.turn_to(&beside).await?;
    runs(&device, &old).await?;
    device.go("/customers").await?;
    device.see_at(&spot("button", device.word("customers.new")?), LONG).await?;
    shown("the other tab goes on with the version that it has");

    taken_at_a_cold_start(&device, &site, (&new, &old), &first).await?;
    Ok(Verdict::Shown)
}

/// A version that waits is taken when the app starts with one window, without a word; older ones are cleared.
async fn taken_at_a_cold_start(
    device: &Device,
    site: &Site,
    (now, then): (&str, &str),
    build: &std::path::Path,
) -> Outcome {
    device.close().await?;
    device.open("").await?;
    runs(device, now).await?;
    site.publish(build)?;
    ensure(arrival(device).await? == "installed", || "a whole version was not taken".to_owned())?;
    device.close().await?;
    device.open("").await?;
    let look = async || Ok((running(device).await? == then).then_some(()));
    until(LONG, || format!("version {then} after a cold start"), look).await?;
    let kept = async || Ok((versions_kept(device).await? == [format!("satchel-{then}")]).then_some(()));
    until(LONG, || "older versions to be cleared".to_owned(), kept).await?;
    device.unlock(PASSPHRASE).await?;
    shown("a version that waits is taken at a cold start with one window, and older ones are cleared");
    Ok(())
}

/// What is offered is not taken: nothing waits, nothing is said, and the page loads as before.
async fn refused(device: &Device, version: &str) -> Outcome {
    let state = arrival(device).await?;
    ensure(state == "redundant", || format!("a version that is not whole became {state}"))?;
    device.reload().await?;
    runs(device, version).await?;
    device.unlock(PASSPHRASE).await?;
    let offered = device.text().await?.contains(device.word("shell.update.text")?);
    ensure(!offered, || "a version that is not whole was offered".to_owned())
}

/// Looks for a newer version, as the app does when it comes back into sight; what became of what was found.
async fn arrival(device: &Device) -> Outcome<String> {
    let script = "
        const done = arguments[0];
        navigator.serviceWorker.ready.then(async (registration) => {
            await registration.update();
            const worker = registration.installing;
            if (!worker) return done(registration.waiting ? 'installed' : 'redundant');
            worker.addEventListener('statechange', () => done(worker.state), { once: true });
        }).catch((error) => done(String(error)));";
    let state = device.script_async(script, vec![]).await?;
    Ok(state.as_str().unwrap_or_default().to_owned())
}

async fn runs(device: &Device, version: &str) -> Outcome {
    let running = running(device).await?;
    ensure(running == version, || format!("version {running} runs, not {version}"))
}

async fn running(device: &Device) -> Outcome<String> {
    let script = "return document.getElementById('boot')?.dataset.build ?? ''";
    Ok(device.script(script, vec![]).await?.as_str().unwrap_or_default().to_owned())
}

async fn versions_kept(device: &Device) -> Outcome<Vec<String>> {
    let script = "const done = arguments[0]; caches.keys().then(done)";
    Ok(serde_json::from_value(device.script_async(script, vec![]).await?)?)
}

async fn type_a_name(device: &Device) -> Outcome {
    device.go("/customers").await?;
    device.press(device.word("customers.new")?).await?;
    device.fill(device.word("customer.form.name_person")?, TYPED).await
}

async fn typed(device: &Device) -> Outcome<String> {
    device.held(device.word("customer.form.name_person")?).await
}

/// Opens the form again; what was typed before the page loaded anew is in it.
async fn type_again(device: &Device) -> Outcome {
    let field = spot("field", device.word("customer.form.name_person")?);
    if !device.is_at(&field).await? {
        device.go("/customers").await?;
        device.press(device.word("customers.new")?).await?;
    }
    let look = async || Ok((typed(device).await? == TYPED).then_some(()));
    until(LONG, || "what was typed to be there again".to_owned(), look).await
}

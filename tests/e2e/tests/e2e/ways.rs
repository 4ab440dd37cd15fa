//! The ways into an account: another passphrase, and the recovery code where it is forgotten.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, Named, spot, until};
use satchel_e2e::passkey::{Platform, Prf};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;

const OLD: &str = "birch lantern cobalt 19";
const NEW: &str = "sparrow granite tulip 83";
const NEWEST: &str = "harbour velvet ninety 64";

/// Two devices, the passphrase changed on one while the server is away: it holds there at once, the other goes
/// on with the old one, keeps what is written meanwhile, and asks for the new one when it is told (R98).
pub(crate) async fn a_passphrase_is_changed_on_one_of_two_devices(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let a = stage.device("A", Language::En, &server.url())?;
    let b = stage.device("B", Language::Zh, &server.url())?;
    a.open("").await?;
    let code = a.create_workspace("Two ways", OLD).await?;
    customer(&a, "Ottoline Marsh").await?;
    a.synced().await?;
    b.open("").await?;
    b.join_workspace(&code, OLD).await?;
    b.synced().await?;
    server.kill()?;
    change(&a, OLD, NEW).await?;
    a.lock().await?;
    a.try_passphrase(OLD).await?;
    a.see_within(a.word("errors.wrong_passphrase.what")?, LONG).await?;
    a.unlock(NEW).await?;
    shown("changed without a network: the old one no longer opens this device");
    b.lock().await?;
    b.unlock(OLD).await?;
    customer(&b, "Percival Stone").await?;
    shown("the other device was not told: the old one opens it, and it works");
    server.again()?;
    a.synced().await?;
    b.go("/sync").await?;
    asked_for_the_new_one(&b).await?;
    b.press(b.word("security.adopt.open")?).await?;
    b.fill(b.word("security.new")?, NEW).await?;
    b.press(b.word("common.next")?).await?;
    b.synced().await?;
    b.lock().await?;
    b.unlock(NEW).await?;
    a.customers_are(2).await?;
    shown("told of it, the other one asks for the new one, and nothing written meanwhile is lost");
    Ok(Verdict::Shown)
}

/// A device that was let in before the server heard of the change learns of it with its next look.
async fn asked_for_the_new_one(device: &Device) -> Outcome {
    let (asked, now) =
        (spot("button", device.word("security.adopt.open")?), spot("button", device.word("sync.now")?));
    let look = async || {
        if device.is_at(&asked).await? {
            return Ok(Some(()));
        }
        if device.is_at(&now).await? {
            device.press(device.word("sync.now")?).await?;
        }
        Ok(None)
    };
    until(LONG, || format!("{} to be asked for the new passphrase", device.name()), look).await
}

/// A recovery code is made, shown with the device code, and two of its groups asked back; it opens the locked
/// device without a network, and a new device with the device code; each time a new passphrase is chosen.
pub(crate) async fn a_forgotten_passphrase_is_replaced(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let a = stage.device("A", Language::En, &server.url())?;
    a.open("").await?;
    let device_code = a.create_workspace("Forgetful", OLD).await?;
    customer(&a, "Ottoline Marsh").await?;
    let recovery = recovery_code(&a, &device_code).await?;
    a.synced().await?;
    a.lock().await?;
    server.kill()?;
    a.press(a.word("onboarding.lock.forgot")?).await?;
    forgotten(&a, &device_code, NEW).await?;
    a.see_within(a.word("errors.mistyped_code.what")?, LONG).await?;
    forgotten(&a, &recovery, NEW).await?;
    a.at_work().await?;
    a.customers_are(1).await?;
    a.lock().await?;
    a.unlock(NEW).await?;
    shown("locked out and offline: the recovery code opens, a new passphrase holds");
    server.again()?;
    a.synced().await?;
    let b = stage.device("B", Language::Zh, &server.url())?;
    b.open("").await?;
    b.tap(&spot("button", b.word("onboarding.join.title")?).starts()).await?;
    b.press(b.word("onboarding.lock.forgot")?).await?;
    b.fill_at(&spot("field", b.word("onboarding.code")?).nth(1), &device_code).await?;
    forgotten(&b, &recovery, NEWEST).await?;
    b.at_work().await?;
    b.customers_are(1).await?;
    b.synced().await?;
    shown("both codes bring the workspace to a new device");
    Ok(Verdict::Shown)
}

/// A passkey is set up after the passphrase, opens without a network, is offered first, says what is wrong when it
/// does not answer, and opens nothing once it is removed; the passphrase opens all the time (R98).
pub(crate) async fn a_passkey_opens_beside_the_passphrase(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let a = stage.device("A", Language::En, &server.named_url())?;
    a.open("").await?;
    a.create_workspace("Fingers", OLD).await?;
    customer(&a, "Ottoline Marsh").await?;
    a.synced().await?;
    let platform = Platform::of(&a, Prf::Kept).await?;
    add_passkey(&a).await?;
    a.synced().await?;
    server.kill()?;
    a.lock().await?;
    a.press(a.word("security.passkey.unlock")?).await?;
    a.at_work().await?;
    a.customers_are(1).await?;
    shown("set up, locked, opened by the platform without a network");
    a.lock().await?;
    platform.answers(&a, false).await?;
    a.press(a.word("security.passkey.unlock")?).await?;
    a.see_within(a.word("security.passkey.cancelled")?, LONG).await?;
    a.unlock(OLD).await?;
    shown("where the platform refuses, that is said, and the passphrase opens");
    platform.answers(&a, true).await?;
    server.again()?;
    remove_passkey(&a).await?;
    a.synced().await?;
    a.lock().await?;
    let offered = a.is_at(&spot("button", a.word("security.passkey.unlock")?)).await?;
    ensure(!offered, || "a removed passkey is still offered".to_owned())?;
    a.unlock(OLD).await?;
    a.synced().await?;
    shown("removed: nothing is offered, the passphrase opens, and the server lets the device in");
    platform.gone(&a).await?;
    let platform = Platform::of(&a, Prf::Missing).await?;
    begin_passkey(&a).await?;
    a.see_within(a.word("security.passkey.no_prf")?, LONG).await?;
    platform.gone(&a).await?;
    a.reload().await?;
    a.unlock(OLD).await?;
    a.go("/settings").await?;
    a.tap_css_named(".set .btn", a.word("security.passkey.set_up")?, Named::Is).await?;
    a.see_within(a.word("security.passkey.unsupported")?, LONG).await?;
    shown("a platform without the extension, or without passkeys, is told of");
    Ok(Verdict::Shown)
}

/// As far as the platform's own question.
async fn begin_passkey(device: &Device) -> Outcome {
    device.go("/settings").await?;
    device.tap_css_named(".set .btn", device.word("security.passkey.set_up")?, Named::Is).await?;
    device.see_at(&spot("button", device.word("security.passkey.add")?), LONG).await?;
    device.press(device.word("security.passkey.add")?).await?;
    device.fill(device.word("common.passphrase")?, OLD).await?;
    device.press(device.word("common.next")?).await?;
    device.see_at(&spot("button", device.word("security.passkey.make")?), LONG).await?;
    device.press(device.word("security.passkey.make")?).await
}

async fn add_passkey(device: &Device) -> Outcome {
    begin_passkey(device).await?;
    device.see_within(device.word("security.passkey.added")?, LONG).await?;
    device.see(device.word("security.passkey.here")?).await?;
    device.press(device.word("common.close")?).await
}

async fn remove_passkey(device: &Device) -> Outcome {
    device.go("/settings").await?;
    device.tap_css_named(".set .btn", device.word("security.passkey.open")?, Named::Is).await?;
    device.press(device.word("security.passkey.remove")?).await?;
    device.fill(device.word("common.passphrase")?, OLD).await?;
    device.press(device.word("security.passkey.remove_do")?).await?;
    device.see_within(device.word("security.passkey.removed")?, LONG).await?;
    device.press(device.word("common.close")?).await
}

/// A device gets a name, is seen in the other one's settings, and is revoked there while it is away with something
/// unsent: when it comes back it hands that over and is empty, and the other one has it.
pub(crate) async fn a_revoked_device_hands_over_and_is_empty(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let a = stage.device("A", Language::En, &server.url())?;
    let b = stage.device("B", Language::Zh, &server.url())?;
    a.open("").await?;
    let code = a.create_workspace("Lost and found", OLD).await?;
    a.synced().await?;
    prints_a_qr_code(&a).await?;
    b.open(&format!("#d={code}")).await?;
    b.fill(b.word("common.passphrase")?, OLD).await?;
    ensure(!b.address().await?.contains(&code), || "the device code stays in the address bar".to_owned())?;
    b.press(b.word("onboarding.join_do")?).await?;
    b.at_work().await?;
    b.synced().await?;
    shown("a QR code that can be printed brings the device code to the other device");
    b.go("/settings").await?;
    b.fill(b.word("security.devices.name")?, "Van tablet").await?;
    b.press(b.word("common.save")?).await?;
    b.see(b.word("security.devices.named")?).await?;
    b.synced().await?;
    server.kill()?;
    customer(&b, "Ottoline Marsh").await?;
    b.something_waits().await?;
    b.close().await?;
    server.again()?;
    a.synced().await?;
    a.go("/settings").await?;
    a.see_within("Van tablet", LONG).await?;
    a.press(a.word("security.devices.revoke")?).await?;
    a.fill(a.word("common.passphrase")?, OLD).await?;
    a.press(a.word("security.devices.sure")?).await?;
    a.see_within(a.word("security.devices.done")?, LONG).await?;
    shown("named on one device, seen and revoked on the other, while it is away with something unsent");
    b.open("").await?;
    b.at_lock().await?;
    b.try_passphrase(OLD).await?;
    b.see_within(b.word("shell.rescue.erased.title")?, LONG).await?;
    b.see(&b.words().filled("shell.rescue.erased.handed", &[("count", "1")])?).await?;
    let left = b.script_async(LEFT, vec![]).await?;
    ensure(left.as_u64() == Some(0), || format!("{left} databases or entries of the workspace are left"))?;
    b.reload().await?;
    b.see_within(b.word("onboarding.join.title")?, LONG).await?;
    shown("back, it hands that over, is empty, and says so");
    a.go("/customers").await?;
    a.go("/settings").await?;
    let taken = [("count", "1"), ("name", "Van tablet")];
    a.see_within(&a.words().filled("security.devices.taken_named", &taken)?, LONG).await?;
    a.customers_are(1).await?;
    a.synced().await?;
    shown("the other one has taken it in, and says whose it was");
    Ok(Verdict::Shown)
}

/// What is saved as a PDF is called by the title while it is printed: nobody's name, and no code.
async fn saves_under_a_name_of_its_own(device: &Device) -> Outcome {
    let title = "return document.title";
    let before = device.script(title, vec![]).await?;
    let stand_in =
        "window.print = () => { window.printed = document.title; dispatchEvent(new Event('afterprint')); }";
    device.script(stand_in, vec![]).await?;
    device.press(device.word("onboarding.sheet.print")?).await?;
    let printed = device.script("return window.printed", vec![]).await?;
    ensure(printed == json!(device.word("onboarding.sheet.file")?), || format!("printed as {printed}"))?;
    let after = device.script(title, vec![]).await?;
    ensure(after == before, || format!("the title stays {after}"))
}

/// The code goes out of sight by itself, and the passphrase is asked again: as if two minutes were over at once.
async fn is_hidden_again(device: &Device) -> Outcome {
    let at_once = "
        const later = window.setTimeout;
        window.setTimeout = (run, ms, ...rest) => later.call(window, run, ms === 120000 ? 0 : ms, ...rest);";
    device.script(at_once, vec![]).await?;
    device.press(device.word("settings.device.show")?).await?;
    device.fill(device.word("common.passphrase")?, OLD).await?;
    device.press(device.word("sync.device.show")?).await?;
    device.see_within(device.word("sync.device.hidden")?, LONG).await?;
    ensure(device.texts(".paper").await?.is_empty(), || "the code is still there".to_owned())?;
    device.press(device.word("common.close")?).await
}

/// The sheet for another device shows its link as a QR code for a while, and prints without the screen around it.
async fn prints_a_qr_code(device: &Device) -> Outcome {
    device.go("/settings").await?;
    device.press(device.word("settings.device.show")?).await?;
    device.fill(device.word("common.passphrase")?, OLD).await?;
    device.press(device.word("sync.device.show")?).await?;
    let drawn = "return document.querySelector('.paper .qr path') !== null";
    let qr = async || Ok((device.script(drawn, vec![]).await? == json!(true)).then_some(()));
    until(LONG, || "the QR code".to_owned(), qr).await?;
    saves_under_a_name_of_its_own(device).await?;
    let printed = device.cdp("Page.printToPDF", json!({ "printBackground": true })).await?;
    let pdf = STANDARD.decode(printed["data"].as_str().unwrap_or_default());
    let pdf = pdf.map_err(|error| format!("a PDF that is none: {error}"))?;
    let text = String::from_utf8_lossy(&pdf);
    let pages = text.matches("/Type /Page\n").count();
    ensure(text.starts_with("%PDF") && (1..=2).contains(&pages), || {
        format!("the sheet prints on {pages} pages")
    })?;
    device.press(device.word("common.close")?).await?;
    is_hidden_again(device).await?;
    // The list of devices is asked for when the settings open.
    device.go("/customers").await
}

/// What is left of a workspace in the browser: databases, and what the page remembers of it.
const LEFT: &str = "
    const done = arguments[0];
    indexedDB.databases().then((all) => done(
        all.filter((one) => one.name.startsWith('satchel-') && one.name !== 'satchel-probe').length
        + Object.values(localStorage).filter((kept) => kept.includes('satchel-')).length));";

async fn customer(device: &Device, name: &str) -> Outcome {
    device.add_customer(&NewCustomer { name, ..NewCustomer::default() }).await
}

async fn change(device: &Device, old: &str, new: &str) -> Outcome {
    device.go("/settings").await?;
    device.press(device.word("security.passphrase.change")?).await?;
    device.fill(device.word("security.old")?, old).await?;
    device.fill(device.word("security.new")?, new).await?;
    device.fill(device.word("onboarding.again")?, new).await?;
    device.tap_css("[role=dialog] form button[type=submit]").await?;
    device.see_within(device.word("security.passphrase.changed")?, LONG).await
}

/// Makes a recovery code; the sheet with both codes is what is printed.
async fn recovery_code(device: &Device, device_code: &str) -> Outcome<String> {
    device.go("/settings").await?;
    device.press(device.word("security.recovery.make")?).await?;
    device.fill(device.word("common.passphrase")?, OLD).await?;
    device.tap_css("[role=dialog] form button[type=submit]").await?;
    let codes = device.texts_until(".paper code", LONG, |codes| codes.len() == 2).await?;
    let [first, code] =
        [0, 1].map(|at| -> String { codes[at].chars().filter(|c| !c.is_whitespace()).collect() });
    ensure(first == device_code && code != first, || "not the two codes of this workspace".to_owned())?;
    device.press(device.word("onboarding.sheet.ready")?).await?;
    let groups: Vec<&str> = code.split('-').collect();
    device.fill(device.word("security.recovery.second")?, groups[1]).await?;
    device.fill(device.word("security.recovery.fifth")?, groups[3]).await?;
    device.press(device.word("common.next")?).await?;
    device.see(device.word("security.recovery.wrong")?).await?;
    device.fill(device.word("security.recovery.fifth")?, groups[4]).await?;
    device.press(device.word("common.next")?).await?;
    device.see_within(device.word("security.recovery.kept")?, LONG).await?;
    device.see(device.word("security.recovery.there")?).await?;
    shown("a recovery code is made, and kept only after two of its groups were typed");
    Ok(code)
}

async fn forgotten(device: &Device, recovery: &str, passphrase: &str) -> Outcome {
    device.fill(device.word("security.recovery.code")?, recovery).await?;
    device.fill(device.word("security.new")?, passphrase).await?;
    device.fill(device.word("onboarding.again")?, passphrase).await?;
    device.press(device.word("security.forgotten.open")?).await
}

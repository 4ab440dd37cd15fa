//! The ways into an account: another passphrase, and the recovery code where it is forgotten.

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, spot};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};

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
    b.see_at(&spot("button", b.word("security.adopt.open")?), LONG).await?;
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

/// A device gets a name, is seen in the other one's settings, and is revoked there: it is let in no more, says so,
/// and keeps what it had not sent.
pub(crate) async fn a_revoked_device_is_let_in_no_more(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let a = stage.device("A", Language::En, &server.url())?;
    let b = stage.device("B", Language::Zh, &server.url())?;
    a.open("").await?;
    let code = a.create_workspace("Lost and found", OLD).await?;
    a.synced().await?;
    b.open("").await?;
    b.join_workspace(&code, OLD).await?;
    b.synced().await?;
    b.go("/settings").await?;
    b.fill(b.word("security.devices.name")?, "Van tablet").await?;
    b.press(b.word("common.save")?).await?;
    b.see(b.word("security.devices.named")?).await?;
    a.go("/settings").await?;
    a.see_within("Van tablet", LONG).await?;
    a.press(a.word("security.devices.revoke")?).await?;
    a.press(a.word("security.devices.sure")?).await?;
    a.see_within(a.word("security.devices.done")?, LONG).await?;
    shown("named on one device, seen and revoked on the other");
    customer(&b, "Ottoline Marsh").await?;
    b.go("/sync").await?;
    b.see_within(b.word("sync.trouble.revoked")?, LONG).await?;
    b.customers_are(1).await?;
    shown("it is told so, keeps what it has, and nothing of it arrives");
    Ok(Verdict::Shown)
}

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

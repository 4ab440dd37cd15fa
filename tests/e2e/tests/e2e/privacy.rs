//! One person's data on two devices: a copy in a file, and its erasure for good with a proof (R102).

use satchel_e2e::device::Device;
use satchel_e2e::dress::{SIZES, THEMES};
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;
use std::fs;
use std::path::Path;

const PASSPHRASE: &str = "laterne hobel winter 63";
/// Stands in everything that is about the person.
const PERSON: &str = "Quasimodo Canary";

/// Handed out, erased on one device, gone on the other, which was away meanwhile.
pub(crate) async fn one_person_is_handed_out_and_erased_everywhere(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let a = stage.device("A", Language::En, &server.url())?;
    let b = stage.device("B", Language::En, &server.url())?;
    a.open("").await?;
    let code = a.create_workspace("Privacy", PASSPHRASE).await?;
    let note = "rings the bells in Paris";
    a.add_customer(&NewCustomer { name: PERSON, phone: "555 0101", note, ..NewCustomer::default() }).await?;
    a.add_customer(&NewCustomer { name: "Esmeralda", ..NewCustomer::default() }).await?;
    a.synced().await?;
    b.open("").await?;
    b.join_workspace(&code, PASSPHRASE).await?;
    b.search_finds(PERSON, &[PERSON]).await?;
    b.synced().await?;
    b.close().await?;
    let copy = handed_out(&a, &stage.folder().join("copies")).await?;
    let told = |word: &str| copy.contains(word);
    ensure([PERSON, "555 0101", note].into_iter().all(told), || format!("the copy says {copy}"))?;
    shown("the copy is a page that reads without the app");
    erased(&a).await?;
    a.see_within(a.word("person.proof.confirmed")?, LONG).await?;
    pictures(&a, stage, "proof").await?;
    let proof = a.texts(".proof").await?.join(" ");
    ensure(!proof.contains("Quasimodo"), || format!("the proof says {proof}"))?;
    shown("the proof names ids and hashes, and that the server has confirmed it");
    b.start().await?;
    b.open_unlocked("/customers", PASSPHRASE).await?;
    b.synced().await?;
    for device in [&a, &b] {
        device.go("/customers").await?;
        device.customers_are(1).await?;
        device.search_finds("Quasimodo", &[]).await?;
    }
    shown("the device that was away has erased it too, and nothing brought it back");
    Ok(Verdict::Shown)
}

/// The page with everything about the person.
async fn handed_out(device: &Device, folder: &Path) -> Outcome<String> {
    fs::create_dir_all(folder)?;
    let path = folder.canonicalize()?.display().to_string();
    device.cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": path })).await?;
    device.open_customer(PERSON).await?;
    device.tap_css(".ch button[aria-haspopup='menu']").await?;
    device.tap(&spot("menuitem", device.word("customer.person")?)).await?;
    device.press(device.word("person.as_page")?).await?;
    let kept = async || {
        let files = fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path());
        Ok(files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "html")))
    };
    let file = until(LONG, || "a copy".to_owned(), kept).await?;
    Ok(fs::read_to_string(file)?)
}

/// As it is to be looked at by people.
async fn pictures(device: &Device, stage: &Stage, name: &str) -> Outcome {
    for size in SIZES {
        for theme in THEMES {
            device.dress(size, theme).await?;
            let file = format!("{name}_{}_{theme}_en.png", size.name);
            device.picture(&stage.settings.shots.join(file)).await?;
        }
    }
    Ok(())
}

/// By the sheet that is open: only the name, typed, lets it.
async fn erased(device: &Device) -> Outcome {
    let typed = device.words().filled("person.erase.type_name", &[("name", PERSON)])?;
    device.fill(&typed, PERSON).await?;
    device.press(device.word("person.erase.go")?).await?;
    device.see_at(&spot("heading", device.word("person.proof.heading")?), SOON).await
}

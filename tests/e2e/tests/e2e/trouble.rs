//! A world that misbehaves: servers that are none, no room, no storage, records too large. Each is said
//! in words, and nothing is lost.

use satchel_e2e::device::{Device, Extra};
use satchel_e2e::failure::ensure;
use satchel_e2e::gate::{Gate, Mode, PORTAL};
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::server::{Served, Server, free_port};
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;

const PASSPHRASE: &str = "nebel kastanie brief 93";

/// What stands in for the server, and what the sync centre says then.
const WRONGS: [(&str, Mode, &str); 5] = [
    ("HTML with 200", PORTAL, "sync.trouble.not_the_server"),
    ("401 from a proxy", Mode::Answer(401, "text/html", "<h1>Sign in</h1>"), "sync.trouble.not_the_server"),
    ("413", Mode::Answer(413, "text/html", "<h1>Too large</h1>"), "sync.trouble."),
    ("500", Mode::Answer(500, "text/html", "<h1>Oops</h1>"), "sync.trouble.server_error"),
    ("nobody", Mode::Nobody, "sync.head.waiting"),
];

/// Whoever is added meanwhile: words that no other one's short code can begin with.
const ADDED: [&str; 5] = ["Amselweg", "Birkenhof", "Distelfeld", "Eichengrund", "Farnwald"];

/// HTML with 200, 401, 413, 500, nothing: said in words, everything kept, and sent once the server is back.
pub(crate) async fn wrong_answers_lose_nothing(stage: &Stage) -> Outcome<Verdict> {
    let port = free_port()?;
    let gate = Gate::open(port).await?;
    let origin = format!("http://127.0.0.1:{}", gate.port());
    let served =
        Served { web: stage.settings.web.clone(), base: "/".to_owned(), public_origin: Some(origin.clone()) };
    let _server = Server::start(&stage.settings, served, &stage.folder().join("server"), port)?;
    let device = stage.device("A", Language::En, &format!("{origin}/"))?;
    device.open("").await?;
    device.create_workspace("Trouble", PASSPHRASE).await?;
    device.synced().await?;
    for (n, (what, mode, says)) in WRONGS.into_iter().enumerate() {
        gate.set(mode)?;
        let name = ADDED[n];
        device.add_customer(&NewCustomer { name, ..NewCustomer::default() }).await?;
        device.something_waits().await?;
        device.go("/sync").await?;
        let words = told(&device, says).await.map_err(|failure| format!("{what}: {failure}"))?;
        device.reload().await?;
        device.unlock(PASSPHRASE).await?;
        device.search_finds(name, &[name]).await?;
        gate.set(Mode::Through)?;
        device.go("/sync").await?;
        device.press(device.word("sync.now")?).await.ok();
        device.synced().await.map_err(|failure| format!("after {what}: {failure}"))?;
        shown(&format!("{what}: \"{words}\"; kept through a reload, and sent when the server was back"));
    }
    Ok(Verdict::Shown)
}

/// Waits until the sync centre says one of the sentences whose key starts so; which.
async fn told(device: &Device, key: &str) -> Outcome<String> {
    let keys: Vec<String> = match key {
        "sync.trouble." => ["refused", "server_error", "busy", "incompatible", "not_the_server"]
            .map(|k| format!("{key}{k}"))
            .to_vec(),
        key => vec![key.to_owned()],
    };
    let sentences: Vec<String> = keys
        .iter()
        .map(|key| Ok(device.words().text(key)?.replace("{{ count }}", "").trim().to_owned()))
        .collect::<Outcome<_>>()?;
    let look: Vec<&str> = sentences.iter().map(String::as_str).collect();
    let which = device.see_any(&look, LONG).await?;
    Ok(sentences[which].clone())
}

/// A note larger than a record may be: the field says so, and what was typed stays.
pub(crate) async fn too_large_a_record_is_refused_in_its_form(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Large", PASSPHRASE).await?;
    device
        .add_customer(&NewCustomer { name: "Verbose Ltd", organisation: true, ..NewCustomer::default() })
        .await?;
    device.edit_customer().await?;
    let note = spot("field", device.word("customer.form.note")?);
    let long = "a word and another ".repeat(16 * 1024);
    device.set(&note, &long).await?;
    device.press(device.word("customer.form.save")?).await?;
    device.see_within(device.word("vocabulary.code.too_long")?, LONG).await?;
    let held = device.held(device.word("customer.form.note")?).await?;
    ensure(held.len() == long.len(), || {
        format!("of {} bytes {} are left in the form", long.len(), held.len())
    })?;
    device.set(&note, "a short one").await?;
    device.save_customer().await?;
    device.see("a short one").await?;
    device.synced().await?;
    shown(&format!(
        "{} KB in a note: \"{}\"; shortened, it is saved and sent",
        long.len() / 1024,
        device.word("vocabulary.code.too_long")?
    ));
    Ok(Verdict::Shown)
}

/// No room left: said in words, the form keeps what was typed, and saves once there is room.
pub(crate) async fn a_full_device_says_so(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Full", PASSPHRASE).await?;
    device.add_customer(&NewCustomer { name: "Before It Was Full", ..NewCustomer::default() }).await?;
    // A browser remembers for a while how much room there was: a fresh one asks.
    device.close().await?;
    device.start().await?;
    let origin = server.url().trim_end_matches('/').to_owned();
    device.cdp("Storage.overrideQuotaForOrigin", json!({ "origin": origin, "quotaSize": 1024 })).await?;
    device.open_unlocked("customers", PASSPHRASE).await?;
    device.press(device.word("customers.new")?).await?;
    let label = device.word("customer.form.name_person")?;
    device.fill(label, "When It Was Full").await?;
    device.see_within(device.word("errors.storage_full.what")?, LONG).await?;
    shown("no room for a draft: said at once");
    device.hide_toasts().await?;
    device.press(device.word("customer.form.save")?).await?;
    device.see_within(device.word("errors.storage_full.what")?, LONG).await?;
    device.see(device.word("errors.storage_full.mend")?).await?;
    ensure(device.held(label).await? == "When It Was Full", || "the form lost what was typed".to_owned())?;
    shown(&format!(
        "no room: \"{}\", and the form keeps what was typed",
        device.word("errors.storage_full.what")?
    ));
    device.cdp("Storage.overrideQuotaForOrigin", json!({ "origin": origin })).await?;
    device.press(device.word("customer.form.save")?).await?;
    device.at_customer("When It Was Full").await?;
    device.search_finds_too("Full", "Before It Was Full").await?;
    shown("with room again it is saved; what was there before is there");
    Ok(Verdict::Shown)
}

/// No IndexedDB, or one that the profile forbids: says why, and is no blank page.
pub(crate) async fn without_storage_it_says_why(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let lacking = stage.device("lacking", Language::En, &server.url())?;
    lacking.start().await?;
    let source = "Object.defineProperty(window, 'indexedDB', { value: undefined })";
    lacking.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await?;
    lacking.open("").await?;
    lacking.see_within(lacking.word("shell.unsupported.title")?, LONG).await?;
    lacking.see("IndexedDB").await?;
    shown(&format!("no IndexedDB: \"{}\"", lacking.word("shell.unsupported.title")?));
    // 2 blocks cookies and every other storage of sites, for page and worker alike.
    let extra =
        Extra { preferences: &[("profile.default_content_setting_values.cookies", 2)], ..Extra::default() };
    let blocked = stage.device_with("blocked", Language::En, &server.url(), extra)?;
    blocked.open("").await?;
    let words = ["shell.unusable.title", "shell.unsupported.title"].map(|key| blocked.word(key));
    let look = async || {
        let text = blocked.text().await?;
        Ok(words.iter().flatten().find(|words| text.contains(**words)).map(|words| (*words).to_owned()))
    };
    let said = until(SOON + LONG, || "words about storage that is forbidden".to_owned(), look).await?;
    shown(&format!("storage forbidden: \"{said}\""));
    Ok(Verdict::Shown)
}

//! Several workspaces on one device, each sealed apart; the sample of made-up customers among them.

use futures_util::future::try_join;
use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use std::time::Instant;

const NORTH: &str = "esche tinte brunnen 12";
const SOUTH: &str = "wolle fenster kupfer 93";

/// Two workspaces with a passphrase each: neither opens with the other's or shows what is the other's; two tabs
/// show both; removing one leaves the other whole. All but the first sync without the server.
pub(crate) async fn two_workspaces_share_a_device_and_nothing_else(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("North", NORTH).await?;
    device.add_customer(&NewCustomer { name: "Ingrid Solheim", ..NewCustomer::default() }).await?;
    device.synced().await?;
    device.add_another().await?;
    device.create_workspace("South", SOUTH).await?;
    device.add_customer(&NewCustomer { name: "Tomas Berg", ..NewCustomer::default() }).await?;
    device.synced().await?;
    device.search_finds("Ingrid", &[]).await?;
    device.customers_are(1).await?;
    shown("a second workspace was added; nobody of the first is in it");
    server.kill()?;
    device.lock().await?;
    device.try_passphrase(NORTH).await?;
    device.see_within(device.word("errors.wrong_passphrase.what")?, LONG).await?;
    device.choose_workspace("North").await?;
    device.unlock(NORTH).await?;
    device.search_finds("Tomas", &[]).await?;
    device.search_finds("Ingrid", &["Ingrid Solheim"]).await?;
    shown("each opens with its own passphrase, and without the server");
    two_tabs(&device).await?;
    device.switch_to("North").await?;
    device.unlock(NORTH).await?;
    device.go("/backup").await?;
    device.press(device.word("backup.remove.go")?).await?;
    device.press(device.word("backup.remove.sure")?).await?;
    device.texts_until(".flap h1", LONG, |titles| titles.iter().any(|title| title == "South")).await?;
    device.unlock(SOUTH).await?;
    device.search_finds("Tomas", &["Tomas Berg"]).await?;
    device.customers_are(1).await?;
    let databases = databases(&device).await?;
    ensure(databases == 1, || format!("{databases} databases are left"))?;
    shown("one was removed, and the other is as it was");
    Ok(Verdict::Shown)
}

/// Two tabs show two workspaces: locking one by hand locks the other, and each comes back to its own (R44).
async fn two_tabs(device: &Device) -> Outcome {
    let first = device.tab_now().await?;
    let second = device.new_tab().await?;
    device.open("").await?;
    device.at_lock().await?;
    device.choose_workspace("South").await?;
    device.unlock(SOUTH).await?;
    device.lock().await?;
    device.reload().await?;
    device.texts_until(".flap h1", LONG, |titles| titles.iter().any(|title| title == "South")).await?;
    device.turn_to(&first).await?;
    device.at_lock().await?;
    device.unlock(NORTH).await?;
    device.customers_are(1).await?;
    device.search_finds("Ingrid", &["Ingrid Solheim"]).await?;
    device.turn_to(&second).await?;
    device.unlock(SOUTH).await?;
    device.search_finds("Tomas", &["Tomas Berg"]).await?;
    shown("two tabs show two workspaces, one locked by hand locks both, and each comes back to its own");
    Ok(())
}

const HOLDING: &str = "
const done = arguments[0];
(async () => {
  let holding = 0;
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((ok, no) => { const open = indexedDB.open(name); open.onsuccess = () => ok(open.result); open.onerror = no; });
    if (db.objectStoreNames.contains('meta')) {
      const count = await new Promise(ok => { db.transaction('meta').objectStore('meta').count().onsuccess = event => ok(event.target.result); });
      holding += Math.min(count, 1);
    }
    db.close();
  }
  done(holding);
})();";

/// How many databases hold a workspace.
async fn databases(device: &Device) -> Outcome<u64> {
    let read = async || Ok(device.script_async(HOLDING, vec![]).await?.as_u64());
    until(SOON, || "the databases to be counted".to_owned(), read).await
}

/// One tap in, screens full of made-up customers in the person's language, nothing sent; one tap out, nothing left.
pub(crate) async fn a_sample_is_looked_around_in_and_removed_in_one_tap(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = |name, language| stage.device(name, language, &server.url());
    let (en, zh) = (device("en", Language::En)?, device("zh", Language::Zh)?);
    try_join(sampled(&en, "Hart", "Amelia Hart"), sampled(&zh, "lm", "李明")).await?;
    Ok(Verdict::Shown)
}

async fn sampled(device: &Device, typed: &str, finds: &str) -> Outcome {
    device.open("").await?;
    device.see_at(&spot("button", device.word("onboarding.create.title")?).starts(), LONG).await?;
    device.forget_taps();
    let begin = Instant::now();
    device.look_around().await?;
    let (taps, taken) = (device.taps(), begin.elapsed().as_secs_f32());
    ensure(taps == 1, || format!("{taps} taps"))?;
    let count = device.customer_count().await?;
    ensure(count > 350, || format!("{count} customers"))?;
    shown(&format!("{}: {count} customers, one tap and {taken:.1} s", device.name()));
    device.search_finds_too(typed, finds).await?;
    for path in ["/", "/tasks"] {
        device.go(path).await?;
        device.texts_until("main a, main li", SOON, |rows| rows.len() > 6).await?;
    }
    device.go("/sync").await?;
    device.see(device.word("workspaces.sample.sync_line")?).await?;
    device.reload().await?;
    device.press(device.word("workspaces.sample.open")?).await?;
    device.at_work().await?;
    device.add_another().await?;
    device.press(device.word("common.back")?).await?;
    device.press(device.word("workspaces.sample.open")?).await?;
    device.at_work().await?;
    device.forget_taps();
    device.remove_sample().await?;
    ensure(device.taps() == 1, || "more than one tap removes it".to_owned())?;
    let left = databases(device).await?;
    ensure(left == 0, || format!("{left} databases are left"))?;
    shown(&format!(
        "{}: looked around, opened again without a passphrase, removed in one tap",
        device.name()
    ));
    Ok(())
}

/// Somebody who has a workspace takes an invitation up as herself: one passphrase, two workspaces side by side.
pub(crate) async fn an_owner_joins_a_second_team_as_herself(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let olga = stage.device("Olga", Language::En, &server.url())?;
    olga.open("").await?;
    olga.create_workspace("Office", NORTH).await?;
    olga.add_customer(&NewCustomer { name: "Rossi", ..NewCustomer::default() }).await?;
    olga.synced().await?;
    let link = invitation(&olga).await?;
    let emma = stage.device("Emma", Language::En, &server.url())?;
    emma.open("").await?;
    emma.create_workspace("Own", SOUTH).await?;
    emma.add_customer(&NewCustomer { name: "Bianchi", ..NewCustomer::default() }).await?;
    emma.synced().await?;
    emma.open(link.trim_start_matches(emma.home())).await?;
    emma.see_within(emma.word("workspaces.invited.title")?, LONG).await?;
    emma.unlock(SOUTH).await?;
    emma.see_at(&spot("button", emma.word("workspaces.invited.join")?), LONG).await?;
    emma.fill(emma.word("team.accept.name")?, "Emma").await?;
    emma.fill(emma.word("common.passphrase")?, SOUTH).await?;
    emma.press(emma.word("workspaces.invited.join")?).await?;
    emma.sheet_closed().await?;
    emma.search_finds("Rossi", &["Rossi"]).await?;
    emma.search_finds("Bianchi", &[]).await?;
    shown("she joined as herself, and reads what the team has, beside her own workspace");
    emma.add_customer(&NewCustomer { name: "Verdi", ..NewCustomer::default() }).await?;
    emma.synced().await?;
    olga.search_finds("Verdi", &["Verdi"]).await?;
    emma.go_on_in("Own").await?;
    emma.search_finds("Bianchi", &["Bianchi"]).await?;
    emma.search_finds("Rossi", &[]).await?;
    shown(
        "what she writes there arrives; her own workspace opens without the passphrase again, and is as it was",
    );
    Ok(Verdict::Shown)
}

/// Makes an invitation for an editor; its link.
async fn invitation(device: &Device) -> Outcome<String> {
    device.go("/team").await?;
    device.press(device.word("team.invite.button")?).await?;
    device.fill(device.word("team.invite.your_name")?, "Olga").await?;
    device.press(device.word("team.invite.make")?).await?;
    let whole = |found: &[String]| found.len() == 1 && found[0].contains("#i=");
    Ok(device.texts_until(".paper-l code", LONG, whole).await?.remove(0))
}

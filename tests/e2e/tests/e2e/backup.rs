//! Backups in real browsers: out of one profile into another, with the server gone; what a removed workspace
//! leaves behind; files that are not what they were.

use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, spot};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::{note, shown};
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use std::fs;

const PASSPHRASE: &str = "pinsel hafen quitte 71";

/// A device, its backup, another device that has never met the server (R103, R104).
pub(crate) async fn a_wiped_profile_comes_back_from_its_file(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    let code = device.create_workspace("Harbour", PASSPHRASE).await?;
    for name in ["Ingrid Solheim", "Tomas Berg"] {
        device.add_customer(&NewCustomer { name, ..NewCustomer::default() }).await?;
    }
    device.synced().await?;
    let fresh = stage.device("B", Language::En, &server.url())?;
    fresh.open("").await?;
    fresh.served_offline().await?;
    server.kill()?;
    device.add_customer(&NewCustomer { name: "Never Sent", ..NewCustomer::default() }).await?;
    device.something_waits().await?;
    let file = device.back_up(&stage.folder().join("kept")).await?;
    let bytes = fs::read(&file)?;
    let size = bytes.len();
    shown(&format!("three customers, one of them unsent, became a file of {size} bytes"));
    device.close().await?;
    fs::remove_dir_all(device.profile())?;
    let cut = stage.folder().join("cut.satchel");
    fs::write(&cut, &bytes[..size / 2])?;
    fresh.choose_backup(&code, PASSPHRASE, &cut).await?;
    let place = format!("{},{:03}", size / 2 / 1_000, size / 2 % 1_000);
    let said = fresh.words().filled("backup.fault.cut", &[("at", &place)])?;
    fresh.see_within(&said, LONG).await?;
    shown(&format!("a file that was cut in half is refused, with the place: \"{said}\""));
    fresh.press(fresh.word("backup.restore.another")?).await?;
    fresh.attach(&[&file]).await?;
    let lines = fresh.restore().await?;
    let customers = format!("{} 3 3", fresh.word("backup.kind.partner")?);
    ensure(lines.iter().any(|line| line.starts_with(&customers)), || format!("the preview said {lines:?}"))?;
    fresh.search_finds("Never", &["Never Sent"]).await?;
    fresh.customers_are(3).await?;
    fresh.something_waits().await?;
    shown("another profile, with the server gone: three shown before, three here, the unsent one waiting");
    server.again()?;
    fresh.synced().await?;
    shown("the server came back, and what was unsent went out by itself");
    Ok(Verdict::Shown)
}

const LEFT: &str = "
const done = arguments[arguments.length - 1];
(async () => {
  const left = Object.keys(localStorage).filter(key => localStorage[key].includes(arguments[0]));
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((ok, no) => { const open = indexedDB.open(name); open.onsuccess = () => ok(open.result); open.onerror = no; });
    for (const store of db.objectStoreNames) {
      const count = await new Promise(ok => { db.transaction(store).objectStore(store).count().onsuccess = event => ok(event.target.result); });
      if (count > 0) left.push(`${name}/${store}: ${count}`);
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      if (new URL(request.url).pathname.includes('/v1/')) left.push(request.url);
    }
  }
  done(left);
})();";

/// Removing is refused while something is nowhere else; afterwards nothing of it is left.
pub(crate) async fn a_removed_workspace_leaves_nothing_and_loses_nothing_unsaid(
    stage: &Stage,
) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::Zh, &server.url())?;
    device.open("").await?;
    device.create_workspace("Harbour", PASSPHRASE).await?;
    device.synced().await?;
    server.kill()?;
    device.add_customer(&NewCustomer { name: "Never Sent", ..NewCustomer::default() }).await?;
    device.something_waits().await?;
    device.go("/backup").await?;
    device.press(device.word("backup.remove.go")?).await?;
    device.see_within(device.word("errors.unsent.what")?, LONG).await?;
    shown("with something unsent, removing is refused");
    let again = spot("button", device.word("backup.remove.again")?);
    device.tap(&again).await?;
    device.see(device.word("errors.unsent.what")?).await?;
    shown("also where it is only said that it was saved");
    device.remove_and_lose().await?;
    let left = device.script_async(LEFT, vec!["Harbour".into()]).await?;
    ensure(left.as_array().is_some_and(Vec::is_empty), || format!("left behind: {left}"))?;
    note("looked through IndexedDB, the caches and local storage");
    shown("with the word typed it is gone, and nothing of it is left");
    Ok(Verdict::Shown)
}

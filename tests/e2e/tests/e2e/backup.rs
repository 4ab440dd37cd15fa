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

/// What lies in the device's own data is overwritten, as by a disk that fails.
const DAMAGE: &str = "
const done = arguments[0];
(async () => {
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((ok, no) => { const open = indexedDB.open(name); open.onsuccess = () => ok(open.result); open.onerror = no; });
    if (db.objectStoreNames.contains('meta')) {
      const meta = db.transaction('meta', 'readwrite').objectStore('meta');
      await new Promise(ok => { meta.put(new Uint8Array([1, 2, 3]), 'device').onsuccess = ok; });
    }
    db.close();
  }
  done(true);
})();";

/// A store that cannot be opened is saved as it lies there; joined again, the workspace takes in what was in it and
/// never sent. And a backup opens by the recovery code, where the passphrase is forgotten (R104).
pub(crate) async fn what_was_rescued_and_what_a_recovery_code_opens_come_back(
    stage: &Stage,
) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    let code = device.create_workspace("Harbour", PASSPHRASE).await?;
    device.add_customer(&NewCustomer { name: "Ingrid Solheim", ..NewCustomer::default() }).await?;
    device.synced().await?;
    let recovery = device.make_recovery_code(PASSPHRASE).await?;
    device.synced().await?;
    server.kill()?;
    device.add_customer(&NewCustomer { name: "Never Sent", ..NewCustomer::default() }).await?;
    device.something_waits().await?;
    let file = device.back_up(&stage.folder().join("kept")).await?;
    device.lock().await?;
    device.script_async(DAMAGE, vec![]).await?;
    device.reload().await?;
    device.press(device.word("shell.rescue.save")?).await?;
    let rescued = device.downloaded(&stage.folder().join("kept"), "bin").await?;
    shown("a store whose own data is damaged was saved as it lies there");
    server.again()?;
    device.tap_css(".rescue-j input[type=checkbox]").await?;
    device.press(device.word("shell.rescue.over.discard")?).await?;
    device.rescue("", &code, PASSPHRASE).await?;
    device.customers_are(1).await?;
    device.go("/backup").await?;
    device.attach(&[&rescued]).await?;
    device.press(device.word("backup.look.merge")?).await?;
    device.see_within(device.word("backup.done.title")?, LONG).await?;
    device.search_finds("Never", &["Never Sent"]).await?;
    device.synced().await?;
    shown("joined again, it took in what had never been sent, and sent it");
    let fresh = stage.device("B", Language::En, &server.url())?;
    fresh.open("").await?;
    fresh.choose_backup(&code, &recovery, &file).await?;
    fresh.restore().await?;
    fresh.search_finds("Never", &["Never Sent"]).await?;
    shown("a backup opened by the recovery code in place of the passphrase");
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
    device.press(device.word("backup.remove.sure")?).await?;
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

//! The sync centre as a person uses it: questions settled both ways and taken back, what was set aside, what was
//! verified; and a device whose data the browser threw away.

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::server::Server;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use std::sync::Arc;
use thirtyfour::Key;

const PASSPHRASE: &str = "muschel leiter sommer 58";
const CUSTOMER: &str = "Anna Brandt";

/// Two fields were changed on two devices: each answer puts its value in place on both, and each can be taken back.
pub(crate) async fn a_review_is_settled_both_ways_and_taken_back(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (a, b) = pair(stage, &server).await?;
    let merged = torn(&a, &b, &server).await?;
    let other = if Arc::ptr_eq(&merged, &a) { &b } else { &a };
    let (mine, theirs) = if Arc::ptr_eq(&merged, &a) { ("A's", "B's") } else { ("B's", "A's") };
    merged.go("/sync").await?;
    merged.see(&merged.words().filled("sync.review.title", &[("count", "2")])?).await?;
    let settled = merged.word("sync.review.settled")?;
    merged.tap(&spot("button", merged.word("sync.review.keep_theirs")?)).await?;
    questions(&merged, 1).await?;
    merged.undo(settled).await?;
    questions(&merged, 2).await?;
    shown("one answer is taken back: both questions stand again");
    merged.hide_toasts().await?;
    merged.press(merged.word("sync.review.all_theirs")?).await?;
    merged.see_within(settled, SOON).await?;
    stands(&merged, theirs).await?;
    stands(other, theirs).await?;
    shown("all of theirs at a tap: both fields, on both devices");
    merged.undo(settled).await?;
    merged.hide_toasts().await?;
    merged.go("/sync").await?;
    questions(&merged, 2).await?;
    merged.press(merged.word("sync.review.all_mine")?).await?;
    merged.see_gone(merged.word("sync.review.all_mine")?).await?;
    stands(&merged, mine).await?;
    stands(other, mine).await?;
    shown("taken back and answered the other way: mine, on both devices");
    put_away(&a, &b).await?;
    Ok(Verdict::Shown)
}

/// An edit that was put away changes what was typed in it, and nothing that the other device changed since (R111).
async fn put_away(a: &Device, b: &Device) -> Outcome {
    a.open_customer(CUSTOMER).await?;
    a.edit_customer().await?;
    a.fill(a.word("customer.form.note")?, "typed before").await?;
    a.see(a.word("customer.form.kept")?).await?;
    a.key(Key::Escape + "").await?;
    a.sheet_closed().await?;
    b.open_customer(CUSTOMER).await?;
    b.edit_customer().await?;
    b.fill(b.word("customer.form.position")?, "changed since").await?;
    b.save_customer().await?;
    a.tab("customer.tab_details").await?;
    a.see_within("changed since", LONG).await?;
    a.edit_customer().await?;
    a.see_at(&spot("button", a.word("common.draft_afresh")?), SOON).await?;
    a.save_customer().await?;
    b.tab("customer.tab_details").await?;
    for device in [a, b] {
        device.see_within("typed before", LONG).await?;
        device.see("changed since").await?;
    }
    shown("a draft of days ago leaves alone what the other device changed since");
    Ok(())
}

async fn pair(stage: &Stage, server: &Server) -> Outcome<(Arc<Device>, Arc<Device>)> {
    let a = stage.device("A", Language::En, &server.url())?;
    let b = stage.device("B", Language::En, &server.url())?;
    a.open("").await?;
    let code = a.create_workspace("Review", PASSPHRASE).await?;
    a.add_customer(&NewCustomer { name: CUSTOMER, ..NewCustomer::default() }).await?;
    a.synced().await?;
    b.open("").await?;
    b.join_workspace(&code, PASSPHRASE).await?;
    b.open_customer(CUSTOMER).await?;
    b.synced().await?;
    Ok((a, b))
}

/// Both change the same two fields while the server is away. Ends with the device that merged.
async fn torn(a: &Arc<Device>, b: &Arc<Device>, server: &Server) -> Outcome<Arc<Device>> {
    server.kill()?;
    for (device, whose) in [(a, "A's"), (b, "B's")] {
        device.edit_customer().await?;
        device.fill(device.word("customer.form.position")?, &format!("{whose} position")).await?;
        device.fill(device.word("customer.form.note")?, &format!("{whose} note")).await?;
        device.save_customer().await?;
        device.hide_toasts().await?;
    }
    server.again()?;
    let asks = async |device: &Device| -> Outcome<bool> {
        let words = device.words().filled("shell.sync.review", &[("count", "2")])?;
        Ok(device.sync_word().await? == words)
    };
    let look = async || {
        Ok(match (asks(a).await?, asks(b).await?) {
            (true, _) => Some(Arc::clone(a)),
            (_, true) => Some(Arc::clone(b)),
            _ => None,
        })
    };
    until(LONG, || "two questions on one of the two".to_owned(), look).await
}

async fn questions(device: &Device, count: usize) -> Outcome {
    device.texts_until(".rev-f", SOON, |asked| asked.len() == count).await.map(drop)
}

/// Waits until both fields of the customer are as one device wrote them.
async fn stands(device: &Device, whose: &str) -> Outcome {
    device.open_customer(CUSTOMER).await?;
    device.tab("customer.tab_details").await?;
    device.see_within(&format!("{whose} position"), LONG).await?;
    device.see_within(&format!("{whose} note"), LONG).await
}

/// Flips a byte in the middle of the seal of the only row.
const FLIP: &str = "
const done = arguments[arguments.length - 1];
(async () => {
    const named = (await indexedDB.databases()).find(({ name }) => name.startsWith('satchel-') && name.length > 20);
    const db = await new Promise((resolve, reject) => {
        const opening = indexedDB.open(named.name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
    });
    const rows = db.transaction('rows', 'readwrite').objectStore('rows');
    const cursor = rows.openCursor();
    cursor.onsuccess = () => {
        const bytes = cursor.result.value;
        const place = bytes.length >> 1;
        bytes[place] ^= 1;
        cursor.result.update(bytes).onsuccess = () => { db.close(); done(place); };
    };
})().catch((error) => done(String(error)));";

/// R111: a record that was never sent and does not open any more is told and kept, and the rest goes on.
pub(crate) async fn what_is_lost_before_it_was_sent_is_told_until_it_is_put_away(
    stage: &Stage,
) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Damaged", PASSPHRASE).await?;
    device.synced().await?;
    device.go("/sync").await?;
    device.see_within(device.word("sync.head.verified")?, LONG).await?;
    shown(&format!("compared with the server: \"{}\"", device.word("sync.head.verified")?));
    server.kill()?;
    device.add_customer(&NewCustomer { name: CUSTOMER, ..NewCustomer::default() }).await?;
    device.something_waits().await?;
    flip(&device).await?;
    // The open app must not offer it once the server is back.
    device.browser().await?.goto("about:blank").await?;
    server.again()?;
    device.open_unlocked("sync", PASSPHRASE).await?;
    let one = device.words().filled("sync.lost.title", &[("count", "1")])?;
    device.see_within(&one, LONG).await?;
    device.see(&device.words().filled("sync.lost.nameless", &[("count", "1")])?).await?;
    device.see(device.word("sync.lost.kept")?).await?;
    shown(&format!("unlocked past it, and told: \"{one}\""));
    device.add_customer(&NewCustomer { name: CUSTOMER, ..NewCustomer::default() }).await?;
    device.go("/sync").await?;
    let verified = device.words().filled("sync.verified", &[("count", "1"), ("time", "")])?;
    device.see_within(verified.trim_end(), LONG).await?;
    device.see(&one).await?;
    shown("entered again, it goes out; the notice stays");
    device.press(device.word("sync.lost.put_away")?).await?;
    device.see_gone(&one).await?;
    device.reload().await?;
    device.unlock(PASSPHRASE).await?;
    device.synced().await?;
    device.search_finds(CUSTOMER, &[CUSTOMER]).await?;
    shown("put away, it is gone, also after loading anew");
    Ok(Verdict::Shown)
}

async fn flip(device: &Device) -> Outcome {
    let flipped = device.script_async(FLIP, vec![]).await?;
    ensure(flipped.as_u64().is_some_and(|place| place > 100), || format!("no row to flip: {flipped}"))
}

/// Deletes every database of the app, as a browser that needs the room.
const EVICT: &str = "
const done = arguments[arguments.length - 1];
(async () => {
    for (const { name } of await indexedDB.databases()) {
        await new Promise((resolve) => { indexedDB.deleteDatabase(name).onsuccess = resolve; });
    }
    done(true);
})();";

/// The browser throws the data away under an open app: said, with what is lost, and joined again right there.
pub(crate) async fn a_device_whose_data_is_gone_joins_again(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    let code = device.create_workspace("Evicted", PASSPHRASE).await?;
    device.add_customer(&NewCustomer { name: CUSTOMER, ..NewCustomer::default() }).await?;
    device.synced().await?;
    server.kill()?;
    device.add_customer(&NewCustomer { name: "Never Sent", ..NewCustomer::default() }).await?;
    device.waiting(1).await?;
    device.script_async(EVICT, vec![]).await?;
    server.again()?;
    device.reload().await?;
    device.see_within(device.word("shell.rescue.lost.title")?, LONG).await?;
    device.see(&device.words().filled("shell.rescue.lost.some", &[("count", "1")])?).await?;
    shown("the database is gone: what happened, and that one record had not been sent");
    device.fill(device.word("onboarding.code")?, &code).await?;
    device.fill(device.word("common.passphrase")?, PASSPHRASE).await?;
    device.press(device.word("onboarding.join_do")?).await?;
    device.at_work().await?;
    device.synced().await?;
    device.search_finds(CUSTOMER, &[CUSTOMER]).await?;
    shown("joined again on the same screen: what had been synced is back");
    device.script_async(EVICT, vec![]).await?;
    device.go("/sync").await?;
    device.press(device.word("sync.now")?).await.ok();
    device.see_within(device.word("shell.rescue.lost.title")?, LONG).await?;
    device.see(device.word("shell.rescue.lost.nothing")?).await?;
    shown("thrown away under the open app: the same screen without a reload, and nothing lost");
    Ok(Verdict::Shown)
}

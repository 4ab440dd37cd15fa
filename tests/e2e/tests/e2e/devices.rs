//! Two devices, one workspace, a server that comes and goes; and nothing of it in clear anywhere.

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::{note, shown};
use satchel_e2e::server::Server;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict, canary};
use std::sync::Arc;

const PASSPHRASE: &str = "Qvexlintharp ombre juniper 77";
const WORKSPACE: &str = "Kestrelwharf-Depot";
/// Long and random enough to lie in a file in one piece, however it is packed.
const CANARIES: [&str; 8] = [
    "Qvexlintharp",
    "Zorbulandrine",
    "Frimpelstock",
    "Wexyjobbering",
    "Plontikavour",
    "嵇鹓雏",
    "squibbendale@example.org",
    "0449907318265",
];

/// Everything offline, through a closed browser; then out by itself, to a second device and back, with
/// concurrent edits and a server killed in the middle (R108, R109, R112, R113, R137).
pub(crate) async fn two_devices_agree(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let a = stage.device("A", Language::En, &server.url())?;
    let b = stage.device("B", Language::Zh, &server.url())?;
    a.open("").await?;
    let code = a.create_workspace(WORKSPACE, PASSPHRASE).await?;
    a.synced().await?;
    offline(&a, &server).await?;
    goes_out(&a, &server).await?;
    joins(&b, &code).await?;
    live_both_ways(&a, &b).await?;
    different_fields(&a, &b, &server).await?;
    same_field(&a, &b, &server).await?;
    nothing_in_clear(&server, [&a, &b]).await?;
    Ok(Verdict::Shown)
}

/// With the server killed: changes, a closed browser, and all of it there again, waiting.
async fn offline(a: &Device, server: &Server) -> Outcome {
    server.kill()?;
    let zorbu = NewCustomer {
        name: "Zorbulandrine Frimpelstock",
        phone: "0449907318265",
        mail: "squibbendale@example.org",
        note: "asked for Wexyjobbering in blue",
        ..NewCustomer::default()
    };
    a.add_customer(&zorbu).await?;
    a.see(a.word("customer.form.saved")?).await?;
    a.add_customer(&NewCustomer { name: "嵇鹓雏", organisation: true, ..NewCustomer::default() }).await?;
    a.log_visit("vocabulary.outcome.interested").await?;
    a.something_waits().await?;
    shown(&format!("offline: three records say \"{}\" and wait", a.word("common.saved_here")?));
    a.close().await?;
    a.open("").await?;
    a.at_lock().await?;
    // Made visible, a passphrase is an ordinary field to the browser, which must not remember it.
    a.press(a.word("common.show_passphrase")?).await?;
    a.fill(a.word("common.passphrase")?, PASSPHRASE).await?;
    a.reload().await?; // a page that is left is what it remembers most surely
    a.at_lock().await?;
    a.press(a.word("common.show_passphrase")?).await?;
    a.unlock(PASSPHRASE).await?;
    a.customers_are(2).await?;
    a.waiting(3).await?;
    a.open_customer("嵇鹓雏").await?;
    a.tab("customer.tab_timeline").await?;
    a.entry_has(a.word("vocabulary.mark.waiting")?).await?;
    a.go("/sync").await?;
    a.see(&a.words().filled("sync.head.waiting", &[("count", "3")])?).await?;
    shown("closed and opened again offline: all there, 3 waiting, the visit marked so");
    Ok(())
}

async fn goes_out(a: &Device, server: &Server) -> Outcome {
    server.again()?;
    a.synced().await?;
    shown("the server came back: they went out by themselves");
    Ok(())
}

async fn joins(b: &Device, code: &str) -> Outcome {
    b.open("").await?;
    b.join_workspace(code, PASSPHRASE).await?;
    b.customers_are(2).await?;
    b.open_customer("嵇鹓雏").await?;
    b.tab("customer.tab_timeline").await?;
    b.entries_are(1).await?;
    b.synced().await?;
    shown("a second device joined in Chinese with the device code and sees them");
    Ok(())
}

/// Each sees what the other does, without a reload.
async fn live_both_ways(a: &Device, b: &Device) -> Outcome {
    b.add_customer(&NewCustomer { name: "Plontikavour AG", organisation: true, ..NewCustomer::default() })
        .await?;
    b.synced().await?;
    a.search("").await?;
    let listed = |names: &[String]| names.iter().any(|name| name == "Plontikavour AG");
    a.texts_until(".cust .cust-n b", LONG, listed).await?;
    a.open_customer("Plontikavour AG").await?;
    a.log_visit("vocabulary.outcome.agreed").await?;
    b.tab("customer.tab_timeline").await?;
    until(LONG, || "A's visit on B".to_owned(), async || Ok((b.entries().await?.len() == 1).then_some(())))
        .await?;
    shown("what one does, the other sees live");
    Ok(())
}

/// Both offline, different fields of one customer: both survive.
async fn different_fields(a: &Device, b: &Device, server: &Server) -> Outcome {
    for device in [a, b] {
        device.open_customer("Zorbulandrine Frimpelstock").await?;
        device.synced().await?;
    }
    server.kill()?;
    edit(a, "customer.form.position", "Head of purchasing").await?;
    edit(b, "customer.form.note", "prefers the orchard entrance").await?;
    server.again()?;
    for device in [a, b] {
        device.synced().await?;
        device.tab("customer.tab_details").await?;
        device.see_within("Head of purchasing", LONG).await?;
        device.see_within("orchard entrance", LONG).await?;
    }
    shown("concurrent edits of different fields both survive, on both devices (R108)");
    Ok(())
}

/// Both offline, the same field: the later wins, and one review appears where it was merged.
async fn same_field(a: &Device, b: &Device, server: &Server) -> Outcome {
    server.kill()?;
    edit(a, "customer.form.position", "Earlier title").await?;
    edit(b, "customer.form.position", "Later title").await?;
    server.again()?;
    let to_review = async |device: &Device| -> Outcome<bool> {
        let words = device.words().filled("shell.sync.review", &[("count", "1")])?;
        Ok(device.sync_word().await? == words)
    };
    let both = [a, b];
    let look = async || Ok((to_review(a).await? || to_review(b).await?).then_some(()));
    until(LONG, || "a review on one of the two".to_owned(), look).await?;
    for device in both {
        device.go("/customers").await?;
        device.open_customer("Zorbulandrine Frimpelstock").await?;
        device.tab("customer.tab_details").await?;
        device.see_within("Later title", LONG).await?;
    }
    let reviews = [to_review(a).await?, to_review(b).await?];
    ensure(reviews.iter().filter(|one| **one).count() == 1, || format!("reviews on A and B: {reviews:?}"))?;
    let merged = if reviews[0] { a } else { b };
    merged.go("/sync").await?;
    for value in ["Earlier title", "Later title"] {
        merged.see(value).await?;
    }
    shown(
        "of the same field the later stands on both, and one review with both values on the one that merged",
    );
    merged.press(merged.word("sync.review.keep_mine")?).await?;
    merged.see_gone("Earlier title").await.or(merged.synced().await)?;
    merged.synced().await?;
    shown("settled with a tap");
    Ok(())
}

async fn edit(device: &Device, label: &str, text: &str) -> Outcome {
    device.edit_customer().await?;
    device.fill(device.word(label)?, text).await?;
    device.save_customer().await
}

/// The server's files and both profiles, byte by byte: no name, no note, no number, no passphrase.
async fn nothing_in_clear(server: &Server, devices: [&Arc<Device>; 2]) -> Outcome {
    for device in devices {
        device.close().await?;
    }
    server.kill()?;
    let mut found = Vec::new();
    for folder in [server.data(), devices[0].profile(), devices[1].profile()] {
        let search = canary::search(folder, &CANARIES)?;
        note(&format!("{}: {} files, {} bytes", folder.display(), search.files, search.bytes));
        ensure(search.files > 0, || format!("{} is empty", folder.display()))?;
        found.extend(search.found);
    }
    ensure(found.is_empty(), || format!("in clear: {found:?}"))?;
    // The search itself is shown by the one name that is kept in clear (for the lock screen).
    for device in devices {
        let search = canary::search(device.profile(), &[WORKSPACE])?;
        ensure(!search.found.is_empty(), || "the search does not find what lies in clear".to_owned())?;
    }
    shown(
        "no canary in the server's files nor in either profile; the workspace's name, which is in clear, is found",
    );
    Ok(())
}

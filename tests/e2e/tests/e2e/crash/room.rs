//! A device runs out of room in the middle of long work, and is given room again.

use super::{PASSPHRASE, agree, found, join};
use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::LONG;
use satchel_e2e::say::{note, shown};
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict, samples};
use serde_json::json;

const ROWS: usize = 12_000;
/// Bytes of each one's note.
const NOTE: usize = 1_024;
/// What is left when it gets tight, in bytes: some of the work fits.
const LEFT: u64 = 12_000_000;

/// No room during an import and during a first sync: said, what is there stays and can be used, and with
/// room again both are finished.
pub(crate) async fn long_work_goes_on_with_room_again(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (a, code) = found(stage, "A", &server.url()).await?;
    a.synced().await?;
    importing(stage, &a).await?;
    pulling(stage, &server.url(), &a, &code).await?;
    let fresh = join(stage, "C", &server, &code).await?;
    fresh.customers_are(ROWS).await?;
    Ok(Verdict::Shown)
}

async fn importing(stage: &Stage, device: &Device) -> Outcome {
    let file = samples::numbered(&stage.folder().join("files"), "Full", ROWS, NOTE)?;
    device.served_offline().await?;
    tight(device, Some(device.used().await? + LEFT)).await?;
    device.open_unlocked("", PASSPHRASE).await?;
    device.inspect(&[&file], LONG).await?;
    let counts = device.bring_in(LONG).await?;
    device.see(device.word("errors.storage_full.what")?).await?;
    device.see(device.word("import.report.failed")?).await?;
    ensure(counts.created < ROWS, || format!("no room, and yet {counts:?}"))?;
    device.customers_are(counts.created).await?;
    note(&format!(
        "no room after {} of {ROWS} rows: \"{}\"",
        counts.created,
        device.word("errors.storage_full.what")?
    ));
    tight(device, None).await?;
    device.open_unlocked("", PASSPHRASE).await?;
    device.customers_are(counts.created).await?;
    let again = device.import(&[&file]).await?;
    ensure(again.created + counts.created == ROWS, || format!("{counts:?}, and with room {again:?}"))?;
    device.customers_are(ROWS).await?;
    device.synced().await?;
    shown("an import that had no room is finished with room again, and doubles nothing");
    Ok(())
}

async fn pulling(stage: &Stage, home: &str, a: &Device, code: &str) -> Outcome {
    let b = stage.device_with("B", Language::En, home, super::BREAKABLE)?;
    b.open("").await?;
    b.served_offline().await?;
    tight(&b, Some(b.used().await? + LEFT)).await?;
    b.open("").await?;
    b.join_workspace(code, PASSPHRASE).await?;
    b.go("/sync").await?;
    let words = b.word("sync.trouble.device_full")?;
    b.see_within(words, LONG).await?;
    let kept = b.customer_count().await?;
    ensure(kept < ROWS, || "everything had room".to_owned())?;
    note(&format!("no room after {kept} of {ROWS} customers: \"{words}\""));
    tight(&b, None).await?;
    b.open_unlocked("sync", PASSPHRASE).await?;
    b.synced().await?;
    b.customers_are(ROWS).await?;
    agree(a, &b).await?;
    shown("a first sync that had no room is finished with room again");
    Ok(())
}

/// Starts the browser anew with so much room in all: a browser remembers for a while how much there was.
async fn tight(device: &Device, bytes: Option<u64>) -> Outcome {
    device.close().await?;
    device.start().await?;
    let origin = device.home().trim_end_matches('/');
    let room = match bytes {
        Some(bytes) => json!({ "origin": origin, "quotaSize": bytes }),
        None => json!({ "origin": origin }),
    };
    device.cdp("Storage.overrideQuotaForOrigin", room).await.map(drop)
}

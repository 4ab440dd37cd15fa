//! Backups that go into a folder by themselves: when they are due, in one of two tabs, and whatever happens to the folder.

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, spot};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use std::fs;

const PASSPHRASE: &str = "kompass weide trommel 82";
/// How many files are kept.
const KEPT: usize = 5;

/// A folder is chosen and filled; what is in it restores a wiped profile (R103, R104).
pub(crate) async fn backups_go_into_a_folder_by_themselves(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    let code = device.create_workspace("Harbour", PASSPHRASE).await?;
    device.add_customer(&NewCustomer { name: "Ingrid Solheim", ..NewCustomer::default() }).await?;
    device.synced().await?;
    device.has_a_folder().await?;
    device.open_unlocked("backup", PASSPHRASE).await?;
    device.press(device.word("backup.folder.choose")?).await?;
    device.files_in_folder(1).await?;
    device.see_gone(device.word("backup.never")?).await?;
    files_kept(&device, 1).await?;
    shown("a folder was chosen, has a first file, and the page says so at once");
    by_themselves(&device).await?;
    only_so_many(&device).await?;
    trouble(&device).await?;
    server.kill()?;
    device.add_customer(&NewCustomer { name: "Never Sent", ..NewCustomer::default() }).await?;
    device.something_waits().await?;
    let before = device.in_folder().await?;
    write_now(&device).await?;
    // What went with the folder counts as kept until it is its turn: nothing is deleted for this one.
    let after = device.files_in_folder(before.len() + 1).await?;
    let newest = after.iter().find(|name| !before.contains(*name)).ok_or("nothing new in the folder")?;
    let file = stage.folder().join("kept.satchel");
    device.out_of_folder(newest, &file).await?;
    server.again()?;
    let fresh = stage.device("B", Language::Zh, &server.url())?;
    fresh.open("").await?;
    device.close().await?;
    fs::remove_dir_all(device.profile())?;
    fresh.choose_backup(&code, PASSPHRASE, &file).await?;
    fresh.restore().await?;
    fresh.search_finds("Never", &["Never Sent"]).await?;
    fresh.synced().await?;
    shown("a file out of the folder brought a wiped profile back, with what was never sent");
    Ok(Verdict::Shown)
}

/// At unlocking, and with two tabs open only once.
async fn by_themselves(device: &Device) -> Outcome {
    device.folder_ages().await?;
    device.files_in_folder(2).await?;
    shown("two days later another one is written, without a touch");
    let first = device.tab_now().await?;
    device.new_tab().await?;
    device.has_a_folder().await?;
    device.open_unlocked("backup", PASSPHRASE).await?;
    device.see(device.word("backup.folder.now")?).await?;
    // Both tabs hear of it: this one from itself, the other one from the storage that they share.
    device.folder_ages().await?;
    device.files_in_folder(3).await?;
    device.browser().await?.close_window().await?;
    device.turn_to(&first).await?;
    device.files_in_folder(3).await?;
    shown("with two tabs open one file is written, not two");
    device.lock().await?;
    device.folder_ages().await?;
    device.unlock(PASSPHRASE).await?;
    device.files_in_folder(4).await?;
    shown("and one after unlocking");
    Ok(())
}

/// The newest stay; what Satchel did not write stays too.
async fn only_so_many(device: &Device) -> Outcome {
    let mine = ["holiday.txt", "satchel-2020-01-01-0000.satchel"];
    for name in mine {
        device.put_into_folder(name).await?;
    }
    device.folder_ages().await?;
    device.files_in_folder(KEPT + mine.len()).await?;
    for _ in 0..2 {
        write_now(device).await?;
    }
    let after = device.files_in_folder(KEPT + mine.len()).await?;
    let left = |name: &&str| after.iter().any(|left| left == name);
    ensure(mine.iter().all(left), || format!("left of {mine:?}: {after:?}"))?;
    shown("the newest five are kept, and files of others are left alone");
    let last = device.folder_last().await?;
    let older = after.iter().find(|name| **name != last && !mine.contains(&name.as_str()));
    device.take_from_folder(older.ok_or("no older file")?).await?;
    device.go("/").await?;
    device.go("/backup").await?;
    files_kept(device, KEPT - 1).await?;
    write_now(device).await?;
    device.files_in_folder(KEPT + mine.len()).await?;
    files_kept(device, KEPT).await?;
    shown("a file that somebody took away is not counted, and another one takes its turn");
    Ok(())
}

/// No permission, no room, no folder: said plainly, mended with a tap, and never half a file.
async fn trouble(device: &Device) -> Outcome {
    let before = device.in_folder().await?;
    device.go("/").await?;
    device.folder_is("withdrawn", true).await?;
    device.folder_ages().await?;
    device.see_within(device.word("backup.folder.due_allow")?, LONG).await?;
    device.tap_css(".backup-due").await?;
    device.see_gone(device.word("backup.folder.due_allow")?).await?;
    device.files_in_folder(before.len()).await?;
    device.go("/backup").await?;
    device.see_gone(device.word("backup.folder.trouble.permission")?).await?;
    shown("the permission was withdrawn, and one tap gave it again");
    let before = device.in_folder().await?;
    device.folder_is("full", true).await?;
    device.press(device.word("backup.folder.now")?).await?;
    device.see_within(device.word("backup.folder.trouble.full")?, LONG).await?;
    let after = device.files_in_folder(before.len()).await?;
    ensure(after == before, || format!("a full folder holds {after:?} in place of {before:?}"))?;
    device.folder_is("full", false).await?;
    shown("a full folder is named, and holds no half file");
    device.remove_folder().await?;
    device.press(device.word("backup.folder.now")?).await?;
    device.see_within(device.word("backup.folder.trouble.gone")?, LONG).await?;
    device.in_folder().await?;
    write_now(device).await?;
    device.see_gone(device.word("backup.folder.trouble.gone")?).await?;
    device.files_in_folder(1).await?;
    shown("a folder that is gone is named; when it is back it is written into");
    Ok(())
}

/// Waits until the page says that so many files are kept.
async fn files_kept(device: &Device, count: usize) -> Outcome {
    let words = device.words().filled("backup.folder.last", &[("count", &count.to_string())])?;
    let end = words.rsplit("}}").next().unwrap_or_default().trim().to_owned();
    let told = |texts: &[String]| texts.iter().any(|text| text.ends_with(&end));
    device.texts_until(".set .row-b span", LONG, told).await.map(drop)
}

async fn write_now(device: &Device) -> Outcome {
    device.go("/backup").await?;
    let before = device.folder_last().await?;
    device.tap(&spot("button", device.word("backup.folder.now")?)).await?;
    device.folder_wrote_after(&before).await
}

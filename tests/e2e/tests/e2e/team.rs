//! Several people in one workspace: invited by link, each within her role, and out again.

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const OWNER: &str = "walnut ferry copper 31";
const EDITOR: &str = "marble thistle canyon 47";
const VIEWER: &str = "pepper anchor velvet 52";

/// Keeps what the page says to its engine, so that a test can say it again where the page would not.
const TAMPER: &str = "
    const Real = Worker;
    self.said = [];
    self.Worker = class extends Real {
        constructor(...where) { super(...where); self.engine = this; }
        postMessage(message, ...rest) {
            if (message.bytes) self.said.push([...message.bytes]);
            super.postMessage(message, ...rest);
        }
    };";

/// An owner invites an editor and a viewer by link. Both read what was there; what the editor writes arrives; the
/// viewer is shown nothing that writes, and her engine refuses a page that was tampered with. As soon as her role is another one
/// she writes, without loading the page anew; and everybody's history names who wrote.
pub(crate) async fn people_join_by_link_and_keep_to_their_roles(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = |name, language| stage.device(name, language, &server.url());
    let (owner, editor) = (device("owner", Language::En)?, device("editor", Language::Zh)?);
    let viewer = device("viewer", Language::En)?;
    begin(&owner).await?;
    let first = owner.invite(Some("Olga"), "editor", "Emma from the office").await?;
    owner.see("Emma from the office").await?;
    let second = owner.invite(None, "viewer", "").await?;
    tamper(&editor).await?;
    editor.open_invitation(&first).await?;
    editor.see("Olga").await?;
    editor.accept("Emma", EDITOR).await?;
    editor.customers_are(1).await?;
    tamper(&viewer).await?;
    viewer.open_invitation(&second).await?;
    viewer.accept("Vera", VIEWER).await?;
    viewer.customers_are(1).await?;
    shown("both came in by a link whose secret left the address bar, and read what was there");
    customer(&editor, "Percival Stone").await?;
    owner.customers_are(2).await?;
    viewer.customers_are(2).await?;
    shown("what the editor writes arrives with both");
    only_reads(&viewer).await?;
    tampered(&editor, &viewer).await?;
    owner.customers_are(3).await?;
    owner.give_role("Vera", "editor", None).await?;
    viewer.go("/customers").await?;
    viewer.see_at(&spot("button", viewer.word("customers.new")?), LONG).await?;
    customer(&viewer, "Theodora Finch").await?;
    owner.customers_are(4).await?;
    shown("her role changed while the app was open, and she writes");
    told_by_name(&owner, &editor).await?;
    compared(&owner, &editor).await?;
    Ok(Verdict::Shown)
}

/// Two people lay their devices side by side: both show the same two lines, whatever their language, and the device
/// on which that is noted remembers it.
async fn compared(owner: &Device, editor: &Device) -> Outcome {
    let mut seen = Vec::new();
    for (device, other) in [(owner, "Emma"), (editor, "Olga")] {
        device.open_member(other).await?;
        device.press(device.word("team.compare.show")?).await?;
        seen.push(device.texts_until(".team-d", SOON, |lines| lines.len() == 2).await?);
    }
    ensure(seen[0] == seen[1] && seen[0][0] != seen[0][1], || format!("not the same two lines: {seen:?}"))?;
    owner.press(owner.word("team.compare.same")?).await?;
    let noted = owner.words().filled("team.compare.done", &[("name", "Emma")])?;
    owner.see(&noted).await?;
    for device in [owner, editor] {
        device.press(device.word("common.close")?).await?;
    }
    owner.open_member("Emma").await?;
    owner.see(&noted).await?;
    owner.press(owner.word("common.close")?).await?;
    shown(&format!("compared in person: both show {}", seen[0].join(" and ")));
    Ok(())
}

/// An owner with a customer, and an editor who joined by a link and has it.
async fn owner_and_editor(stage: &Stage, url: &str) -> Outcome<(Arc<Device>, Arc<Device>)> {
    let device = |name, language| stage.device(name, language, url);
    let (owner, editor) = (device("owner", Language::En)?, device("editor", Language::Zh)?);
    begin(&owner).await?;
    editor.open_invitation(&owner.invite(Some("Olga"), "editor", "").await?).await?;
    editor.accept("Emma", EDITOR).await?;
    editor.customers_are(1).await?;
    Ok((owner, editor))
}

/// An editor is removed while she is away with unsent work. She is told, her work stays, can be saved and does not
/// enter; what is written after her removal does not reach her.
pub(crate) async fn who_was_removed_is_told_and_keeps_her_work(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (owner, editor) = owner_and_editor(stage, &server.url()).await?;
    editor.synced().await?;
    server.kill()?;
    customer(&editor, "Quentin Unsent").await?;
    editor.something_waits().await?;
    editor.close().await?;
    server.again()?;
    owner.go("/").await?;
    owner.synced().await?;
    owner.remove_member("Emma", OWNER).await?;
    customer(&owner, "Later Secret").await?;
    owner.synced().await?;
    shown("removed while she was away; a new key is in use");
    editor.open("").await?;
    editor.at_lock().await?;
    editor.try_passphrase(EDITOR).await?;
    editor.see_within(editor.word("team.removed.title")?, LONG).await?;
    let unsent = editor.words().filled("team.removed.unsent", &[("count", "1")])?;
    editor.see(&unsent).await?;
    let file = saved(&editor, &stage.folder().join("kept")).await?;
    ensure(fs::metadata(&file)?.len() > 1_000, || "the file holds nothing".to_owned())?;
    editor.press(editor.word("team.removed.look")?).await?;
    editor.at_work().await?;
    editor.customers_are(2).await?;
    editor.see("Quentin Unsent").await?;
    only_reads(&editor).await?;
    shown("she is told what happened; what she wrote is kept, saved to a file, and nothing new reaches her");
    owner.customers_are(2).await?;
    owner.see("Later Secret").await?;
    owner.see_gone("Quentin Unsent").await?;
    shown("nothing of it entered the workspace");
    Ok(Verdict::Shown)
}

/// Power is given by the passphrase only, whose field takes the focus where it appears and is confirmed by Enter. Who was
/// made an admin begins a new key, which the team's log tells in words; then she leaves, by her passphrase.
pub(crate) async fn power_is_given_by_the_passphrase_and_a_new_key_begins(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (owner, editor) = owner_and_editor(stage, &server.url()).await?;
    owner.synced().await?;
    made_an_admin(&owner).await?;
    shown("an editor becomes an admin by the passphrase only; a wrong one is told beside its field");
    owner.invite_by(OWNER, "owner", "Lena").await?;
    owner.see("Lena").await?;
    editor.synced().await?;
    editor.go("/team").await?;
    editor.press(editor.word("team.key.new")?).await?;
    editor.prove_by_enter(EDITOR).await?;
    editor.see_within(editor.word("team.key.done")?, LONG).await?;
    editor.see(&editor.words().filled("team.log.rotated", &[("by", "Emma")])?).await?;
    owner.go("/team").await?;
    owner.see_within(&owner.words().filled("team.log.rotated", &[("by", "Emma")])?, LONG).await?;
    owner.see_gone("Lena").await?;
    customer(&owner, "Percival Stone").await?;
    editor.customers_are(2).await?;
    shown("she begins a new key; the log says so, invitations end, and what is written under it arrives");
    editor.leave_team("Emma", EDITOR).await?;
    owner.go("/team").await?;
    owner.see_within(&owner.words().filled("team.log.left", &[("by", "Emma")])?, LONG).await?;
    shown("she leaves, by her passphrase");
    Ok(Verdict::Shown)
}

async fn made_an_admin(owner: &Device) -> Outcome {
    owner.open_member("Emma").await?;
    owner.tap_within("label.role", owner.word("team.role.admin")?).await?;
    owner.prove_by_enter("a guess at it").await?;
    owner.see_within(owner.word("errors.wrong_passphrase.what")?, LONG).await?;
    owner.prove_by_enter(OWNER).await?;
    owner.see_within(owner.word("team.member.changed")?, LONG).await?;
    owner.press(owner.word("common.close")?).await
}

/// One customer, then all that the list shows, change hands and come back (R121). Then the owner deletes the workspace:
/// who worked in it is told who did, and keeps what she has.
pub(crate) async fn customers_change_hands_and_the_workspace_is_deleted_for_everybody(
    stage: &Stage,
) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (owner, editor) = owner_and_editor(stage, &server.url()).await?;
    editor.synced().await?;
    customer(&owner, "Percival Stone").await?;
    owner.synced().await?;
    one_changes_hands(&owner).await?;
    editor.open_customer("Percival Stone").await?;
    editor.see_within(&editor.words().filled("customer.owner.by", &[("name", "Emma")])?, LONG).await?;
    shown("one customer changed hands, and the new owner sees it");
    all_change_hands(&owner).await?;
    shown("all that the list shows changed hands at once, counted, and came back by undo");
    owner.synced().await?;
    delete(&owner).await?;
    shown("the workspace is deleted by its word and the passphrase, after it was saved");
    editor.see_within(editor.word("team.deleted.title")?, LONG).await?;
    let text = editor.words().filled("team.deleted.by", &[("name", "Olga"), ("workspace", "Northport")])?;
    editor.see_within(&text, LONG).await?;
    let file = saved(&editor, &stage.folder().join("kept")).await?;
    ensure(fs::metadata(&file)?.len() > 1_000, || "the file holds nothing".to_owned())?;
    editor.press(editor.word("team.removed.look")?).await?;
    editor.at_work().await?;
    editor.customers_are(2).await?;
    only_reads(&editor).await?;
    shown("who worked in it is told who deleted it; what she has stays, and can be saved");
    Ok(Verdict::Shown)
}

async fn one_changes_hands(owner: &Device) -> Outcome {
    owner.open_customer("Percival Stone").await?;
    owner.tap_css(".ch button[aria-haspopup='menu']").await?;
    owner.tap(&spot("menuitem", owner.word("customer.owner.hand_over")?)).await?;
    owner.tap_within("label.opt", "Emma").await?;
    owner.press(owner.word("customer.owner.give")?).await?;
    let said = [("name", "Percival Stone"), ("to", "Emma")];
    owner.see(&owner.words().filled("customer.owner.done", &said)?).await?;
    owner.synced().await
}

async fn all_change_hands(owner: &Device) -> Outcome {
    owner.search("").await?;
    owner.go("/customers?sheet=filter").await?;
    owner.press(owner.word("filter.hand_over")?).await?;
    owner.tap_within("label.opt", "Emma").await?;
    owner.press(&owner.words().filled("customer.owner.give_many", &[("count", "2")])?).await?;
    // One of them was hers already.
    let said = [("count", "1"), ("to", "Emma")];
    owner.see(&owner.words().filled("customer.owner.done_many", &said)?).await?;
    owner.open_customer("Ottoline Marsh").await?;
    let hers = owner.words().filled("customer.owner.by", &[("name", "Emma")])?;
    owner.see(&hers).await?;
    owner.undo_last().await?;
    owner.open_customer("Ottoline Marsh").await?;
    owner.see_gone(&hers).await
}

/// Refused while it is in no file, then done.
async fn delete(owner: &Device) -> Outcome {
    owner.go("/backup").await?;
    owner.press(owner.word("backup.delete.go")?).await?;
    let word = owner.word("backup.delete.word")?;
    owner.fill(&owner.words().filled("backup.delete.type_word", &[("word", word)])?, word).await?;
    owner.fill(owner.word("common.passphrase")?, OWNER).await?;
    owner.press(owner.word("backup.delete.do_it")?).await?;
    owner.see_within(owner.word("backup.delete.unsaved")?, LONG).await?;
    owner.press(owner.word("backup.delete.lose")?).await?;
    owner.see_at(&spot("button", owner.word("onboarding.create.title")?).starts(), LONG).await
}

async fn begin(owner: &Device) -> Outcome {
    owner.open("").await?;
    owner.create_workspace("Northport", OWNER).await?;
    customer(owner, "Ottoline Marsh").await?;
    owner.synced().await
}

async fn customer(device: &Device, name: &str) -> Outcome {
    device.add_customer(&NewCustomer { name, ..NewCustomer::default() }).await
}

/// Nothing that writes is on the screen, and an address that would open a form says why it does not.
async fn only_reads(device: &Device) -> Outcome {
    device.go("/customers").await?;
    device.see_at(&spot("link", device.word("shell.nav.today")?), LONG).await?;
    let new = spot("button", device.word("customers.new")?);
    until(
        SOON,
        || "the button to be gone".to_owned(),
        async || Ok((!device.is_at(&new).await?).then_some(())),
    )
    .await?;
    let log = spot("link", device.word("shell.nav.log")?);
    ensure(!device.is_at(&log).await?, || "a reader is offered to log".to_owned())?;
    device.go("/customers?sheet=customer").await?;
    device.see(device.word("team.read_only.title")?).await?;
    ensure(!device.is_at(&spot("button", device.word("customer.form.save")?)).await?, || {
        "a reader is shown a form".to_owned()
    })?;
    device.press(device.word("common.close")?).await?;
    shown("nothing that writes is shown to who may only read");
    Ok(())
}

async fn tamper(device: &Device) -> Outcome {
    device.start().await?;
    device.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": TAMPER })).await.map(drop)
}

/// Says what the editor's page said to its engine once more: there it makes another customer, at the viewer's it is
/// refused.
async fn tampered(editor: &Device, viewer: &Device) -> Outcome {
    let of_percival = "
        const words = [...new TextEncoder().encode('Percival Stone')].join();
        return self.said.filter((bytes) => bytes[0] === 1 && bytes.join().includes(words))";
    let frames = editor.script(of_percival, vec![]).await?;
    let count = frames.as_array().map_or(0, Vec::len);
    ensure(count > 0, || "the page said nothing to its engine".to_owned())?;
    let again = "arguments[0].forEach((bytes) => self.engine.postMessage({ bytes: new Uint8Array(bytes) }))";
    viewer.script(again, vec![frames.clone()]).await?;
    viewer.customers_are(2).await?;
    editor.script(again, vec![frames]).await?;
    editor.customers_are(3).await?;
    viewer.customers_are(3).await?;
    shown("a page that was tampered with writes nothing where the role does not allow it");
    Ok(())
}

/// The owner's screen tells by name who changed what, and vouches for it.
async fn told_by_name(owner: &Device, editor: &Device) -> Outcome {
    editor.open_customer("Ottoline Marsh").await?;
    editor.edit_customer().await?;
    editor.fill(editor.word("customer.form.name_person")?, "Ottoline Marsh-Reed").await?;
    editor.save_customer().await?;
    editor.synced().await?;
    owner.search_finds_too("Ottoline", "Ottoline Marsh-Reed").await?;
    owner.open_customer("Ottoline Marsh-Reed").await?;
    owner.tap_css(".ch button[aria-haspopup='menu']").await?;
    owner.tap(&spot("menuitem", owner.word("customer.history.title")?)).await?;
    let told = |lines: &[String]| lines.iter().any(|line| line == "Emma");
    owner.texts_until("[role='dialog'] .ev-f .k", LONG, told).await?;
    let doubts = owner.texts("[role='dialog'] .fld-e").await?;
    ensure(doubts.is_empty(), || format!("the history is doubted: {doubts:?}"))?;
    shown("the history names the member who wrote, and vouches for it");
    Ok(())
}

/// Saves everything as a file, and waits until the browser has it.
async fn saved(device: &Device, folder: &Path) -> Outcome<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.canonicalize()?.display().to_string();
    device.cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": path })).await?;
    device.press(device.word("team.removed.save")?).await?;
    let kept = async || {
        let files = fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path());
        Ok(files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "satchel")))
    };
    until(LONG, || format!("a file in {}", folder.display()), kept).await
}

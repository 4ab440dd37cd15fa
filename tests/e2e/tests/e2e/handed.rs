//! What comes from outside the app's own screens: shared texts, opened files, speech; and what goes out: reminders, and
//! links that come back.

use satchel_e2e::content::{self, CHOSEN};
use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, Named, SOON, spot, until};
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;
use std::path::Path;
use thirtyfour::Key;

const PASSPHRASE: &str = "kompass dachs silber 71";
const CHAT: &str = "李明: 下个月的量大概多少？\n我: 先按三十箱准备。";
/// A platform with a launch queue and with speech recognition on the device, a system that shows what it is told, and
/// a clock that can be put forward.
const PLATFORM: &str = "
Object.defineProperty(window, 'launchQueue', { value: { setConsumer: (take) => { window.launch = take; } } });
window.SpeechRecognition = class {
  static available = async ({ langs, processLocally }) => processLocally && langs[0] === 'en-US' ? 'available' : 'unavailable';
  static install = async () => true;
  start() { window.recognition = this; }
  stop() { window.recognition = undefined; }
};
window.reminders = [];
ServiceWorkerRegistration.prototype.showNotification = async (title, { body }) => { reminders.push(`${title}: ${body}`); };
window.skew = 0;
const now = Date.now;
Date.now = () => now() + skew;
const every = setInterval;
window.setInterval = (act, pace, ...rest) => every(act, pace === 60000 ? 300 : pace, ...rest);";
const SHARE: &str = "
const [text, done] = arguments;
const form = new FormData();
form.set('title', '');
form.set('text', text);
form.set('url', '');
fetch('/share', { method: 'POST', body: form, redirect: 'manual' }).then((answer) => done(answer.type), (error) => done(String(error)));";
/// A photo, and a table.
const SHARE_FILES: &str = "
const done = arguments[0];
const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
canvas.getContext('2d').fillRect(0, 0, 40, 30);
canvas.toBlob((photo) => {
  const form = new FormData();
  form.set('text', '');
  form.append('files', new File([photo], 'shelf.png', { type: 'image/png' }));
  form.append('files', new File(['name,phone\\nGrace Hopper,+1 555 0199\\n'], 'more.csv', { type: 'text/csv' }));
  fetch('/share', { method: 'POST', body: form, redirect: 'manual' }).then((answer) => done(answer.type), (error) => done(String(error)));
});";
/// How much of what was shared lies in caches.
const KEPT: &str = "
const done = arguments[0];
(async () => {
  let kept = 0;
  for (const name of await caches.keys()) {
    const all = await (await caches.open(name)).keys();
    kept += all.filter((one) => one.url.includes('share')).length;
  }
  return kept;
})().then(done, (error) => done(String(error)));";
const LAUNCH: &str = "launch({ files: [{ getFile: async () => new File([arguments[0]], 'people.csv') }] })";
const SPEAK: &str = "
const result = (transcript, isFinal) => Object.assign([{ transcript }], { isFinal });
recognition.onresult({ type: 'result', resultIndex: 0, results: [result('Wants forty pumps.', true), result('Quo', false)] });
recognition.onresult({ type: 'result', resultIndex: 1, results: [result('', true), result(' Quote by tomorrow.', true)] });";

/// One day with the platform around the app.
pub(crate) async fn what_comes_from_outside_finds_its_place(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": PLATFORM })).await?;
    device.reload().await?;
    device.create_workspace("Field", PASSPHRASE).await?;
    device.installed().await?;
    let [people, ..] = content::write_all(&stage.folder().join("files"))?;
    device.import(&[&people]).await?;
    shared(&device).await?;
    files_shared(&device).await?;
    opened(&device).await?;
    left(&device, &people).await?;
    spoken(&device).await?;
    reached(&device).await?;
    reminded(&device, &server.url()).await?;
    Ok(Verdict::Shown)
}

/// A conversation is shared while the app is locked.
async fn shared(device: &Device) -> Outcome {
    let taken = device.script_async(SHARE, vec![json!(CHAT)]).await?;
    ensure(taken == "opaqueredirect", || format!("the service worker answers {taken}"))?;
    device.open("share").await?;
    device.unlock(PASSPHRASE).await?;
    device.see_at(&spot("field", device.word("log.note_chat")?), SOON).await?;
    let held = device.held(device.word("log.note_chat")?).await?;
    ensure(held == CHAT, || format!("the note holds \"{held}\""))?;
    let address = device.address().await?;
    ensure(!address.contains("share"), || format!("the address is {address}"))?;
    device.see(device.word("log.read.chosen")?).await?;
    device.save_log().await?;
    device.open_customer(CHOSEN).await?;
    device.tab("customer.tab_timeline").await?;
    device.entry_has("先按三十箱准备").await?;
    shown("a conversation that was shared while it was locked is logged, its customer guessed");
    let again = device.script_async(SHARE, vec![json!("once")]).await?;
    ensure(again == "opaqueredirect", || format!("the service worker answers {again}"))?;
    device.open("share").await?;
    device.unlock(PASSPHRASE).await?;
    device.see_at(&spot("field", device.word("log.find")?), SOON).await?;
    device.key(Key::Escape + "").await?;
    device.sheet_closed().await?;
    device.tap_css(".nav-log").await?;
    device.see_at(&spot("button", device.word("common.draft_afresh")?), SOON).await?;
    device.press(device.word("common.draft_afresh")?).await?;
    shown("a shared text that was put away is there as a draft");
    device.key(Key::Escape + "").await?;
    device.sheet_closed().await
}

/// A photo and a table are shared while the app is locked: they wait in memory, and go where they belong.
async fn files_shared(device: &Device) -> Outcome {
    let taken = device.script_async(SHARE_FILES, vec![]).await?;
    ensure(taken == "opaqueredirect", || format!("the service worker answers {taken}"))?;
    device.open("share").await?;
    device.see(device.word("onboarding.lock.shared")?).await?;
    let kept = device.script_async(KEPT, vec![]).await?;
    ensure(kept == 0, || format!("{kept} of what was shared lie in caches"))?;
    device.unlock(PASSPHRASE).await?;
    device.texts_until(".sheet .thumbs > li", LONG, |photos| photos.len() == 1).await?;
    shown("a photo that was shared while it was locked is in the log that opens for it");
    device.key(Key::Escape + "").await?;
    device.sheet_closed().await?;
    device.see_at(&spot("button", device.word("import.act.another")?), LONG).await?;
    device.bring_in(LONG).await?;
    device.search_finds_too("grace", "Grace Hopper").await?;
    shown("a table that came with it is looked at and brought in");
    device.tap_css(".nav-log").await?;
    device.press(device.word("common.draft_afresh")?).await?;
    device.key(Key::Escape + "").await?;
    device.sheet_closed().await?;
    device.open("share").await?;
    device.unlock(PASSPHRASE).await?;
    device.see(device.word("shell.shared_lost")?).await?;
    shown("what the browser had let go before it was asked for is not passed over in silence");
    device.hide_toasts().await
}

/// A table is opened with the app.
async fn opened(device: &Device) -> Outcome {
    device.script(LAUNCH, vec![json!("name,phone\nAda Lovelace,+44 20 5550 0177\n")]).await?;
    device.see_at(&spot("button", device.word("import.act.another")?), LONG).await?;
    device.bring_in(LONG).await?;
    device.search_finds_too("ada", "Ada Lovelace").await?;
    shown("a file that was opened with the app is looked at and brought in");
    Ok(())
}

/// Brings in what was looked at, and goes to another screen at once.
const BEGIN_AND_LEAVE: &str = "document.querySelector('.imp-go .btn-1').click(); document.querySelector(\"nav a[href$='customers']\").click()";

/// Whoever leaves an import while it runs is told of its end, and comes back to its report.
async fn left(device: &Device, people: &Path) -> Outcome {
    device.inspect(&[people], LONG).await?;
    device.script(BEGIN_AND_LEAVE, vec![]).await?;
    device.see_within(device.word("import.report.title")?, LONG).await?;
    device.go("/import").await?;
    device.see_at(&spot("button", device.word("import.report.again")?), SOON).await?;
    shown("an import that was left while it ran has its report on coming back");
    device.hide_toasts().await
}

/// A note is dictated; in a language that the device does not know there is no button.
async fn spoken(device: &Device) -> Outcome {
    // The recogniser of this test asks nobody; a real one is refused where the server's headers forbid the microphone.
    let heard = "return document.featurePolicy?.allowsFeature('microphone') ?? true";
    let heard = device.script(heard, vec![]).await?;
    ensure(heard == true, || "the page may not use the microphone".to_owned())?;
    device.open_customer(CHOSEN).await?;
    device.follow(device.word("customer.log")?).await?;
    device.press(device.word("log.dictate.start")?).await?;
    let listens =
        async || Ok((device.script("return !!window.recognition", vec![]).await? == true).then_some(()));
    until(SOON, || "the recogniser to listen".to_owned(), listens).await?;
    device.script(SPEAK, vec![]).await?;
    let whole = async || {
        // The method is the one used last.
        let held = device.held(device.word("log.note_chat")?).await?;
        Ok((held == "Wants forty pumps. Quote by tomorrow.").then_some(()))
    };
    until(SOON, || "the dictated note".to_owned(), whole).await?;
    device.press(device.word("log.dictate.stop")?).await?;
    device.tap_css(".prop-w .prop").await?;
    device.save_log().await?;
    let quiet = device.script("return window.recognition === undefined", vec![]).await?;
    ensure(quiet == true, || "it listens on".to_owned())?;
    shown("a note is dictated on the device, sentence by sentence, and proposes its follow-up");
    Ok(())
}

/// Writing to somebody and coming back.
///
/// A note that was begun before is in it, a lock in between loses nothing, and two presses of Save make one entry.
async fn reached(device: &Device) -> Outcome {
    device.open_customer(CHOSEN).await?;
    device.follow(device.word("customer.log")?).await?;
    device.see_at(&spot("button", device.word("log.save")?), SOON).await?;
    device.tap_css("#log-note").await?;
    device.key("Asks for forty").await?;
    device.see(device.word("log.kept")?).await?;
    device.key(Key::Escape + "").await?;
    device.sheet_closed().await?;
    device.tab("customer.tab_details").await?;
    let stay = "document.querySelector(\"a.way[href^='sms:']\").addEventListener('click', (event) => event.preventDefault(), { once: true })";
    device.script(stay, vec![]).await?;
    device.tap_css("a.way[href^='sms:']").await?;
    let words = [("method", device.word("vocabulary.method.sms")?), ("name", CHOSEN)];
    let question = device.words().filled("customer.log_reached", &words)?;
    device.see_at(&spot("button", &question), SOON).await?;
    device.lock().await?;
    device.unlock(PASSPHRASE).await?;
    device.press(&question).await?;
    device.see_at(&spot("button", device.word("log.save")?), SOON).await?;
    let note = device.script("return document.querySelector('#log-note').value", vec![]).await?;
    ensure(note == "Asks for forty", || format!("the note holds {note}"))?;
    let method = "return document.querySelector('.opt-m input:checked + span').innerText.trim()";
    let chosen = device.script(method, vec![]).await?;
    ensure(chosen == device.word("vocabulary.method.sms")?, || format!("the method is {chosen}"))?;
    let twice = "const save = document.querySelector('.sheet .save'); save.click(); save.click();";
    device.script(twice, vec![]).await?;
    device.sheet_closed().await?;
    device.synced().await?;
    device.tab("customer.tab_timeline").await?;
    device.entry_has("Asks for forty").await?;
    let entries = device.entries().await?;
    let made = entries.iter().filter(|entry| entry.contains("Asks for forty")).count();
    ensure(made == 1, || format!("{made} entries"))?;
    shown("a text message that was begun comes back to its log, over a lock, with the note that was there");
    Ok(())
}

/// A task's time comes.
async fn reminded(device: &Device, origin: &str) -> Outcome {
    let permission = json!({ "permissions": ["notifications"], "origin": origin.trim_end_matches('/') });
    device.cdp("Browser.grantPermissions", permission).await?;
    device.go("/settings").await?;
    device.tap_css_named("label.switch", device.word("settings.remind.tasks")?, Named::Has).await?;
    let on = "return [...document.querySelectorAll('label.switch')].find((one) => one.innerText.includes(arguments[0])).querySelector('input').checked";
    let switched = async || {
        Ok((device.script(on, vec![json!(device.word("settings.remind.tasks")?)]).await? == true)
            .then_some(()))
    };
    until(SOON, || "reminders to be on".to_owned(), switched).await?;
    device.open_customer(CHOSEN).await?;
    device.tap_css(".ch button[aria-haspopup='menu']").await?;
    device.tap(&spot("menuitem", device.word("customer.next_add")?)).await?;
    device.fill(device.word("tasks.what")?, "Bring the drill").await?;
    let then = "const at = new Date(Date.now() + 90 * 60000 - new Date().getTimezoneOffset() * 60000).toISOString(); return [at.slice(0, 10), at.slice(11, 16)]";
    let then = device.script(then, vec![]).await?;
    let part = |index: usize| then[index].as_str().unwrap_or_default().to_owned();
    device.set(&spot("field", device.word("tasks.due")?), &part(0)).await?;
    device.set(&spot("field", device.word("tasks.at")?), &part(1)).await?;
    device.press(device.word("tasks.save")?).await?;
    device.sheet_closed().await?;
    device.script("skew = 2 * 3600000", vec![]).await?;
    let told = async || {
        let told = device.script("return reminders", vec![]).await?;
        Ok(told.as_array().filter(|told| !told.is_empty()).cloned())
    };
    let told = until(SOON, || "a reminder".to_owned(), told).await?;
    let text = told[0].as_str().unwrap_or_default();
    ensure(told.len() == 1 && !text.contains(CHOSEN) && !text.contains("drill"), || format!("{told:?}"))?;
    shown(&format!("the system reminds once, and names nobody: \"{text}\""));
    Ok(())
}

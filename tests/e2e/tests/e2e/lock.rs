//! Locked means sealed.

use satchel_e2e::device::Device;
use satchel_e2e::devtools::DevTools;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::memory::{self, Wanted};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict, canary};
use std::time::{Duration, Instant};

const PASSPHRASE: &str = "quelle marmor segel 41";
const NAME: &str = "Zephyrine Quillmark";
const NOTE: &str = "vexed about ochre invoices";

/// Wrong passphrases are refused with a growing delay and erase nothing; while locked no name is on the
/// page, in its title, its address, or in storage in clear (R44, R98).
pub(crate) async fn locked_is_sealed(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Sealed", PASSPHRASE).await?;
    device.add_customer(&NewCustomer { name: NAME, note: NOTE, ..NewCustomer::default() }).await?;
    let place = device.address().await?;
    device.lock().await?;
    nothing_in_clear(&device).await?;
    device.reload().await?;
    device.at_lock().await?;
    nothing_in_clear(&device).await?;
    shown("locked, and after a reload: no name in page, title, address or storage");
    let waits = wrong_passphrases(&device).await?;
    let [.., third, _, fifth] = waits[..] else { return Err("five tries were not five".into()) };
    ensure(fifth > third + Duration::from_millis(1500), || format!("waits that do not grow: {waits:?}"))?;
    let seconds: Vec<String> = waits.iter().map(|wait| format!("{:.1}", wait.as_secs_f32())).collect();
    shown(&format!(
        "wrong passphrases are refused, and made to wait longer and longer: {} s",
        seconds.join(", ")
    ));
    device.unlock(PASSPHRASE).await?;
    device.at_customer(NAME).await?;
    ensure(device.address().await? == place, || "unlocking led to another place".to_owned())?;
    device.see(NOTE).await?;
    shown("the right one opens the place that was left, with everything in it");
    covered_when_left(&device).await?;
    hidden_by_a_camera(&device).await?;
    Ok(Verdict::Shown)
}

/// Locks when hidden, has a camera that never opens, and can be hidden and shown.
const CAMERA: &str = "
localStorage.setItem('satchel.lock-on-hide', 'true');
HTMLInputElement.prototype.click = () => {};
let away = false;
Object.defineProperty(document, 'hidden', { get: () => away, configurable: true });
window.hide = (whether) => { away = whether; document.dispatchEvent(new Event('visibilitychange', { bubbles: true })); };";

/// Where hiding the page locks it, a camera that hides it does not; whatever hides it next does.
async fn hidden_by_a_camera(device: &Device) -> Outcome {
    device.script(CAMERA, vec![]).await?;
    device.follow(device.word("customer.log")?).await?;
    device.press(device.word("files.photo")?).await?;
    device.script("hide(true); hide(false)", vec![]).await?;
    device.save_log().await?;
    shown("a camera that hides the page does not lock it");
    device.script("hide(true)", vec![]).await?;
    device.at_lock().await
}

/// Out of sight the page is covered: a phone's task switcher keeps a picture of it.
async fn covered_when_left(device: &Device) -> Outcome {
    let watch = "
        const root = document.documentElement, seen = [];
        window.seenWhileLeft = seen;
        new MutationObserver(() => seen.push(root.dataset.left === 'away'
            ? getComputedStyle(document.getElementById('root')).opacity : 'open')).observe(root, { attributeFilter: ['data-left'] });";
    device.script(watch, vec![]).await?;
    let tab = device.tab_now().await?;
    device.new_tab().await?;
    device.turn_to(&tab).await?;
    device.see(NOTE).await?;
    let seen = device.script("return window.seenWhileLeft.join(' ')", vec![]).await?;
    let seen = seen.as_str().unwrap_or_default().to_owned();
    ensure(seen.starts_with('0') || seen.contains(" 0"), || format!("not covered when it was left: {seen}"))?;
    ensure(seen.ends_with("open"), || format!("still covered when it is looked at: {seen}"))?;
    shown("left, the page is covered; looked at again, it is as it was");
    Ok(())
}

/// Sets the page's clock ahead by so many ms, and then it is touched.
const AHEAD_AND_TOUCHED: &str = "
const now = Date.now; Date.now = () => now() + arguments[0];
dispatchEvent(new KeyboardEvent('keydown', { key: 'Shift' }));";
/// The same, and then it is looked at again without a touch.
const AHEAD_AND_LOOKED_AT: &str = "
const now = Date.now; Date.now = () => now() + arguments[0];
dispatchEvent(new Event('visibilitychange'));";

/// A minute without a touch locks every tab of the workspace, but not while somebody works in one of them; locking one
/// by hand locks all.
pub(crate) async fn every_tab_locks_and_nobody_who_works(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Together", PASSPHRASE).await?;
    device.add_customer(&NewCustomer { name: NAME, ..NewCustomer::default() }).await?;
    device.script("localStorage.setItem('satchel.lock-minutes', '1')", vec![]).await?;
    let first = device.tab_now().await?;
    let second = device.new_tab().await?;
    device.open("").await?;
    device.unlock(PASSPHRASE).await?;
    device.script(AHEAD_AND_TOUCHED, vec![61_000.into()]).await?;
    device.turn_to(&first).await?;
    device.script(AHEAD_AND_LOOKED_AT, vec![61_000.into()]).await?;
    device.customers_are(1).await?;
    shown("a tab where nobody types stays open while somebody types in another");
    device.script(AHEAD_AND_LOOKED_AT, vec![120_000.into()]).await?;
    device.at_lock().await?;
    device.turn_to(&second).await?;
    device.at_lock().await?;
    shown("a minute without a touch locks both");
    device.unlock(PASSPHRASE).await?;
    device.turn_to(&first).await?;
    device.unlock(PASSPHRASE).await?;
    device.lock().await?;
    device.turn_to(&second).await?;
    device.at_lock().await?;
    nothing_in_clear(&device).await?;
    shown("locking one by hand locks the other");
    Ok(Verdict::Shown)
}

/// Tries five wrong passphrases; how long each of them was followed by a wait.
async fn wrong_passphrases(device: &Device) -> Outcome<Vec<Duration>> {
    let mut waits = Vec::new();
    for attempt in 0..5 {
        device.at_lock().await?;
        device.try_passphrase(&format!("not the passphrase {attempt}")).await?;
        device.see_within(device.word("errors.wrong_passphrase.what")?, LONG).await?;
        let begin = Instant::now();
        device.see_gone(device.words().stem("onboarding.lock.wait")?).await?;
        waits.push(begin.elapsed());
    }
    Ok(waits)
}

/// Words that are nowhere else.
const CANARIES: [&str; 4] = ["Xorbilquent", "Vamplegrist", "Quozzlewarp", "嵇鹓雏"];

/// Neither keys nor words that were on screens or typed into forms are in the memory of page and engine once it is
/// locked, nor on the disk: the engine's worker is ended, and the page is loaded anew (R44).
pub(crate) async fn nothing_is_left_in_memory(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.installed().await?;
    let mut line = DevTools::to(&device).await?;
    memory::note_keys(&mut line).await?;
    let [name, note, passphrase, chinese] = CANARIES;
    let (note, passphrase) = (format!("{note} {chinese}"), format!("{passphrase} segel 41"));
    device.create_workspace("Sealed", &passphrase).await?;
    device.add_customer(&NewCustomer { name, note: &note, ..NewCustomer::default() }).await?;
    device.synced().await?;
    let keys = memory::noted_keys(&mut line).await?;
    let wanted = Wanted::all(&CANARIES, keys);
    let open = memory::search(&mut line, &wanted).await?;
    // Otherwise the search would find nothing anywhere.
    ensure(open.keys > 0 && open.derived > 1 && open.words.len() > 3, || {
        format!("the search finds too little: {open:?}")
    })?;
    device.edit_customer().await?;
    let (place, begin) = (device.address().await?, Instant::now());
    lock_behind_the_form(&device).await?;
    let took = begin.elapsed();
    let locked = memory::search(&mut line, &wanted).await?;
    ensure(locked.words.is_empty() && locked.keys == 0 && locked.derived == 0, || {
        format!("left behind: {locked:?}")
    })?;
    let disk = canary::search(device.profile(), &CANARIES)?;
    ensure(disk.files > 0 && disk.found.is_empty(), || format!("in clear on the disk: {:?}", disk.found))?;
    no_key_on_the_disk(&device, &wanted)?;
    shown(&format!(
        "locked in {} ms: none of {} keys, what is derived from them and {} words in {} bytes of WebAssembly, {} of heaps, {} on the disk; while it was open {} keys, {} derived ones and {} places of words were found",
        took.as_millis(),
        wanted.keys.len(),
        wanted.words.len(),
        locked.wasm,
        locked.heap,
        disk.bytes,
        open.keys,
        open.derived,
        open.words.len(),
    ));
    device.unlock(&passphrase).await?;
    is_as_it_was_left(&device, &place).await?;
    Ok(Verdict::Shown)
}

/// No key lies in the profile; one that is laid there is found in each form: otherwise the search would say nothing.
fn no_key_on_the_disk(device: &Device, wanted: &Wanted) -> Outcome {
    let keys = [wanted.keys.clone(), wanted.derived.clone()].concat();
    let disk = canary::search_keys(device.profile(), &keys)?;
    ensure(disk.files > 0 && disk.found.is_empty(), || format!("keys on the disk: {:?}", disk.found))?;
    ensure(canary::finds_keys(device.profile())?, || {
        "the search does not find a key that lies there".to_owned()
    })
}

async fn is_as_it_was_left(device: &Device, place: &str) -> Outcome {
    ensure(device.address().await? == place, || "unlocking led to another place".to_owned())?;
    let position = device.held(device.word("customer.form.position")?).await?;
    ensure(position == "half a draft", || format!("the form that was open holds \"{position}\""))?;
    shown("unlocked, the form that was open is there, with what was typed");
    Ok(())
}

/// As [`Device::lock`], with a form open over the button: as locking by itself does. The last of the draft is typed
/// in the same moment.
async fn lock_behind_the_form(device: &Device) -> Outcome {
    let before = device.page_began().await?;
    let field = device.find(&spot("field", device.word("customer.form.position")?)).await?;
    let press = "
        const [lock, field, text] = arguments;
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text);
        field.dispatchEvent(new Event('input', { bubbles: true }));
        document.querySelector(`button[aria-label='${lock}']`).click();";
    let arguments = vec![device.word("shell.lock")?.into(), field.to_json()?, "half a draft".into()];
    device.script(press, arguments).await?;
    let anew = async || Ok((device.page_began().await? != before).then_some(()));
    until(LONG, || "the page to be loaded anew".to_owned(), anew).await?;
    device.at_lock().await
}

async fn nothing_in_clear(device: &Device) -> Outcome {
    let script = "
        const done = arguments[0];
        const kept = (store) => Object.entries(store).flat().join(' ');
        const here = [document.title, document.documentElement.outerHTML, location.href,
            kept(localStorage), kept(sessionStorage), document.cookie, JSON.stringify(history.state)];
        done(here.join('\\n'));";
    let read = async || Ok(device.script_async(script, vec![]).await?.as_str().map(str::to_owned));
    let everything = until(SOON, || "the page to be read".to_owned(), read).await?;
    for word in NAME.split(' ').chain(NOTE.split(' ').filter(|word| word.len() > 5)) {
        ensure(!everything.contains(word), || format!("\"{word}\" can be read while locked"))?;
    }
    Ok(())
}

//! What is different on a phone: an import goes step by step, a customer's name stays in sight while one reads, and a
//! detail is changed where it stands.

use satchel_e2e::content::{self, CHOSEN};
use satchel_e2e::device::Device;
use satchel_e2e::dress::SIZES;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;
use std::path::Path;
use thirtyfour::Key;

const PASSPHRASE: &str = "kiesel fenster amsel 73";
/// The parts of an import that belong to one step each: what the file is, its columns, the check.
const PARTS: [&str; 3] = [".impf-r", ".cols-l", ".prev"];
/// Which of them can be seen.
const SEEN: &str = "
return arguments[0].map((css) => [...document.querySelectorAll(css)].some((element) => element.checkVisibility({ visibilityProperty: true })));";
/// Scrolls an import to its end; how far it was scrolled.
const TO_THE_END: &str = "
const scroll = document.querySelector('.imp').closest('.scroll');
scroll.scrollTop = scroll.scrollHeight;
return scroll.scrollTop;";
/// How far an import is scrolled.
const SCROLLED: &str = "return document.querySelector('.imp').closest('.scroll').scrollTop";
/// What of an open sheet lies under a message and could be pressed; `null` while there is no message, or no sheet.
const COVERED: &str = "
const message = [...document.querySelectorAll('.toasts .toast')].find((one) => one.checkVisibility());
const scrolls = document.querySelector('.sheet-b');
if (!message || !scrolls) return null;
const [box, clip] = [message, scrolls].map((one) => one.getBoundingClientRect());
return [...document.querySelectorAll('.sheet :is(button, a, input, select, textarea, label)')].filter((one) => {
  let { top, bottom } = one.getBoundingClientRect();
  if (scrolls.contains(one)) [top, bottom] = [Math.max(top, clip.top), Math.min(bottom, clip.bottom)];
  return one.checkVisibility() && bottom - top > 1 && top < box.bottom - 1 && box.top + 1 < bottom;
}).map((one) => one.innerText || one.ariaLabel);";
/// Scrolls a customer's page to its end, or to its beginning; how far it was scrolled.
const SCROLL: &str = "
const scroll = document.querySelector('.cust-page').closest('.scroll');
scroll.scrollTop = arguments[0] ? scroll.scrollHeight : 0;
return scroll.scrollTop;";
/// The name at the upper edge, if it is what one would touch there.
const AT_THE_EDGE: &str = "
const name = document.querySelector('.ch-s-on .ch-s-b > b');
if (!name) return null;
const box = name.getBoundingClientRect();
const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
return name.contains(there) && box.bottom <= innerHeight / 6 ? name.innerText : null;";

/// An import is walked through forth and back, then brought in. A customer's timeline is scrolled, and the name stays,
/// with the way to log. A detail is left as it was, changed, and taken back.
pub(crate) async fn an_import_goes_by_steps_and_a_customer_stays_in_sight(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("phone", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Pocket", PASSPHRASE).await?;
    let [people, contacts, orders] = content::write_all(&stage.folder().join("files"))?;
    device.dress(SIZES[0], "light").await?;
    by_steps(&device, &people).await?;
    // The other files need not be walked through.
    device.dress(SIZES[2], "light").await?;
    device.import(&[&contacts, &orders]).await?;
    device.dress(SIZES[0], "light").await?;
    in_sight(&device).await?;
    in_place(&device).await?;
    messages_cover_nothing(&device).await?;
    Ok(Verdict::Shown)
}

async fn by_steps(device: &Device, file: &Path) -> Outcome {
    let (on, back) = (device.word("import.steps.on")?, device.word("common.back")?);
    device.choose_files(&[file]).await?;
    at_step(device, "import.steps.file", [true, false, false]).await?;
    device.press(on).await?;
    at_step(device, "import.steps.columns", [false, true, false]).await?;
    device.press(on).await?;
    at_step(device, "import.steps.check", [false, false, true]).await?;
    to_the_end(device).await?;
    device.press(back).await?;
    at_step(device, "import.steps.columns", [false, true, false]).await?;
    at_the_top(device).await?;
    to_the_end(device).await?;
    device.press(on).await?;
    at_step(device, "import.steps.check", [false, false, true]).await?;
    at_the_top(device).await?;
    let brought = device.bring_in(LONG).await?;
    ensure(brought.created == 14 && brought.skipped == 0, || format!("brought in: {brought:?}"))?;
    at_step(device, "import.title", [false; 3]).await?;
    shown("an import on a phone: what the file is, its columns, a check, and back; one thing at a time");
    Ok(())
}

async fn to_the_end(device: &Device) -> Outcome {
    let scrolled = device.script(TO_THE_END, vec![]).await?;
    ensure(scrolled.as_f64().is_some_and(|px| px > 0.0), || "there is nothing to scroll".to_owned())
}

/// Waits until a step shows its beginning.
async fn at_the_top(device: &Device) -> Outcome {
    let look = async || Ok((device.script(SCROLLED, vec![]).await? == json!(0)).then_some(()));
    until(SOON, || "the step from its beginning".to_owned(), look).await
}

/// Waits until this step is named as the one that it is at, and exactly its parts can be seen.
async fn at_step(device: &Device, step: &str, parts: [bool; 3]) -> Outcome {
    let word = device.word(step)?;
    device.texts_until(".imp-steps li[aria-current='step'] span", SOON, |named| named == [word]).await?;
    let look = async || {
        let seen = device.script(SEEN, vec![json!(PARTS)]).await?;
        Ok((seen == json!(parts)).then_some(()))
    };
    until(SOON, || format!("the parts of the step \"{word}\" alone"), look).await
}

async fn in_sight(device: &Device) -> Outcome {
    device.open_customer(CHOSEN).await?;
    device.tap(&spot("tab", device.word("customer.tab_timeline")?).starts()).await?;
    device.texts_until(".ev", SOON, |entries| entries.len() > 5).await?;
    device.script(SCROLL, vec![json!(true)]).await?;
    name_stays(device).await?;
    device.tap_css(".ch-s-on a.ib[href*='sheet=log']").await?;
    let open = async || Ok((!device.texts("[role='dialog']").await?.is_empty()).then_some(()));
    until(SOON, || "the log".to_owned(), open).await?;
    device.key(Key::Escape + "").await?;
    device.sheet_closed().await?;
    name_stays(device).await?;
    device.script(SCROLL, vec![json!(false)]).await?;
    let gone = async || Ok(device.texts(".ch-s-on").await?.is_empty().then_some(()));
    until(SOON, || "the header to be whole again".to_owned(), gone).await?;
    shown(
        "the name stays at the edge while the timeline is scrolled, with the way to log, and goes with the header",
    );
    Ok(())
}

async fn name_stays(device: &Device) -> Outcome {
    let look = async || Ok((device.script(AT_THE_EDGE, vec![]).await? == json!(CHOSEN)).then_some(()));
    until(SOON, || format!("\"{CHOSEN}\" at the upper edge"), look).await
}

/// A message that is there when a sheet opens, without a foot and with one.
async fn messages_cover_nothing(device: &Device) -> Outcome {
    for sheet in ["invite", "customer"] {
        device.open_customer(CHOSEN).await?;
        device.hide_toasts().await?;
        device.tap_css(".ch .code").await?;
        device.see(device.word("customer.copied")?).await?;
        device.go(&format!("/team?sheet={sheet}")).await?;
        device.texts_until(".sheet h1", SOON, |titles| titles.len() == 1).await?;
        device.settled().await?;
        let covered = device.script(COVERED, vec![]).await?;
        ensure(covered == json!([]), || format!("in the sheet {sheet} a message covers {covered}"))?;
    }
    shown("a message covers nothing of an open sheet that could be pressed");
    device.go("/customers").await
}

async fn in_place(device: &Device) -> Outcome {
    let position = device.word("customer.details.position")?;
    let edit = device.words().filled("customer.details.edit_this", &[("what", position)])?;
    let is = async |value: &str| {
        let facts = |facts: &[String]| facts.iter().any(|fact| fact == value);
        device.texts_until(".facts dd > span:first-child", SOON, facts).await.map(drop)
    };
    device.tap(&spot("tab", device.word("customer.tab_details")?)).await?;
    for (typed, key, then) in [("采购总监", Key::Escape, "采购经理"), ("采购总监", Key::Enter, "采购总监")]
    {
        device.press(&edit).await?;
        device.fill(position, typed).await?;
        device.key(key + "").await?;
        device.texts_until(".fact-e", SOON, <[String]>::is_empty).await?;
        is(then).await?;
    }
    device.undo(device.word("customer.form.saved")?).await?;
    is("采购经理").await?;
    shown("a detail is changed where it stands: left by Escape, kept by Enter, taken back");
    Ok(())
}

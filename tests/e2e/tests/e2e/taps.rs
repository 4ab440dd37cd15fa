//! The day of a representative within its budget of taps (EXPERIENCE, section 1).

use satchel_e2e::content::{self, CHOSEN};
use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{Named, SOON, spot, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;
use std::time::Instant;
use thirtyfour::Key;

const PASSPHRASE: &str = "hafen linde posten 27";
const TASK: &str = "Bring samples";
const VIEW: &str = "Berlin";
const CHAT: &str = "李明 2026/11/19 20:41\n下个月的量大概多少？\n我 2026/11/19 20:44\n先按三十箱准备。\n李明 2026/11/19 20:45\n好的";
const CALL: &str = "a.act[href^='tel:']";
/// The system's question which program is to call would cover the page for good: nobody is there to answer it.
const STAY: &str = "document.querySelector(\"a.act[href^='tel:']\").addEventListener('click', (event) => event.preventDefault(), { once: true })";
/// Puts a text on the clipboard, as copying it in another app does.
const COPY: &str = "const [text, done] = arguments; navigator.clipboard.writeText(text).then(() => done(true), () => done(false));";
/// Who is chosen in the log sheet, and by which method.
const CHOSEN_BY_TEXT: &str = "
return [document.querySelector('.who b')?.innerText.trim(), document.querySelector('.opt-m input:checked + span').innerText.trim()];";

/// Each line of the table in a day that goes on from one to the next.
pub(crate) async fn a_day_keeps_within_its_budget(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Field", PASSPHRASE).await?;
    prepare(&device, stage).await?;
    morning(&device).await?;
    visit(&device).await?;
    call_and_chat(&device).await?;
    newcomer(&device).await?;
    finding(&device).await?;
    tidying(&device).await?;
    device.synced().await?;
    server.kill()?;
    device.open_customer(CHOSEN).await?;
    device.log_visit("vocabulary.outcome.agreed").await?;
    device.something_waits().await?;
    device.forget_taps();
    server.again()?;
    device.synced().await?;
    within(&device, "what waited is synced when the signal returns", 0)?;
    Ok(Verdict::Shown)
}

/// Says how many taps were made since they were counted last, and that they are few enough.
fn within(device: &Device, what: &str, budget: u32) -> Outcome {
    let taps = device.taps();
    ensure(taps <= budget, || format!("{what}: {taps} taps, {budget} are allowed"))?;
    shown(&format!("{what}: {taps} of {budget} taps"));
    device.forget_taps();
    Ok(())
}

/// Customers with their histories, a task for today, a saved view.
async fn prepare(device: &Device, stage: &Stage) -> Outcome {
    let [people, contacts, orders] = content::write_all(&stage.folder().join("files"))?;
    device.import(&[&people]).await?;
    device.import(&[&contacts, &orders]).await?;
    device.open_customer(CHOSEN).await?;
    device.tap_css(".ch button[aria-haspopup='menu']").await?;
    device.tap(&spot("menuitem", device.word("customer.next_add")?)).await?;
    device.fill(device.word("tasks.what")?, TASK).await?;
    device.set(&spot("field", device.word("tasks.due")?), &content::day(0)).await?;
    device.press(device.word("tasks.save")?).await?;
    device.sheet_closed().await?;
    device.search("").await?;
    device.press(device.word("customers.more_filters")?).await?;
    device.press(device.word("filter.city")?).await?;
    device.tap_css_named(".fl-v .pick", "Berlin", Named::Starts).await?;
    device.fill(device.word("filter.name")?, VIEW).await?;
    device.press(device.word("filter.save")?).await?;
    device.press(device.word("customers.clear_filters")?).await?;
    device.key(Key::Escape).await?;
    device.sheet_closed().await?;
    device.go("/").await?;
    device.hide_toasts().await
}

async fn morning(device: &Device) -> Outcome {
    device.forget_taps();
    device.press(device.word("shell.lock")?).await?;
    device.at_lock().await?;
    within(device, "lock", 1)?;
    device.unlock(PASSPHRASE).await?;
    within(device, "unlock by the passphrase", 1)?;
    device.texts_until(".next h2", SOON, |titles| titles == [TASK]).await?;
    within(device, "see the day, with what to do first", 0)?;
    device.tap_css(".next-who a").await?;
    device.at_customer(CHOSEN).await?;
    device.texts_until(".last3 li", SOON, |contacts| contacts.len() == 3).await?;
    within(device, "the brief before the visit", 1)
}

async fn visit(device: &Device) -> Outcome {
    device.press(device.word("customer.visit.begin")?).await?;
    device.see_at(&spot("button", device.word("customer.visit.log")?), SOON).await?;
    within(device, "check in", 1)?;
    device.reload().await?;
    device.unlock(PASSPHRASE).await?;
    device.see_at(&spot("button", device.word("customer.visit.log")?), SOON).await?;
    device.open_customer("Ella Brandt").await?;
    device.log_visit("vocabulary.outcome.interested").await?;
    device.undo(device.word("log.saved")?).await?;
    device.open_customer(CHOSEN).await?;
    device.see_at(&spot("button", device.word("customer.visit.log")?), SOON).await?;
    shown("a visit that has begun outlives a reload, and what is logged of another one");
    device.forget_taps();
    let begin = Instant::now();
    device.press(device.word("customer.visit.log")?).await?;
    device.tap_css_named(".opt:not(.opt-m)", device.word("vocabulary.outcome.agreed")?, Named::Is).await?;
    device.save_log().await?;
    let taken = begin.elapsed().as_secs_f32();
    within(device, &format!("log the visit, {taken:.1} s"), 3)?;
    device.see_gone(device.word("customer.visit.log")?).await?;
    device.follow(device.word("customer.log")?).await?;
    device
        .tap_css_named(".opt:not(.opt-m)", device.word("vocabulary.outcome.interested")?, Named::Is)
        .await?;
    device.fill_at(&spot("field", device.word("log.note")?), "Wants forty. Quote by tomorrow.").await?;
    device.tap_css(".prop-w .prop").await?;
    device.save_log().await?;
    within(device, "log a visit and accept the follow-up", 4)
}

async fn call_and_chat(device: &Device) -> Outcome {
    device.script(STAY, vec![]).await?;
    device.tap_css(CALL).await?;
    device.forget_taps();
    let log = device.words().filled("customer.log_call", &[("name", CHOSEN)])?;
    device.press(&log).await?;
    device.see_at(&spot("button", device.word("log.save")?), SOON).await?;
    device.settled().await?;
    device.save_log().await?;
    within(device, "log the call on coming back", 2)?;
    device.go("/").await?;
    device.tap_css(".nav-log").await?;
    device.see_at(&spot("field", device.word("log.find")?), SOON).await?;
    device
        .cdp(
            "Browser.grantPermissions",
            json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] }),
        )
        .await?;
    let copied = device.script_async(COPY, vec![CHAT.into()]).await?;
    ensure(copied == true, || "nothing could be copied".to_owned())?;
    device.press(device.word("log.paste.do_it")?).await?;
    device.see(device.word("log.read.chosen")?).await?;
    let chosen = device.script(CHOSEN_BY_TEXT, vec![]).await?;
    ensure(chosen == json!(["李明", device.word("vocabulary.method.wechat")?]), || {
        format!("chosen: {chosen}")
    })?;
    device.save_log().await?;
    within(device, "a pasted WeChat conversation, its customer guessed", 3)
}

/// Somebody who is here already is typed once more.
async fn newcomer(device: &Device) -> Outcome {
    let before = device.customer_count().await?;
    device.go("/").await?;
    device.forget_taps();
    device.tap_css("nav a[href$='customers']").await?;
    device.press(device.word("customers.new")?).await?;
    device.fill(device.word("customer.form.name_person")?, "张三").await?;
    device.fill(device.word("customer.form.mail")?, "zs@example.org").await?;
    device.fill(device.word("customer.form.phone")?, "+86 138 0000 0000").await?;
    device.texts_until(".like .hit", SOON, |rows| rows.len() == 1 && rows[0].contains("97")).await?;
    device.press(&device.words().filled("many.merge.into", &[("name", "张三")])?).await?;
    device.press(device.word("many.merge.do_it")?).await?;
    device.at_customer("张三").await?;
    within(device, "a new contact that looks like 张三 is added to him", 4)?;
    device.tab("customer.tab_details").await?;
    device.see("zs@example.org").await?;
    ensure(device.customer_count().await? == before, || "a second 张三 was made".to_owned())?;
    shown("his new mail address is there, and there is no second 张三");
    somebody_new(device).await?;
    device.fill(device.word("customer.form.name_person")?, "张三").await?;
    device.press(device.word("customer.form.add_address")?).await?;
    device.press(&device.words().filled("many.merge.into", &[("name", "张三")])?).await?;
    device.press(device.word("many.merge.back")?).await?;
    let held = device.held(device.word("customer.form.name_person")?).await?;
    ensure(held == "张三", || format!("the form holds \"{held}\""))?;
    device.press(device.word("customer.form.save")?).await?;
    device.at_customer("张三").await?;
    device.undo(device.word("customer.form.saved")?).await?;
    shown("a line that was added goes along to the known one and back");
    Ok(())
}

async fn finding(device: &Device) -> Outcome {
    device.go("/").await?;
    for typed in ["zs", "zha", "138", "张"] {
        device.forget_taps();
        device.tap_css("button.palette").await?;
        device.fill(device.word("shell.palette.field")?, typed).await?;
        device
            .texts_until(".find-r", SOON, |rows| rows.iter().take(6).any(|row| row.contains("张三")))
            .await?;
        within(device, &format!("find 张三 by {typed}"), 1)?;
        device.key(Key::Escape).await?;
        device.sheet_closed().await?;
    }
    somebody_new(device).await?;
    device.fill(device.word("customer.form.name_person")?, "Half a name").await?;
    device.key(Key::Escape).await?;
    device.sheet_closed().await?;
    device.go("/").await?;
    device.forget_taps();
    device.tap_css("button.palette").await?;
    device.fill(device.word("shell.palette.field")?, "Nobody Yet").await?;
    let create = device.words().filled("customers.create", &[("text", "Nobody Yet")])?;
    device.tap_css_named(".find-r", &create, Named::Has).await?;
    device.see_at(&spot("field", device.word("customer.form.name_person")?), SOON).await?;
    let held = device.held(device.word("customer.form.name_person")?).await?;
    ensure(held == "Nobody Yet", || format!("the name is \"{held}\""))?;
    within(device, "create whom nothing was found of", 2)?;
    device.key(Key::Escape).await?;
    device.sheet_closed().await?;
    somebody_new(device).await?;
    let held = device.held(device.word("customer.form.name_person")?).await?;
    ensure(held == "Half a name", || format!("what was begun before is \"{held}\" now"))?;
    device.press(device.word("common.draft_afresh")?).await?;
    device.fill(device.word("customer.form.name_person")?, "Somebody else").await?;
    device.key(Key::Escape).await?;
    device.sheet_closed().await?;
    somebody_new(device).await?;
    let held = device.held(device.word("customer.form.name_person")?).await?;
    ensure(held == "Somebody else", || format!("what was begun afresh is \"{held}\" now"))?;
    device.press(device.word("common.draft_afresh")?).await?;
    device.key(Key::Escape).await?;
    device.sheet_closed().await
}

/// Opens the form for somebody new.
async fn somebody_new(device: &Device) -> Outcome {
    device.go("/customers").await?;
    device.press(device.word("customers.new")?).await?;
    device.see_at(&spot("field", device.word("customer.form.name_person")?), SOON).await
}

async fn tidying(device: &Device) -> Outcome {
    device.go("/").await?;
    device.texts_until(".next h2", SOON, |titles| titles == [TASK]).await?;
    device.forget_taps();
    device.tap_css(".next .btn-on").await?;
    device.texts_until(".next h2", SOON, |titles| titles != [TASK]).await?;
    within(device, "complete a task", 1)?;
    device.undo(device.word("today.task_done")?).await?;
    device.texts_until(".next h2", SOON, |titles| titles == [TASK]).await?;
    within(device, "take it back", 1)?;
    device.go("/customers").await?;
    device.tap_css_named(".chips .pick", VIEW, Named::Starts).await?;
    device
        .texts_until(".cust .cust-n b", SOON, |listed| listed == ["Ella Brandt", "Jonas Lindqvist"])
        .await?;
    within(device, "apply a saved view", 1)?;
    device.tap_css_named(".chips .pick", VIEW, Named::Starts).await
}

/// What slips between two taps, or is typed and not confirmed, is neither lost nor done to something else.
pub(crate) async fn nothing_slips_between_two_taps(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Slips", PASSPHRASE).await?;
    second_tap(&device).await?;
    taken_back_below_a_log(&device).await?;
    typed_and_left(&device).await?;
    Ok(Verdict::Shown)
}

/// The second tap of a double tap does nothing to what lies behind a sheet, or comes into a row's place.
async fn second_tap(device: &Device) -> Outcome {
    device.go("/tasks").await?;
    device.press(device.word("tasks.board.agenda")?).await?;
    for title in [TASK, "Call the workshop"] {
        device.press(device.word("tasks.add")?).await?;
        device.fill(device.word("tasks.what")?, title).await?;
        device.press(device.word("tasks.save")?).await?;
        device.sheet_closed().await?;
    }
    device.hide_toasts().await?;
    device.texts_until(".row-t", SOON, |rows| rows.len() == 2).await?;
    let ticked = async || device.texts_until(".row-done", SOON, |rows| rows.len() == 1).await.map(drop);
    device.tap_twice(".row-t .tick", ticked).await?;
    device.settled().await?;
    let done = device.texts(".row-done").await?;
    ensure(done.len() == 1, || format!("a double tap completed {done:?}"))?;
    focus_comes_to(device, "className", "tick").await?;
    shown("a double tap completes one task, and the focus is on the next");
    Ok(())
}

/// Waits until what has the focus begins so, in its words or its class.
async fn focus_comes_to(device: &Device, property: &str, wanted: &str) -> Outcome {
    let look = async || {
        let found =
            device.script("return document.activeElement[arguments[0]]", vec![property.into()]).await?;
        Ok(found.as_str().is_some_and(|found| found.trim().starts_with(wanted)).then_some(()))
    };
    until(SOON, || format!("the focus to come to \"{wanted}\""), look).await
}

/// A customer made within a log, taken back before that is saved.
async fn taken_back_below_a_log(device: &Device) -> Outcome {
    device.tap_css(".nav-log").await?;
    device.fill(device.word("log.find")?, "Gone Again").await?;
    device.press(&device.words().filled("log.create", &[("text", "Gone Again")])?).await?;
    device.texts_until(".who b", SOON, |names| names == ["Gone Again"]).await?;
    device.undo(device.word("log.saved")?).await?;
    device.see_at(&spot("field", device.word("log.find")?), SOON).await?;
    device.see(device.word("vocabulary.code.unknown_partner")?).await?;
    device.tap_css(".sheet-h .ib").await?;
    device.sheet_closed().await?;
    shown("a customer that is taken back is no longer chosen in the log below");
    Ok(())
}

/// An organisation and a mail address, typed and left as they are.
async fn typed_and_left(device: &Device) -> Outcome {
    device.add_customer(&NewCustomer { name: "Ingrid Solheim", ..NewCustomer::default() }).await?;
    let before = device.customer_count().await?;
    for (name, mail) in [("Eva Lind", "eva@example.org "), ("Ole Lind", "ole @example.org")] {
        somebody_new(device).await?;
        device.fill(device.word("customer.form.name_person")?, name).await?;
        device.fill(device.word("customer.form.organisation")?, "Lind Trading").await?;
        device.fill(device.word("customer.form.mail")?, mail).await?;
        device.key(Key::Control + Key::Enter).await?;
        device.at_customer(name).await?;
        device.texts_until(".ch-o", SOON, |at| at.iter().any(|at| at.contains("Lind Trading"))).await?;
    }
    let made = device.customer_count().await? - before;
    ensure(made == 3, || format!("{made} were made of two people at one organisation"))?;
    shown("an organisation that is only typed is made once and found again; a space stays in its field");
    Ok(())
}

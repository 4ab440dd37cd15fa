//! Many customers at once, chosen by finger and by keyboard, and two that become one; each with one undo.

use satchel_e2e::content;
use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{Named, SOON, spot, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;
use thirtyfour::Key;

const PASSPHRASE: &str = "ufer kanne distel 58";
/// Who is in Berlin: who was met last comes first.
const BERLIN: [&str; 2] = ["Jonas Lindqvist", "Ella Brandt"];

/// Nobody is called really.
const STAY: &str = "document.addEventListener('click', (event) => { if (event.target.closest(\"a[href^='tel:']\")) event.preventDefault(); })";

/// Bulk edit with its preview (R38, R39) and a merge field by field (R3).
pub(crate) async fn many_are_changed_and_two_become_one(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Many", PASSPHRASE).await?;
    let [people, contacts, orders] = content::write_all(&stage.folder().join("files"))?;
    device.import(&[&people]).await?;
    device.import(&[&contacts, &orders]).await?;
    whole_result(&device).await?;
    by_finger_and_keys(&device).await?;
    by_sweeps(&device).await?;
    deleted(&device).await?;
    merged(&device).await?;
    Ok(Verdict::Shown)
}

/// Takes back what was done last, from the list of what was done.
async fn take_back(device: &Device) -> Outcome {
    device.go("/customers?sheet=recent").await?;
    device.tap_css(".rows .toast-u").await?;
    device.press(device.word("common.close")?).await?;
    device.sheet_closed().await
}

async fn chosen(device: &Device, count: usize) -> Outcome {
    let words = device.words().filled("many.chosen", &[("count", &count.to_string())])?;
    device.texts_until(".picked-n", SOON, |texts| texts == [words.as_str()]).await.map(drop)
}

/// Everybody whom a search finds gets a tag, and loses it again by one undo.
async fn whole_result(device: &Device) -> Outcome {
    device.search_finds("berlin", &BERLIN).await?;
    device.tap_css(".list-t button[aria-haspopup='menu']").await?;
    device.tap(&spot("menuitem", device.word("many.begin")?)).await?;
    chosen(device, 0).await?;
    device.press(&device.words().filled("many.all", &[("count", "2")])?).await?;
    chosen(device, 2).await?;
    device.press(device.word("many.change")?).await?;
    device.fill(device.word("many.tag_name")?, "fair").await?;
    device.see(&device.words().filled("many.would_all", &[("count", "2")])?).await?;
    device.texts_until(".many-p .row-b b", SOON, |names| names == BERLIN).await?;
    shown("the preview says how many change, and who they are");
    device.press(&device.words().filled("many.do_change", &[("count", "2")])?).await?;
    let told = device.words().filled("many.changed", &[("count", "2")])?;
    device.see(&told).await?;
    device.tap_within("a.cust", BERLIN[0]).await?;
    device.texts_until(".ch .tags li", SOON, |tags| tags.iter().any(|tag| tag == "fair")).await?;
    take_back(device).await?;
    device.open_customer(BERLIN[0]).await?;
    device.texts_until(".ch .tags li", SOON, |tags| !tags.iter().any(|tag| tag == "fair")).await?;
    shown("the whole result of a search was tagged, and one undo took it back");
    Ok(())
}

/// Draws a finger over the first row by so much, and lifts it.
async fn sweep(device: &Device, by: (f64, f64)) -> Outcome {
    let at = "const box = document.querySelector('.list-r[aria-posinset=\"1\"] .cust').getBoundingClientRect(); return [box.x + box.width / 2, box.y + 30]";
    let ready = async || Ok(device.script(at, vec![]).await?.as_array().cloned());
    let at = until(SOON, || "a row".to_owned(), ready).await?;
    let [x, y] = [0, 1].map(|axis| at[axis].as_f64().unwrap_or_default());
    let point = |share: f64| json!([{ "x": x + by.0 * share, "y": y + by.1 * share }]);
    device
        .cdp("Input.dispatchTouchEvent", json!({ "type": "touchStart", "touchPoints": point(0.0) }))
        .await?;
    for share in [0.25, 0.5, 0.75, 1.0] {
        let moved = json!({ "type": "touchMove", "touchPoints": point(share) });
        device.cdp("Input.dispatchTouchEvent", moved).await?;
    }
    device.cdp("Input.dispatchTouchEvent", json!({ "type": "touchEnd", "touchPoints": [] })).await.map(drop)
}

/// A row swept to the right logs and to the left calls; one that is swept a little, or up, does neither (R20, R22).
async fn by_sweeps(device: &Device) -> Outcome {
    device.search_finds("amelia", &["Amelia Hart"]).await?;
    for little in [(60.0, 0.0), (-60.0, 0.0), (60.0, 60.0), (0.0, -60.0)] {
        sweep(device, little).await?;
    }
    sweep(device, (120.0, 0.0)).await?;
    device.see_at(&spot("button", device.word("log.save")?), SOON).await?;
    ensure(device.address().await?.contains("/customers?sheet=log"), || {
        "a little sweep, or one up or aslant, led away from the list".to_owned()
    })?;
    device.key(Key::Escape).await?;
    device.sheet_closed().await?;
    shown("a row swept to the right opens its log; swept a little, up or aslant it does nothing");
    device.script(STAY, vec![]).await?;
    sweep(device, (-120.0, 0.0)).await?;
    device.open_customer("Amelia Hart").await?;
    device.see(&device.words().filled("customer.log_call", &[("name", "Amelia Hart")])?).await?;
    shown("swept to the left it calls, and the call is offered to be logged");
    device.go("/customers").await?;
    device.search("").await
}

/// A finger that rests, Shift with the arrows, Escape.
async fn by_finger_and_keys(device: &Device) -> Outcome {
    device.go("/customers").await?;
    device.search("").await?;
    let at = "const box = document.querySelector('.cust').getBoundingClientRect(); return [box.x + 90, box.y + 30]";
    let ready = async || Ok(device.script(at, vec![]).await?.as_array().cloned());
    let at = until(SOON, || "a row".to_owned(), ready).await?;
    let touch = json!({ "type": "touchStart", "touchPoints": [{ "x": at[0], "y": at[1] }] });
    device.cdp("Input.dispatchTouchEvent", touch).await?;
    chosen(device, 1).await?;
    device.cdp("Input.dispatchTouchEvent", json!({ "type": "touchEnd", "touchPoints": [] })).await?;
    chosen(device, 1).await?;
    shown("a finger that rests on a row chooses it");
    device.script("document.querySelector('.cust[tabindex=\"0\"]').focus()", vec![]).await?;
    device.key(Key::Escape).await?;
    device.texts_until(".picked-b", SOON, <[String]>::is_empty).await?;
    device.script("document.querySelector('.list-r[aria-posinset=\"1\"] .cust').focus()", vec![]).await?;
    device.key(Key::Space).await?;
    chosen(device, 1).await?;
    device.key(Key::Shift + Key::Down).await?;
    chosen(device, 2).await?;
    device.key(Key::Shift + Key::End).await?;
    let all = device.script("return +document.querySelector('.list-r').ariaSetSize", vec![]).await?;
    chosen(device, usize::try_from(all.as_u64().unwrap_or_default()).unwrap_or_default()).await?;
    shown("Space chooses the row, Shift with an arrow the next, Shift with End all that follow");
    device.key(Key::Escape).await?;
    device.texts_until(".picked-b", SOON, <[String]>::is_empty).await.map(drop)
}

async fn deleted(device: &Device) -> Outcome {
    let before = device.customer_count().await?;
    device.search_finds("berlin", &BERLIN).await?;
    device.script("document.querySelector('.list-r[aria-posinset=\"2\"] .cust').focus()", vec![]).await?;
    device.key(Key::Space).await?;
    chosen(device, 1).await?;
    device.press(device.word("many.change")?).await?;
    device.press(device.word("many.delete")?).await?;
    device.press(&device.words().filled("many.do_delete", &[("count", "1")])?).await?;
    device.search_finds("berlin", &BERLIN[..1]).await?;
    take_back(device).await?;
    device.search_finds("berlin", &BERLIN).await?;
    let as_before = async || Ok((device.customer_count().await? == before).then_some(()));
    until(SOON, || "as many customers as before".to_owned(), as_before).await?;
    shown("one of two was deleted and brought back");
    Ok(())
}

async fn merged(device: &Device) -> Outcome {
    let double = NewCustomer { name: "Jonas Lindquist", phone: "+49 30 5550 900", ..NewCustomer::default() };
    device.add_customer(&double).await?;
    let before = device.customer_count().await?;
    device.open_customer(BERLIN[0]).await?;
    device.tap_css(".ch button[aria-haspopup='menu']").await?;
    device.tap(&spot("menuitem", device.word("many.merge.menu")?)).await?;
    device.fill(device.word("many.merge.find")?, "Lindquist").await?;
    device.tap_css_named(".finder .hit", double.name, Named::Has).await?;
    device.texts_until(".mrg-c b", SOON, |names| names == [BERLIN[0], double.name]).await?;
    device.tap_css_named(".mrg-q .opt", double.name, Named::Is).await?;
    device.press(device.word("many.merge.do_it")?).await?;
    device.at_customer(double.name).await?;
    device.customers_are(before - 1).await?;
    device.search_finds("5550 900", &[double.name]).await?;
    device.search_finds("5550 117", &[double.name]).await?;
    shown("two are one, under the name that was chosen, found by both numbers");
    take_back(device).await?;
    device.search_finds("5550 900", &[double.name]).await?;
    device.customers_are(before).await?;
    device.search_finds("5550 117", &[BERLIN[0]]).await?;
    shown("one undo made two of them again");
    Ok(())
}

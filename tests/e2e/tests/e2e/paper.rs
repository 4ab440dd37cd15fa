//! Paper: a customer's history and brief, as they are printed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const PASSPHRASE: &str = "papier drossel kante 38";
const WHO: &str = "Anna Vogel";
const PHONE: &str = "+49 30 5550 142";
const MAIL: &str = "anna@example.com";
/// Calls with her, and messages of one conversation.
const CALLS: usize = 72;
const MESSAGES: usize = 8;
/// Instead of the browser's dialog: what would be on the paper.
const STAND_IN: &str = "
window.papers = [];
window.print = () => {
  const texts = (css) => [...document.querySelectorAll(css)].map((one) => one.textContent.replace(/\\s+/g, ' ').trim());
  papers.push({
    title: document.title, entries: texts('.evs > li').length, messages: texts('.chat li').length, head: texts('.tl-ph p').join(' '),
  });
  dispatchEvent(new Event('afterprint'));
};";
/// What can be seen of a page in the medium that is emulated.
const SEEN: &str = "
const seen = (css) => [...document.querySelectorAll(css)].filter((one) => one.checkVisibility()).map((one) => one.innerText.trim());
const entry = document.querySelector('.ev');
return {
  buttons: seen('.cust-page :is(button:not(.code, .more-m), input, select)'), facts: seen('.col-l .facts dd'), name: seen('.ch h1').join(' '),
  head: seen('.tl-ph').length, printed: seen('.printed').join(' '), breaks: entry && getComputedStyle(entry).breakInside,
};";

/// R45, EXPERIENCE (print): a history is printed whole, a brief says how to reach her, and nothing on paper is to be
/// pressed.
pub(crate) async fn a_history_is_printed_whole(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Paper", PASSPHRASE).await?;
    device
        .add_customer(&NewCustomer { name: WHO, phone: PHONE, mail: MAIL, ..NewCustomer::default() })
        .await?;
    device.import(&[&contacts(stage.folder())?]).await?;
    device.open_customer(WHO).await?;
    device.script(STAND_IN, vec![]).await?;
    brief(&device).await?;
    device.tab("customer.tab_timeline").await?;
    whole(&device).await?;
    narrowed(&device).await?;
    Ok(Verdict::Shown)
}

fn contacts(folder: &Path) -> Outcome<PathBuf> {
    let mut text = "customer,date,method,content\n".to_owned();
    for n in 0..CALLS {
        text += &format!(
            "{WHO},2025-{:02}-{:02} 10:00,phone,\"Asked about lot {n}.\"\n",
            n / 12 + 1,
            n % 12 * 2 + 1
        );
    }
    let said: Vec<String> =
        (0..MESSAGES).map(|n| format!("{}: line {n}", if n % 2 == 0 { WHO } else { "Me" })).collect();
    text += &format!("{WHO},2025-11-03 09:00,wechat,\"{}\"\n", said.join("\n"));
    fs::create_dir_all(folder)?;
    let file = folder.join("contacts.csv");
    fs::write(&file, text)?;
    Ok(file)
}

/// Chooses Print in the customer's menu; what would be on the paper of the print so numbered.
async fn print(device: &Device, number: usize) -> Outcome<Value> {
    device.tap_css(".ch button[aria-haspopup='menu']").await?;
    device.tap(&spot("menuitem", device.word("customer.print")?)).await?;
    let paper = async || Ok(device.script("return papers", vec![]).await?.get(number).cloned());
    until(LONG, || format!("print {number}"), paper).await
}

/// What is seen on paper.
async fn seen_on_paper(device: &Device) -> Outcome<Value> {
    device.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
    let seen = device.script(SEEN, vec![]).await?;
    device.cdp("Emulation.setEmulatedMedia", json!({ "media": "" })).await?;
    ensure(seen["buttons"] == json!([]), || format!("to be pressed on paper: {}", seen["buttons"]))?;
    ensure(seen["name"] == WHO, || format!("the head names {}", seen["name"]))?;
    let printed = device.word("shell.printed")?.replace("{{ moment }}", "");
    let stamp = seen["printed"].as_str().unwrap_or_default();
    ensure(stamp.starts_with(&printed) && stamp.len() > printed.len(), || format!("printed when: {stamp}"))?;
    Ok(seen)
}

async fn brief(device: &Device) -> Outcome {
    print(device, 0).await?;
    let facts = seen_on_paper(device).await?["facts"].clone();
    let has = |what: &str| facts.as_array().into_iter().flatten().any(|fact| fact == what);
    ensure(has(PHONE) && has(MAIL), || format!("the brief says of her: {facts}"))?;
    let printed = device.cdp("Page.printToPDF", json!({ "paperWidth": 8.27, "paperHeight": 11.69 })).await?;
    let pdf = STANDARD.decode(printed["data"].as_str().unwrap_or_default());
    let pdf = pdf.map_err(|error| format!("a PDF that is none: {error}"))?;
    let pages = String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count();
    ensure(pages == 1, || format!("the brief prints on {pages} pages"))?;
    shown("the brief is one page of A4, with phone and mail");
    Ok(())
}

/// All of it, although the screen shows fifty entries; then the screen is as it was.
async fn whole(device: &Device) -> Outcome {
    device.entries_are(50).await?;
    let paper = print(device, 1).await?;
    let all = CALLS + 1;
    ensure(paper["entries"] == all && paper["messages"] == MESSAGES, || format!("on paper: {paper}"))?;
    let count = device.words().filled("customer.tl.entries", &[("count", &all.to_string())])?;
    let head = paper["head"].as_str().unwrap_or_default();
    ensure(head.ends_with(&count) && head.contains("2025"), || format!("above it: {head}"))?;
    ensure(paper["title"] == device.word("customer.tl.record")?, || format!("called {}", paper["title"]))?;
    device.entries_are(50).await?;
    let seen = seen_on_paper(device).await?;
    ensure(seen["head"] == 1 && seen["breaks"] == "avoid", || format!("on paper: {seen}"))?;
    shown(
        "all 73 entries are printed, the conversation unfolded, under a head; then the screen is as before",
    );
    Ok(())
}

/// What a filter lets through, which the head names.
async fn narrowed(device: &Device) -> Outcome {
    let method = device.word("vocabulary.method.wechat")?;
    device.tap_within(".chips-tl .pick", method).await?;
    device.entries_are(1).await?;
    let paper = print(device, 2).await?;
    let head = paper["head"].as_str().unwrap_or_default();
    let single = device.word("customer.tl.entries_single")?;
    ensure(paper["entries"] == 1 && head.starts_with(method) && head.ends_with(single), || {
        format!("{paper}")
    })?;
    device.texts_until(".chat li", SOON, |lines| lines.len() == 3).await?;
    shown("a filter narrows what is printed, and is named above it");
    Ok(())
}

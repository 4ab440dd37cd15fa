//! How soon the screen answers hands with ten thousand customers and a hundred thousand entries in it, on a processor
//! made four times slower. Printed, never judged: `cargo xtask bench ui`.
//!
//! What is measured is the browser's own interaction to next paint (Event Timing): from a key or a tap to the frame
//! that shows it. What takes less than 16 ms is not told by the browser and counts as 16.

use satchel_e2e::device::Device;
use satchel_e2e::dress::SIZES;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::samples;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use thirtyfour::Key;

const PASSPHRASE: &str = "mühle kerze sturm 88";
const CUSTOMERS: usize = 10_000;
const ENTRIES: usize = 100_000;
/// How long the files may take to be brought in.
const FILLING: Duration = Duration::from_secs(600);
const SLOWER: u32 = 4;

const OBSERVE: &str = "
window.seen = new Map();
window.before = performance.interactionCount;
window.watch ??= new PerformanceObserver((list) => {
  for (const { interactionId, duration } of list.getEntries()) {
    if (interactionId) seen.set(interactionId, Math.max(duration, seen.get(interactionId) ?? 0));
  }
});
watch.observe({ type: 'event', durationThreshold: 16 });";
const TAKE: &str = "
const done = arguments[0];
setTimeout(() => {
  const told = [...seen.values()];
  const quick = Math.max(0, performance.interactionCount - before - told.length);
  done([...told, ...Array(quick).fill(16)]);
}, 500);";
/// Frames of a list that is scrolled by a screen's height ten times, ms each.
const SCROLL: &str = "
const done = arguments[0];
const list = [...document.querySelectorAll('.pane-list .scroll, .pane-list [class*=list-s], .scroll')].find((one) => one.scrollHeight > 10 * one.clientHeight);
if (!list) return done([]);
const frames = [];
let last = performance.now(), left = 300;
const step = (now) => {
  frames.push(now - last);
  last = now;
  list.scrollTop += list.clientHeight / 5;
  if (left-- > 0) requestAnimationFrame(step); else done(frames.slice(2));
};
requestAnimationFrame(step);";

/// Typing in the search, opening a customer, opening the log sheet, scrolling the list, starting again.
pub(crate) async fn the_screen_answers_hands(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Field", PASSPHRASE).await?;
    fill(&device, stage).await?;
    device.dress(SIZES[2], "light").await?;
    device.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await?;
    typing(&device).await?;
    opening(&device).await?;
    logging(&device).await?;
    scrolling(&device).await?;
    device.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await?;
    starting(&device).await?;
    Ok(Verdict::Shown)
}

async fn fill(device: &Device, stage: &Stage) -> Outcome {
    let folder = stage.folder().join("files");
    let begin = Instant::now();
    for file in [customers(&folder)?, entries(&folder)?] {
        device.inspect(&[&file], FILLING).await?;
        device.bring_in(FILLING).await?;
    }
    shown(&format!(
        "{CUSTOMERS} customers and {ENTRIES} entries brought in, {:.1} s",
        begin.elapsed().as_secs_f32()
    ));
    Ok(())
}

fn name(n: usize) -> String {
    format!("{} {} {n}", samples::given(n), samples::family(n / 7))
}

fn customers(folder: &Path) -> Outcome<PathBuf> {
    let row = |n: usize| format!("{},Firm {},138{n:08},p{n}@example.com,Berlin\n", name(n), n / 3);
    let rows: String = (0..CUSTOMERS).map(row).collect();
    samples::write(folder, "people.csv", format!("name,company,phone,email,city\n{rows}").as_bytes())
}

fn entries(folder: &Path) -> Outcome<PathBuf> {
    let row = |n: usize| {
        let (month, day, hour) = (1 + n % 12, 1 + n % 28, 8 + n % 9);
        let who = name(n * 7 % CUSTOMERS);
        format!(
            "{who},2025-{month:02}-{day:02} {hour:02}:00,phone,\"Talked about order {n}, 交货期 and price; will call again next week about the samples.\"\n"
        )
    };
    let rows: String = (0..ENTRIES).map(row).collect();
    samples::write(folder, "contacts.csv", format!("customer,date,method,content\n{rows}").as_bytes())
}

async fn typing(device: &Device) -> Outcome {
    device.go("/customers").await?;
    device.see_at(&spot("field", device.word("customers.search")?), SOON).await?;
    device.tap(&spot("field", device.word("customers.search")?)).await?;
    device.script(OBSERVE, vec![]).await?;
    for text in ["maria", "li wang", "13800", "firm 12", "zzzz"] {
        for letter in text.chars() {
            device.key(letter.to_string()).await?;
        }
        for _ in text.chars() {
            device.key(Key::Backspace + "").await?;
        }
    }
    told(device, "typing in the search").await
}

async fn opening(device: &Device) -> Outcome {
    device.script(OBSERVE, vec![]).await?;
    for n in 0..20 {
        let rows = format!(".list-r[aria-posinset='{}'] .cust", 1 + n % 6);
        device.tap_css(&rows).await?;
        device.texts_until(".ch h1", SOON, |titles| !titles.is_empty()).await?;
        device.go("/customers").await?;
        device.texts_until(".ch h1", SOON, <[String]>::is_empty).await?;
    }
    told(device, "opening a customer").await
}

async fn logging(device: &Device) -> Outcome {
    device.tap_css(".cust").await?;
    device.texts_until(".ch h1", SOON, |titles| !titles.is_empty()).await?;
    device.script(OBSERVE, vec![]).await?;
    for _ in 0..10 {
        device.follow(device.word("customer.log")?).await?;
        device.see_at(&spot("button", device.word("log.save")?), SOON).await?;
        device.key(Key::Escape + "").await?;
        device.sheet_closed().await?;
    }
    told(device, "opening and closing the log sheet").await
}

async fn scrolling(device: &Device) -> Outcome {
    device.go("/customers").await?;
    device.settled().await?;
    let frames = numbers(&device.script_async(SCROLL, vec![]).await?);
    ensure(!frames.is_empty(), || "there is no long list".to_owned())?;
    say("a frame while the list is scrolled", frames)
}

/// The installed app, cold, without its server: from the passphrase to the day.
async fn starting(device: &Device) -> Outcome {
    let mut taken = Vec::new();
    for _ in 0..3 {
        device.reload().await?;
        device.at_lock().await?;
        device.fill(device.word("common.passphrase")?, PASSPHRASE).await?;
        let begin = Instant::now();
        device.press(device.word("onboarding.lock.unlock")?).await?;
        let there = async || Ok((!device.texts("#content h1").await?.is_empty()).then_some(()));
        until(LONG, || "the workspace to open".to_owned(), there).await?;
        device.settled().await?;
        taken.push(begin.elapsed().as_secs_f64() * 1_000.0);
    }
    say("from the passphrase to a screen that can be used, at full speed", taken)
}

async fn told(device: &Device, what: &str) -> Outcome {
    let told = numbers(&device.script_async(TAKE, vec![]).await?);
    ensure(!told.is_empty(), || format!("{what}: the browser told nothing"))?;
    say(&format!("{what}, to the next paint"), told)
}

fn numbers(told: &Value) -> Vec<f64> {
    told.as_array().map(|all| all.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}

fn say(what: &str, mut samples: Vec<f64>) -> Outcome {
    samples.sort_by(f64::total_cmp);
    let at = |share: f64| samples[((samples.len() - 1) as f64 * share).round() as usize];
    shown(&format!(
        "{what}: p50 {:.0} ms, p95 {:.0} ms, most {:.0} ms, of {}",
        at(0.5),
        at(0.95),
        at(1.0),
        samples.len()
    ));
    Ok(())
}

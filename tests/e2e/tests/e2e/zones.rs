//! West of Greenwich: a day without a time of day is that day, wherever it is read.

use satchel_e2e::device::{Device, Extra};
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{Named, SOON};
use satchel_e2e::samples;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;
use std::fs;
use thirtyfour::Key;

const PASSPHRASE: &str = "hafen winkel moos 58";
const NAME: &str = "Amelia Hart";
const SAID: &str = "Tasted the new oils";
/// Eight hours behind, seven in summer.
const LOS_ANGELES: Extra =
    Extra { flags: &[], preferences: &[], own: true, zone: Some("America/Los_Angeles") };

/// A day of the browser's calendar, so many days ago.
struct Day {
    /// As files have it: `2026-11-22`.
    iso: String,
    /// As the app writes a day.
    short: String,
    /// The same with its weekday.
    weekday: String,
}

/// A call in the evening of yesterday and a visit today, of which no time is known (D13).
pub(crate) async fn a_day_without_a_time_is_that_day_west_of_greenwich(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device_with("A", Language::En, &server.url(), LOS_ANGELES)?;
    device.open("").await?;
    device.create_workspace("West", PASSPHRASE).await?;
    let [today, yesterday] = [day(&device, 0).await?, day(&device, 1).await?];
    let folder = stage.folder().join("files");
    let people = samples::write(&folder, "people.csv", format!("name,city\n{NAME},London\n").as_bytes())?;
    let contacts = format!(
        "customer,date,method,content\n{NAME},{} 23:00,phone,Called about the oils\n{NAME},{},visit,{SAID}\n",
        yesterday.iso, today.iso
    );
    let contacts = samples::write(&folder, "contacts.csv", contacts.as_bytes())?;
    device.import(&[&people]).await?;
    device.import(&[&contacts]).await?;
    of_the_customer(&device).await?;
    counted(&device, [&yesterday.weekday, &today.weekday]).await?;
    found(&device, &today.short).await?;
    written(&device, stage, &today.iso).await?;
    Ok(Verdict::Shown)
}

async fn day(device: &Device, ago: i64) -> Outcome<Day> {
    let script = "
        const now = new Date();
        const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - arguments[0]);
        const said = (options) => new Intl.DateTimeFormat(navigator.language, options).format(day);
        const [short, weekday] = [{}, { weekday: 'short' }].map((more) => said({ day: 'numeric', month: 'short', ...more }));
        return [day.toLocaleDateString('sv'), short, weekday, new Date(2026, 0, 1).getTimezoneOffset()];";
    let told = device.script(script, vec![json!(ago)]).await?;
    ensure(told[3] == 8 * 60, || format!("the browser is not in Los Angeles: {told}"))?;
    let text = |at: usize| told[at].as_str().unwrap_or_default().to_owned();
    Ok(Day { iso: text(0), short: text(1), weekday: text(2) })
}

/// The list, the brief, the timeline and what stands above it.
async fn of_the_customer(device: &Device) -> Outcome {
    device.go("/customers").await?;
    let today = device.word("customers.ago_today")?;
    device.texts_until(".cust .cust-m", SOON, |ages| ages.iter().any(|age| age.contains(today))).await?;
    device.open_customer(NAME).await?;
    let [now, before] = [device.word("customer.tl.today")?, device.word("customer.tl.yesterday")?];
    let starts = |days: &[String]| {
        days.len() == 2 && days.iter().zip([now, before]).all(|(day, with)| day.starts_with(with))
    };
    device.texts_until(".last3 b a", SOON, starts).await?;
    shown("the list and the brief say that the last contact was today");
    device.tab("customer.tab_timeline").await?;
    device.texts_until(".tl-g h3 b", SOON, |days| days == [now, before]).await?;
    device.aggregate("customer.agg.last", "today").await?;
    shown("the timeline has today above yesterday");
    Ok(())
}

async fn counted(device: &Device, days: [&str; 2]) -> Outcome {
    device.go("/insights").await?;
    let title = device.word("insight.calendar")?.to_owned();
    device.press(&device.words().filled("insight.as_table", &[("what", &title)])?).await?;
    let wanted = days.map(|day| format!("{day} 1"));
    device.texts_until(".ins-h tbody tr", SOON, |rows| rows == wanted).await?;
    shown("statistics count a contact on each of the two days");
    Ok(())
}

async fn found(device: &Device, day: &str) -> Outcome {
    device.tap_css("button.palette").await?;
    device.fill(device.word("shell.palette.field")?, SAID).await?;
    device.texts_until("[role=option] .num", SOON, |days| days == [day]).await?;
    device.key(Key::Escape).await?;
    shown("the palette finds what was said, with its day");
    Ok(())
}

async fn written(device: &Device, stage: &Stage, day: &str) -> Outcome {
    let folder = stage.folder().join("written");
    fs::create_dir_all(&folder)?;
    let allowed =
        json!({ "behavior": "allow", "downloadPath": folder.canonicalize()?.display().to_string() });
    device.cdp("Browser.setDownloadBehavior", allowed).await?;
    device.go("/customers").await?;
    device.tap_css_named(".chips .pick", device.word("customers.more_filters")?, Named::Starts).await?;
    device.press(device.word("filter.write")?).await?;
    let text = fs::read_to_string(device.downloaded(&folder, "csv").await?)?;
    let row = text.lines().find(|line| line.starts_with(NAME)).unwrap_or_default();
    ensure(row.split(',').any(|cell| cell == day), || format!("no {day} in {text}"))?;
    shown("the file has the day of the last contact");
    Ok(())
}

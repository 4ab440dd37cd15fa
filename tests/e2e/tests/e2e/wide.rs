//! What is different on a wide screen: columns that have something in them, and icons beside what they copy.

use satchel_e2e::device::Device;
use satchel_e2e::dress::SIZES;
use satchel_e2e::hands::{SOON, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;

const PASSPHRASE: &str = "weite lampe ginster 52";
/// How many columns a customer's page has, and whether nothing stands in one of them.
const COLUMNS: &str = "
const columns = [...document.querySelectorAll('.cols > *')].filter((one) => one.checkVisibility());
return [columns.length, columns.some((one) => one.innerText.trim() === '')];";
/// How far each icon that copies stands below what it copies, in CSS pixels.
const BELOW: &str = "
const middle = (one) => { const box = one.getBoundingClientRect(); return box.top + box.height / 2; };
return [...document.querySelectorAll('.det .facts dd')].flatMap((fact) => {
  const icon = fact.querySelector(\"use[href='#i-copy']\")?.closest('button');
  const value = fact.querySelector('a, span > span');
  return icon && value ? [Math.abs(middle(icon) - middle(value))] : [];
});";

/// EXPERIENCE (Customer): a person without anybody related has no empty column, an organisation has its people's; the
/// copy icon of a phone number stands beside it.
pub(crate) async fn nothing_stands_empty_on_a_wide_screen(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Wide", PASSPHRASE).await?;
    let (phone, mail) = ("+49 30 5550 142", "anna.vogel@northwind-trading.example.com");
    let person = NewCustomer { name: "Anna Vogel", phone, mail, ..NewCustomer::default() };
    device.add_customer(&person).await?;
    device.dress(SIZES[2], "light").await?;
    device.tab("customer.tab_timeline").await?;
    columns_are(&device, 2).await?;
    device.tab("customer.tab_details").await?;
    let beside = async || {
        let below = device.script(BELOW, vec![]).await?;
        let below: Vec<f64> = below.as_array().into_iter().flatten().filter_map(|px| px.as_f64()).collect();
        Ok((below.len() >= 2 && below.iter().all(|px| *px < 12.0)).then_some(()))
    };
    until(SOON, || "the copy icons beside what they copy".to_owned(), beside).await?;
    shown("a person's timeline takes the room of an empty column, and copying stands beside the value");
    device
        .add_customer(&NewCustomer { name: "Vogel GmbH", organisation: true, ..NewCustomer::default() })
        .await?;
    device.tab("customer.tab_timeline").await?;
    columns_are(&device, 3).await?;
    shown("an organisation's people have their column");
    Ok(Verdict::Shown)
}

async fn columns_are(device: &Device, count: usize) -> Outcome {
    let look = async || Ok((device.script(COLUMNS, vec![]).await? == json!([count, false])).then_some(()));
    until(SOON, || format!("{count} columns, none of them empty"), look).await
}

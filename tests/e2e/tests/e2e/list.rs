//! The list of customers: rows that pass through places, the keyboard, and a pane that was hidden.

use satchel_e2e::device::Device;
use satchel_e2e::dress::SIZES;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, spot, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::samples;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::{Value, json};

const PASSPHRASE: &str = "kompass birne treppe 40";
const ROWS: usize = 200;
/// What is seen of the list: positions of the rows in the page's order, and whether any of them lies in sight.
const SEEN: &str = "
    const list = document.querySelector('.list-s').getBoundingClientRect();
    const rows = [...document.querySelectorAll('.list-r')];
    const inSight = rows.filter((row) => {
      const box = row.getBoundingClientRect();
      return box.height > 0 && box.bottom > list.top && box.top < list.bottom && row.innerText.trim();
    });
    return [rows.map((row) => +row.ariaPosInSet), inSight.length];";

/// R51, R4: a list that is scrolled makes no rows, is read out in order, and stands where it was left.
pub(crate) async fn rows_pass_through_places_and_stand_where_they_were_left(
    stage: &Stage,
) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Lists", PASSPHRASE).await?;
    device.dress(SIZES[2], "light").await?;
    let folder = stage.folder().join("files");
    device.import(&[&samples::numbered(&folder, "Row", ROWS, 20)?]).await?;
    device.go("/customers").await?;
    scrolled(&device).await?;
    by_keys(&device).await?;
    hidden_and_back(&device).await?;
    in_the_trash(&device).await?;
    Ok(Verdict::Shown)
}

async fn seen(device: &Device) -> Outcome<(Vec<u64>, u64)> {
    let seen = device.script(SEEN, vec![]).await?;
    let positions = seen[0].as_array().map(|all| all.iter().filter_map(Value::as_u64).collect());
    Ok((positions.unwrap_or_default(), seen[1].as_u64().unwrap_or(0)))
}

async fn in_order(device: &Device, around: u64) -> Outcome<usize> {
    let there = async || {
        let (positions, in_sight) = seen(device).await?;
        let right = positions.is_sorted() && positions.contains(&around) && in_sight > 5;
        Ok(right.then_some(positions.len()))
    };
    until(SOON, || format!("rows in order around {around}"), there).await
}

async fn scrolled(device: &Device) -> Outcome {
    let before = in_order(device, 1).await?;
    let mark = "document.querySelectorAll('.list-r').forEach((row) => row.marked = true)";
    device.script(mark, vec![]).await?;
    for (to, around) in [("9", 88_u64), ("0.45", 30), ("12", 116), ("0", 1)] {
        let scroll = "const list = document.querySelector('.list-s'); list.scrollTop = list.clientHeight * +arguments[0]";
        device.script(scroll, vec![json!(to)]).await?;
        if to != "0.45" {
            in_order(device, around).await?;
        }
    }
    let made = device
        .script(
            "return [...document.querySelectorAll('.list-r')].filter((row) => !row.marked).length",
            vec![],
        )
        .await?;
    ensure(made == json!(0), || format!("scrolling made {made} rows"))?;
    ensure(in_order(device, 1).await? == before, || "there are more rows than at first".to_owned())?;
    shown(
        "scrolled far and back, the list has the same rows in the page, in the order in which they are seen",
    );
    Ok(())
}

async fn by_keys(device: &Device) -> Outcome {
    device.tap(&spot("field", device.word("customers.search")?)).await?;
    device.key("Row 17").await?;
    device.key("\u{e015}").await?;
    device.key("\u{e010}").await?;
    let focused = async || {
        let (words, _) = device.focused().await?;
        Ok(words.contains("Row").then_some(()))
    };
    until(SOON, || "the focus on the last row".to_owned(), focused).await?;
    device.tap(&spot("field", device.word("customers.search")?)).await?;
    device.enter().await?;
    device
        .texts_until(".ch h1", SOON, |titles| titles.iter().any(|title| title.contains("company 17")))
        .await?;
    shown("from the search field an arrow leads into the list, and Enter opens the first that was found");
    Ok(())
}

/// A pane that is hidden has no height: nothing is learned from it.
async fn hidden_and_back(device: &Device) -> Outcome {
    device.go("/customers").await?;
    device.fill(device.word("customers.search")?, "").await?;
    in_order(device, 1).await?;
    let end = "const list = document.querySelector('.list-s'); list.scrollTop = list.scrollHeight";
    device.script(end, vec![]).await?;
    device.tap_css(".list-r[aria-posinset='200'] .cust").await?;
    device.tap(&spot("tab", device.word("customer.tab_timeline")?).starts()).await?;
    device.reload().await?;
    device.unlock(PASSPHRASE).await?;
    device.tap(&spot("tab", device.word("customer.tab_brief")?).starts()).await?;
    in_order(device, 200).await?;
    shown("a list that was hidden while a customer filled the screen shows the row of that customer again");
    Ok(())
}

/// In another tab the customer is deleted: its page says so and offers only to restore it.
async fn in_the_trash(device: &Device) -> Outcome {
    device.go("/customers").await?;
    device.add_customer(&NewCustomer { name: "Gone Tomorrow", ..NewCustomer::default() }).await?;
    let page = device.address().await?;
    device.press(device.word("customer.more")?).await?;
    device.tap(&spot("menuitem", device.word("customer.delete")?)).await?;
    device.go(page.trim_start_matches(device.base())).await?;
    device.see_within(device.word("trash.is_here")?, LONG).await?;
    device.press(device.word("trash.restore")?).await?;
    device.see_gone(device.word("trash.is_here")?).await?;
    shown("a customer in the trash says so on its page, and is taken out there");
    Ok(())
}

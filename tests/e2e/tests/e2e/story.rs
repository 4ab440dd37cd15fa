//! The story: a workspace of one's own, customers brought in, found, visited; with the server gone.

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, Named, SOON, spot};
use satchel_e2e::person::{Counts, NewCustomer};
use satchel_e2e::samples::{self, COMPANIES, CONTACTS, LINES, ORDERS};
use satchel_e2e::say::{note, shown};
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use std::path::Path;
use std::time::Instant;

const PASSPHRASE: &str = "lampe regen violett zange";

/// A fresh device makes a workspace; it survives a reload, locking, and the server (R34, R35, R109).
pub(crate) async fn workspace_outlives_reload_and_server(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Field", PASSPHRASE).await?;
    shown("a workspace was made with a passphrase, its recovery sheet asked back");
    device.add_customer(&NewCustomer { name: "Ingrid Solheim", ..NewCustomer::default() }).await?;
    device.see(device.word("customer.form.saved")?).await?;
    device.synced().await?;
    shown("a customer was saved on the device, then synced");
    device.reload().await?;
    device.unlock(PASSPHRASE).await?;
    device.open_customer("Ingrid Solheim").await?;
    shown("after a reload and the passphrase it is there");
    device.lock().await?;
    device.unlock(PASSPHRASE).await?;
    device.search_finds("Ingrid", &["Ingrid Solheim"]).await?;
    shown("after locking and unlocking too");
    server.kill()?;
    device.add_customer(&NewCustomer { name: "Tomas Berg", ..NewCustomer::default() }).await?;
    device.reload().await?;
    device.unlock(PASSPHRASE).await?;
    device.search_finds("Tomas", &["Tomas Berg"]).await?;
    device.something_waits().await?;
    shown("with the server killed it loads, unlocks, takes a new customer and keeps it, waiting");
    server.again()?;
    device.synced().await?;
    shown("the server came back, and it went out by itself");
    Ok(Verdict::Shown)
}

/// Customers, contacts, orders and their lines from files; the second time nothing doubles (R119).
pub(crate) async fn files_become_customers_with_histories(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Imports", PASSPHRASE).await?;
    let files = stage.folder().join("files");
    let customers = samples::customers(&files)?;
    let contacts = samples::contacts(&files)?;
    let (orders, lines) = (samples::orders(&files)?, samples::lines(&files)?);
    let first = imported(&device, "made customers", &[&customers]).await?;
    ensure(first.created == COMPANIES.len(), || format!("{} companies became {first:?}", COMPANIES.len()))?;
    let people = imported(&device, "made contacts", &[&contacts]).await?;
    ensure(people.created == CONTACTS, || format!("{CONTACTS} contacts became {people:?}"))?;
    let bought = imported(&device, "made orders with lines", &[&orders, &lines]).await?;
    ensure(bought.created == ORDERS + ORDERS * LINES, || {
        format!("{ORDERS} orders of {LINES} lines became {bought:?}")
    })?;
    let count = device.customer_count().await?;
    for (what, file) in [("customers", &customers), ("contacts", &contacts)] {
        let again = imported(&device, &format!("made {what} again"), &[file]).await?;
        ensure(again.created == 0 && again.updated == 0, || {
            format!("the second import of {what} did {again:?}")
        })?;
    }
    let again = imported(&device, "made orders again", &[&orders, &lines]).await?;
    ensure(again.created == 0 && again.updated == 0, || {
        format!("the second import of orders did {again:?}")
    })?;
    ensure(device.customer_count().await? == count, || {
        "importing again changed the number of customers".to_owned()
    })?;
    shown(&format!("{count} customers, and as many after importing everything again"));
    has_orders(&device, "宏达贸易", ORDERS / COMPANIES.len()).await?;
    device.search_finds_too("hongda", "宏达贸易").await?;
    shown("orders stand in the customer's history, with lines and totals");
    Ok(Verdict::Shown)
}

/// The real files, where they are: counts as they are known, nothing doubles.
pub(crate) async fn real_files_keep_their_counts(stage: &Stage) -> Outcome<Verdict> {
    let Some(data) = stage.settings.data.clone() else {
        return Ok(Verdict::Skipped("there are no real files to import".to_owned()));
    };
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Real files", PASSPHRASE).await?;
    let path = |name: &str| data.join(name);
    let customers = path("northwind/customers.csv");
    let contacts = path("contacts/contacts-500.csv");
    let (orders, lines) = (path("northwind/orders.csv"), path("northwind/order-details.csv"));
    let companies = imported(&device, "91 customers", &[&customers]).await?;
    ensure(companies.created == 91, || format!("91 customers became {companies:?}"))?;
    let people = imported(&device, "500 contacts", &[&contacts]).await?;
    ensure(people.rows() == 500, || format!("500 contacts became {people:?}"))?;
    let bought = imported(&device, "830 orders, 2,155 lines", &[&orders, &lines]).await?;
    ensure(bought.rows() == 830 + 2155 && bought.skipped == 0, || {
        format!("orders and lines became {bought:?}")
    })?;
    let count = device.customer_count().await?;
    for files in
        [vec![customers.as_path()], vec![contacts.as_path()], vec![orders.as_path(), lines.as_path()]]
    {
        let again = imported(&device, "again", &files).await?;
        ensure(again.created == 0 && again.updated == 0, || format!("importing again did {again:?}"))?;
    }
    ensure(device.customer_count().await? == count, || {
        "importing again changed the number of customers".to_owned()
    })?;
    has_orders(&device, "Alfreds Futterkiste", 6).await?;
    shown(&format!("{count} customers from real files; importing again doubles nothing"));
    device.synced().await?;
    shown("all of it is on the server");
    Ok(Verdict::Shown)
}

/// Found by name, phone, mail, company, pinyin and its initials (R40, R144).
pub(crate) async fn anybody_is_found(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Finding", PASSPHRASE).await?;
    let zhang = NewCustomer {
        name: "张三",
        works_at: "宏达贸易",
        phone: "13800000000",
        mail: "zhangsan@example.com",
        ..NewCustomer::default()
    };
    device.add_customer(&zhang).await?;
    let other = NewCustomer { name: "Olga Petrova", phone: "+7 495 555 01 44", ..NewCustomer::default() };
    device.add_customer(&other).await?;
    for typed in ["zs", "zhang", "zhangsan", "张", "1380", "zhangsan@ex"] {
        device.search_finds_too(typed, "张三").await?;
    }
    shown("zs, zhang, zhangsan, 张, 1380 and his mail find 张三 (R144)");
    for (typed, name) in
        [("olga", "Olga Petrova"), ("495 555", "Olga Petrova"), ("宏达", "宏达贸易"), ("hdmy", "宏达贸易")]
    {
        device.search_finds_too(typed, name).await?;
    }
    device.search_finds_too("宏达贸易", "张三").await?;
    shown("so do a name in small letters, a phone in groups, a company and its initials");
    device.search("nobody at all").await?;
    let create = device.words().filled("customers.create", &[("text", "nobody at all")])?;
    device.see_at(&spot("button", create), SOON).await?;
    shown("who is not found can be created with the typed text (R40)");
    device.go("/").await?;
    device.tap_css("button.palette").await?;
    device.fill(device.word("shell.palette.field")?, "zs").await?;
    device.tap(&spot("option", "张三").has()).await?;
    device.at_customer("张三").await?;
    shown("the palette finds him from anywhere");
    Ok(Verdict::Shown)
}

/// The worked example and the aggregate (R23, R36, R142; D1, D2, D3), filters (R46 to R48), three taps,
/// edit, delete, undo (R37, R38), and a second partner with a relationship (R17, R42, R50).
pub(crate) async fn history_is_logged_and_linked(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("History", PASSPHRASE).await?;
    device.add_customer(&NewCustomer { name: "李明", ..NewCustomer::default() }).await?;
    device.add_customer(&NewCustomer { name: "Kofi Mensah", ..NewCustomer::default() }).await?;
    worked_example(&device).await?;
    three_taps(&device).await?;
    filters(&device).await?;
    edit_delete_undo(&device).await?;
    second_partner(&device).await?;
    Ok(Verdict::Shown)
}

async fn worked_example(device: &Device) -> Outcome {
    device.open_customer("Kofi Mensah").await?;
    device.tab("customer.tab_timeline").await?;
    device.aggregate("customer.agg.contacts", "0").await?;
    device.log_call("2021-01-01T10:00", "与客户讨论订单").await?;
    device.entry_has("与客户讨论订单").await?;
    device.aggregate("customer.agg.contacts", "1").await?;
    device.aggregate("customer.agg.methods", device.word("vocabulary.method.phone")?).await?;
    let entries = device.entries_are(1).await?;
    ensure(entries[0].contains("10:00"), || format!("the entry does not say 10:00: {entries:?}"))?;
    ensure(device.text().await?.contains("2021"), || "the timeline does not say 2021".to_owned())?;
    shown("2021-01-01 10:00, a call, 与客户讨论订单: count 1, last time and method follow (R23, R142)");
    Ok(())
}

async fn three_taps(device: &Device) -> Outcome {
    let begin = Instant::now();
    let taps = device.log_visit("vocabulary.outcome.agreed").await?;
    let taken = begin.elapsed().as_secs_f32();
    ensure(taps <= 3, || format!("logging took {taps} taps"))?;
    device.entries_are(2).await?;
    device.aggregate("customer.agg.contacts", "2").await?;
    device.see(device.word("log.saved")?).await?;
    shown(&format!(
        "a visit was logged with {taps} taps in {taken:.1} s, and says \"{}\"",
        device.word("log.saved")?
    ));
    Ok(())
}

async fn filters(device: &Device) -> Outcome {
    let chips = ".chips-tl .pick";
    device.tap_css_named(chips, device.word("vocabulary.method.phone")?, Named::Starts).await?;
    device.entries_are(2).await.err();
    let narrowed = device.words().filled("customer.tl.shown", &[("shown", "2"), ("all", "2")])?;
    note(&format!("{narrowed}: both are calls as long as the last method is the default"));
    device.press(device.word("customer.tl.clear")?).await?;
    device.tap_css_named(chips, device.word("customer.tl.filter")?, Named::Starts).await?;
    device.press(device.word("customer.tl.span_today")?).await?;
    device.entries_are(1).await?;
    device.press(device.word("customer.tl.clear")?).await?;
    device.press(device.word("vocabulary.record.order")?).await?;
    device.entries_are(0).await?;
    device.press(device.word("customer.tl.clear")?).await?;
    device.entries_are(2).await?;
    shown("method, time and type narrow the timeline, and Clear widens it (R46, R47, R48)");
    Ok(())
}

async fn edit_delete_undo(device: &Device) -> Outcome {
    device.entry_menu("与客户讨论订单", "customer.tl.edit").await?;
    device.fill(device.word("log.note_call")?, "与客户讨论订单和价格").await?;
    device.save_log().await?;
    device.entry_has("与客户讨论订单和价格").await?;
    shown("an entry was edited (R37)");
    device.entry_menu("与客户讨论订单和价格", "customer.tl.delete").await?;
    device.entries_are(1).await?;
    device.aggregate("customer.agg.contacts", "1").await?;
    device.undo(device.word("customer.tl.deleted")?).await?;
    device.entries_are(2).await?;
    device.aggregate("customer.agg.contacts", "2").await?;
    shown("deleted, it left the aggregate; Undo brought it back (R38)");
    Ok(())
}

async fn second_partner(device: &Device) -> Outcome {
    device.entry_menu("与客户讨论订单和价格", "customer.tl.link").await?;
    device.set(&spot("field", device.word("customer.link.part")?), "referrer").await?;
    device.fill(device.word("customer.link.find")?, "李明").await?;
    device.tap_css_named(".linker .hit", "李明", Named::Has).await?;
    device.entry_has("李明").await?;
    device.open_customer("李明").await?;
    device.tab("customer.tab_timeline").await?;
    device.entry_has("与客户讨论订单和价格").await?;
    let part = device.word("vocabulary.relationship.referrer")?;
    device.entry_has(&device.words().filled("customer.tl.as_part", &[("part", part)])?).await?;
    shown("李明 took part as the one who referred; the call stands on both timelines (R17, R42)");
    device.tap_css_named(".chips-tl .pick", device.word("customer.tl.filter")?, Named::Starts).await?;
    device.set(&spot("field", device.word("customer.tl.part")?), "buyer").await?;
    device.entries_are(0).await?;
    device.set(&spot("field", device.word("customer.tl.part")?), "referrer").await?;
    device.entries_are(1).await?;
    shown("the timeline can be asked for his part (R50)");
    Ok(())
}

async fn imported(device: &Device, what: &str, files: &[&Path]) -> Outcome<Counts> {
    let begin = Instant::now();
    let counts = device.import(files).await?;
    let Counts { created, updated, unchanged, skipped } = counts;
    note(&format!(
        "{what}: {created} new, {updated} changed, {unchanged} already here, {skipped} left out, in {:.1} s",
        begin.elapsed().as_secs_f32()
    ));
    Ok(counts)
}

async fn has_orders(device: &Device, name: &str, orders: usize) -> Outcome {
    device.open_customer(name).await?;
    device.tab("customer.tab_orders").await?;
    let sum = device.words().filled("customer.orders.sum", &[("count", &orders.to_string())])?;
    device.see_within(&sum, LONG).await
}

//! Views: a filter built by taps finds whom it should, is saved and used again, and is what statistics count.

use satchel_e2e::content::{self, Told};
use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{Named, SOON, spot, until};
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};

const PASSPHRASE: &str = "wabe trichter amsel 31";
/// Who is in Berlin, and who has the tag besides.
const BERLIN: [&str; 2] = ["Ella Brandt", "Jonas Lindqvist"];
const EITHER: [&str; 4] = ["Amelia Hart", "Ella Brandt", "Jonas Lindqvist", "Lucas Martin"];
const VIEW: &str = "Berlin or food";

/// A filter by taps, saved, used after a reload without the server, counted by statistics (R46–R49, R55–R59).
pub(crate) async fn a_saved_filter_is_used_and_counted(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Views", PASSPHRASE).await?;
    let [people, contacts, orders] = content::write_all(&stage.folder().join("files"))?;
    device.import(&[&people]).await?;
    device.import(&[&contacts, &orders]).await?;
    build(&device).await?;
    replace(&device).await?;
    device.synced().await?;
    server.kill()?;
    device.reload().await?;
    device.unlock(PASSPHRASE).await?;
    device.go("/customers").await?;
    device.tap_css_named(".chips .pick", VIEW, Named::Starts).await?;
    listed(&device, &EITHER).await?;
    shown("after a reload and without the server the saved view finds the same four");
    count(&device).await?;
    into_the_trash_and_back(&device).await?;
    as_a_table(&device).await?;
    by_tier(&device).await?;
    server.again()?;
    Ok(Verdict::Shown)
}

async fn listed(device: &Device, names: &[&str]) -> Outcome {
    device.texts_until(".cust .cust-n b", SOON, |listed| listed == names).await.map(drop)
}

/// Waits until the sheet says how many are meant.
async fn meant(device: &Device, count: usize) -> Outcome {
    let words = device.words().filled("filter.show", &[("count", &count.to_string())])?;
    device.texts_until(".fl-show", SOON, |texts| texts.contains(&words)).await.map(drop)
}

/// Berlin, then Berlin and the tag, then one of the two; saved.
async fn build(device: &Device) -> Outcome {
    device.go("/customers").await?;
    device.press(device.word("customers.more_filters")?).await?;
    device.press(device.word("filter.city")?).await?;
    device.tap_css_named(".fl-v .pick", "Berlin", Named::Starts).await?;
    meant(device, BERLIN.len()).await?;
    device.tap_css(".fl-add").await?;
    device.press(device.word("customers.filter_tag")?).await?;
    device.tap_css_named(".fl-v .pick", "food", Named::Starts).await?;
    meant(device, 1).await?;
    device.press(device.word("filter.any")?).await?;
    meant(device, EITHER.len()).await?;
    shown("taps build a filter, and each says how many customers it leaves");
    device.fill(device.word("filter.name")?, VIEW).await?;
    device.press(device.word("filter.save")?).await?;
    device.see(VIEW).await?;
    device.tap_css(".fl-show").await?;
    device.sheet_closed().await?;
    listed(device, &EITHER).await?;
    shown("the list shows exactly those four");
    Ok(())
}

/// With a filter on, the button tells of how many parts it is.
async fn open_filter(device: &Device) -> Outcome {
    device.tap_css_named(".chips .pick", device.word("customers.more_filters")?, Named::Starts).await
}

/// Kept under the same name with as many conditions, the view that is applied is the one that was kept last.
async fn replace(device: &Device) -> Outcome {
    open_filter(device).await?;
    keep_again(device, "filter.all", 1).await?;
    device.press(device.word("customers.clear_filters")?).await?;
    device.tap_css_named(".fl-a", VIEW, Named::Has).await?;
    meant(device, 1).await?;
    shown("a view that was replaced is applied as it is now");
    keep_again(device, "filter.any", EITHER.len()).await?;
    device.tap_css(".fl-show").await?;
    device.sheet_closed().await?;
    listed(device, &EITHER).await
}

async fn keep_again(device: &Device, joined: &str, count: usize) -> Outcome {
    device.press(device.word(joined)?).await?;
    meant(device, count).await?;
    device.hide_toasts().await?;
    device.fill(device.word("filter.name")?, VIEW).await?;
    device.press(device.word("filter.replace")?).await?;
    device.see(device.word("filter.saved")?).await
}

/// Where the tiers begin is the person's to say, and can be as it was (R62).
async fn tiers(device: &Device) -> Outcome {
    let words = device.words();
    let note = |a: &str| words.filled("insight.rfm_note", &[("a", a), ("b", "8")]);
    let more = words
        .filled("insight.tier_more", &[("what", &words.filled("insight.tier_from", &[("tier", "A")])?)])?;
    device.press(device.word("insight.tiers_change")?).await?;
    device.press(&more).await?;
    device.see(&note("13")?).await?;
    device.press(device.word("insight.tiers_usual")?).await?;
    device.see(&note("12")?).await?;
    shown("tier A begins one higher at a tap, and where it usually does at another");
    Ok(())
}

/// A view that is deleted waits in the trash as everything else does (R38).
async fn into_the_trash_and_back(device: &Device) -> Outcome {
    device.go("/customers").await?;
    open_filter(device).await?;
    device.press(&device.words().filled("filter.drop", &[("name", VIEW)])?).await?;
    device.go("/trash").await?;
    device.see(device.word("trash.view")?).await?;
    device.press(&device.words().filled("trash.restore_named", &[("title", VIEW)])?).await?;
    device.see_gone(VIEW).await?;
    device.go("/customers").await?;
    device.tap_css_named(".chips .pick", VIEW, Named::Starts).await?;
    listed(device, &EITHER).await?;
    shown("a deleted view is restored out of the trash, and finds the same four");
    Ok(())
}

/// The names in the table's rows, in order.
async fn tabled(device: &Device, names: &[&str]) -> Outcome {
    device.texts_until(".ctab-r .ctab-name b", SOON, |listed| listed == names).await.map(drop)
}

/// A table over the whole width: headers sort it, columns are chosen, and a view keeps both (R49).
async fn as_a_table(device: &Device) -> Outcome {
    device.press(device.word("customers.as_table")?).await?;
    tabled(device, &EITHER).await?;
    let [city, mail] = ["city", "mail"].map(|column| format!(".ctab-h .ctab-{column}"));
    device.tap_css(&format!("{city} button")).await?;
    tabled(device, &["Ella Brandt", "Jonas Lindqvist", "Amelia Hart", "Lucas Martin"]).await?;
    device.tap_css(&format!("{city}[aria-sort='ascending'] button")).await?;
    let falling = ["Lucas Martin", "Amelia Hart", "Ella Brandt", "Jonas Lindqvist"];
    tabled(device, &falling).await?;
    shown("a header sorts the table, and turns it round at a second press");
    toggle_mail(device).await?;
    device.texts_until(&mail, SOON, |headers| headers.len() == 1).await?;
    open_filter(device).await?;
    device.hide_toasts().await?;
    device.fill(device.word("filter.name")?, VIEW).await?;
    device.press(device.word("filter.replace")?).await?;
    device.see(device.word("filter.saved")?).await?;
    device.tap_css(".fl-show").await?;
    device.sheet_closed().await?;
    toggle_mail(device).await?;
    device.texts_until(&mail, SOON, |headers| headers.is_empty()).await?;
    device.tap_css(".ctab-h .ctab-name button").await?;
    for _ in ["off", "on"] {
        device.tap_css_named(".chips .pick", VIEW, Named::Starts).await?;
    }
    device.texts_until(&mail, SOON, |headers| headers.len() == 1).await?;
    tabled(device, &falling).await?;
    shown("a saved view brings its columns and its order back");
    device.tap_css_named(".ctab-r .ctab-city", "Berlin", Named::Is).await?;
    device.at_customer("Ella Brandt").await?;
    device.press(device.word("customer.back")?).await?;
    tabled(device, &falling).await?;
    device.press(device.word("customers.as_list")?).await?;
    listed(device, &falling).await
}

async fn toggle_mail(device: &Device) -> Outcome {
    device.press(device.word("filter.columns")?).await?;
    device.press(device.word("filter.column.mail")?).await?;
    device.press(device.word("customers.columns_done")?).await?;
    device.sheet_closed().await
}

/// The list shows of which tier each customer is, and a filter finds those of one (R62).
async fn by_tier(device: &Device) -> Outcome {
    device.tap_css_named(".chips .pick", VIEW, Named::Starts).await?;
    device.texts_until(".cust .tier-A", SOON, |tiers| tiers.iter().any(|tier| tier == "A")).await?;
    open_filter(device).await?;
    device.press(device.word("filter.column.tier")?).await?;
    device.press(&device.words().filled("insight.tier", &[("tier", "A")])?).await?;
    device.tap_css(".fl-show").await?;
    device.sheet_closed().await?;
    let other = async || Ok(device.texts(".cust .tier:not(.tier-A)").await?.is_empty().then_some(()));
    until(SOON, || "only customers of tier A".to_owned(), other).await?;
    device.texts_until(".cust .tier-A", SOON, |tiers| !tiers.is_empty()).await?;
    shown("the list marks the tiers, and a filter finds the best");
    Ok(())
}

/// The numbers of the view's customers in the last 30 days, beside what the files say.
async fn count(device: &Device) -> Outcome {
    let told = content::told(&EITHER, 30);
    device.go("/insights").await?;
    device.press(device.word("insight.chosen")?).await?;
    device.press(VIEW).await?;
    let Told { contacts, orders, reached } = told;
    let wanted = [contacts, reached, orders].map(|count| count.to_string());
    device
        .texts_until(".ins-o .tot dd:nth-of-type(1)", SOON, |texts| texts.get(..3) == Some(&wanted))
        .await?;
    shown(&format!(
        "statistics count {contacts} contacts with {reached} customers and {orders} orders, as the files say"
    ));
    tiers(device).await?;
    let title = device.word("insight.per_week")?.to_owned();
    device.press(&device.words().filled("insight.as_table", &[("what", &title)])?).await?;
    let cells = device.texts_until(".ins-w tbody td:nth-of-type(1)", SOON, |cells| !cells.is_empty()).await?;
    let sum: usize = cells.iter().filter_map(|cell| cell.parse::<usize>().ok()).sum();
    ensure(sum == contacts, || format!("the table adds up to {sum}, not to {contacts}"))?;
    shown("the table adds up to what the chart says");
    let oldest = device.words().filled("insight.age_up_to", &[("days", "7")])?;
    let fresh = content::told(&EITHER, 7).reached;
    device.tap(&spot("link", oldest).starts()).await?;
    device.texts_until(".cust .cust-n b", SOON, |listed| listed.len() == fresh).await?;
    shown("a class of the last contact opens the list of who is in it");
    Ok(())
}

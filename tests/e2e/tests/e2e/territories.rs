//! Several workspaces of one account: made, gone between without the passphrase, a customer moved from one to the other.

use satchel_e2e::device::Device;
use satchel_e2e::hands::{LONG, spot};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};

const OWNER: &str = "walnut ferry copper 31";
const NORTHERN: &str = "marble thistle canyon 47";

/// An owner makes a second territory, moves a customer there and takes that back. Who works in the first reads the
/// customer, then not, then again; the device code brings both territories to another device (R101).
pub(crate) async fn a_customer_moves_between_territories_of_one_account(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = |name, language| stage.device(name, language, &server.url());
    let (owner, nora) = (device("owner", Language::En)?, device("Nora", Language::Zh)?);
    owner.open("").await?;
    let code = owner.create_workspace("North", OWNER).await?;
    owner.add_customer(&NewCustomer { name: "Ottoline Marsh", ..NewCustomer::default() }).await?;
    owner.add_customer(&NewCustomer { name: "Percival Stone", ..NewCustomer::default() }).await?;
    owner.synced().await?;
    nora.open_invitation(&owner.invite(Some("Olga"), "editor", "").await?).await?;
    nora.accept("Nora", NORTHERN).await?;
    nora.customers_are(2).await?;
    make_territory(&owner, "South").await?;
    owner.customers_are(0).await?;
    owner.see(owner.word("customers.empty_text")?).await?;
    owner.go_on_in("North").await?;
    owner.customers_are(2).await?;
    shown("a territory was made, and both are gone between without the passphrase");
    move_customer(&owner, "Percival Stone", "South").await?;
    owner.customers_are(1).await?;
    nora.customers_are(1).await?;
    nora.see_gone("Percival Stone").await?;
    shown("a customer moved: who works in the first territory reads it no more");
    owner.undo_last().await?;
    owner.customers_are(2).await?;
    nora.customers_are(2).await?;
    shown("taken back, it is there again for both");
    several_move(&owner, &nora).await?;
    takes_another_name(&owner, &nora).await?;
    move_customer(&owner, "Percival Stone", "South").await?;
    nora.customers_are(1).await?;
    owner.go_on_in("South").await?;
    owner.search_finds("Percival", &["Percival Stone"]).await?;
    owner.synced().await?;
    let second = device("second", Language::En)?;
    second.open("").await?;
    second.join_workspace(&code, OWNER).await?;
    for (place, name) in [("North", "Ottoline Marsh"), ("South", "Percival Stone")] {
        second.go_on_in(place).await?;
        second.search_finds(name, &[name]).await?;
    }
    shown("the device code brought both territories to another device, under one passphrase");
    Ok(Verdict::Shown)
}

/// Makes another workspace in the account; ends there.
async fn make_territory(device: &Device, name: &str) -> Outcome {
    device.go("/?sheet=territory").await?;
    device.fill(device.word("onboarding.name")?, name).await?;
    device.press(device.word("workspaces.territory.make")?).await?;
    device.sheet_closed().await?;
    device.at_work().await
}

async fn move_customer(device: &Device, name: &str, to: &str) -> Outcome {
    device.synced().await?;
    device.open_customer(name).await?;
    device.tap_css(".ch button[aria-haspopup='menu']").await?;
    device.tap(&spot("menuitem", device.word("customer.moving.menu")?)).await?;
    device.tap_within("label.opt", to).await?;
    device.press(device.word("customer.moving.go")?).await?;
    let said = device.words().filled("customer.moving.done", &[("name", name), ("to", to)])?;
    device.see_within(&said, LONG).await
}

/// All that the list shows move at once, with what is said before, and come back by one undo.
async fn several_move(owner: &Device, nora: &Device) -> Outcome {
    owner.synced().await?;
    owner.go("/customers").await?;
    owner.search("").await?;
    owner.texts_until(".cust .cust-n b", LONG, |names| names.len() == 2).await?;
    owner.tap_css(".list-t button[aria-haspopup='menu']").await?;
    owner.tap(&spot("menuitem", owner.word("many.begin")?)).await?;
    owner.press(&owner.words().filled("many.all", &[("count", "2")])?).await?;
    owner.press(owner.word("many.change")?).await?;
    owner.press(owner.word("many.moving")?).await?;
    owner.tap_within("label.opt", "South").await?;
    owner.see(&owner.words().filled("many.would_all", &[("count", "2")])?).await?;
    owner.see(owner.word("many.moving_past")?).await?;
    owner.press(&owner.words().filled("many.do_move", &[("count", "2")])?).await?;
    owner.see_within(&owner.words().filled("many.moved", &[("count", "2")])?, LONG).await?;
    owner.customers_are(0).await?;
    nora.customers_are(0).await?;
    shown("two moved at once, after it was said what stays behind");
    owner.undo_last().await?;
    owner.customers_are(2).await?;
    nora.customers_are(2).await?;
    shown("and came back by one undo");
    Ok(())
}

/// Right after unlocking, before there is a session: the change waits for it.
async fn takes_another_name(owner: &Device, nora: &Device) -> Outcome {
    nora.lock().await?;
    nora.unlock(NORTHERN).await?;
    nora.open_member("Nora").await?;
    nora.fill(nora.word("team.invite.your_name")?, "Nora Quist").await?;
    nora.press(nora.word("team.member.rename")?).await?;
    nora.see_within(nora.word("team.member.renamed")?, LONG).await?;
    nora.press(nora.word("common.close")?).await?;
    owner.go("/team").await?;
    owner.see_within("Nora Quist", LONG).await?;
    owner.open_member("Nora Quist").await?;
    owner.see(&owner.words().filled("team.member.before", &[("name", "Nora")])?).await?;
    owner.press(owner.word("common.close")?).await?;
    shown("a member took another name right after unlocking; the others see it, and the one before");
    Ok(())
}

//! Several tabs of one device.

use super::{PASSPHRASE, found, holds};
use satchel_e2e::device::Device;
use satchel_e2e::gate::Mode;
use satchel_e2e::hands::LONG;
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};

/// Two tabs write, one of them syncs; then the tab that is syncing is frozen, and the other one sends what
/// both wrote. Thawed, it shows the same.
pub(crate) async fn tabs_agree_although_one_is_frozen(stage: &Stage) -> Outcome<Verdict> {
    let (_server, gate) = stage.gated().await?;
    let (a, code) = found(stage, "A", &gate.url()).await?;
    a.synced().await?;
    let first = a.tab_now().await?;
    let second = a.new_tab().await?;
    a.open_unlocked("", PASSPHRASE).await?;
    let b = stage.device("B", Language::En, &gate.url())?;
    b.open("").await?;
    b.join_workspace(&code, PASSPHRASE).await?;
    let mut names = Vec::new();
    for (tab, name) in [(&first, "Ahornweg"), (&second, "Birkenhof"), (&first, "Distelfeld")] {
        a.turn_to(tab).await?;
        add(&a, name).await?;
        names.push(name);
    }
    for tab in [&first, &second] {
        a.turn_to(tab).await?;
        shows(&a, &names).await?;
    }
    shows(&b, &names).await?;
    shown("what two tabs write, both show, and another device too");
    a.turn_to(&first).await?;
    gate.set(Mode::Silent)?;
    for name in ["Eichengrund", "Farnwald"] {
        add(&a, name).await?;
        names.push(name);
    }
    a.see_within(a.word("shell.sync.syncing")?, LONG).await?;
    a.freeze_tab(true).await?;
    gate.set(Mode::Through)?;
    a.turn_to(&second).await?;
    add(&a, "Ginsterbusch").await?;
    names.push("Ginsterbusch");
    shows(&b, &names).await?;
    shown("with the syncing tab frozen, the other one sends what both wrote");
    a.turn_to(&first).await?;
    a.freeze_tab(false).await?;
    for tab in [&first, &second] {
        a.turn_to(tab).await?;
        shows(&a, &names).await?;
        a.synced().await?;
        holds(&a, names.len()).await?;
    }
    b.synced().await?;
    holds(&b, names.len()).await?;
    shown("thawed, it shows the same; nothing is to be reviewed");
    Ok(Verdict::Shown)
}

async fn add(device: &Device, name: &str) -> Outcome {
    device.add_customer(&NewCustomer { name, ..NewCustomer::default() }).await
}

/// Waits until exactly these customers are listed, in the order of their names.
async fn shows(device: &Device, names: &[&str]) -> Outcome {
    device.search("").await?;
    device.texts_until(".cust .cust-n b", LONG, |listed| listed == names).await.map(drop)
}

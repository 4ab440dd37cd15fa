//! Locked means sealed.

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use std::time::Instant;

const PASSPHRASE: &str = "quelle marmor segel 41";
const NAME: &str = "Zephyrine Quillmark";
const NOTE: &str = "vexed about ochre invoices";

/// Wrong passphrases are refused with a growing delay and erase nothing; while locked no name is on the
/// page, in its title, its address, or in storage in clear (R44, R98).
pub(crate) async fn locked_is_sealed(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Sealed", PASSPHRASE).await?;
    device.add_customer(&NewCustomer { name: NAME, note: NOTE, ..NewCustomer::default() }).await?;
    let place = device.address().await?;
    device.lock().await?;
    nothing_in_clear(&device).await?;
    device.reload().await?;
    device.at_lock().await?;
    nothing_in_clear(&device).await?;
    shown("locked, and after a reload: no name in page, title, address or storage");
    let delays = wrong_passphrases(&device).await?;
    ensure(delays.windows(2).all(|pair| pair[0] < pair[1]), || format!("delays that do not grow: {delays:?} s"))?;
    shown(&format!("wrong passphrases are refused, and made to wait {delays:?} s"));
    device.unlock(PASSPHRASE).await?;
    device.at_customer(NAME).await?;
    ensure(device.address().await? == place, || "unlocking led to another place".to_owned())?;
    device.see(NOTE).await?;
    shown("the right one opens the place that was left, with everything in it");
    Ok(Verdict::Shown)
}

/// Tries wrong passphrases until two of them were followed by a wait; how long these were, in seconds.
async fn wrong_passphrases(device: &Device) -> Outcome<Vec<u32>> {
    let mut delays = Vec::new();
    for attempt in 0..6 {
        let begin = Instant::now();
        device.at_lock().await?;
        device.try_passphrase(&format!("not the passphrase {attempt}")).await?;
        let refused = device.word("errors.wrong_passphrase.what")?;
        let waits = device.words().stem("onboarding.lock.wait")?;
        let said = device.see_any(&[waits, refused], LONG).await?;
        satchel_e2e::say::note(&device.text().await?.replace('\n', " | "));
        if said == 0 {
            device.see_gone(waits).await?;
            delays.push(u32::try_from(begin.elapsed().as_secs()).unwrap_or(u32::MAX));
        }
        if delays.len() == 2 {
            return Ok(delays);
        }
    }
    Err(format!("six wrong passphrases in a row were made to wait only {} times", delays.len()).into())
}

async fn nothing_in_clear(device: &Device) -> Outcome {
    let script = "
        const done = arguments[0];
        const kept = (store) => Object.entries(store).flat().join(' ');
        const here = [document.title, document.documentElement.outerHTML, location.href,
            kept(localStorage), kept(sessionStorage), document.cookie, JSON.stringify(history.state)];
        done(here.join('\\n'));";
    let read = async || Ok(device.script_async(script, vec![]).await?.as_str().map(str::to_owned));
    let everything = until(SOON, || "the page to be read".to_owned(), read).await?;
    for word in NAME.split(' ').chain(NOTE.split(' ').filter(|word| word.len() > 5)) {
        ensure(!everything.contains(word), || format!("\"{word}\" can be read while locked"))?;
    }
    Ok(())
}

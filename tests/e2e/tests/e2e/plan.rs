//! A day on the road: visits picked by hand, ordered by drag, by keys and by distance, without a network.

use satchel_e2e::device::Device;
use satchel_e2e::dress::{SIZES, THEMES};
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{SOON, spot, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;

const PASSPHRASE: &str = "nebel radweg quitte 27";
/// Who is visited, and how far east on one road; nobody was at the last one's yet.
const ROAD: [(&str, Option<f64>); 4] =
    [("Amsel AG", Some(9.35)), ("Birke KG", Some(9.1)), ("Dachs GmbH", Some(9.2)), ("Eule oHG", None)];

/// R132, R137: the visits of a day, in order, by hand and by distance, kept (EXPERIENCE, Plan).
pub(crate) async fn a_day_on_the_road_is_ordered_by_hand_and_by_distance(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Road", PASSPHRASE).await?;
    for (name, _) in ROAD {
        device.add_customer(&NewCustomer { name, organisation: true, ..NewCustomer::default() }).await?;
    }
    device.go("/").await?;
    device.follow(device.word("plan.open")?).await?;
    pick(&device).await?;
    device.synced().await?;
    server.kill()?;
    without_a_position(&device).await?;
    take_places(&device).await?;
    by_distance(&device).await?;
    by_hand(&device).await?;
    was_planned(&device).await?;
    pictures(stage, &device).await?;
    kept(&device).await?;
    server.again()?;
    Ok(Verdict::Shown)
}

async fn order(device: &Device, wanted: &[&str]) -> Outcome {
    device.texts_until(".plan-b > b a", SOON, |names| names == wanted).await.map(drop)
}

/// Four customers are picked for today.
async fn pick(device: &Device) -> Outcome {
    for (name, _) in ROAD {
        device.hide_toasts().await?;
        let field = spot("field", device.word("plan.add")?);
        device.fill_at(&field, name).await?;
        device.tap_within(".plan-a .hit", name).await?;
        device
            .texts_until(".plan-b > b a", SOON, |names| names.last().is_some_and(|last| last == name))
            .await?;
    }
    order(device, &ROAD.map(|(name, _)| name)).await?;
    shown("customers picked by hand are visited in the order in which they were picked");
    Ok(())
}

/// Nobody is asked for a position as long as no two places are known.
async fn without_a_position(device: &Device) -> Outcome {
    device.press(device.word("plan.by_distance")?).await?;
    device.see(device.word("plan.too_few")?).await?;
    device.hide_toasts().await
}

async fn stand_at(device: &Device, lon: f64) -> Outcome {
    let at = json!({ "latitude": 50.0, "longitude": lon, "accuracy": 5 });
    device.cdp("Emulation.setGeolocationOverride", at).await.map(drop)
}

/// What the menu of a visit offers.
async fn choose(device: &Device, name: &str, key: &str) -> Outcome {
    let label = device.words().filled("plan.more", &[("name", name)])?;
    device.press(&label).await?;
    device.tap(&spot("menuitem", device.word(key)?)).await
}

/// At three of the four the person says: this is the place.
async fn take_places(device: &Device) -> Outcome {
    device.cdp("Browser.grantPermissions", json!({ "permissions": ["geolocation"] })).await?;
    for (name, lon) in ROAD {
        let Some(lon) = lon else { continue };
        stand_at(device, lon).await?;
        choose(device, name, "plan.here").await?;
        device.see(&device.words().filled("plan.located", &[("name", name)])?).await?;
        device.hide_toasts().await?;
    }
    let unknown = device.words().filled("plan.unknown", &[("count", "1")])?;
    device.see(&unknown).await?;
    let words = device.word("plan.no_place")?;
    device.texts_until(".plan-w", SOON, |unknown| unknown == [words]).await?;
    let ways = device.script("return document.querySelectorAll('.plan-x a.ib').length", vec![]).await?;
    ensure(ways == 3, || format!("{ways} ways, and three places are known"))?;
    shown("places are taken on the spot, without a network, and it is said of whom none is known");
    Ok(())
}

/// From where the last place was taken, and taken back.
async fn by_distance(device: &Device) -> Outcome {
    device.press(device.word("plan.by_distance")?).await?;
    order(device, &["Dachs GmbH", "Birke KG", "Amsel AG", "Eule oHG"]).await?;
    // 0.35 degrees of longitude at 50 degrees north.
    device.see(&device.words().filled("plan.far_from_here", &[("km", "25")])?).await?;
    shown("the order by distance begins where the person is; who has no place comes last; 25 km");
    device.undo(device.word("plan.ordered")?).await?;
    order(device, &ROAD.map(|(name, _)| name)).await?;
    shown("it is taken back in one tap");
    device.hide_toasts().await
}

/// By a button, which keeps the focus, and by dragging.
async fn by_hand(device: &Device) -> Outcome {
    let later = device.words().filled("plan.down", &[("name", "Amsel AG")])?;
    device.press(&later).await?;
    order(device, &["Birke KG", "Amsel AG", "Dachs GmbH", "Eule oHG"]).await?;
    let focused = async || {
        let label = device.script("return document.activeElement.getAttribute('aria-label')", vec![]).await?;
        Ok((label == json!(later)).then_some(()))
    };
    until(SOON, || "the focus on the button that moved".to_owned(), focused).await?;
    device.key("\u{e007}").await?;
    order(device, &["Birke KG", "Dachs GmbH", "Amsel AG", "Eule oHG"]).await?;
    shown("a visit moves by its buttons, and the keyboard stays on them");
    device.hide_toasts().await?;
    drag(device, 3, 0).await?;
    order(device, &["Eule oHG", "Birke KG", "Dachs GmbH", "Amsel AG"]).await?;
    shown("a visit is dragged to another place by its number");
    device.hide_toasts().await
}

/// Nobody promised a visit that was picked by hand.
async fn was_planned(device: &Device) -> Outcome {
    device.open_customer("Eule oHG").await?;
    let words = device.words().stem("customer.planned")?;
    let fits = |said: &[String]| said.first().is_some_and(|said| said.starts_with(words));
    device.texts_until(".step-s", SOON, fits).await?;
    device.go("/plan").await
}

async fn drag(device: &Device, from: usize, to: usize) -> Outcome {
    let middle = "const all = [...document.querySelectorAll('.plan-n')].map((one) => one.getBoundingClientRect()); \
        return [...arguments].map((k) => [all[k].x + all[k].width / 2, all[k].y + all[k].height / 2])";
    device.script("document.querySelector('.plan-l').scrollIntoView({ block: 'start' })", vec![]).await?;
    let places = device.script(middle, vec![json!(from), json!(to)]).await?;
    let point = |at: usize| (places[at][0].as_f64().unwrap_or(0.0), places[at][1].as_f64().unwrap_or(0.0));
    let ((x, y), (to_x, to_y)) = (point(0), point(1));
    for (kind, x, y) in [
        ("mousePressed", x, y),
        ("mouseMoved", x, (y + to_y) / 2.0),
        ("mouseMoved", to_x, to_y),
        ("mouseReleased", to_x, to_y),
    ] {
        let buttons = u8::from(kind != "mouseReleased");
        let event =
            json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1 });
        device.cdp("Input.dispatchMouseEvent", event).await?;
    }
    Ok(())
}

async fn pictures(stage: &Stage, device: &Device) -> Outcome {
    for size in SIZES {
        for theme in THEMES {
            device.dress(size, theme).await?;
            let name = format!("road_{}_{theme}_en.png", size.name);
            device.picture(&stage.settings.shots.join(name)).await?;
        }
    }
    device.cdp("Emulation.clearDeviceMetricsOverride", json!({})).await.map(drop)
}

/// Today shows what is to come; at the next one a tap checks in, and another one logs.
async fn on_the_way(device: &Device) -> Outcome {
    device.go("/").await?;
    device.texts_until(".stop-next h2", SOON, |names| names == ["Birke KG"]).await?;
    let later = ".stop:not(.stop-done, .stop-next) b";
    device.texts_until(later, SOON, |names| names == ["Dachs GmbH", "Amsel AG"]).await?;
    device.press(device.word("today.check_in")?).await?;
    device.press(device.word("customer.visit.log")?).await?;
    device.texts_until(".sheet .who b", SOON, |names| names == ["Birke KG"]).await?;
    device.key("\u{e00c}").await?;
    device.sheet_closed().await?;
    shown("today shows the visits in their order, and checks in at the next one");
    Ok(())
}

/// After a reload, still without the server, the day stands as it was left; what is no visit stands aside.
async fn kept(device: &Device) -> Outcome {
    device.reload().await?;
    device.unlock(PASSPHRASE).await?;
    device.go("/plan").await?;
    order(device, &["Eule oHG", "Birke KG", "Dachs GmbH", "Amsel AG"]).await?;
    choose(device, "Eule oHG", "plan.not_a_visit").await?;
    order(device, &["Birke KG", "Dachs GmbH", "Amsel AG"]).await?;
    device.press(device.word("plan.back")?).await?;
    order(device, &["Birke KG", "Dachs GmbH", "Amsel AG", "Eule oHG"]).await?;
    shown("the order outlives a reload, and what is no visit goes and comes back");
    on_the_way(device).await?;
    device.go("/plan").await?;
    let log = device.words().filled("plan.log", &[("name", "Birke KG")])?;
    device.press(&log).await?;
    let sheet = device.texts_until(".sheet .who b", SOON, |names| !names.is_empty()).await?;
    ensure(sheet == ["Birke KG"], || format!("the log is for {sheet:?}"))?;
    device.texts_until(".settle .prop:has(:checked) b", SOON, |titles| titles.len() == 1).await?;
    device.save_log().await?;
    order(device, &["Dachs GmbH", "Amsel AG", "Eule oHG"]).await?;
    device.undo_last().await?;
    device.go("/plan").await?;
    order(device, &["Birke KG", "Dachs GmbH", "Amsel AG", "Eule oHG"]).await?;
    shown("a visit is logged from its row, and done with it; both are taken back at once");
    Ok(())
}

//! A week of tasks: dragged to another day, put there by the menu, begun on a day, kept without a network.

use satchel_e2e::device::Device;
use satchel_e2e::dress::{SIZES, THEMES};
use satchel_e2e::hands::{SOON, spot, until};
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;

const PASSPHRASE: &str = "lerche schiene pinsel 61";
const TITLES: [&str; 2] = ["Send the quote", "Bring samples of the new hinge"];

/// R120: tasks lie on the days of a week and move between them (EXPERIENCE, Tasks).
pub(crate) async fn tasks_move_between_the_days_of_a_week(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    device.create_workspace("Week", PASSPHRASE).await?;
    device.dress(SIZES[2], "light").await?;
    device.go("/tasks").await?;
    device.press(device.word("tasks.board.after")?).await?;
    for title in TITLES {
        add(&device, title).await?;
    }
    device.synced().await?;
    server.kill()?;
    drags(&device).await?;
    by_the_menu(&device).await?;
    begun_on_a_day(&device).await?;
    pictures(stage, &device).await?;
    kept(&device).await?;
    server.again()?;
    Ok(Verdict::Shown)
}

/// Titles of the cards on the day with this position, Monday first; beside the days for 7.
async fn on(device: &Device, day: usize, wanted: &[&str]) -> Outcome {
    let place = if day == 7 { ".wk-u".to_owned() } else { format!(".wk > li:nth-child({})", day + 1) };
    device.texts_until(&format!("{place} .wk-t b a"), SOON, |titles| titles == wanted).await.map(drop)
}

async fn add(device: &Device, title: &str) -> Outcome {
    device.press(device.word("tasks.add")?).await?;
    device.fill(device.word("tasks.what")?, title).await?;
    device.press(device.word("tasks.save")?).await?;
    device.sheet_closed().await?;
    device.hide_toasts().await
}

/// From beside the days to Wednesday and back by undo, then to Tuesday, without a network.
async fn drags(device: &Device) -> Outcome {
    device.texts_until(".wk-u .wk-t b a", SOON, |titles| titles.len() == TITLES.len()).await?;
    drag(device, TITLES[0], 2).await?;
    on(device, 2, &[TITLES[0]]).await?;
    let focused = async || {
        let words = device.script("return document.activeElement.innerText", vec![]).await?;
        Ok((words == json!(TITLES[0])).then_some(()))
    };
    until(SOON, || "the focus on the task that was moved".to_owned(), focused).await?;
    shown("a task is dragged to a day, and the focus goes with it");
    device.undo("Moved to").await?;
    on(device, 2, &[]).await?;
    device.hide_toasts().await?;
    drag(device, TITLES[0], 1).await?;
    on(device, 1, &[TITLES[0]]).await?;
    shown("that is taken back in one tap, and no task was opened by the drag");
    device.hide_toasts().await
}

async fn drag(device: &Device, title: &str, day: usize) -> Outcome {
    let middle = "
        const card = [...document.querySelectorAll('.wk-t')].find((one) => one.innerText.includes(arguments[0]));
        const day = document.querySelector(`.wk > li:nth-child(${arguments[1] + 1})`);
        card.scrollIntoView({ block: 'nearest' });
        return [card.querySelector('b'), day].map((one) => one.getBoundingClientRect()).map((box) => [box.x + box.width / 2, box.y + box.height / 2]);";
    let places = device.script(middle, vec![json!(title), json!(day)]).await?;
    let point = |at: usize| (places[at][0].as_f64().unwrap_or(0.0), places[at][1].as_f64().unwrap_or(0.0));
    let ((x, y), (to_x, to_y)) = (point(0), point(1));
    for (kind, x, y) in [
        ("mousePressed", x, y),
        ("mouseMoved", (x + to_x) / 2.0, (y + to_y) / 2.0),
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

/// What a finger and the keyboard do instead of dragging.
async fn by_the_menu(device: &Device) -> Outcome {
    let label = device.words().filled("tasks.later_menu.label", &[("title", TITLES[1])])?;
    device.press(&label).await?;
    device.tap_css(".wk-u .menu [role=menuitem]:nth-child(5)").await?;
    on(device, 4, &[TITLES[1]]).await?;
    shown("the menu of a task has the days of the week");
    device.hide_toasts().await
}

async fn begun_on_a_day(device: &Device) -> Outcome {
    device.tap_css(".wk > li:nth-child(6) .wk-a").await?;
    device.fill(device.word("tasks.what")?, "Call the fair").await?;
    device.press(device.word("tasks.save")?).await?;
    device.sheet_closed().await?;
    on(device, 5, &["Call the fair"]).await?;
    shown("a task is begun on its day");
    device.hide_toasts().await
}

async fn pictures(stage: &Stage, device: &Device) -> Outcome {
    for size in SIZES {
        for theme in THEMES {
            device.dress(size, theme).await?;
            let name = format!("week_{}_{theme}_en.png", size.name);
            device.picture(&stage.settings.shots.join(name)).await?;
        }
    }
    device.dress(SIZES[2], "light").await
}

/// After a reload, still without the server; the list knows the same.
async fn kept(device: &Device) -> Outcome {
    device.reload().await?;
    device.unlock(PASSPHRASE).await?;
    device.go("/tasks").await?;
    device.press(device.word("tasks.board.after")?).await?;
    on(device, 1, &[TITLES[0]]).await?;
    on(device, 4, &[TITLES[1]]).await?;
    device.tap(&spot("button", device.word("tasks.board.agenda")?)).await?;
    device.texts_until(".row-t .row-b b a", SOON, |titles| titles.len() == 3).await?;
    shown("the week outlives a reload, and the list shows the same tasks");
    Ok(())
}

//! Photos and files beside what was said: taken without a network on one device, seen and opened on another.

use satchel_e2e::device::Device;
use satchel_e2e::dress::{SIZES, THEMES};
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, SOON, until};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::shown;
use satchel_e2e::server::Server;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thirtyfour::By;

const PASSPHRASE: &str = "kranich ofen wiese 31";
const CUSTOMER: &str = "Anna Brandt";
/// A picture that says where it was taken.
const SHELF: &[u8] = include_bytes!("attached/shelf.png");
const PLACE: &[u8] = b"CANARY-48.137";

/// A photo and a PDF are attached while the server is away; the other device sees the one and opens both. A large file
/// goes on after the server was killed under it.
pub(crate) async fn a_photo_taken_offline_is_seen_on_the_other_device(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (a, b) = pair(stage, &server).await?;
    let files = Files::write(stage)?;
    server.kill()?;
    log_with(&a, "the shelf is empty", &[&files.photo], &[&files.offer]).await?;
    a.tab("customer.tab_timeline").await?;
    pictures_are(&a, ".ev .thumb img", 1).await?;
    picture(&a, stage, "timeline").await?;
    a.tab("files.tab").await?;
    a.texts_until(".thumbs-l .thumb", SOON, |files| files.len() == 2).await?;
    picture(&a, stage, "tab").await?;
    shown("a photo and a PDF beside a visit, without a network");
    server.again()?;
    a.synced().await?;
    b.open_customer(CUSTOMER).await?;
    b.tab("customer.tab_timeline").await?;
    pictures_are(&b, ".ev .thumb img", 1).await?;
    b.tap_css(".ev .thumb:has(img)").await?;
    pictures_are(&b, ".file-w img", 1).await?;
    picture(&b, stage, "viewer").await?;
    shown("the other device shows it, small and whole");
    let photo = saved(&b, stage, ".jpg").await?;
    ensure(photo.starts_with(&[0xff, 0xd8]), || "the photo is no JPEG".to_owned())?;
    ensure(!photo.windows(PLACE.len()).any(|part| part == PLACE), || {
        "the photo still says where it was taken".to_owned()
    })?;
    b.press(b.word("common.close")?).await?;
    b.tap_css(".ev .thumb:has(.thumb-f)").await?;
    ensure(saved(&b, stage, ".pdf").await? == fs::read(&files.offer)?, || "another PDF".to_owned())?;
    b.press(b.word("common.close")?).await?;
    shown("the PDF is what it was; the photo does not say where it was taken");
    large(&a, &b, &server, &files, stage).await?;
    Ok(Verdict::Shown)
}

async fn large(a: &Device, b: &Device, server: &Server, files: &Files, stage: &Stage) -> Outcome {
    log_with(a, "the plans", &[], &[&files.plans]).await?;
    server.kill()?;
    a.go("/sync").await?;
    a.see_within(a.word("files.sync.title")?, LONG).await?;
    picture(a, stage, "sync").await?;
    server.again()?;
    a.synced().await?;
    a.see_gone(a.word("files.sync.soon")?).await?;
    b.open_customer(CUSTOMER).await?;
    b.tab("customer.tab_timeline").await?;
    b.entry_has("plans.zip").await?;
    b.tap_css_named(".thumb", "plans.zip", satchel_e2e::hands::Named::Has).await?;
    ensure(saved(b, stage, ".zip").await? == fs::read(&files.plans)?, || "another file".to_owned())?;
    shown("a file of 4 MB goes on after the server was killed under it");
    Ok(())
}

struct Files {
    photo: PathBuf,
    offer: PathBuf,
    plans: PathBuf,
}

impl Files {
    fn write(stage: &Stage) -> Outcome<Self> {
        let folder = stage.folder().join("files");
        fs::create_dir_all(&folder)?;
        let put = |name: &str, bytes: &[u8]| -> Outcome<PathBuf> {
            let path = folder.join(name);
            fs::write(&path, bytes)?;
            Ok(path.canonicalize()?)
        };
        let plans: Vec<u8> =
            (0..4_000_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        Ok(Self {
            photo: put("shelf.png", SHELF)?,
            offer: put("offer 报价.pdf", b"%PDF-1.4\n% nothing to see\n%%EOF\n")?,
            plans: put("plans.zip", &plans)?,
        })
    }
}

async fn pair(stage: &Stage, server: &Server) -> Outcome<(Arc<Device>, Arc<Device>)> {
    let a = stage.device("A", Language::En, &server.url())?;
    let b = stage.device("B", Language::Zh, &server.url())?;
    a.open("").await?;
    let code = a.create_workspace("Photos", PASSPHRASE).await?;
    a.add_customer(&NewCustomer { name: CUSTOMER, ..NewCustomer::default() }).await?;
    a.synced().await?;
    b.open("").await?;
    b.join_workspace(&code, PASSPHRASE).await?;
    b.open_customer(CUSTOMER).await?;
    Ok((a, b))
}

async fn log_with(device: &Device, note: &str, photos: &[&Path], files: &[&Path]) -> Outcome {
    device.open_customer(CUSTOMER).await?;
    device.follow(device.word("customer.log")?).await?;
    device.fill(device.word("log.note")?, note).await?;
    let mut count = 0;
    for (css, paths) in [(".files-f input:not([multiple])", photos), (".files-f input[multiple]", files)] {
        for path in paths {
            let path = path.display().to_string();
            device.browser().await?.find(By::Css(css)).await?.send_keys(path).await?;
            count += 1;
            let taken = format!("return document.querySelectorAll('.files-f .thumb-e').length === {count}");
            let there =
                async || Ok(device.script(&taken, vec![]).await?.as_bool().unwrap_or(false).then_some(()));
            until(SOON, || "the file to be taken in".to_owned(), there).await?;
        }
    }
    device.save_log().await
}

/// Waits until so many pictures are really drawn.
async fn pictures_are(device: &Device, css: &str, count: usize) -> Outcome {
    let script = "
        const found = [...document.querySelectorAll(arguments[0])];
        return found.length === arguments[1] && found.every((image) => image.complete && image.naturalWidth > 0)";
    let drawn = async || {
        let drawn = device.script(script, vec![json!(css), json!(count)]).await?;
        Ok(drawn.as_bool().unwrap_or(false).then_some(()))
    };
    until(LONG, || format!("{count} pictures at {css} on {}", device.name()), drawn).await
}

/// What the viewer's button writes.
async fn saved(device: &Device, stage: &Stage, ending: &str) -> Outcome<Vec<u8>> {
    let folder = stage.folder().join("downloads").join(ending.trim_start_matches('.'));
    fs::create_dir_all(&folder)?;
    let path = folder.canonicalize()?.display().to_string();
    device.cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": path })).await?;
    device.press(device.word("files.save")?).await?;
    let kept = async || {
        let files = fs::read_dir(&folder)?.filter_map(Result::ok).map(|entry| entry.path());
        Ok(files.into_iter().find(|path| path.display().to_string().ends_with(ending)))
    };
    Ok(fs::read(until(LONG, || format!("a file ending in {ending}"), kept).await?)?)
}

/// As it is to be looked at by people.
async fn picture(device: &Device, stage: &Stage, name: &str) -> Outcome {
    for size in SIZES.into_iter().filter(|size| matches!(size.name, "phone" | "landscape")) {
        for theme in THEMES {
            device.dress(size, theme).await?;
            let file = format!("files-{name}_{}_{theme}_{}.png", size.name, device.name());
            device.picture(&stage.settings.shots.join(file)).await?;
        }
    }
    Ok(())
}

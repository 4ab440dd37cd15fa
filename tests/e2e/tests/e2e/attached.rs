//! Photos and files beside what was said: taken without a network on one device, seen and opened on another.

use satchel_e2e::device::Device;
use satchel_e2e::dress::{SIZES, THEMES};
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, Named, SOON, spot, until};
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
use thirtyfour::{By, Key};

const PASSPHRASE: &str = "kranich ofen wiese 31";
const CUSTOMER: &str = "Anna Brandt";
/// A picture that says where it was taken.
const SHELF: &[u8] = include_bytes!("attached/shelf.png");
const PLACE: &[u8] = b"CANARY-48.137";

/// A photo and a PDF are attached while the server is away, and shown from the disk after the page was loaded anew; the
/// other device sees the one and opens both. A page and a drawing with a script are files like any others and run
/// nowhere, one that is too large is refused, and a photo that is taken off is gone on both. A large file goes on after
/// the server was killed under it.
pub(crate) async fn a_photo_taken_offline_is_seen_on_the_other_device(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (a, b) = pair(stage, &server).await?;
    let files = Files::write(stage)?;
    a.installed().await?;
    server.kill()?;
    begin(&a, "the shelf is empty").await?;
    take(&a, PHOTO, &files.photo, 1).await?;
    take(&a, FILE, &files.offer, 2).await?;
    a.hide_toasts().await?;
    a.script("document.querySelector('.files-f').scrollIntoView({ block: 'end' })", vec![]).await?;
    picture(&a, stage, "form").await?;
    a.save_log().await?;
    from_the_disk(&a, stage).await?;
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
    harm(&a, &files, stage).await?;
    gone(&a, &b).await?;
    pressed_early(&a, &files).await?;
    large(&a, &b, &server, &files, stage).await?;
    Ok(Verdict::Shown)
}

/// Loaded anew without a server.
async fn from_the_disk(a: &Device, stage: &Stage) -> Outcome {
    a.reload().await?;
    a.unlock(PASSPHRASE).await?;
    a.open_customer(CUSTOMER).await?;
    a.tab("customer.tab_timeline").await?;
    pictures_are(a, ".ev .thumb img", 1).await?;
    picture(a, stage, "timeline").await?;
    a.tab("files.tab").await?;
    a.texts_until(".thumbs-l .thumb", SOON, |files| files.len() == 2).await?;
    picture(a, stage, "tab").await?;
    a.tap_css(".thumbs-l .thumb:has(img)").await?;
    pictures_are(a, ".file-w img", 1).await?;
    a.key(Key::Escape).await?;
    a.sheet_closed().await?;
    shown("a photo and a PDF beside a visit, without a network, after the page was loaded anew");
    Ok(())
}

/// What would be run if it were shown.
async fn harm(a: &Device, files: &Files, stage: &Stage) -> Outcome {
    begin(a, "from a stranger").await?;
    take(a, FILE, &files.page, 1).await?;
    choose(a, FILE, &files.huge).await?;
    a.see(a.word("errors.file_too_large.what")?).await?;
    a.hide_toasts().await?;
    take(a, FILE, &files.drawing, 2).await?;
    a.tap_css(".files-f .thumb-e:last-child .ib").await?;
    taken(a, 1).await?;
    take(a, FILE, &files.drawing, 2).await?;
    a.save_log().await?;
    a.tab("customer.tab_timeline").await?;
    for (path, ending) in [(&files.page, ".html"), (&files.drawing, ".svg")] {
        a.tap_css_named(".ev .thumb", ending, Named::Has).await?;
        ensure(saved(a, stage, ending).await? == fs::read(path)?, || format!("another {ending}"))?;
        let drawn = "return document.querySelectorAll('.sheet :is(iframe, object, embed, img)').length";
        ensure(a.script(drawn, vec![]).await? == 0, || format!("{ending} is drawn"))?;
        ensure(a.script("return 'harmed' in window", vec![]).await? == false, || format!("{ending} ran"))?;
        a.press(a.word("common.close")?).await?;
        a.sheet_closed().await?;
    }
    shown(
        "a page and a drawing with a script are saved as they were and run nowhere; what is too large is refused",
    );
    Ok(())
}

/// Taken off on one device.
async fn gone(a: &Device, b: &Device) -> Outcome {
    a.tap_css(".ev .thumb:has(img)").await?;
    pictures_are(a, ".file-w img", 1).await?;
    a.press(a.word("files.take_off")?).await?;
    a.sheet_closed().await?;
    pictures_are(a, ".ev .thumb img", 0).await?;
    a.synced().await?;
    pictures_are(b, ".ev .thumb img", 0).await?;
    shown("a photo that was taken off is gone on both");
    Ok(())
}

/// Pictures are decoded once they are let go.
const HOLD: &str = "
const decode = HTMLImageElement.prototype.decode;
const free = new Promise((done) => { window.letGo = done; });
HTMLImageElement.prototype.decode = async function () { await free; return decode.call(this); };";

/// Save is pressed while the photo is still being made small.
async fn pressed_early(a: &Device, files: &Files) -> Outcome {
    begin(a, "pressed early").await?;
    a.script(HOLD, vec![]).await?;
    choose(a, PHOTO, &files.photo).await?;
    a.press(a.word("log.save")?).await?;
    a.see_at(&spot("button", a.word("files.awaited")?), SOON).await?;
    a.script("letGo()", vec![]).await?;
    a.sheet_closed().await?;
    a.tab("customer.tab_timeline").await?;
    a.entry_has("pressed early").await?;
    pictures_are(a, ".ev .thumb img", 1).await?;
    shown("what is saved waits for the photo that was still being made small");
    Ok(())
}

async fn large(a: &Device, b: &Device, server: &Server, files: &Files, stage: &Stage) -> Outcome {
    begin(a, "the plans").await?;
    take(a, FILE, &files.plans, 1).await?;
    a.save_log().await?;
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
    b.tap_css_named(".thumb", "plans.zip", Named::Has).await?;
    ensure(saved(b, stage, ".zip").await? == fs::read(&files.plans)?, || "another file".to_owned())?;
    shown("a file of 4 MB goes on after the server was killed under it");
    Ok(())
}

struct Files {
    photo: PathBuf,
    offer: PathBuf,
    plans: PathBuf,
    page: PathBuf,
    drawing: PathBuf,
    huge: PathBuf,
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
            page: put("page.html", b"<!doctype html><script>window.top.harmed = 1</script><p>Hello")?,
            drawing: put(
                "drawing.svg",
                b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.harmed = 1'><script>window.harmed = 1</script></svg>",
            )?,
            huge: put("huge.bin", &vec![7; (25 << 20) + 1])?,
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

/// The inputs behind the two buttons.
const PHOTO: &str = ".files-f input:not([multiple])";
const FILE: &str = ".files-f input[multiple]";

/// Opens the form of an entry.
async fn begin(device: &Device, note: &str) -> Outcome {
    device.open_customer(CUSTOMER).await?;
    device.follow(device.word("customer.log")?).await?;
    device.fill(device.word("log.note")?, note).await
}

async fn choose(device: &Device, css: &str, path: &Path) -> Outcome {
    let path = path.display().to_string();
    Ok(device.browser().await?.find(By::Css(css)).await?.send_keys(path).await?)
}

/// Takes a file into the form, which has so many then.
async fn take(device: &Device, css: &str, path: &Path, count: usize) -> Outcome {
    choose(device, css, path).await?;
    taken(device, count).await
}

async fn taken(device: &Device, count: usize) -> Outcome {
    let script = format!("return document.querySelectorAll('.files-f .thumb-e').length === {count}");
    let there = async || Ok(device.script(&script, vec![]).await?.as_bool().unwrap_or(false).then_some(()));
    until(SOON, || format!("{count} files in the form"), there).await
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

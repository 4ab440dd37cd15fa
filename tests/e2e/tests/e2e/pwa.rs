//! Installable, and there without a network.

use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, until};
use satchel_e2e::say::{note, shown};
use satchel_e2e::server::Served;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::{Value, json};

/// A manifest without errors, icons that load, a service worker that answers: Chromium sees nothing
/// against installing, and the app starts with the server gone.
pub(crate) async fn installs_and_starts_offline(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    controlled(&device).await?;
    shown("the service worker takes control");
    manifest(&device, "/").await?;
    device.reload().await?;
    controlled(&device).await?;
    server.kill()?;
    device.open("customers").await?;
    started(&device).await?;
    shown("the app starts at any address with the server killed");
    device.close().await?;
    device.open("").await?;
    started(&device).await?;
    shown("it starts after the browser was closed, with the server still gone");
    installed_first(&device).await?;
    Ok(Verdict::Shown)
}

/// A browser as on iOS: installing is by hand, and the installed app has storage of its own.
const BY_HAND: &str = "
Object.defineProperty(Navigator.prototype, 'standalone', { value: false, configurable: true });
addEventListener('beforeinstallprompt', (event) => event.stopImmediatePropagation());";

/// Where the installed app begins empty, the word about installing comes before anything is made.
async fn installed_first(device: &Device) -> Outcome {
    device.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": BY_HAND })).await?;
    device.reload().await?;
    device.see_within(device.word("onboarding.install.first")?, LONG).await?;
    device.press(device.word("onboarding.install.here")?).await?;
    device.see(device.word("onboarding.create.title")?).await?;
    shown("where installing later would mean beginning again, it is said first");
    Ok(())
}

/// The same build below a path: nothing is asked for outside of it.
pub(crate) async fn lives_under_a_path(stage: &Stage) -> Outcome<Verdict> {
    let Some(web) = stage.settings.web_subpath.clone() else {
        return Ok(Verdict::Skipped("SATCHEL_E2E_WEB_SUBPATH is not given".to_owned()));
    };
    let server = stage.server_as(Served { web, base: "/app/".to_owned(), public_origin: None })?;
    let device = stage.device("A", Language::En, &server.url())?;
    device.open("").await?;
    started(&device).await?;
    controlled(&device).await?;
    manifest(&device, "/app/").await?;
    let script = "return performance.getEntriesByType('resource').map((e) => new URL(e.name).pathname)";
    let asked = device.script(script, vec![]).await?;
    let outside: Vec<_> = asked.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    ensure(outside.iter().all(|path| path.starts_with("/app/")), || {
        format!("asked outside of /app/: {outside:?}")
    })?;
    shown(&format!("all {} files come from below /app/", outside.len()));
    server.kill()?;
    device.reload().await?;
    started(&device).await?;
    shown("it starts there with the server killed");
    Ok(Verdict::Shown)
}

/// Waits until a service worker answers for the page.
async fn controlled(device: &Device) -> Outcome {
    let script = "
        const done = arguments[0];
        navigator.serviceWorker.ready.then((registration) => done(registration.active?.state ?? ''));";
    let look = async || Ok((device.script_async(script, vec![]).await? == "activated").then_some(()));
    until(LONG, || "an active service worker".to_owned(), look).await
}

/// Waits until the app itself is on the screen: what is painted before it is gone.
async fn started(device: &Device) -> Outcome {
    let script =
        "return !document.getElementById('shell') && document.getElementById('root')?.childElementCount > 0";
    let look = async || Ok(device.script(script, vec![]).await?.as_bool().unwrap_or(false).then_some(()));
    until(LONG, || "the app to start".to_owned(), look).await
}

async fn manifest(device: &Device, base: &str) -> Outcome {
    let found = device.cdp("Page.getAppManifest", json!({})).await?;
    let errors = found["errors"].as_array().map_or(0, Vec::len);
    ensure(errors == 0, || format!("the manifest has errors: {}", found["errors"]))?;
    let data: Value = serde_json::from_str(found["data"].as_str().unwrap_or_default())?;
    ensure(data["display"] == "standalone", || "the manifest is not for a window of its own".to_owned())?;
    icons(device, &data, found["url"].as_str().unwrap_or_default()).await?;
    screenshots(device, &data, found["url"].as_str().unwrap_or_default()).await?;
    let takes = &data["share_target"]["params"]["files"][0]["accept"];
    let takes: Vec<&str> = takes.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    ensure(["image/*", "text/csv", ".vcf", ".satchel"].iter().all(|kind| takes.contains(kind)), || {
        format!("other apps may share {takes:?}")
    })?;
    let against = device.cdp("Page.getInstallabilityErrors", json!({})).await?;
    let against: Vec<&Value> = against["installabilityErrors"].as_array().into_iter().flatten().collect();
    ensure(against.is_empty(), || format!("against installing: {against:?}"))?;
    note(&format!("id {} scope {}", found["manifest"]["id"], found["manifest"]["scope"]));
    let scope = found["manifest"]["scope"].as_str().unwrap_or_default().to_owned();
    ensure(scope.ends_with(base), || format!("the scope is {scope}, not {base}"))?;
    shown("the manifest has no errors, and Chromium nothing against installing");
    Ok(())
}

async fn icons(device: &Device, manifest: &Value, url: &str) -> Outcome {
    let script = "
        const [icons, base, done] = arguments;
        Promise.all(icons.map(async (icon) => {
            const picture = new Image();
            picture.src = new URL(icon.src, base);
            await picture.decode();
            return `${icon.sizes} ${icon.purpose ?? 'any'} ${picture.naturalWidth}`;
        })).then(done, (error) => done(String(error)));";
    let result = device.script_async(script, vec![manifest["icons"].clone(), json!(url)]).await?;
    let Some(icons) = result.as_array() else {
        return Err(format!("an icon does not load: {result}").into());
    };
    let purposes = icons.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ");
    ensure(purposes.contains("maskable") && purposes.contains("any"), || format!("icons: {purposes}"))?;
    shown(&format!("icons load: {purposes}"));
    Ok(())
}

/// Pictures for whoever is asked to install it, in both shapes; the installed copy does not hold them.
async fn screenshots(device: &Device, manifest: &Value, url: &str) -> Outcome {
    let script = "
        const [screenshots, base, done] = arguments;
        Promise.all(screenshots.map(async (one) => {
            const picture = new Image();
            picture.src = new URL(one.src, base);
            await picture.decode();
            const kept = await caches.match(picture.src);
            const told = `${picture.naturalWidth}x${picture.naturalHeight}` === one.sizes && one.label;
            return `${one.form_factor}${told ? '' : ' not as told'}${kept ? ' kept' : ''}`;
        })).then(done, (error) => done(String(error)));";
    let shapes = device.script_async(script, vec![manifest["screenshots"].clone(), json!(url)]).await?;
    ensure(shapes == json!(["narrow", "narrow", "wide"]), || format!("screenshots: {shapes}"))?;
    shown("screenshots for phones and for larger screens load, and are not kept");
    Ok(())
}

//! The database goes away under the app: another page upgrades it, deletes it, or keeps it in an older
//! form; the browser evicts it.

use super::{PASSPHRASE, found};
use satchel_e2e::device::Device;
use satchel_e2e::failure::ensure;
use satchel_e2e::hands::{LONG, spot};
use satchel_e2e::person::NewCustomer;
use satchel_e2e::say::{note, shown};
use satchel_e2e::stage::Stage;
use satchel_e2e::{Outcome, Verdict};
use serde_json::json;
use thirtyfour::WindowHandle;

/// Finds the workspace's database and does `what` with it: what follows is the body of a function of its
/// name, its version, and what to call at the end.
fn on_the_database(what: &str) -> String {
    format!(
        "const done = arguments[0];
        const work = (name, version) => {{ {what} }};
        indexedDB.databases().then((all) => {{
            const found = all.find((one) => /^satchel-[0-9a-f]{{32}}$/.test(one.name));
            found ? work(found.name, found.version) : done('no database');
        }});"
    )
}

/// An upgrade that is begun and given up: the app has to let go, and the database is as it was.
const BRUSH: &str = "
    const asked = indexedDB.open(name, version + 1);
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onerror = () => done('ok');
    asked.onblocked = () => done('blocked');";

/// An upgrade by a newer version of the app.
const UPGRADE: &str = "
    const asked = indexedDB.open(name, version + 1);
    asked.onsuccess = () => { asked.result.close(); done('ok'); };
    asked.onblocked = () => done('blocked');";

/// Everything deleted.
const DELETE: &str = "
    const asked = indexedDB.deleteDatabase(name);
    asked.onsuccess = () => done('ok');
    asked.onblocked = () => done('blocked');";

/// Everything as the schema's first version kept it, held open by a page that listens to nobody.
const AGE: &str = "
    const whole = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    const age = async () => {
        const now = await whole(indexedDB.open(name, version));
        const kept = {};
        for (const store of ['rows', 'waiting', 'meta', 'locals']) {
            const from = now.transaction(store).objectStore(store);
            const keys = await whole(from.getAllKeys());
            kept[store] = [keys, await whole(now.transaction(store).objectStore(store).getAll())];
        }
        now.close();
        await whole(indexedDB.deleteDatabase(name));
        const asked = indexedDB.open(name, 1);
        asked.onupgradeneeded = () => Object.entries(kept).forEach(([store, [keys, values]]) => {
            const into = asked.result.createObjectStore(store);
            keys.forEach((key, at) => into.put(values[at], key));
        });
        window.kept = await whole(asked);
    };
    age().then(() => done('ok'), (error) => done(String(error)));";

/// Another page makes the app let go of its database: it takes it up again, and goes on. If a newer version
/// has upgraded it meanwhile, that is said at once.
pub(crate) async fn a_lost_connection_loses_nothing(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (a, _) = found(stage, "A", &server.url()).await?;
    add(&a, "Ahornweg").await?;
    a.synced().await?;
    let app = a.tab_now().await?;
    let bare = a.new_tab().await?;
    a.open_bare().await?;
    elsewhere(&a, &bare, &app, BRUSH).await?;
    add(&a, "Birkenhof").await?;
    a.synced().await?;
    listed(&a, &["Ahornweg", "Birkenhof"]).await?;
    shown("it let go of its database for another page, took it up again, and lost nothing");
    elsewhere(&a, &bare, &app, UPGRADE).await?;
    a.see_within(a.word("errors.storage_newer.what")?, LONG).await?;
    a.see(a.word("errors.storage_newer.safe")?).await?;
    shown(&format!("a newer version upgraded it: \"{}\"", a.word("errors.storage_newer.what")?));
    Ok(Verdict::Shown)
}

/// An older tab keeps the database open as its own version of the app knows it: it is named. Once it is
/// closed, the database is brought to the newest form with everything in it.
pub(crate) async fn an_older_tab_in_the_way_is_named(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let (a, _) = found(stage, "A", &server.url()).await?;
    let app = a.tab_now().await?;
    let older = a.new_tab().await?;
    a.open_bare().await?;
    server.kill()?;
    a.turn_to(&app).await?;
    add(&a, "Ahornweg").await?;
    add(&a, "Birkenhof").await?;
    // The app lets go of its database first: it would take it up again between the two steps of the ageing.
    a.browser().await?.goto("about:blank").await?;
    elsewhere(&a, &older, &app, AGE).await?;
    a.open("").await?;
    a.see_within(a.word("errors.storage_blocked.what")?, LONG).await?;
    a.see(a.word("errors.storage_blocked.mend")?).await?;
    a.turn_to(&older).await?;
    ran(&a, "kept.close(); arguments[0]('ok')").await?;
    a.turn_to(&app).await?;
    a.press(a.word("common.retry")?).await?;
    a.unlock(PASSPHRASE).await?;
    listed(&a, &["Ahornweg", "Birkenhof"]).await?;
    a.waiting(2).await?;
    server.again()?;
    a.synced().await?;
    shown(&format!(
        "\"{}\"; once it is closed, all is here in the newest form",
        a.word("errors.storage_blocked.what")?
    ));
    Ok(Verdict::Shown)
}

/// How a device loses everything.
#[derive(Debug, Clone, Copy)]
enum Eviction {
    DeletedByAnotherPage,
    WhileTheAppRuns,
    BeforeTheAppStarts,
}

/// The browser throws away what it kept: a screen says so, and whether anything is lost; joining again right
/// there brings back what was on the server.
pub(crate) async fn an_evicted_device_comes_back(stage: &Stage) -> Outcome<Verdict> {
    use Eviction::{BeforeTheAppStarts, DeletedByAnotherPage, WhileTheAppRuns};
    let server = stage.server()?;
    let (a, code) = found(stage, "A", &server.url()).await?;
    let mut names = vec!["Ahornweg"];
    add(&a, names[0]).await?;
    let ways = [
        (DeletedByAnotherPage, "Birkenhof"),
        (WhileTheAppRuns, "Distelfeld"),
        (BeforeTheAppStarts, "Eichengrund"),
    ];
    for (how, name) in ways {
        a.synced().await?;
        evicted(&a, how).await?;
        let said = a.word("shell.rescue.lost.nothing")?;
        a.rescue(said, &code, PASSPHRASE).await?;
        a.synced().await?;
        listed(&a, &names).await?;
        add(&a, name).await?;
        names.push(name);
        shown(&format!("{how:?}: \"{said}\" Joined again, with everything"));
    }
    a.synced().await?;
    let app = a.tab_now().await?;
    let bare = a.new_tab().await?;
    a.open_bare().await?;
    a.turn_to(&app).await?;
    server.kill()?;
    add(&a, "Lost for good").await?;
    a.waiting(1).await?;
    elsewhere(&a, &bare, &app, DELETE).await?;
    a.reload().await?;
    server.again()?;
    let said = a.words().filled("shell.rescue.lost.some", &[("count", "1")])?;
    a.rescue(&said, &code, PASSPHRASE).await?;
    a.synced().await?;
    listed(&a, &names).await?;
    shown(&format!("with something waiting: \"{said}\""));
    Ok(Verdict::Shown)
}

/// Ends with a page that has been loaded anew.
async fn evicted(a: &Device, how: Eviction) -> Outcome {
    match how {
        Eviction::DeletedByAnotherPage => {
            let app = a.tab_now().await?;
            let bare = a.new_tab().await?;
            a.open_bare().await?;
            elsewhere(a, &bare, &app, DELETE).await?;
            a.reload().await
        }
        Eviction::WhileTheAppRuns => {
            clear(a).await?;
            touch(a).await?;
            let ends = [a.word("shell.rescue.lost.title")?, a.word("errors.storage_closed.what")?];
            let said = a.see_any(&ends, LONG).await?;
            note(&format!("while it runs: \"{}\"", ends[said]));
            a.reload().await
        }
        Eviction::BeforeTheAppStarts => {
            a.open_bare().await?;
            clear(a).await?;
            a.open("").await
        }
    }
}

/// Makes the app need its database: something is typed, which it keeps as a draft.
async fn touch(a: &Device) -> Outcome {
    a.go("/customers?sheet=customer").await?;
    let name = a.find(&spot("field", a.word("customer.form.name_person")?)).await?;
    Ok(name.send_keys("N").await?)
}

async fn clear(a: &Device) -> Outcome {
    let origin = a.home().trim_end_matches('/');
    let what = json!({ "origin": origin, "storageTypes": "indexeddb" });
    a.cdp("Storage.clearDataForOrigin", what).await.map(drop)
}

/// Runs a script on the database in the other tab, and comes back.
async fn elsewhere(a: &Device, bare: &WindowHandle, app: &WindowHandle, what: &str) -> Outcome {
    a.turn_to(bare).await?;
    ran(a, &on_the_database(what)).await?;
    a.turn_to(app).await
}

async fn ran(a: &Device, script: &str) -> Outcome {
    let said = a.script_async(script, vec![]).await?;
    ensure(said == "ok", || format!("the other page: {said}"))
}

async fn add(device: &Device, name: &str) -> Outcome {
    device.add_customer(&NewCustomer { name, ..NewCustomer::default() }).await
}

async fn listed(device: &Device, names: &[&str]) -> Outcome {
    device.go("/customers").await?;
    device.search("").await?;
    device.texts_until(".cust .cust-n b", LONG, |listed| listed == names).await.map(drop)
}

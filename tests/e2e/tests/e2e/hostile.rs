//! A hostile world, as far as only a browser shows it: script in every text, a server that lets nobody in for a
//! month, answers without end, a client that was tampered with. The other attacks are tests of the engine (`cargo xtask attacks`).

use satchel_e2e::device::Device;
use satchel_e2e::devtools::DevTools;
use satchel_e2e::failure::ensure;
use satchel_e2e::gate::{Gate, Mode};
use satchel_e2e::hands::{LONG, Named, SOON, spot, until};
use satchel_e2e::memory;
use satchel_e2e::person::NewCustomer;
use satchel_e2e::samples;
use satchel_e2e::say::shown;
use satchel_e2e::stage::Stage;
use satchel_e2e::words::Language;
use satchel_e2e::{Outcome, Verdict};
use serde_json::{Value, json};

const PASSPHRASE: &str = "ocker libelle turm 26";
const OTHER: &str = "zimt falke brunnen 58";
/// What a browser runs where it is taken for HTML.
const SCRIPT: &str = "<img src=x onerror=alert(1)>";
/// What a browser runs where it is taken for a link.
const LINK: &str = "javascript:alert(1)";
/// Notes whether any of it ran, and what the page's policy forbade.
const WITNESS: &str = "
    window.ran = 0; window.forbidden = [];
    for (const way of ['alert', 'confirm', 'prompt']) window[way] = () => { window.ran += 1; };
    document.addEventListener('securitypolicyviolation', (event) => window.forbidden.push(event.effectiveDirective));";
/// What would run if a text had become HTML after all.
const BREAK_OUT: &str = "
    const place = document.createElement('div');
    place.innerHTML = '<img src=x onerror=alert(1)><a href=\"javascript:alert(1)\" id=trap>x</a>';
    document.body.append(place);
    const script = document.createElement('script');
    script.textContent = 'alert(1)';
    document.body.append(script);
    document.getElementById('trap').click();";
/// Where texts are shown.
const SCREENS: [&str; 11] = [
    "/",
    "/customers",
    "/tasks",
    "/insights",
    "/sync",
    "/settings",
    "/trash",
    "/backup",
    "/import",
    "/team",
    "/more",
];

/// Script in the names of workspace, members, guests, customers, tags, views and files, in notes and links, written
/// by a member: it is words on every screen, and the policy would hold if it were not.
pub(crate) async fn script_is_words_on_every_screen(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let owner = stage.device("owner", Language::En, &server.url())?;
    let member = stage.device("member", Language::En, &server.url())?;
    for device in [&owner, &member] {
        device.start().await?;
        device.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WITNESS })).await?;
    }
    owner.open("").await?;
    owner.create_workspace(SCRIPT, PASSPHRASE).await?;
    let invitation = owner.invite(Some("Olga"), "editor", SCRIPT).await?;
    member.open_invitation(&invitation).await?;
    is_words(&member, "the invitation").await?;
    member.accept(SCRIPT, OTHER).await?;
    let customer = write_script(&member, stage).await?;
    member.synced().await?;
    owner.customers_are(2).await?;
    for screen in SCREENS {
        owner.go(screen).await?;
        owner.settled().await?;
        is_words(&owner, screen).await?;
    }
    shown("script in every text of a member's is words on every screen");
    looked_at_closely(&owner, &customer).await?;
    owner.lock().await?;
    owner.see(SCRIPT).await?;
    is_words(&owner, "the lock screen").await?;
    the_policy_holds(&owner).await?;
    Ok(Verdict::Shown)
}

/// Where a text had become HTML after all, nothing of it would run.
async fn the_policy_holds(owner: &Device) -> Outcome {
    owner.script(BREAK_OUT, vec![]).await?;
    let held = async || {
        let found = owner.script("return [window.ran, window.forbidden.length]", vec![]).await?;
        Ok((found[0] == 0 && found[1].as_u64() >= Some(3)).then_some(()))
    };
    until(SOON, || "the policy to forbid three kinds of script".to_owned(), held).await?;
    shown(
        "and where a page was tampered with, its policy forbids inline script, handlers and script in links",
    );
    Ok(())
}

/// A member writes script wherever a text can be; the customer of whom it is told.
async fn write_script(member: &Device, stage: &Stage) -> Outcome<String> {
    member.add_customer(&NewCustomer { name: SCRIPT, note: SCRIPT, ..NewCustomer::default() }).await?;
    let customer = member.customer_id().await?;
    member.edit_customer().await?;
    member.fill(member.word("customer.form.tags")?, SCRIPT).await?;
    member.fill(member.word("customer.form.position")?, SCRIPT).await?;
    let website = spot("field", member.word("customer.form.website")?);
    if !member.is_at(&website).await? {
        member.press(member.word("customer.form.more")?).await?;
    }
    member.fill_at(&website, LINK).await?;
    member.save_customer().await?;
    let rows = format!("companyName,city,note,website\n{SCRIPT} Ltd,{SCRIPT},{SCRIPT},{LINK}\n");
    let file = samples::write(&stage.folder().join("files"), &format!("{SCRIPT}.csv"), rows.as_bytes())?;
    member.import(&[&file]).await?;
    member.see(SCRIPT).await?;
    is_words(member, "the import").await?;
    member.go("/customers").await?;
    member.press(member.word("customers.more_filters")?).await?;
    member.press(member.word("customers.filter_tag")?).await?;
    member.tap_css_named(".fl-v .pick", SCRIPT, Named::Has).await?;
    member.fill(member.word("filter.name")?, SCRIPT).await?;
    member.press(member.word("filter.save")?).await?;
    member
        .texts_until(".chips .pick", SOON, |views| views.iter().any(|view| view.starts_with(SCRIPT)))
        .await?;
    is_words(member, "the saved view").await?;
    member.tap_css(".fl-show").await?;
    member.sheet_closed().await?;
    Ok(customer)
}

/// The customer's own pages, its past, a member's sheet, the palette.
async fn looked_at_closely(owner: &Device, customer: &str) -> Outcome {
    owner.search_finds_too("img", SCRIPT).await?;
    is_words(owner, "a search").await?;
    for page in ["", "/timeline", "/details", "/orders"] {
        owner.go(&format!("/customers/{customer}{page}")).await?;
        owner.at_customer(SCRIPT).await?;
        owner.settled().await?;
        is_words(owner, page).await?;
    }
    owner.tap_css(".ch button[aria-haspopup='menu']").await?;
    owner.tap(&spot("menuitem", owner.word("customer.history.title")?)).await?;
    owner
        .texts_until("[role='dialog'] .ev-f .k", LONG, |lines| lines.iter().any(|line| line == SCRIPT))
        .await?;
    is_words(owner, "the history").await?;
    owner.press(owner.word("common.close")?).await?;
    owner.open_member(SCRIPT).await?;
    is_words(owner, "a member's sheet").await?;
    owner.press(owner.word("common.close")?).await?;
    owner.see(SCRIPT).await?;
    shown("so it is in history, sheets, search and the file's name");
    Ok(())
}

/// Nothing ran, nothing became an element, and nothing of a text is a link that runs.
async fn is_words(device: &Device, place: &str) -> Outcome {
    let script = "return [window.ran, window.forbidden.length,
        document.querySelectorAll('[onerror], img[src=x], iframe, a[href^=\"javascript\" i]').length]";
    let found = device.script(script, vec![]).await?;
    ensure(found == json!([0, 0, 0]), || format!("script came alive on {place}: {found}"))
}

/// The server's word that there is no such session, and no way to get one.
const REFUSED: Mode = Mode::Answer(
    401,
    "application/problem+json",
    r#"{"type":"urn:satchel:problem:login","title":"The sign-in was not accepted.","status":401}"#,
);
/// Page and engine, a month ahead.
const A_MONTH_LATER: &str = "
    const later = () => {
        const real = Date, ahead = 30 * 86400000;
        self.Date = class extends real {
            constructor(...given) { given.length ? super(...given) : super(real.now() + ahead); }
            static now() { return real.now() + ahead; }
        };
    };
    later();
    const Real = Worker;
    self.Worker = class extends Real {
        constructor(where, options) {
            const code = `(${later})(); await import(${JSON.stringify(new URL(where, location).href)});`;
            super(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), options);
        }
    };";
/// Most that whoever never stops answering can pour into one device at once: the longest answer, and what is on its way.
const POURED: u64 = 40 << 20;

/// For a month there is no server, or one that accepts no sign-in: everything works, the status says so, and as soon
/// as it lets her in all is sent. An answer without end is hung up on.
pub(crate) async fn thirty_days_without_a_sign_in(stage: &Stage) -> Outcome<Verdict> {
    let (_server, gate) = stage.gated().await?;
    let a = stage.device("A", Language::En, &gate.url())?;
    let b = stage.device("B", Language::En, &gate.url())?;
    a.open("").await?;
    let code = a.create_workspace("Month", PASSPHRASE).await?;
    a.installed().await?;
    a.synced().await?;
    b.open("").await?;
    b.join_workspace(&code, PASSPHRASE).await?;
    gate.set(Mode::Nobody)?;
    a.may_speak().await?;
    a.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": A_MONTH_LATER })).await?;
    a.reload().await?;
    a.unlock(PASSPHRASE).await?;
    added(&a, "Thirtieth day Ltd").await?;
    a.waiting(1).await?;
    let refused = a.word("sync.trouble.refused")?;
    told(&a, &gate, REFUSED, refused).await?;
    added(&a, "Refused Ltd").await?;
    shown(&format!("a month without a sign-in: \"{refused}\"; adding and finding work"));
    sent(&a, &gate).await?;
    b.go("/sync").await?;
    b.press(b.word("sync.now")?).await?;
    b.customers_are(2).await?;
    shown("let in again, everything is sent; the other device has it");
    added(&a, "Endless Ltd").await?;
    told(&a, &gate, Mode::Endless, a.word("sync.trouble.not_the_server")?).await?;
    ensure((1..POURED).contains(&gate.poured()), || format!("{} bytes were taken in", gate.poured()))?;
    shown(&format!("an answer without end is hung up on after {} MiB", gate.poured() >> 20));
    sent(&a, &gate).await?;
    Ok(Verdict::Shown)
}

/// A customer is added, and found.
async fn added(device: &Device, name: &str) -> Outcome {
    device.add_customer(&NewCustomer { name, organisation: true, ..NewCustomer::default() }).await?;
    device.search_finds(name, &[name]).await
}

/// Asked for a look while the gate does this, the sync centre says so.
async fn told(device: &Device, gate: &Gate, mode: Mode, words: &str) -> Outcome {
    gate.set(mode)?;
    device.go("/sync").await?;
    device.press(device.word("sync.now")?).await?;
    device.see_within(words, LONG).await
}

/// Asked for a look while the server is there, everything goes.
async fn sent(device: &Device, gate: &Gate) -> Outcome {
    gate.set(Mode::Through)?;
    device.go("/sync").await?;
    device.press(device.word("sync.now")?).await?;
    device.synced().await
}

/// Notes what the engine says to the server. Its own code, which it may still be loading, it asks for by address alone.
const OVERHEAR: &str = "
    const say = self.fetch;
    self.fetch = (where, how) => {
        self.token = how?.headers?.get('authorization') ?? self.token;
        if (String(where).endsWith('/push')) self.push = { where, body: Array.from(how.body) };
        return say(where, how);
    };";

/// Who may only read any more: her app tells her, keeps what she had not sent, and offers nothing; and what a client
/// that was tampered with says with her own session is refused by the server.
pub(crate) async fn a_viewer_s_push_is_refused_by_the_server(stage: &Stage) -> Outcome<Verdict> {
    let server = stage.server()?;
    let owner = stage.device("owner", Language::En, &server.url())?;
    let member = stage.device("member", Language::En, &server.url())?;
    owner.open("").await?;
    owner.create_workspace("Northport", PASSPHRASE).await?;
    let invitation = owner.invite(Some("Olga"), "editor", "").await?;
    member.open_invitation(&invitation).await?;
    member.accept("Emma", OTHER).await?;
    let mut line = overheard(&member).await?;
    member.add_customer(&NewCustomer { name: "Percival Stone", ..NewCustomer::default() }).await?;
    member.synced().await?;
    owner.customers_are(1).await?;
    let engine = memory::engine(&mut line).await?;
    let push = line.evaluate(&engine, "self.push").await?;
    let taken = say_again(&mut line, &push).await?;
    ensure(taken["status"] == 200, || format!("an editor's push: {taken}"))?;
    server.kill()?;
    member.add_customer(&NewCustomer { name: "Quentin Unsent", ..NewCustomer::default() }).await?;
    member.something_waits().await?;
    let fresh = pushed_since(&mut line, &push).await?;
    member.close().await?;
    server.again()?;
    owner.go("/").await?;
    owner.synced().await?;
    owner.give_role("Emma", "viewer", Some(PASSPHRASE)).await?;
    refused_as_a_viewer(&member, [&push, &fresh]).await?;
    owner.go("/").await?;
    owner.synced().await?;
    owner.customers_are(1).await?;
    shown(
        "what she pushes past her app, taken before or new, is refused by the server: 403, read-only; nobody sees it",
    );
    owner.give_role("Emma", "editor", None).await?;
    owner.customers_are(2).await?;
    shown("an editor again, what she had kept goes by itself");
    Ok(Verdict::Shown)
}

/// What the engine tried to push after `before`: well-formed, sealed under the key that she has, and nowhere stored.
async fn pushed_since(line: &mut DevTools, before: &Value) -> Outcome<Value> {
    let engine = memory::engine(line).await?;
    until(
        LONG,
        || "the engine to push what is new".to_owned(),
        async || {
            let push = line.evaluate(&engine, "self.push").await?;
            Ok((push["body"] != before["body"]).then_some(push))
        },
    )
    .await
}

/// Her app says what she may, and keeps what waits; pushes in her name are refused.
async fn refused_as_a_viewer(member: &Device, pushes: [&Value; 2]) -> Outcome {
    member.open("").await?;
    member.at_lock().await?;
    let mut line = overheard(member).await?;
    member.unlock(OTHER).await?;
    member.go("/sync").await?;
    member.see_within(member.word("sync.trouble.read_only")?, LONG).await?;
    member.waiting(1).await?;
    shown(&format!("\"{}\"", member.word("sync.trouble.read_only")?));
    for push in pushes {
        let refused = say_again(&mut line, push).await?;
        let named =
            refused["said"].as_str().is_some_and(|said| said.contains("urn:satchel:problem:read-only"));
        ensure(refused["status"] == 403 && named, || format!("a viewer's push: {refused}"))?;
    }
    Ok(())
}

/// From now on it is noted what a device's engine says to the server.
async fn overheard(device: &Device) -> Outcome<DevTools> {
    let mut line = DevTools::to(device).await?;
    let engine = memory::engine(&mut line).await?;
    line.evaluate(&engine, OVERHEAR).await?;
    Ok(line)
}

/// Says a push to the server as the engine did, with the session that it has now.
async fn say_again(line: &mut DevTools, push: &Value) -> Outcome<Value> {
    let engine = memory::engine(line).await?;
    let again = format!(
        "(async (push) => {{
            const headers = {{ authorization: self.token, 'content-type': 'application/cbor', accept: 'application/cbor' }};
            const answer = await fetch(push.where, {{ method: 'POST', headers: new Headers(headers), body: new Uint8Array(push.body) }});
            return {{ status: answer.status, said: await answer.text() }};
        }})({push})"
    );
    line.evaluate(&engine, &again).await
}

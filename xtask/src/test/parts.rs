//! The parts, one function each. Serial: the machine is used by one at a time.

use super::counts::Counts;
use crate::command::Call;
use crate::places::Places;
use crate::tools::{self, Browser, WASM};
use crate::web::{Base, Profile, Web, sizes};
use crate::{Attempt, Outcome, dist, say};
use std::fs;
use std::path::Path;

/// Formatting.
pub(super) fn fmt(places: &Places) -> Outcome<Counts> {
    if !tools::component("rustfmt", "cargo-fmt")? {
        return Ok(Counts::skip(1, "formatting: this Rust has no rustfmt"));
    }
    judge(Call::cargo().args(["fmt", "--all", "--check"]).within(&places.root))
}

/// What is linted: natively everything, for wasm each module with its own feature.
const LINTS: [&[&str]; 4] = [
    &["--workspace", "--all-targets"],
    &["--package=satchel", "--bin=app", "--no-default-features", "--features=ui", "--target", WASM],
    &["--package=satchel", "--bin=engine", "--no-default-features", "--features=engine", "--target", WASM],
    &["--package=satchel-idb", "--all-targets", "--target", WASM],
];

/// Lints.
pub(super) fn clippy(places: &Places) -> Outcome<Counts> {
    if !tools::component("clippy", "cargo-clippy")? {
        return Ok(Counts::skip(LINTS.len(), "lints: this Rust has no clippy"));
    }
    tools::wasm_target()?;
    let lint = |what: &&[&str]| {
        let call = Call::cargo().args(["clippy", "--quiet"]).args(*what).args(["--", "--deny=warnings"]);
        judge(call.within(&places.root))
    };
    LINTS.iter().map(lint).sum()
}

/// Everything that runs without a browser.
pub(super) fn unit(places: &Places) -> Outcome<Counts> {
    let rest = [
        "--workspace",
        "--exclude=satchel-e2e",
        "--exclude=satchel-simulator",
        "--exclude=satchel-tidy",
        "--no-fail-fast",
    ];
    if tools::nextest().is_none() {
        return counted(Call::cargo().args(["test", "--quiet"]).args(rest).within(&places.root));
    }
    let mut counts = counted_by_nextest(Call::cargo().args(["nextest", "run"]).args(rest), places)?;
    let doc = counted(Call::cargo().args(["test", "--quiet", "--doc"]).args(rest).within(&places.root))?;
    counts = [counts, doc].into_iter().sum();
    Ok(counts)
}

/// The simulator's short set, optimised: what it counts is seeds, not waiting.
pub(super) fn simulate(places: &Places) -> Outcome<Counts> {
    let test = ["test", "--release", "--quiet", "--package=satchel-simulator", "--no-fail-fast"];
    counted(Call::cargo().args(test).within(&places.root))
}

/// What a whole tree must keep to.
pub(super) fn tidy(places: &Places) -> Outcome<Counts> {
    counted(Call::cargo().args(["test", "--quiet", "--package=satchel-tidy"]).within(&places.root))
}

const DENIALS: [&str; 4] = ["advisories", "bans", "licenses", "sources"];

/// Dependencies.
pub(super) fn deny(places: &Places) -> Outcome<Counts> {
    let deny = match tools::deny() {
        Ok(deny) => deny,
        Err(failure) => return Ok(Counts::skip(DENIALS.len(), &format!("dependencies: {}", failure.0))),
    };
    let call = || Call::new(&deny).within(&places.root);
    let known = call().args(["fetch", "db"]).output();
    let check = |what: &&str| match (*what, &known) {
        ("advisories", Err(failure)) => {
            Ok(Counts::skip(1, &format!("advisories: the database cannot be had: {}", failure.0)))
        }
        _ => judge(call().args(["--log-level=error", "check", "--hide-inclusion-graph", what])),
    };
    DENIALS.iter().map(check).sum()
}

/// The store in a real browser.
pub(super) fn conformance(places: &Places) -> Outcome<Counts> {
    let Some(browser) = tools::browser() else {
        return Ok(Counts::skip(1, "the store in Chromium: there is no Chromium with its driver"));
    };
    tools::wasm_target()?;
    let bindgen = tools::wasm_bindgen(places)?;
    let runner = bindgen.with_file_name(format!("wasm-bindgen-test-runner{}", std::env::consts::EXE_SUFFIX));
    let call = Call::cargo()
        .args(["test", "--package=satchel-idb", "--target", WASM, "--no-fail-fast"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", browser.driver);
    counted(call.within(&places.root))
}

/// How the tests are told of the other engines: the browser, and its driver.
const FIREFOX: [&str; 2] = ["SATCHEL_E2E_FIREFOX", "SATCHEL_E2E_GECKODRIVER"];
const WEBKIT: [&str; 2] = ["SATCHEL_E2E_WEBKIT", "SATCHEL_E2E_WEBKIT_DRIVER"];

/// The published build and the real server, in a real browser.
pub(super) fn e2e(places: &Places) -> Outcome<Counts> {
    // A test waits for pages and servers as often as it works.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = cores.min(2).to_string();
    in_a_browser(places, Profile::Release, &[], &[("SATCHEL_E2E_ATTEMPTS", "3"), ("SATCHEL_E2E_JOBS", &jobs)])
}

/// Those of the tests in a browser whose names contain one of `names`, or all, told more by `settings`.
pub(super) fn in_a_browser(
    places: &Places,
    profile: Profile,
    names: &[&str],
    settings: &[(&str, &str)],
) -> Outcome<Counts> {
    let Some(browser) = tools::browser() else {
        return Ok(Counts::skip(1, "end to end: there is no Chromium with its driver"));
    };
    let built = dist::build(places, profile, (Base::root(), None), &places.work("dist"))?;
    sizes::print(&built.sealed).iter().for_each(|words| say::note(words));
    let (subpath, next) = (places.work("dist-subpath"), places.work("dist-next"));
    seal_others(places, &built.parts, (&subpath, &next))?;
    let shots = places.work("shots");
    fs::create_dir_all(&shots).attempt("making the folder of screenshots")?;
    let Browser { program, driver } = browser;
    let mut call = Call::cargo()
        .args(["test", "--package=satchel-e2e", "--no-fail-fast", "--", "--test-threads=1"])
        .args(names)
        .env("SATCHEL_E2E_WEB", built.web)
        .env("SATCHEL_E2E_WEB_SUBPATH", subpath)
        .env("SATCHEL_E2E_WEB_NEXT", next)
        .env("SATCHEL_E2E_SERVER", built.server)
        .env("SATCHEL_E2E_BROWSER", program)
        .env("SATCHEL_E2E_DRIVER", driver)
        .env("SATCHEL_E2E_SHOTS", shots);
    if names.is_empty() || names.iter().any(|name| name.contains("engines")) {
        call = with_other_engines(call);
    }
    let mut left_out = Counts::default();
    match tools::axe()? {
        Some(axe) => call = call.env("SATCHEL_E2E_AXE", axe),
        None => left_out = Counts::skip(1, "accessibility"),
    }
    for (name, value) in settings {
        call = call.env(name, value);
    }
    Ok([counted(call.within(&places.root))?, left_out].into_iter().sum())
}

/// Says where the other engines are, where they are.
fn with_other_engines(call: Call) -> Call {
    let engines = [(FIREFOX, tools::firefox()), (WEBKIT, tools::webkit())];
    engines.into_iter().fold(call, |call, ([browser, driver], found)| match found {
        Some(found) => call.env(browser, found.program).env(driver, found.driver),
        None => call,
    })
}

/// Seals the same parts for a path, and once more with a file that makes them another version; as for a small
/// server, without compressing once more.
fn seal_others(places: &Places, parts: &Path, (subpath, next): (&Path, &Path)) -> Outcome {
    let plain = |base, out| Web { places, profile: Profile::Dev, base, sync_origin: None, out };
    plain(Base::parse("/app/")?, subpath).seal(parts)?;
    let mark = parts.join("next.txt");
    fs::write(&mark, "a later version\n").attempt("marking a later version")?;
    plain(Base::root(), next).seal(parts)?;
    fs::remove_file(&mark).attempt("marking a later version")
}

/// The server alone, killed so often under load.
pub(super) fn server_kills(places: &Places, kills: &str) -> Outcome<Counts> {
    let call = Call::cargo()
        .args(["test", "--quiet", "--package=satchel-server", "--test=http", "--", "kills::"])
        .env("SATCHEL_SERVER_KILLS", kills);
    counted(call.within(&places.root))
}

/// One check that passes or fails as a whole.
fn judge(call: Call) -> Outcome<Counts> {
    let outcome = call.run();
    if let Err(failure) = &outcome {
        say::failure(&failure.0);
    }
    Ok(Counts::one(outcome.is_ok()))
}

/// Runs test programs and adds up what they count.
fn counted(call: Call) -> Outcome<Counts> {
    let mut counts = Counts::default();
    let good = call.lines(|line| counts.read(line))?;
    Ok(counts.settle(good))
}

/// nextest counts in one line, on standard error, and in its own words; as JSON lines it can be read.
fn counted_by_nextest(call: Call, places: &Places) -> Outcome<Counts> {
    let call = call
        .args(["--message-format=libtest-json", "--cargo-quiet"])
        .env("NEXTEST_EXPERIMENTAL_LIBTEST_JSON", "1");
    let mut counts = Counts::default();
    let good = call.within(&places.root).lines(|line| {
        let Ok(event) = serde_json::from_str::<serde_json::Value>(line) else { return };
        match (event["type"].as_str(), event["event"].as_str()) {
            (Some("test"), Some("ok")) => counts.passed += 1,
            (Some("test"), Some("failed")) => counts.failed += 1,
            (Some("test"), Some("ignored")) => counts.skipped += 1,
            _ => {}
        }
    })?;
    Ok(counts.settle(good))
}

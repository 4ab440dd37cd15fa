//! `cargo xtask test`: everything that is checked before a change is accepted.

mod counts;
pub(crate) mod crash;
mod parts;

use crate::args::{Args, Known};
use crate::places::Places;
use crate::web::Profile;
use crate::{Failure, Outcome, say};
use counts::Counts;
use std::time::{Duration, Instant};

pub(crate) const OPTIONS: &[Known] =
    &[Known::Value("--only"), Known::Value("--journey"), Known::Switch("--quick")];

pub(crate) const HELP: &str = "\
Everything that is checked before a change is accepted. Nothing passes silently: what cannot be run
here is counted as skipped, with the reason.

  cargo xtask test [--only PART]...
  cargo xtask test [--journey NAME]... [--quick]

  --only PART     this part alone; may be given several times
  --journey NAME  of the part e2e alone, and of it only what has NAME in its name
  --quick         with --journey: a build that is quick to make instead of the published one

Parts:
  fmt          formatting
  clippy       lints, natively and for both wasm modules
  unit         unit and property tests, vectors, the store's conformance suite natively
  simulate     a short set of simulated years, and that runs fail without each safeguard
  tidy         arrows between crates, languages, what must not be in a file
  deny         licences, advisories, sources of dependencies
  conformance  the store's conformance suite in Chromium, on IndexedDB
  e2e          the published build and the real server, in Chromium

Missing parts of the toolchain are added with rustup. On systems like Debian, as root, Chromium and
its driver are installed too.
";

/// A part of what is checked.
struct Part {
    name: &'static str,
    run: fn(&Places) -> Outcome<Counts>,
}

const PARTS: [Part; 8] = [
    Part { name: "fmt", run: parts::fmt },
    Part { name: "clippy", run: parts::clippy },
    Part { name: "unit", run: parts::unit },
    Part { name: "simulate", run: parts::simulate },
    Part { name: "tidy", run: parts::tidy },
    Part { name: "deny", run: parts::deny },
    Part { name: "conformance", run: parts::conformance },
    Part { name: "e2e", run: parts::e2e },
];

struct Result {
    name: &'static str,
    counts: Counts,
    taken: Duration,
}

/// Runs the command. A failed part does not keep the next from running.
pub(crate) fn run(args: Args) -> Outcome {
    let wanted = args.values("--only");
    if let Some(unknown) = wanted.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        return Err(Failure(format!("no part \"{unknown}\"; see cargo xtask test --help")));
    }
    let places = Places::find()?;
    let journeys: Vec<&str> = args.values("--journey").iter().map(String::as_str).collect();
    let profile = if args.has("--quick") { Profile::Dev } else { Profile::Release };
    if !journeys.is_empty() {
        let counts = parts::in_a_browser(&places, profile, &journeys, &[])?;
        return ended(counts);
    }
    let chosen = |part: &&Part| wanted.is_empty() || wanted.iter().any(|name| name == part.name);
    let results: Vec<_> = PARTS.iter().filter(chosen).map(|part| check(part, &places)).collect();
    ended(summary(&results))
}

/// Plays journeys with the published build, by name.
pub(crate) fn play(names: &[&str]) -> Outcome {
    ended(parts::in_a_browser(&Places::find()?, Profile::Release, names, &[])?)
}

fn ended(total: Counts) -> Outcome {
    say::plain(&format!("\n{total}"));
    match total.failed {
        0 => Ok(()),
        _ => std::process::exit(1), // the closing line stays the last one
    }
}

fn check(part: &Part, places: &Places) -> Result {
    say::title(&format!("[{}]", part.name));
    let begin = Instant::now();
    let counts = (part.run)(places).unwrap_or_else(|Failure(words)| {
        say::failure(&words);
        Counts::failed()
    });
    let taken = begin.elapsed();
    say::plain(&format!("[{}] {counts}, {}", part.name, say::time(taken)));
    Result { name: part.name, counts, taken }
}

fn summary(results: &[Result]) -> Counts {
    say::title("Summary");
    say::plain(&format!("    {:<14}{:>8}{:>8}{:>9}  {:>12}", "", "passed", "failed", "skipped", "time"));
    for Result { name, counts, taken } in results {
        let Counts { passed, failed, skipped } = counts;
        say::plain(&format!("    {name:<14}{passed:>8}{failed:>8}{skipped:>9}  {:>12}", say::time(*taken)));
    }
    results.iter().map(|result| result.counts).sum()
}

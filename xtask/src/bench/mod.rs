//! `cargo xtask bench`: how quick the store and sync are, in a real browser. Speed is printed, never judged:
//! machines differ, so what counts are the ratios to baselines that ran in the same page.

mod browse;
mod build;
mod figures;
mod serve;
mod store;
mod sync;
mod table;

use crate::args::{Args, Known};
use crate::places::Places;
use crate::{Attempt, Failure, Outcome, say};
use std::time::Instant;

pub(crate) const OPTIONS: &[Known] =
    &[Known::Value("--size"), Known::Value("--repeat"), Known::Value("--json")];

pub(crate) const HELP: &str = "\
Measures the store and sync in headless Chromium, in a release build.

  cargo xtask bench store [--size small|large|all] [--repeat N] [--json FILE]
  cargo xtask bench sync [--size small|large|all] [--repeat N] [--json FILE]
  cargo xtask bench ui

  store   the store, the book and the seals in a worker, beside two baselines in plain JavaScript:
          raw chunks (256 records as JSON, sealed with WebCrypto, one value of IndexedDB each) and
          raw rows (one plain row of IndexedDB a record)
  sync    two devices and the real server on this machine: all of it sent and taken, 10,000 records more,
          and one edit from a screen to the other and back
  ui      the published app with 10,000 customers and 100,000 entries on a processor slowed down four times:
          from a key or a tap to the next paint, frames of a scrolled list, from the passphrase to the day

  --size    small is 1,000 customers with 10,000 interactions, large 10,000 with 100,000 (all);
            for sync 10,000 or 100,000 records
  --repeat  how often, each time on a fresh database; medians are shown (5; for sync 3)
  --json    where to write the figures too: a list of {bench, size, metric, unit, ours, raw_chunks, raw_rows}
";

/// Runs the command.
pub(crate) fn run(what: &str, args: Args) -> Outcome {
    let begin = Instant::now();
    if what == "ui" {
        return ui();
    }
    let entries = match what {
        "store" => store(&args)?,
        "sync" => sync(&args)?,
        other => return Err(Failure(format!("no bench \"{other}\"; see cargo xtask bench --help"))),
    };
    table::print(&entries);
    if let Some(path) = args.value("--json") {
        let text = serde_json::to_string_pretty(&entries).attempt("the figures as JSON")?;
        std::fs::write(path, text).attempt(path)?;
    }
    say::plain(&format!("\nmeasured in {}", say::time(begin.elapsed())));
    Ok(())
}

/// The app's own screens, driven as a person drives them; what is measured is printed by who drives.
fn ui() -> Outcome {
    crate::test::play(&["speed::"])
}

fn store(args: &Args) -> Outcome<Vec<table::Entry>> {
    let (sizes, repeat) = (sizes(args)?, repeat(args, "5")?);
    let places = Places::find()?;
    let page = serve::Page::serve(build::page(&places)?)?;
    let measured = sizes.iter().map(|partners| store::measure(&places, &page, *partners, repeat));
    Ok(measured.collect::<Outcome<Vec<_>>>()?.concat())
}

fn sync(args: &Args) -> Outcome<Vec<table::Entry>> {
    let (sizes, repeat) = (sizes(args)?, repeat(args, "3")?);
    let places = Places::find()?;
    let page = build::page(&places)?;
    sync::measure(&places, &page, sizes, repeat)
}

/// How many partners, size by size.
fn sizes(args: &Args) -> Outcome<&'static [u32]> {
    match args.value("--size").unwrap_or("all") {
        "small" => Ok(&[1_000]),
        "large" => Ok(&[10_000]),
        "all" => Ok(&[1_000, 10_000]),
        other => Err(Failure(format!("--size is small, large or all, not \"{other}\""))),
    }
}

fn repeat(args: &Args, otherwise: &str) -> Outcome<u32> {
    let given: u32 = args.value("--repeat").unwrap_or(otherwise).parse().attempt("--repeat")?;
    Ok(given.max(1))
}

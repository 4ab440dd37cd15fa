//! Runs seeds, prints what fails, and makes failures small.
#![expect(clippy::print_stdout, reason = "a command line tool talks on standard output")]

use satchel_simulator::{
    Batch, Fault, Faults, Narrow, Plan, Report, Violation, run, run_all, safeguard_name, safeguard_named,
    shrink,
};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const HELP: &str = "\
Runs a team, its devices and its server through everything that may go wrong. One seed is one run.

  --seeds N        so many seeds (1,000)
  --from S         from this one on (0)
  --without NAME   leave a safeguard out: compare-and-swap, local-version, cursor-with-page, base,
                   re-offer, restamp, epoch-fence, digest, together, strict, shown; the run must fail then
  --trace          print every event of each run
  --threads N      so many runs at a time (all cores)
  --devices N  --tabs N  --actions N  --faults A,B
                   instead of what the seed says; --faults none for none
";

/// Failures after which a batch ends.
const ENOUGH: usize = 10;
/// Lines of a failing run that are shown.
const SHOWN: usize = 40;
const DAY_MS: u64 = 24 * 3_600_000;

struct Options {
    batch: Batch,
    trace: bool,
}

fn main() -> ExitCode {
    match read(std::env::args().skip(1)) {
        Ok(Some(options)) => go(&options),
        Ok(None) => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        Err(complaint) => {
            println!("{complaint}; see --help");
            ExitCode::FAILURE
        }
    }
}

fn go(options: &Options) -> ExitCode {
    if options.trace {
        options.batch.seeds.clone().for_each(|seed| print_run(&options.batch, seed));
    }
    quietly();
    #[expect(clippy::disallowed_methods, reason = "tells how long it took; no run knows")]
    let begin = Instant::now();
    let report = run_all(&options.batch);
    let taken = begin.elapsed();
    if let Some((plan, violation)) = report.failures.values().next() {
        explain(plan, violation);
    }
    summary(&report, taken);
    if report.failures.is_empty() && !report.is_unfair() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A panic is a failure that is told at the end.
fn quietly() {
    std::panic::set_hook(Box::new(|_| ()));
}

fn print_run(batch: &Batch, seed: u64) {
    let plan = Plan { whole_trace: true, ..batch.narrow.plan(seed).without(batch.without) };
    println!("{}", words(&plan));
    let outcome = run(&plan);
    outcome.lines.iter().for_each(|line| println!("{line}"));
    println!("trace {}", outcome.trace);
}

fn words(plan: &Plan) -> String {
    let Plan { seed, devices, tabs, actions, faults, .. } = plan;
    format!("seed {seed}: {devices} devices, up to {tabs} tabs, {actions} actions, faults {}", faults.names())
}

fn explain(plan: &Plan, violation: &Violation) {
    println!("{}\n  invariant {}: {}", words(plan), violation.invariant, violation.what);
    let (small, violation) = shrink(plan, violation);
    println!(
        "\nas small as it gets: {}\n  invariant {}: {}",
        words(&small),
        violation.invariant,
        violation.what
    );
    let lines = satchel_simulator::run_safely(&small).lines;
    lines[lines.len().saturating_sub(SHOWN)..].iter().for_each(|line| println!("{line}"));
    println!("\nto see it again:\n  {}", command(&small));
}

fn command(plan: &Plan) -> String {
    let Plan { seed, devices, tabs, actions, faults, without, .. } = plan;
    let without =
        without.map(|without| format!(" --without {}", safeguard_name(without))).unwrap_or_default();
    format!(
        "cargo xtask simulate --from {seed} --seeds 1 --devices {devices} --tabs {tabs} --actions {actions} \
         --faults {}{without} --trace",
        faults.names()
    )
}

fn summary(report: &Report, taken: Duration) {
    let Report { runs, failures, fairness, intents, stored, forked, forks_told, lasted_ms, .. } = report;
    for (seed, (_, violation)) in failures {
        println!(
            "seed {seed}: invariant {}: {}",
            violation.invariant,
            violation.what.lines().next().unwrap_or("")
        );
    }
    let a_second = *runs as f64 / taken.as_secs_f64().max(0.001);
    println!(
        "{runs} seeds in {:.1} s ({a_second:.0}/s), {} failed; {intents} saved, {stored} stored, {} days; \
         an edit older by an hour won {} of {} contested fields; {forks_told} of {forked} forks told; trace {}",
        taken.as_secs_f64(),
        failures.len(),
        lasted_ms / DAY_MS,
        fairness.unfair,
        fairness.contested,
        &report.trace()[..16],
    );
    if report.is_unfair() {
        println!("older edits win too often");
    }
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut batch =
        Batch { seeds: 0..1_000, without: None, narrow: Narrow::default(), threads, failures: ENOUGH };
    let (mut from, mut seeds, mut trace) = (0, 1_000, false);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--help" | "-h" => return Ok(None),
            "--trace" => trace = true,
            name => {
                let value = words.next().ok_or_else(|| format!("{name} wants a value"))?;
                take(name, &value, &mut batch, (&mut from, &mut seeds))?;
            }
        }
    }
    batch.seeds = from..from + seeds;
    Ok(Some(Options { batch, trace }))
}

fn take(
    name: &str,
    value: &str,
    batch: &mut Batch,
    (from, seeds): (&mut u64, &mut u64),
) -> Result<(), String> {
    let number = || value.parse::<u64>().map_err(|_| format!("{name} wants a number"));
    match name {
        "--from" => *from = number()?,
        "--seeds" => *seeds = number()?,
        "--threads" => batch.threads = usize::try_from(number()?).unwrap_or(1),
        "--devices" => batch.narrow.devices = Some(number()?),
        "--tabs" => batch.narrow.tabs = Some(number()?),
        "--actions" => batch.narrow.actions = Some(number()?),
        "--faults" => batch.narrow.faults = Some(faults(value)?),
        "--without" => {
            batch.without = Some(safeguard_named(value).ok_or_else(|| format!("no safeguard \"{value}\""))?);
        }
        _ => return Err(format!("no option \"{name}\"")),
    }
    Ok(())
}

fn faults(names: &str) -> Result<Faults, String> {
    let names = names.split(',').filter(|name| *name != "none");
    let faults: Result<Vec<_>, _> =
        names.map(|name| Fault::from_name(name).ok_or_else(|| format!("no fault \"{name}\""))).collect();
    Ok(Faults::of(&faults?))
}

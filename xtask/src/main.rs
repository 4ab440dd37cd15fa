//! Starts, tests, attacks, simulates, measures and packs Satchel: `cargo xtask start`, `test`, `crash`,
//! `attacks`, `simulate`, `bench`, `dist`.
#![expect(clippy::print_stdout, reason = "a command line tool talks on standard output")]

mod args;
mod attacks;
mod bench;
mod command;
mod dist;
mod places;
mod say;
mod simulate;
mod start;
mod test;
mod tools;
mod web;

use args::Args;
use std::process::ExitCode;
use test::crash;

const HELP: &str = "\
Starts, tests, simulates, measures and packs Satchel.

  cargo xtask start    build the app and the server, and serve both on this machine
  cargo xtask test     everything that is checked before a change is accepted
  cargo xtask crash    kills tabs, browsers and servers at work, and looks what is left
  cargo xtask attacks  a server that lies in every way we know, against the real engine
  cargo xtask simulate years of a team's work in a second, to see that nothing is lost
  cargo xtask bench    how quick it is, in a browser, beside two baselines
  cargo xtask dist     static files for a CDN, and the server for a host

Each explains itself with --help. Build tools are kept in the user's cache directory
(XDG_CACHE_HOME, else ~/.cache) under satchel/tools, and are built once.
";

/// Why a command could not be finished, in words for the person who ran it.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

/// The outcome of a step.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

/// Says what was attempted when something of the system fails.
pub(crate) trait Attempt<T> {
    /// Turns an error into a [`Failure`] that begins with `what`.
    fn attempt(self, what: &str) -> Outcome<T>;
}

impl<T, E: std::fmt::Display> Attempt<T> for Result<T, E> {
    fn attempt(self, what: &str) -> Outcome<T> {
        self.map_err(|error| Failure(format!("{what}: {error}")))
    }
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let outcome = match words.next().as_deref() {
        Some("start") => Args::read(start::HELP, start::OPTIONS, words).and_then(start::run),
        Some("test") => Args::read(test::HELP, test::OPTIONS, words).and_then(test::run),
        Some("attacks") => Args::read(attacks::HELP, attacks::OPTIONS, words).and_then(attacks::run),
        Some("crash") => Args::read(crash::HELP, crash::OPTIONS, words).and_then(crash::run),
        Some("simulate") => Args::read(simulate::HELP, simulate::OPTIONS, words).and_then(simulate::run),
        Some("bench") => bench(words),
        Some("dist") => Args::read(dist::HELP, dist::OPTIONS, words).and_then(dist::run),
        None | Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(Failure(format!("no command \"{other}\"; see cargo xtask --help"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(words)) => {
            say::failure(&words);
            ExitCode::FAILURE
        }
    }
}

/// `bench` takes what to measure before its options.
fn bench(mut words: impl Iterator<Item = String>) -> Outcome {
    match words.next() {
        Some(what) if !what.starts_with('-') && what != "help" => {
            Args::read(bench::HELP, bench::OPTIONS, words).and_then(|args| bench::run(&what, args))
        }
        _ => {
            print!("{}", bench::HELP);
            Ok(())
        }
    }
}

//! `cargo xtask crash`: the crash tests in their long form.

use super::counts::Counts;
use super::parts;
use crate::args::{Args, Known};
use crate::places::Places;
use crate::web::Profile;
use crate::{Attempt, Failure, Outcome, say};

pub(crate) const OPTIONS: &[Known] = &[Known::Value("--kills"), Known::Value("--seed")];

pub(crate) const HELP: &str = "\
Builds what is published and kills it: tabs and browsers while somebody writes, brings files in, sends and
receives; the server alone and under two browsers. `cargo xtask test --only e2e` does the same with a few kills.

  cargo xtask crash [--kills N] [--seed S]

  --kills N   how often each test kills (100)
  --seed S    what the moments follow from; printed, and another one each time unless given
";

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let kills = number(&args, "--kills")?.unwrap_or("100");
    let mut settings = vec![("SATCHEL_CRASH_KILLS", kills)];
    settings.extend(number(&args, "--seed")?.map(|seed| ("SATCHEL_CRASH_SEED", seed)));
    let places = Places::find()?;
    let server = parts::server_kills(&places, kills)?;
    let browsers = parts::in_a_browser(&places, Profile::Release, &["crash::"], &settings)?;
    let counts: Counts = [server, browsers].into_iter().sum();
    say::plain(&format!("\n{counts}"));
    if counts.failed == 0 { Ok(()) } else { Err(Failure("a crash test failed".to_owned())) }
}

fn number<'a>(args: &'a Args, name: &str) -> Outcome<Option<&'a str>> {
    let Some(text) = args.value(name) else { return Ok(None) };
    text.parse::<u64>().attempt(name)?;
    Ok(Some(text))
}

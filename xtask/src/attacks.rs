//! `cargo xtask attacks`: a server that lies, in every way of the table, against the real engine.

use crate::args::{Args, Known};
use crate::command::Call;
use crate::places::Places;
use crate::{Attempt, Failure, Outcome, say};
use std::collections::BTreeMap;
use std::fs;

pub(crate) const OPTIONS: &[Known] = &[];

pub(crate) const HELP: &str = "\
Plays every attack of docs/SECURITY.md: the real engine, the real server's code, and between them a
layer that changes what the server says. Prints what the server does, what the person sees, and
whether it was caught; fails if one was not. These tests are part of cargo xtask test, too.

  cargo xtask attacks
";

/// Where the attacks are.
const CASES: &str = "engine::tests::attacks::case::";
/// The first line of the table.
const HEAD: &str = "| attack | what the server does | what the person sees | caught? |";

/// Runs the command.
pub(crate) fn run(_: Args) -> Outcome {
    let places = Places::find()?;
    let document = places.root.join("docs/SECURITY.md");
    let document = fs::read_to_string(document).attempt("docs/SECURITY.md")?;
    let caught = play(&places)?;
    let mut missed = 0;
    say::plain(HEAD);
    for row in rows(&document) {
        let name = row.split('|').nth(1).unwrap_or_default().trim().replace(' ', "_");
        let verdict = match caught.get(&name) {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "NOT PLAYED",
        };
        missed += usize::from(verdict != "yes");
        say::plain(&row.replace("| yes |", &format!("| {verdict} |")));
    }
    match (missed, caught.len()) {
        (0, 1..) => {
            say::plain(&format!("\n{} attacks, all caught", caught.len()));
            Ok(())
        }
        _ => Err(Failure(format!("{missed} attacks were not caught"))),
    }
}

/// The rows of the table.
fn rows(document: &str) -> impl Iterator<Item = &str> {
    let table = document.lines().skip_while(|line| *line != HEAD).skip(2);
    table.take_while(|line| line.starts_with('|'))
}

/// Which attacks were played, and whether each was caught.
fn play(places: &Places) -> Outcome<BTreeMap<String, bool>> {
    let call =
        Call::cargo().args(["test", "--quiet", "--package=satchel", "--lib", "--", CASES, "--format=pretty"]);
    let mut caught = BTreeMap::new();
    call.within(&places.root).lines(|line| {
        if let Some((name, verdict)) = line.strip_prefix("test ").and_then(|line| line.split_once(" ... ")) {
            caught.insert(name.trim_start_matches(CASES).to_owned(), verdict == "ok");
        }
    })?;
    Ok(caught)
}

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
whether it is caught; fails if one did not end as the table says. These tests are part of cargo xtask test, too.

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
    let played = play(&places)?;
    let (mut missed, mut uncaught) = (0, 0);
    say::plain(HEAD);
    for row in rows(&document) {
        let name = row.split('|').nth(1).unwrap_or_default().trim().replace(' ', "_");
        let verdict = match played.get(&name) {
            Some(true) => "",
            Some(false) => " NOT SO",
            None => " NOT PLAYED",
        };
        missed += usize::from(!verdict.is_empty());
        uncaught += usize::from(!row.ends_with("| yes |"));
        say::plain(&format!("{row}{verdict}"));
    }
    match (missed, played.len()) {
        (0, 1..) => {
            let caught = played.len().saturating_sub(uncaught);
            say::plain(&format!(
                "\n{} attacks, {caught} caught, {uncaught} told as what they are",
                played.len()
            ));
            Ok(())
        }
        _ => Err(Failure(format!("{missed} attacks did not end as the table says"))),
    }
}

/// The rows of the table.
fn rows(document: &str) -> impl Iterator<Item = &str> {
    let table = document.lines().skip_while(|line| *line != HEAD).skip(2);
    table.take_while(|line| line.starts_with('|'))
}

/// Which attacks were played, and whether each ended as the table says.
fn play(places: &Places) -> Outcome<BTreeMap<String, bool>> {
    let call =
        Call::cargo().args(["test", "--quiet", "--package=satchel", "--lib", "--", CASES, "--format=pretty"]);
    let mut played = BTreeMap::new();
    call.within(&places.root).lines(|line| {
        if let Some((name, verdict)) = line.strip_prefix("test ").and_then(|line| line.split_once(" ... ")) {
            played.insert(name.trim_start_matches(CASES).to_owned(), verdict == "ok");
        }
    })?;
    Ok(played)
}

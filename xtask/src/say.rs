//! What a person sees while a command runs.

use crate::Outcome;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

fn paint(code: &str, text: &str) -> String {
    let plain = !std::io::stdout().is_terminal() || std::env::var_os("NO_COLOR").is_some();
    if plain { text.to_owned() } else { format!("\x1b[{code}m{text}\x1b[0m") }
}

fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    // A closed pipe is no reason to stop half way.
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}

/// Plain words.
pub(crate) fn note(text: &str) {
    line(&format!("    {text}"));
}

/// Something that was left out, and why.
pub(crate) fn skipped(text: &str) {
    line(&format!("{} {text}", paint("33", "skipped")));
}

/// A title over what follows.
pub(crate) fn title(text: &str) {
    line(&format!("\n{}", paint("1", text)));
}

/// One line as it is.
pub(crate) fn plain(text: &str) {
    line(text);
}

/// Why the command failed, on standard error.
pub(crate) fn failure(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "\nerror: {text}"));
}

/// Runs a step under its name and says how long it took.
pub(crate) fn step<T>(name: &str, run: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    line(&format!("{} {name}", paint("36", "==>")));
    let begin = Instant::now();
    let outcome = run();
    let (mark, colour) = if outcome.is_ok() { ("done", "32") } else { ("failed", "31") };
    line(&format!("    {} {name}, {}", paint(colour, mark), time(begin.elapsed())));
    outcome
}

/// `0.4 s`, `12 s` or `3 min 05 s`.
pub(crate) fn time(taken: Duration) -> String {
    let seconds = taken.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", taken.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        let shown = [400, 12_900, 185_000].map(|ms| time(Duration::from_millis(ms)));
        assert_eq!(shown, ["0.4 s", "12 s", "3 min 05 s"]);
    }
}

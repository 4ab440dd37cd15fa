//! What is printed. Straight to standard output: each line shows up when it is true.

use std::io::Write;

/// One line.
pub fn line(words: &str) {
    let mut out = std::io::stdout().lock();
    // A closed pipe is no reason to fail a test.
    drop(writeln!(out, "{words}").and_then(|()| out.flush()));
}

/// Something that a test showed.
pub fn shown(words: &str) {
    line(&format!("    ✓ {words}"));
}

/// Something worth knowing.
pub fn note(words: &str) {
    line(&format!("      {words}"));
}

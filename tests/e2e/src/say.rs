//! What is printed. Straight to standard output: each line shows up when it is true. Where tests are played side by
//! side, what one of them says is kept together.

use std::cell::RefCell;
use std::io::Write;

thread_local! {
    /// What this thread's test has said so far, while that is held back.
    static HELD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// One line.
pub fn line(words: &str) {
    let held =
        HELD.with_borrow_mut(|held| held.as_mut().map(|held| *held += &format!("{words}\n")).is_some());
    if !held {
        print(&format!("{words}\n"));
    }
}

/// Does `work`, and prints what it said when it is done.
pub fn together<T>(work: impl FnOnce() -> T) -> T {
    HELD.set(Some(String::new()));
    let done = work();
    print(&HELD.take().unwrap_or_default());
    done
}

fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    // A closed pipe is no reason to fail a test.
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Something that a test showed.
pub fn shown(words: &str) {
    line(&format!("    ✓ {words}"));
}

/// Something worth knowing.
pub fn note(words: &str) {
    line(&format!("      {words}"));
}

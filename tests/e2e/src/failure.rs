//! Why a test did not show what it should.

use std::fmt;

/// Why a test did not show what it should, in a sentence.
#[derive(Debug, Clone)]
pub struct Failure(pub String);

/// What a step ends with.
pub type Outcome<T = ()> = Result<T, Failure>;

/// How a test that did not fail ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It showed what it is for.
    Shown,
    /// It cannot be run here, and why.
    Skipped(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<String> for Failure {
    fn from(words: String) -> Self {
        Self(words)
    }
}

impl From<&str> for Failure {
    fn from(words: &str) -> Self {
        Self(words.to_owned())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(format!("input or output: {error}"))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("JSON: {error}"))
    }
}

impl From<thirtyfour::error::WebDriverError> for Failure {
    fn from(error: thirtyfour::error::WebDriverError) -> Self {
        let words = error.to_string();
        let first: Vec<_> = words.lines().take(3).collect();
        Self(format!("browser: {}", first.join(" ")))
    }
}

/// Fails with `words` unless `good`.
pub fn ensure(good: bool, words: impl FnOnce() -> String) -> Outcome {
    if good { Ok(()) } else { Err(Failure(words())) }
}

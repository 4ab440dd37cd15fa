//! What a person does with eyes and hands: look, tap, type, choose a file. Each waits until it can be
//! done, up to a limit.

mod keyboard;
mod look;
mod touch;

use crate::device::Device;
use crate::{Failure, Outcome};
use std::time::{Duration, Instant};
use thirtyfour::WebElement;

/// How long a step may take that is not expected to take long.
pub const SOON: Duration = Duration::from_secs(15);
/// How long a step may take that derives keys, reads files or talks to a server.
pub const LONG: Duration = Duration::from_secs(60);
/// How often is looked again.
const BEAT: Duration = Duration::from_millis(50);

/// How a name is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Exactly so.
    Is,
    /// It contains this.
    Has,
    /// It starts with this.
    Starts,
}

impl Named {
    /// Whether `text` is as wanted.
    pub fn fits(self, text: &str, wanted: &str) -> bool {
        match self {
            Self::Is => text == wanted,
            Self::Has => text.contains(wanted),
            Self::Starts => text.starts_with(wanted),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::Has => "has",
            Self::Starts => "starts",
        }
    }
}

/// What is pointed at.
#[derive(Debug, Clone)]
pub struct Spot {
    role: &'static str,
    name: String,
    named: Named,
    which: usize,
}

/// A role with a name, such as a button with its words.
pub fn spot(role: &'static str, name: impl Into<String>) -> Spot {
    Spot { role, name: name.into(), named: Named::Is, which: 0 }
}

impl Spot {
    /// The name need only contain the words.
    pub fn has(mut self) -> Self {
        self.named = Named::Has;
        self
    }

    /// The name need only start with the words.
    pub fn starts(mut self) -> Self {
        self.named = Named::Starts;
        self
    }

    /// Which one of several, from 0.
    pub fn nth(mut self, which: usize) -> Self {
        self.which = which;
        self
    }
}

impl std::fmt::Display for Spot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { role, name, named, which } = self;
        write!(formatter, "{role} that {} \"{name}\" ({which})", named.word())
    }
}

/// Looks again and again until `look` finds something; the error says what was waited for.
pub async fn until<T>(
    limit: Duration,
    what: impl Fn() -> String,
    mut look: impl AsyncFnMut() -> Outcome<Option<T>>,
) -> Outcome<T> {
    let begin = Instant::now();
    loop {
        // The page may be between two states; if it stays so, the reason is told.
        let last: Option<Failure> = match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(failure) => Some(failure),
        };
        if begin.elapsed() > limit {
            let why = last.map(|failure| format!(" ({failure})")).unwrap_or_default();
            return Err(format!("waited {} s for {}{why}", limit.as_secs(), what()).into());
        }
        tokio::time::sleep(BEAT).await;
    }
}

impl Device {
    /// The element at a spot, if it is there now.
    async fn seek(&self, spot: &Spot) -> Outcome<Option<WebElement>> {
        let arguments =
            vec![spot.role.into(), spot.name.as_str().into(), spot.named.word().into(), spot.which.into()];
        let found = self.browser().await?.execute(include_str!("seek.js"), arguments).await?;
        Ok(if found.json().is_null() { None } else { Some(found.element()?) })
    }

    /// The element at a spot, as soon as it is there.
    pub async fn find(&self, spot: &Spot) -> Outcome<WebElement> {
        until(SOON, || format!("{spot} on {}", self.name()), async || self.seek(spot).await).await
    }

    /// Whether something is at a spot now.
    pub async fn is_at(&self, spot: &Spot) -> Outcome<bool> {
        Ok(self.seek(spot).await?.is_some())
    }
}

//! Chips and sync marks: always an icon and a word, never colour alone.

use super::Icon;
use crate::port::Mark;
use leptos::prelude::*;

/// What a chip means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good.
    Ok,
    /// To be looked at.
    Warn,
    /// Bad.
    Bad,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Ok => "chip chip-ok",
            Self::Warn => "chip chip-warn",
            Self::Bad => "chip chip-bad",
        }
    }
}

/// An icon and a word on a tint.
#[component]
pub fn Chip(
    /// What it means.
    tone: Tone,
    /// The icon.
    icon: &'static str,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! { <span class=tone.class()><Icon name=icon />{children()}</span> }
}

/// Whether a record is on the server: a running stitch is not yet sewn to it.
#[component]
pub fn SyncMark(
    /// Where the record is.
    mark: Mark,
    /// The mark in words.
    #[prop(into)]
    label: Signal<String>,
    /// Whether the words are shown, or only read out.
    #[prop(optional)]
    words: bool,
) -> impl IntoView {
    let (class, icon) = match mark {
        Mark::Synced => ("sync sync-ok", "synced"),
        Mark::Waiting => ("sync sync-wait", "waiting"),
        Mark::Review => ("sync sync-review", "review"),
        Mark::Aside => ("sync sync-aside", "alert"),
    };
    view! {
        <span class=class>
            <Icon name=icon />
            <span class=if words { "" } else { "sr" }>{move || label.get()}</span>
        </span>
    }
}

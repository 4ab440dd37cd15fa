//! What is said at the edge of the screen, each with its Undo, and the list of what was said lately.

use crate::port::{Failure, FailureCode, Outcome, UndoToken};
use crate::ui::errors;
use crate::ui::i18n::Locale;
use crate::ui::platform::clock;
use leptos::prelude::*;
use std::time::Duration;

/// Names a toast.
pub type ToastId = u32;

/// The words for something that was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    text: String,
    about: String,
}

impl Said {
    /// These words.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), about: String::new() }
    }

    /// What it was done to, such as a name or a title: in the list of what was done lately the words alone repeat.
    pub fn about(self, about: impl Into<String>) -> Self {
        Self { about: about.into(), ..self }
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// How it is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
    /// Nothing was done, and why.
    Hint,
    /// Something failed.
    Failed,
}

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// Its name.
    pub id: ToastId,
    /// How it is meant.
    pub tone: Tone,
    /// What was done, in the language of that moment; empty for a failure, which has its code.
    pub text: String,
    /// What it was done to; empty where the words say it, or nobody said.
    pub about: String,
    /// When it was said, ms since 1970 UTC.
    pub at_ms: i64,
    /// What failed: the sentence is made when it is drawn.
    pub code: Option<FailureCode>,
    /// How to take it back.
    pub undo: Option<UndoToken>,
    /// Whether it is on the screen.
    pub shown: bool,
    /// Whether it was taken back.
    pub undone: bool,
}

impl Tone {
    /// The icon that goes with it.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Done => "check",
            Self::Hint => "info",
            Self::Failed => "alert",
        }
    }
}

impl Toast {
    /// What it was done to, else what was done.
    pub fn named(&self) -> &str {
        if self.about.is_empty() { &self.text } else { &self.about }
    }
}

/// What is said at the edge of the screen.
#[derive(Debug, Clone, Copy)]
pub struct Toasts {
    said: RwSignal<Vec<Toast>>,
    held: RwSignal<bool>,
    next: StoredValue<ToastId>,
}

const SHOWN_FOR: Duration = Duration::from_secs(10);
const REMEMBERED: usize = 20;

impl Toasts {
    pub(super) fn new() -> Self {
        Self { said: RwSignal::new(Vec::new()), held: RwSignal::new(false), next: StoredValue::new(0) }
    }

    /// Everything that is remembered, newest last.
    pub fn all(self) -> ReadSignal<Vec<Toast>> {
        self.said.read_only()
    }

    /// Says that something was done.
    pub fn say(self, said: impl Into<Said>, undo: Option<UndoToken>) {
        let id = self.add(Tone::Done, said.into(), None, undo);
        self.hide_later(id, SHOWN_FOR);
    }

    /// Says why nothing was done, which is no failure.
    pub fn hint(self, said: impl Into<Said>) {
        let id = self.add(Tone::Hint, said.into(), None, None);
        self.hide_later(id, SHOWN_FOR);
    }

    /// Says that an act on many was not done to its end; what was done can be taken back.
    pub fn partly(self, locale: Locale, outcome: &Outcome, undo: Option<UndoToken>) {
        let Some(said) = errors::partly(locale, outcome) else { return };
        let id = self.add(Tone::Failed, said.into(), None, undo);
        self.hide_later(id, SHOWN_FOR);
    }

    /// Remembers that something was done, which the screen says already.
    pub fn note(self, said: impl Into<Said>, undo: Option<UndoToken>) {
        let id = self.add(Tone::Done, said.into(), None, undo);
        self.hide(id);
    }

    /// Says what failed, with its code.
    pub fn failed(self, failure: &Failure) {
        let id = self.add(Tone::Failed, Said::default(), Some(failure.code), None);
        self.hide_later(id, SHOWN_FOR);
    }

    /// The last thing that was done and can be taken back, and what it was.
    pub fn last_to_undo(self) -> Option<(UndoToken, String)> {
        self.said.with_untracked(|said| {
            let mut left = said.iter().rev().filter(|toast| !toast.undone);
            left.find_map(|toast| Some((toast.undo?, toast.named().to_owned())))
        })
    }

    /// Whether a command was taken back.
    pub fn is_undone(self, token: UndoToken) -> bool {
        self.said.with(|said| said.iter().any(|toast| toast.undo == Some(token) && toast.undone))
    }

    /// While it is held, nothing leaves the screen: a pointer or the focus is on it.
    pub fn hold(self, held: bool) {
        self.held.set(held);
    }

    /// Takes one off the screen; it stays in the list.
    pub fn hide(self, id: ToastId) {
        self.change(id, |toast| toast.shown = false);
    }

    /// Marks what told of a command as taken back.
    pub(super) fn undone(self, token: UndoToken) {
        self.said.update(|said| {
            for toast in said.iter_mut().filter(|toast| toast.undo == Some(token)) {
                toast.shown = false;
                toast.undone = true;
            }
        });
    }

    /// Forgets everything: the workspace was locked.
    pub(super) fn clear(self) {
        self.said.update(Vec::clear);
    }

    fn change(self, id: ToastId, change: impl FnOnce(&mut Toast)) {
        self.said.update(|said| {
            if let Some(toast) = said.iter_mut().find(|toast| toast.id == id) {
                change(toast);
            }
        });
    }

    fn add(self, tone: Tone, said: Said, code: Option<FailureCode>, undo: Option<UndoToken>) -> ToastId {
        let (id, at_ms) = (self.next.get_value(), clock::now_ms());
        self.next.set_value(id.wrapping_add(1));
        let Said { text, about } = said;
        self.said.update(|said| {
            said.push(Toast { id, tone, text, about, at_ms, code, undo, shown: true, undone: false });
            let surplus = said.len().saturating_sub(REMEMBERED);
            said.drain(..surplus);
        });
        id
    }

    fn hide_later(self, id: ToastId, after: Duration) {
        const LOOK_AGAIN: Duration = Duration::from_secs(2);
        set_timeout(
            move || match self.held.get_untracked() {
                true => self.hide_later(id, LOOK_AGAIN),
                false => self.hide(id),
            },
            after,
        );
    }
}

//! What is said at the edge of the screen, each with its Undo, and the list of what was said lately.

use crate::port::{Failure, FailureCode, UndoToken};
use leptos::prelude::*;
use std::time::Duration;

/// Names a toast.
pub type ToastId = u32;

/// How it is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Done,
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
    /// What failed: the sentence is made when it is drawn.
    pub code: Option<FailureCode>,
    /// How to take it back.
    pub undo: Option<UndoToken>,
    /// Whether it is on the screen.
    pub shown: bool,
    /// Whether it was taken back.
    pub undone: bool,
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
    pub fn say(self, text: impl Into<String>, undo: Option<UndoToken>) {
        self.add(Tone::Done, text.into(), None, undo);
    }

    /// Says what failed, with its code.
    pub fn failed(self, failure: &Failure) {
        self.add(Tone::Failed, String::new(), Some(failure.code), None);
    }

    /// While it is held, nothing leaves the screen: a pointer or the focus is on it.
    pub fn hold(self, held: bool) {
        self.held.set(held);
    }

    /// Takes one off the screen; it stays in the list.
    pub fn hide(self, id: ToastId) {
        self.change(id, |toast| toast.shown = false);
    }

    /// Marks one as taken back.
    pub fn undone(self, id: ToastId) {
        self.change(id, |toast| {
            toast.shown = false;
            toast.undone = true;
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

    fn add(self, tone: Tone, text: String, code: Option<FailureCode>, undo: Option<UndoToken>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.said.update(|said| {
            said.push(Toast { id, tone, text, code, undo, shown: true, undone: false });
            let surplus = said.len().saturating_sub(REMEMBERED);
            said.drain(..surplus);
        });
        self.hide_later(id, SHOWN_FOR);
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

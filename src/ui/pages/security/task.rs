//! A command that takes a moment: how far it is, and what it failed with.

use crate::port::{Command, Done, FailureCode};
use crate::ui::i18n::use_i18n;
use crate::ui::pages::lock::{Opening, stage_words};
use crate::ui::platform::intl::use_format;
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// One form's command.
#[derive(Clone, Copy)]
pub struct Task {
    session: Session,
    opening: Opening,
    pub(in crate::ui::pages) failed: RwSignal<Option<FailureCode>>,
}

impl Task {
    pub(in crate::ui::pages) fn new() -> Self {
        Self { session: use_session(), opening: Opening::new(), failed: RwSignal::new(None) }
    }

    pub(in crate::ui::pages) fn busy(self) -> bool {
        self.opening.busy()
    }

    /// Runs the command, unless one is running. The form may be gone when it ends.
    pub(in crate::ui::pages) fn run(self, command: Command, then: impl FnOnce(Done) + 'static) {
        if self.opening.busy_untracked() {
            return;
        }
        self.failed.set(None);
        let running = self.session.run(command);
        self.opening.begin(running.progress());
        spawn_local(async move {
            let ended = running.await;
            self.opening.try_end();
            match ended {
                Ok(done) => then(done),
                Err(failure) => drop(self.failed.try_set(Some(failure.code))),
            }
        });
    }

    /// What the button says: how far it is, or what it does.
    pub(in crate::ui::pages) fn words(self, idle: Signal<String>) -> Signal<String> {
        let (i18n, format) = (use_i18n(), use_format());
        Signal::derive(move || {
            if self.busy() {
                stage_words(i18n.get_locale(), format, self.opening.progress())
            } else {
                idle.get()
            }
        })
    }
}

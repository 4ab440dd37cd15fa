//! A change of the team under way: it needs the server, says so while it asks, and what it failed with.

use crate::port::{Command, Done, FailureCode, Role, TeamChange};
use crate::ui::components::{Button, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::team::words::{role_may, role_word};
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;

/// One form's change.
#[derive(Clone, Copy)]
pub(super) struct Work {
    session: Session,
    busy: RwSignal<bool>,
    pub(super) failed: RwSignal<Option<FailureCode>>,
    offline: Memo<bool>,
}

impl Work {
    pub(super) fn new() -> Self {
        let session = use_session();
        let (busy, failed) = (RwSignal::new(false), RwSignal::new(None));
        Self { session, busy, failed, offline: super::is_offline(session) }
    }

    /// Whether nothing can be asked now: something is being asked, or the server is out of reach.
    pub(super) fn waits(self) -> bool {
        self.busy.get() || self.offline.get()
    }

    /// Asks for the change, unless one is being asked for. The form may be gone when it ends.
    pub(super) fn run(self, change: TeamChange, then: impl FnOnce(Done) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        self.session.dispatch(Command::Team(change), move |ended| {
            self.busy.try_set(false);
            match ended {
                Ok(done) => then(done),
                Err(failure) => drop(self.failed.try_set(Some(failure.code))),
            }
        });
    }
}

/// The button of a form: what it does, or that it is being done.
#[component]
pub(super) fn Go(
    work: Work,
    /// What it does.
    #[prop(into)]
    words: Signal<String>,
    /// Cannot be pressed for a reason of the form's own.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Called at a press; without it the form around it is sent.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let off = Signal::derive(move || work.waits() || disabled.get());
    let said = move || match work.busy.get() {
        true => t_string!(i18n, team.member.working).to_owned(),
        false => words.get(),
    };
    match on_press {
        Some(press) => {
            view! { <Button kind=Kind::Primary disabled=off on_press=move |_| press.run(())>{said}</Button> }
                .into_any()
        }
        None => view! { <Button kind=Kind::Primary submit=true disabled=off>{said}</Button> }.into_any(),
    }
}

/// Roles to choose from, each with what it may do.
#[component]
pub(super) fn Roles(
    /// Which ones.
    #[prop(into)]
    offered: Signal<Vec<Role>>,
    /// What is chosen.
    chosen: RwSignal<Role>,
) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |role: Role| {
        view! {
            <label class="row role">
                <input type="radio" name="role" autocomplete="off" prop:checked=move || chosen.get() == role on:change=move |_| chosen.set(role) />
                <span class="row-b">
                    <b>{move || role_word(i18n.get_locale(), role)}</b>
                    <span>{move || role_may(i18n.get_locale(), role)}</span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="roles">
            <legend class="lbl">{text!(i18n, team.role.label)}</legend>
            <div class="rows">{move || offered.get().into_iter().map(one).collect_view()}</div>
        </fieldset>
    }
}

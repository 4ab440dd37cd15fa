//! A change of the team under way: it needs the server, says so while it asks, and what it failed with.

use crate::port::{Command, Done, FailureCode, Role, TeamChange};
use crate::ui::components::{Button, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::team::words::{role_may, role_word};
use crate::ui::session::{Cancel, Session, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// One form's change.
#[derive(Clone, Copy)]
pub(super) struct Work {
    session: Session,
    /// What is being asked for, to stop waiting for it.
    asking: RwSignal<Option<Cancel>>,
    pub(super) failed: RwSignal<Option<FailureCode>>,
    offline: Memo<bool>,
}

impl Work {
    pub(super) fn new() -> Self {
        let session = use_session();
        let (asking, failed) = (RwSignal::new(None), RwSignal::new(None));
        Self { session, asking, failed, offline: super::is_offline(session) }
    }

    /// Whether nothing can be asked now: something is being asked, or the server is out of reach.
    pub(super) fn waits(self) -> bool {
        self.is_busy() || self.offline.get()
    }

    fn is_busy(self) -> bool {
        self.asking.with(Option::is_some)
    }

    /// Asks for the change, unless one is being asked for. The form may be gone when it ends.
    pub(super) fn run(self, change: TeamChange, then: impl FnOnce(Done) + 'static) {
        if untrack(|| self.is_busy()) {
            return;
        }
        let running = self.session.run(Command::Team(change));
        self.asking.set(Some(running.cancel()));
        self.failed.set(None);
        spawn_local(async move {
            let ended = running.await;
            self.asking.try_set(None);
            match ended {
                Ok(done) => then(done),
                Err(failure) if failure.code == FailureCode::Cancelled => {}
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
    let said = move || match work.is_busy() {
        true => t_string!(i18n, team.member.working).to_owned(),
        false => words.get(),
    };
    let go = match on_press {
        Some(press) => {
            view! { <Button kind=Kind::Primary disabled=off on_press=move |_| press.run(())>{said}</Button> }
                .into_any()
        }
        None => view! { <Button kind=Kind::Primary submit=true disabled=off>{said}</Button> }.into_any(),
    };
    let stop = move || {
        let cancel = work.asking.get()?;
        Some(
            view! { <Button kind=Kind::Quiet on_press=move |_| cancel.now()>{text!(i18n, common.stop)}</Button> },
        )
    };
    view! { {go} {stop} }
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

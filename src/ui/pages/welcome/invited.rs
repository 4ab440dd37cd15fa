//! Taking an invitation up on a device without a workspace: who invites, one's own name, a passphrase.

use super::create::Failed;
use super::{Journey, Step};
use crate::port::{Acceptance, Command, FailureCode, Invited, Outcome, Role, Secret};
use crate::ui::components::{Button, IconButton, Kind, Skeleton, TextField};
use crate::ui::errors::sentences;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::security::{NewPassphrase, NewPassphraseFields, Task};
use crate::ui::pages::team::{role_may, role_word};
use crate::ui::platform::invitation::{Invitation, use_invitation};
use crate::ui::platform::storage;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// What is known of the invitation.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ui::pages) enum Read {
    Coming,
    Open(Invited),
    Failed(FailureCode),
}

/// The invitation: looked at first, then taken up or put away.
#[component]
pub(super) fn InvitedStep(journey: Journey) -> impl IntoView {
    let (i18n, invitation) = (use_i18n(), use_invitation());
    let read = RwSignal::new(Read::Coming);
    let look = look(invitation, read);
    look.run(());
    // Another link may be opened in the same tab.
    Effect::new(move |before: Option<Option<Secret>>| {
        let now = invitation.get();
        if before.is_some_and(|before| before != now) && now.is_some() {
            look.run(());
        }
        now
    });
    let other = Callback::new(move |()| {
        invitation.forget();
        journey.step.set(Step::Start);
    });
    view! {
        <main class="hello hello-f scroll">
            <div class="hello-c">
                <header class="hello-h">
                    <IconButton icon="left" label=text!(i18n, team.accept.other) on_press=move |_| other.run(()) />
                    <h1>{move || title_of(i18n, read)}</h1>
                </header>
                {move || match read.get() {
                    Read::Coming => view! { <p role="status">{text!(i18n, team.accept.reading)}</p><Skeleton lines=4 /> }.into_any(),
                    Read::Open(invited) => view! { <Accept journey invited /> }.into_any(),
                    Read::Failed(code) => view! { <NotOpen code look other /> }.into_any(),
                }}
            </div>
        </main>
    }
}

pub(in crate::ui::pages) fn title_of(
    i18n: leptos_i18n::I18nContext<crate::ui::i18n::Locale>,
    read: RwSignal<Read>,
) -> String {
    match read.get() {
        Read::Open(Invited { by, .. }) if !by.is_empty() => {
            t_string!(i18n, team.accept.title, by = by).to_string()
        }
        Read::Failed(_) => t_string!(i18n, team.accept.failed).to_owned(),
        _ => t_string!(i18n, team.accept.title_unnamed).to_owned(),
    }
}

/// Asks the server what the link opens, and holds the answer against the link.
pub(in crate::ui::pages) fn look(invitation: Invitation, read: RwSignal<Read>) -> Callback<()> {
    let session = use_session();
    Callback::new(move |()| {
        let Some(secret) = invitation.get_untracked() else { return };
        read.set(Read::Coming);
        session.dispatch(Command::ReadInvitation { invitation: secret }, move |ended| {
            read.try_set(match ended.map(|done| done.outcome) {
                Ok(Outcome::Invited(invited)) => Read::Open(invited),
                Ok(_) => Read::Failed(FailureCode::Internal),
                Err(failure) => Read::Failed(failure.code),
            });
        });
    })
}

/// What is wrong with it, and what to do: another try helps only where the network or the server is at fault.
#[component]
pub(in crate::ui::pages) fn NotOpen(
    code: FailureCode,
    look: Callback<()>,
    other: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let again = matches!(
        code,
        FailureCode::Unreachable
            | FailureCode::NotTheServer
            | FailureCode::ServerError
            | FailureCode::ServerLies
    );
    let words = move || match code {
        FailureCode::Unreachable => t_string!(i18n, team.accept.offline).to_owned(),
        code => sentences(i18n.get_locale(), code).joined(i18n.get_locale()),
    };
    view! {
        <p class="hello-e" role="alert">{words}</p>
        <div class="acts">
            {again.then(|| view! { <Button kind=Kind::Primary on_press=move |_| look.run(())>{text!(i18n, common.retry)}</Button> })}
            <Button on_press=move |_| other.run(())>{text!(i18n, team.accept.other)}</Button>
        </div>
    }
}

/// What is typed to take it up.
#[derive(Clone, Copy)]
struct Form {
    journey: Journey,
    invitation: Invitation,
    task: Task,
    new: NewPassphrase,
    name: RwSignal<String>,
}

impl Form {
    fn new(journey: Journey) -> Self {
        let (invitation, task, new) = (use_invitation(), Task::new(), NewPassphrase::new());
        Self { journey, invitation, task, new, name: RwSignal::new(String::new()) }
    }

    fn name_is_missing(self) -> bool {
        self.name.with(|name| name.trim().is_empty())
    }

    fn submit(self, workspace: &str) {
        let whole = self.new.submit(!untrack(|| self.name_is_missing()));
        let (true, Some(invitation)) = (whole, self.invitation.get_untracked()) else { return };
        let passphrase = self.new.value.get_untracked();
        self.journey.name.set(workspace.to_owned());
        self.journey.passphrase.set(passphrase.clone());
        self.journey.stay();
        storage::ask_to_keep(|_| ());
        let passphrase = Secret(passphrase);
        let acceptance = Acceptance { invitation, name: self.name.get_untracked(), passphrase };
        self.task.run(Command::AcceptInvitation(acceptance), move |_| {
            self.invitation.forget();
            self.journey.step.try_set(Step::Recovery);
        });
    }
}

#[component]
fn Accept(journey: Journey, invited: Invited) -> impl IntoView {
    let i18n = use_i18n();
    let form = Form::new(journey);
    let Invited { workspace, by: _, role } = invited;
    let missing = Signal::derive(move || match form.new.was_tried() && form.name_is_missing() {
        true => t_string!(i18n, team.accept.name_needed).to_owned(),
        false => String::new(),
    });
    let shown = workspace.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.submit(&workspace);
    };
    Effect::new(move || {
        if form.task.failed.with(Option::is_some) {
            journey.no_longer_stay();
        }
    });
    let words = form.task.words(text!(i18n, team.accept.join));
    view! {
        <Into workspace=shown role />
        <form class="stack" on:submit=submit novalidate=true>
            <TextField label=text!(i18n, team.accept.name) value=form.name hint=text!(i18n, team.accept.name_hint) error=missing autofocus=true />
            <p class="k">{text!(i18n, team.accept.own)}</p>
            <NewPassphraseFields new=form.new />
            <Failed failed=form.task.failed />
            <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || form.task.busy())>{move || words.get()}</Button>
            <p class="k">{text!(i18n, team.accept.memory)}</p>
        </form>
    }
}

/// Into which workspace, as what, and what that means.
#[component]
fn Into(workspace: String, role: Role) -> impl IntoView {
    let i18n = use_i18n();
    let into = move || {
        let role = role_word(i18n.get_locale(), role);
        t_string!(i18n, team.accept.into, workspace = workspace.clone(), role = role).to_string()
    };
    view! { <p>{into}" "<span class="k">{move || role_may(i18n.get_locale(), role)}</span></p> }
}

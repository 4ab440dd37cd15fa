//! The recovery code: made, shown once on the recovery sheet, printed, and two of its groups asked back. Only
//! then does it open anything.

use super::new_passphrase::show_words;
use super::task::Task;
use crate::port::{Command, Outcome, Secret, Session as Phase};
use crate::ui::components::{Button, Kind, SecretField, SheetFrame, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::welcome::{Failed, Paper, PrintSheet, is_group};
use crate::ui::platform::dom;
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// Which groups are asked back, from 1.
const ASKED: [usize; 2] = [2, 5];

/// What the sheet has come to.
#[derive(Clone, Copy)]
struct Making {
    task: Task,
    passphrase: RwSignal<String>,
    device_code: RwSignal<String>,
    /// Empty until it is made.
    code: RwSignal<String>,
    asking: RwSignal<bool>,
}

impl Making {
    /// The passphrase proves who asks; then both codes are there.
    fn begin(self) {
        let passphrase = Secret(self.passphrase.get_untracked());
        self.task.run(Command::RevealDeviceCode { passphrase }, move |done| {
            if let Outcome::DeviceCode(Secret(told)) = done.outcome {
                self.device_code.try_set(told);
                self.make();
            }
        });
    }

    fn make(self) {
        self.task.run(Command::MakeRecoveryCode, move |done| {
            if let Outcome::RecoveryCode(Secret(told)) = done.outcome {
                self.code.try_set(told);
            }
        });
    }
}

/// The sheet.
#[component]
pub fn RecoverySheet() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let text = || RwSignal::new(String::new());
    let making = Making {
        task: Task::new(),
        passphrase: text(),
        device_code: text(),
        code: text(),
        asking: RwSignal::new(false),
    };
    view! {
        <SheetFrame title=text!(i18n, security.recovery.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {move || match (making.code.with(String::is_empty), making.asking.get()) {
                (true, _) => view! { <Begin making /> }.into_any(),
                (false, false) => view! { <Shown making /> }.into_any(),
                (false, true) => view! { <AskBack making /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn Begin(making: Making) -> impl IntoView {
    let i18n = use_i18n();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        making.begin();
    };
    let words = making.task.words(Signal::derive(move || t_string!(i18n, security.recovery.make).to_owned()));
    view! {
        <p>{text!(i18n, security.recovery.why)}</p>
        <form class="stack" on:submit=submit novalidate=true>
            <SecretField label=text!(i18n, common.passphrase) value=making.passphrase show_words=show_words() autofocus=true />
            <Failed failed=making.task.failed />
            <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || making.task.busy())>{move || words.get()}</Button>
        </form>
    }
}

#[component]
fn Shown(making: Making) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let name = session.phase().with_untracked(|phase| match phase {
        Some(Phase::Open { workspace }) => workspace.name.clone(),
        _ => String::new(),
    });
    view! {
        <p>{text!(i18n, security.recovery.once)}</p>
        <Paper name code=making.device_code.get_untracked() recovery=making.code.get_untracked() />
        <div class="acts">
            <PrintSheet />
            <Button kind=Kind::Primary on_press=move |_| making.asking.set(true)>{text!(i18n, onboarding.sheet.ready)}</Button>
        </div>
        <p class="k">{text!(i18n, onboarding.sheet.pdf)}</p>
    }
}

#[component]
fn AskBack(making: Making) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let typed = ASKED.map(|_| RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let wrong =
        move |at: usize| !making.code.with(|code| typed[at].with(|typed| is_group(code, ASKED[at], typed)));
    let error = move |at: usize| {
        Signal::derive(move || {
            let told = tried.get() && wrong(at);
            if told { t_string!(i18n, security.recovery.wrong).to_owned() } else { String::new() }
        })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        if untrack(|| wrong(0) || wrong(1)) {
            return request_animation_frame(|| dom::focus_shown("form [aria-invalid]"));
        }
        let secret = |value: RwSignal<String>| Secret(value.get_untracked());
        let (code, passphrase) = (secret(making.code), secret(making.passphrase));
        making.task.run(Command::KeepRecoveryCode { code, passphrase }, move |_| {
            session.toasts().say(t_string!(i18n, security.recovery.kept).to_owned(), None);
            nav.close();
        });
    };
    let words = making.task.words(Signal::derive(move || t_string!(i18n, common.next).to_owned()));
    view! {
        <p>{text!(i18n, security.recovery.back)}</p>
        <form class="stack" on:submit=submit novalidate=true>
            <TextField label=text!(i18n, security.recovery.second) value=typed[0] error=error(0) autofocus=true />
            <TextField label=text!(i18n, security.recovery.fifth) value=typed[1] error=error(1) />
            <Failed failed=making.task.failed />
            <div class="acts">
                <Button on_press=move |_| making.asking.set(false)>{text!(i18n, common.back)}</Button>
                <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || making.task.busy())>{move || words.get()}</Button>
            </div>
        </form>
    }
}

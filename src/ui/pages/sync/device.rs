//! Adding a device: the device code, shown for a while after the passphrase was asked once more.

use crate::port::{Command, Outcome, Query, Secret, Session as Phase, SyncPage};
use crate::ui::components::{Button, Kind, SheetFrame};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::security::{Again, PassphraseAgain, Task};
use crate::ui::pages::welcome::{Paper, PrintSheet};
use crate::ui::platform::{clock, dom};
use crate::ui::routes::use_nav;
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use std::time::Duration;

/// How long the code is shown: long enough to type it on another device.
const SHOWN: Duration = Duration::from_secs(120);

/// What the sheet shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Code {
    /// The passphrase is asked.
    Asked,
    Shown(String),
    /// It was shown for as long as it is; the passphrase is asked again.
    HiddenAgain,
}

/// The sheet.
#[component]
pub fn AddDeviceSheet() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let code = RwSignal::new(Code::Asked);
    let page = session.watch::<Box<SyncPage>>(|| Query::Sync);
    let unknown = move || page.with(|page| page.as_deref().is_some_and(|page| !page.registered));
    view! {
        <SheetFrame title=text!(i18n, sync.device.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            <p>{text!(i18n, sync.device.text)}</p>
            <Show when=unknown><p class="hello-i" role="status">{text!(i18n, sync.device.first)}</p></Show>
            {move || match code.get() {
                Code::Shown(told) => view! { <Told session code=told hidden=move |()| drop(code.try_set(Code::HiddenAgain)) /> }.into_any(),
                now => view! { <Ask code again=now == Code::HiddenAgain /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn Ask(code: RwSignal<Code>, again: bool) -> impl IntoView {
    let (i18n, task) = (use_i18n(), Task::new());
    let passphrase = Again::new(task.failed);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| task.busy()) || !passphrase.submit() {
            return;
        }
        task.run(Command::RevealDeviceCode { passphrase: passphrase.secret() }, move |done| {
            if let Outcome::DeviceCode(Secret(told)) = done.outcome {
                code.try_set(Code::Shown(told));
            }
        });
    };
    let words = task.words(Signal::derive(move || t_string!(i18n, sync.device.show).to_owned()));
    view! {
        {again.then(|| view! { <p class="hello-i" role="status">{text!(i18n, sync.device.hidden)}</p> })}
        <form class="stack" on:submit=submit novalidate=true>
            <p class="k">{text!(i18n, sync.device.ask)}</p>
            <PassphraseAgain again=passphrase />
            <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || task.busy())>{move || words.get()}</Button>
        </form>
    }
}

#[component]
fn Told(session: Session, code: String, #[prop(into)] hidden: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    clock::after(SHOWN, move || hidden.run(()));
    let name = session.phase().with_untracked(|phase| match phase {
        Some(Phase::Open { workspace }) => workspace.name.clone(),
        _ => String::new(),
    });
    let copied = code.clone();
    view! {
        <Paper name code />
        <div class="acts">
            <PrintSheet />
            <Button icon="copy" on_press=move |_| dom::copy(&copied)>{text!(i18n, common.copy)}</Button>
        </div>
        <p class="k">{text!(i18n, sync.device.hide)}</p>
        <p class="k">{text!(i18n, onboarding.sheet.pdf)}</p>
    }
}

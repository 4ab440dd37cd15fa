//! Adding a device: the device code, shown after the passphrase was asked once more.

use crate::port::{Command, FailureCode, Outcome, Query, Secret, Session as Phase, SyncPage};
use crate::ui::components::{Button, Kind, SecretField, SheetFrame};
use crate::ui::errors::sentences;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::welcome::Paper;
use crate::ui::platform::dom;
use crate::ui::routes::use_nav;
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;

/// The sheet.
#[component]
pub fn AddDeviceSheet() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let code = RwSignal::new(None::<String>);
    let page = session.watch::<Box<SyncPage>>(|| Query::Sync);
    let unknown = move || page.with(|page| page.as_deref().is_some_and(|page| !page.registered));
    view! {
        <SheetFrame title=text!(i18n, sync.device.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            <p>{text!(i18n, sync.device.text)}</p>
            <Show when=unknown><p class="hello-i" role="status">{text!(i18n, sync.device.first)}</p></Show>
            {move || match code.get() {
                None => view! { <Ask session code /> }.into_any(),
                Some(told) => view! { <Told session code=told /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn Ask(session: Session, code: RwSignal<Option<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let passphrase = RwSignal::new(String::new());
    let failed = RwSignal::new(None::<FailureCode>);
    let busy = RwSignal::new(false);
    let error = Signal::derive(move || {
        failed
            .get()
            .map(|code| sentences(i18n.get_locale(), code))
            .map_or_else(String::new, |said| format!("{}. {}", said.what, said.mend))
    });
    let words = Signal::derive(move || {
        (
            t_string!(i18n, common.show_passphrase).to_owned(),
            t_string!(i18n, common.hide_passphrase).to_owned(),
        )
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        session.dispatch(
            Command::RevealDeviceCode { passphrase: Secret(passphrase.get_untracked()) },
            move |ended| {
                busy.try_set(false);
                match ended.map(|done| done.outcome) {
                    Ok(Outcome::DeviceCode(Secret(told))) => drop(code.try_set(Some(told))),
                    Ok(_) => drop(failed.try_set(Some(FailureCode::Internal))),
                    Err(failure) => drop(failed.try_set(Some(failure.code))),
                }
            },
        );
    };
    view! {
        <form class="stack" on:submit=submit novalidate=true>
            <SecretField label=text!(i18n, common.passphrase) value=passphrase show_words=words hint=text!(i18n, sync.device.ask) error=error autofocus=true />
            <Button kind=Kind::Primary submit=true disabled=busy>{text!(i18n, sync.device.show)}</Button>
        </form>
    }
}

#[component]
fn Told(session: Session, code: String) -> impl IntoView {
    let i18n = use_i18n();
    let name = session.phase().with_untracked(|phase| match phase {
        Some(Phase::Open { workspace }) => workspace.name.clone(),
        _ => String::new(),
    });
    let copied = code.clone();
    view! {
        <Paper name code />
        <div class="acts">
            <Button icon="print" on_press=move |_| dom::print()>{text!(i18n, onboarding.sheet.print)}</Button>
            <Button on_press=move |_| dom::copy(&copied)>{text!(i18n, common.copy)}</Button>
        </div>
        <p class="k">{text!(i18n, sync.device.hide)}</p>
    }
}

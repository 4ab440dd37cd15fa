//! The store is there and cannot be used: damaged, newer, held by another tab, closed, or forbidden.

use crate::port::{Command, FailureCode, Outcome};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::errors::{code_to_copy, sentences};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::{boot, dom};
use crate::ui::session::{Session, use_session};
use crate::ui::shell::CodeButton;
use leptos::prelude::*;

/// What the sealed file is called.
const FILE: &str = "satchel-sealed.bin";

/// The store cannot be used.
#[component]
pub fn Unusable(
    /// Why.
    code: FailureCode,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let said = move || sentences(i18n.get_locale(), code);
    let title = move || match code {
        FailureCode::StorageUnavailable => t_string!(i18n, shell.unusable.title),
        _ => said().what,
    };
    let failed = RwSignal::new(None::<FailureCode>);
    Effect::new(|| request_animation_frame(|| dom::focus_heading(".rescue h1")));
    view! {
        <main class="hello hello-f scroll rescue">
            <div class="hello-c">
                <span class="empty-i"><Icon name="drive" /></span>
                <h1>{title}</h1>
                {(code == FailureCode::StorageUnavailable).then(|| view! { <p><b>{move || said().what}</b></p> })}
                <p>{move || said().safe}</p>
                <p>{move || said().mend}</p>
                <div class="acts">
                    <Button kind=Kind::Primary on_press=move |_| again(session, code)>{text!(i18n, common.retry)}</Button>
                    {has_data(code).then(|| view! { <SaveSealed session failed /> })}
                </div>
                {(code == FailureCode::StorageDamaged).then(|| view! { <StartOver session failed /> })}
                {(code == FailureCode::InvitationGone).then(|| view! { <PutAway session failed /> })}
                <Failed failed />
                <CodeButton code=code_to_copy(code).to_owned() />
            </div>
        </main>
    }
}

/// A newer version comes with the page; anything else needs only another engine.
fn again(session: Session, code: FailureCode) {
    match code {
        FailureCode::StorageNewer => boot::reload(),
        _ => session.restart(),
    }
}

/// Whether something lies there that can be kept as it is.
fn has_data(code: FailureCode) -> bool {
    use FailureCode::{StorageClosed, StorageDamaged, StorageNewer};
    matches!(code, StorageDamaged | StorageNewer | StorageClosed)
}

/// Everything that the browser still holds, sealed, as a file.
#[component]
fn SaveSealed(session: Session, failed: RwSignal<Option<FailureCode>>) -> impl IntoView {
    let i18n = use_i18n();
    let save = move |_| {
        session.dispatch(Command::SaveSealed, move |ended| match ended.map(|done| done.outcome) {
            Ok(Outcome::Sealed(bytes)) => dom::save_file(FILE, "application/octet-stream", &bytes),
            Ok(_) => {}
            Err(failure) => drop(failed.try_set(Some(failure.code))),
        });
    };
    view! { <Button icon="export" on_press=save>{text!(i18n, shell.rescue.save)}</Button> }
}

/// Room for joining again: what is damaged goes, once the person has said that she knows.
#[component]
fn StartOver(session: Session, failed: RwSignal<Option<FailureCode>>) -> impl IntoView {
    let i18n = use_i18n();
    let known = RwSignal::new(false);
    let discard = move |_| {
        session.dispatch(Command::Discard, move |ended| {
            failed.try_set(ended.err().map(|failure| failure.code));
        });
    };
    view! {
        <section class="card rescue-j">
            <h2>{text!(i18n, shell.rescue.over.title)}</h2>
            <p class="k">{text!(i18n, shell.rescue.over.text)}</p>
            <label class="switch">
                <span>{text!(i18n, shell.rescue.over.known)}</span>
                <input type="checkbox" role="switch" prop:checked=move || known.get() on:change=move |event| known.set(event_target_checked(&event)) />
            </label>
            <Button disabled=Signal::derive(move || !known.get()) on_press=discard>
                {text!(i18n, shell.rescue.over.discard)}
            </Button>
        </section>
    }
}

/// A workspace that was never joined goes, with nothing in it: another way can be begun.
#[component]
fn PutAway(session: Session, failed: RwSignal<Option<FailureCode>>) -> impl IntoView {
    let i18n = use_i18n();
    let put_away = move |_| {
        session.dispatch(Command::Discard, move |ended| match ended {
            Ok(_) => session.forget(),
            Err(failure) => drop(failed.try_set(Some(failure.code))),
        });
    };
    view! { <Button kind=Kind::Quiet on_press=put_away>{text!(i18n, team.accept.other)}</Button> }
}

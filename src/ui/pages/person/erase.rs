//! Erasing for good: what goes, what is not reached, and the name typed to confirm.

use crate::port::{Command, FailureCode, PersonAct, PersonPage};
use crate::ui::components::{Button, Kind, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// The last part of the sheet, for who may write.
#[component]
pub(super) fn EraseCard(id: RecordId, page: PersonPage) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let (name, ready) = (page.name.clone(), page.ready);
    session.may_write().then(|| {
        view! {
            <section class="stack">
                <h2>{text!(i18n, person.erase.title)}</h2>
                <p>{text!(i18n, person.erase.text)}</p>
                <Limits page />
                <Confirm id name ready />
            </section>
        }
    })
}

/// The name, typed, and the button that it lets go.
#[component]
fn Confirm(id: RecordId, name: String, ready: bool) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let (typed, failed) = (RwSignal::new(String::new()), RwSignal::new(None::<FailureCode>));
    let busy = RwSignal::new(false);
    let wanted = name.clone();
    let says_it = Memo::new(move |_| typed.with(|typed| typed.trim() == wanted.trim()));
    let erase = move |_| {
        busy.set(true);
        failed.set(None);
        session.dispatch(Command::Person(PersonAct::Erase { id }), move |ended| match ended {
            Ok(_) => {
                nav.go_instead(Place::Customers);
                nav.open(Sheet::Erasures);
            }
            Err(failure) => {
                busy.try_set(false);
                failed.try_set(Some(failure.code));
            }
        });
    };
    let label = move || t_string!(i18n, person.erase.type_name, name = name.clone()).to_string();
    let idle = Signal::derive(move || !ready || busy.get() || !says_it.get());
    view! {
        <TextField label=Signal::derive(label) value=typed />
        <Failed failed />
        {(!ready).then(|| view! { <p class="hint">{text!(i18n, person.erase.not_ready)}</p> })}
        <Button kind=Kind::Danger icon="trash" disabled=idle on_press=erase>{text!(i18n, person.erase.go)}</Button>
    }
}

/// What is not reached, said before anything is done.
#[component]
fn Limits(page: PersonPage) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let named = page.named;
    view! {
        <ul class="notes">
            <li>{text!(i18n, person.erase.no_undo)}</li>
            <li>{text!(i18n, person.erase.files)}</li>
            <li>{text!(i18n, person.erase.away)}</li>
            <li>{text!(i18n, person.erase.unsent)}</li>
            {(named > 0).then(|| view! { <li>{move || t_string!(i18n, person.erase.named, count = format.number(named)).to_string()}</li> })}
        </ul>
    }
}

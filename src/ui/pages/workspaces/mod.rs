//! The workspaces of this device: the list, the sheet that switches, and the bar of the sample.

mod invited;
mod sample;
mod sheet;
mod territory;

pub use invited::{InvitedNote, InvitedSheet};
pub use sample::{SampleBar, SampleButton};
pub use sheet::WorkspacesSheet;
pub use territory::TerritorySheet;

use crate::port::WorkspaceRef;
use crate::ui::components::Icon;
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::platform::intl::use_format;
use crate::ui::platform::settings;
use crate::ui::routes::{Place, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// What a workspace is called on screens.
pub fn name_of(locale: Locale, workspace: &WorkspaceRef) -> String {
    match workspace {
        sample if sample.is_sample() => td_string!(locale, workspaces.sample.name).to_owned(),
        unnamed if unnamed.name.is_empty() => td_string!(locale, onboarding.lock.unnamed).to_owned(),
        named => named.name.clone(),
    }
}

/// Every workspace of this device, the chosen one marked; a tap goes to it.
#[component]
pub fn WorkspaceList() -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    view! {
        <ul class="ways places" aria-label=text!(i18n, workspaces.title)>
            <For each=move || session.places().get() key=|place| (place.id.clone(), place.name.clone()) let:place>
                <li><Choice place /></li>
            </For>
        </ul>
    }
}

#[component]
fn Choice(place: WorkspaceRef) -> impl IntoView {
    let (i18n, format, nav, session) = (use_i18n(), use_format(), use_nav(), use_session());
    let id = place.id.clone();
    let is_chosen = Memo::new(move |_| session.chosen().is_some_and(|chosen| chosen.id == id));
    let waiting = settings::waiting(&place.id).filter(|count| *count > 0);
    let is_sample = place.is_sample();
    let aside = move || match (is_sample, waiting) {
        (true, _) => t_string!(i18n, workspaces.sample.line).to_owned(),
        (_, Some(count)) => t_string!(i18n, common.waiting_n, count = format.number(count)).to_string(),
        _ => String::new(),
    };
    let title = {
        let place = place.clone();
        move || name_of(i18n.get_locale(), &place)
    };
    let go = move |_| {
        if is_chosen.get_untracked() {
            return nav.close();
        }
        nav.go_instead(Place::Today);
        session.switch_to(&place);
    };
    view! {
        <button class="way" type="button" aria-current=move || is_chosen.get().then_some("true") on:click=go>
            <Icon name=if is_sample { "eye" } else { "lock" } />
            <span>
                <b>{title}</b>
                {move || Some(aside()).filter(|words| !words.is_empty()).map(|words| view! { <span>{words}</span> })}
            </span>
            <Icon name=Signal::derive(move || if is_chosen.get() { "check" } else { "right" }) />
        </button>
    }
}

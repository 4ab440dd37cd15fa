//! What was changed about the team, in words: by whom and when.

use super::{Page, role_word};
use crate::port::{TeamEntry, TeamEvent};
use crate::ui::i18n::{Locale, td_string, use_i18n};
use crate::ui::pages::settings::{Group, Setting};
use crate::ui::platform::intl::{Format, When, use_format};
use leptos::prelude::*;

/// The newest entries of the log.
#[component]
pub(super) fn Log(page: Page) -> impl IntoView {
    let i18n = use_i18n();
    let entries = Memo::new(move |_| {
        page.with(|page| page.as_deref().map(|team| team.log.clone())).unwrap_or_default()
    });
    view! {
        <Show when=move || !entries.with(Vec::is_empty)>
            <Group title=text!(i18n, team.log.title)>
                <p class="set-p">{text!(i18n, team.log.hint)}</p>
                <For each=move || entries.get() key=|entry| entry.n let:entry><Row entry /></For>
            </Group>
        </Show>
    }
}

#[component]
fn Row(entry: TeamEntry) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let at_ms = entry.at_ms.cast_signed();
    let title = Signal::derive(move || sentence(i18n.get_locale(), format, &entry));
    let line = Signal::derive(move || format.when(at_ms, When::Moment));
    view! { <Setting title line /> }
}

/// An entry as a sentence.
fn sentence(locale: Locale, format: Format, entry: &TeamEntry) -> String {
    let by = named(locale, &entry.by);
    match &entry.what {
        TeamEvent::Founded => td_string!(locale, team.log.founded, by = by).to_string(),
        TeamEvent::Invited { role } => {
            td_string!(locale, team.log.invited, by = by, role = role_word(locale, *role)).to_string()
        }
        TeamEvent::Withdrew => td_string!(locale, team.log.withdrew, by = by).to_string(),
        TeamEvent::Joined => td_string!(locale, team.log.joined, by = by).to_string(),
        TeamEvent::Gave { name, role } => {
            let (name, role) = (named(locale, name), role_word(locale, *role));
            td_string!(locale, team.log.gave, by = by, name = name, role = role).to_string()
        }
        TeamEvent::Removed { names } => {
            let names: Vec<_> = names.iter().map(|name| named(locale, name)).collect();
            td_string!(locale, team.log.removed, by = by, names = format.list(&names)).to_string()
        }
        TeamEvent::Rotated => td_string!(locale, team.log.rotated, by = by).to_string(),
        TeamEvent::Left => td_string!(locale, team.log.left, by = by).to_string(),
        TeamEvent::Renamed => td_string!(locale, team.log.renamed, by = by).to_string(),
    }
}

fn named(locale: Locale, name: &str) -> String {
    match name {
        "" => td_string!(locale, team.log.somebody).to_owned(),
        name => name.to_owned(),
    }
}

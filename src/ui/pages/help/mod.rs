//! Help: how things are done here, in the app itself, so that it is there without a signal.

use crate::ui::components::Icon;
use crate::ui::i18n::{Locale, td_string, use_i18n};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;

/// A topic: its icon, its heading, its text.
type Topic = (&'static str, fn(Locale) -> &'static str, fn(Locale) -> &'static str);

macro_rules! topic {
    ($icon:literal, $($key:ident).+) => {
        ($icon, |locale| td_string!(locale, $($key).+.title), |locale| td_string!(locale, $($key).+.text))
    };
}

const TOPICS: [Topic; 8] = [
    topic!("today", help.day),
    topic!("log", help.log),
    topic!("search", help.find),
    topic!("tasks", help.many),
    topic!("copy", help.double),
    topic!("undo", help.undo),
    topic!("offline", help.offline),
    topic!("shield", help.safe),
];

/// The page.
#[component]
pub fn Help() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let topic = move |(icon, title, text): Topic| {
        let lines = move || {
            let locale = i18n.get_locale();
            text(locale).lines().map(|line| view! { <p>{line}</p> }).collect_view()
        };
        view! {
            <details class="card help-t">
                <summary><Icon name=icon /><h2>{move || title(i18n.get_locale())}</h2><Icon name="down" /></summary>
                <div class="help-b">{lines}</div>
            </details>
        }
    };
    view! {
        <main class="pane pane-sync pane-strip">
            <TopBar title=text!(i18n, help.title) />
            <OfflineStrip />
            <div class="scroll" tabindex="0" role="region" aria-label=text!(i18n, help.title)>
                <div class="page help">
                    {TOPICS.map(topic)}
                    <a class="btn btn-2" href=move || nav.sheet_href(Sheet::Keys)><Icon name="keyboard" />{text!(i18n, help.keys)}</a>
                </div>
            </div>
        </main>
    }
}

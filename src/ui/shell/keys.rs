//! Keyboard shortcuts, and the sheet that lists them.

use crate::ui::components::SheetFrame;
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::platform::{clock, dom, settings};
use crate::ui::routes::{Nav, Place, Sheet, use_nav};
use crate::ui::session::{Session, use_session};
use leptos::ev;
use leptos::prelude::*;

const KEY: &str = "satchel.single-keys";
/// The field that searches a screen, where it has one.
const SEARCH: &str = "#content input[type='search']";

/// Whether shortcuts of a single key are on.
pub(super) fn single_keys() -> bool {
    settings::read(KEY).unwrap_or(true)
}

/// Listens for shortcuts for as long as the app is open.
pub(super) fn follow_keys() {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let undo = move || undo_last(session, i18n.get_locale_untracked());
    let g_at = StoredValue::new(0_i64);
    let listening = window_event_listener(ev::keydown, move |event| {
        let free = !event.alt_key() && !dom::composing(&event) && !dom::typing();
        let handled = if event.ctrl_key() || event.meta_key() {
            match event.key().as_str() {
                "k" | "K" => open_above(nav, Sheet::Palette),
                // A key that is held takes back one thing.
                "z" if free && !event.repeat() => undo(),
                _ => false,
            }
        } else if free && single_keys() && nav.sheet().is_none() {
            match event.key().as_str() {
                "z" if !event.repeat() => undo(),
                key => single(nav, key, g_at),
            }
        } else {
            false
        };
        if handled {
            event.prevent_default();
        }
    });
    on_cleanup(move || listening.remove());
}

fn open(nav: Nav, sheet: Sheet) -> bool {
    nav.open(sheet);
    true
}

/// Whoever looks for something in the middle of a form comes back to it.
fn open_above(nav: Nav, sheet: Sheet) -> bool {
    nav.open_above(sheet);
    true
}

/// Takes back what was done last, as its message does; whether there was anything.
fn undo_last(session: Session, locale: Locale) -> bool {
    let Some((token, what)) = session.toasts().last_to_undo() else { return false };
    session.undo_saying(token, format!("{} · {what}", td_string!(locale, common.undone)));
    true
}

fn go(nav: Nav, place: Place) -> bool {
    nav.go(place);
    true
}

fn single(nav: Nav, key: &str, g_at: StoredValue<i64>) -> bool {
    const PAIR_WITHIN_MS: i64 = 1_500;
    let after_g = clock::now_ms() - g_at.get_value() < PAIR_WITHIN_MS;
    g_at.set_value(if key == "g" { clock::now_ms() } else { 0 });
    match key {
        "t" if after_g => go(nav, Place::Today),
        "c" if after_g => go(nav, Place::Customers),
        "k" if after_g => go(nav, Place::Tasks),
        "s" if after_g => go(nav, Place::Sync),
        "n" => open(nav, Sheet::Log { partner: nav.place_untracked().customer() }),
        "?" => open(nav, Sheet::Keys),
        "/" if dom::is_there(SEARCH) => {
            dom::focus_first(SEARCH);
            true
        }
        "/" => open(nav, Sheet::Palette),
        _ => false,
    }
}

/// The list of shortcuts.
#[component]
pub(super) fn KeysSheet() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let on = RwSignal::new(single_keys());
    let rows = move || {
        [
            ("Ctrl K · ⌘ K", t_string!(i18n, shell.keys.find)),
            ("/", t_string!(i18n, shell.keys.search)),
            ("n", t_string!(i18n, shell.keys.new)),
            ("g t", t_string!(i18n, shell.keys.go_today)),
            ("g c", t_string!(i18n, shell.keys.go_customers)),
            ("g k", t_string!(i18n, shell.keys.go_tasks)),
            ("g s", t_string!(i18n, shell.keys.go_sync)),
            ("Ctrl ↵ · ⌘ ↵", t_string!(i18n, shell.keys.save)),
            ("z · Ctrl Z · ⌘ Z", t_string!(i18n, shell.keys.undo)),
            ("Space · ⇧↓ · Ctrl A", t_string!(i18n, shell.keys.pick)),
            ("Esc", t_string!(i18n, shell.keys.close)),
            ("?", t_string!(i18n, shell.keys.help)),
        ]
    };
    let row = |(keys, words): (&'static str, &'static str)| {
        view! { <div class="key-r"><dt><kbd>{keys}</kbd></dt><dd>{words}</dd></div> }
    };
    let switch = move |event| {
        on.set(event_target_checked(&event));
        settings::keep(KEY, on.get_untracked());
    };
    view! {
        <SheetFrame title=text!(i18n, shell.keys.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            <dl class="keys-l">{move || rows().map(row).collect_view()}</dl>
            <label class="switch">
                <span>
                    <b>{text!(i18n, shell.keys.single)}</b>
                    <span class="k">{text!(i18n, shell.keys.single_hint)}</span>
                </span>
                <input type="checkbox" role="switch" prop:checked=move || on.get() on:change=switch />
            </label>
        </SheetFrame>
    }
}

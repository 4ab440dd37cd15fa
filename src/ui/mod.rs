//! The user interface: screens over the port. It knows no key and no store.
//!
//! - [`session`] asks and tells the engine; everything that must finish lives there, at the root.
//! - [`platform`] is the browser: worker, history, formats, theme. It takes no decision.
//! - [`components`] are drawn from their arguments alone.
//! - [`shell`] is what surrounds every screen; [`pages`] are the screens.
//!
//! A screen owns no task that must finish: it watches a query and dispatches commands.

#![allow(unreachable_pub, reason = "the component macro needs `pub` in private modules")]

/// A text in the chosen language as a signal: `text!(i18n, shell.lock)`. Prefer it to a closure of its own:
/// all such signals are one type, so that a text costs bytes instead of a kilobyte.
macro_rules! text {
    ($i18n:expr, $($key:ident).+) => {
        $crate::ui::words($i18n, |locale| $crate::ui::i18n::td_string!(locale, $($key).+))
    };
    ($i18n:expr, $($rest:tt)+) => {
        leptos::prelude::Signal::derive(move || $crate::ui::i18n::t_string!($i18n, $($rest)+).to_string())
    };
}

mod app;
pub mod components;
pub mod errors;
pub mod pages;
pub mod platform;
pub mod routes;
pub mod session;
pub mod shell;

#[allow(missing_docs, clippy::all, unreachable_pub)]
mod texts {
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
pub use texts::i18n;

/// A text of the chosen language, again whenever that changes.
fn words(
    texts: leptos_i18n::I18nContext<i18n::Locale>,
    pick: fn(i18n::Locale) -> &'static str,
) -> leptos::prelude::Signal<String> {
    leptos::prelude::Signal::derive(move || pick(texts.get_locale()).to_owned())
}

pub use app::mount;

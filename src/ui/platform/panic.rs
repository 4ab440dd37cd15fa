//! A defect of ours on this side: the honest screen, drawn by hand because nothing else can be trusted.

use crate::ui::i18n::{Locale, td_string};
use crate::ui::platform::locale;
use leptos::prelude::document;
use std::sync::atomic::{AtomicBool, Ordering};
use web_sys::Element;

/// Draws that screen when the code panics, and tells the console where.
pub fn hook() {
    std::panic::set_hook(Box::new(|panic| {
        static SHOWN: AtomicBool = AtomicBool::new(false);
        // Where, never what: a panic's message may hold a record's content.
        if let Some(at) = panic.location() {
            leptos::logging::error!("stopped at {}:{}", at.file(), at.line());
        }
        if SHOWN.swap(true, Ordering::Relaxed) {
            return;
        }
        let place = panic.location().map(|at| format!("U{}", at.line())).unwrap_or_default();
        let _ = show(&place);
    }));
}

/// `None` when even the page is gone.
fn show(code: &str) -> Option<()> {
    let locale = locale::initial();
    let root = document().get_element_by_id("root")?;
    root.set_text_content(None);
    let main = child(&root, "main", "broken", "")?;
    child(&main, "h1", "", td_string!(locale, shell.broken.title))?;
    child(&main, "p", "", td_string!(locale, shell.broken.safe))?;
    child(&main, "p", "", td_string!(locale, shell.broken.mend))?;
    child(&main, "p", "k", &code_words(locale, code))?;
    let again = child(&main, "a", "btn btn-1", td_string!(locale, shell.broken.reload))?;
    again.set_attribute("href", "").ok()?;
    // A target of its own keeps the click from our code, which no longer runs.
    again.set_attribute("target", "_self").ok()
}

fn code_words(locale: Locale, code: &str) -> String {
    td_string!(locale, errors.code, code = code).to_string()
}

fn child(parent: &Element, tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document().create_element(tag).ok()?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    parent.append_child(&element).ok()?;
    Some(element)
}

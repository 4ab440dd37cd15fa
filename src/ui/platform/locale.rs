//! The language: the browser's at first, then the person's choice, switched at once.

use crate::ui::i18n::{I18nLocaleTrait, Locale};
use crate::ui::platform::settings;
use leptos::prelude::window;
use leptos_i18n::I18nContext;

const KEY: &str = "satchel.language";

/// The language to begin with.
pub fn initial() -> Locale {
    let kept: Option<String> = settings::read(KEY);
    let wanted = kept.or_else(|| window().navigator().language()).unwrap_or_default();
    if wanted.to_ascii_lowercase().starts_with("zh") { Locale::zh_CN } else { Locale::en }
}

/// Chooses a language, draws it at once, and keeps it.
pub fn choose(texts: I18nContext<Locale>, locale: Locale) {
    settings::keep(KEY, locale.as_str());
    texts.set_locale(locale);
}

/// The other one of the two languages.
pub fn other(locale: Locale) -> Locale {
    match locale {
        Locale::en => Locale::zh_CN,
        Locale::zh_CN => Locale::en,
    }
}

/// A language's name in itself.
pub fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "English",
        Locale::zh_CN => "中文",
    }
}

//! The theme: as the device, light, dark, or outdoor for sunlight.

use crate::ui::platform::settings;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// What the person chose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast and larger, for sunlight.
    Outdoor,
}

const KEY: &str = "satchel.theme";
const DARK: &str = "(prefers-color-scheme: dark)";

impl Theme {
    /// All of them, in the order of the settings.
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Outdoor];

    fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Outdoor => "outdoor",
        }
    }

    fn kept() -> Self {
        let word: String = settings::read(KEY).unwrap_or_default();
        Self::ALL.into_iter().find(|theme| theme.word() == word).unwrap_or_default()
    }

    fn drawn(self) -> &'static str {
        match self {
            Self::System if device_is_dark() => "dark",
            Self::System => "light",
            chosen => chosen.word(),
        }
    }
}

fn device_is_dark() -> bool {
    window().match_media(DARK).ok().flatten().is_some_and(|query| query.matches())
}

/// The chosen theme; setting it draws and keeps it.
#[derive(Debug, Clone, Copy)]
pub struct Themes(RwSignal<Theme>);

impl Themes {
    /// Reads the choice and follows the device; to be called once, at the root.
    pub fn follow() -> Self {
        let themes = Self(RwSignal::new(Theme::kept()));
        Effect::new(move || draw(themes.0.get()));
        if let Ok(Some(query)) = window().match_media(DARK) {
            let again = move |_: web_sys::Event| draw(themes.0.get_untracked());
            let listener = wasm_bindgen::closure::Closure::<dyn FnMut(web_sys::Event)>::new(again);
            drop(query.add_event_listener_with_callback("change", listener.as_ref().unchecked_ref()));
            listener.forget(); // lives as long as the page
        }
        themes
    }

    /// What was chosen.
    pub fn get(self) -> Theme {
        self.0.get()
    }

    /// Chooses.
    pub fn set(self, theme: Theme) {
        settings::keep(KEY, theme.word());
        self.0.set(theme);
    }
}

fn draw(theme: Theme) {
    let Some(root) = document().document_element() else { return };
    let drawn = theme.drawn();
    drop(root.set_attribute("data-theme", drawn));
    let ground = match drawn {
        "dark" => "#0f1115",
        "outdoor" => "#ffffff",
        _ => "#f5f5f2",
    };
    let Ok(metas) = document().query_selector_all("meta[name='theme-color']") else { return };
    for meta in (0..metas.length()).filter_map(|k| metas.item(k)?.dyn_into::<web_sys::Element>().ok()) {
        drop(meta.set_attribute("content", ground));
    }
}

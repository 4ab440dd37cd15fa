//! Dictating the note (R21): where the device itself understands speech.

use super::form::LogForm;
use crate::ui::components::Icon;
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::platform::dictation::{Dictation, Listening};
use crate::ui::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The button, where there is something behind it; and whether it listens.
#[component]
pub(super) fn Dictate(
    /// The form whose note is dictated.
    form: RwSignal<LogForm>,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let offered = RwSignal::new_local(None::<Dictation>);
    let listening = RwSignal::new_local(None::<Listening>);
    Effect::new(move || {
        let language = language(i18n.get_locale());
        listening.set(None);
        spawn_local(async move {
            offered.try_set(Dictation::on_device(language).await);
        });
    });
    let failed = move || {
        listening.try_set(None);
        session.toasts().hint(t_string!(i18n, log.dictate.failed));
    };
    let begin = move |dictation: Dictation| async move {
        let heard = move |sentence: String| {
            form.try_update(|form| form.add_sentence(&sentence));
        };
        // The recogniser is still calling when it ends: it is let go of afterwards.
        let ended = move |wrong: bool| {
            set_timeout(
                move || if wrong { failed() } else { drop(listening.try_set(None)) },
                Default::default(),
            )
        };
        match dictation.listen(heard, ended).await {
            Some(begun) => drop(listening.try_set(Some(begun))),
            None => failed(),
        }
    };
    let press = move |_| {
        if listening.with_untracked(Option::is_some) {
            listening.set(None);
        } else if let Some(dictation) = offered.get_untracked() {
            spawn_local(begin(dictation));
        }
    };
    let listens = move || listening.with(Option::is_some);
    let words = move || match listens() {
        true => t_string!(i18n, log.dictate.stop),
        false => t_string!(i18n, log.dictate.start),
    };
    view! {
        <Show when=move || offered.with(Option::is_some)>
            <button class="btn btn-0 dict" type="button" aria-pressed=move || listens().to_string() on:click=press>
                <Icon name="mic" />{words}
            </button>
        </Show>
    }
}

fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en-US",
        Locale::zh_CN => "zh-CN",
    }
}

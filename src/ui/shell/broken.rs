//! The screens for when nothing else can be shown: each says what failed, what is safe, what to do.

use super::toasts::CodeButton;
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The engine met a defect of ours.
#[component]
pub fn Broken(
    /// Its code.
    code: String,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    view! {
        <main class="broken">
            <Icon name="alert" />
            <h1>{text!(i18n, shell.broken.title)}</h1>
            <p>{text!(i18n, shell.broken.safe)}</p>
            <p>{text!(i18n, shell.broken.mend)}</p>
            <div class="acts">
                <Button kind=Kind::Primary on_press=move |_| session.restart()>
                    {text!(i18n, shell.broken.restart)}
                </Button>
                <CodeButton code />
            </div>
        </main>
    }
}

/// The browser lacks something that the app stands on.
#[component]
pub fn Unsupported(
    /// What.
    missing: Vec<&'static str>,
) -> impl IntoView {
    let i18n = use_i18n();
    let what = missing.join(", ");
    view! {
        <main class="broken">
            <Icon name="alert" />
            <h1>{text!(i18n, shell.unsupported.title)}</h1>
            <p>{move || t_string!(i18n, shell.unsupported.text, what = what.clone()).to_string()}</p>
        </main>
    }
}

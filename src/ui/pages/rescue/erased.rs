//! This device was revoked: what it had not sent was handed over, and nothing is left on it.

use crate::port::WorkspaceRef;
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::dom;
use crate::ui::platform::intl::use_format;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The device is empty.
#[component]
pub fn Erased(
    /// What it was called.
    workspace: WorkspaceRef,
    /// Records, forms that were begun and not saved, and files, that were handed over.
    handed: [u32; 3],
) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let name = workspace.name;
    let text = move || match name.is_empty() {
        true => t_string!(i18n, shell.rescue.erased.text).to_owned(),
        false => t_string!(i18n, shell.rescue.erased.text_named, name = name.clone()).to_string(),
    };
    let words = move || {
        let [count, begun, _] = handed.map(|number| format.number(number));
        match handed {
            [0, 0, 0] => Some(t_string!(i18n, shell.rescue.erased.nothing).to_owned()),
            [0, 0, _] => None,
            [_, 0, _] => Some(t_string!(i18n, shell.rescue.erased.handed, count = count).to_string()),
            [0, _, _] => Some(t_string!(i18n, shell.rescue.erased.begun, begun = begun).to_string()),
            _ => Some(t_string!(i18n, shell.rescue.erased.both, count = count, begun = begun).to_string()),
        }
    };
    let files = move || {
        let files = handed[2];
        let count = format.number(files);
        (files > 0).then(|| t_string!(i18n, shell.rescue.erased.files, count = count).to_string())
    };
    let line = |words: String| {
        view! { <p class="hello-i rescue-w rescue-ok"><Icon name="shield" /><span>{words}</span></p> }
    };
    Effect::new(|| request_animation_frame(|| dom::focus_heading(".rescue h1")));
    view! {
        <main class="hello hello-f scroll rescue">
            <div class="hello-c">
                <span class="empty-i"><Icon name="shield" /></span>
                <h1>{text!(i18n, shell.rescue.erased.title)}</h1>
                <p>{text}</p>
                {move || words().map(line)}
                {move || files().map(line)}
                <div class="acts">
                    <Button kind=Kind::Quiet on_press=move |_| session.forget()>{text!(i18n, shell.rescue.erased.fresh)}</Button>
                </div>
            </div>
        </main>
    }
}

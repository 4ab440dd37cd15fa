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
    /// Records that were handed over.
    handed: u32,
    /// Forms that were begun and not saved, handed over too.
    drafts: u32,
) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let name = workspace.name;
    let text = move || match name.is_empty() {
        true => t_string!(i18n, shell.rescue.erased.text).to_owned(),
        false => t_string!(i18n, shell.rescue.erased.text_named, name = name.clone()).to_string(),
    };
    let words = move || {
        let (count, begun) = (format.number(handed), format.number(drafts));
        match (handed, drafts) {
            (0, 0) => t_string!(i18n, shell.rescue.erased.nothing).to_owned(),
            (_, 0) => t_string!(i18n, shell.rescue.erased.handed, count = count).to_string(),
            (0, _) => t_string!(i18n, shell.rescue.erased.begun, begun = begun).to_string(),
            _ => t_string!(i18n, shell.rescue.erased.both, count = count, begun = begun).to_string(),
        }
    };
    Effect::new(|| request_animation_frame(|| dom::focus_heading(".rescue h1")));
    view! {
        <main class="hello hello-f scroll rescue">
            <div class="hello-c">
                <span class="empty-i"><Icon name="shield" /></span>
                <h1>{text!(i18n, shell.rescue.erased.title)}</h1>
                <p>{text}</p>
                <p class="hello-i rescue-w rescue-ok"><Icon name="shield" /><span>{words}</span></p>
                <div class="acts">
                    <Button kind=Kind::Quiet on_press=move |_| session.forget()>{text!(i18n, shell.rescue.erased.fresh)}</Button>
                </div>
            </div>
        </main>
    }
}

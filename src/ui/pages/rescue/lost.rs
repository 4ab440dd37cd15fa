//! The browser threw the workspace's data away: what is lost, and joining again right here.

use crate::port::WorkspaceRef;
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::welcome::JoinForm;
use crate::ui::platform::intl::use_format;
use crate::ui::platform::{dom, settings};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The store is gone.
#[component]
pub fn Lost(
    /// What is remembered of it.
    workspace: WorkspaceRef,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let passphrase = RwSignal::new(String::new());
    let WorkspaceRef { id, name } = workspace;
    let text = move || match name.is_empty() {
        true => t_string!(i18n, shell.rescue.lost.text).to_owned(),
        false => t_string!(i18n, shell.rescue.lost.text_named, name = name.clone()).to_string(),
    };
    Effect::new(|| request_animation_frame(|| dom::focus_heading(".rescue h1")));
    view! {
        <main class="hello hello-f scroll rescue">
            <div class="hello-c">
                <span class="empty-i"><Icon name="drive" /></span>
                <h1>{text!(i18n, shell.rescue.lost.title)}</h1>
                <p>{text}</p>
                <WhatIsLost workspace=id />
                <section class="card rescue-j">
                    <h2>{text!(i18n, shell.rescue.lost.join)}</h2>
                    <JoinForm passphrase on_begin=|()| () on_failed=|()| () on_done=|()| () />
                </section>
                <p class="k">{text!(i18n, shell.rescue.lost.again)}</p>
                <div class="acts">
                    <Button kind=Kind::Quiet on_press=move |_| session.forget()>{text!(i18n, shell.rescue.lost.fresh)}</Button>
                </div>
            </div>
        </main>
    }
}

/// What was synced is on the server; what waited is gone, with how much that was, if that is known.
#[component]
fn WhatIsLost(workspace: String) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let waited = settings::waiting(&workspace);
    let words = move || match waited {
        Some(0) => t_string!(i18n, shell.rescue.lost.nothing).to_owned(),
        Some(count) => t_string!(i18n, shell.rescue.lost.some, count = format.number(count)).to_string(),
        None => t_string!(i18n, shell.rescue.lost.unknown).to_owned(),
    };
    let icon = if waited == Some(0) { "shield" } else { "waiting" };
    view! { <p class="hello-i rescue-w" class:rescue-ok=waited == Some(0)><Icon name=icon /><span>{words}</span></p> }
}

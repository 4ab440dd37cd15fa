//! The root: what every screen stands on, and which of the great states is shown.

use crate::port::{FailureCode, Session as Phase, WorkspaceRef};
use crate::ui::i18n::{I18nLocaleTrait, I18nSubContextProvider, use_i18n};
use crate::ui::pages::lock::Lock;
use crate::ui::pages::rescue::{Erased, Lost, Unusable};
use crate::ui::pages::team::Removed;
use crate::ui::pages::welcome::Welcome;
use crate::ui::platform::history::History;
use crate::ui::platform::incoming::Incoming;
use crate::ui::platform::install::Installer;
use crate::ui::platform::invitation::Invitation;
use crate::ui::platform::joining::Joining;
use crate::ui::platform::sw::Update;
use crate::ui::platform::theme::Themes;
use crate::ui::platform::{boot, cover, keyboard, locale, online, panic, taps};
use crate::ui::routes::Nav;
use crate::ui::session::Session;
use crate::ui::shell::{Broken, Frame, Unsupported};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Mounts the app into `#root`. The first paint does not wait for the engine.
pub fn mount() {
    panic::hook();
    let Some(root) = document().get_element_by_id("root") else { return };
    mount_to(root.unchecked_into(), App).forget();
    boot::remove_first_paint();
}

#[component]
fn App() -> impl IntoView {
    view! {
        <I18nSubContextProvider initial_locale=Signal::stored(locale::initial())>
            <Root />
        </I18nSubContextProvider>
    }
}

/// Whether the person is still being welcomed: the recovery sheet comes after the workspace is open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Welcoming(pub(crate) RwSignal<bool>);

/// What fills the page.
#[derive(Debug, Clone, PartialEq)]
enum Stage {
    Broken(String),
    Welcome,
    Locked,
    /// Of this workspace: nothing that a screen remembers of one is shown in another.
    Open(String),
    Removed,
    Lost(WorkspaceRef),
    Erased(WorkspaceRef, [u32; 3]),
    Unusable(FailureCode),
}

#[component]
fn Root() -> impl IntoView {
    let i18n = use_i18n();
    Effect::new(move || {
        if let Some(root) = document().document_element() {
            drop(root.set_attribute("lang", i18n.get_locale().as_str()));
        }
    });
    provide_context(Themes::follow());
    let missing = boot::missing();
    if !missing.is_empty() {
        return view! { <Unsupported missing /> }.into_any();
    }
    view! { <Started /> }.into_any()
}

#[component]
fn Started() -> impl IntoView {
    // Before anything else: its secret must not stay in the address bar.
    provide_context(Invitation::follow());
    provide_context(Joining::follow());
    provide_context(Incoming::follow());
    let session = Session::start(use_i18n().get_locale_untracked().as_str());
    let welcoming = Welcoming(RwSignal::new(false));
    provide_context(session);
    provide_context(welcoming);
    provide_context(Nav::new(History::follow()));
    provide_context(Installer::follow());
    provide_context(Update::follow());
    cover::follow();
    keyboard::follow();
    taps::follow();
    online::follow(move |nudge| session.nudge(nudge));
    // Whoever locks in the middle of the welcome comes back to the workspace, not to its first step.
    Effect::new(move |_| {
        if matches!(session.phase().get(), Some(Phase::Locked { .. })) {
            welcoming.0.set(false);
        }
    });
    // Who was removed is told so first, once for each time that the workspace is opened.
    let looking = RwSignal::new(false);
    Effect::new(move |_| {
        if !session.standing().removed || matches!(session.phase().get(), Some(Phase::Locked { .. })) {
            looking.set(false);
        }
    });
    let stage = Memo::new(move |_| stage(session, welcoming, looking));
    move || match stage.get() {
        Stage::Broken(code) => view! { <Broken code /> }.into_any(),
        Stage::Welcome => view! { <Welcome /> }.into_any(),
        Stage::Locked => view! { <Lock /> }.into_any(),
        Stage::Open(_) => view! { <Frame /> }.into_any(),
        Stage::Removed => view! { <Removed on_look=move |()| looking.set(true) /> }.into_any(),
        Stage::Lost(workspace) => view! { <Lost workspace /> }.into_any(),
        Stage::Erased(workspace, handed) => view! { <Erased workspace handed /> }.into_any(),
        Stage::Unusable(code) => view! { <Unusable code /> }.into_any(),
    }
}

fn stage(session: Session, welcoming: Welcoming, looking: RwSignal<bool>) -> Stage {
    if let Some(code) = session.broken().get() {
        return Stage::Broken(code);
    }
    match session.phase().get() {
        Some(Phase::Lost { workspace }) => Stage::Lost(workspace),
        Some(Phase::Erased { workspace, handed, drafts, files }) => {
            Stage::Erased(workspace, [handed, drafts, files])
        }
        Some(Phase::Unusable(code)) => Stage::Unusable(code),
        Some(Phase::Open { workspace }) if !welcoming.0.get() => {
            match session.standing().removed && !looking.get() {
                true => Stage::Removed,
                false => Stage::Open(workspace.id),
            }
        }
        Some(Phase::Open { .. } | Phase::None) => Stage::Welcome,
        Some(Phase::Locked { .. }) => Stage::Locked,
        None if session.adding().is_some() || session.chosen().is_none() => Stage::Welcome,
        None => Stage::Locked,
    }
}

//! The first minutes: language, a workspace made here or brought here, its passphrase, the recovery
//! sheet, and a word about installing.

mod create;
mod install;
mod invited;
mod join;
mod made_up;
mod recovery;
mod restore;
mod start;
mod strength;

use self::create::Create;
pub(super) use self::create::Failed;
use self::install::InstallHint;
use self::invited::InvitedStep;
pub(in crate::ui::pages) use self::invited::{NotOpen, Read, look, title_of};
use self::join::Join;
pub use self::join::JoinForm;
use self::made_up::MadeUp;
use self::recovery::Recovery;
pub(super) use self::recovery::{Paper, PrintSheet, is_group};
use self::restore::Restore;
use self::start::Start;
pub(in crate::ui::pages) use self::strength::{Strength, judge};
use crate::port::SampleSize;
use crate::ui::app::Welcoming;
use crate::ui::i18n::{td_string, use_i18n};
use crate::ui::platform::dom;
use crate::ui::platform::install::{Install, Installer};
use crate::ui::platform::invitation::{Invitation, use_invitation};
use crate::ui::platform::joining::use_joining;
use crate::ui::routes::{Place, use_nav};
use crate::ui::session::{Adding, use_session};
use leptos::prelude::*;

/// Where in the first minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Before anything is made: what is made in the browser would not be in the app that is installed later.
    InstallFirst,
    Start,
    Invited,
    Create,
    Join,
    Restore,
    Recovery,
    Install,
    Sample(SampleSize),
}

impl Step {
    /// Whether it was chosen among the ways in.
    fn is_way_in(self) -> bool {
        matches!(self, Self::Create | Self::Join | Self::Restore)
    }
}

/// What the steps hand on. The passphrase leaves memory with the screen.
#[derive(Clone, Copy)]
pub(super) struct Journey {
    pub(super) step: RwSignal<Step>,
    pub(super) name: RwSignal<String>,
    pub(super) passphrase: RwSignal<String>,
    welcoming: RwSignal<bool>,
}

impl Journey {
    /// The workspace is about to open; the welcome goes on after that.
    pub(super) fn stay(self) {
        self.welcoming.set(true);
    }

    /// The workspace did not open.
    pub(super) fn no_longer_stay(self) {
        self.welcoming.set(false);
    }

    /// Back to the ways in.
    pub(super) fn back(self) {
        self.step.set(Step::Start);
    }

    /// Begins work.
    pub(super) fn end(self) {
        self.passphrase.set(String::new());
        self.welcoming.set(false);
    }
}

fn first_step(invitation: Invitation) -> Step {
    match invitation.get_untracked() {
        Some(_) => Step::Invited,
        None if untrack(|| use_joining().is_there()) => Step::Join,
        None => Step::Start,
    }
}

/// The hint comes before the ways in where installing later would mean beginning again.
fn before_all(install: Install, first: Step) -> Step {
    match (install, first) {
        (Install::ByHand, Step::Start) => Step::InstallFirst,
        _ => first,
    }
}

/// The welcome.
#[component]
pub fn Welcome() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let Welcoming(welcoming) = expect_context();
    let session = use_session();
    let installer: Installer = expect_context();
    let invitation = use_invitation();
    let first = match untrack(|| session.adding()) {
        Some(Adding::Own) => Step::Create,
        Some(Adding::Sample(size)) => Step::Sample(size),
        Some(Adding::Any) => first_step(invitation),
        None => before_all(untrack(|| installer.state()), first_step(invitation)),
    };
    let hinted = first == Step::InstallFirst;
    let journey = Journey {
        step: RwSignal::new(first),
        name: RwSignal::new(String::new()),
        passphrase: RwSignal::new(String::new()),
        welcoming,
    };
    Effect::new(move || {
        let locale = i18n.get_locale();
        dom::set_title(&format!(
            "{} · {}",
            td_string!(locale, shell.title.start),
            td_string!(locale, common.app)
        ));
    });
    Effect::new(move |before: Option<Step>| {
        let now = journey.step.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(|| dom::focus_heading(".hello h1, .hello h2"));
        }
        // The browser's own way back leads to the ways in, and not out of the app.
        if before == Some(Step::Start) && now.is_way_in() {
            nav.mark();
        }
        now
    });
    let back = window_event_listener(leptos::ev::popstate, move |_| {
        if journey.step.get_untracked().is_way_in() {
            journey.back();
        }
    });
    on_cleanup(move || back.remove());
    let joining = use_joining();
    Effect::new(move || {
        if joining.is_there() && journey.step.get_untracked() == Step::Start {
            journey.step.set(Step::Join);
        }
    });
    // A link may be opened while the welcome is on the screen.
    Effect::new(move || {
        if invitation.get().is_some() && journey.step.get_untracked() == Step::Start {
            journey.step.set(Step::Invited);
        }
    });
    let finish = move || {
        nav.go_instead(Place::Today);
        journey.end();
    };
    let after_sheet = Callback::new(move |()| match untrack(|| installer.state()) {
        Install::Nothing => finish(),
        Install::ByHand if hinted => finish(),
        Install::Offered | Install::ByHand => journey.step.set(Step::Install),
    });
    move || match journey.step.get() {
        Step::InstallFirst => {
            let go_on = move |()| journey.step.set(first_step(invitation));
            view! { <InstallHint first=true on_done=go_on /> }.into_any()
        }
        Step::Start => view! { <Start journey /> }.into_any(),
        Step::Invited => view! { <InvitedStep journey /> }.into_any(),
        Step::Create => view! { <Create journey /> }.into_any(),
        Step::Join => view! { <Join journey on_done=after_sheet /> }.into_any(),
        Step::Restore => view! { <Restore journey on_done=after_sheet /> }.into_any(),
        Step::Recovery => view! { <Recovery journey on_done=after_sheet /> }.into_any(),
        Step::Sample(size) => view! { <MadeUp journey size /> }.into_any(),
        Step::Install => view! { <InstallHint first=false on_done=move |()| finish() /> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_installed_app_begins_empty_it_is_installed_first() {
        assert_eq!(before_all(Install::ByHand, Step::Start), Step::InstallFirst);
        assert_eq!(before_all(Install::Offered, Step::Start), Step::Start);
        assert_eq!(before_all(Install::Nothing, Step::Start), Step::Start);
        assert_eq!(before_all(Install::ByHand, Step::Invited), Step::Invited);
    }
}

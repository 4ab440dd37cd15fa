//! Leaving the team oneself.

use super::twice::Twice;
use super::work::Work;
use crate::port::TeamChange;
use crate::ui::i18n::use_i18n;
use crate::ui::routes::use_nav;
use leptos::prelude::*;

/// What it means is said first; then it is the passphrase and one press.
#[component]
pub(super) fn Leave() -> impl IntoView {
    let (i18n, nav, work) = (use_i18n(), use_nav(), Work::new());
    let asked = RwSignal::new(false);
    let leave = move |passphrase| work.run(TeamChange::Leave { passphrase }, move |_| nav.close());
    let words = text!(i18n, team.member.leave_do);
    view! {
        <section class="stack team-end">
            <Twice work asked icon="export" first=text!(i18n, team.member.leave) words on_sure=leave>
                <p class="hello-e" role="alert">{text!(i18n, team.member.leave_text)}</p>
            </Twice>
        </section>
    }
}

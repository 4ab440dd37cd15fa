//! Where something would be written by whoever may only read: why it is not there.

use crate::ui::components::{Empty, SheetFrame};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;

fn why() -> Signal<String> {
    let (i18n, session) = (use_i18n(), use_session());
    Signal::derive(move || match session.standing().removed {
        true => t_string!(i18n, team.read_only.removed).to_owned(),
        false => t_string!(i18n, team.read_only.text).to_owned(),
    })
}

/// In place of a sheet.
#[component]
pub fn ReadOnlySheet() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    view! {
        <SheetFrame title=text!(i18n, team.read_only.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            <Empty icon="eye" text=why() />
        </SheetFrame>
    }
}

/// In place of a screen.
#[component]
pub fn ReadOnlyPage() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <main class="pane pane-sync pane-strip">
            <TopBar title=text!(i18n, team.read_only.title) />
            <OfflineStrip />
            <div class="scroll"><div class="narrow"><Empty icon="eye" text=why() /></div></div>
        </main>
    }
}

//! The sheet that goes to another workspace, or adds one.

use super::WorkspaceList;
use crate::ui::components::{Button, SheetFrame};
use crate::ui::i18n::use_i18n;
use crate::ui::routes::{Place, Sheet, use_nav};
use crate::ui::session::{Adding, use_session};
use leptos::prelude::*;

/// The sheet.
#[component]
pub fn WorkspacesSheet() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let add = move |_| {
        nav.go_instead(Place::Today);
        session.add(Adding::Any);
    };
    view! {
        <SheetFrame title=text!(i18n, workspaces.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            <p class="k">{text!(i18n, workspaces.apart)}</p>
            <WorkspaceList />
            <Show when=move || !session.is_sample()>
                <Button icon="plus" on_press=move |_| nav.open(Sheet::Territory)>{text!(i18n, workspaces.territory.title)}</Button>
            </Show>
            <Button icon="plus" on_press=add>{text!(i18n, workspaces.add)}</Button>
            <p class="k">{text!(i18n, workspaces.remove)} " " <a href=Place::Backup.href()>{text!(i18n, backup.remove.title)}</a></p>
        </SheetFrame>
    }
}

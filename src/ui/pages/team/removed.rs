//! What somebody sees who is a member no more, or whose workspace was deleted: what happened, what is kept, and what she can do with it.

use crate::port::{Query, Session as Phase, Team};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::backup::SaveBackup;
use crate::ui::platform::dom;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The screen, in place of the app until she goes on.
#[component]
pub fn Removed(
    /// Called when she wants to look at what is here.
    #[prop(into)]
    on_look: Callback<()>,
) -> impl IntoView {
    let (i18n, format, nav, session) = (use_i18n(), use_format(), use_nav(), use_session());
    let workspace = session.phase().with_untracked(|phase| match phase {
        Some(Phase::Open { workspace }) => workspace.name.clone(),
        _ => String::new(),
    });
    let unsent = Memo::new(move |_| session.sync().get().map_or(0, |status| status.waiting));
    let team = session.watch::<Box<Team>>(|| Query::Team);
    let deleted = move || session.standing().deleted;
    let text = move || {
        let workspace = workspace.clone();
        match team.with(|team| team.as_ref().and_then(|team| team.deleted_by.clone())) {
            _ if !deleted() => t_string!(i18n, team.removed.text, workspace = workspace).to_string(),
            Some(by) if !by.is_empty() => {
                t_string!(i18n, team.deleted.by, name = by, workspace = workspace).to_string()
            }
            _ => t_string!(i18n, team.deleted.text, workspace = workspace).to_string(),
        }
    };
    let title = move |locale: Locale| match deleted() {
        true => td_string!(locale, team.deleted.title),
        false => td_string!(locale, team.removed.title),
    };
    let mistake = move || match deleted() {
        true => t_string!(i18n, team.deleted.mistake),
        false => t_string!(i18n, team.removed.mistake),
    };
    let kept = move || match unsent.get() {
        0 => t_string!(i18n, team.removed.nothing).to_owned(),
        count => t_string!(i18n, team.removed.unsent, count = format.number(count)).to_string(),
    };
    let erase = move |_| {
        nav.go_instead(Place::Backup);
        on_look.run(());
    };
    Effect::new(move || {
        let locale = i18n.get_locale();
        let (title, app) = (td_string!(locale, team.title), td_string!(locale, common.app));
        dom::set_title(&format!("{title} · {app}"));
    });
    Effect::new(|| request_animation_frame(|| dom::focus_heading(".hello h1")));
    view! {
        <main class="hello hello-f scroll">
            <div class="hello-c">
                <span class="empty-i"><Icon name="lock" /></span>
                <h1>{move || title(i18n.get_locale())}</h1>
                <p>{text}</p>
                <p class="hello-i" role="status">{kept}</p>
                <SaveBackup words=text!(i18n, team.removed.save) />
                <div class="acts">
                    <Button kind=Kind::Plain on_press=move |_| on_look.run(())>{text!(i18n, team.removed.look)}</Button>
                    <Button kind=Kind::Quiet on_press=erase>{text!(i18n, team.removed.erase)}</Button>
                </div>
                <p>{mistake}</p>
            </div>
        </main>
    }
}

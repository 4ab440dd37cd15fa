//! What somebody sees who is a member no more: what happened, what is kept, and what she can do with it.

use crate::port::Session as Phase;
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{t_string, td_string, use_i18n};
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
    let text = move || t_string!(i18n, team.removed.text, workspace = workspace.clone()).to_string();
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
                <h1>{text!(i18n, team.removed.title)}</h1>
                <p>{text}</p>
                <p class="hello-i" role="status">{kept}</p>
                <SaveBackup words=text!(i18n, team.removed.save) />
                <div class="acts">
                    <Button kind=Kind::Plain on_press=move |_| on_look.run(())>{text!(i18n, team.removed.look)}</Button>
                    <Button kind=Kind::Quiet on_press=erase>{text!(i18n, team.removed.erase)}</Button>
                </div>
                <p>{text!(i18n, team.removed.mistake)}</p>
            </div>
        </main>
    }
}

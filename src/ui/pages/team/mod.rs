//! The team: who works here, who is invited, and what the person at this device may change about it.

mod compare;
mod invitations;
mod invite;
mod leave;
mod log;
mod member;
mod new_key;
mod people;
mod read_only;
mod removed;
mod rename;
mod twice;
mod words;
mod work;

pub use invite::InviteSheet;
pub use member::MemberSheet;
pub use read_only::{ReadOnlyPage, ReadOnlySheet};
pub use removed::Removed;
pub use words::{role_may, role_word};

use self::invitations::Invitations;
use self::log::Log;
use self::new_key::NewKey;
use self::people::People;
use crate::port::{Query, SyncPhase};
use crate::ui::components::{Icon, Skeleton};
use crate::ui::i18n::use_i18n;
use crate::ui::session::{Session, use_session};
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;

/// What the page shows.
type Page = ReadSignal<Option<Box<crate::port::Team>>>;

/// The screen.
#[component]
pub fn Team() -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let page: Page = session.watch(|| Query::Team);
    let here = Memo::new(move |_| page.with(Option::is_some));
    view! {
        <main class="pane pane-sync pane-strip">
            <TopBar title=text!(i18n, team.title) />
            <OfflineStrip />
            <div class="scroll" tabindex="0" role="region" aria-label=text!(i18n, team.title)>
                <div class="narrow">
                    <Show when=move || here.get() fallback=|| view! { <div class="pad"><Skeleton lines=5 /></div> }>
                        <Notes page />
                        <People page />
                        <Invitations page />
                        <NewKey page />
                        <Log page />
                    </Show>
                </div>
            </div>
        </main>
    }
}

/// Whether the server is out of reach: nothing about a team can be changed then.
fn is_offline(session: Session) -> Memo<bool> {
    Memo::new(move |_| session.sync().get().is_some_and(|status| status.phase == SyncPhase::Offline))
}

/// Said before anybody tries: what does not work now, and what is not to be trusted.
#[component]
fn Notes(page: Page) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let offline = is_offline(session);
    let doubtful = Memo::new(move |_| page.with(|page| page.as_deref().is_some_and(|team| team.doubtful)));
    view! {
        <Show when=move || doubtful.get()>
            <p class="hello-e" role="alert">{text!(i18n, team.doubt)}</p>
        </Show>
        <Show when=move || offline.get()>
            <p class="hello-i team-n" role="status"><Icon name="offline" /><span>{text!(i18n, team.offline)}</span></p>
        </Show>
    }
}

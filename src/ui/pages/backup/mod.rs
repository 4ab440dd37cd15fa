//! Backups: making one, bringing one in, and removing the workspace from this device.

mod delete;
mod folder;
mod keeper;
mod make;
mod preview;
mod remove;
mod restore;
mod words;

pub use self::keeper::provide_keeper;
pub use self::make::{Reminder, SaveBackup};
pub use self::restore::{Entry, RestoreSteps, RestoreWork};
pub use self::words::kind_word;

use self::delete::Delete;
use self::folder::IntoFolder;
use self::make::Make;
use self::remove::Remove;
use crate::port::{BackupPage, Query, Session as Phase};
use crate::ui::i18n::use_i18n;
use crate::ui::platform::incoming::{Opened, use_incoming};
use crate::ui::session::{Session, use_session};
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;

/// The screen.
#[component]
pub fn Backup() -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let page = session.watch::<BackupPage>(|| Query::Backup);
    let cut_off = move || page.get().is_some_and(|page| page.cut_off);
    let work = RestoreWork::new(session, None);
    let incoming = use_incoming();
    Effect::new(move || {
        if incoming.waits() == Some(Opened::Backup)
            && let Some(file) = incoming.take(Opened::Backup).first()
        {
            work.verify(file);
        }
    });
    view! {
        <main class="pane pane-sync pane-strip">
            <TopBar title=text!(i18n, backup.title) />
            <OfflineStrip />
            <div class="scroll" tabindex="0" role="region" aria-label=text!(i18n, backup.title)>
                <div class="narrow">
                    <Make page />
                    <IntoFolder />
                    <section class="sec wr">
                        <div class="sec-h"><h2>{text!(i18n, backup.restore.title)}</h2></div>
                        <Show when=cut_off>
                            <p class="hello-e" role="alert">{text!(i18n, backup.restore.cut_off)}</p>
                        </Show>
                        <RestoreSteps work />
                    </section>
                    <Remove page />
                    <Delete page />
                </div>
            </div>
        </main>
    }
}

/// The database of the workspace that is open.
fn workspace(session: Session) -> Option<String> {
    session.phase().with_untracked(|phase| match phase {
        Some(Phase::Open { workspace }) => Some(workspace.id.clone()),
        _ => None,
    })
}

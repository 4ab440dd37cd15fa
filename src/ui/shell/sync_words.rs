//! Where syncing stands, in an icon and a word.

use crate::port::{SyncPhase, SyncStatus};
use crate::ui::i18n::{Locale, td_string};
use crate::ui::platform::intl::Format;

/// An icon, a word, and a number if there is one to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncLine {
    /// The icon.
    pub icon: &'static str,
    /// The words.
    pub words: String,
    /// Drawn inside the icon.
    pub count: Option<String>,
}

/// The most urgent thing that can be said: what to review, then what waits, then the state.
pub fn sync_line(locale: Locale, format: Format, status: Option<SyncStatus>) -> SyncLine {
    let line = |icon, words: &str| SyncLine { icon, words: words.to_owned(), count: None };
    let Some(status) = status else { return line("waiting", td_string!(locale, shell.sync.idle)) };
    let to_look_at = status.review + status.aside;
    if to_look_at > 0 {
        let count = format.number(to_look_at);
        let words = td_string!(locale, shell.sync.review, count = count.clone()).to_string();
        return SyncLine { icon: "review", words, count: None };
    }
    match status.phase {
        SyncPhase::Syncing => line("waiting", td_string!(locale, shell.sync.syncing)),
        _ if status.waiting + status.files > 0 => waiting(locale, format, status.waiting + status.files),
        SyncPhase::Synced if status.differs || status.forked => {
            line("alert", td_string!(locale, shell.sync.trouble))
        }
        SyncPhase::Synced => line("synced", td_string!(locale, shell.sync.synced)),
        SyncPhase::Offline => line("offline", td_string!(locale, shell.sync.offline)),
        SyncPhase::Trouble(_) => line("alert", td_string!(locale, shell.sync.trouble)),
        SyncPhase::Apart => line("drive", td_string!(locale, workspaces.sample.sync)),
        SyncPhase::Idle | SyncPhase::Waiting => line("waiting", td_string!(locale, shell.sync.idle)),
    }
}

fn waiting(locale: Locale, format: Format, waiting: u32) -> SyncLine {
    const FITS_INSIDE: u32 = 99;
    let count = format.number(waiting);
    let words = td_string!(locale, shell.sync.waiting, count = count.clone()).to_string();
    SyncLine { icon: "waiting", words, count: (waiting <= FITS_INSIDE).then_some(count) }
}

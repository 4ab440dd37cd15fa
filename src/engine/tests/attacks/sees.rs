//! What a person sees of an attack, and in which words.

use super::super::world::Tab;
use super::scene::{aside, failed, patiently};
use crate::port::{AsideReason, Failure, FailureCode, SyncPhase, SyncStatus, SyncTrouble};
use serde_json::Value;

/// What the person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sees {
    /// Nothing is to be done: the lie changes nothing, or is mended at once.
    Nothing,
    /// The server cannot be used, and why.
    Trouble(SyncTrouble),
    /// The server contradicts what it said before.
    Contradicts,
    /// The server holds something else than this device.
    Differs,
    /// Records were set aside, and why.
    Aside(AsideReason),
    /// What she asked for fails, and why.
    Fails(FailureCode),
    /// The list of devices says so, by this text.
    Listed(&'static str),
    /// A revoked device says how much it handed over; whether that comes, only its coming says.
    Handed,
}

impl Sees {
    /// Waits until a tab shows it.
    pub(super) async fn shown(self, tab: &Tab) {
        match self {
            Self::Nothing => patiently(tab, is_whole).await,
            Self::Trouble(trouble) => {
                patiently(tab, move |sync| sync.phase == SyncPhase::Trouble(trouble)).await;
            }
            Self::Contradicts => patiently(tab, |sync| sync.forked).await,
            Self::Differs => patiently(tab, |sync| sync.differs).await,
            Self::Aside(reason) => {
                patiently(tab, |sync| sync.aside > 0).await;
                let reasons = aside(tab).await;
                assert!(reasons.contains(&reason), "{reasons:?}");
            }
            Self::Fails(_) | Self::Listed(_) | Self::Handed => panic!("{self:?} is no status"),
        }
    }

    /// Holds it against how a command ended.
    pub(super) fn ended<T: std::fmt::Debug>(self, with: Result<T, Failure>) {
        assert_eq!(Self::Fails(failed(with)), self);
    }

    /// The words on the screen, in a language.
    pub(super) fn words(self, language: &str) -> String {
        let place = match self {
            Self::Nothing => return String::new(),
            Self::Trouble(trouble) => ["sync", "trouble", trouble_key(trouble)],
            Self::Contradicts => ["sync", "line", "forked"],
            Self::Differs => ["sync", "line", "differs"],
            Self::Aside(reason) => ["sync", "aside", aside_key(reason)],
            Self::Fails(code) => ["errors", failure_key(code), "what"],
            Self::Listed(key) => ["security", "devices", key],
            Self::Handed => {
                return texts(language, "shell")["rescue"]["erased"]["handed"]
                    .as_str()
                    .map(str::to_owned)
                    .expect("a text");
            }
        };
        text(language, place)
    }
}

/// Everything is on both sides, compared, and nothing is left to look at.
pub(super) fn is_whole(sync: &SyncStatus) -> bool {
    let fine = sync.phase == SyncPhase::Synced && sync.waiting == 0 && sync.aside == 0;
    fine && !sync.differs && !sync.forked
}

fn trouble_key(trouble: SyncTrouble) -> &'static str {
    match trouble {
        SyncTrouble::NotTheServer => "not_the_server",
        SyncTrouble::Refused => "refused",
        SyncTrouble::Revoked => "revoked",
        SyncTrouble::SpaceTaken => "space_taken",
        SyncTrouble::Busy => "busy",
        other => panic!("no attack ends so: {other:?}"),
    }
}

fn aside_key(reason: AsideReason) -> &'static str {
    match reason {
        AsideReason::Unopenable => "unopenable",
        AsideReason::Refused => "refused",
        AsideReason::Unreadable => "unreadable",
        other => panic!("no attack ends so: {other:?}"),
    }
}

fn failure_key(code: FailureCode) -> &'static str {
    match code {
        FailureCode::Forged => "forged",
        FailureCode::ServerLies => "server_lies",
        FailureCode::InvitationGone => "invitation_gone",
        FailureCode::FileDamaged => "file_damaged",
        FailureCode::FileNotSent => "file_not_sent",
        other => panic!("no attack ends so: {other:?}"),
    }
}

fn text(language: &str, place: [&str; 3]) -> String {
    let [file, part, key] = place;
    texts(language, file)[part][key].as_str().expect("a text for what the person sees").to_owned()
}

fn texts(language: &str, file: &str) -> Value {
    let path = format!("{}/locales/{language}/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(path).expect("the texts");
    serde_json::from_str(&file).expect("JSON")
}

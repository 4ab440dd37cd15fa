//! What failed, what is safe, what to do: every code of the engine as sentences, in this one file.

use crate::port::{FailureCode, Outcome};
use crate::ui::i18n::{Locale, td_string};

/// A failure in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentences {
    /// What failed.
    pub what: &'static str,
    /// What is safe.
    pub safe: &'static str,
    /// What to do.
    pub mend: &'static str,
}

impl Sentences {
    /// All of it on one line: what failed, what to do, what is safe.
    pub fn joined(self, locale: Locale) -> String {
        let Self { what, mend, safe } = self;
        match locale {
            Locale::en => format!("{what}. {mend} {safe}"),
            Locale::zh_CN => format!("{what}。{mend}{safe}"),
        }
    }
}

macro_rules! sentences {
    ($locale:ident, $key:ident) => {
        Sentences {
            what: td_string!($locale, errors.$key.what),
            safe: td_string!($locale, errors.$key.safe),
            mend: td_string!($locale, errors.$key.mend),
        }
    };
}

/// The sentences for a code, in a language.
pub fn sentences(locale: Locale, code: FailureCode) -> Sentences {
    match code {
        FailureCode::Invalid => sentences!(locale, invalid),
        FailureCode::Locked => sentences!(locale, locked),
        FailureCode::WrongPassphrase => sentences!(locale, wrong_passphrase),
        FailureCode::WeakPassphrase => sentences!(locale, weak_passphrase),
        FailureCode::MistypedCode => sentences!(locale, mistyped_code),
        FailureCode::WrongCode => sentences!(locale, wrong_code),
        FailureCode::UnknownAccount => sentences!(locale, unknown_account),
        FailureCode::Unreachable => sentences!(locale, unreachable),
        FailureCode::NotTheServer => sentences!(locale, not_the_server),
        FailureCode::ServerError => sentences!(locale, server_error),
        FailureCode::Refused => sentences!(locale, refused),
        FailureCode::Revoked => sentences!(locale, revoked),
        FailureCode::StorageFull => sentences!(locale, storage_full),
        FailureCode::StorageUnavailable => sentences!(locale, storage_unavailable),
        FailureCode::StorageBlocked => sentences!(locale, storage_blocked),
        FailureCode::StorageNewer => sentences!(locale, storage_newer),
        FailureCode::StorageDamaged => sentences!(locale, storage_damaged),
        FailureCode::StorageClosed => sentences!(locale, storage_closed),
        FailureCode::StorageGone => sentences!(locale, storage_gone),
        FailureCode::NotErased => sentences!(locale, not_erased),
        FailureCode::StillSealed => sentences!(locale, still_sealed),
        FailureCode::NotFound => sentences!(locale, not_found),
        FailureCode::UndoGone => sentences!(locale, undo_gone),
        FailureCode::Cancelled => sentences!(locale, cancelled),
        FailureCode::UnreadableFile => sentences!(locale, unreadable_file),
        FailureCode::OutOfMemory => sentences!(locale, out_of_memory),
        FailureCode::AlreadyHere => sentences!(locale, already_here),
        FailureCode::Unsent => sentences!(locale, unsent),
        FailureCode::NotInSync => sentences!(locale, not_in_sync),
        FailureCode::ChangedMeanwhile => sentences!(locale, changed_meanwhile),
        FailureCode::KeyMissing => sentences!(locale, key_missing),
        FailureCode::TooSoon => sentences!(locale, too_soon),
        FailureCode::NotBeside => sentences!(locale, not_beside),
        FailureCode::ReadOnly => sentences!(locale, read_only),
        FailureCode::LastOwner => sentences!(locale, last_owner),
        FailureCode::TeamFull => sentences!(locale, team_full),
        FailureCode::MistypedInvitation => sentences!(locale, mistyped_invitation),
        FailureCode::InvitationGone => sentences!(locale, invitation_gone),
        FailureCode::ServerLies => sentences!(locale, server_lies),
        FailureCode::WrongPasskey => sentences!(locale, wrong_passkey),
        FailureCode::TooManyPasskeys => sentences!(locale, too_many_passkeys),
        FailureCode::Forged => sentences!(locale, forged),
        FailureCode::PhotoUnreadable => sentences!(locale, photo_unreadable),
        FailureCode::FileTooLarge => sentences!(locale, file_too_large),
        FailureCode::FileElsewhere => sentences!(locale, file_elsewhere),
        FailureCode::FileNotSent => sentences!(locale, file_not_sent),
        FailureCode::FileDamaged => sentences!(locale, file_damaged),
        FailureCode::FileLost => sentences!(locale, file_lost),
        FailureCode::Internal => sentences!(locale, internal),
    }
}

/// What an act on many customers left undone, and why; `None` for one that was done to its end.
pub fn partly(locale: Locale, outcome: &Outcome) -> Option<String> {
    let Outcome::ChangedPartly { changed, left, why } = outcome else { return None };
    let Sentences { what, mend, .. } = sentences(locale, *why);
    // Said when the sheet is gone, and with it the formats of its locale: plain digits.
    let (changed, left) = (changed.to_string(), left.to_string());
    Some(
        td_string!(locale, errors.partly, changed = changed, left = left, what = what, mend = mend)
            .to_string(),
    )
}

/// The code to copy into a report.
pub fn code_to_copy(code: FailureCode) -> &'static str {
    match code {
        FailureCode::Invalid => "E01",
        FailureCode::Locked => "E02",
        FailureCode::WrongPassphrase => "E03",
        FailureCode::WeakPassphrase => "E04",
        FailureCode::MistypedCode => "E05",
        FailureCode::UnknownAccount => "E06",
        FailureCode::WrongCode => "E07",
        FailureCode::Unreachable => "E10",
        FailureCode::NotTheServer => "E11",
        FailureCode::ServerError => "E12",
        FailureCode::Refused => "E13",
        FailureCode::Revoked => "E14",
        FailureCode::StorageFull => "E20",
        FailureCode::StorageUnavailable => "E21",
        FailureCode::StorageBlocked => "E22",
        FailureCode::StorageNewer => "E23",
        FailureCode::StorageDamaged => "E24",
        FailureCode::StorageClosed => "E25",
        FailureCode::StorageGone => "E26",
        FailureCode::StillSealed => "E27",
        FailureCode::NotErased => "E28",
        FailureCode::NotFound => "E30",
        FailureCode::UndoGone => "E31",
        FailureCode::Cancelled => "E32",
        FailureCode::UnreadableFile => "E33",
        FailureCode::OutOfMemory => "E40",
        FailureCode::AlreadyHere => "E41",
        FailureCode::Unsent => "E42",
        FailureCode::ReadOnly => "E43",
        FailureCode::LastOwner => "E44",
        FailureCode::TeamFull => "E45",
        FailureCode::MistypedInvitation => "E46",
        FailureCode::InvitationGone => "E47",
        FailureCode::ServerLies => "E48",
        FailureCode::WrongPasskey => "E49",
        FailureCode::TooManyPasskeys => "E50",
        FailureCode::Forged => "E51",
        FailureCode::NotInSync => "E52",
        FailureCode::ChangedMeanwhile => "E56",
        FailureCode::KeyMissing => "E53",
        FailureCode::TooSoon => "E54",
        FailureCode::NotBeside => "E55",
        FailureCode::PhotoUnreadable => "E64",
        FailureCode::FileTooLarge => "E60",
        FailureCode::FileElsewhere => "E61",
        FailureCode::FileNotSent => "E62",
        FailureCode::FileDamaged => "E63",
        FailureCode::FileLost => "E65",
        FailureCode::Internal => "E99",
    }
}

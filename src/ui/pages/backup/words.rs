//! Kinds and faults in words.

use crate::port::{BackupFault, BackupKind};
use crate::ui::i18n::{Locale, td_string};
use crate::ui::platform::intl::Format;

/// Records of a kind.
pub fn kind_word(locale: Locale, kind: BackupKind) -> &'static str {
    match kind {
        BackupKind::Partner => td_string!(locale, backup.kind.partner),
        BackupKind::Interaction => td_string!(locale, backup.kind.interaction),
        BackupKind::Order => td_string!(locale, backup.kind.order),
        BackupKind::Task => td_string!(locale, backup.kind.task),
        BackupKind::View => td_string!(locale, backup.kind.view),
        BackupKind::Other => td_string!(locale, backup.kind.other),
    }
}

/// What is wrong with a file, with the place where it is known.
pub(super) fn fault_words(locale: Locale, format: Format, fault: BackupFault, bytes: u64) -> String {
    match fault {
        BackupFault::NotABackup => td_string!(locale, backup.fault.not_a_backup).to_owned(),
        BackupFault::Newer => td_string!(locale, backup.fault.newer).to_owned(),
        BackupFault::Cut { at } => td_string!(locale, backup.fault.cut, at = format.count(at)).to_string(),
        BackupFault::Damaged { at } => {
            td_string!(locale, backup.fault.damaged, at = format.count(at), size = format.count(bytes))
                .to_string()
        }
        BackupFault::OtherAccount => td_string!(locale, backup.fault.other_account).to_owned(),
        BackupFault::OtherWorkspace => td_string!(locale, backup.fault.other_workspace).to_owned(),
    }
}

/// What to do about it.
pub(super) fn fault_mend(locale: Locale, fault: BackupFault) -> &'static str {
    match fault {
        BackupFault::NotABackup => td_string!(locale, backup.fault.mend_choose),
        BackupFault::Newer => td_string!(locale, backup.fault.mend_update),
        BackupFault::Cut { .. } | BackupFault::Damaged { .. } => td_string!(locale, backup.fault.mend_copy),
        BackupFault::OtherAccount | BackupFault::OtherWorkspace => {
            td_string!(locale, backup.fault.mend_other)
        }
    }
}

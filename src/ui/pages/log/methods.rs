//! What differs from method to method: the sheet's title, the note's label and hint (R21).

use crate::ui::i18n::{Locale, td_string};
use satchel_domain::Method;

/// Methods that are offered at once; the rest stands behind "More methods".
pub(super) const FIRST: [Method; 4] = [Method::Visit, Method::Phone, Method::WeChat, Method::Mail];
/// The rest.
pub(super) const REST: [Method; 5] =
    [Method::Chat, Method::Sms, Method::Video, Method::Letter, Method::Other];

/// Whether minutes are asked for.
pub(super) fn takes_minutes(method: Method) -> bool {
    matches!(method, Method::Visit | Method::Phone | Method::Video)
}

/// The sheet's title.
pub(super) fn title_word(locale: Locale, method: Method) -> &'static str {
    match method {
        Method::Visit => td_string!(locale, log.title_visit),
        Method::Phone | Method::Video => td_string!(locale, log.title_call),
        Method::Mail => td_string!(locale, log.title_mail),
        Method::WeChat | Method::Chat | Method::Sms => td_string!(locale, log.title_chat),
        Method::Letter => td_string!(locale, log.title_letter),
        Method::Other => td_string!(locale, log.title_any),
    }
}

/// The note's label and its hint.
pub(super) fn note_words(locale: Locale, method: Method) -> (&'static str, &'static str) {
    match method {
        Method::Visit | Method::Other => (td_string!(locale, log.note), td_string!(locale, log.hint_visit)),
        Method::Phone | Method::Video => {
            (td_string!(locale, log.note_call), td_string!(locale, log.hint_call))
        }
        Method::Mail | Method::Letter => {
            (td_string!(locale, log.note_mail), td_string!(locale, log.hint_mail))
        }
        Method::WeChat | Method::Chat | Method::Sms => {
            (td_string!(locale, log.note_chat), td_string!(locale, log.hint_chat))
        }
    }
}

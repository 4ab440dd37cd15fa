//! Forms that were begun: whose they are, and whom they name.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::json;
use crate::engine::workspace::{DRAFTS, Workspace};
use satchel_domain::RecordId;
use std::collections::BTreeSet;

impl<H: Host> Workspace<H> {
    /// The forms that were begun for one of these records.
    pub(in crate::engine) async fn drafts_of(&self, own: &BTreeSet<RecordId>) -> Ended<Vec<String>> {
        let drafts = self.replica.locals(DRAFTS).await?.into_iter();
        Ok(drafts.map(|(key, _)| key).filter(|key| is_of(key, own)).collect())
    }

    /// The forms that were begun for one of these records, hold one, or name somebody of this name.
    pub(super) async fn drafts_about(&self, own: &BTreeSet<RecordId>, name: &str) -> Ended<Vec<String>> {
        let drafts = self.replica.locals(DRAFTS).await?.into_iter();
        let speaks = |key: &str, text: &str| {
            is_of(key, own)
                || own.iter().any(|id| text.contains(&as_json(*id)))
                || json::texts(text).iter().any(|said| names(said, name))
        };
        let about = drafts.filter(|(key, text)| speaks(key, &String::from_utf8_lossy(text)));
        Ok(about.map(|(key, _)| key).collect())
    }
}

/// Whether a form was begun for one of these records.
fn is_of(key: &str, own: &BTreeSet<RecordId>) -> bool {
    own.iter().any(|id| key.contains(&id.to_hex()))
}

/// An id as forms keep it.
fn as_json(RecordId(bytes): RecordId) -> String {
    let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
    format!("[{}]", numbers.join(","))
}

/// Whether a text has a name in it as words of its own. Where words are not set apart, as in Chinese, that is a whole
/// run of such characters.
fn names(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.trim().to_lowercase());
    let (Some(first), Some(last)) = (name.chars().next(), name.chars().next_back()) else { return false };
    text.match_indices(&name).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        !before.is_some_and(|before| is_one_word(before, first))
            && !after.is_some_and(|after| is_one_word(last, after))
    })
}

/// Whether two characters that follow each other belong to one word.
fn is_one_word(one: char, next: char) -> bool {
    one.is_alphanumeric() && next.is_alphanumeric() && is_ideograph(one) == is_ideograph(next)
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_name_is_found_as_words_of_its_own_r102() {
        for said in ["An", "an, and Bo", "told An", "(An)", "AN's tea", "问An好"] {
            assert!(names(said, " An "), "{said}");
        }
        for said in ["Anderson", "Jan", "Ann", "", "Dean", "A n"] {
            assert!(!names(said, "An"), "{said}");
        }
        assert!(names("Li Ming rings", "Li Ming") && !names("Li Mingde rings", "Li Ming"));
        assert!(!names("anything", "  "));
    }

    #[test]
    fn a_chinese_name_is_found_as_a_run_of_its_own_r102() {
        for said in ["安娜", "致电：安娜。", "安娜 13800000000", "安娜Li"] {
            assert!(names(said, "安娜"), "{said}");
        }
        for said in ["安娜回电", "李安娜", "安"] {
            assert!(!names(said, "安娜"), "{said}");
        }
    }
}

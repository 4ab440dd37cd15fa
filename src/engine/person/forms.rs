//! Forms that were begun: whose they are, and whom they name.

use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::json;
use crate::engine::workspace::{DRAFTS, Workspace};
use crate::port::{REACHED, VISIT};
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
        let about = drafts.filter(|(key, text)| speaks(key, &String::from_utf8_lossy(text), own, name));
        Ok(about.map(|(key, _)| key).collect())
    }

    /// Whether a form is about a record that was erased for good.
    pub(in crate::engine) async fn is_about_erased(&self, key: &str, text: &str) -> bool {
        let about = if [VISIT, REACHED].contains(&key) { ids_in(text) } else { ids_of(key) };
        self.has_erased(about).await
    }

    /// Whether a form is about such a record, or holds one.
    pub(in crate::engine) async fn names_erased(&self, key: &str, text: &str) -> bool {
        self.has_erased([ids_of(key), ids_in(text)].concat()).await
    }

    /// What cannot be read now is not known to be erased.
    async fn has_erased(&self, mut ids: Vec<RecordId>) -> bool {
        ids.retain(|id| !self.book.borrow().contains(*id));
        let rows = if ids.is_empty() { Ok(Vec::new()) } else { self.replica.how_sealed(&ids).await };
        rows.is_ok_and(|rows| rows.iter().any(|row| row.is_grave))
    }

    /// What these partners are called, as long as they are here.
    pub(in crate::engine) fn called(&self, ids: &[RecordId]) -> Vec<(RecordId, String)> {
        let book = self.book.borrow();
        let called = |id: &RecordId| Some((*id, book.partner(*id)?.card.name.clone()));
        ids.iter().filter_map(called).collect()
    }

    /// Another tab may have erased some of them: what is open here of those is not kept again.
    pub(in crate::engine) async fn let_go_of_erased(&self, called: Vec<(RecordId, String)>) {
        for (id, name) in called {
            if self.has_erased(vec![id]).await {
                let own = BTreeSet::from([id]);
                self.drafts.let_go_of(|key, text| speaks(key, text, &own, &name));
            }
        }
    }
}

/// Whether a form was begun for one of these records, holds one, or names somebody of this name.
fn speaks(key: &str, text: &str, own: &BTreeSet<RecordId>, name: &str) -> bool {
    is_of(key, own)
        || own.iter().any(|id| text.contains(&as_json(*id)))
        || json::texts(text).iter().any(|said| names(said, name))
}

/// The records in a form's key.
fn ids_of(key: &str) -> Vec<RecordId> {
    key.split(|c: char| !c.is_ascii_hexdigit()).filter_map(RecordId::from_hex).collect()
}

/// The records that a form holds, written as [`as_json`] writes them.
fn ids_in(text: &str) -> Vec<RecordId> {
    let lists = text.split('[').filter_map(|rest| Some(rest.split_once(']')?.0));
    let id = |list: &str| {
        let bytes: Option<Vec<u8>> = list.split(',').map(|number| number.trim().parse().ok()).collect();
        Some(RecordId(bytes?.try_into().ok()?))
    };
    lists.filter_map(id).collect()
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
    use super::{as_json, ids_in, ids_of, names};
    use satchel_domain::RecordId;

    #[test]
    fn the_records_of_a_form_are_found_in_its_key_and_in_its_text_r102() {
        let (one, two) = (RecordId([7; 16]), RecordId([255; 16]));
        let key = format!("handed/00000000000000ab/log/{}", one.to_hex());
        assert_eq!(ids_of(&key), [one]);
        assert_eq!(ids_of("partner/new"), []);
        let text = format!("{{\"who\":{},\"all\":[{}, [1,2]],\"say\":\"[x]\"", as_json(one), as_json(two));
        assert_eq!(ids_in(&text), [one, two]);
        assert_eq!(ids_in("nothing [1,2,3] of it"), []);
    }

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

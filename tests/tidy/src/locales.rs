//! Every text in every language, with the same holes for the same values.

use crate::Complaints;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The texts of a language: by key, the names of their holes.
pub type Texts = BTreeMap<String, BTreeSet<String>>;

/// Flattens a file of texts. Plural forms of one text count as one: languages differ in how many
/// they have.
pub fn texts(namespace: &str, json: &Value) -> Texts {
    let mut texts = Texts::new();
    gather(namespace, json, &mut texts);
    texts
}

fn gather(key: &str, json: &Value, texts: &mut Texts) {
    match json {
        Value::Object(entries) => {
            for (name, value) in entries {
                gather(&format!("{key}.{}", without_form(name)), value, texts);
            }
        }
        Value::String(text) => texts.entry(key.to_owned()).or_default().extend(holes(text)),
        _ => {
            texts.entry(key.to_owned()).or_default();
        }
    }
}

/// `visits_one` and `visits_other` are forms of `visits`.
fn without_form(name: &str) -> &str {
    let forms = ["_zero", "_one", "_two", "_few", "_many", "_other"];
    forms.iter().find_map(|form| name.strip_suffix(form)).unwrap_or(name)
}

fn holes(text: &str) -> impl Iterator<Item = String> {
    let after = text.split("{{").skip(1);
    after
        .filter_map(|rest| rest.split_once("}}"))
        .map(|(name, _)| name.split(',').next().unwrap_or_default().trim().to_owned())
}

/// Compares two languages.
pub fn check(one: (&str, &Texts), other: (&str, &Texts)) -> Complaints {
    let keys: BTreeSet<_> = one.1.keys().chain(other.1.keys()).collect();
    keys.into_iter().filter_map(|key| difference(key, one, other)).collect()
}

fn difference(key: &str, one: (&str, &Texts), other: (&str, &Texts)) -> Option<String> {
    match (one.1.get(key), other.1.get(key)) {
        (Some(_), None) => Some(format!("{key} is in {} and not in {}", one.0, other.0)),
        (None, Some(_)) => Some(format!("{key} is in {} and not in {}", other.0, one.0)),
        (Some(a), Some(b)) if a != b => {
            Some(format!("{key} has other holes in {} than in {}", one.0, other.0))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn compare(en: Value, zh: Value) -> usize {
        check(("en", &texts("a", &en)), ("zh-CN", &texts("a", &zh))).len()
    }

    #[test]
    fn equal_languages_pass_whatever_their_plurals() {
        let en = json!({ "visits_one": "{{ count }} visit", "visits_other": "{{ count }} visits", "b": { "c": "x" } });
        assert_eq!(compare(en, json!({ "visits_other": "{{ count }} 次拜访", "b": { "c": "y" } })), 0);
    }

    #[test]
    fn a_missing_text_or_hole_is_found() {
        assert_eq!(compare(json!({ "a": "x", "b": "y" }), json!({ "a": "x" })), 1);
        assert_eq!(compare(json!({ "a": "x" }), json!({ "a": "x", "b": { "c": "y" } })), 1);
        assert_eq!(compare(json!({ "a": "hello {{ name }}" }), json!({ "a": "你好 {{ nmae }}" })), 1);
    }
}

//! The app's own words, by their keys, in a language.

use crate::Outcome;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A language of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}

/// The words of one language.
#[derive(Debug, Clone)]
pub struct Words {
    language: Language,
    texts: BTreeMap<String, String>,
}

impl Words {
    /// Reads them from the app's locales.
    pub fn read(language: Language) -> Outcome<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../locales").join(language.tag());
        let mut texts = BTreeMap::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(namespace) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
            let value: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
            flatten(namespace, &value, &mut texts);
        }
        Ok(Self { language, texts })
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of a key such as `common.save`.
    pub fn text(&self, key: &str) -> Outcome<&str> {
        let found = self.texts.get(key).map(String::as_str);
        found.ok_or_else(|| format!("no text \"{key}\" in {}", self.language.tag()).into())
    }

    /// The text of a key with its gaps filled in.
    pub fn filled(&self, key: &str, gaps: &[(&str, &str)]) -> Outcome<String> {
        let text = self.text(key)?.to_owned();
        Ok(gaps.iter().fold(text, |text, (gap, value)| text.replace(&format!("{{{{ {gap} }}}}"), value)))
    }

    /// The part of a key's text before its first gap.
    pub fn stem(&self, key: &str) -> Outcome<&str> {
        Ok(self.text(key)?.split("{{").next().unwrap_or_default().trim())
    }
}

fn flatten(prefix: &str, value: &Value, texts: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) => drop(texts.insert(prefix.to_owned(), text.clone())),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| flatten(&format!("{prefix}.{name}"), value, texts));
        }
        _ => {}
    }
}

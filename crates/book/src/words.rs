//! Words that many records share, each kept once: zones, types, places, parts.

use crate::fold::fold;
use crate::slab::number;
use crate::sought::SoughtWord;
use std::collections::HashMap;
use std::rc::Rc;

#[derive(Debug, Default)]
pub(crate) struct Words {
    words: Vec<Word>,
    numbers: HashMap<Rc<str>, u32>,
}

#[derive(Debug)]
struct Word {
    text: Rc<str>,
    /// Where it differs from the text.
    folded: Option<Box<str>>,
}

impl Word {
    fn folded(&self) -> &str {
        self.folded.as_deref().unwrap_or(&self.text)
    }
}

impl Words {
    pub(crate) fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let (number, text) = (number(self.words.len()), Rc::<str>::from(word));
        let folded = Some(fold(word)).filter(|folded| folded != word).map(Into::into);
        self.words.push(Word { text: Rc::clone(&text), folded });
        self.numbers.insert(text, number);
        number
    }

    pub(crate) fn word(&self, number: u32) -> &str {
        self.words.get(number as usize).map_or("", |word| &word.text)
    }

    pub(crate) fn folded(&self, number: u32) -> &str {
        self.words.get(number as usize).map_or("", Word::folded)
    }

    /// Which words hold another, by their numbers.
    pub(crate) fn saying(&self, sought: &SoughtWord) -> Vec<bool> {
        self.words.iter().map(|word| sought.is_in(word.folded())).collect()
    }
}

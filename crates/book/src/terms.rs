//! Words that many partners are found by alike (places, tags, positions), each spelled in Latin letters once: what a
//! person typed is compared with each word once, not with each partner's. Kept beside the partners and made as they
//! come in, so that briefs hold none of it.

use crate::readings::reading;
use crate::roman::spellings;
use crate::words::Words;
use satchel_domain::{PartnerDraft, sorted};

/// The words and their spellings, by number. Only those with a Chinese character are here.
#[derive(Debug, Default)]
pub(crate) struct Terms {
    words: Words,
    spellings: Vec<Vec<String>>,
}

impl Terms {
    /// The numbers of a partner's words, each once.
    pub(crate) fn of(&mut self, card: &PartnerDraft) -> Box<[u32]> {
        let places =
            card.addresses.iter().flat_map(|address| [&address.city, &address.district, &address.region]);
        let words = card.tags.iter().chain(places).chain([&card.position]);
        let mut numbers: Vec<u32> = words.filter_map(|word| self.number(word.trim())).collect();
        sorted::sort(&mut numbers);
        numbers.dedup();
        numbers.into()
    }

    fn number(&mut self, word: &str) -> Option<u32> {
        if word.is_ascii() || !word.chars().any(|c| reading(c).is_some()) {
            return None;
        }
        let number = self.words.number(word);
        if number as usize == self.spellings.len() {
            self.spellings.push(spellings(word, false));
        }
        Some(number)
    }

    /// The spellings of each word, by its number.
    pub(crate) fn spellings(&self) -> impl Iterator<Item = &[String]> {
        self.spellings.iter().map(Vec::as_slice)
    }
}

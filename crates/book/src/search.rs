//! Finding partners by anything: a scan over compact bytes, ranked (R4, R40, R144).
//!
//! No index is built: ten thousand partners are a megabyte of text, and a scan of it is faster than
//! a keystroke, has full recall, and is right at once after every change.

use crate::fold::fold;
use satchel_domain::{Partner, normalise_mail, normalise_phone};

/// What a line of [`Keys`] holds; its first byte. Words are everything else: company, tags, city …
mod line {
    pub(super) const NAME: u8 = b'n';
    pub(super) const SPELLING: u8 = b's';
    pub(super) const PHONE: u8 = b'p';
    pub(super) const MAIL: u8 = b'm';
    pub(super) const CODE: u8 = b'c';
    pub(super) const WORD: u8 = b'w';
}

/// What a partner can be found by: one line each, its first byte saying what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    text: Box<str>,
    /// The name of her company, folded; it is a record of its own and has its own name.
    company: Box<str>,
}

impl Keys {
    /// The keys of a partner with the text made of it, who works for `company` (empty for nobody).
    pub(crate) fn new(text: String, company: &str) -> Self {
        Self { text: text.into(), company: fold(company).into() }
    }

    pub(crate) fn set_company(&mut self, company: &str) {
        self.company = fold(company).into();
    }

    /// What a partner itself is found by, with the spellings of its name.
    pub(crate) fn text(partner: &Partner, spellings: &[String]) -> String {
        let card = &partner.card;
        let mut text = String::new();
        let mut put = |kind: u8, key: &str| {
            if !key.is_empty() {
                text.push(char::from(kind));
                text.extend(key.chars().map(|c| if c == '\n' { ' ' } else { c }));
                text.push('\n');
            }
        };
        put(line::NAME, &fold(card.name.trim()));
        for spelling in spellings {
            put(line::SPELLING, spelling);
        }
        for phone in &card.phones {
            put(line::PHONE, normalise_phone(&phone.value).trim_start_matches('+'));
        }
        for mail in &card.mails {
            put(line::MAIL, &normalise_mail(&mail.value));
        }
        put(line::CODE, &fold(&partner.code()));
        let external = card.external.iter().map(|external| external.id.as_str());
        let messengers = card.messengers.iter().map(|point| point.value.as_str());
        let cities = card.addresses.iter().map(|address| address.city.as_str());
        let tags = card.tags.iter().map(String::as_str);
        for word in tags.chain(messengers).chain(external).chain(cities).chain([card.position.as_str()]) {
            put(line::WORD, &fold(word.trim()));
        }
        text
    }

    fn lines(&self) -> impl Iterator<Item = (u8, &str)> {
        // Every line begins with one ASCII byte.
        let own = self.text.split_terminator('\n').map(|line| (line.as_bytes()[0], &line[1..]));
        own.chain((!self.company.is_empty()).then_some((line::WORD, &*self.company)))
    }
}

/// What a person typed, ready to be compared.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    whole: String,
    words: Vec<Word>,
}

#[derive(Clone, Debug)]
struct Word {
    text: String,
    /// Its digits, when it could be a part of a phone number.
    digits: String,
}

impl Needle {
    /// `None` when nothing was typed.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let whole = fold(text.trim());
        let words: Vec<Word> = whole.split_whitespace().map(Word::new).collect();
        (!words.is_empty()).then_some(Self { whole, words })
    }

    /// How well a partner matches, the least the best; `None` when a word is nowhere in it.
    pub(crate) fn rank(&self, keys: &Keys) -> Option<u32> {
        let name = keys.lines().find(|(kind, _)| *kind == line::NAME).map_or("", |(_, name)| name);
        if name == self.whole {
            return Some(0);
        }
        let words = self.words.iter().map(|word| word.rank(keys)).sum::<Option<u32>>()?;
        Some(if name.starts_with(&self.whole) { 1 } else { 1 + words })
    }
}

impl Word {
    fn new(text: &str) -> Self {
        let phone = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-().".contains(&byte));
        let digits = if phone {
            text.bytes().filter(u8::is_ascii_digit).map(char::from).collect()
        } else {
            String::new()
        };
        Self { text: text.to_owned(), digits }
    }

    fn rank(&self, keys: &Keys) -> Option<u32> {
        keys.lines().filter_map(|(kind, key)| self.rank_line(kind, key)).min()
    }

    fn rank_line(&self, kind: u8, key: &str) -> Option<u32> {
        match kind {
            line::NAME => within(&self.text, key, [1, 3, 7]),
            line::SPELLING => spelled(self.text.as_bytes(), key),
            line::PHONE if self.digits.is_empty() => None,
            line::PHONE => within(&self.digits, key, [4, 6, 6]),
            line::MAIL => within(&self.text, key, [5, 6, 7]),
            line::CODE => {
                let code = key.strip_prefix("p-").unwrap_or(key);
                let text = self.text.strip_prefix("p-").unwrap_or(&self.text);
                (!text.is_empty() && code.starts_with(text)).then_some(4)
            }
            _ => within(&self.text, key, [8, 9, 10]),
        }
    }
}

/// The rank of `text` at the beginning of `key`, at the beginning of a word, or anywhere in it.
/// Keys are short: a plain loop beats a prepared searcher, whose preparation costs more than the search.
fn within(text: &str, key: &str, [prefix, word, anywhere]: [u32; 3]) -> Option<u32> {
    let (text, bytes) = (text.as_bytes(), key.as_bytes());
    let first = *text.first()?;
    let mut rank = None;
    for at in 0..=bytes.len().checked_sub(text.len())? {
        if bytes[at] != first || !bytes[at..].starts_with(text) {
            continue;
        }
        if at == 0 {
            return Some(prefix);
        }
        // A match of whole characters begins at one, so the text before it is whole, too.
        if !key[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
            return Some(word);
        }
        rank = Some(anywhere);
    }
    rank
}

/// The rank of a word that spells syllables from some syllable on, each by any beginning of it:
/// `zhang`, `zhangs`, `zs` and `zsan` spell `zhang san`; so does `san`, less well.
fn spelled(text: &[u8], spelling: &str) -> Option<u32> {
    if text.len() > 63 || !text.is_ascii() {
        return None;
    }
    let mut rest = Some(spelling);
    let mut first = true;
    while let Some(from) = rest {
        if from.as_bytes().first() == text.first() && spells(text, from) {
            let whole =
                first && from.bytes().filter(|byte| *byte != b' ').take(text.len()).eq(text.iter().copied());
            return Some(match (first, whole) {
                (true, true) => 2,
                (true, false) => 4,
                (false, _) => 6,
            });
        }
        first = false;
        rest = from.split_once(' ').map(|(_, rest)| rest);
    }
    None
}

/// Whether `text` is beginnings of the first words of `from`, one after the other. The bits of
/// `reached` are the lengths of `text` that the words so far can make.
fn spells(text: &[u8], from: &str) -> bool {
    let mut reached = 1u64;
    for word in from.split(' ') {
        let mut next = 0;
        for start in (0..text.len()).filter(|start| reached >> start & 1 == 1) {
            let common = text[start..].iter().zip(word.bytes()).take_while(|(a, b)| **a == *b).count();
            for length in 1..=common {
                next |= 1 << (start + length);
            }
        }
        if next >> text.len() & 1 == 1 {
            return true;
        }
        if next == 0 {
            return false;
        }
        reached = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roman::spellings;
    use satchel_domain::{ContactPoint, External, PartnerDraft, RecordId};
    use std::collections::BTreeSet;

    fn zhang_san() -> Keys {
        let card = PartnerDraft {
            name: "张三".into(),
            position: "采购经理".into(),
            phones: vec![ContactPoint::new("mobile", "138-0000-0000")],
            mails: vec![ContactPoint::new("work", "ZhangSan@Example.com")],
            tags: BTreeSet::from(["老客户".into()]),
            external: Some(External { system: "customerid".into(), id: "ALFKI".into() }),
            ..PartnerDraft::default()
        };
        let id = RecordId([0x38; 16]);
        let partner = Partner { id, card, merged_into: None, deleted: false, created_ms: 0, edited_ms: 0 };
        Keys::new(Keys::text(&partner, &spellings("张三", true)), "宏达贸易")
    }

    fn rank(text: &str) -> Option<u32> {
        Needle::new(text).and_then(|needle| needle.rank(&zhang_san()))
    }

    #[test]
    fn everything_finds_zhang_san_r144() {
        for text in [
            "zs",
            "zhang",
            "zhangsan",
            "zhang san",
            "zhangs",
            "zsan",
            "ZHANG",
            "san",
            "张",
            "三",
            "张三",
            "1380",
            "13800000000",
            "138-0000",
            "138 0000",
            "0000",
            "zhangsan@example.com",
            "example",
            "宏达",
            "老客",
            "alfki",
            "采购",
            "张 宏达",
            "ｚｓ",
        ] {
            assert!(rank(text).is_some(), "{text}");
        }
        for text in ["李", "139", "zhangsi", "zss", "sz", "w"] {
            assert_eq!(rank(text), None, "{text}");
        }
    }

    #[test]
    fn the_code_finds_with_and_without_its_letter_r3() {
        let code = RecordId([0x38; 16]).short_code();
        assert!(rank(&code).is_some());
        assert!(rank(&code.to_lowercase()[2..]).is_some());
    }

    #[test]
    fn better_matches_come_first() {
        let order = ["张三", "张", "zhang", "zs", "1380", "宏达"];
        let ranks: Vec<_> = order.iter().map(|text| rank(text)).collect();
        assert!(ranks.is_sorted(), "{ranks:?}");
    }

    #[test]
    fn long_and_odd_needles_neither_match_nor_panic() {
        for text in ["a".repeat(500), "\n".into(), "—".into(), "p-".into(), "+".into()] {
            assert_eq!(rank(&text), None, "{text:?}");
        }
    }
}

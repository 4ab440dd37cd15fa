//! Finding partners by anything: a scan over compact bytes, ranked (R4, R40, R144).
//!
//! No index is built: ten thousand partners are a megabyte of text, and a scan of it is faster than
//! a keystroke, has full recall, and is right at once after every change.

use crate::fold::fold;
use crate::typo::{keeps_an_end, one_typo};
use memchr::memmem::Finder;
use satchel_domain::{Partner, normalise_mail, normalise_phone};

/// What a line of [`Keys`] holds; its first byte. Words are everything else: tags, city …
pub(crate) mod line {
    pub(crate) const NAME: u8 = b'n';
    pub(crate) const SPELLING: u8 = b's';
    pub(crate) const PHONE: u8 = b'p';
    pub(crate) const MAIL: u8 = b'm';
    pub(crate) const CODE: u8 = b'c';
    pub(crate) const WORD: u8 = b'w';
}

/// How well a key matches: the whole of it, its beginning, the beginning of a word, or anywhere; the least the best.
type Ranks = [u32; 4];
const NAME: Ranks = [1, 3, 5, 9];
const PHONE: Ranks = [1, 6, 8, 8];
const MAIL: Ranks = [1, 7, 8, 9];
const CODE: Ranks = [1, 6, 6, 6];
const WORD: Ranks = [10, 10, 11, 12];
/// A spelling: all of it, its beginning, all its initials, beginnings of its first syllables, later syllables.
const SPELLED: [u32; 5] = [2, 4, 6, 7, 8];
/// All but one letter of a word of the name, or of another key.
const TYPO: [u32; 2] = [20, 21];

/// What a partner can be found by: one line each, its first byte saying what it is; the name first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys(Box<str>);

impl Keys {
    /// The keys with this [`Self::text`].
    pub(crate) fn new(text: String) -> Self {
        Self(text.into())
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

    /// Each line's first byte and what follows it.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u8, &str)> {
        let lines = self.0.split_terminator('\n');
        lines.filter_map(|line| Some((*line.as_bytes().first()?, line.get(1..)?)))
    }

    /// The folded name.
    pub(crate) fn name(&self) -> &str {
        self.lines().next().filter(|(kind, _)| *kind == line::NAME).map_or("", |(_, name)| name)
    }
}

/// What a person typed, ready to be compared.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    whole: String,
    words: Vec<Word>,
    /// The words as one, if there are several.
    joined: Option<Word>,
}

#[derive(Clone, Debug)]
struct Word {
    text: String,
    finder: Finder<'static>,
    /// Its digits, where they are not the text and it could be a part of a phone number.
    digits: Option<Box<Self>>,
    /// Whether it is long enough for a slip to be told from another word.
    may_err: bool,
}

impl Needle {
    /// `None` when nothing was typed.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let whole = fold(text.trim());
        let words: Vec<Word> = whole.split_whitespace().map(Word::new).collect();
        let joined = (words.len() > 1).then(|| Word::new(&whole.split_whitespace().collect::<String>()));
        (!words.is_empty()).then_some(Self { whole, words, joined })
    }

    /// How well a partner matches, who works for the one with the keys of `company`: the least the best;
    /// `None` when a word is nowhere in it.
    pub(crate) fn rank(&self, keys: &Keys, company: Option<&Keys>) -> Option<u32> {
        self.sure(keys, company).or_else(|| self.slipped(keys, company))
    }

    /// As [`Self::rank`], but for a single word without the slips, which rank behind everything that this finds.
    pub(crate) fn sure(&self, keys: &Keys, company: Option<&Keys>) -> Option<u32> {
        let words = match self.words.as_slice() {
            [word] => word.exactly(keys, company),
            words => words.iter().map(|word| word.rank(keys, company)).sum(),
        };
        let Some(words) = words else {
            return self.joined.as_ref().and_then(|word| word.nearly(keys, None));
        };
        let name = keys.name();
        match name.strip_prefix(self.whole.as_str()) {
            Some("") => Some(0),
            Some(_) => Some(1),
            None => Some(1 + words),
        }
    }

    /// How well a partner matches a single word with a slip.
    pub(crate) fn slipped(&self, keys: &Keys, company: Option<&Keys>) -> Option<u32> {
        let [word] = self.words.as_slice() else { return None };
        word.nearly(keys, company).map(|rank| 1 + rank)
    }
}

impl Word {
    fn new(text: &str) -> Self {
        let phone = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-().".contains(&byte));
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = (phone && digits != text && !digits.is_empty()).then(|| Box::new(Self::new(&digits)));
        Self {
            finder: Finder::new(text).into_owned(),
            digits,
            may_err: text.chars().count() >= 4 && text.chars().all(char::is_alphabetic),
            text: text.to_owned(),
        }
    }

    fn rank(&self, keys: &Keys, company: Option<&Keys>) -> Option<u32> {
        self.exactly(keys, company).or_else(|| self.nearly(keys, company))
    }

    fn exactly(&self, keys: &Keys, company: Option<&Keys>) -> Option<u32> {
        let exactly = self.anywhere(keys).min_some(self.spelled(keys)).min_some(self.in_company(company));
        match &self.digits {
            Some(digits) => exactly.min_some(digits.anywhere(keys)),
            None => exactly,
        }
    }

    /// The rank where a key contains it. Most partners are passed over by one look at all of their keys.
    fn anywhere(&self, keys: &Keys) -> Option<u32> {
        self.finder.find(keys.0.as_bytes())?;
        keys.lines().filter_map(|(kind, key)| self.rank_line(kind, key)).min()
    }

    fn rank_line(&self, kind: u8, key: &str) -> Option<u32> {
        match kind {
            line::NAME => within(&self.text, key, NAME),
            line::PHONE => within(&self.text, key, PHONE),
            line::MAIL => within(&self.text, key, MAIL),
            line::WORD => within(&self.text, key, WORD),
            line::CODE => {
                let code = key.strip_prefix("p-").unwrap_or(key);
                let text = self.text.strip_prefix("p-").unwrap_or(&self.text);
                (!text.is_empty() && code.starts_with(text)).then(|| within(text, code, CODE)).flatten()
            }
            _ => None,
        }
    }

    fn spelled(&self, keys: &Keys) -> Option<u32> {
        let text = self.text.as_bytes();
        if text.len() > 63 || !text.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let spellings = keys.lines().skip(1).take_while(|(kind, _)| *kind == line::SPELLING);
        spellings.filter_map(|(_, spelling)| spelled(text, spelling)).min()
    }

    fn in_company(&self, company: Option<&Keys>) -> Option<u32> {
        company.and_then(|company| within(&self.text, company.name(), WORD))
    }

    /// The rank where a word of a key is this one but for one letter.
    fn nearly(&self, keys: &Keys, company: Option<&Keys>) -> Option<u32> {
        let near = |key: &str| script_runs(key).any(|word| self.is_near(word));
        let near_line = |(kind, key): (u8, &str)| match kind {
            line::NAME => near(key).then_some(TYPO[0]),
            line::SPELLING => self.is_near_joined(key).then_some(TYPO[0]),
            line::MAIL | line::WORD => near(key).then_some(TYPO[1]),
            _ => None,
        };
        if !self.may_err {
            return None;
        }
        let in_company = || company.filter(|company| near(company.name())).map(|_| TYPO[1]);
        keys.lines().find_map(near_line).or_else(in_company)
    }

    fn is_near(&self, word: &[u8]) -> bool {
        let text = self.text.as_bytes();
        keeps_an_end(text, word) && one_typo(text, word)
    }

    /// Whether the syllables of a spelling make this word but for one letter, written as one.
    fn is_near_joined(&self, spelling: &str) -> bool {
        let syllables = || spelling.bytes().filter(|byte| *byte != b' ');
        let length = syllables().count();
        length < spelling.len()
            && length.abs_diff(self.text.len()) <= 1
            && self.is_near(&syllables().collect::<Vec<u8>>())
    }
}

/// What each byte belongs to: a word in Latin letters, one in others, or none.
const SCRIPTS: [u8; 256] = {
    let mut scripts = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        scripts[byte] = if byte > 0x7f { 2 } else { (byte as u8).is_ascii_alphanumeric() as u8 };
        byte += 1;
    }
    scripts
};

/// The words of a key, Latin ones apart from others, and what stands between them: `宏达trading 7` has three words.
fn script_runs(key: &str) -> impl Iterator<Item = &[u8]> {
    let mut rest = key.as_bytes();
    std::iter::from_fn(move || {
        let script = SCRIPTS[usize::from(*rest.first()?)];
        let end = rest.iter().position(|byte| SCRIPTS[usize::from(*byte)] != script);
        let (run, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        Some(run)
    })
}

/// The lesser of two ranks, if there is one.
trait MinSome {
    fn min_some(self, other: Self) -> Self;
}

impl MinSome for Option<u32> {
    fn min_some(self, other: Self) -> Self {
        self.into_iter().chain(other).min()
    }
}

/// The rank of `text` in `key`. Keys are short: a plain loop beats a prepared searcher.
fn within(text: &str, key: &str, [exact, prefix, word, anywhere]: Ranks) -> Option<u32> {
    let (text, bytes) = (text.as_bytes(), key.as_bytes());
    let first = *text.first()?;
    let mut rank = None;
    for at in 0..=bytes.len().checked_sub(text.len())? {
        if bytes[at] != first || !bytes[at..].starts_with(text) {
            continue;
        }
        if at == 0 {
            return Some(if bytes.len() == text.len() { exact } else { prefix });
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
    let [whole, beginning, initials, mixed, later] = SPELLED;
    let mut rest = Some(spelling);
    let mut first = true;
    while let Some(from) = rest {
        if from.as_bytes().first() == text.first()
            && let Some(to_the_end) = spells(text, from)
        {
            let letters = from.bytes().filter(|byte| *byte != b' ');
            return Some(match (first, letters.clone().take(text.len()).eq(text.iter().copied())) {
                (true, true) if letters.count() == text.len() => whole,
                (true, true) => beginning,
                (true, false) if to_the_end => initials,
                (true, false) => mixed,
                (false, _) => later,
            });
        }
        first = false;
        rest = from.split_once(' ').map(|(_, rest)| rest);
    }
    None
}

/// Whether `text` is beginnings of the first words of `from`, one after the other, and if so, whether of all of
/// them. The bits of `reached` are the lengths of `text` that the words so far can make.
fn spells(text: &[u8], from: &str) -> Option<bool> {
    let mut reached = 1u64;
    let mut words = from.split(' ').peekable();
    while let Some(word) = words.next() {
        let mut next = 0;
        for start in (0..text.len()).filter(|start| reached >> start & 1 == 1) {
            let common = text[start..].iter().zip(word.bytes()).take_while(|(a, b)| **a == *b).count();
            for length in 1..=common {
                next |= 1 << (start + length);
            }
        }
        if next >> text.len() & 1 == 1 {
            return Some(words.peek().is_none());
        }
        if next == 0 {
            return None;
        }
        reached = next;
    }
    None
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
        Keys::new(Keys::text(&partner, &spellings("张三", true)))
    }

    fn rank(text: &str) -> Option<u32> {
        let company = Keys::new("n宏达贸易\n".into());
        Needle::new(text).and_then(|needle| needle.rank(&zhang_san(), Some(&company)))
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

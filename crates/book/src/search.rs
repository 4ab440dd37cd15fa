//! Finding partners by anything: a scan over compact bytes, ranked (R4, R40, R144).
//!
//! No index is built: ten thousand partners are a megabyte of text, and a scan of it is faster than
//! a keystroke, has full recall, and is right at once after every change.

use crate::alike::same_number;
use crate::fold::{fold, words};
use crate::han::closed;
use crate::keys::{Keys, LATIN, line, script_runs};
use crate::letters::Letters;
use crate::sought::SoughtWord;
use crate::sound::Sound;
use crate::terms::Terms;
use crate::typo::{begins_nearly, keeps_an_end, one_typo};
use satchel_domain::normalise_phone;

/// How well a key matches: the whole of it, its beginning, the beginning of a word, or anywhere; the least the best.
type Ranks = [u32; 4];
const NAME: Ranks = [1, 3, 5, 9];
const PHONE: Ranks = [1, 6, 8, 8];
const MAIL: Ranks = [1, 7, 8, 9];
const CODE: Ranks = [1, 6, 6, 6];
const WORD: Ranks = [10, 10, 11, 12];
const PLACE: Ranks = [13, 13, 13, 14];
/// A spelling: all of it, its beginning, all its initials, beginnings of its first syllables, later syllables.
const SPELLED: [u32; 5] = [2, 4, 6, 7, 8];
/// The spelling of a city, a tag, a position …, and of the company that somebody works for.
const SPELLED_WORD: u32 = 15;
const SPELLED_COMPANY: u32 = 16;
/// In the note: behind everything else that is said, before slips.
const NOTED: u32 = 18;
/// Fewer letters than these, or than two of other scripts, stand in half of all notes.
const LEAST_NOTED: usize = 3;
/// The bits of [`spells`].
const LONGEST_SPELLED: usize = 63;
/// Fewer letters spell half of all places.
const LEAST_SPELLED: usize = 2;
/// All but one letter of a word of the name, or of another key; of the beginning of a part of the name. The same for
/// one character that reads the same, or two.
const TYPO: [u32; 2] = [20, 21];
const BEGUN: u32 = 22;

/// Everything that a partner is found by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) keys: &'a Keys,
    /// Those of the company that she works for.
    pub(crate) company: Option<&'a Keys>,
    /// The numbers of its words among the [`Terms`].
    pub(crate) terms: &'a [u32],
}

/// What a person typed, ready to be compared.
#[derive(Clone, Debug)]
pub(crate) struct Needle {
    whole: String,
    words: Vec<Word>,
    /// The words as one, if there are several.
    joined: Option<Word>,
    /// All of it as a phone number, if it may be one.
    number: Option<Number>,
    /// Whether a slip in the beginning of a part of a name is forgiven, too.
    loose: bool,
}

#[derive(Clone, Debug)]
struct Word {
    text: String,
    sought: SoughtWord,
    letters: Letters,
    first: Letters,
    last: Letters,
    /// Its digits, where they are not the text and it could be a part of a phone number.
    digits: Option<Box<Self>>,
    /// Whether it is long enough for a slip to be told from another word.
    may_err: bool,
    /// Whether it could spell something.
    may_spell: bool,
    /// How it reads, if that could be meant in other characters.
    sound: Option<Sound>,
    /// Of each of the [`Terms`], by its number: how it spells it, as a rank.
    terms: Vec<Option<u32>>,
}

impl Needle {
    /// `None` when nothing was typed.
    pub(crate) fn new(text: &str, terms: &Terms) -> Option<Self> {
        let folded = fold(text.trim());
        let words: Vec<Word> = words(&folded).map(|word| Word::new(&closed(word), terms)).collect();
        let whole = closed(&folded).into_owned();
        let joined =
            (words.len() > 1).then(|| Word::new(&whole.split_whitespace().collect::<String>(), terms));
        let number = Number::new(&whole);
        (!words.is_empty()).then_some(Self { whole, words, joined, number, loose: false })
    }

    /// For where nobody is found for sure.
    pub(crate) fn loosened(self) -> Self {
        Self { loose: true, ..self }
    }

    /// Whether a slip could be told from something else.
    pub(crate) fn may_err(&self) -> bool {
        self.words.iter().chain(&self.joined).any(|word| word.may_err || word.sound.is_some())
    }

    /// How well a partner matches: the least the best; `None` when a word is nowhere in it.
    pub(crate) fn rank(&self, known: Known<'_>) -> Option<u32> {
        self.sure(known).or_else(|| self.slipped(known))
    }

    /// As [`Self::rank`], but for a single word without the slips, which rank behind everything that this finds.
    pub(crate) fn sure(&self, known: Known<'_>) -> Option<u32> {
        let words = match self.words.as_slice() {
            [word] => word.exactly(known),
            words => words.iter().map(|word| word.exactly(known).or_else(|| word.nearly(known))).sum(),
        };
        let number = self.number.as_ref().and_then(|number| number.rank(known.keys));
        let Some(words) = words.min_some(number) else {
            return self.joined.as_ref().and_then(|word| word.nearly(Known { company: None, ..known }));
        };
        let name = known.keys.closed_name();
        match name.strip_prefix(self.whole.as_str()) {
            Some("") => Some(0),
            Some(_) => Some(1),
            None => Some(1 + words),
        }
    }

    /// How well a partner matches with a slip, where it does not without.
    pub(crate) fn slipped(&self, known: Known<'_>) -> Option<u32> {
        let words = match self.words.as_slice() {
            [word] => word.slipped(known, self.loose),
            words if self.loose => {
                let rank = |word: &Word| word.exactly(known).or_else(|| word.slipped(known, true));
                let joined = || self.joined.as_ref().filter(|word| word.sounds_in_part(known)).map(|_| BEGUN);
                words.iter().map(rank).sum::<Option<u32>>().or_else(joined)
            }
            _ => None,
        };
        words.map(|words: u32| 1 + words)
    }
}

/// A phone number as typed, by which one is found that is written with or without its country.
#[derive(Clone, Debug)]
struct Number {
    /// Its digits; with its country's where it was typed with them.
    digits: String,
    /// The same without a zero that stands for the country.
    own: String,
    /// Whether it begins with a country.
    abroad: bool,
}

/// Fewer digits are found as they stand, or not at all.
const LEAST_OF_NUMBER: usize = 5;
/// Countries have as many digits at most.
const COUNTRY_DIGITS: usize = 3;

impl Number {
    fn new(text: &str) -> Option<Self> {
        let text = text.replace("(0)", "");
        if !text.chars().all(|sign| sign.is_ascii_digit() || "+-()./ ".contains(sign)) {
            return None;
        }
        let number = normalise_phone(&text);
        let digits = number.trim_start_matches('+').to_owned();
        let own = digits.trim_start_matches('0').to_owned();
        let long = own.len() >= LEAST_OF_NUMBER;
        long.then_some(Self { abroad: number.starts_with('+'), digits, own })
    }

    fn rank(&self, keys: &Keys) -> Option<u32> {
        let phones = keys.lines().filter(|(kind, _)| *kind == line::PHONE);
        phones.filter_map(|(_, phone)| self.rank_phone(phone)).min()
    }

    fn rank_phone(&self, phone: &str) -> Option<u32> {
        if let Some(rank) = within(&self.own, phone, PHONE) {
            return Some(rank);
        }
        let own = phone.trim_start_matches('0');
        let begins = |country: usize| {
            let rest = self.own.get(country..).unwrap_or_default();
            rest.len() >= COUNTRY_DIGITS && own.starts_with(rest)
        };
        let same = same_number(&self.digits, phone) || self.abroad && (1..=COUNTRY_DIGITS).any(begins);
        same.then_some(PHONE[1])
    }
}

impl Word {
    fn new(text: &str, terms: &Terms) -> Self {
        let phone = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-().".contains(&byte));
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits =
            (phone && digits != text && !digits.is_empty()).then(|| Box::new(Self::new(&digits, terms)));
        let mut word = Self {
            sought: SoughtWord::new(text),
            letters: Letters::of(text),
            first: text.chars().take(1).fold(Letters::default(), Letters::with),
            last: text.chars().next_back().map_or(Letters::default(), |last| Letters::default().with(last)),
            digits,
            may_err: text.chars().count() >= 4 && text.chars().all(char::is_alphabetic),
            may_spell: text.len() <= LONGEST_SPELLED && text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            sound: Sound::of(text),
            terms: Vec::new(),
            text: text.to_owned(),
        };
        word.terms = terms.spellings().map(|spellings| word.rank_term(spellings)).collect();
        word
    }

    fn exactly(&self, known: Known<'_>) -> Option<u32> {
        let keys = known.keys;
        let exactly =
            self.anywhere(keys).min_some(self.spelled(keys)).min_some(self.in_company(known.company));
        let exactly = match &self.digits {
            Some(digits) => exactly.min_some(digits.anywhere(keys)),
            None => exactly,
        };
        exactly.or_else(|| self.spelled_around(known)).or_else(|| self.noted(keys))
    }

    /// The rank where the note says it.
    fn noted(&self, keys: &Keys) -> Option<u32> {
        let least = if self.text.is_ascii() { LEAST_NOTED } else { 2 };
        if self.text.chars().count() < least {
            return None;
        }
        self.sought.is_in(&keys.note).then_some(NOTED)
    }

    /// The rank where a key contains it. Most partners are passed over by one look at all of their keys.
    fn anywhere(&self, keys: &Keys) -> Option<u32> {
        if !self.letters.within(keys.letters) {
            return None;
        }
        if !self.sought.is_part_of(&keys.text) {
            return None;
        }
        keys.lines().filter_map(|(kind, key)| self.rank_line(kind, key)).min()
    }

    fn rank_line(&self, kind: u8, key: &str) -> Option<u32> {
        match kind {
            line::NAME => within(&self.text, key, NAME),
            line::PHONE => within(&self.text, key, PHONE),
            line::MAIL => within(&self.text, key, MAIL),
            line::WORD => within(&self.text, key, WORD),
            line::PLACE => within(&self.text, key, PLACE),
            line::CODE => {
                let code = key.strip_prefix("p-").unwrap_or(key);
                let text = self.text.strip_prefix("p-").unwrap_or(&self.text);
                (!text.is_empty() && code.starts_with(text)).then(|| within(text, code, CODE)).flatten()
            }
            _ => None,
        }
    }

    fn spelled(&self, keys: &Keys) -> Option<u32> {
        if !self.may_spell || !self.letters.within(keys.letters) || !self.first.within(keys.firsts) {
            return None;
        }
        let behind_names = keys.lines().skip_while(|(kind, _)| *kind == line::NAME);
        let spellings = behind_names.take_while(|(kind, _)| *kind == line::SPELLING);
        spellings.filter_map(|(_, spelling)| spelled(self.text.as_bytes(), spelling)).min()
    }

    /// Whether it spells something that many are found by: a word of the partner, or the company.
    fn spelled_around(&self, Known { company, terms, .. }: Known<'_>) -> Option<u32> {
        let term = self.term(terms).filter(|rank| *rank == SPELLED_WORD);
        let company =
            || company.filter(|_| self.text.len() >= LEAST_SPELLED).and_then(|keys| self.spelled(keys));
        term.or_else(|| company().map(|_| SPELLED_COMPANY))
    }

    /// The best rank of a partner's words by how they are spelled.
    fn term(&self, terms: &[u32]) -> Option<u32> {
        terms.iter().filter_map(|number| *self.terms.get(*number as usize)?).min()
    }

    fn rank_term(&self, spellings: &[String]) -> Option<u32> {
        let text = self.text.as_bytes();
        if !self.may_spell || text.len() < LEAST_SPELLED {
            return None;
        }
        if spellings.iter().any(|spelling| spelled(text, spelling).is_some()) {
            return Some(SPELLED_WORD);
        }
        let near = self.may_err && spellings.iter().any(|spelling| self.is_near_joined(spelling));
        near.then_some(TYPO[1])
    }

    fn in_company(&self, company: Option<&Keys>) -> Option<u32> {
        let company = company.filter(|company| self.letters.within(company.letters))?;
        within(&self.text, company.closed_name(), WORD)
    }

    fn slipped(&self, known: Known<'_>, loose: bool) -> Option<u32> {
        self.nearly(known).or_else(|| if loose { self.begun(known) } else { None })
    }

    /// The rank where a word of a key is this one but for one slip.
    fn nearly(&self, known: Known<'_>) -> Option<u32> {
        self.mistyped(known).or_else(|| self.misread(known))
    }

    /// The rank where the name, or the company's, is this one in characters that read the same.
    fn misread(&self, known: Known<'_>) -> Option<u32> {
        let sound = self.sound.as_ref()?;
        let others = |keys: &Keys| sound.of_whole(keys.closed_name());
        let in_name = others(known.keys).map(|others| TYPO[usize::from(others > 1)]);
        in_name.or_else(|| others(known.company?).map(|_| TYPO[1]))
    }

    /// Whether a part of the name, or of the company's, is this one in characters that read the same.
    fn sounds_in_part(&self, Known { keys, company, .. }: Known<'_>) -> bool {
        let within = |sound: &Sound| {
            [Some(keys), company].iter().flatten().any(|keys| sound.is_within(keys.closed_name()))
        };
        self.sound.as_ref().is_some_and(within)
    }

    /// The rank where a word of a key is this one but for one letter.
    fn mistyped(&self, known: Known<'_>) -> Option<u32> {
        let near = |key: &str| script_runs(key).any(|(_, word)| self.is_near(word.as_bytes()));
        let near_line = |(kind, key): (u8, &str)| match kind {
            line::NAME => near(key).then_some(TYPO[0]),
            line::SPELLING => self.is_near_joined(key).then_some(TYPO[0]),
            line::MAIL | line::WORD => near(key).then_some(TYPO[1]),
            _ => None,
        };
        if !self.may_err {
            return None;
        }
        let keys = Some(known.keys).filter(|keys| self.may_be_near(keys));
        let company = || known.company.filter(|company| self.may_be_near(company));
        let in_company = || company().filter(|company| near(company.closed_name())).map(|_| TYPO[1]);
        let in_keys = keys.and_then(|keys| keys.lines().find_map(near_line));
        in_keys.or_else(in_company).or_else(|| self.term(known.terms))
    }

    /// Whether one look at the letters leaves it open.
    fn may_be_near(&self, keys: &Keys) -> bool {
        self.letters.nearly_within(keys.letters)
            && (self.first.within(keys.firsts) || self.last.within(keys.lasts))
    }

    /// The rank where a part of the name, or of the company's, begins with this one but for one slip.
    fn begun(&self, known: Known<'_>) -> Option<u32> {
        let begins = |(kind, key): (u8, &str)| match kind {
            line::NAME => self.begins_part(key),
            _ => self.begins_syllable(key),
        };
        let open = |keys: &Keys| self.first.within(keys.letters) && self.letters.nearly_within(keys.letters);
        let of_name = |(kind, _): &(u8, &str)| matches!(*kind, line::NAME | line::SPELLING);
        let in_name = || open(known.keys) && known.keys.lines().take_while(of_name).any(begins);
        let in_company =
            || known.company.is_some_and(|company| open(company) && self.begins_part(company.closed_name()));
        let begins = self.may_err && (in_name() || in_company());
        (begins || self.sounds_in_part(known)).then_some(BEGUN)
    }

    /// Whether a word of a name begins so but for one letter; where no spaces part words, anything from a letter on.
    fn begins_part(&self, name: &str) -> bool {
        let text = self.text.as_bytes();
        script_runs(name).any(|(script, run)| match script {
            LATIN => begins_nearly(text, run.as_bytes()),
            _ => run.char_indices().any(|(at, _)| begins_nearly(text, &run.as_bytes()[at..])),
        })
    }

    /// Whether the syllables of a spelling, from one of them on, begin so but for one letter.
    fn begins_syllable(&self, spelling: &str) -> bool {
        let text = self.text.as_bytes();
        let mut rest = Some(spelling);
        std::iter::from_fn(|| {
            let from = rest?;
            rest = from.split_once(' ').map(|(_, rest)| rest);
            Some(from)
        })
        .filter(|from| from.as_bytes().first() == text.first())
        .any(|from| begins_nearly(text, &from.bytes().filter(|byte| *byte != b' ').collect::<Vec<u8>>()))
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
    use satchel_domain::{ContactPoint, External, Partner, PartnerDraft, RecordId};
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
        Keys::new(Keys::text(&partner, &spellings("张三", true)), &partner.card)
    }

    fn rank(text: &str) -> Option<u32> {
        let company = Keys::new("n宏达贸易\n".into(), &PartnerDraft::default());
        let known = Known { keys: &zhang_san(), company: Some(&company), terms: &[] };
        Needle::new(text, &Terms::default()).and_then(|needle| needle.rank(known))
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

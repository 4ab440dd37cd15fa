//! Words that are looked for in what somebody wrote: all of them, in any order. One in Latin letters stands where a
//! word begins, Chinese and numbers anywhere.

use crate::fold::{fold, fold_into, words};
use memchr::memmem::Finder;
use std::cmp::Reverse;
use std::ops::Range;

/// A word ready to be looked for in folded texts.
#[derive(Clone, Debug)]
pub(crate) struct SoughtWord {
    finder: Finder<'static>,
    /// Whether it stands only where a word begins.
    begins: bool,
}

impl SoughtWord {
    pub(crate) fn new(folded: &str) -> Self {
        Self {
            begins: folded.starts_with(|first: char| first.is_ascii_alphabetic()),
            ..Self::anywhere(folded)
        }
    }

    /// For what may stand inside other words, too.
    pub(crate) fn anywhere(folded: &str) -> Self {
        Self { finder: Finder::new(folded).into_owned(), begins: false }
    }

    fn len(&self) -> usize {
        self.finder.needle().len()
    }

    /// Where it stands first.
    pub(crate) fn place(&self, text: &[u8]) -> Option<usize> {
        let mut from = 0;
        loop {
            let at = from + self.finder.find(text.get(from..)?)?;
            if !self.begins || at == 0 || !text[at - 1].is_ascii_alphabetic() {
                return Some(at);
            }
            from = at + 1;
        }
    }

    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.place(text.as_bytes()).is_some()
    }

    /// Whether it is a part of a name or a code, in which any part counts.
    pub(crate) fn is_part_of(&self, name: &str) -> bool {
        self.finder.find(name.as_bytes()).is_some()
    }

    /// All its places, each behind the one before.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let mut from = 0;
        std::iter::from_fn(|| {
            let begin = from + self.place(text.as_bytes().get(from..)?)?;
            from = begin + self.len();
            Some(begin..from)
        })
        .collect()
    }
}

/// What a person looks for, ready to be compared.
#[derive(Clone, Debug)]
pub(crate) struct Sought {
    /// At least one; the longest, which least is found by, first.
    words: Vec<SoughtWord>,
    /// All of it as it was typed, if that is more than a word.
    phrase: Option<SoughtWord>,
}

impl Sought {
    /// `None` when nothing was typed.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let whole = fold(text.trim());
        let mut parts: Vec<&str> = words(&whole).collect();
        let phrase = (parts.len() > 1).then(|| SoughtWord::new(&whole));
        parts.sort_by_key(|word| Reverse(word.len()));
        let words: Vec<SoughtWord> = parts.into_iter().map(SoughtWord::new).collect();
        (!words.is_empty()).then_some(Self { words, phrase })
    }

    /// The words, the longest first.
    pub(crate) fn words(&self) -> &[SoughtWord] {
        &self.words
    }

    /// Whether a folded text holds all words.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.words.iter().all(|word| word.is_in(text))
    }

    /// Whether all words are parts of a folded name.
    pub(crate) fn is_part_of(&self, name: &str) -> bool {
        self.words.iter().all(|word| word.is_part_of(name))
    }

    /// Whether a folded text holds it just as it was typed; a single word is no phrase.
    pub(crate) fn is_phrase_in(&self, text: &[u8]) -> bool {
        self.phrase.as_ref().is_some_and(|phrase| phrase.place(text).is_some())
    }

    /// How much of it a folded line holds.
    fn weight(&self, line: &str) -> usize {
        let words = self.words.iter().filter(|word| word.is_in(line)).count();
        words + usize::from(self.is_phrase_in(line.as_bytes()))
    }
}

/// A part of a text in which something stands that was looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// A line, or as much of it as fits.
    pub text: String,
    /// Where words stand that were looked for, in bytes: in order and apart.
    pub marks: Vec<Range<usize>>,
}

/// So many characters of a line are shown, and so many of them before what was found: no more fit beside it on a phone.
const MOST_CHARS: usize = 80;
const CHARS_BEFORE: usize = 12;
const CUT: &str = "…";

/// The line of a text that holds the most of what was looked for; `None` where none holds any of it.
pub fn excerpt(text: &str, sought: &str) -> Option<Excerpt> {
    let sought = Sought::new(sought)?;
    let lines = text.lines().map(str::trim).map(|line| (sought.weight(&fold(line)), line));
    let (_, line) = lines.filter(|(weight, _)| *weight > 0).min_by_key(|(weight, _)| Reverse(*weight))?;
    let folded = Folded::new(line);
    let mut marks: Vec<Range<usize>> = sought
        .words
        .iter()
        .flat_map(|word| word.places(&folded.text))
        .map(|place| folded.origin(&place))
        .collect();
    marks.sort_by_key(|mark| mark.start);
    let phrase = sought.phrase.iter().flat_map(|phrase| phrase.places(&folded.text)).next();
    let first = phrase.map(|place| folded.origin(&place)).or_else(|| marks.first().cloned())?;
    Some(cut(line, &first, marks))
}

/// As much of a line as fits, with its first match.
fn cut(line: &str, first: &Range<usize>, marks: Vec<Range<usize>>) -> Excerpt {
    let begin = begin_before(line, first.start);
    let end = line[begin..].char_indices().nth(MOST_CHARS).map_or(line.len(), |(at, _)| begin + at);
    let before = if begin > 0 { CUT } else { "" };
    let behind = if end < line.len() { CUT } else { "" };
    let mut apart: Vec<Range<usize>> = Vec::new();
    for mark in marks.into_iter().filter(|mark| mark.start >= begin && mark.end <= end) {
        let mark = mark.start - begin + before.len()..mark.end - begin + before.len();
        match apart.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => apart.push(mark),
        }
    }
    Excerpt { text: [before, &line[begin..end], behind].concat(), marks: apart }
}

/// Some characters before a place, where a word begins if one does; the beginning if there are no more.
fn begin_before(line: &str, at: usize) -> usize {
    let mut chars = line[..at].char_indices().rev();
    let Some((begin, _)) = chars.nth(CHARS_BEFORE) else { return 0 };
    line[begin..at].find(' ').map_or(begin, |space| begin + space + 1)
}

/// A folded text that knows where each byte comes from.
struct Folded {
    text: String,
    /// The character that each byte comes from.
    from: Vec<Range<usize>>,
}

impl Folded {
    fn new(text: &str) -> Self {
        let mut folded =
            Self { text: String::with_capacity(text.len()), from: Vec::with_capacity(text.len()) };
        for (at, c) in text.char_indices() {
            fold_into(c.encode_utf8(&mut [0; 4]), &mut folded.text);
            folded.from.resize(folded.text.len(), at..at + c.len_utf8());
        }
        folded
    }

    /// Where a place in it lies in the text.
    fn origin(&self, place: &Range<usize>) -> Range<usize> {
        let from = |at: usize| self.from.get(at).cloned().unwrap_or_default();
        from(place.start).start..from(place.end.saturating_sub(1)).end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_in(sought: &str, text: &str) -> bool {
        Sought::new(sought).is_some_and(|sought| sought.is_in(&fold(text)))
    }

    /// With its marks in brackets.
    fn marked(text: &str, sought: &str) -> Option<String> {
        let Excerpt { mut text, marks } = excerpt(text, sought)?;
        for mark in marks.into_iter().rev() {
            text.insert(mark.end, ']');
            text.insert(mark.start, '[');
        }
        Some(text)
    }

    #[test]
    fn latin_words_begin_words_and_others_stand_anywhere() {
        for (sought, text) in [
            ("ware", "the Warehouse"),
            ("house", "warehouse, house"),
            ("报价", "下周报价单"),
            ("kg", "200kg"),
            ("pump", "水泵pump"),
            ("345", "12345"),
            ("a-a", "xa-a-a"),
            ("b a", "ab, b ba, a"),
        ] {
            assert!(is_in(sought, text), "{sought} in {text}");
        }
        for (sought, text) in
            [("house", "warehouse"), ("报单", "报价单"), ("a b", "a"), ("", "a"), (",", ",")]
        {
            assert!(!is_in(sought, text), "{sought} in {text}");
        }
    }

    #[test]
    fn an_excerpt_is_the_line_with_the_most_of_it_marked() {
        let note = "Hello quote\nwants a Quote for pumps\n下周 报价，先发目录报价单";
        for (sought, expected) in [
            ("quote", "Hello [quote]"),
            ("pumps quo", "wants a [Quo]te for [pumps]"),
            ("报价 目录", "下周 [报价]，先发[目录][报价]单"),
            ("ｑｕｏｔｅ FOR", "wants a [Quote] [for] pumps"),
            ("quote nothing", "Hello [quote]"),
        ] {
            let expected = expected.replace("][", "");
            assert_eq!(marked(note, sought), Some(expected), "{sought}");
        }
        assert_eq!(
            marked("Élodie Müller in the Straße", "mull elo stras"),
            Some("[Élo]die [Müll]er in the [Straß]e".into())
        );
        assert_eq!(marked(note, "nothing"), None);
        assert_eq!(marked("", "x"), None);
    }

    #[test]
    fn a_long_line_is_cut_around_what_was_found() {
        let line = format!("{}quote for {}", "words and words ".repeat(8), "more of them ".repeat(9));
        let shown = marked(&line, "quote").expect("found");
        assert!(
            shown.starts_with("…") && shown.ends_with("…") && shown.contains(" [quote] for more"),
            "{shown}"
        );
        assert!(shown.chars().count() <= MOST_CHARS + 4, "{shown}");
        let shown = marked(&"长".repeat(200).replacen("长长长", "报价单", 40), "报价").expect("found");
        assert!(shown.starts_with("[报价]单"), "{shown}");
    }

    proptest! {
        /// Whatever is written and looked for: the excerpt is a part of the text, its marks stand on characters.
        #[test]
        fn excerpts_keep_their_bounds(text in "[aßé报价 ,\n\u{301}]{0,300}", sought in "[aés报价 ,]{0,8}") {
            let found = excerpt(&text, &sought);
            let lines_hold = Sought::new(&sought).is_some_and(|sought| {
                text.lines().any(|line| sought.weight(&fold(line.trim())) > 0)
            });
            prop_assert_eq!(found.is_some(), lines_hold);
            if let Some(Excerpt { text: shown, marks }) = found {
                prop_assert!(text.contains(shown.trim_matches('…')));
                prop_assert!(shown.chars().count() <= MOST_CHARS + 2);
                prop_assert!(!marks.is_empty());
                prop_assert!(marks.iter().all(|mark| !shown[mark.clone()].is_empty()));
                prop_assert!(marks.windows(2).all(|pair| pair[0].end < pair[1].start));
            }
        }
    }
}

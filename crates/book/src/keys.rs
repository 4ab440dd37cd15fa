//! What a partner is found by: lines of text, and which letters they have.

use crate::fold::fold;
use crate::han::closed;
use crate::letters::Letters;
use crate::slab::number;
use satchel_domain::{Address, Partner, PartnerDraft, normalise_mail, normalise_phone};
use std::borrow::Cow;

/// What a line of [`Keys`] holds; its first byte. Words are everything else: tags, city …
pub(crate) mod line {
    pub(crate) const NAME: u8 = b'n';
    pub(crate) const SPELLING: u8 = b's';
    pub(crate) const PHONE: u8 = b'p';
    pub(crate) const MAIL: u8 = b'm';
    pub(crate) const CODE: u8 = b'c';
    pub(crate) const WORD: u8 = b'w';
    /// A part of an address, but for the city, or one on the web.
    pub(crate) const PLACE: u8 = b'a';
}

/// What a partner can be found by: one line each, its first byte saying what it is; the name first, behind it the same
/// without spaces between Chinese characters, if there are any.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) text: Box<str>,
    /// The folded note. It is no line: its letters would let every look at the letters pass.
    pub(crate) note: Box<str>,
    /// Where the name's line ends; nothing where there is none.
    name_end: u32,
    /// All letters of them.
    pub(crate) letters: Letters,
    /// Those that words and syllables begin with.
    pub(crate) firsts: Letters,
    /// Those that words, and spellings as a whole, end with.
    pub(crate) lasts: Letters,
}

/// So many characters of a note are looked through.
const MOST_OF_A_NOTE: usize = 4_000;

/// Writes a line of [`Keys`], unless there is nothing to find by.
fn put(text: &mut String, kind: u8, key: &str) {
    if !key.is_empty() {
        text.push(char::from(kind));
        text.extend(key.chars().map(|c| if c == '\n' { ' ' } else { c }));
        text.push('\n');
    }
}

/// Adds the name without spaces between Chinese characters, where it has such.
fn put_closed_name(text: &mut String) {
    let name = text.split('\n').next().and_then(|first| first.strip_prefix(char::from(line::NAME)));
    let Some(Cow::Owned(closed)) = name.map(closed) else { return };
    let behind = name.map_or(0, |name| 1 + name.len() + 1);
    let mut added = String::new();
    put(&mut added, line::NAME, &closed);
    text.insert_str(behind, &added);
}

impl Keys {
    /// The keys with this [`Self::text`], and what is kept in no text: the addresses of the card, on the web too, and
    /// the name without spaces between Chinese characters.
    pub(crate) fn new(mut text: String, card: &PartnerDraft) -> Self {
        put_closed_name(&mut text);
        for address in &card.addresses {
            let Address { street, district, region, postal_code, country, .. } = address;
            for part in [street, district, region, postal_code, country] {
                put(&mut text, line::PLACE, &fold(part.trim()));
            }
        }
        put(&mut text, line::PLACE, &fold(card.website.trim()));
        let mut keys = Self {
            name_end: 0,
            letters: Letters::default(),
            firsts: Letters::default(),
            lasts: Letters::default(),
            text: text.into(),
            note: fold(&card.note.chars().take(MOST_OF_A_NOTE).collect::<String>()).into(),
        };
        keys.note_letters();
        keys
    }

    fn note_letters(&mut self) {
        let (mut letters, mut firsts, mut lasts) = (self.letters, self.firsts, self.lasts);
        let mut note = |word: &str| {
            firsts = word.chars().next().map_or(firsts, |first| firsts.with(first));
            lasts = word.chars().next_back().map_or(lasts, |last| lasts.with(last));
        };
        for (kind, key) in self.lines() {
            letters = letters.and(Letters::of(key));
            match kind {
                line::NAME | line::MAIL | line::WORD => script_runs(key).for_each(|(_, run)| note(run)),
                line::SPELLING => key.split(' ').for_each(&mut note),
                _ => {}
            }
        }
        let name =
            self.lines().next().filter(|(kind, _)| *kind == line::NAME).map(|(_, name)| name.len() + 1);
        self.name_end = name.map_or(0, number);
        (self.letters, self.firsts, self.lasts) = (letters, firsts, lasts);
    }

    /// What a partner itself is found by, with the spellings of its name.
    pub(crate) fn text(partner: &Partner, spellings: &[String]) -> String {
        let card = &partner.card;
        let mut text = String::new();
        put(&mut text, line::NAME, &fold(card.name.trim()));
        for spelling in spellings {
            put(&mut text, line::SPELLING, spelling);
        }
        for phone in &card.phones {
            put(&mut text, line::PHONE, normalise_phone(&phone.value).trim_start_matches('+'));
        }
        for mail in &card.mails {
            put(&mut text, line::MAIL, &normalise_mail(&mail.value));
        }
        put(&mut text, line::CODE, &fold(&partner.code()));
        let external = card.external.iter().map(|external| external.id.as_str());
        let messengers = card.messengers.iter().map(|point| point.value.as_str());
        let cities = card.addresses.iter().map(|address| address.city.as_str());
        let tags = card.tags.iter().map(String::as_str);
        for word in tags.chain(messengers).chain(external).chain(cities).chain([card.position.as_str()]) {
            put(&mut text, line::WORD, &fold(word.trim()));
        }
        text
    }

    /// Each line's first byte and what follows it.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u8, &str)> {
        let lines = self.text.split_terminator('\n');
        lines.filter_map(|line| Some((*line.as_bytes().first()?, line.get(1..)?)))
    }

    /// The folded name.
    pub(crate) fn name(&self) -> &str {
        self.text.get(1..self.name_end as usize).unwrap_or_default()
    }

    /// The folded name without spaces between Chinese characters.
    pub(crate) fn closed_name(&self) -> &str {
        let behind = self.text.get(self.name_end as usize + 1..).unwrap_or_default();
        let closed = behind.strip_prefix(char::from(line::NAME)).and_then(|rest| rest.split('\n').next());
        closed.unwrap_or_else(|| self.name())
    }
}

/// A word in Latin letters or digits.
pub(crate) const LATIN: u8 = 1;

/// What each byte belongs to: a word in Latin letters, one in others, or none.
const SCRIPTS: [u8; 256] = {
    let mut scripts = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        scripts[byte] = if byte > 0x7f { 2 } else { (byte as u8).is_ascii_alphanumeric() as u8 * LATIN };
        byte += 1;
    }
    scripts
};

/// The words of a key, Latin ones apart from others, and what stands between them: `宏达trading 7` has three words.
/// Each with its script.
pub(crate) fn script_runs(key: &str) -> impl Iterator<Item = (u8, &str)> {
    let mut rest = key;
    std::iter::from_fn(move || {
        let script = SCRIPTS[usize::from(*rest.as_bytes().first()?)];
        let end = rest.bytes().position(|byte| SCRIPTS[usize::from(byte)] != script);
        // Scripts change where a character begins: of one in several bytes all are of one script.
        let (run, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        Some((script, run))
    })
}

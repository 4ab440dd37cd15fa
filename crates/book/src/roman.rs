//! Names in Latin letters: Chinese by pinyin, so that `zs`, `zhang` and `张` all find 张三 (R4, R144).

use crate::fold::fold;
use crate::readings::reading;
use satchel_domain::RecordId;
use std::rc::Rc;

/// Most syllables or words of a name that are spelled out.
const MAX_WORDS: usize = 24;
/// Most spellings of one name.
const MAX_SPELLINGS: usize = 4;

/// The spellings of a name: words and syllables separated by spaces, the likeliest first.
/// A person's name begins with her surname, which some characters read in their own way.
pub(crate) fn spellings(name: &str, person: bool) -> Vec<String> {
    let mut all: Vec<String> = vec![String::new()];
    for (position, word) in words(name).into_iter().take(MAX_WORDS).enumerate() {
        let readings = word.readings(person && position == 0);
        let mut next = Vec::with_capacity(all.len());
        for reading in &readings {
            next.extend(all.iter().map(|start| join(start, reading)));
        }
        next.truncate(MAX_SPELLINGS);
        all = next;
    }
    all.retain(|spelling| !spelling.is_empty());
    all
}

fn join(start: &str, word: &str) -> String {
    if start.is_empty() { word.to_owned() } else { format!("{start} {word}") }
}

enum Word {
    /// Letters or digits, folded.
    Plain(String),
    /// One Chinese character and its usual reading.
    Character(char, &'static str),
}

impl Word {
    fn readings(&self, surname: bool) -> Vec<String> {
        match self {
            Self::Plain(word) => vec![word.clone()],
            Self::Character(c, usual) => {
                let first = if surname { surname_reading(*c) } else { None }.or_else(|| named_reading(*c));
                let mut readings: Vec<String> = Vec::new();
                for reading in first.into_iter().chain([*usual]).chain(other_readings(*c).iter().copied()) {
                    for spelled in typed(reading) {
                        if !readings.contains(&spelled) {
                            readings.push(spelled);
                        }
                    }
                }
                readings
            }
        }
    }
}

/// How a reading is typed: `lü` as `lv` or `lu`.
fn typed(reading: &str) -> Vec<String> {
    if reading.contains('ü') { vec![reading.replace('ü', "v"), fold(reading)] } else { vec![fold(reading)] }
}

fn words(name: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut plain = String::new();
    for c in name.chars() {
        let reading = reading(c);
        if reading.is_none() && c.is_alphanumeric() {
            plain.push(c);
            continue;
        }
        // A mark inside a word (O'Neil, e + accent) neither ends it nor belongs to it.
        if matches!(c, '\'' | '’' | '\u{300}'..='\u{36f}') {
            continue;
        }
        if !plain.is_empty() {
            words.push(Word::Plain(fold(&std::mem::take(&mut plain))));
        }
        words.extend(reading.map(|reading| Word::Character(c, reading)));
    }
    if !plain.is_empty() {
        words.push(Word::Plain(fold(&plain)));
    }
    words
}

/// Surnames that are not read as the character usually is.
fn surname_reading(c: char) -> Option<&'static str> {
    Some(match c {
        '单' | '單' => "shan",
        '曾' => "zeng",
        '解' => "xie",
        '仇' => "qiu",
        '任' => "ren",
        '区' | '區' => "ou",
        '查' => "zha",
        '朴' => "piao",
        '华' | '華' => "hua",
        '盖' | '蓋' => "ge",
        '翟' => "zhai",
        '乐' | '樂' => "yue",
        '尉' => "wei",
        '缪' | '繆' => "miao",
        '冼' => "xian",
        '洗' => "xian",
        '种' => "chong",
        '覃' => "qin",
        '召' => "shao",
        '折' => "she",
        '纪' | '紀' => "ji",
        '葛' => "ge",
        '宓' => "mi",
        '逄' => "pang",
        '員' | '员' => "yun",
        _ => return None,
    })
}

/// How a character is read in names of places and firms, where that is not its usual reading: they are filed by it.
fn named_reading(c: char) -> Option<&'static str> {
    Some(match c {
        '长' | '長' => "chang",
        '重' => "chong",
        '厦' | '廈' => "xia",
        '都' => "du",
        '会' | '會' => "hui",
        '佛' => "fo",
        '卜' => "bu",
        _ => return None,
    })
}

/// Other readings that names of people and companies are often meant with.
fn other_readings(c: char) -> &'static [&'static str] {
    match c {
        '长' | '長' => &["chang", "zhang"],
        '行' => &["hang", "xing"],
        '重' => &["chong", "zhong"],
        '厦' | '廈' => &["xia", "sha"],
        '乐' | '樂' => &["le", "yue"],
        '单' | '單' => &["shan", "dan"],
        '曾' => &["zeng", "ceng"],
        '都' => &["du", "dou"],
        '会' | '會' => &["hui", "kuai"],
        '参' | '參' => &["can", "shen"],
        '调' | '調' => &["diao", "tiao"],
        '藏' => &["zang", "cang"],
        '传' | '傳' => &["chuan", "zhuan"],
        '朝' => &["chao", "zhao"],
        '覃' => &["qin", "tan"],
        '翟' => &["zhai", "di"],
        '晟' => &["sheng", "cheng"],
        '茜' => &["qian", "xi"],
        '莎' => &["sha", "suo"],
        '车' | '車' => &["che", "ju"],
        '便' => &["bian", "pian"],
        '奇' => &["qi", "ji"],
        '盛' => &["sheng", "cheng"],
        '石' => &["shi", "dan"],
        '六' => &["liu", "lu"],
        '台' => &["tai"],
        '埔' => &["pu", "bu"],
        '蚌' => &["bang", "beng"],
        '柏' => &["bai", "bo"],
        '薄' => &["bo", "bao"],
        '尉' => &["wei", "yu"],
        '番' => &["pan", "fan"],
        _ => &[],
    }
}

/// Every reading of a character that a name may be meant with, some more than once.
pub(crate) fn all_readings(c: char) -> impl Iterator<Item = &'static str> {
    let others = other_readings(c).iter().copied();
    reading(c).into_iter().chain(surname_reading(c)).chain(named_reading(c)).chain(others)
}

/// The rail's letters: `A` to `Z`, then `#` for everything else.
pub(crate) const OTHER_LETTER: char = '#';

/// Where a name stands among the others: its letter (`#` last), its spelling word by word, the name
/// itself, and whose it is. So Chinese and Latin names lie interleaved (R4).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SortKey(Rc<[u8]>);

/// The first byte of keys that stand under `#`.
const BEHIND_LETTERS: u8 = b'z' + 1;

impl SortKey {
    /// The key of a name with its likeliest spelling, the first of [`spellings`].
    pub(crate) fn new(name: &str, spelling: &str, id: RecordId) -> Self {
        let place = spelling.bytes().next().filter(u8::is_ascii_lowercase).unwrap_or(BEHIND_LETTERS);
        Self([&[place], spelling.as_bytes(), b"\0", name.as_bytes(), b"\0", &id.0].concat().into())
    }

    pub(crate) fn letter(&self) -> char {
        if self.0[0] < BEHIND_LETTERS { char::from(self.0[0].to_ascii_uppercase()) } else { OTHER_LETTER }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelled_by_syllable_and_word() {
        assert_eq!(spellings("张三", true), ["zhang san"]);
        assert_eq!(spellings("John O’Neil-Élodie", true), ["john oneil elodie"]);
        assert_eq!(spellings("宏达 Trading 7", false), ["hong da trading 7"]);
        assert!(spellings("", true).is_empty());
        assert!(spellings("!?", true).is_empty());
    }

    #[test]
    fn characters_with_several_readings_have_several_spellings() {
        assert_eq!(spellings("单雄信", true)[0], "shan xiong xin");
        assert_eq!(spellings("曾国藩", true)[0], "zeng guo fan");
        assert!(spellings("中国银行", false).contains(&"zhong guo yin hang".to_owned()));
        assert!(spellings("重庆", false).contains(&"chong qing".to_owned()));
        for (name, first) in [
            ("长青食品", "chang"),
            ("重庆火锅", "chong"),
            ("厦门港", "xia"),
            ("佛山陶瓷", "fo"),
            ("卜算", "bu"),
        ] {
            assert!(spellings(name, false)[0].starts_with(first), "{name} is filed under {first}");
        }
        assert!(spellings("番禺", false).contains(&"pan yu".to_owned()));
        assert!(spellings("吕布", true).contains(&"lv bu".to_owned()));
        assert!(spellings("长长长长长长长", false).len() <= MAX_SPELLINGS);
    }

    #[test]
    fn chinese_and_latin_names_interleave_r4() {
        let mut names = ["张三", "Zoe", "Adam", "阿里", "李四", "Liu Bei", "7-Eleven", "Éva", "王五", "Я"];
        let key = |name: &&str| SortKey::new(name, &spellings(name, true)[0], RecordId::NIL);
        names.sort_by_key(key);
        assert_eq!(names, ["阿里", "Adam", "Éva", "李四", "Liu Bei", "王五", "张三", "Zoe", "7-Eleven", "Я"]);
        let letters: String = names.iter().map(|name| key(name).letter()).collect();
        assert_eq!(letters, "AAELLWZZ##");
    }
}

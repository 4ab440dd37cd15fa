//! Letters without their clothes: case, width and diacritics do not matter when people search.

use crate::han::DOTS;
use satchel_domain::normal::half_width;

/// The text in lower case and half width, Latin letters without diacritics.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// [`fold`] behind what `folded` holds already.
pub(crate) fn fold_into(text: &str, folded: &mut String) {
    for c in text.chars() {
        match c {
            '\0'..='\u{7f}' => folded.push(c.to_ascii_lowercase()),
            // Phones type the one, keyboards the other.
            '‘' | '’' | 'ʼ' | '＇' => folded.push('\''),
            // Chinese, Japanese and Korean writing has neither case nor diacritics.
            '\u{3001}'..='\u{d7ff}' => folded.push(c),
            _ => half_width(c).to_lowercase().for_each(|c| push_bare(c, folded)),
        }
    }
}

/// The words of a folded text without the marks beside them, as in `Smith, John`.
pub(crate) fn words(folded: &str) -> impl Iterator<Item = &str> {
    let words = folded.split_whitespace().map(|word| word.trim_matches(is_mark));
    words.filter(|word| !word.is_empty())
}

fn is_mark(c: char) -> bool {
    matches!(c, ',' | ';' | '，' | '；' | '、' | '。') || DOTS.contains(&c)
}

fn push_bare(c: char, folded: &mut String) {
    match bare(c) {
        Bare::Same => folded.push(c),
        Bare::Letters(letters) => folded.push_str(letters),
    }
}

enum Bare {
    Same,
    Letters(&'static str),
}

/// The plain letters of a lower-case Latin letter with diacritics; nothing of a combining mark.
/// Latin-1, Latin Extended-A, the pinyin vowels, and Vietnamese.
fn bare(c: char) -> Bare {
    Bare::Letters(match c {
        ..='\u{df}' if c != 'ß' => return Bare::Same,
        'ß' => "ss",
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ'..='ặ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' | 'ỉ'..='ị' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŉ' | 'ŋ' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ǒ' | 'ọ'..='ợ' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ǔ' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' | 'ụ'..='ự' => {
            "u"
        }
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ'..='ỹ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        '\u{300}'..='\u{36f}' => "",
        _ => return Bare::Same,
    })
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_width_and_diacritics_do_not_matter() {
        let cases = [
            ("Élodie", "elodie"),
            ("e\u{301}", "e"),
            ("Groß", "gross"),
            ("Ｚｈａｎｇ　１", "zhang 1"),
            ("Łódź", "lodz"),
            ("Nguyễn Thị Hương", "nguyen thi huong"),
            ("Çelik", "celik"),
            ("İzmir", "izmir"),
            ("张三", "张三"),
            ("ÆRØ", "aero"),
        ];
        for (text, expected) in cases {
            assert_eq!(fold(text), expected, "{text}");
        }
    }
}

//! How a Chinese character is usually read, without its tone: from the table that the build makes (`build.rs`).

use std::sync::LazyLock;

include!(concat!(env!("OUT_DIR"), "/readings.rs"));

/// The lower eight bits of each character's reading, run after run; with the ninth they number the syllables from 1.
static LOW: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/low"));
/// The ninth bits.
static HIGH: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/high"));

/// The usual reading of a character; `None` for what is none, or not in use.
pub(crate) fn reading(c: char) -> Option<&'static str> {
    static SYLLABLES_BY_NUMBER: LazyLock<Vec<&str>> = LazyLock::new(|| SYLLABLES.split(' ').collect());
    let place = place(c)?;
    let number = usize::from(*LOW.get(place)?) | usize::from(HIGH[place / 8] >> (place % 8) & 1) << 8;
    SYLLABLES_BY_NUMBER.get(number.checked_sub(1)?).copied()
}

/// Where it stands in the table.
fn place(c: char) -> Option<usize> {
    let code = u32::from(c);
    let mut before = 0;
    for (first, len) in RUNS {
        let within = code.checked_sub(*first)?;
        if within < *len {
            return Some((before + within) as usize);
        }
        before += len;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::reading;
    use pinyin::ToPinyin;

    #[test]
    fn every_character_of_the_basic_plane_is_read_as_its_source_reads_it() {
        for c in '\0'..='\u{ffff}' {
            assert_eq!(reading(c), c.to_pinyin().map(pinyin::Pinyin::plain), "{c}");
        }
    }

    #[test]
    fn rare_characters_of_names_are_read_and_others_are_not() {
        let read = ['𬭎', '𫖯', '𣲗', '𠀀', 'x'].map(reading);
        let source = |c: char| c.to_pinyin().map(pinyin::Pinyin::plain);
        assert_eq!(read, [source('𬭎'), source('𫖯'), source('𣲗'), None, None]);
        assert!(read[..3].iter().all(Option::is_some));
    }
}

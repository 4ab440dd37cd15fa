//! Names that read the same in other characters: an input method offers 张玮 beside 张伟 (R4, R40).

use crate::han::is_han;
use crate::roman::all_readings;

/// So many characters may be others.
const MOST_OTHERS: usize = 2;

/// Chinese characters with their readings, without tones.
#[derive(Clone, Debug)]
pub(crate) struct Sound(Vec<Character>);

#[derive(Clone, Debug)]
struct Character {
    itself: char,
    readings: Vec<&'static str>,
}

impl Character {
    fn reads_as(&self, other: char) -> bool {
        self.itself == other || all_readings(other).any(|reading| self.readings.contains(&reading))
    }
}

impl Sound {
    /// Of a word of nothing but Chinese characters; of a single one too many read the same.
    pub(crate) fn of(word: &str) -> Option<Self> {
        let character = |itself| Character { itself, readings: all_readings(itself).collect() };
        let told = word.chars().all(is_han) && word.chars().nth(1).is_some();
        told.then(|| Self(word.chars().map(character).collect()))
    }

    /// Of a name, or of the Chinese part of one: how many characters are others, where it reads the same as a whole.
    pub(crate) fn of_whole(&self, name: &str) -> Option<usize> {
        let whole = |part: &&str| part.chars().nth(self.0.len()).is_none();
        parts(name).filter(whole).find_map(|part| self.begins(part))
    }

    /// Whether any part of a name reads the same.
    pub(crate) fn is_within(&self, name: &str) -> bool {
        let mut begins = parts(name).flat_map(|part| part.char_indices().map(|(at, _)| &part[at..]));
        begins.any(|from| self.begins(from).is_some())
    }

    /// How many characters are others where a text begins with ones that read the same, one of them the very same.
    fn begins(&self, text: &str) -> Option<usize> {
        let pairs = || self.0.iter().zip(text.chars());
        let (length, same) = pairs().fold((0, 0), |(length, same), (asked, other)| {
            (length + 1, same + usize::from(asked.itself == other))
        });
        let others = self.0.len() - same;
        let near = length == self.0.len() && same > 0 && others <= MOST_OTHERS;
        (near && pairs().all(|(asked, other)| asked.reads_as(other))).then_some(others)
    }
}

/// The parts of a name that are in Chinese characters.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let name = if name.is_ascii() { "" } else { name };
    name.split(|c| !is_han(c)).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::Sound;

    fn others(asked: &str, name: &str) -> Option<usize> {
        Sound::of(asked)?.of_whole(name)
    }

    #[test]
    fn one_character_is_the_same_and_two_at_most_are_others() {
        assert_eq!(others("张玮", "张伟"), Some(1));
        assert_eq!(others("陈小婧", "陈晓静"), Some(2));
        assert_eq!(others("华伟贸易", "华为贸易 ltd"), Some(1));
        for (asked, name) in [
            ("伟", "玮"),
            ("章玮", "张伟"),
            ("程小婧", "陈晓静"),
            ("张玮", "张伟民"),
            ("张玮民", "张伟"),
            ("张anna", "章anna"),
            ("华伟茂意", "华为贸易"),
        ] {
            assert_eq!(others(asked, name), None, "{asked} for {name}");
        }
    }

    #[test]
    fn any_reading_of_a_character_counts() {
        assert_eq!(others("常青", "长青"), Some(1));
        assert_eq!(others("掌青", "长青"), Some(1));
        assert_eq!(others("曾诚", "增诚"), Some(1));
        assert_eq!(others("岑曾", "岑层"), Some(1));
    }

    #[test]
    fn a_part_is_found_from_any_character_on() {
        let within = |asked: &str, name: &str| Sound::of(asked).is_some_and(|sound| sound.is_within(name));
        assert!(within("华伟贸易", "上海华为贸易有限公司") && within("玮民", "张伟民"));
        assert!(!within("玮明", "张伟民") && !within("民玮", "张伟民") && !within("伟民好", "张伟民"));
    }
}

//! Which letters a text has, as bits: by one look at them most partners are passed over without a look at their keys.

/// Some letters. Those of other scripts share their bits, so that a text may seem to have what it has not, never the
/// other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Letters(u64);

/// Where the digits begin, the other signs of ASCII, everything else, and after how many of those one more is like
/// the first.
const DIGITS: u32 = 26;
const SIGNS: u32 = 36;
const OTHERS: u32 = 37;
const KINDS: u32 = u64::BITS - OTHERS;

impl Letters {
    pub(crate) fn of(text: &str) -> Self {
        text.chars().fold(Self::default(), Self::with)
    }

    pub(crate) fn with(self, letter: char) -> Self {
        let code = u32::from(letter);
        let bit = match letter {
            'a'..='z' => code - u32::from('a'),
            '0'..='9' => DIGITS + code - u32::from('0'),
            '\0'..='\x7f' => SIGNS,
            _ => OTHERS + code % KINDS,
        };
        Self(self.0 | 1 << bit)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of them may be among `those`.
    pub(crate) fn within(self, those: Self) -> bool {
        self.0 & !those.0 == 0
    }

    /// Whether all of them but one may be among `those`, which is so where one slip lies between two words.
    pub(crate) fn nearly_within(self, those: Self) -> bool {
        (self.0 & !those.0).count_ones() <= 1
    }
}

#[cfg(test)]
mod tests {
    use super::Letters;

    #[test]
    fn what_a_text_has_is_never_denied() {
        let all = Letters::of("张三 zhang san 138@x");
        for part in ["", "张", "三", "zs", "138", "@", " ", "gnahz"] {
            assert!(Letters::of(part).within(all), "{part}");
        }
        assert!(!Letters::of("b").within(all) && !Letters::of("9").within(all));
        assert!(Letters::of("zhangb").nearly_within(all) && !Letters::of("zbc").nearly_within(all));
        assert!(Letters::of("ab").within(Letters::of("a").and(Letters::of("b"))));
    }
}

//! One slip of the finger: a letter too many, one too few, another one, or two exchanged.

/// Whether two words, in UTF-8, are one slip apart (the same word is none).
pub(crate) fn one_typo(a: &[u8], b: &[u8]) -> bool {
    /// The longest letter, in bytes.
    const LONGEST: usize = 4;
    if a.len().abs_diff(b.len()) > LONGEST {
        return false;
    }
    let ahead = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let ahead = (0..=ahead).rev().find(|at| begins_letter(a, *at)).unwrap_or(0);
    let (a, b) = (&a[ahead..], &b[ahead..]);
    let behind = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let behind = (0..=behind).rev().find(|at| begins_letter(a, a.len() - at)).unwrap_or(0);
    let (a, b) = (&a[..a.len() - behind], &b[..b.len() - behind]);
    match (letters(a), letters(b)) {
        (0, 0) => false,
        (0 | 1, 0 | 1) => true,
        (2, 2) => exchanged(a, b),
        _ => false,
    }
}

/// Whether two words begin or end alike. A slip in three letters or more leaves one of the ends: most words are passed
/// over by a look at these.
pub(crate) fn keeps_an_end(a: &[u8], b: &[u8]) -> bool {
    a.first() == b.first() || a.last() == b.last()
}

/// Whether a letter begins here, or the word ends.
fn begins_letter(word: &[u8], at: usize) -> bool {
    word.get(at).is_none_or(|byte| byte & 0xc0 != 0x80)
}

fn letters(word: &[u8]) -> usize {
    word.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// Whether two pairs of letters are each other the other way round.
fn exchanged(a: &[u8], b: &[u8]) -> bool {
    let second = (1..a.len()).find(|at| begins_letter(a, *at)).unwrap_or(a.len());
    let (first, second) = a.split_at(second);
    b.strip_prefix(second) == Some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Everything that is one slip away from a word, and by chance the word itself.
    fn slips(word: &str, letter: char) -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        let mut slips = Vec::new();
        for at in 0..=letters.len() {
            let (before, behind) = letters.split_at(at);
            let mut add = |parts: [&[char]; 3]| slips.push(parts.concat().into_iter().collect());
            add([before, &[letter], behind]);
            if let [one, rest @ ..] = behind {
                add([before, &[], rest]);
                add([before, &[letter], rest]);
                if let [two, rest @ ..] = rest {
                    add([before, &[*two, *one], rest]);
                }
            }
        }
        slips
    }

    #[test]
    fn one_slip_is_forgiven_and_two_are_not() {
        for (a, b) in
            [("zhangsan", "zhagnsan"), ("smith", "smth"), ("宏达贸易", "宏大贸易"), ("ab", "abc"), ("é", "e")]
        {
            assert!(one_typo(a.as_bytes(), b.as_bytes()) && one_typo(b.as_bytes(), a.as_bytes()), "{a} {b}");
        }
        for (a, b) in [
            ("smith", "smith"),
            ("smith", "simht"),
            ("smith", "smithee"),
            ("abcd", "badc"),
            ("", ""),
            ("达", "逹x"),
        ] {
            assert!(!one_typo(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn every_slip_is_found_and_nothing_else(word in "[abé中文]{0,6}", other in "[abé中文]{0,6}", letter in "[aé中]") {
            let letter = letter.chars().next().expect("one letter");
            for slip in slips(&word, letter) {
                prop_assert_eq!(one_typo(word.as_bytes(), slip.as_bytes()), slip != word, "{} {}", word, slip);
            }
            for slip in slips(&word, letter).into_iter().filter(|_| word.chars().count() > 2) {
                prop_assert!(keeps_an_end(word.as_bytes(), slip.as_bytes()), "{} {}", word, slip);
            }
            let near = ['a', 'b', 'é', '中', '文'].iter().any(|letter| slips(&word, *letter).contains(&other));
            prop_assert_eq!(one_typo(word.as_bytes(), other.as_bytes()), near && word != other);
        }
    }
}

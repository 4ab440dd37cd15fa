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

/// Whether a word begins with a text but for one slip, which is neither in its first letter nor in its last: there
/// nothing tells a slip from the beginning of something else.
pub(crate) fn begins_nearly(text: &[u8], word: &[u8]) -> bool {
    let same = text.iter().zip(word).take_while(|(a, b)| a == b).count();
    let same = (0..=same).rev().find(|at| begins_letter(text, *at)).unwrap_or(0);
    let (text, word) = (&text[same..], &word[same..]);
    if same == 0 || text.is_empty() || word.is_empty() {
        return false;
    }
    let ((a, text_behind), (b, word_behind)) = (first_letter(text), first_letter(word));
    let follows = |rest: &[u8], on: &[u8]| !rest.is_empty() && on.starts_with(rest);
    let exchanged = || word_behind.strip_prefix(a)?.starts_with(text_behind.strip_prefix(b)?).then_some(());
    follows(text_behind, word_behind)
        || follows(text_behind, word)
        || follows(text, word_behind)
        || exchanged().is_some()
}

/// The first letter of what is not empty, and what is behind it.
fn first_letter(word: &[u8]) -> (&[u8], &[u8]) {
    word.split_at((1..word.len()).find(|at| begins_letter(word, *at)).unwrap_or(word.len()))
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
    let (first, second) = first_letter(a);
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

    #[test]
    fn a_slip_in_a_beginning_is_forgiven_but_for_its_ends() {
        for text in ["jonh", "jhna", "joxhna", "jxhna", "johntha", "johnahtan"] {
            assert!(begins_nearly(text.as_bytes(), b"johnathan"), "{text}");
        }
        for text in ["", "john", "johx", "ohna", "xohna", "johnathanx", "jonha x", "jxxna", "hjona"] {
            assert!(!begins_nearly(text.as_bytes(), b"johnathan"), "{text}");
        }
        assert!(begins_nearly("宏打贸".as_bytes(), "宏达贸易".as_bytes()));
        assert!(!begins_nearly("宏打".as_bytes(), "宏达贸易".as_bytes()));
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
            let whole = format!("{word}{other}");
            let (first, last) = (word.chars().next(), word.chars().next_back());
            let begins = |slip: &&String| slip.chars().next() == first && slip.chars().next_back() == last;
            let other_than = |slip: &&String| !word.starts_with(slip.as_str()) && !slip.starts_with(&word);
            for slip in slips(&word, letter).iter().filter(begins).filter(other_than) {
                prop_assert!(begins_nearly(slip.as_bytes(), whole.as_bytes()), "{} {}", whole, slip);
            }
            let near = ['a', 'b', 'é', '中', '文'].iter().any(|letter| slips(&word, *letter).contains(&other));
            prop_assert_eq!(one_typo(word.as_bytes(), other.as_bytes()), near && word != other);
        }
    }
}

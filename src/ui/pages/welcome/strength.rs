//! An honest word about a passphrase: what a patient guesser would try first, counted in bits.
//!
//! It is a rough guess, made without lists of millions of leaked passwords, and it errs low: what is
//! common, repeated or in sequence counts next to nothing.

/// How hard a passphrase is to guess, each try costing what our key derivation costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::ui::pages) enum Strength {
    /// Fewer characters than are allowed.
    Short,
    /// Hours.
    Weak,
    /// Years.
    Fair,
    /// Longer than matters.
    Strong,
}

/// As few characters as a passphrase may have.
pub(super) const SHORTEST: usize = 8;

const FAIR_BITS: f64 = 36.0;
const STRONG_BITS: f64 = 56.0;

/// What people take first; compared without case.
const COMMON: [&str; 36] = [
    "password", "passw0rd", "passwort", "qwerty", "qwertz", "asdf", "zxcv", "iloveyou", "welcome", "admin",
    "letmein", "dragon", "monkey", "football", "baseball", "master", "sunshine", "princess", "shadow",
    "superman", "woaini", "5201314", "satchel", "test", "abcd", "1q2w3e", "q1w2e3", "hello", "login",
    "secret", "summer", "winter", "spring", "autumn", "xingnang", "mima",
];

/// Judges a passphrase.
pub(in crate::ui::pages) fn judge(passphrase: &str) -> Strength {
    if passphrase.chars().count() < SHORTEST {
        return Strength::Short;
    }
    match bits(passphrase) {
        bits if bits < FAIR_BITS => Strength::Weak,
        bits if bits < STRONG_BITS => Strength::Fair,
        _ => Strength::Strong,
    }
}

/// Bits of the best of two readings: as characters, and as words.
fn bits(passphrase: &str) -> f64 {
    let plain = without_common(&passphrase.to_lowercase());
    let characters = surprising(&plain) * per_character(passphrase);
    let words = passphrase.split([' ', '-', '.', '_']).filter(|word| word.chars().count() > 2).count();
    const PER_WORD: f64 = 12.0;
    if words >= 3 { characters.min(words as f64 * PER_WORD + 4.0) } else { characters }
}

/// Each common word is worth one character.
fn without_common(lower: &str) -> String {
    COMMON.iter().fold(lower.to_owned(), |left, word| left.replace(word, "\u{1}"))
}

/// Characters that do not follow from those before: no repeat, no step of a sequence; digits of a year count little.
fn surprising(text: &str) -> f64 {
    let codes: Vec<u32> = text.chars().map(u32::from).collect();
    let mut count = 0.0;
    for (at, code) in codes.iter().enumerate() {
        let steps = |back: usize| at.checked_sub(back).map(|k| i64::from(codes[k + 1]) - i64::from(codes[k]));
        let follows = matches!((steps(1), steps(2)), (Some(a), Some(b)) if a == b && a.abs() <= 1)
            || (at > 0 && codes[at - 1] == *code);
        let seen = codes[..at].iter().filter(|other| *other == code).count();
        count += if follows { 0.1 } else { 1.0 / (1.0 + seen as f64 / 3.0) };
    }
    count
}

/// Bits of one character, from the kinds that occur.
fn per_character(text: &str) -> f64 {
    const IDEOGRAPH_BITS: f64 = 9.0;
    if text.chars().any(|c| !c.is_ascii() && c.is_alphabetic()) {
        return IDEOGRAPH_BITS;
    }
    let has = |kind: fn(char) -> bool, size: f64| if text.chars().any(kind) { size } else { 0.0 };
    let size = has(|c| c.is_ascii_lowercase(), 26.0)
        + has(|c| c.is_ascii_uppercase(), 10.0)
        + has(|c| c.is_ascii_digit(), 10.0)
        + has(|c| c.is_ascii_punctuation() || c == ' ', 12.0);
    size.max(2.0).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_weak() {
        for weak in [
            "password",
            "Password1",
            "12345678",
            "aaaaaaaaaaaa",
            "qwerty123",
            "abcdefgh",
            "20200101",
            "woaini520",
            "woaini5201314",
        ] {
            assert!(judge(weak) <= Strength::Weak, "{weak}");
        }
    }

    #[test]
    fn several_words_are_fair_or_strong() {
        for good in
            ["correct horse battery staple", "lampe regen violett zange", "青石板路上的雨声", "k7#mPw2!vQx9"]
        {
            assert!(judge(good) >= Strength::Fair, "{good}");
        }
        assert_eq!(judge("correct horse battery staple orange"), Strength::Strong);
    }

    #[test]
    fn seven_characters_are_short_in_any_script() {
        assert_eq!(judge("abc1$xy"), Strength::Short);
        assert_eq!(judge("青石板路上的"), Strength::Short);
        assert_eq!(judge(""), Strength::Short);
    }
}

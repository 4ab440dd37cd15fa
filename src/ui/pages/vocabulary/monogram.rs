//! The letters and the tint of a monogram.

/// One or two letters: the last two capitals of a Latin name's words, or the first character of a Chinese name.
pub fn letters(name: &str) -> String {
    let mut words = name.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let Some(first) = words.next().and_then(initial) else { return "?".to_owned() };
    let second = words.next().and_then(initial).filter(|letter| letter.is_ascii_alphabetic());
    match second {
        Some(second) if first.is_ascii_alphabetic() => [first, second].iter().collect(),
        _ => first.to_string(),
    }
}

fn initial(word: &str) -> Option<char> {
    word.chars().find(|letter| letter.is_alphanumeric()).and_then(|letter| letter.to_uppercase().next())
}

/// One of five tints, the same for the same identity on every device.
pub fn tint(id: &satchel_domain::RecordId) -> u8 {
    1 + id.0.iter().fold(0_u8, |sum, byte| (sum + byte % 5) % 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::RecordId;

    #[test]
    fn names_of_both_scripts_have_letters() {
        let of = |name| letters(name);
        assert_eq!(of("Aurelia Foods Ltd"), "AF");
        assert_eq!(of("宏达机电"), "宏");
        assert_eq!(of("anna"), "A");
        assert_eq!(of("Fjord & Pine AS"), "FP");
        assert_eq!(of("张 三"), "张");
        assert_eq!(of("3M 中国"), "3");
        assert_eq!(of(" … "), "?");
    }

    #[test]
    fn tints_are_five() {
        for byte in 0..=255 {
            assert!((1..=5).contains(&tint(&RecordId([byte; 16]))));
        }
    }
}

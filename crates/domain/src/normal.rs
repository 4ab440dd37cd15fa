//! Copies for comparison: what a person wrote stays as written (R9).

/// A phone number's digits with a leading `+`, whatever stands between them. Full-width forms count;
/// `00` in front is `+`. Empty when there is no digit.
pub fn normalise_phone(text: &str) -> String {
    let mut digits = String::with_capacity(text.len());
    for c in text.trim().chars().map(half_width) {
        if c.is_ascii_digit() || (c == '+' && digits.is_empty()) {
            digits.push(c);
        }
    }
    match digits.strip_prefix("00") {
        Some(rest) if !rest.is_empty() => format!("+{rest}"),
        _ if digits == "+" => String::new(),
        _ => digits,
    }
}

/// A mail address without space around it, in lower case and half width.
pub fn normalise_mail(text: &str) -> String {
    let text = text.trim();
    let address = text.strip_prefix("mailto:").unwrap_or(text);
    address.chars().map(half_width).flat_map(char::to_lowercase).collect()
}

/// The ASCII form of a full-width character; any other as it is.
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_compare_by_their_digits_r9() {
        let cases = [
            ("138 0000-0000", "13800000000"),
            ("＋８６（１３８）０００", "+86138000"),
            ("0086 138 0000 0000", "+8613800000000"),
            ("(5) 555-4729", "55554729"),
            ("+", ""),
            ("call me", ""),
            ("00", "00"),
        ];
        for (text, expected) in cases {
            assert_eq!(normalise_phone(text), expected, "{text}");
        }
    }

    #[test]
    fn mails_compare_without_case_and_width_r9() {
        assert_eq!(normalise_mail(" ZhangSan＠Example.COM "), "zhangsan@example.com");
        assert_eq!(normalise_mail("mailto:a@b.example"), "a@b.example");
    }
}

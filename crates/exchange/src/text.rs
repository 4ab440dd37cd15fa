//! Keys by which spellings of the same thing meet, and what counts as empty.

use satchel_domain::normal::half_width;

/// Spellings of "nothing", compared exactly.
const ABSENT: &[&str] = &[
    "NULL", "null", "Null", "N/A", "n/a", "#N/A", "NaN", "nan", "None", "none", "nil", "-", "--", "—", "–",
    "空", "无", "暂无", "(null)", "(empty)", "\\N",
];

/// The cell without surrounding white space, or empty when it is a spelling of "nothing".
///
/// An apostrophe in front of a formula sign is how spreadsheets (and [`crate::write_csv`]) mark
/// text; it is no part of the value.
pub fn present(cell: &str) -> &str {
    let trimmed = unmarked(cell.trim());
    if ABSENT.contains(&trimmed) { "" } else { trimmed }
}

/// Removes one apostrophe in front of a formula sign.
pub fn unmarked(cell: &str) -> &str {
    let rest = cell.trim_start_matches('\'');
    if rest.len() < cell.len() && starts_like_formula(rest) { &cell[1..] } else { cell }
}

/// Whether a spreadsheet would take the text for a formula or a command.
pub fn starts_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Whether the text could do harm in a spreadsheet: a formula sign that is no number, phone or name.
pub fn is_dangerous(text: &str) -> bool {
    let text = text.trim();
    let Some(sign) = text.chars().next().filter(|sign| "=+-@".contains(*sign)) else { return false };
    let rest = &text[1..];
    match sign {
        '=' => rest.chars().any(char::is_alphanumeric),
        _ => {
            rest.contains('(') && rest.contains(char::is_alphabetic)
                || rest.contains('|')
                || rest.contains('!')
        }
    }
}

/// A name as it is compared: full-width forms narrowed, lower case, one space between words,
/// no punctuation at the ends.
pub fn name_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for word in narrow(name).to_lowercase().split_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(word);
    }
    key.trim_matches(['.', ',', ';', '"', '\'']).to_owned()
}

/// A phone number as it is compared: its digits without leading zeros or `+`, an extension left out,
/// and of the rest the last ten, so that national and international spellings meet.
/// Empty when there are fewer than five digits.
pub fn phone_key(phone: &str) -> String {
    let narrow = narrow(phone).to_lowercase();
    let main = narrow.split(['x', '#', '转']).next().unwrap_or_default();
    let main = main.split("ext").next().unwrap_or_default();
    let digits: String = main.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    if digits.len() < 5 { String::new() } else { digits[digits.len().saturating_sub(10)..].to_owned() }
}

/// A mail address as it is compared.
pub fn mail_key(mail: &str) -> String {
    satchel_domain::normalise_mail(mail)
}

/// Full-width ASCII, the ideographic and the unbreakable space as their ordinary forms.
pub fn narrow(text: &str) -> String {
    text.chars().map(|character| if character == '\u{a0}' { ' ' } else { half_width(character) }).collect()
}

/// Whether the text looks like a mail address: one `@`, a dotted host, no spaces.
pub fn is_mail(text: &str) -> bool {
    let Some((local, host)) = text.trim().split_once('@') else { return false };
    let clean =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@,;<>\"".contains(c));
    clean(local) && clean(host) && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
}

/// Whether the text looks like a phone number: five to twenty digits, and besides them only what
/// people write between digits, or an extension.
pub fn is_phone(text: &str) -> bool {
    let narrow = narrow(text).to_lowercase();
    let main = narrow.replace("ext", "x").replace('转', "x");
    let digits = main.bytes().filter(u8::is_ascii_digit).count();
    (5..=24).contains(&digits) && main.chars().all(|c| c.is_ascii_digit() || " +-–()./x#,".contains(c))
}

/// Whether the character is a Chinese one.
pub fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Endings and words that only organisations have in their names.
const ORGANISATION_WORDS: &[&str] = &[
    "inc",
    "ltd",
    "llc",
    "llp",
    "plc",
    "corp",
    "corporation",
    "company",
    "co",
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "oy",
    "as",
    "aps",
    "sl",
    "lda",
    "ltda",
    "limited",
    "group",
    "holding",
    "holdings",
    "bank",
    "university",
    "school",
    "hospital",
    "hotel",
    "restaurant",
    "store",
    "shop",
    "market",
    "services",
    "solutions",
    "partners",
    "associates",
    "industries",
    "foundation",
    "institute",
    "sons",
    "ministry",
    "association",
    "club",
    "pty",
    "kk",
];
const ORGANISATION_PARTS: &[&str] = &[
    "公司",
    "集团",
    "有限",
    "股份",
    "工厂",
    "银行",
    "大学",
    "学院",
    "医院",
    "酒店",
    "商店",
    "超市",
    "中心",
    "协会",
    "事务所",
    "研究所",
    "合作社",
    "经营部",
    "学校",
    "餐厅",
    "饭店",
    "商行",
    "株式会社",
];

/// Whether a name reads like an organisation's.
pub fn is_organisation_name(name: &str) -> bool {
    let plain: String = name.to_lowercase().chars().filter(|c| *c != '.').collect();
    let has_word = plain
        .split(|c: char| !c.is_alphanumeric() && c != '&')
        .any(|word| word == "&" || ORGANISATION_WORDS.contains(&word));
    has_word || ORGANISATION_PARTS.iter().any(|part| name.contains(part))
}

/// Given and family name as one: `Anna Berg`, `张三`.
pub fn full_name(given: &str, family: &str) -> String {
    let han = |text: &str| !text.is_empty() && text.chars().all(is_han);
    match (given.is_empty(), family.is_empty()) {
        (true, _) => family.to_owned(),
        (_, true) => given.to_owned(),
        _ if han(given) && han(family) => format!("{family}{given}"),
        _ => format!("{given} {family}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_many_spellings() {
        for cell in ["", "  ", "NULL", " N/A ", "-", "空", "\u{a0}"] {
            assert_eq!(present(cell), "", "{cell:?}");
        }
        for (cell, value) in
            [("Null & Co", "Null & Co"), ("'+49 30", "+49 30"), ("'Oost", "'Oost"), ("0", "0")]
        {
            assert_eq!(present(cell), value);
        }
    }

    #[test]
    fn phones_meet_across_spellings() {
        let cases = [
            ("+86 138-0000-0000", "13800000000"),
            ("0049 30 12345678", "030/12345678"),
            ("(415) 293-3313 x371", "+1 415 293 3313"),
        ];
        for (one, other) in cases {
            let (one, other) = (phone_key(one), phone_key(other));
            assert!(one.ends_with(&other) || other.ends_with(&one), "{one} {other}");
        }
        assert_eq!(phone_key("12"), "");
    }

    #[test]
    fn looks() {
        assert!(is_mail("Shelley_Kerluke47@hotmail.com") && !is_mail("a@b") && !is_mail("a b@c.de"));
        assert!(is_phone("(171) 555-7788") && is_phone("1-955-371-0847 x371") && is_phone("88.60.15.31"));
        assert!(!is_phone("1996-07-04 00:00:00.000 h") && !is_phone("abc"));
        assert!(is_organisation_name("Alfreds GmbH") && is_organisation_name("杭州宏达有限公司"));
        assert!(is_organisation_name("Gottlieb and Sons") && !is_organisation_name("Anna Berg"));
        assert!(is_dangerous("=cmd|' /C calc'!A0") && is_dangerous("@SUM(A1)") && is_dangerous("+cmd|x"));
        assert!(!is_dangerous("+49 (30) 123") && !is_dangerous("-5.3") && !is_dangerous("@anna"));
    }

    #[test]
    fn names_are_joined_in_their_own_order() {
        assert_eq!(full_name("Anna", "Berg"), "Anna Berg");
        assert_eq!(full_name("三", "张"), "张三");
        assert_eq!(full_name("", "waller"), "waller");
        assert_eq!(name_key("  Ｃhop-suey   Chinese "), "chop-suey chinese");
    }
}

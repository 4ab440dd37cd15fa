//! Chinese characters, between which no space tells words apart: `张 伟` and `阿不都·热西提` are typed without it, too.

use std::borrow::Cow;

/// The dots that part names from each other in Chinese writing.
pub(crate) const DOTS: [char; 7] = ['·', '•', '‧', '∙', '⋅', '・', '･'];

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether it may part two Chinese characters of a folded text; a full-width point is folded to a plain one.
fn parts(c: char) -> bool {
    c.is_whitespace() || c == '.' || DOTS.contains(&c)
}

/// A folded text without the spaces and dots between Chinese characters.
pub(crate) fn closed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(parts) {
        return Cow::Borrowed(text);
    }
    let mut closed = String::with_capacity(text.len());
    let (mut behind_han, mut gap) = (false, String::new());
    for c in text.chars() {
        if behind_han && parts(c) {
            gap.push(c);
            continue;
        }
        behind_han = is_han(c);
        if !behind_han {
            closed.push_str(&gap);
        }
        gap.clear();
        closed.push(c);
    }
    closed.push_str(&gap);
    Cow::Owned(closed)
}

#[cfg(test)]
mod tests {
    use super::closed;

    #[test]
    fn nothing_parts_chinese_characters_and_all_else_stays() {
        let cases = [
            ("张 伟", "张伟"),
            ("阿不都 · 热西提", "阿不都热西提"),
            ("热.西.提", "热西提"),
            ("张伟 anna 李 丽", "张伟 anna 李丽"),
            ("华为 . co", "华为 . co"),
            (" 张 ", " 张 "),
            ("élan · vital", "élan · vital"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(closed(text), expected, "{text}");
        }
    }
}

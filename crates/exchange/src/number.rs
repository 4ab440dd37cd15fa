//! Numbers as people and programs write them, to whole parts: no float touches money.

use crate::text::narrow;

/// What marks decimals in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mark {
    /// `1,234.56`
    #[default]
    Point,
    /// `1.234,56`
    Comma,
}

/// Decides over a whole column; a point unless the evidence is for a comma.
pub(crate) fn decimal_mark<'a>(cells: impl Iterator<Item = &'a str>) -> Mark {
    let (mut point, mut comma) = (0u32, 0u32);
    for cell in cells {
        match (cell.rfind('.'), cell.rfind(',')) {
            (Some(p), Some(c)) if p > c => point += 2,
            (Some(_), Some(_)) => comma += 2,
            (Some(p), None) if cell.len() - p != 4 => point += 1,
            (None, Some(c))
                if cell.len() - c != 4 || cell.matches(',').count() == 1 && cell.starts_with("0,") =>
            {
                comma += 1;
            }
            _ => {}
        }
    }
    if comma > point { Mark::Comma } else { Mark::Point }
}

/// A number in 10^-`places`, rounded half away from zero; `None` for what is no number or too large.
///
/// Currency signs, ISO codes, spaces, thousands' marks, full-width digits, a trailing minus and
/// accountants' parentheses are understood; so is `1.5e3`.
pub(crate) fn parse_scaled(cell: &str, mark: Mark, places: u32) -> Option<i64> {
    let text = narrow(cell);
    let text = text.trim();
    let (negative, body) = sign(text)?;
    let (body, exponent) = split_exponent(body)?;
    let (decimal, group) = match mark {
        Mark::Point => ('.', ','),
        Mark::Comma => (',', '.'),
    };
    let (whole, fraction) = body.split_once(decimal).unwrap_or((body, ""));
    let digits = grouped_digits(whole, group)?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || (digits.is_empty() && fraction.is_empty()) {
        return None;
    }
    let magnitude = scale(&digits, fraction, i64::from(places) + exponent)?;
    Some(if negative { -magnitude } else { magnitude })
}

/// Whether the cell is a number in either notation.
pub(crate) fn is_number(cell: &str) -> bool {
    parse_scaled(cell, Mark::Point, 4).is_some() || parse_scaled(cell, Mark::Comma, 4).is_some()
}

fn sign(text: &str) -> Option<(bool, &str)> {
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let (negative, body) = sign(inner)?;
        return (!negative).then_some((true, body));
    }
    let body = strip_currency(text);
    let (negative, body) = match body.strip_prefix(['-', '−']).or_else(|| body.strip_suffix('-')) {
        Some(rest) => (true, rest),
        None => (false, body.strip_prefix('+').unwrap_or(body)),
    };
    Some((negative, strip_currency(body)))
}

/// Removes a currency sign or an ISO code in capitals at either end.
fn strip_currency(text: &str) -> &str {
    let is_sign = |c: char| c.is_whitespace() || "$€£¥￥₹₽元".contains(c);
    let text = text.trim_matches(is_sign);
    let is_code =
        |part: Option<&str>| part.is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_uppercase()));
    let text = if is_code(text.get(..3)) { &text[3..] } else { text };
    let tail = text.len().saturating_sub(3);
    let text = if text.len() > 3 && is_code(text.get(tail..)) { &text[..tail] } else { text };
    text.trim_matches(is_sign)
}

fn split_exponent(body: &str) -> Option<(&str, i64)> {
    match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            let exponent: i64 = exponent.parse().ok()?;
            (-20..=20).contains(&exponent).then_some((mantissa, exponent))
        }
        None => Some((body, 0)),
    }
}

/// The digits of the whole part; groups, where there are any, have three digits.
fn grouped_digits(whole: &str, group: char) -> Option<String> {
    let separators = |c: char| c == group || c == '\'' || c == '’' || c == ' ' || c == '\u{202f}';
    let parts: Vec<&str> = whole.split(separators).collect();
    let all_digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let grouped =
        parts.len() == 1 || parts.iter().skip(1).all(|part| part.len() == 3) && !parts[0].is_empty();
    (all_digits && grouped).then(|| parts.concat())
}

/// `whole.fraction` times 10^`shift`, rounded half away from zero.
fn scale(whole: &str, fraction: &str, shift: i64) -> Option<i64> {
    let digits = format!("{whole}{fraction}");
    let point = whole.len() as i64 + shift;
    let mut value: i64 = 0;
    for at in 0..point.max(0) {
        let digit = digits.as_bytes().get(at as usize).map_or(0, |byte| i64::from(byte - b'0'));
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    let next = usize::try_from(point).ok().and_then(|at| digits.as_bytes().get(at));
    let up = next.is_some_and(|byte| *byte >= b'5');
    value.checked_add(i64::from(up))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        let cases = [
            ("32.38", Mark::Point, Some(323_800)),
            ("1,234.56", Mark::Point, Some(12_345_600)),
            ("1.234,56", Mark::Comma, Some(12_345_600)),
            ("1 234,5", Mark::Comma, Some(12_345_000)),
            ("1'234.50", Mark::Point, Some(12_345_000)),
            ("¥1,200", Mark::Point, Some(12_000_000)),
            ("￥１２．５", Mark::Point, Some(125_000)),
            ("12.5元", Mark::Point, Some(125_000)),
            ("EUR 5", Mark::Point, Some(50_000)),
            ("5.00 USD", Mark::Point, Some(50_000)),
            ("-$3.10", Mark::Point, Some(-31_000)),
            ("$-3.10", Mark::Point, Some(-31_000)),
            ("(3.10)", Mark::Point, Some(-31_000)),
            ("3.10-", Mark::Point, Some(-31_000)),
            (".5", Mark::Point, Some(5_000)),
            ("0.00005", Mark::Point, Some(1)),
            ("0.00004", Mark::Point, Some(0)),
            ("1e2", Mark::Point, Some(1_000_000)),
            ("12,34.5", Mark::Point, None),
            ("abc", Mark::Point, None),
            ("", Mark::Point, None),
            ("1.2.3", Mark::Point, None),
            ("99999999999999999999", Mark::Point, None),
        ];
        for (text, mark, expected) in cases {
            assert_eq!(parse_scaled(text, mark, 4), expected, "{text}");
        }
    }

    #[test]
    fn the_mark_is_decided_over_the_column() {
        assert_eq!(decimal_mark(["1,50", "2,25", "10"].into_iter()), Mark::Comma);
        assert_eq!(decimal_mark(["1.50", "1,200"].into_iter()), Mark::Point);
        assert_eq!(decimal_mark(["1.200,50"].into_iter()), Mark::Comma);
        assert_eq!(decimal_mark(["1,200", "3"].into_iter()), Mark::Point);
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,20}", places in 0u32..6) {
            parse_scaled(&text, Mark::Point, places);
            parse_scaled(&text, Mark::Comma, places);
        }

        #[test]
        fn what_is_written_is_read(value in -1_000_000_000_000i64..1_000_000_000_000) {
            let sign = if value < 0 { "-" } else { "" };
            let (whole, rest) = (value.abs() / 10_000, value.abs() % 10_000);
            prop_assert_eq!(parse_scaled(&format!("{sign}{whole}.{rest:04}"), Mark::Point, 4), Some(value));
        }
    }
}

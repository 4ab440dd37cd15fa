//! Money in minor units with its currency; never a float.

use crate::normal::half_width;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An ISO 4217 code: three ASCII capitals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Currency(pub [u8; 3]);

/// An amount in a currency's minor unit (cents, fen; whole yen).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative for what was given back.
    pub minor: i64,
    /// The currency they are counted in.
    pub currency: Currency,
}

/// A text that is not an amount, or an amount that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not a decimal number.
    #[error("not a number")]
    NotNumber,
    /// More decimal places than the currency (or field) has; nothing is rounded unasked.
    #[error("more decimal places than can be kept")]
    TooPrecise,
    /// Beyond what 64 bits hold.
    #[error("the amount is too large")]
    Overflow,
}

/// What to do with more decimal places than can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Refuse, unless they are zeros.
    Refuse,
    /// Round half away from zero.
    Round,
}

impl Currency {
    /// "No currency": ISO 4217's own code for it. What an unreadable code falls back to.
    pub const NONE: Self = Self(*b"XXX");
    /// Chinese yuan.
    pub const CNY: Self = Self(*b"CNY");
    /// US dollar.
    pub const USD: Self = Self(*b"USD");

    /// Reads three letters, in either case, with space around them; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|letter| letter.to_ascii_uppercase())))
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimal places the currency has (ISO 4217, list one; 2 where it does not say).
    pub fn minor_digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    /// Minor units in one major unit: 100 for most, 1 for yen.
    pub fn minor_units(self) -> i64 {
        10_i64.pow(self.minor_digits())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Money {
    /// Reads a decimal text such as `1,234.50` into minor units.
    pub fn parse(text: &str, currency: Currency, excess: Excess) -> Result<Self, AmountError> {
        let minor = parse_decimal(text, currency.minor_digits(), excess)?;
        Ok(Self { minor, currency })
    }

    /// The amount as a plain decimal, `-1234.50`: for files and fields. Screens use the browser's.
    pub fn to_decimal(self) -> String {
        format_decimal(self.minor, self.currency.minor_digits())
    }

    /// The sum of two amounts of one currency; `None` when it does not fit or they differ.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let minor = self.minor.checked_add(other.minor)?;
        (self.currency == other.currency).then_some(Self { minor, ..self })
    }
}

/// Reads a decimal number as a whole number of 10^-`places`, exactly and without floats: an optional
/// sign, digits with `,` `'` `_` or spaces between thousands, a point. Full-width forms are understood.
pub fn parse_decimal(text: &str, places: u32, excess: Excess) -> Result<i64, AmountError> {
    let text: String = text.trim().chars().map(half_width).map(ascii_minus).collect();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = without_grouping(whole)?;
    if (whole.is_empty() && fraction.is_empty()) || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AmountError::NotNumber);
    }
    let magnitude = scaled(&whole, fraction, places as usize, excess)?;
    i64::try_from(if negative { -magnitude } else { magnitude }).map_err(|_| AmountError::Overflow)
}

/// The inverse of [`parse_decimal`]: a plain decimal with exactly `places` places.
pub fn format_decimal(number: i64, places: u32) -> String {
    let places = places as usize;
    let digits = format!("{:0width$}", number.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let sign = if number < 0 { "-" } else { "" };
    if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

fn ascii_minus(c: char) -> char {
    if c == '\u{2212}' { '-' } else { c }
}

/// Separators only between digits in groups: the first of one to three, the others of three.
fn without_grouping(whole: &str) -> Result<String, AmountError> {
    let separator = |c: char| matches!(c, ',' | '\'' | '_' | ' ' | '\u{a0}' | '\u{202f}');
    let groups: Vec<&str> = whole.split(separator).collect();
    let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    let grouped = groups.len() == 1
        || (matches!(groups[0].len(), 1..=3) && groups[1..].iter().all(|group| group.len() == 3));
    if digits && grouped { Ok(groups.concat()) } else { Err(AmountError::NotNumber) }
}

fn scaled(whole: &str, fraction: &str, places: usize, excess: Excess) -> Result<i128, AmountError> {
    let (kept, over) = fraction.split_at(fraction.len().min(places));
    if excess == Excess::Refuse && over.bytes().any(|digit| digit != b'0') {
        return Err(AmountError::TooPrecise);
    }
    let digits = whole.bytes().chain(kept.bytes()).chain(std::iter::repeat_n(b'0', places - kept.len()));
    let magnitude = digits.into_iter().try_fold(0_i128, |sum, digit| {
        sum.checked_mul(10)
            .and_then(|sum| sum.checked_add(i128::from(digit - b'0')))
            .ok_or(AmountError::Overflow)
    })?;
    let up = over.bytes().next().is_some_and(|digit| digit >= b'5');
    Ok(magnitude.saturating_add(i128::from(up)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_become_whole_numbers_without_floats() {
        use AmountError::*;
        let cases = [
            ("1234.50", 2, Ok(123_450)),
            ("1,234.5", 2, Ok(123_450)),
            ("１２．５", 2, Ok(1_250)),
            ("-0.05", 2, Ok(-5)),
            ("\u{2212}3", 0, Ok(-3)),
            (".5", 2, Ok(50)),
            ("5.", 2, Ok(500)),
            ("12.500", 2, Ok(1_250)),
            ("12.345", 2, Err(TooPrecise)),
            ("12.5", 0, Err(TooPrecise)),
            ("1,23", 2, Err(NotNumber)),
            ("12,5", 2, Err(NotNumber)),
            ("1 234 567", 0, Ok(1_234_567)),
            ("", 2, Err(NotNumber)),
            (".", 2, Err(NotNumber)),
            ("--1", 2, Err(NotNumber)),
            ("1e5", 2, Err(NotNumber)),
            ("NULL", 2, Err(NotNumber)),
            ("92233720368547758.07", 2, Ok(i64::MAX)),
            ("92233720368547758.08", 2, Err(Overflow)),
            ("9999999999999999999999999999999999999999999", 2, Err(Overflow)),
        ];
        for (text, places, expected) in cases {
            assert_eq!(parse_decimal(text, places, Excess::Refuse), expected, "{text:?}");
        }
    }

    #[test]
    fn rounding_is_half_away_from_zero_and_only_when_asked() {
        for (text, expected) in [("0.15000000596", 1_500), ("0.00005", 1), ("-0.00005", -1), ("0.00004", 0)] {
            assert_eq!(parse_decimal(text, 4, Excess::Round), Ok(expected), "{text}");
        }
    }

    #[test]
    fn currencies_know_their_places() {
        assert_eq!(Currency::parse(" jpy ").map(Currency::minor_digits), Some(0));
        assert_eq!(Currency::parse("CNY").map(Currency::minor_digits), Some(2));
        assert_eq!(Currency::parse("KWD").map(Currency::minor_units), Some(1_000));
        assert_eq!(Currency::parse("元"), None);
        assert_eq!(Currency::parse("US"), None);
    }

    proptest! {
        #[test]
        fn a_decimal_round_trips(number in any::<i64>(), places in 0u32..6) {
            prop_assert_eq!(parse_decimal(&format_decimal(number, places), places, Excess::Refuse), Ok(number));
        }

        #[test]
        fn no_text_panics(text in ".*", places in 0u32..6) {
            let _ = parse_decimal(&text, places, Excess::Round);
        }
    }
}

//! A cell's number as a person sees it. No float touches it: the digits are those of the file.

use super::format::Format;
use chrono::{Days, NaiveDate};

/// As many digits as a spreadsheet shows; what is behind them is what a binary fraction could not hold.
const DIGITS: usize = 15;
/// Numbers further from one than this stay as they are written.
const FAR: i64 = 40;
const DAY_SECONDS: u128 = 86_400;

/// The text of a number in a format; as it is written where it is none.
pub(super) fn shown(written: &str, format: Format, from_1904: bool) -> String {
    let Some(plain) = plain(written) else { return written.trim().to_owned() };
    let when = match format {
        Format::Number => None,
        Format::Zeros(digits) => padded(&plain, digits),
        Format::Day => Serial::of(&plain).and_then(|serial| serial.day(from_1904)),
        Format::DayTime | Format::Time => Serial::of(&plain).and_then(|serial| serial.moment(from_1904)),
        Format::Elapsed => Serial::of(&plain).map(|serial| clock(serial.days * DAY_SECONDS + serial.seconds)),
    };
    when.unwrap_or(plain)
}

/// A number without an exponent and without a fraction of zeros: `1.38E+10` is `13800000000`.
fn plain(written: &str) -> Option<String> {
    let written = written.trim();
    let (sign, body) = written.strip_prefix('-').map_or(("", written), |body| ("-", body));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !body.is_empty() && body.len() <= 20 && all_digits(body) {
        return Some(written.to_owned());
    }
    let (mantissa, exponent) = body.split_once(['e', 'E']).unwrap_or((body, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let first = digits.bytes().position(|byte| byte != b'0');
    let Some(first) = first else { return Some("0".to_owned()) };
    let point = i64::try_from(whole.len()).ok()? - i64::try_from(first).ok()?;
    let exponent: i64 = exponent.parse().ok().filter(|exponent| (-400..=400).contains(exponent))?;
    let (digits, carried) = rounded(&digits.as_bytes()[first..]);
    let text = placed(&digits, point + exponent + i64::from(carried))?;
    Some(format!("{sign}{text}"))
}

/// The leading digits without zeros at their end, and whether rounding made them one digit longer.
fn rounded(digits: &[u8]) -> (String, bool) {
    let mut kept = digits[..digits.len().min(DIGITS)].to_vec();
    let mut carry = digits.get(DIGITS).is_some_and(|next| *next >= b'5');
    for digit in kept.iter_mut().rev() {
        if !carry {
            break;
        }
        carry = *digit == b'9';
        *digit = if carry { b'0' } else { *digit + 1 };
    }
    let text: String = carry.then_some('1').into_iter().chain(kept.into_iter().map(char::from)).collect();
    (text.trim_end_matches('0').to_owned(), carry)
}

/// Digits with the decimal point behind the first `point` of them.
fn placed(digits: &str, point: i64) -> Option<String> {
    if !(-FAR..=FAR).contains(&point) {
        return None;
    }
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
    let at = usize::try_from(point).unwrap_or_default();
    Some(match digits.split_at_checked(at) {
        None => format!("{digits}{}", zeros(point - digits.len() as i64)),
        Some((whole, "")) => whole.to_owned(),
        Some(("", fraction)) => format!("0.{}{fraction}", zeros(-point)),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
    })
}

fn padded(plain: &str, digits: usize) -> Option<String> {
    plain.bytes().all(|byte| byte.is_ascii_digit()).then(|| format!("{plain:0>digits$}"))
}

/// Days since the workbook's first, and seconds of the day.
struct Serial {
    days: u128,
    seconds: u128,
}

impl Serial {
    fn of(plain: &str) -> Option<Self> {
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let fraction = fraction.get(..DIGITS).unwrap_or(fraction);
        let parts = 10u128.pow(fraction.len() as u32);
        let part: u128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        // A day has more thousandths than seconds: half a second more is the next one.
        let seconds = (part * DAY_SECONDS * 2 + parts) / (parts * 2);
        let days = whole.parse::<u128>().ok().filter(|days| *days < 3_000_000)?;
        Some(Self { days: days + seconds / DAY_SECONDS, seconds: seconds % DAY_SECONDS })
    }

    /// The day. Counting from 1900 has a 29 February 1900, which never was, as its sixtieth day.
    fn date(&self, from_1904: bool) -> Option<NaiveDate> {
        let first = match (from_1904, self.days) {
            (true, _) => NaiveDate::from_ymd_opt(1904, 1, 1),
            (false, 0 | 60) => None,
            (false, days) if days < 60 => NaiveDate::from_ymd_opt(1899, 12, 31),
            (false, _) => NaiveDate::from_ymd_opt(1899, 12, 30),
        }?;
        first.checked_add_days(Days::new(u64::try_from(self.days).ok()?))
    }

    fn day(&self, from_1904: bool) -> Option<String> {
        self.date(from_1904).map(|date| date.to_string())
    }

    fn moment(&self, from_1904: bool) -> Option<String> {
        match (self.days, self.seconds) {
            (0, seconds) => Some(clock(seconds)),
            (_, 0) => self.day(from_1904),
            (_, seconds) => self.date(from_1904).map(|date| format!("{date} {}", clock(seconds))),
        }
    }
}

fn clock(seconds: u128) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_out() {
        let cases = [
            ("13800000000", "13800000000"),
            ("1.3800000000E10", "13800000000"),
            ("1.38E+10", "13800000000"),
            ("13800000000.0", "13800000000"),
            ("8.6138E+12", "8613800000000"),
            ("110101199003071234", "110101199003071234"),
            ("19.989999999999998", "19.99"),
            ("0.10000000000000001", "0.1"),
            ("9.9999999999999995E-2", "0.1"),
            ("999999999999999.9", "1000000000000000"),
            ("-1234.50", "-1234.5"),
            ("1E-7", "0.0000001"),
            ("0.000", "0"),
            ("5.", "5"),
            (".5", "0.5"),
            ("007", "007"),
            ("1E999", "1E999"),
            ("1E200", "1E200"),
            ("abc", "abc"),
            ("", ""),
            ("-", "-"),
            ("1.2.3", "1.2.3"),
            ("1e", "1e"),
        ];
        for (written, expected) in cases {
            assert_eq!(shown(written, Format::Number, false), expected, "{written}");
        }
    }

    #[test]
    fn days_and_times_are_those_that_the_sheet_shows() {
        let cases = [
            ("44197", Format::Day, false, "2021-01-01"),
            ("44197.75", Format::Day, false, "2021-01-01"),
            ("44197.75", Format::DayTime, false, "2021-01-01 18:00:00"),
            ("44197", Format::DayTime, false, "2021-01-01"),
            ("44197.999999999", Format::DayTime, false, "2021-01-02"),
            ("42735", Format::Day, true, "2021-01-01"),
            ("0", Format::Day, true, "1904-01-01"),
            ("1", Format::Day, false, "1900-01-01"),
            ("59", Format::Day, false, "1900-02-28"),
            ("60", Format::Day, false, "60"),
            ("61", Format::Day, false, "1900-03-01"),
            ("0.4375", Format::Time, false, "10:30:00"),
            ("44197.4375", Format::Time, false, "2021-01-01 10:30:00"),
            ("1.5", Format::Elapsed, false, "36:00:00"),
            ("-1", Format::Day, false, "-1"),
            ("99999999999", Format::Day, false, "99999999999"),
            ("1234", Format::Zeros(6), false, "001234"),
            ("12.5", Format::Zeros(6), false, "12.5"),
        ];
        for (written, format, from_1904, expected) in cases {
            assert_eq!(shown(written, format, from_1904), expected, "{written} as {format:?}");
        }
    }
}

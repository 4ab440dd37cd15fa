//! How a cell's number is shown, and so what it is: a number, a day, a time.

use super::xml::{Sink, Tag};
use crate::Refused;
use std::collections::BTreeMap;

/// What a number format makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// A number.
    #[default]
    Number,
    /// A number with zeros in front, to so many digits.
    Zeros(usize),
    /// A day.
    Day,
    /// A day with its time.
    DayTime,
    /// A time of day.
    Time,
    /// A duration that may be longer than a day.
    Elapsed,
}

/// The formats of the cells' styles.
#[derive(Default)]
pub(super) struct Formats {
    own: BTreeMap<u32, Format>,
    by_style: Vec<Format>,
    in_cells: bool,
}

impl Formats {
    /// What a style makes of a number.
    pub(super) fn of(&self, style: u32) -> Format {
        self.by_style.get(style as usize).copied().unwrap_or_default()
    }
}

impl Sink for Formats {
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Result<(), Refused> {
        match name {
            "numFmt" => {
                let id = tag.number("numFmtId").unwrap_or_default();
                self.own.insert(id, by_code(&tag.text("formatCode")));
            }
            "cellXfs" => self.in_cells = true,
            "xf" if self.in_cells => {
                let id = tag.number("numFmtId").unwrap_or_default();
                self.by_style.push(self.own.get(&id).copied().unwrap_or_else(|| built_in(id)));
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Refused> {
        self.in_cells &= name != "cellXfs";
        Ok(())
    }
}

/// The formats that every workbook has; 27 to 36 and 50 to 58 are those of Chinese, Japanese and Korean.
fn built_in(id: u32) -> Format {
    match id {
        14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Format::Day,
        18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Format::Time,
        22 => Format::DayTime,
        46 => Format::Elapsed,
        _ => Format::Number,
    }
}

/// What a format's code says: letters of dates outside of quotes, escapes and brackets.
fn by_code(code: &str) -> Format {
    let code = code.split(';').next().unwrap_or_default();
    if code.len() > 1 && code.bytes().all(|byte| byte == b'0') {
        return Format::Zeros(code.len());
    }
    let (mut day, mut time, mut month) = (false, false, false);
    let mut rest = code.chars();
    while let Some(character) = rest.next() {
        match character {
            '"' => drop(rest.by_ref().find(|it| *it == '"')),
            '\\' | '_' | '*' => drop(rest.next()),
            '[' => {
                let inner: String = rest.by_ref().take_while(|it| *it != ']').collect();
                if !inner.is_empty() && inner.bytes().all(|byte| b"hmsHMS".contains(&byte)) {
                    return Format::Elapsed;
                }
            }
            'y' | 'Y' | 'd' | 'D' => day = true,
            'h' | 'H' | 's' | 'S' => time = true,
            'm' | 'M' => month = true,
            _ => {}
        }
    }
    match (day, time) {
        (true, true) => Format::DayTime,
        (true, false) => Format::Day,
        (false, true) => Format::Time,
        (false, false) if month => Format::Day,
        (false, false) => Format::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_what_a_number_is() {
        let cases = [
            ("General", Format::Number),
            ("#,##0.00\\ \"days\"", Format::Number),
            ("_-* #,##0.00\\ [$€-407]_-;-* 0_d", Format::Number),
            ("[Red]0%", Format::Number),
            ("0.00E+00", Format::Number),
            ("@", Format::Number),
            ("00000", Format::Zeros(5)),
            ("0", Format::Number),
            ("yyyy\"年\"m\"月\"d\"日\"", Format::Day),
            ("[$-804]aaaa, dd/mm/yy;@", Format::Day),
            ("mmm", Format::Day),
            ("yyyy/m/d h:mm", Format::DayTime),
            ("上午/下午h\"时\"mm\"分\"", Format::Time),
            ("h:mm AM/PM", Format::Time),
            ("[h]:mm:ss", Format::Elapsed),
            ("\"unclosed", Format::Number),
            ("[unclosed", Format::Number),
            ("", Format::Number),
        ];
        for (code, expected) in cases {
            assert_eq!(by_code(code), expected, "{code}");
        }
    }
}

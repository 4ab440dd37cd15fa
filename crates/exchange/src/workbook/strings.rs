//! The texts that cells share, and texts within cells.

use super::MOST_CELLS;
use super::xml::{Sink, Tag};
use crate::Refused;

/// Gathers the text of an element that holds it in runs; how it is to be pronounced is left out.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) text: String,
    takes: bool,
    spoken: bool,
}

impl Gathered {
    pub(super) fn open(&mut self, name: &str) {
        match name {
            "t" | "v" => self.takes = !self.spoken,
            "rPh" => self.spoken = true,
            _ => {}
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        match name {
            "t" | "v" => self.takes = false,
            "rPh" => self.spoken = false,
            _ => {}
        }
    }

    pub(super) fn take(&mut self, text: &str) {
        if self.takes {
            self.text.push_str(text);
        }
    }

    pub(super) fn clear(&mut self) {
        (self.takes, self.spoken) = (false, false);
        self.text.clear();
    }
}

/// The texts that cells share, one behind the other.
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
    one: Gathered,
    most: usize,
}

impl Strings {
    /// None yet; at most so many bytes of them.
    pub(super) fn new(most: usize) -> Self {
        Self { text: String::new(), ends: Vec::new(), one: Gathered::default(), most }
    }

    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.text.get(start..end)
    }
}

impl Sink for Strings {
    fn open(&mut self, name: &str, _: &Tag<'_>) -> Result<(), Refused> {
        if name == "si" {
            self.one.clear();
        }
        self.one.open(name);
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Refused> {
        self.one.close(name);
        if name == "si" {
            push_unescaped(&mut self.text, &self.one.text);
            self.ends.push(self.text.len());
            if self.text.len() > self.most || self.ends.len() > MOST_CELLS {
                return Err(Refused::LargeWorkbook);
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        self.one.take(text);
    }
}

/// Writes a text without the escapes that spreadsheets have for what XML cannot hold: `_x000D_` is a line's end.
pub(super) fn push_unescaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        match escaped(escape) {
            Some(character) => {
                out.extend(Some(character).filter(|it| !it.is_control() || it.is_whitespace()));
                rest = &escape[7..];
            }
            None => {
                out.push_str("_x");
                rest = &escape[2..];
            }
        }
    }
    out.push_str(rest);
}

fn escaped(escape: &str) -> Option<char> {
    let digits = escape.get(2..7)?.strip_suffix('_')?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::push_unescaped;

    #[test]
    fn escapes_are_taken_out() {
        let cases = [
            ("a_x000D_\nb", "a\r\nb"),
            ("_x5F20_三", "张三"),
            ("_x005F_x000D_", "_x000D_"),
            ("no_x00", "no_x00"),
            ("_xZZZZ_", "_xZZZZ_"),
            ("_x0000_a", "a"),
            ("_x张三张_", "_x张三张_"),
            ("plain", "plain"),
        ];
        for (text, expected) in cases {
            let mut out = String::new();
            push_unescaped(&mut out, text);
            assert_eq!(out, expected);
        }
    }
}

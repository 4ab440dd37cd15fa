//! One property of a card: its name, what is said about it, and its value as text.

use super::charset;
use crate::decode::Decoders;

/// A property as it stands in the card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Property {
    /// What it belongs together with in its card (`item1`), or empty.
    pub(crate) group: String,
    /// Its name, in capitals.
    pub(crate) name: String,
    /// Its types, in capitals; version 2.1 writes them bare.
    types: Vec<String>,
    parameters: Vec<(String, String)>,
    value: String,
}

/// How the values of a card are written.
#[derive(Clone, Copy)]
pub(crate) struct Writing<'d> {
    /// Whether the card is of version 2.1, in which only `;` is marked.
    pub(crate) old: bool,
    pub(crate) decoders: &'d dyn Decoders,
}

impl Property {
    /// Takes a line apart; `None` for what is no property.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let colon = outside_quotes(line, ':').next().or_else(|| line.find(':'))?;
        let (head, value) = (&line[..colon], &line[colon + 1..]);
        let mut parts = split(head, outside_quotes(head, ';'));
        let named = parts.next()?.trim();
        let (group, name) = named.rsplit_once('.').unwrap_or(("", named));
        let good =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let mut property = Self {
            group: group.to_ascii_lowercase(),
            name: name.to_ascii_uppercase(),
            value: value.to_owned(),
            ..Self::default()
        };
        parts.for_each(|part| property.take(part.trim()));
        good.then_some(property)
    }

    fn take(&mut self, parameter: &str) {
        let (name, value) = parameter.split_once('=').unwrap_or(("TYPE", parameter));
        let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().trim_matches('"'));
        if name == "TYPE" {
            self.types.extend(value.split(',').map(|each| each.trim().to_ascii_uppercase()));
        } else {
            self.parameters.push((name, value.to_owned()));
        }
    }

    /// What a parameter says.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Its types, a space between two.
    pub(crate) fn types(&self) -> String {
        self.types.join(" ")
    }

    /// Whether it is the one to use among several.
    pub(crate) fn is_preferred(&self) -> bool {
        self.parameter("PREF") == Some("1") || self.types.iter().any(|each| each == "PREF")
    }

    /// The value as one text.
    pub(crate) fn text(&self, writing: Writing<'_>) -> String {
        self.decoded(&self.value, writing)
    }

    /// The parts of a value with parts, such as a name or an address.
    pub(crate) fn parts(&self, writing: Writing<'_>) -> Vec<String> {
        let cuts = unmarked(&self.value, ';');
        split(&self.value, cuts).map(|part| self.decoded(part, writing)).collect()
    }

    fn decoded(&self, raw: &str, writing: Writing<'_>) -> String {
        let quoted = self.types.iter().any(|each| each == "QUOTED-PRINTABLE")
            || self.parameter("ENCODING").is_some_and(|it| it.eq_ignore_ascii_case("QUOTED-PRINTABLE"));
        if !quoted {
            return plain(raw, writing.old);
        }
        let charset = self.parameter("CHARSET").unwrap_or_default();
        plain(&charset::text(&unquoted(raw), charset, writing.decoders), writing.old)
    }
}

/// Where a sign stands outside of double quotes.
fn outside_quotes(text: &str, sign: char) -> impl Iterator<Item = usize> {
    let mut quoted = false;
    text.char_indices().filter_map(move |(at, character)| {
        quoted ^= character == '"';
        (character == sign && !quoted).then_some(at)
    })
}

/// Where a sign stands without a backslash in front of it.
fn unmarked(text: &str, sign: char) -> impl Iterator<Item = usize> {
    let mut marked = false;
    text.char_indices().filter_map(move |(at, character)| {
        let ends = character == sign && !marked;
        marked = character == '\\' && !marked;
        ends.then_some(at)
    })
}

/// The text between the places of a sign of one byte.
fn split(text: &str, cuts: impl Iterator<Item = usize>) -> impl Iterator<Item = &str> {
    let mut start = 0;
    cuts.chain([text.len()]).map(move |end| &text[std::mem::replace(&mut start, end + 1)..end])
}

/// Without the marks in front of signs, lines ended by `\n`, nothing around it.
fn plain(text: &str, old: bool) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let marked = characters.peek().copied().filter(|_| character == '\\');
        match marked {
            Some('n' | 'N') if !old => plain.push('\n'),
            Some(sign) if matches!(sign, ';' | ',' | ':') || sign == '\\' && !old => plain.push(sign),
            _ => {
                plain.push(character);
                continue;
            }
        }
        characters.next();
    }
    plain.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// The bytes of a quoted-printable text; a `=` that stands for nothing stays.
fn unquoted(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| *first == b'=').and_then(hex);
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    bytes
}

fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digits.iter().try_fold(0, |sum, byte| Some(sum * 16 + digit(byte)?))?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NativeDecoders;

    const NEW: Writing<'_> = Writing { old: false, decoders: &NativeDecoders };
    const OLD: Writing<'_> = Writing { old: true, decoders: &NativeDecoders };

    fn property(line: &str) -> Property {
        Property::parse(line).expect(line)
    }

    #[test]
    fn a_property_is_taken_apart() {
        let tel = property("Item1.tel;type=CELL;Type=\"voice,pref\";X-A=b:+86 138:0");
        assert_eq!((tel.group.as_str(), tel.name.as_str()), ("item1", "TEL"));
        assert_eq!((tel.types().as_str(), tel.parameter("X-A")), ("CELL VOICE PREF", Some("b")));
        assert!(
            tel.is_preferred()
                && property("ADR;PREF=1:x").is_preferred()
                && !property("ADR:x").is_preferred()
        );
        assert_eq!(tel.text(NEW), "+86 138:0");
        assert_eq!(property("TEL;FAX;WORK:1").types(), "FAX WORK");
        assert_eq!(property("X-A;LABEL=\"a:b;c\":d").text(NEW), "d");
        assert_eq!(property("X-A;LABEL=\"a:d").text(NEW), "d");
        for line in ["no colon", ":value", "two words:x", ""] {
            assert_eq!(Property::parse(line), None, "{line}");
        }
    }

    #[test]
    fn values_are_unmarked_by_the_rules_of_their_version() {
        let cases = [
            (r"a\, b\; c\: d\\e\nf\Ng\x", "a, b; c: d\\e\nf\ng\\x", r"a, b; c: d\\e\nf\Ng\x"),
            ("  x \r\n y ", "x \n y", "x \n y"),
            ("\\", "\\", "\\"),
        ];
        for (value, new, old) in cases {
            let note = property(&format!("NOTE:{value}"));
            assert_eq!((note.text(NEW), note.text(OLD)), (new.to_owned(), old.to_owned()), "{value}");
        }
        assert_eq!(property(r"N:Berg\;Ek;Anna\\;;").parts(NEW), ["Berg;Ek", r"Anna\", "", ""]);
    }

    #[test]
    fn quoted_printable_is_read_in_its_charset() {
        let cases = [
            ("CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0=E4=B8=89", "张三"),
            ("ENCODING=QUOTED-PRINTABLE;CHARSET=GBK:=D5=C5=C8=FD", "张三"),
            ("CHARSET=gb2312;QUOTED-PRINTABLE:=d5=c5=c8=fd", "张三"),
            ("CHARSET=GBK;QUOTED-PRINTABLE:=86=B4", "喆"),
            ("QUOTED-PRINTABLE:=D5=C5=C8=FD=C1=D6", "张三林"),
            ("CHARSET=ISO-8859-1;QUOTED-PRINTABLE:Li=E8ge", "Liège"),
            ("CHARSET=X-UNHEARD;QUOTED-PRINTABLE:=E5=BC=A0", "张"),
            ("CHARSET=GBK;QUOTED-PRINTABLE:=E5=BC=A0=FF", "å¼\u{a0}ÿ"),
            ("QUOTED-PRINTABLE:a=3Db =ZZ =4", "a=b =ZZ =4"),
            ("QUOTED-PRINTABLE:one=0D=0Atwo", "one\ntwo"),
        ];
        for (line, expected) in cases {
            assert_eq!(property(&format!("NOTE;{line}")).text(OLD), expected, "{line}");
        }
        let name = property("N;QUOTED-PRINTABLE:=E5=BC=A0;a=3Bb;;");
        assert_eq!(name.parts(OLD), ["张", "a;b", "", ""]);
    }
}

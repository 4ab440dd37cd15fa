//! The plain part of CBOR that records are written in, by hand: a tenth of what the general reader does.
//!
//! Writing gives the bytes that `ciborium` gives. Reading knows definite lengths and keys in order, as this
//! app writes them; anything else is `None`, and the general reader's to judge.

use crate::codec;
use crate::record::Elements;
use crate::{Kind, Record, Register, Stamp, Value};
use std::collections::BTreeMap;

const UNSIGNED: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const LIST: u8 = 4;
const MAP: u8 = 5;
const SIMPLE: u8 = 7;
const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;
const NULL: u8 = 0xf6;

/// Values nested deeper than any that we write.
const MAX_DEPTH: usize = 8;

/// Writes a head: its type and its number, in as few bytes as it takes.
fn head(out: &mut Vec<u8>, major: u8, number: u64) {
    let major = major << 5;
    match number {
        0..24 => out.push(major | number as u8),
        24..0x100 => out.extend([major | 24, number as u8]),
        0x100..0x1_0000 => {
            out.push(major | 25);
            out.extend((number as u16).to_be_bytes());
        }
        0x1_0000..0x1_0000_0000 => {
            out.push(major | 26);
            out.extend((number as u32).to_be_bytes());
        }
        _ => {
            out.push(major | 27);
            out.extend(number.to_be_bytes());
        }
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    head(out, TEXT, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    head(out, BYTES, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_stamp(out: &mut Vec<u8>, stamp: Stamp) {
    let number = codec::number(stamp.nth);
    head(out, BYTES, (codec::STAMP + number.len()) as u64);
    out.extend(stamp.to_bytes());
    out.extend_from_slice(number.as_slice());
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(NULL),
        Value::Bool(yes) => out.push(if *yes { TRUE } else { FALSE }),
        Value::Int(number) if *number < 0 => head(out, NEGATIVE, !number.cast_unsigned()),
        Value::Int(number) => head(out, UNSIGNED, number.cast_unsigned()),
        // Which of three widths it takes is the general writer's knowledge.
        Value::Float(bits) => ciborium::into_writer(&f64::from_bits(*bits), out)
            .expect("writing a number to memory cannot fail"),
        Value::Text(text) => put_text(out, text),
        Value::Bytes(bytes) => put_bytes(out, bytes),
        Value::List(list) => {
            head(out, LIST, list.len() as u64);
            list.iter().for_each(|value| put_value(out, value));
        }
        Value::Map(map) => {
            head(out, MAP, map.len() as u64);
            map.iter().for_each(|(key, value)| put_entry(out, key, value));
        }
    }
}

fn put_entry(out: &mut Vec<u8>, key: &str, value: &Value) {
    put_text(out, key);
    put_value(out, value);
}

fn put_elements(out: &mut Vec<u8>, elements: &Elements) {
    head(out, LIST, elements.len() as u64);
    for (element, (present, stamp)) in elements {
        head(out, LIST, 3);
        put_stamp(out, *stamp);
        put_value(out, element);
        out.push(if *present { TRUE } else { FALSE });
    }
}

/// Writes a record.
pub(crate) fn write(record: &Record, out: &mut Vec<u8>) {
    let Record { kind, fields, sets, seen, unknown } = record;
    let beyond = seen.beyond(&record.held());
    let parts = [!fields.is_empty(), !sets.is_empty(), !beyond.is_empty()];
    let known = 1 + parts.into_iter().filter(|there| *there).count();
    head(out, MAP, (known + unknown.len()) as u64);
    put_text(out, codec::KIND);
    put_text(out, kind.code());
    if !fields.is_empty() {
        put_text(out, codec::FIELDS);
        head(out, MAP, fields.len() as u64);
        for (id, Register { value, stamp }) in fields {
            put_text(out, id);
            head(out, LIST, 2);
            put_stamp(out, *stamp);
            put_value(out, value);
        }
    }
    if !sets.is_empty() {
        put_text(out, codec::SETS);
        head(out, MAP, sets.len() as u64);
        for (id, elements) in sets {
            put_text(out, id);
            put_elements(out, elements);
        }
    }
    if !beyond.is_empty() {
        put_text(out, codec::SEEN);
        put_bytes(out, &beyond);
    }
    unknown.iter().for_each(|(key, value)| put_entry(out, key, value));
}

/// Reads a record; `None` for what the general reader must judge.
pub(crate) fn read(bytes: &[u8]) -> Option<Record> {
    let mut reader = Reader { rest: bytes };
    let after_kind = reader.number(MAP)?.checked_sub(1)?;
    let mut record = Record::new(reader.kind()?);
    for _ in 0..after_kind {
        match reader.text()? {
            codec::FIELDS if record.fields.is_empty() => record.fields = reader.fields()?,
            codec::SETS if record.sets.is_empty() => record.sets = reader.sets()?,
            codec::SEEN => record.seen.read(reader.bytes()?)?,
            codec::KIND | codec::FIELDS | codec::SETS => return None,
            key => {
                let value = reader.value(MAX_DEPTH)?;
                record.unknown.insert(key.to_owned(), value);
            }
        }
    }
    let held = record.held();
    record.seen.join(&held);
    reader.rest.is_empty().then_some(record)
}

/// The text of a register; `None` where the general reader must judge, `Some(None)` where there is none.
pub(crate) fn peek<'a>(bytes: &'a [u8], field: &str) -> Option<Option<&'a str>> {
    let mut reader = Reader { rest: bytes };
    let after_kind = reader.number(MAP)?.checked_sub(1)?;
    reader.kind()?;
    if after_kind == 0 || reader.text()? != codec::FIELDS {
        return None;
    }
    for _ in 0..reader.number(MAP)? {
        let id = reader.text()?;
        reader.pair()?;
        if id == field {
            return Some(if reader.rest.first()? >> 5 == TEXT { Some(reader.text()?) } else { None });
        }
        reader.skip(MAX_DEPTH)?;
    }
    Some(None)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// A head: its type and number.
    fn head(&mut self) -> Option<(u8, u64)> {
        let first = *self.take(1)?.first()?;
        let number = match first & 0x1f {
            small @ 0..24 => small.into(),
            24 => self.take(1)?.first().copied()?.into(),
            25 => u16::from_be_bytes(self.take(2)?.try_into().ok()?).into(),
            26 => u32::from_be_bytes(self.take(4)?.try_into().ok()?).into(),
            27 => u64::from_be_bytes(self.take(8)?.try_into().ok()?),
            _ => return None,
        };
        Some((first >> 5, number))
    }

    /// The number of a head of this type.
    fn number(&mut self, major: u8) -> Option<usize> {
        let (found, number) = self.head()?;
        if found == major { usize::try_from(number).ok() } else { None }
    }

    fn text(&mut self) -> Option<&'a str> {
        let count = self.number(TEXT)?;
        std::str::from_utf8(self.take(count)?).ok()
    }

    fn kind(&mut self) -> Option<Kind> {
        if self.text()? != codec::KIND {
            return None;
        }
        self.text().map(Kind::from_code)
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.number(BYTES)?;
        self.take(count)
    }

    fn stamp(&mut self) -> Option<Stamp> {
        codec::stamp(self.bytes()?)
    }

    /// A register up to its value.
    fn pair(&mut self) -> Option<Stamp> {
        if self.number(LIST)? != 2 {
            return None;
        }
        self.stamp()
    }

    fn fields(&mut self) -> Option<BTreeMap<String, Register>> {
        self.map(|reader| {
            let stamp = reader.pair()?;
            Some(Register { value: reader.value(MAX_DEPTH)?, stamp })
        })
    }

    fn sets(&mut self) -> Option<BTreeMap<String, Elements>> {
        self.map(|reader| {
            let count = reader.number(LIST)?;
            (0..count).map(|_| reader.element()).collect()
        })
    }

    fn element(&mut self) -> Option<(Value, (bool, Stamp))> {
        if self.number(LIST)? != 3 {
            return None;
        }
        let (stamp, element) = (self.stamp()?, self.value(MAX_DEPTH)?);
        match self.take(1)? {
            [TRUE] => Some((element, (true, stamp))),
            [FALSE] => Some((element, (false, stamp))),
            _ => None,
        }
    }

    fn map<T>(&mut self, entry: impl FnMut(&mut Self) -> Option<T>) -> Option<BTreeMap<String, T>> {
        let count = self.number(MAP)?;
        self.entries(count, entry)
    }

    /// The entries of a map whose keys rise, as a sorted map writes them.
    fn entries<T>(
        &mut self,
        count: usize,
        mut entry: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<BTreeMap<String, T>> {
        let mut last = None;
        let read = (0..count).map(|_| {
            let key = self.text()?;
            if last.replace(key).is_some_and(|last| last >= key) {
                return None;
            }
            Some((key.to_owned(), entry(self)?))
        });
        read.collect()
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        let (major, number) = match *self.rest.first()? {
            FALSE | TRUE | NULL => return self.simple(),
            _ => self.head()?,
        };
        // A time in ms is no count: where addresses have 32 bits it does not even fit.
        match major {
            UNSIGNED => return Some(Value::Int(number.try_into().ok()?)),
            NEGATIVE => return Some(Value::Int(!i64::try_from(number).ok()?)),
            _ => {}
        }
        let count = usize::try_from(number).ok()?;
        Some(match major {
            BYTES => Value::Bytes(self.take(count)?.to_vec()),
            TEXT => Value::Text(std::str::from_utf8(self.take(count)?).ok()?.to_owned()),
            LIST => Value::List((0..count).map(|_| self.value(depth)).collect::<Option<_>>()?),
            MAP => Value::Map(self.entries(count, |reader| reader.value(depth))?),
            _ => return None,
        })
    }

    fn simple(&mut self) -> Option<Value> {
        Some(match self.take(1)? {
            [FALSE] => Value::Bool(false),
            [TRUE] => Value::Bool(true),
            _ => Value::Null,
        })
    }

    /// Passes over a value.
    fn skip(&mut self, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        let (major, number) = self.head()?;
        match major {
            UNSIGNED | NEGATIVE | SIMPLE => {}
            BYTES | TEXT => drop(self.take(usize::try_from(number).ok()?)?),
            LIST => (0..number).try_for_each(|_| self.skip(depth))?,
            MAP => (0..number).try_for_each(|_| self.skip(depth).and_then(|()| self.skip(depth)))?,
            _ => return None,
        }
        Some(())
    }
}

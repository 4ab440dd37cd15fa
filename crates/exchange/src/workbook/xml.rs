//! XML out of a part, some of it at a time.

use super::archive::Part;
use crate::Refused;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};
use std::borrow::Cow;
use std::io::ErrorKind;

/// Elements within each other; the reader of XML keeps the names of all that are open.
const MOST_DEEP: usize = 1_000;

/// What takes the pieces of a part. Names are those without a prefix: some programs write `x:row` for `row`.
pub(super) trait Sink {
    /// An element begins.
    fn open(&mut self, name: &str, tag: &Tag<'_>) -> Result<(), Refused>;
    /// An element ends.
    fn close(&mut self, _name: &str) -> Result<(), Refused> {
        Ok(())
    }
    /// Text of the innermost element, or some of it.
    fn text(&mut self, _text: &str) {}
}

/// The attributes of an element.
pub(super) struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// An attribute as it is written.
    pub(super) fn raw(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut attributes = self.0.attributes();
        let attributes = attributes.with_checks(false).flatten();
        attributes.into_iter().find(|it| it.key.local_name().into_inner() == name).map(|it| it.value)
    }

    /// An attribute; empty where there is none.
    pub(super) fn text(&self, name: &str) -> String {
        let raw = self.raw(name).unwrap_or_default();
        quick_xml::escape::unescape(&raw).map_or_else(|_| raw.to_string(), Cow::into_owned)
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.raw(name)?.trim().parse().ok()
    }

    /// Whether something is so; nothing is where it does not say.
    pub(super) fn is(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| matches!(&*value, "1" | "true"))
    }
}

/// A part that is being read.
pub(super) struct Xml {
    reader: Reader<Part>,
    buffer: Vec<u8>,
    depth: usize,
}

impl Xml {
    pub(super) fn new(part: Part) -> Self {
        let mut reader = Reader::from_reader(part);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0 }
    }

    /// How many packed bytes of the part were taken.
    pub(super) fn taken(&self) -> u64 {
        self.reader.get_ref().taken()
    }

    /// Gives so many pieces; says whether that was the last one.
    pub(super) fn go_on(&mut self, sink: &mut dyn Sink, pieces: usize) -> Result<bool, Refused> {
        for _ in 0..pieces {
            self.buffer.clear();
            self.reader.get_mut().mark();
            match self.reader.read_event_into(&mut self.buffer).map_err(|error| refused(&error))? {
                Event::Start(tag) | Event::Empty(tag) => {
                    self.depth += 1;
                    if self.depth > MOST_DEEP {
                        return Err(Refused::DamagedWorkbook);
                    }
                    sink.open(tag.local_name().into_inner(), &Tag(tag.borrow()))?;
                }
                Event::End(tag) => {
                    self.depth = self.depth.saturating_sub(1);
                    sink.close(tag.local_name().into_inner())?;
                }
                Event::Text(text) => sink.text(&text.xml10_content()),
                Event::CData(text) => sink.text(&text.xml10_content()),
                Event::GeneralRef(named) => match named.resolve_char_ref() {
                    Ok(Some(character)) => sink.text(character.encode_utf8(&mut [0; 4])),
                    _ => sink.text(resolve_predefined_entity(&named).ok_or(Refused::DamagedWorkbook)?),
                },
                Event::Eof => return Ok(true),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
        Ok(false)
    }

    /// Gives all of it.
    pub(super) fn whole(mut self, sink: &mut dyn Sink) -> Result<(), Refused> {
        while !self.go_on(sink, usize::MAX)? {}
        Ok(())
    }
}

fn refused(error: &Error) -> Refused {
    match error {
        Error::Io(error) if error.kind() == ErrorKind::FileTooLarge => Refused::LargeWorkbook,
        _ => Refused::DamagedWorkbook,
    }
}

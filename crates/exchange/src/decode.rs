//! Bytes to text, piece by piece, strictly: what does not fit the encoding is an error, never `�`.

use crate::encoding::Encoding;
use thiserror::Error;

/// The bytes are not in the encoding that was assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the bytes do not fit the encoding")]
pub struct Undecodable;

/// Turns pieces of a file into text; a character may be cut between two pieces.
pub trait Decoder {
    /// Appends the text of `bytes` to `out`; `last` says that no piece follows.
    ///
    /// # Errors
    /// [`Undecodable`] when the bytes are not in this encoding.
    fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String) -> Result<(), Undecodable>;
}

/// Where decoders come from that this crate does not hold itself.
pub trait Decoders {
    /// A strict decoder for `encoding`; `None` where the platform has none.
    fn open(&self, encoding: Encoding) -> Option<Box<dyn Decoder>>;
}

/// The decoders of a native build.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy, Debug, Default)]
pub struct NativeDecoders;

#[cfg(not(target_arch = "wasm32"))]
impl Decoders for NativeDecoders {
    fn open(&self, encoding: Encoding) -> Option<Box<dyn Decoder>> {
        let label = encoding.label().as_bytes();
        let decoder = encoding_rs::Encoding::for_label(label)?.new_decoder_without_bom_handling();
        Some(Box::new(Native(decoder)))
    }
}

#[cfg(not(target_arch = "wasm32"))]
struct Native(encoding_rs::Decoder);

#[cfg(not(target_arch = "wasm32"))]
impl Decoder for Native {
    fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String) -> Result<(), Undecodable> {
        let room = self.0.max_utf8_buffer_length_without_replacement(bytes.len()).ok_or(Undecodable)?;
        out.reserve(room);
        match self.0.decode_to_string_without_replacement(bytes, out, last) {
            (encoding_rs::DecoderResult::InputEmpty, _) => Ok(()),
            _ => Err(Undecodable),
        }
    }
}

/// The decoder for `encoding`: built in, or from `others`.
pub(crate) fn open(encoding: Encoding, others: &dyn Decoders) -> Option<Box<dyn Decoder>> {
    match encoding {
        Encoding::Utf8 => Some(Box::<Utf8>::default()),
        Encoding::Utf16Le => Some(Box::new(Utf16 { high_first: false, ..Utf16::default() })),
        Encoding::Utf16Be => Some(Box::new(Utf16 { high_first: true, ..Utf16::default() })),
        Encoding::Windows1252 => Some(Box::new(Windows1252)),
        Encoding::Gb18030 => others.open(encoding),
    }
}

#[derive(Default)]
struct Utf8 {
    cut: Vec<u8>,
    begun: bool,
}

impl Decoder for Utf8 {
    fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String) -> Result<(), Undecodable> {
        let mut whole = std::mem::take(&mut self.cut);
        whole.extend_from_slice(bytes);
        let valid = match std::str::from_utf8(&whole) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() && !last => error.valid_up_to(),
            Err(_) => return Err(Undecodable),
        };
        self.cut = whole.split_off(valid);
        let text = String::from_utf8(whole).map_err(|_| Undecodable)?;
        let marked = !self.begun && text.starts_with('\u{feff}');
        self.begun |= !text.is_empty();
        out.push_str(if marked { &text['\u{feff}'.len_utf8()..] } else { &text });
        Ok(())
    }
}

#[derive(Default)]
struct Utf16 {
    high_first: bool,
    byte: Option<u8>,
    surrogate: Option<u16>,
    begun: bool,
}

impl Utf16 {
    fn unit(&mut self, unit: u16, out: &mut String) -> Result<(), Undecodable> {
        let first = !std::mem::replace(&mut self.begun, true);
        if first && unit == 0xFEFF {
            return Ok(());
        }
        let pending = self.surrogate.take();
        if pending.is_none() && (0xD800..0xDC00).contains(&unit) {
            self.surrogate = Some(unit);
            return Ok(());
        }
        for character in char::decode_utf16(pending.into_iter().chain([unit])) {
            out.push(character.map_err(|_| Undecodable)?);
        }
        Ok(())
    }
}

impl Decoder for Utf16 {
    fn decode(&mut self, bytes: &[u8], last: bool, out: &mut String) -> Result<(), Undecodable> {
        for byte in bytes {
            let Some(first) = self.byte.take() else {
                self.byte = Some(*byte);
                continue;
            };
            let pair = [first, *byte];
            let unit = if self.high_first { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
            self.unit(unit, out)?;
        }
        if last && (self.byte.is_some() || self.surrogate.is_some()) { Err(Undecodable) } else { Ok(()) }
    }
}

/// The 32 places in which Windows-1252 differs from Latin-1; five are control characters, as the
/// WHATWG table has them.
const C1: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

struct Windows1252;

impl Decoder for Windows1252 {
    fn decode(&mut self, bytes: &[u8], _: bool, out: &mut String) -> Result<(), Undecodable> {
        out.extend(bytes.iter().map(|byte| match byte {
            0x80..=0x9F => C1[usize::from(byte - 0x80)],
            other => char::from(*other),
        }));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_pieces(encoding: Encoding, bytes: &[u8], size: usize) -> Result<String, Undecodable> {
        let mut decoder = open(encoding, &NativeDecoders).expect("natively all exist");
        let mut out = String::new();
        for piece in bytes.chunks(size) {
            decoder.decode(piece, false, &mut out)?;
        }
        decoder.decode(&[], true, &mut out)?;
        Ok(out)
    }

    #[test]
    fn cut_characters_are_put_together() {
        let text = "姓名,电话\n张三,1380 €\u{1F600}";
        let utf16 = |to: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(to).collect() };
        let (gbk, _, _) = encoding_rs::GB18030.encode(text);
        for size in [1, 2, 3, 7, 100] {
            assert_eq!(in_pieces(Encoding::Utf8, text.as_bytes(), size).as_deref(), Ok(text));
            assert_eq!(in_pieces(Encoding::Utf16Le, &utf16(u16::to_le_bytes), size).as_deref(), Ok(text));
            assert_eq!(in_pieces(Encoding::Utf16Be, &utf16(u16::to_be_bytes), size).as_deref(), Ok(text));
            assert_eq!(in_pieces(Encoding::Gb18030, &gbk, size).as_deref(), Ok(text));
        }
    }

    #[test]
    fn windows_1252_agrees_with_the_standard_table() {
        let all: Vec<u8> = (0..=255).collect();
        let (expected, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&all);
        assert_eq!(in_pieces(Encoding::Windows1252, &all, 10).as_deref(), Ok(&*expected));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let cases: &[(Encoding, &[u8])] = &[
            (Encoding::Utf8, b"ab\xff"),
            (Encoding::Utf8, b"ab\xe5"),
            (Encoding::Utf16Le, b"a"),
            (Encoding::Utf16Le, b"\x00\xd8a\x00"),
            (Encoding::Gb18030, b"a\x81"),
        ];
        for (encoding, bytes) in cases {
            assert_eq!(in_pieces(*encoding, bytes, 8), Err(Undecodable), "{encoding:?}");
        }
    }
}

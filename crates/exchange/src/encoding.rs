//! Which encoding a file is in, and whether it is text at all.
//!
//! UTF-8, UTF-16 and Windows-1252 are decoded here. GB18030 needs large tables, so it is a port:
//! natively `encoding_rs`, in a browser its own `TextDecoder`.

use serde::{Deserialize, Serialize};

/// How text is written down in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a mark at the start.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// GB18030, which contains GBK and GB2312.
    Gb18030,
    /// Windows-1252, the Western fallback in which every byte means something.
    Windows1252,
}

impl Encoding {
    /// The label that a `TextDecoder` understands.
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Gb18030 => "gb18030",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// What a file that is neither delimited text nor contact cards most likely is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FileKind {
    /// An Excel workbook (`.xlsx`).
    Xlsx,
    /// An old Excel or Office file (`.xls`).
    OldOffice,
    /// A ZIP archive.
    Zip,
    /// Another compressed file.
    Compressed,
    /// A PDF.
    Pdf,
    /// A picture.
    Image,
    /// A database file.
    Database,
    /// A web page, as some programs export under the name of a table.
    Html,
    /// JSON.
    Json,
    /// Binary of an unknown kind.
    Unknown,
}

/// The first bytes that tell a kind.
const MAGIC: &[(&[u8], FileKind)] = &[
    (b"%PDF-", FileKind::Pdf),
    (b"\x89PNG", FileKind::Image),
    (b"\xff\xd8\xff", FileKind::Image),
    (b"GIF8", FileKind::Image),
    (b"RIFF", FileKind::Image),
    (b"\xd0\xcf\x11\xe0", FileKind::OldOffice),
    (b"SQLite format 3", FileKind::Database),
    (b"\x1f\x8b", FileKind::Compressed),
    (b"7z\xbc\xaf\x27\x1c", FileKind::Compressed),
    (b"Rar!", FileKind::Compressed),
    (b"\x28\xb5\x2f\xfd", FileKind::Compressed),
];

/// Decides from the first bytes of a file (64 KiB are plenty).
///
/// The answer is checked again while the file is read: see [`crate::Loader`].
///
/// # Errors
/// The likely kind of a file that is neither delimited text nor contact cards.
pub fn sniff(head: &[u8]) -> Result<Encoding, FileKind> {
    if let Some(kind) = by_magic(head) {
        return Err(kind);
    }
    if head.starts_with(b"\xff\xfe") {
        return Ok(Encoding::Utf16Le);
    }
    if head.starts_with(b"\xfe\xff") {
        return Ok(Encoding::Utf16Be);
    }
    if let Some(encoding) = utf16_without_mark(head) {
        return Ok(encoding);
    }
    if is_binary(head) {
        return Err(FileKind::Unknown);
    }
    by_markup(head).map_or(Ok(()), Err)?;
    match std::str::from_utf8(head) {
        Ok(_) => Ok(Encoding::Utf8),
        Err(error) if error.error_len().is_none() => Ok(Encoding::Utf8),
        Err(_) => Ok(sniff_legacy(head)),
    }
}

/// GB18030 or Windows-1252, for bytes that are known not to be UTF-8.
///
/// In Western text a high byte stands alone among ASCII letters; in Chinese text high bytes come in
/// pairs, and nearly all pairs are characters of GB2312's common rows.
pub fn sniff_legacy(bytes: &[u8]) -> Encoding {
    let (mut common, mut rare, mut broken, mut at) = (0u32, 0u32, 0u32, 0);
    while at < bytes.len() {
        let lead = bytes[at];
        if lead < 0x80 {
            at += 1;
            continue;
        }
        let Some(&trail) = bytes.get(at + 1) else { break };
        let (weight, length) = gb_pair(lead, trail);
        match weight {
            Pair::Common => common += 1,
            Pair::Rare => rare += 1,
            Pair::Broken => broken += 1,
        }
        at += length;
    }
    let convincing = common > 0 && broken * 20 <= common && rare * 2 <= common;
    if convincing { Encoding::Gb18030 } else { Encoding::Windows1252 }
}

enum Pair {
    Common,
    Rare,
    Broken,
}

fn gb_pair(lead: u8, trail: u8) -> (Pair, usize) {
    match (lead, trail) {
        (0xB0..=0xF7, 0xA1..=0xFE) | (0xA1..=0xA3, 0xA1..=0xFE) => (Pair::Common, 2),
        (0x81..=0xFE, 0x30..=0x39) => (Pair::Rare, 4),
        (0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE) => (Pair::Rare, 2),
        _ => (Pair::Broken, 1),
    }
}

fn by_magic(head: &[u8]) -> Option<FileKind> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        let workbook = head.windows(3).any(|window| window == b"xl/");
        return Some(if workbook { FileKind::Xlsx } else { FileKind::Zip });
    }
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind)
}

/// ASCII-heavy UTF-16 without a mark: every second byte is zero, on one side only.
fn utf16_without_mark(head: &[u8]) -> Option<Encoding> {
    let sample = &head[..head.len().min(4096) & !1];
    let pairs = sample.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |side: usize| sample.chunks_exact(2).filter(|pair| pair[side] == 0).count();
    let (high_first, low_first) = (zeros(0), zeros(1));
    if low_first * 10 >= pairs * 4 && high_first == 0 {
        Some(Encoding::Utf16Le)
    } else if high_first * 10 >= pairs * 4 && low_first == 0 {
        Some(Encoding::Utf16Be)
    } else {
        None
    }
}

/// Control characters that no text file contains.
pub(crate) fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0E..=0x1A | 0x1C..=0x1F)
}

fn is_binary(head: &[u8]) -> bool {
    let controls = head.iter().filter(|byte| is_control(**byte)).count();
    head.contains(&0) || controls * 100 > head.len()
}

fn by_markup(head: &[u8]) -> Option<FileKind> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start: String = text.iter().take(256).map(|byte| char::from(*byte).to_ascii_lowercase()).collect();
    let start = start.trim_start();
    if ["<!doctype html", "<html", "<table", "<?xml"].iter().any(|tag| start.starts_with(tag)) {
        Some(FileKind::Html)
    } else if start.starts_with("{\"") || start.starts_with("[{") || start.starts_with("{\n") {
        Some(FileKind::Json)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let utf16: Vec<u8> = "name,phone\nAnna,1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: &[(&str, &[u8], Encoding)] = &[
            ("ascii", b"a,b\n1,2\n", Encoding::Utf8),
            ("mark", b"\xef\xbb\xbfa,b", Encoding::Utf8),
            ("cards", b"BEGIN:VCARD\r\nVERSION:3.0\r\n", Encoding::Utf8),
            ("cut in a character", b"a,\xe5\xbc", Encoding::Utf8),
            ("western", b"nom,ville\nCit\xe9,Orl\xe9ans\n\xc9lan,Li\xe8ge", Encoding::Windows1252),
            ("quotes of windows", b"\x93yes\x94,\x80 5", Encoding::Windows1252),
            ("gbk", b"\xd0\xd5\xc3\xfb,\xb5\xe7\xbb\xb0\n\xd5\xc5\xc8\xfd,1380", Encoding::Gb18030),
            ("utf-16 marked", b"\xff\xfea\0,\0", Encoding::Utf16Le),
            ("utf-16 unmarked", &utf16, Encoding::Utf16Le),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(sniff(bytes), Ok(*expected), "{name}");
        }
    }

    #[test]
    fn what_is_not_text_is_named() {
        let cases: &[(&[u8], FileKind)] = &[
            (b"PK\x03\x04....xl/workbook.xml", FileKind::Xlsx),
            (b"PK\x03\x04....word/", FileKind::Zip),
            (b"%PDF-1.7", FileKind::Pdf),
            (b"\x89PNG\r\n\x1a\n", FileKind::Image),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind::OldOffice),
            (b"a\0b\0\0\0\x01\x02\x03", FileKind::Unknown),
            (b"<!DOCTYPE html><table>", FileKind::Html),
            (b"[{\"name\":1}]", FileKind::Json),
        ];
        for (bytes, kind) in cases {
            assert_eq!(sniff(bytes), Err(*kind));
        }
    }
}

//! The bytes of one value to text, in the charset that its property names.

use crate::decode::{self, Decoders};
use crate::encoding::{Encoding, sniff_legacy};

/// The text; where the named charset does not fit, or none is named, the likeliest that fits.
pub(crate) fn text(bytes: &[u8], charset: &str, decoders: &dyn Decoders) -> String {
    let likely =
        [named(charset), Some(Encoding::Utf8), Some(sniff_legacy(bytes)), Some(Encoding::Windows1252)];
    likely.into_iter().flatten().find_map(|encoding| decoded(bytes, encoding, decoders)).unwrap_or_default()
}

fn decoded(bytes: &[u8], encoding: Encoding, decoders: &dyn Decoders) -> Option<String> {
    let mut text = String::new();
    decode::open(encoding, decoders)?.decode(bytes, true, &mut text).ok()?;
    Some(text)
}

fn named(charset: &str) -> Option<Encoding> {
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Some(Encoding::Utf8),
        "gbk" | "gb2312" | "gb18030" | "cp936" | "x-gbk" => Some(Encoding::Gb18030),
        "iso-8859-1" | "windows-1252" | "latin1" | "us-ascii" => Some(Encoding::Windows1252),
        _ => None,
    }
}

//! Compresses files beside themselves, once, as small as it gets.

use crate::{Attempt, Outcome};
use flate2::{Compression, write::GzEncoder};
use std::fs;
use std::io::Write;
use std::path::Path;

/// Below this many bytes compressing saves nothing on the way.
const WORTHWHILE: usize = 512;
const KINDS: [&str; 7] = ["css", "html", "js", "json", "svg", "wasm", "webmanifest"];

/// Writes `file.br` and `file.gz`, if it is a kind that compresses; returns the size of the former.
pub(crate) fn beside(file: &Path, bytes: &[u8]) -> Outcome<Option<usize>> {
    let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    if !KINDS.contains(&kind) || bytes.len() < WORTHWHILE {
        return Ok(None);
    }
    let small = brotli(bytes)?;
    write(file, "br", &small)?;
    write(file, "gz", &gzip(bytes)?)?;
    Ok(Some(small.len()))
}

fn write(file: &Path, kind: &str, bytes: &[u8]) -> Outcome {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(kind);
    fs::write(&name, bytes).attempt("writing a compressed file")
}

fn brotli(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut out = Vec::new();
    let best = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut out, &best).attempt("compressing")?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).attempt("compressing")?;
    encoder.finish().attempt("compressing")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn both_forms_give_the_bytes_back() {
        let bytes = b"a satchel, a satchel, and what is in it".repeat(40);
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli(&bytes).unwrap(), &mut plain).unwrap();
        assert_eq!(plain, bytes);
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&*gzip(&bytes).unwrap()).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, bytes);
    }
}

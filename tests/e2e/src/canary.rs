//! Looks for words and keys that must never lie on a disk in clear.

use crate::Outcome;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::memmem;
use std::fs;
use std::path::{Path, PathBuf};

/// What a search went through and found.
#[derive(Debug, Default)]
pub struct Search {
    /// Files read.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Where something was found: the word, or which key in which form, and the file.
    pub found: Vec<(String, PathBuf)>,
}

/// Reads every file below `folder`, byte for byte, for `words` in UTF-8 and UTF-16.
pub fn search(folder: &Path, words: &[&str]) -> Outcome<Search> {
    let forms = words.iter().flat_map(|word| forms(word).map(|(word, form)| (word.to_owned(), form)));
    go_through(folder, &forms.collect::<Vec<_>>())
}

/// The same for keys, given as hex digits: as bytes, in hex, and in base64 wherever they begin in it. No key is told.
pub fn search_keys(folder: &Path, keys: &[String]) -> Outcome<Search> {
    let forms = keys.iter().enumerate().flat_map(|(number, key)| {
        key_forms(key).into_iter().map(move |(kind, form)| (format!("key {number} {kind}"), form))
    });
    go_through(folder, &forms.collect::<Vec<_>>())
}

fn go_through(folder: &Path, forms: &[(String, Vec<u8>)]) -> Outcome<Search> {
    let mut search = Search::default();
    visit(folder, &mut |path, bytes| {
        search.files += 1;
        search.bytes += bytes.len() as u64;
        for (what, form) in forms {
            if memmem::find(bytes, form).is_some() {
                search.found.push((what.clone(), path.to_owned()));
            }
        }
    })?;
    search.found.dedup();
    Ok(search)
}

/// A word as files may hold it.
fn forms(word: &str) -> [(&str, Vec<u8>); 3] {
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let escaped: String = word
        .bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    [(word, word.as_bytes().to_vec()), (word, wide), (word, escaped.into_bytes())]
}

/// A key as files may hold it, with what form that is.
fn key_forms(key: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = from_hex(key);
    let mut forms = vec![("in hex", key.as_bytes().to_vec())];
    for before in 0..3 {
        // What stands before it shifts its digits; those that it shares with its neighbours are left out.
        let shifted = [vec![0; before], bytes.clone()].concat();
        let own = [0, 2, 3][before]..shifted.len() / 3 * 4;
        for digits in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            forms.extend(digits.get(own.clone()).map(|own| ("in base64", own.as_bytes().to_vec())));
        }
    }
    forms.push(("as bytes", bytes));
    forms
}

/// Whether a key that lies in `folder` is found, in each of the forms in which it is looked for.
pub fn finds_keys(folder: &Path) -> Outcome<bool> {
    let (key, place) = ([0xb5; 32], folder.join("laid"));
    let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let within = |before: usize| [vec![0x2a; before], key.to_vec(), vec![0x2a; 4]].concat();
    let mut laid = vec![within(7), format!("key={digits}").into_bytes()];
    laid.extend((0..3).map(|before| STANDARD_NO_PAD.encode(within(before)).into_bytes()));
    laid.push(URL_SAFE_NO_PAD.encode(within(0)).into_bytes());
    fs::create_dir_all(&place)?;
    for (number, bytes) in laid.iter().enumerate() {
        fs::write(place.join(number.to_string()), bytes)?;
    }
    let found = search_keys(&place, &[digits])?.found;
    fs::remove_dir_all(&place)?;
    Ok(found.len() == laid.len())
}

/// The bytes of hex digits.
pub(crate) fn from_hex(digits: &str) -> Vec<u8> {
    let byte = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..digits.len()).step_by(2).filter_map(byte).collect()
}

fn visit(folder: &Path, look: &mut impl FnMut(&Path, &[u8])) -> Outcome {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            visit(&entry.path(), look)?;
        } else if kind.is_file() {
            look(&entry.path(), &fs::read(entry.path())?);
        }
    }
    Ok(())
}

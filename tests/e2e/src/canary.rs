//! Looks for words that must never lie on a disk in clear.

use crate::Outcome;
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
    /// Where a word was found: the word, and the file.
    pub found: Vec<(String, PathBuf)>,
}

/// Reads every file below `folder`, byte for byte, for `words` in UTF-8 and UTF-16.
pub fn search(folder: &Path, words: &[&str]) -> Outcome<Search> {
    let forms: Vec<(&str, Vec<u8>)> = words.iter().flat_map(|word| forms(word)).collect();
    let mut search = Search::default();
    visit(folder, &mut |path, bytes| {
        search.files += 1;
        search.bytes += bytes.len() as u64;
        for (word, form) in &forms {
            if memmem::find(bytes, form).is_some() {
                search.found.push(((*word).to_owned(), path.to_owned()));
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

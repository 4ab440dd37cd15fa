//! Entries of a record's history, each sealed under a key that only the record itself holds: once the record is
//! erased, what was told of it opens nowhere, although the chunks that hold it stay as they were signed.
//!
//! Sealed: `format (1) ‖ nonce ‖ ciphertext ‖ tag`, bound to the record. A chunk is padded as a whole.

use crate::FORMAT;
use crate::cipher::Cipher;
use crate::derive::derive;
use crate::entropy::{Entropy, NoEntropy};
use satchel_wire::RecordId;

/// Seals an entry of a record's history under one of the record's keys.
pub fn seal_entry(
    key: &[u8; 16],
    record: RecordId,
    entry: &[u8],
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, NoEntropy> {
    let mut out = vec![FORMAT];
    cipher(key).seal(&context(record), &mut out, |out| out.extend_from_slice(entry), entropy)?;
    Ok(out)
}

/// Opens what [`seal_entry`] gave; `None` under another key, of another record, or changed.
pub fn open_entry(key: &[u8; 16], record: RecordId, sealed: &[u8]) -> Option<Vec<u8>> {
    let (format, rest) = sealed.split_first()?;
    (*format == FORMAT).then(|| cipher(key).open(&context(record), rest))?
}

fn cipher(key: &[u8; 16]) -> Cipher {
    Cipher::new(&derive(None, key, &[b"satchel/history/entry/key/1"]))
}

fn context(record: RecordId) -> Vec<u8> {
    [b"satchel/history/entry/1".as_slice(), &[FORMAT], &record.0].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_opens_under_its_key_and_for_its_record_only() {
        let record = RecordId([1; 16]);
        let mut entropy = |bytes: &mut [u8]| -> Result<(), NoEntropy> {
            bytes.fill(7);
            Ok(())
        };
        let sealed = seal_entry(&[2; 16], record, b"CANARY", &mut entropy).unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"CANARY"));
        assert_eq!(open_entry(&[2; 16], record, &sealed).as_deref(), Some(&b"CANARY"[..]));
        assert_eq!(open_entry(&[3; 16], record, &sealed), None);
        assert_eq!(open_entry(&[2; 16], RecordId([9; 16]), &sealed), None);
        assert_eq!(open_entry(&[2; 16], record, &sealed[1..]), None);
        let mut changed = sealed;
        changed[20] ^= 1;
        assert_eq!(open_entry(&[2; 16], record, &changed), None);
        assert_eq!(open_entry(&[2; 16], record, &[]), None);
    }
}

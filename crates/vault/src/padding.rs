//! PADMÉ: sizes tell little more than their magnitude.
//!
//! A text is written as `length (u32, big-endian) ‖ text ‖ zeros` up to a length that PADMÉ allows
//! (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
//! 2019, §4): a length of `E = ⌊log₂ L⌋` keeps only its top `⌊log₂ E⌋ + 1` bits, so at most
//! `log log L` bits of it are seen. Nothing is shorter than [`FLOOR`].

/// The shortest padded length, in bytes.
pub(crate) const FLOOR: usize = 256;
/// Bytes of the length in front of the text.
pub(crate) const PREFIX: usize = 4;

/// The padded length of a text of `len` bytes, prefix included; `None` over 4 GiB.
pub(crate) fn padded_len(len: usize) -> Option<usize> {
    u32::try_from(len).ok()?;
    padme(len.checked_add(PREFIX)?.max(FLOOR))
}

/// The smallest length not below `len` that PADMÉ allows; `len` is at least 2.
fn padme(len: usize) -> Option<usize> {
    let exponent = len.ilog2();
    let kept = exponent.ilog2() + 1;
    let mask = (1usize << exponent.saturating_sub(kept)) - 1;
    Some(len.checked_add(mask)? & !mask)
}

/// Appends `text`, padded to `padded`, which [`padded_len`] gave for it.
pub(crate) fn pad(text: &[u8], padded: usize, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(&(text.len() as u32).to_be_bytes());
    out.extend_from_slice(text);
    out.resize(start + padded, 0);
}

/// The text within `padded`; `None` when the length in front does not fit it.
pub(crate) fn unpad(mut padded: Vec<u8>) -> Option<Vec<u8>> {
    let len = u32::from_be_bytes(*padded.first_chunk()?) as usize;
    if padded_len(len)? != padded.len() {
        return None;
    }
    padded.drain(..PREFIX);
    padded.truncate(len);
    Some(padded)
}

#[cfg(test)]
mod tests;

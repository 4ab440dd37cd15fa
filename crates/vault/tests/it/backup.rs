//! Backups: whole or refused, with the place.

use crate::support::Counting;
use proptest::prelude::*;
use satchel_vault::{
    AccountKey, BACKUP_CHUNK, BackupError, BackupKey, BackupReader, BackupWriter, SealError, backup_header,
};
use satchel_wire::{AccountId, SpaceId};

const ACCOUNT: AccountId = AccountId([1; 16]);
const SPACE: SpaceId = SpaceId([2; 16]);

fn key(entropy: &mut Counting) -> BackupKey {
    BackupKey::derive(&AccountKey::make(entropy).unwrap())
}

/// A file in parts: the opening, then each chunk.
fn parts(key: &BackupKey, entropy: &mut Counting, chunks: &[&[u8]]) -> Vec<Vec<u8>> {
    let (mut writer, opening) =
        BackupWriter::begin(key, ACCOUNT, SPACE, 7, b"ways in".to_vec(), entropy).unwrap();
    let mut parts = vec![opening];
    for (index, chunk) in chunks.iter().enumerate() {
        parts.push(writer.chunk(chunk, index + 1 == chunks.len(), entropy).unwrap());
    }
    parts
}

fn sample() -> (BackupKey, Vec<Vec<u8>>) {
    let mut entropy = Counting::default();
    let key = key(&mut entropy);
    let parts = parts(&key, &mut entropy, &[b"first", b"second", b"", b"the last"]);
    (key, parts)
}

/// Reads a file in pieces of this many bytes.
fn read(key: &BackupKey, file: &[u8], piece: usize) -> Result<Vec<u8>, BackupError> {
    let (_, len) = backup_header(file)?.ok_or(BackupError::Cut { at: file.len() as u64 })?;
    let mut reader = BackupReader::new(key, &file[..len])?;
    let mut content = Vec::new();
    for bytes in file[len..].chunks(piece.max(1)) {
        reader.feed(bytes);
        while let Some(chunk) = reader.next_chunk()? {
            content.extend(chunk);
        }
    }
    reader.finish()?;
    Ok(content)
}

#[test]
fn a_whole_file_opens_in_pieces_of_any_size() {
    let (key, parts) = sample();
    let file = parts.concat();
    for piece in [1, 3, 64, file.len()] {
        assert_eq!(read(&key, &file, piece).unwrap(), b"firstsecondthe last");
    }
    let (header, len) = backup_header(&file).unwrap().unwrap();
    assert_eq!((header.account, header.space, header.made_ms), (ACCOUNT, SPACE, 7));
    assert_eq!((header.content.as_slice(), len), (b"ways in".as_slice(), parts[0].len()));
}

#[test]
fn any_cut_is_told_with_its_place() {
    let (key, parts) = sample();
    let file = parts.concat();
    for end in 0..file.len() {
        assert_eq!(read(&key, &file[..end], 64), Err(BackupError::Cut { at: end as u64 }), "cut at {end}");
    }
}

#[test]
fn any_flipped_bit_is_told() {
    let (key, parts) = sample();
    let file = parts.concat();
    for bit in 0..file.len() * 8 {
        let mut file = file.clone();
        file[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&key, &file, 64).is_err(), "bit {bit}");
    }
}

#[test]
fn damage_is_told_with_the_chunk_that_has_it() {
    let (key, parts) = sample();
    let second = (parts[0].len() + parts[1].len()) as u64;
    let mut file = parts.concat();
    file[parts[0].len() + parts[1].len() + 20] ^= 1;
    assert_eq!(read(&key, &file, 64), Err(BackupError::Damaged { at: second }));
}

#[test]
fn exchanged_repeated_left_out_and_appended_chunks_are_told() {
    let (key, parts) = sample();
    let orders: [&[usize]; 7] = [
        &[0, 2, 1, 3, 4],
        &[0, 1, 1, 2, 3, 4],
        &[0, 1, 2, 4],
        &[0, 4],
        &[0, 1, 2, 3, 4, 4],
        &[0, 1, 2, 3, 4, 1],
        &[0, 2, 3, 4],
    ];
    for order in orders {
        let file: Vec<u8> = order.iter().flat_map(|part| parts[*part].clone()).collect();
        assert!(matches!(read(&key, &file, 64), Err(BackupError::Damaged { .. })), "{order:?}");
    }
}

#[test]
fn a_chunk_of_another_file_of_the_same_account_is_told() {
    let mut entropy = Counting::default();
    let key = key(&mut entropy);
    let one = parts(&key, &mut entropy, &[b"one", b"end"]);
    let two = parts(&key, &mut entropy, &[b"two", b"end"]);
    let mixed = [one[0].clone(), two[1].clone(), one[2].clone()].concat();
    assert_eq!(read(&key, &mixed, 64), Err(BackupError::Damaged { at: one[0].len() as u64 }));
    let grafted = [two[0].clone(), one[1].clone(), one[2].clone()].concat();
    assert!(read(&key, &grafted, 64).is_err());
}

#[test]
fn another_account_s_key_opens_nothing() {
    let (_, parts) = sample();
    let mut entropy = Counting::default();
    entropy.skip();
    let other = key(&mut entropy);
    assert_eq!(read(&other, &parts.concat(), 64), Err(BackupError::Damaged { at: parts[0].len() as u64 }));
}

#[test]
fn a_newer_format_and_another_kind_of_file_are_named() {
    let (key, parts) = sample();
    let mut file = parts.concat();
    file[8] = 2;
    assert_eq!(read(&key, &file, 64), Err(BackupError::Newer { format: 2 }));
    assert_eq!(read(&key, b"PK\x03\x04 a spreadsheet", 64), Err(BackupError::NotABackup));
    assert_eq!(read(&key, b"SATCHEL\x01", 64), Err(BackupError::NotABackup));
}

#[test]
fn a_header_that_claims_too_much_is_refused_before_it_is_read() {
    let file = [b"SATCHELB\x01".as_slice(), &u32::MAX.to_be_bytes(), b"..."].concat();
    assert_eq!(backup_header(&file), Err(BackupError::Damaged { at: 13 }));
}

#[test]
fn a_chunk_that_claims_too_much_is_refused_before_it_is_read() {
    let (key, parts) = sample();
    let huge = [parts[0].as_slice(), &[0], &u32::MAX.to_be_bytes(), b"..."].concat();
    assert_eq!(read(&key, &huge, 64), Err(BackupError::Damaged { at: parts[0].len() as u64 }));
}

#[test]
fn no_chunk_is_larger_than_promised() {
    let mut entropy = Counting::default();
    let key = key(&mut entropy);
    let (mut writer, _) = BackupWriter::begin(&key, ACCOUNT, SPACE, 7, vec![], &mut entropy).unwrap();
    let sealed = writer.chunk(&vec![0; BACKUP_CHUNK], false, &mut entropy).unwrap();
    assert_eq!(sealed.len(), 256 * 1024);
    let too_large = writer.chunk(&vec![0; BACKUP_CHUNK + 1], true, &mut entropy);
    assert_eq!(too_large, Err(SealError::TooLarge { len: BACKUP_CHUNK + 1, max: BACKUP_CHUNK }));
}

#[test]
fn nothing_readable_is_in_the_file() {
    let mut entropy = Counting::default();
    let key = key(&mut entropy);
    let file = parts(&key, &mut entropy, &[b"canary", b"canary"]).concat();
    assert!(!file.windows(6).any(|window| window == b"canary"));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic_and_never_open(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let (key, parts) = sample();
        let file = [parts[0].clone(), bytes.clone()].concat();
        prop_assert!(read(&key, &file, 64).is_err());
        prop_assert!(read(&key, &bytes, 64).is_err());
    }
}

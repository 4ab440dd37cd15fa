//! Chunks of files: what is sealed comes back, at its own place only.

use crate::support::Counting;
use proptest::prelude::*;
use satchel_vault::{
    ChunkPlace, FILE_CHUNK, OpenError, SealError, make_file_key, open_file_chunk, seal_file_chunk,
};
use satchel_wire::{FileId, MAX_FILE_CHUNK};

const PLACE: ChunkPlace = ChunkPlace { file: FileId([7; 16]), index: 1, count: 3 };
const KEY: [u8; 32] = [9; 32];

fn sealed(content: &[u8]) -> Vec<u8> {
    seal_file_chunk(&KEY, PLACE, content, &mut Counting::default()).unwrap()
}

#[test]
fn a_chunk_opens_at_its_own_place_only() {
    let chunk = sealed(b"CANARY");
    assert!(!chunk.windows(6).any(|part| part == b"CANARY"));
    assert_eq!(open_file_chunk(&KEY, PLACE, &chunk).as_deref(), Ok(&b"CANARY"[..]));
    let elsewhere = [
        ChunkPlace { index: 2, ..PLACE },
        ChunkPlace { count: 2, ..PLACE },
        ChunkPlace { file: FileId([8; 16]), ..PLACE },
    ];
    for place in elsewhere {
        assert_eq!(open_file_chunk(&KEY, place, &chunk), Err(OpenError::Damaged), "{place:?}");
    }
    assert_eq!(open_file_chunk(&[8; 32], PLACE, &chunk), Err(OpenError::Damaged), "another file's key");
    assert_eq!(open_file_chunk(&KEY, PLACE, &chunk[..chunk.len() - 1]), Err(OpenError::Damaged), "cut");
    assert_eq!(open_file_chunk(&KEY, PLACE, &[]), Err(OpenError::Damaged), "empty");
    let newer = [&[2], &chunk[1..]].concat();
    assert_eq!(open_file_chunk(&KEY, PLACE, &newer), Err(OpenError::Newer { format: 2 }));
}

#[test]
fn the_longest_chunk_is_as_long_as_the_server_takes() {
    assert_eq!(sealed(&vec![1; FILE_CHUNK]).len(), MAX_FILE_CHUNK);
    let too_long = seal_file_chunk(&KEY, PLACE, &vec![1; FILE_CHUNK + 1], &mut Counting::default());
    assert!(matches!(too_long, Err(SealError::TooLarge { .. })));
}

#[test]
fn every_file_has_a_key_of_its_own() {
    let mut entropy = Counting::default();
    assert_ne!(make_file_key(&mut entropy), make_file_key(&mut entropy));
}

proptest! {
    #[test]
    fn any_content_comes_back_and_any_bent_byte_does_not(
        content in prop::collection::vec(any::<u8>(), 0..2_000),
        at in any::<prop::sample::Index>(),
        bit in 0_u8..8,
    ) {
        let mut chunk = sealed(&content);
        prop_assert_eq!(open_file_chunk(&KEY, PLACE, &chunk), Ok(content));
        let at = at.index(chunk.len());
        chunk[at] ^= 1 << bit;
        prop_assert!(open_file_chunk(&KEY, PLACE, &chunk).is_err());
    }
}

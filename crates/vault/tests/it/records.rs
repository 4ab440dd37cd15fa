//! Records: what is sealed comes back, anything else does not.

use std::collections::HashSet;

use crate::support::{Counting, Fixed};
use proptest::prelude::*;
use satchel_vault::{
    FORMAT, Keyring, MAX_PLAINTEXT, OpenError, SealError, SpaceKey, open_record, seal_record,
};
use satchel_wire::{DeviceId, Envelope, Etag, Header, MAX_CIPHERTEXT, RecordId, SpaceId, Stream};

const SPACE: SpaceId = SpaceId([1; 16]);
const OTHER_SPACE: SpaceId = SpaceId([2; 16]);
const RECORD: RecordId = RecordId([3; 16]);
const DEVICE: DeviceId = DeviceId(0x0123_4567_89ab_cdef);
const BEFORE: Etag = Etag([4; 32]);

/// Two spaces with two epochs each.
fn keyring() -> Keyring {
    let (mut ring, mut entropy) = (Keyring::default(), Counting::default());
    for (space, epoch) in [(SPACE, 1), (SPACE, 2), (OTHER_SPACE, 1), (OTHER_SPACE, 2)] {
        let key = SpaceKey::make(space, epoch, &mut entropy).unwrap();
        ring.insert("a space", key).unwrap();
    }
    ring
}

fn sealed(ring: &Keyring, plaintext: &[u8]) -> Envelope {
    let key = ring.key(SPACE, 2).unwrap();
    let header = key.header(RECORD, Stream::State, Some(BEFORE), DEVICE);
    seal_record(key, header, plaintext, &mut Counting::default()).unwrap()
}

#[test]
fn any_swap_of_the_header_fails_to_open_r98() {
    let ring = keyring();
    let envelope = sealed(&ring, b"a record");
    assert_eq!(open_record(&ring, &envelope).as_deref(), Ok(&b"a record"[..]));
    let header = envelope.header;
    let table = [
        ("format", Header { format: 2, ..header }, OpenError::Newer { format: 2 }),
        ("space", Header { space: OTHER_SPACE, ..header }, OpenError::Damaged),
        (
            "unknown space",
            Header { space: SpaceId([9; 16]), ..header },
            OpenError::NoKey { space: SpaceId([9; 16]), epoch: 2 },
        ),
        ("record", Header { record: RecordId([9; 16]), ..header }, OpenError::Damaged),
        ("stream", Header { stream: Stream::History, ..header }, OpenError::Damaged),
        ("erased", Header { stream: Stream::Grave, ..header }, OpenError::Damaged),
        ("epoch", Header { epoch: 1, ..header }, OpenError::Damaged),
        ("unknown epoch", Header { epoch: 9, ..header }, OpenError::NoKey { space: SPACE, epoch: 9 }),
        ("replaced version", Header { replaces: Some(Etag([9; 32])), ..header }, OpenError::Damaged),
        ("no replaced version", Header { replaces: None, ..header }, OpenError::Damaged),
        ("device", Header { device: DeviceId(9), ..header }, OpenError::Damaged),
    ];
    for (field, header, expected) in table {
        let swapped = Envelope { header, ..envelope.clone() };
        assert_eq!(open_record(&ring, &swapped), Err(expected), "{field}");
    }
}

#[test]
fn a_key_opens_only_its_own_space_and_epoch() {
    let ring = keyring();
    let envelope = sealed(&ring, b"a record");
    let expected = Err(OpenError::NoKey { space: SPACE, epoch: 2 });
    assert_eq!(ring.key(SPACE, 1).unwrap().open_record(&envelope), expected);
    assert_eq!(ring.key(OTHER_SPACE, 2).unwrap().open_record(&envelope), expected);
}

#[test]
fn another_key_of_the_same_name_does_not_open() {
    let mut foreign = Keyring::default();
    let mut entropy = Fixed(vec![7; 32]);
    foreign.insert("a space", SpaceKey::make(SPACE, 2, &mut entropy).unwrap()).unwrap();
    assert_eq!(open_record(&foreign, &sealed(&keyring(), b"a record")), Err(OpenError::Damaged));
}

#[test]
fn a_header_of_another_key_is_not_sealed() {
    let ring = keyring();
    let key = ring.key(SPACE, 2).unwrap();
    let right = key.header(RECORD, Stream::State, None, DEVICE);
    let wrong = [
        Header { format: FORMAT + 1, ..right },
        Header { space: OTHER_SPACE, ..right },
        Header { epoch: 1, ..right },
    ];
    for header in wrong {
        assert_eq!(seal_record(key, header, b"", &mut Counting::default()), Err(SealError::Mismatch));
    }
}

#[test]
fn the_limit_is_a_typed_error_and_its_edge_fits_the_wire() {
    let ring = keyring();
    let key = ring.key(SPACE, 2).unwrap();
    let header = key.header(RECORD, Stream::State, None, DEVICE);
    let longest = vec![0xa5; MAX_PLAINTEXT];
    let envelope = seal_record(key, header, &longest, &mut Counting::default()).unwrap();
    assert!(envelope.ciphertext.len() <= MAX_CIPHERTEXT);
    assert_eq!(open_record(&ring, &envelope), Ok(longest));
    for len in [MAX_PLAINTEXT + 1, 300 * 1024] {
        let refused = seal_record(key, header, &vec![0; len], &mut Counting::default());
        assert_eq!(refused, Err(SealError::TooLarge { len, max: MAX_PLAINTEXT }));
    }
}

#[test]
fn nothing_is_sealed_without_entropy() {
    let ring = keyring();
    let key = ring.key(SPACE, 2).unwrap();
    let header = key.header(RECORD, Stream::State, None, DEVICE);
    let refused = seal_record(key, header, b"", &mut Fixed(Vec::new()));
    assert!(matches!(refused, Err(SealError::NoEntropy(_))));
}

#[test]
fn no_nonce_repeats() {
    let ring = keyring();
    let key = ring.key(SPACE, 2).unwrap();
    let header = key.header(RECORD, Stream::State, None, DEVICE);
    let mut entropy = Counting::default();
    let mut nonces = HashSet::new();
    for _ in 0..50_000 {
        let envelope = seal_record(key, header, b"the same", &mut entropy).unwrap();
        let nonce: [u8; 12] = envelope.ciphertext[..12].try_into().unwrap();
        assert!(nonces.insert(nonce));
    }
}

#[test]
fn every_bit_and_every_length_counts() {
    let ring = keyring();
    let envelope = sealed(&ring, b"a record");
    for bit in 0..envelope.ciphertext.len() * 8 {
        let mut flipped = envelope.clone();
        flipped.ciphertext[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(open_record(&ring, &flipped), Err(OpenError::Damaged), "bit {bit}");
    }
    for len in 0..envelope.ciphertext.len() {
        let mut cut = envelope.clone();
        cut.ciphertext.truncate(len);
        assert_eq!(open_record(&ring, &cut), Err(OpenError::Damaged), "{len} bytes");
    }
    let mut longer = envelope;
    longer.ciphertext.push(0);
    assert_eq!(open_record(&ring, &longer), Err(OpenError::Damaged));
}

#[test]
fn short_records_look_alike() {
    let ring = keyring();
    let sizes: HashSet<_> = (0..=252).map(|len| sealed(&ring, &vec![1; len]).ciphertext.len()).collect();
    assert_eq!(sizes, HashSet::from([12 + 256 + 16]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn open_reverses_seal(len in 0..=MAX_PLAINTEXT, fill: u8, at: prop::sample::Index, bit in 0u8..8) {
        let ring = keyring();
        let plaintext: Vec<u8> = (0..len).map(|place| fill.wrapping_add(place as u8)).collect();
        let mut envelope = sealed(&ring, &plaintext);
        prop_assert!(envelope.ciphertext.len() <= MAX_CIPHERTEXT);
        prop_assert_eq!(open_record(&ring, &envelope), Ok(plaintext));
        let place = at.index(envelope.ciphertext.len());
        envelope.ciphertext[place] ^= 1 << bit;
        prop_assert_eq!(open_record(&ring, &envelope), Err(OpenError::Damaged));
    }

    #[test]
    fn no_bytes_panic(ciphertext in prop::collection::vec(any::<u8>(), 0..600)) {
        let ring = keyring();
        let header = sealed(&ring, b"").header;
        prop_assert_eq!(open_record(&ring, &Envelope { header, ciphertext }), Err(OpenError::Damaged));
    }
}

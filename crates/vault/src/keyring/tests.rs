//! What a keyring holds, keeps and refuses.

use ciborium::Value;

use super::*;

fn entropy() -> impl FnMut(&mut [u8]) -> Result<(), crate::NoEntropy> {
    let mut next = 0u8;
    move |bytes: &mut [u8]| {
        next = next.wrapping_add(1);
        bytes.fill(next);
        Ok(())
    }
}

fn key(space: u8, epoch: u32) -> SpaceKey {
    SpaceKey::from_root(SpaceId([space; 16]), epoch, Zeroizing::new([space; 32]))
}

#[test]
fn the_newest_key_seals_and_every_key_is_found() {
    let mut ring = Keyring::default();
    for (name, space, epoch) in [("a", 1, 1), ("b", 2, 9), ("renamed", 1, 3), ("renamed", 1, 2)] {
        ring.insert(name, key(space, epoch)).unwrap();
    }
    assert_eq!(ring.newest(SpaceId([1; 16])).map(SpaceKey::epoch), Some(3));
    assert!(ring.key(SpaceId([1; 16]), 1).is_some());
    assert!(ring.key(SpaceId([1; 16]), 9).is_none());
    assert!(ring.newest(SpaceId([3; 16])).is_none());
    assert_eq!(ring.spaces(), [(SpaceId([1; 16]), "renamed"), (SpaceId([2; 16]), "b")]);
}

#[test]
fn a_held_key_is_never_lost() {
    let mut ring = Keyring::default();
    ring.insert("a", key(1, 1)).unwrap();
    ring.insert("a", key(1, 1)).unwrap();
    let other = SpaceKey::from_root(SpaceId([1; 16]), 1, Zeroizing::new([9; 32]));
    assert_eq!(ring.insert("a", other), Err(KeyringError::Taken { epoch: 1 }));
    assert_eq!(ring.entries.len(), 1);
    assert_eq!(ring.entries[0].key.commitment(), key(1, 1).commitment());
}

#[test]
fn what_a_newer_version_wrote_survives() {
    let account = AccountKey::make(&mut entropy()).unwrap();
    let mut ring = Keyring::default();
    ring.insert("a", key(1, 1)).unwrap();
    let role = ("role".to_owned(), Value::Text("owner".to_owned()));
    ring.entries[0].unknown.extend([role.clone()]);
    for _ in 0..2 {
        let sealed = seal_keyring(&ring, &account, AccountId([5; 16]), &mut entropy()).unwrap();
        ring = open_keyring(&sealed, &account, AccountId([5; 16])).unwrap();
        assert_eq!(ring.entries[0].unknown.iter().next(), Some((&role.0, &role.1)));
    }
}

#[test]
fn a_key_that_is_not_the_committed_one_is_refused() {
    let mut written =
        Written::from(&Entry { name: "a".to_owned(), key: key(1, 7), unknown: BTreeMap::new() });
    for change in
        [|w: &mut Written| w.key[0] ^= 1, |w: &mut Written| w.epoch = 8, |w: &mut Written| w.space.0[0] ^= 1]
    {
        change(&mut written);
        assert!(matches!(read(&satchel_wire::to_cbor(&[&written])), Err(KeyringError::Commitment { .. })));
    }
}

#[test]
fn what_is_no_keyring_is_refused() {
    for text in [&b""[..], b"\xa0", b"\x81\xa0", b"\x81\xf6", b"\x9f"] {
        assert!(matches!(read(text), Err(KeyringError::Damaged)), "{text:?}");
    }
}

#[test]
fn too_many_keys_are_refused() {
    let account = AccountKey::make(&mut entropy()).unwrap();
    let mut ring = Keyring::default();
    ring.insert(&"x".repeat(MAX_KEYRING), key(1, 1)).unwrap();
    let sealed = seal_keyring(&ring, &account, AccountId([5; 16]), &mut entropy());
    assert!(matches!(sealed, Err(SealError::TooLarge { .. })));
}

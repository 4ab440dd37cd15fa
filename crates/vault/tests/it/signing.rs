//! Who signed a chunk of history, and that nothing else passes for it.

use crate::support::Counting;
use satchel_vault::{AccountKey, DeviceKey, LocalKey, SigningKeys};
use satchel_wire::{DeviceId, SpaceId};

const SPACE: SpaceId = SpaceId([7; 16]);

fn accounts() -> [AccountKey; 2] {
    let mut entropy = Counting::default();
    [AccountKey::make(&mut entropy).unwrap(), AccountKey::make(&mut entropy).unwrap()]
}

fn key(account: &AccountKey, device: u64) -> DeviceKey {
    SigningKeys::derive(account).device(DeviceId(device))
}

#[test]
fn a_signature_holds_for_its_device_space_and_bytes_only() {
    let [mine, other] = accounts();
    let signature = key(&mine, 1).sign_chunk(SPACE, b"body");
    assert!(key(&mine, 1).verify_chunk(SPACE, b"body", &signature));
    assert!(!key(&mine, 1).verify_chunk(SPACE, b"bodi", &signature), "altered");
    assert!(!key(&mine, 1).verify_chunk(SpaceId([8; 16]), b"body", &signature), "another space");
    assert!(!key(&mine, 2).verify_chunk(SPACE, b"body", &signature), "another device");
    assert!(!key(&other, 1).verify_chunk(SPACE, b"body", &signature), "another account");
    for at in [0, 31, 32, 63] {
        let mut bent = signature;
        bent[at] ^= 1;
        assert!(!key(&mine, 1).verify_chunk(SPACE, b"body", &bent), "byte {at}");
    }
}

#[test]
fn a_local_name_is_another_one_for_another_account_or_thing() {
    let [mine, other] = accounts().map(|account| LocalKey::derive(&account));
    assert_eq!(mine.name(b"a field"), mine.name(b"a field"));
    assert_ne!(mine.name(b"a field"), mine.name(b"another"));
    assert_ne!(mine.name(b"a field"), other.name(b"a field"));
}

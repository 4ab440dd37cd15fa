//! Who signed a chunk of history, and that nothing else passes for it.

use crate::support::Counting;
use satchel_vault::{AccountKey, DeviceKey, Identity, LocalKey, SigningKeys, verify_chunk};
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

#[test]
fn an_account_signs_for_its_devices_and_everybody_can_check_it() {
    let [mine, other] = accounts();
    let (keys, device) = (SigningKeys::derive(&mine), DeviceId(3));
    let public = Identity::derive(&mine).public().sign;
    assert_eq!(keys.public(), public, "as the membership log knows her");
    let signature = keys.sign_chunk(SPACE, device, b"body");
    assert!(verify_chunk(&public, SPACE, device, b"body", &signature));
    assert!(!verify_chunk(&public, SPACE, device, b"bodi", &signature), "altered");
    assert!(!verify_chunk(&public, SpaceId([8; 16]), device, b"body", &signature), "another space");
    assert!(!verify_chunk(&public, SPACE, DeviceId(4), b"body", &signature), "another device");
    let theirs = Identity::derive(&other).public().sign;
    assert!(!verify_chunk(&theirs, SPACE, device, b"body", &signature), "another account");
}

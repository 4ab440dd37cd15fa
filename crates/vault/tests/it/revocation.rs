//! Only the account itself makes one of its devices erase itself.

use crate::support::Counting;
use satchel_vault::{AccountSecret, RecoveryCode, Signer, SlotKeys, is_revocation};
use satchel_wire::{Challenge, DeviceId, Revoke, SlotId, SlotRecord};

const LOST: DeviceId = DeviceId(5);

fn account() -> (AccountSecret, SlotKeys, SlotKeys) {
    let mut entropy = Counting::default();
    let secret = AccountSecret::make(&mut entropy).unwrap();
    let keys = [(); 2].map(|()| RecoveryCode::make(&mut entropy).unwrap().keys(&secret));
    let [ours, other] = keys;
    (secret, ours, other)
}

fn revoked(secret: &AccountSecret, by: &SlotKeys, slot: SlotId) -> Revoke {
    let challenge = Challenge { nonce: [3; 32], kdf: None, server_ms: 9 };
    let signer = Signer { account: secret.account_id(), slot, device: DeviceId(1) };
    by.login.sign_revoke("host", &challenge, signer, LOST)
}

#[test]
fn a_revocation_is_believed_only_if_a_known_way_signed_it_for_this_device() {
    let (secret, ours, other) = account();
    let slot = |keys: &SlotKeys| SlotRecord {
        id: SlotId::RECOVERY,
        kdf: None,
        login_key: keys.login.public(),
        sealed: Vec::new(),
    };
    let (slots, account) = (vec![slot(&ours)], secret.account_id());
    let good = revoked(&secret, &ours, SlotId::RECOVERY);
    assert!(is_revocation(&good, &slots, account, LOST));
    assert!(!is_revocation(&good, &slots, account, DeviceId(6)), "another device");
    assert!(!is_revocation(&good, &[slot(&other)], account, LOST), "a way that this device does not know");
    assert!(!is_revocation(&revoked(&secret, &other, SlotId::RECOVERY), &slots, account, LOST));
    assert!(!is_revocation(&revoked(&secret, &ours, SlotId::PASSPHRASE), &slots, account, LOST));
    let mut bent = good.clone();
    bent.statement[20] ^= 1;
    assert!(!is_revocation(&bent, &slots, account, LOST));
    let none = Revoke { statement: Vec::new(), signature: Vec::new() };
    assert!(!is_revocation(&none, &slots, account, LOST));
}

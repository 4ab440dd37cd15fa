//! What two people compare when they meet: that each has the other's keys, and nobody stands between them.
//!
//! Each person's keys have digits of their own, 99 bits of them, so that keys with the same digits as somebody's cannot
//! be found. Digits made from two people at once would have to be twice as long for that: who stands between chooses
//! one key for each side, and needs only two of many to meet.

use satchel_wire::AccountId;
use satchel_wire::members::PublicIdentity;
use sha2::{Digest, Sha256};

/// What the digest begins with.
const LABEL: &[u8] = b"satchel/compare/1";
/// Groups of five digits.
const GROUPS: usize = 6;

/// Everything by which a member's keys are known, in 32 bytes.
pub fn fingerprint(account: AccountId, identity: &PublicIdentity) -> [u8; 32] {
    Sha256::digest([LABEL, &account.0, &identity.sign, &identity.receive].concat()).into()
}

/// A fingerprint as people read it to each other: six groups of five digits, each of five bytes of it, modulo 100,000.
pub fn fingerprint_digits(fingerprint: &[u8; 32]) -> String {
    let group = |bytes: &[u8]| {
        let number = bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{:05}", number % 100_000)
    };
    let groups: Vec<String> = fingerprint.chunks_exact(5).take(GROUPS).map(group).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTITY: PublicIdentity = PublicIdentity { sign: [2; 32], receive: [3; 32] };

    /// Computed by a second implementation.
    #[test]
    fn keys_have_these_digits_for_ever() {
        let found = fingerprint_digits(&fingerprint(AccountId([1; 16]), &IDENTITY));
        assert_eq!(found, "72865 81089 53282 51398 19841 29205");
    }

    #[test]
    fn any_other_account_or_key_has_other_digits() {
        let of = |account: u8, sign: u8, receive: u8| {
            let identity = PublicIdentity { sign: [sign; 32], receive: [receive; 32] };
            fingerprint_digits(&fingerprint(AccountId([account; 16]), &identity))
        };
        let first = of(1, 2, 3);
        assert_eq!(first.len(), 35);
        for other in [of(9, 2, 3), of(1, 9, 3), of(1, 2, 9), of(1, 3, 2)] {
            assert_ne!(first, other);
        }
    }
}

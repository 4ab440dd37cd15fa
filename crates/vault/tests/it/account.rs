//! The account: passphrase, slot, login, and that no sealed thing opens as another.

use crate::support::{Counting, Fixed};
use ed25519_dalek::{Signature, VerifyingKey};
use satchel_vault::{
    AccountKey, AccountSecret, CodeError, Cost, Keyring, KeyringError, LOGIN_ACTION, LocalKey, LoginKey,
    OpenError, Passphrase, RecoveryCode, SealedKeyring, SealedLocal, Signer, SigningKeys, Slot, SlotError,
    SlotKeys, SpaceKey, Way, derive_keys, is_weaker, make_kdf, open_keyring, open_local, open_slot,
    passkey_keys, raise_kdf, seal_keyring, seal_local, seal_slot,
};
use satchel_wire::{AccountId, Challenge, DeviceId, Kdf, LoginStatement, SlotId, SpaceId, from_cbor};

struct Fixture {
    secret: AccountSecret,
    account: AccountId,
    kdf: Kdf,
    keys: SlotKeys,
    key: AccountKey,
    slot: Slot,
}

fn passphrase(typed: &str) -> Passphrase {
    Passphrase::new(typed, str::to_owned)
}

fn fixture() -> Fixture {
    let mut entropy = Counting::default();
    let secret = AccountSecret::make(&mut entropy).unwrap();
    let account = secret.account_id();
    let kdf = make_kdf(Cost::Small, &mut entropy).unwrap();
    let keys = derive_keys(&secret, &passphrase("open sesame"), &kdf).unwrap();
    let key = AccountKey::make(&mut entropy).unwrap();
    let slot = seal_slot(&key, &keys.unlock, account, Way::Passphrase(&kdf), &mut entropy).unwrap();
    Fixture { secret, account, kdf, keys, key, slot }
}

/// Whether two account keys are one: what one seals, the other opens.
fn same(a: &AccountKey, b: &AccountKey) -> bool {
    let sealed = seal_local(&LocalKey::derive(a), "x", b"", &mut Counting::default()).unwrap();
    open_local(&LocalKey::derive(b), "x", &sealed).is_ok()
}

#[test]
fn the_passphrase_opens_and_another_is_told_r100() {
    let f = fixture();
    let opened = open_slot(&f.slot, &f.keys.unlock, f.account, Way::Passphrase(&f.kdf)).unwrap();
    assert!(same(&opened, &f.key));
    let wrong = derive_keys(&f.secret, &passphrase("open Sesame"), &f.kdf).unwrap();
    assert_eq!(
        open_slot(&f.slot, &wrong.unlock, f.account, Way::Passphrase(&f.kdf)).err(),
        Some(SlotError::WrongPassphrase)
    );
    let other = AccountSecret::from_bytes([9; 16]);
    let wrong = derive_keys(&other, &passphrase("open sesame"), &f.kdf).unwrap();
    assert_eq!(
        open_slot(&f.slot, &wrong.unlock, f.account, Way::Passphrase(&f.kdf)).err(),
        Some(SlotError::WrongPassphrase)
    );
}

#[test]
fn a_new_passphrase_wraps_the_same_key() {
    let f = fixture();
    let mut entropy = Fixed(vec![3; 64]);
    let kdf = make_kdf(Cost::Small, &mut entropy).unwrap();
    let keys = derive_keys(&f.secret, &passphrase("a new one"), &kdf).unwrap();
    let slot = seal_slot(&f.key, &keys.unlock, f.account, Way::Passphrase(&kdf), &mut entropy).unwrap();
    assert!(same(&open_slot(&slot, &keys.unlock, f.account, Way::Passphrase(&kdf)).unwrap(), &f.key));
    assert_eq!(
        open_slot(&slot, &f.keys.unlock, f.account, Way::Passphrase(&kdf)).err(),
        Some(SlotError::WrongPassphrase)
    );
}

#[test]
fn a_slot_is_bound_to_account_and_parameters() {
    let f = fixture();
    let damaged = Some(SlotError::Damaged);
    let open = |account, kdf: &Kdf| open_slot(&f.slot, &f.keys.unlock, account, Way::Passphrase(kdf)).err();
    assert_eq!(open(AccountId([9; 16]), &f.kdf), damaged);
    let swaps = [
        Kdf { memory_kib: 65_536, ..f.kdf.clone() },
        Kdf { passes: 5, ..f.kdf.clone() },
        Kdf { lanes: 2, ..f.kdf.clone() },
        Kdf { salt: [9; 16], ..f.kdf.clone() },
    ];
    for kdf in swaps {
        assert_eq!(open(f.account, &kdf), damaged, "{kdf:?}");
    }
}

#[test]
fn each_way_opens_its_own_slot_only() {
    let f = fixture();
    let mut entropy = Counting::default();
    let (one, two) = (SlotId(16), SlotId(17));
    let recovery = RecoveryCode::make(&mut entropy).unwrap().keys(&f.secret);
    let passkeys = [one, two].map(|slot| passkey_keys(&f.secret, &[5; 32], slot));
    let ways = [
        (&f.keys, Way::Passphrase(&f.kdf)),
        (&recovery, Way::Recovery),
        (&passkeys[0], Way::Passkey(one)),
        (&passkeys[1], Way::Passkey(two)),
    ];
    let mut seal = |(keys, way): &(&SlotKeys, Way<'_>)| {
        seal_slot(&f.key, &keys.unlock, f.account, *way, &mut entropy).unwrap()
    };
    let slots: Vec<Slot> = ways.iter().map(&mut seal).collect();
    for (place, slot) in slots.iter().enumerate() {
        for (other, (keys, way)) in ways.iter().enumerate() {
            let opened = open_slot(slot, &keys.unlock, f.account, *way);
            assert_eq!(opened.is_ok_and(|key| same(&key, &f.key)), place == other, "{place} by {other}");
            let moved = open_slot(slot, &ways[place].0.unlock, f.account, *way);
            assert_eq!(moved.is_ok(), place == other, "the key of {place} in the place of {other}");
        }
    }
}

#[test]
fn a_recovery_code_and_a_passkey_are_worth_nothing_without_the_secret() {
    let f = fixture();
    let code = RecoveryCode::make(&mut Counting::default()).unwrap();
    let slot =
        seal_slot(&f.key, &code.keys(&f.secret).unlock, f.account, Way::Recovery, &mut Counting::default());
    let stranger = code.keys(&AccountSecret::from_bytes([9; 16]));
    let opened = open_slot(&slot.unwrap(), &stranger.unlock, f.account, Way::Recovery);
    assert_eq!(opened.err(), Some(SlotError::WrongPassphrase));
    assert_eq!(RecoveryCode::from_text(&f.secret.device_code()).err(), Some(CodeError::Other));
    assert_eq!(AccountSecret::from_device_code(&code.text()).err(), Some(CodeError::Other));
}

#[test]
fn what_was_dear_to_guess_stays_so() {
    let mut entropy = Counting::default();
    let [small, standard] = [Cost::Small, Cost::Standard].map(|cost| make_kdf(cost, &mut entropy).unwrap());
    let raised = raise_kdf(Cost::Standard, &small, &mut entropy).unwrap();
    assert_eq!((raised.memory_kib, raised.passes), (standard.memory_kib, standard.passes));
    let kept = raise_kdf(Cost::Small, &standard, &mut entropy).unwrap();
    assert_eq!((kept.memory_kib, kept.passes), (standard.memory_kib, standard.passes));
    assert_ne!(kept.salt, standard.salt);
    assert!(is_weaker(&small, &standard) && !is_weaker(&standard, &small) && !is_weaker(&small, &small));
    let fewer = Kdf { passes: 2, ..standard.clone() };
    assert!(is_weaker(&fewer, &standard));
}

#[test]
fn every_bit_and_every_length_of_a_slot_counts() {
    let f = fixture();
    let bytes = &f.slot.0;
    assert_eq!(bytes.len(), 93);
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let expected = match bit / 8 {
            0 => SlotError::Newer { format: flipped[0] },
            1..=32 => SlotError::WrongPassphrase,
            _ => SlotError::Damaged,
        };
        let opened = open_slot(&flipped.into(), &f.keys.unlock, f.account, Way::Passphrase(&f.kdf));
        assert_eq!(opened.err(), Some(expected), "bit {bit}");
    }
    for len in 0..bytes.len() {
        let opened =
            open_slot(&bytes[..len].to_vec().into(), &f.keys.unlock, f.account, Way::Passphrase(&f.kdf));
        assert_eq!(opened.err(), Some(SlotError::Damaged), "{len} bytes");
    }
}

#[test]
fn no_sealed_thing_opens_as_another() {
    let f = fixture();
    let mut entropy = Counting::default();
    let local = LocalKey::derive(&f.key);
    let mut ring = Keyring::default();
    ring.insert("Sales", SpaceKey::make(SpaceId([1; 16]), 1, &mut entropy).unwrap()).unwrap();
    let keyring = seal_keyring(&ring, &f.key, f.account, &mut entropy).unwrap();
    let item = seal_local(&local, "keyring", b"x", &mut entropy).unwrap();
    for foreign in [f.slot.0.as_slice(), &item.0] {
        let opened = open_keyring(&SealedKeyring::from(foreign.to_vec()), &f.key, f.account);
        assert_eq!(opened.err(), Some(KeyringError::Damaged));
    }
    for foreign in [f.slot.0.as_slice(), &keyring.0] {
        let opened = open_local(&local, "keyring", &SealedLocal::from(foreign.to_vec()));
        assert_eq!(opened, Err(OpenError::Damaged));
    }
    for foreign in [&item.0, &keyring.0] {
        assert!(
            open_slot(&foreign.to_vec().into(), &f.keys.unlock, f.account, Way::Passphrase(&f.kdf)).is_err()
        );
    }
}

#[test]
fn a_keyring_is_bound_to_account_and_whole() {
    let f = fixture();
    let sealed = seal_keyring(&Keyring::default(), &f.key, f.account, &mut Counting::default()).unwrap();
    assert!(open_keyring(&sealed, &f.key, f.account).is_ok());
    assert_eq!(open_keyring(&sealed, &f.key, AccountId([9; 16])).err(), Some(KeyringError::Damaged));
    let other = AccountKey::make(&mut Fixed(vec![9; 32])).unwrap();
    assert_eq!(open_keyring(&sealed, &other, f.account).err(), Some(KeyringError::Damaged));
    for place in 0..sealed.0.len() {
        let mut flipped = sealed.0.to_vec();
        flipped[place] ^= 0x80;
        assert!(open_keyring(&flipped.into(), &f.key, f.account).is_err());
        let cut = sealed.0[..place].to_vec();
        assert_eq!(open_keyring(&cut.into(), &f.key, f.account).err(), Some(KeyringError::Damaged));
    }
}

#[test]
fn a_local_item_opens_under_its_name_only_r98() {
    let f = fixture();
    let local = LocalKey::derive(&f.key);
    let canary = b"canary Zhang San";
    let sealed = seal_local(&local, "draft/1", canary, &mut Counting::default()).unwrap();
    assert_eq!(open_local(&local, "draft/1", &sealed).as_deref(), Ok(&canary[..]));
    assert!(!sealed.0.windows(6).any(|window| window == b"canary"));
    for name in ["draft/2", "draft/", "", "draft/1 "] {
        assert_eq!(open_local(&local, name, &sealed), Err(OpenError::Damaged));
    }
    for place in 0..sealed.0.len() {
        let mut flipped = sealed.0.to_vec();
        flipped[place] ^= 1;
        assert!(open_local(&local, "draft/1", &flipped.into()).is_err());
        let cut = sealed.0[..place].to_vec();
        assert!(open_local(&local, "draft/1", &cut.into()).is_err());
    }
}

#[test]
fn a_local_item_of_any_length_comes_back() {
    let local = LocalKey::derive(&AccountKey::make(&mut Fixed(vec![9; 32])).unwrap());
    let mut entropy = Counting::default();
    for len in (0..600).chain([4 << 10, 65_535, 65_536, 300 << 10, 3 << 20]) {
        let plaintext: Vec<u8> = (0..len).map(|place| place as u8).collect();
        let sealed = seal_local(&local, "x", &plaintext, &mut entropy).unwrap();
        assert_eq!(open_local(&local, "x", &sealed), Ok(plaintext));
    }
}

#[test]
fn a_login_names_action_host_time_account_and_device() {
    let f = fixture();
    let challenge = Challenge { nonce: [5; 32], kdf: None, server_ms: 1_767_225_600_000 };
    let signer = Signer { account: f.account, slot: SlotId::PASSPHRASE, device: DeviceId(7) };
    let login = f.keys.login.sign_login("crm.example", &challenge, signer);
    let statement: LoginStatement = from_cbor(&login.statement).unwrap();
    let expected = LoginStatement {
        action: LOGIN_ACTION.to_owned(),
        host: "crm.example".to_owned(),
        time_ms: 1_767_225_600_000,
        nonce: [5; 32],
        account: f.account,
        slot: SlotId::PASSPHRASE,
        device: DeviceId(7),
    };
    assert_eq!(statement, expected);
    let public = VerifyingKey::from_bytes(&f.keys.login.public()).unwrap();
    let signature = Signature::from_slice(&login.signature).unwrap();
    assert!(public.verify_strict(&login.statement, &signature).is_ok());
    assert!(public.verify_strict(&login.statement[1..], &signature).is_err());
}

#[test]
fn no_secret_is_printed() {
    let f = fixture();
    let space = SpaceKey::make(SpaceId([1; 16]), 1, &mut Counting::default()).unwrap();
    let printed = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        f.secret,
        f.keys,
        f.key,
        LocalKey::derive(&f.key),
        SigningKeys::derive(&f.key),
        passphrase("open")
    );
    assert_eq!(
        printed,
        "AccountSecret(..) SlotKeys { unlock: UnlockKey(..), login: LoginKey(..) } AccountKey(..) LocalKey(..) SigningKeys(..) Passphrase(..)"
    );
    assert!(!format!("{space:?}").contains("root"));
}

#[test]
fn a_kept_login_key_opens_for_its_account_only() {
    let f = fixture();
    let local = LocalKey::derive(&f.key);
    let sealed = f.keys.login.seal(SlotId::RECOVERY, &local, &mut Counting::default()).unwrap();
    let (slot, login) = LoginKey::open(&sealed, &local).unwrap();
    assert_eq!((slot, login.public()), (SlotId::RECOVERY, f.keys.login.public()));
    let other = LocalKey::derive(&AccountKey::make(&mut Fixed(vec![9; 32])).unwrap());
    assert_eq!(LoginKey::open(&sealed, &other).err(), Some(OpenError::Damaged));
    let short = seal_local(&local, "account/login", &[0; 35], &mut Counting::default()).unwrap();
    assert_eq!(LoginKey::open(&short, &local).err(), Some(OpenError::Damaged));
}

//! Spelling of passphrases, and the floor and ceiling of parameters.

use unicode_normalization::UnicodeNormalization;

use super::*;

fn passphrase(typed: &str) -> String {
    Passphrase::new(typed, |text| text.nfkc().collect()).0.clone()
}

#[test]
fn one_passphrase_however_it_is_typed() {
    let table = [
        ("Grüße 1", "Gru\u{308}ße 1"),
        ("pass word", " pass\u{3000}word\n"),
        ("pass word", "pass \t  word"),
        ("Password 1", "Ｐａｓｓｗｏｒｄ　１"),
        ("行囊", "行囊 "),
    ];
    for (plain, typed) in table {
        assert_eq!(passphrase(typed), plain);
    }
    assert_ne!(passphrase("Password"), passphrase("password"));
    assert_eq!(Passphrase::new(" 行 囊 ", str::to_owned).chars(), 3);
}

#[test]
fn parameters_below_the_floor_or_above_the_ceiling_are_refused_r100() {
    let (weak, costly) = (Err(DeriveError::TooWeak), Err(DeriveError::TooCostly));
    let table = [
        (65_536, 3, 1, Ok(())),
        (19_456, 4, 1, Ok(())),
        (1 << 20, 4, 1, Ok(())),
        (65_536, 16, 1, Ok(())),
        (65_536, 2, 1, weak),
        (65_535, 3, 1, weak),
        (19_455, 4, 1, weak),
        (19_455, 16, 1, weak),
        (19_456, 3, 1, weak),
        (65_536, 3, 0, weak),
        (0, 0, 0, weak),
        (65_536, 17, 1, costly),
        (65_536, u32::MAX, 1, costly),
        ((1 << 20) + 1, 3, 1, costly),
        (u32::MAX, u32::MAX, 1, costly),
        (1 << 20, 5, 1, costly),
        (65_536, 3, 2, costly),
        (65_536, 3, u32::MAX, costly),
    ];
    for (memory_kib, passes, lanes, expected) in table {
        let kdf = Kdf { memory_kib, passes, lanes, salt: [0; 16] };
        assert_eq!(check_kdf(&kdf), expected, "{memory_kib} KiB, {passes} passes, {lanes} lanes");
        if expected.is_err() {
            let passphrase = Passphrase::new("a", str::to_owned);
            let derived = derive_keys(&AccountSecret::from_bytes([0; 16]), &passphrase, &kdf);
            assert_eq!(derived.err(), expected.err());
        }
    }
}

#[test]
fn what_is_made_passes_the_check() {
    for cost in [Cost::Standard, Cost::Small] {
        let mut fixed = |bytes: &mut [u8]| {
            bytes.fill(9);
            Ok(())
        };
        let kdf = make_kdf(cost, &mut fixed).unwrap();
        assert_eq!((check_kdf(&kdf), kdf.salt), (Ok(()), [9; 16]));
    }
}

#[test]
fn a_fast_device_makes_guessing_dearer_and_none_makes_it_cheaper_r100() {
    let standard = make_kdf(Cost::Standard, &mut |bytes: &mut [u8]| {
        bytes.fill(7);
        Ok(())
    })
    .expect("bytes");
    let passes = |took_ms| calibrated(&standard, took_ms).passes;
    for (took_ms, wanted) in [(0, 3), (100, 6), (200, 6), (240, 5), (300, 4), (400, 3), (5_000, 3)] {
        assert_eq!(passes(took_ms), wanted, "{took_ms} ms");
    }
    let dear = Kdf { passes: 12, ..standard.clone() };
    assert_eq!(calibrated(&dear, 100), dear, "what is dearer already stays so");
    let raised = calibrated(&standard, 100);
    assert_eq!(check_kdf(&raised), Ok(()));
    assert!(is_weaker(&standard, &raised) && !is_weaker(&raised, &standard));
    assert_eq!(raised.memory_kib, standard.memory_kib);
}

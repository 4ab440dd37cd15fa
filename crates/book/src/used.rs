//! With whom a person has to do often and lately: those stand first among equal matches of a search.
//!
//! Each use of a partner at a time `t` counts `w · 2^(t / H)`, H being the half-life: compared at any moment, what is
//! one half-life older counts half (forward decay; Cormode, Shkapenyuk, Srivastava, Xu, "Forward Decay", ICDE 2009).
//! What is kept is the binary logarithm of the sum, so that it never overflows and never needs the time of a look.

use satchel_domain::RecordId;
use std::collections::HashMap;

/// After so long a use counts half, in ms: 30 days.
const HALF_LIFE_MS: f64 = 30.0 * 86_400_000.0;
/// Partners that are remembered; who was used least is forgotten.
const MOST: usize = 500;

/// The partners that a person used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Used(HashMap<RecordId, f64>);

impl Used {
    /// What was kept as [`Self::kept`]; what is no number is left out.
    pub fn of(kept: impl IntoIterator<Item = (RecordId, f64)>) -> Self {
        Self(kept.into_iter().filter(|(_, score)| score.is_finite()).take(MOST).collect())
    }

    /// To be kept.
    pub fn kept(&self) -> Vec<(RecordId, f64)> {
        self.0.iter().map(|(id, score)| (*id, *score)).collect()
    }

    /// A use at this time, ms since 1970 UTC, that counts as much as `weight` simple ones.
    pub fn note(&mut self, id: RecordId, at_ms: i64, weight: f64) {
        let fresh = at_ms as f64 / HALF_LIFE_MS + weight.log2();
        let score = self.0.entry(id).or_insert(f64::NEG_INFINITY);
        let (more, less) = if fresh > *score { (fresh, *score) } else { (*score, fresh) };
        *score = more + (less - more).exp2().ln_1p() / std::f64::consts::LN_2;
        if self.0.len() > MOST {
            let least = self.0.iter().min_by(|a, b| a.1.total_cmp(b.1)).map(|(id, _)| *id);
            least.map(|least| self.0.remove(&least));
        }
    }

    /// Forgets whom `keep` does not want.
    pub fn retain(&mut self, keep: impl Fn(RecordId) -> bool) {
        self.0.retain(|id, _| keep(*id));
    }

    /// To compare two partners by, in thousandths of half-lives; the least for who was never used.
    pub(crate) fn score(&self, id: RecordId) -> i64 {
        self.0.get(&id).map_or(i64::MIN, |score| (score * 1_000.0) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;
    const A: RecordId = RecordId([1; 16]);
    const B: RecordId = RecordId([2; 16]);

    #[test]
    fn often_beats_once_and_lately_beats_long_ago() {
        let mut used = Used::default();
        used.note(A, 0, 1.0);
        used.note(A, DAY_MS, 1.0);
        used.note(B, DAY_MS, 1.0);
        assert!(used.score(A) > used.score(B), "twice beats once");
        used.note(B, 60 * DAY_MS, 1.0);
        assert!(used.score(B) > used.score(A), "once lately beats twice two half-lives ago");
        assert_eq!(used.score(RecordId([3; 16])), i64::MIN);
    }

    #[test]
    fn a_half_life_halves() {
        let (mut once, mut twice) = (Used::default(), Used::default());
        once.note(A, 30 * DAY_MS, 1.0);
        twice.note(A, 0, 1.0);
        twice.note(A, 0, 1.0);
        assert_eq!(once.score(A), twice.score(A), "two uses of a half-life ago are one of now");
        let mut heavy = Used::default();
        heavy.note(A, 0, 2.0);
        assert_eq!(heavy.score(A), twice.score(A));
    }

    #[test]
    fn only_so_many_are_remembered_and_what_is_kept_comes_back() {
        let mut used = Used::default();
        for n in 0..=u16::try_from(MOST).expect("few") {
            let mut id = [0; 16];
            id[..2].copy_from_slice(&n.to_be_bytes());
            used.note(RecordId(id), 1_700_000_000_000 + i64::from(n) * DAY_MS, 1.0);
        }
        assert_eq!(used.kept().len(), MOST);
        assert_eq!(used.score(RecordId([0; 16])), i64::MIN, "the oldest is forgotten");
        assert_eq!(Used::of(used.kept()), used);
        assert_eq!(Used::of([(A, f64::NAN)]), Used::default());
    }
}

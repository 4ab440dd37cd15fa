//! Samples to figures: the median over rounds of a quantile within each.

use super::table::Entry;
use crate::{Attempt, Failure, Outcome};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is shown of some samples.
#[derive(Clone, Copy)]
pub(super) struct Metric {
    name: &'static str,
    unit: &'static str,
    samples: &'static str,
    share: f64,
    per: f64,
}

impl Metric {
    /// The value below which `share` of the samples lies.
    pub(super) const fn new(
        name: &'static str,
        unit: &'static str,
        samples: &'static str,
        share: f64,
    ) -> Self {
        Self { name, unit, samples, share, per: 1.0 }
    }

    /// In units of so many.
    pub(super) const fn per(self, per: f64) -> Self {
        Self { per, ..self }
    }

    fn of(&self, rounds: &[Samples]) -> Option<f64> {
        let each = rounds.iter().filter_map(|samples| quantile(samples.0.get(self.samples)?, self.share));
        Some(quantile(&each.collect::<Vec<_>>(), 0.5)? / self.per)
    }
}

/// What one round measured, by name.
#[derive(Default)]
pub(super) struct Samples(BTreeMap<String, Vec<f64>>);

impl Samples {
    /// Reads what a page sent.
    pub(super) fn read(told: &Value) -> Outcome<Self> {
        serde_json::from_value(told.clone()).attempt("what the page measured").map(Self)
    }

    /// The one sample of this name.
    pub(super) fn only(&self, name: &str) -> Outcome<f64> {
        let found = self.0.get(name).and_then(|samples| samples.first());
        found.copied().ok_or_else(|| Failure(format!("the page did not measure {name}")))
    }

    /// Adds a sample.
    pub(super) fn put(&mut self, name: &str, sample: f64) {
        self.0.entry(name.to_owned()).or_default().push(sample);
    }

    /// Divides samples.
    pub(super) fn divide(&mut self, name: &str, by: f64) {
        self.0.get_mut(name).into_iter().flatten().for_each(|sample| *sample /= by);
    }

    /// Takes another's samples in.
    pub(super) fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Gathers the samples whose names begin with `name` and a low line under `name`.
    pub(super) fn fold(&mut self, name: &str) {
        let parts = self
            .0
            .iter()
            .filter(|(part, _)| part.strip_prefix(name).is_some_and(|rest| rest.starts_with('_')));
        let all: Vec<f64> = parts.flat_map(|(_, samples)| samples).copied().collect();
        self.0.insert(name.to_owned(), all);
    }
}

/// The figures of a bench, for the table and for `--json`. `rounds` are ours, raw chunks and raw rows.
pub(super) fn entries(
    bench: &str,
    size: &str,
    metrics: &[Metric],
    [ours, chunks, rows]: &[Vec<Samples>; 3],
    ours_only: &[&str],
) -> Vec<Entry> {
    let entry = |metric: &Metric| {
        let theirs = |rounds| if ours_only.contains(&metric.name) { None } else { metric.of(rounds) };
        json!({
            "bench": bench, "size": size, "metric": metric.name, "unit": metric.unit,
            "ours": metric.of(ours), "raw_chunks": theirs(chunks), "raw_rows": theirs(rows),
        })
    };
    metrics.iter().map(entry).collect()
}

/// The value below which a share of the samples lies (nearest rank); `None` without samples.
fn quantile(samples: &[f64], share: f64) -> Option<f64> {
    let mut ranked = samples.to_vec();
    ranked.sort_by(f64::total_cmp);
    let rank = (share * ranked.len() as f64).ceil() as usize;
    ranked.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(values: &[f64]) -> Samples {
        Samples([("open".to_owned(), values.to_vec())].into())
    }

    #[test]
    fn a_figure_is_the_median_over_rounds_of_each_rounds_quantile() {
        let rounds = [samples(&[1.0, 2.0, 9.0]), samples(&[3.0, 3.0, 3.0]), samples(&[7.0, 8.0, 80.0])];
        assert_eq!(Metric::new("", "", "open", 0.5).of(&rounds), Some(3.0));
        assert_eq!(Metric::new("", "", "open", 0.95).of(&rounds), Some(9.0));
        assert_eq!(Metric::new("", "", "open", 0.5).per(2.0).of(&rounds), Some(1.5));
        assert_eq!(Metric::new("", "", "other", 0.5).of(&rounds), None);
    }

    #[test]
    fn parts_are_gathered_under_their_common_name() {
        let mut all = Samples(
            [("long_open".into(), vec![1.0]), ("long_scan".into(), vec![2.0]), ("longer".into(), vec![3.0])]
                .into(),
        );
        all.fold("long");
        assert_eq!(all.0["long"], [1.0, 2.0]);
    }
}

//! The figures as a table, with what was aimed at.

use crate::say;
use serde_json::Value;

/// One figure.
pub(super) type Entry = Value;

/// What a figure should be: at most so much, and at most so many times either baseline's.
struct Aim {
    size: &'static str,
    metric: &'static str,
    most: Option<f64>,
    of_chunks: Option<f64>,
    of_rows: Option<f64>,
}

const fn aim(
    size: &'static str,
    metric: &'static str,
    most: Option<f64>,
    of_chunks: Option<f64>,
    of_rows: Option<f64>,
) -> Aim {
    Aim { size, metric, most, of_chunks, of_rows }
}

/// The sizes that the aims are for; what is measured in others is shown without one.
const STORE: &str = "10000/100000";
const FIRST: &str = "100000";
const SMALL: &str = "10000";

const AIMS: [Aim; 22] = [
    aim(STORE, "open to list", None, Some(1.2), Some(0.35)),
    aim(STORE, "all searchable", Some(1_000.0), None, None),
    aim(STORE, "import", None, Some(1.5), Some(0.2)),
    aim(STORE, "timeline p95", None, Some(0.5), None),
    aim(STORE, "full scan", None, Some(0.7), None),
    aim(STORE, "write p50", None, None, Some(2.0)),
    aim(STORE, "search prefix p95", Some(16.0), None, None),
    aim(STORE, "search chinese p95", Some(16.0), None, None),
    aim(STORE, "search initials p95", Some(16.0), None, None),
    aim(STORE, "search typo p95", Some(16.0), None, None),
    aim(STORE, "aggregates", Some(3.0), None, None),
    aim(STORE, "stored ÷ plain", Some(0.6), None, None),
    aim(STORE, "disk ÷ plain", Some(0.6), None, None),
    aim(STORE, "longest main-thread task", Some(50.0), None, None),
    aim(FIRST, "first sync of all", Some(10_000.0), None, None),
    aim(FIRST, "push of 10,000 more", Some(500.0), None, None),
    aim(FIRST, "pull of 10,000 more", Some(500.0), None, None),
    aim(FIRST, "one edit, screen to screen p50", Some(500.0), None, None),
    aim(SMALL, "push of all", Some(500.0), None, None),
    aim(SMALL, "first sync of all", Some(500.0), None, None),
    aim(SMALL, "push of 10,000 more", Some(500.0), None, None),
    aim(SMALL, "pull of 10,000 more", Some(500.0), None, None),
];

/// Prints them, size by size.
pub(super) fn print(entries: &[Entry]) {
    let mut size = "";
    for entry in entries {
        let this = entry["size"].as_str().unwrap_or_default();
        if this != size {
            size = this;
            say::title(&format!("{}, {size}", entry["bench"].as_str().unwrap_or_default()));
            say::plain(&line(["", "", "ours", "raw chunks", "raw rows", "÷ chunks", "÷ rows", "aim"]));
        }
        say::plain(&row(entry));
    }
}

fn row(entry: &Entry) -> String {
    let text = |key: &str| entry[key].as_str().unwrap_or_default();
    let figure = |key: &str| entry[key].as_f64();
    let (ours, chunks, rows) = (figure("ours"), figure("raw_chunks"), figure("raw_rows"));
    let ratio = |to: Option<f64>| Some(ours? / to.filter(|to| *to > 0.0)?);
    let (of_chunks, of_rows) = (ratio(chunks), ratio(rows));
    let aim = AIMS.iter().find(|aim| (aim.size, aim.metric) == (text("size"), text("metric")));
    let aim = aim.map(|aim| aim.judged(ours, of_chunks, of_rows)).unwrap_or_default();
    let shown = [ours, chunks, rows].map(|figure| figure.map_or("–".to_owned(), number));
    let ratios =
        [of_chunks, of_rows].map(|ratio| ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.2}")));
    line([text("metric"), text("unit"), &shown[0], &shown[1], &shown[2], &ratios[0], &ratios[1], &aim])
}

fn line(cells: [&str; 8]) -> String {
    let [metric, unit, ours, chunks, rows, of_chunks, of_rows, aim] = cells;
    let line = format!(
        "    {metric:<32}{unit:<5}{ours:>10}{chunks:>12}{rows:>10}{of_chunks:>10}{of_rows:>8}  {aim}"
    );
    line.trim_end().to_owned()
}

fn number(figure: f64) -> String {
    match figure {
        ..10.0 => format!("{figure:.2}"),
        ..100.0 => format!("{figure:.1}"),
        _ => format!("{figure:.0}"),
    }
}

impl Aim {
    /// The aim in words, and whether it is met.
    fn judged(&self, ours: Option<f64>, of_chunks: Option<f64>, of_rows: Option<f64>) -> String {
        let parts = [
            (self.most, ours, ""),
            (self.of_chunks, of_chunks, " × chunks"),
            (self.of_rows, of_rows, " × rows"),
        ];
        let wanted = parts.into_iter().filter_map(|(most, is, of)| Some((most?, is, of)));
        let words: Vec<String> = wanted
            .map(|(most, is, of)| {
                let met = is.is_some_and(|is| is <= most);
                format!("≤ {most}{of}: {}", if met { "met" } else { "missed" })
            })
            .collect();
        words.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ratios_are_shown_and_judged() {
        let entry = json!({
            "bench": "store", "size": "10000/100000", "metric": "open to list", "unit": "ms",
            "ours": 120.0, "raw_chunks": 100.0, "raw_rows": 300.0,
        });
        let row = row(&entry);
        assert!(row.contains("1.20") && row.contains("0.40"), "{row}");
        assert!(row.ends_with("≤ 1.2 × chunks: met, ≤ 0.35 × rows: missed"), "{row}");
    }

    #[test]
    fn what_was_not_measured_is_a_dash() {
        let entry = json!({ "size": "1000/10000", "metric": "search typo p95", "unit": "ms", "ours": 3.0 });
        assert_eq!(row(&entry).matches('–').count(), 4);
    }
}

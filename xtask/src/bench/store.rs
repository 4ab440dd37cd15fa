//! `bench store`: each contender imports into a fresh profile, and is opened by a browser that starts anew.

use super::figures::{Metric, Samples, entries};
use super::serve::Page;
use super::table::Entry;
use crate::places::Places;
use crate::{Attempt, Outcome, say};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// No task takes longer; a browser that hangs is ended.
const PATIENCE: Duration = Duration::from_secs(600);
/// Interactions for each customer, on average.
const EACH: u32 = 10;
const SEED: u32 = 20_260_101;
/// What is measured, as the page names them; the first is ours.
const CONTENDERS: [&str; 3] = ["ours", "chunks", "rows"];
/// Only the search of ours finds these: the others' time is no answer.
const OURS_ONLY: [&str; 4] =
    ["search initials p50", "search initials p95", "search typo p50", "search typo p95"];
const MIB: f64 = 1_048_576.0;

/// What is shown: its name and unit, the samples, which share of them lies below, and what they are divided by.
const METRICS: [Metric; 25] = [
    Metric::new("key derivation", "ms", "derive", 0.5),
    Metric::new("import", "ms", "import", 0.5),
    Metric::new("open to list", "ms", "open", 0.5),
    Metric::new("all searchable", "ms", "searchable", 0.5),
    Metric::new("timeline p50", "ms", "timeline", 0.5),
    Metric::new("timeline p95", "ms", "timeline", 0.95),
    Metric::new("full scan", "ms", "scan", 0.5),
    Metric::new("write p50", "ms", "write", 0.5),
    Metric::new("write p95", "ms", "write", 0.95),
    Metric::new("update p50", "ms", "update", 0.5),
    Metric::new("update p95", "ms", "update", 0.95),
    Metric::new("search prefix p50", "ms", "search_prefix", 0.5),
    Metric::new("search prefix p95", "ms", "search_prefix", 0.95),
    Metric::new("search chinese p50", "ms", "search_chinese", 0.5),
    Metric::new("search chinese p95", "ms", "search_chinese", 0.95),
    Metric::new("search initials p50", "ms", "search_initials", 0.5),
    Metric::new("search initials p95", "ms", "search_initials", 0.95),
    Metric::new("search typo p50", "ms", "search_typo", 0.5),
    Metric::new("search typo p95", "ms", "search_typo", 0.95),
    Metric::new("aggregates", "ms", "aggregates", 0.5),
    Metric::new("stored ÷ plain", "×", "stored", 0.5),
    Metric::new("disk ÷ plain", "×", "disk", 0.5),
    Metric::new("memory after opening", "MiB", "memory_open", 0.5).per(MIB),
    Metric::new("memory after import", "MiB", "memory_import", 0.5).per(MIB),
    Metric::new("longest main-thread task", "ms", "long", 1.0),
];

/// Measures one size, so often.
pub(super) fn measure(places: &Places, page: &Page, partners: u32, repeat: u32) -> Outcome<Vec<Entry>> {
    let size = format!("{partners}/{}", partners * EACH);
    let profile = places.work("bench-profile");
    let run = |contender: &str, tasks: &str| -> Outcome<Samples> {
        let query = format!(
            "contender={contender}&tasks={tasks}&seed={SEED}&partners={partners}&interactions={}",
            partners * EACH
        );
        Samples::read(&page.run(&profile, &query, PATIENCE)?)
    };
    let plain = run("ours", "plain")?.only("plain")?;
    say::note(&format!("{size}: {:.1} MiB of plain rows", plain / MIB));
    let mut rounds: [Vec<Samples>; 3] = Default::default();
    for turn in 1..=repeat {
        for (contender, rounds) in CONTENDERS.iter().zip(&mut rounds) {
            remove(&profile)?;
            let mut samples = run(contender, "import")?;
            samples.put("disk", size_of(&database(&profile))? as f64 / plain);
            samples.divide("stored", plain);
            samples.join(run(
                contender,
                if *contender == "ours" { "open,cold,scan,derive" } else { "open,cold,scan" },
            )?);
            samples.fold("long");
            say::note(&format!("{size} {turn}/{repeat} {contender}: {}", brief(&samples)));
            rounds.push(samples);
        }
    }
    remove(&profile)?;
    Ok(entries("store", &size, &METRICS, &rounds, &OURS_ONLY))
}

fn brief(samples: &Samples) -> String {
    let shown = ["import", "open", "searchable", "scan"].map(|name| {
        let ms = samples.only(name).map_or("–".to_owned(), |ms| format!("{ms:.0}"));
        format!("{name} {ms}")
    });
    format!("{} ms", shown.join(", "))
}

/// Where Chromium keeps IndexedDB.
fn database(profile: &Path) -> PathBuf {
    profile.join("Default").join("IndexedDB")
}

fn size_of(folder: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder).attempt("the browser's database")? {
        let entry = entry.attempt("the browser's database")?;
        let kind = entry.metadata().attempt("the browser's database")?;
        bytes += if kind.is_dir() { size_of(&entry.path())? } else { kind.len() };
    }
    Ok(bytes)
}

fn remove(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder).attempt("removing the browser's profile")?;
    }
    Ok(())
}

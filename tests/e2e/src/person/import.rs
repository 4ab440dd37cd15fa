//! Bringing files in.

use super::customers::number;
use crate::Outcome;
use crate::device::Device;
use crate::failure::ensure;
use crate::hands::{LONG, spot, until};
use std::path::Path;
use std::time::Duration;

/// What an import says that it did with the rows of all files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that became new records.
    pub created: usize,
    /// Rows that changed records.
    pub updated: usize,
    /// Rows that were here already.
    pub unchanged: usize,
    /// Rows left out.
    pub skipped: usize,
}

impl Counts {
    /// All rows.
    pub fn rows(self) -> usize {
        self.created + self.updated + self.unchanged + self.skipped
    }
}

impl Device {
    /// Chooses files on the import screen and waits until they were read.
    pub async fn inspect(&self, files: &[&Path], limit: Duration) -> Outcome {
        self.choose_files(files).await?;
        let ready = spot("button", self.word("import.act.another")?);
        self.see_at(&ready, limit).await
    }

    /// Chooses files on the import screen; an import that is shown there is left behind.
    pub async fn choose_files(&self, files: &[&Path]) -> Outcome {
        self.go("/").await?;
        self.go("/import").await?;
        self.attach(files).await
    }

    /// Brings files in as they are guessed, and reads the report.
    pub async fn import(&self, files: &[&Path]) -> Outcome<Counts> {
        self.inspect(files, LONG).await?;
        self.bring_in(LONG * 3).await
    }

    /// Begins to bring in what was inspected, once the preview does not move the button any more.
    pub async fn begin_to_bring_in(&self) -> Outcome {
        self.settled().await?;
        self.tap(&spot("button", self.words().stem("import.act.import")?).starts()).await
    }

    /// Brings in what was inspected.
    pub async fn bring_in(&self, limit: Duration) -> Outcome<Counts> {
        self.begin_to_bring_in().await?;
        self.see_within(self.word("import.report.again")?, limit).await?;
        self.report().await
    }

    /// The counts of the report that is shown, added up over its files.
    async fn report(&self) -> Outcome<Counts> {
        let figures = self.texts(".tot").await?;
        let sum = |key: &str| -> Outcome<usize> {
            let word = self.word(key)?;
            Ok(figures.iter().filter_map(|figure| number(figure.strip_suffix(word)?)).sum())
        };
        let counts = Counts {
            created: sum("import.report.created")?,
            updated: sum("import.report.updated")?,
            unchanged: sum("import.report.unchanged")?,
            skipped: sum("import.report.skipped")?,
        };
        ensure(!figures.is_empty(), || "no counts in the report".to_owned())?;
        Ok(counts)
    }

    /// Waits until the import screen says what is wrong with a file.
    pub async fn import_complains(&self, problem: &str, limit: Duration) -> Outcome {
        let words = self.word(&format!("import.problem.{problem}"))?.to_owned();
        let what = || format!("\"{words}\" on {}", self.name());
        until(limit, what, async || Ok(self.text().await?.contains(&words).then_some(()))).await
    }
}

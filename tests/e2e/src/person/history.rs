//! What happened with a customer: logged, read, filtered, changed.

use crate::Outcome;
use crate::device::Device;
use crate::hands::{LONG, Named, SOON, spot, until};

impl Device {
    /// Turns to a tab of the customer that is shown, such as `customer.tab_timeline`.
    pub async fn tab(&self, key: &str) -> Outcome {
        self.tap(&spot("tab", self.word(key)?).starts()).await
    }

    /// Waits until the aggregate above the timeline has a part that starts so: its name, then its figure.
    pub async fn aggregate(&self, name: &str, figure: &str) -> Outcome {
        let wanted = format!("{} {figure}", self.word(name)?);
        let fits = |parts: &[String]| parts.iter().any(|part| part.starts_with(&wanted));
        self.texts_until(".agg-c, .agg-m", SOON, fits).await.map(drop)
    }

    /// The entries of the timeline that is shown, newest first.
    pub async fn entries(&self) -> Outcome<Vec<String>> {
        self.texts(".evs > li").await
    }

    /// Waits until the timeline has so many entries.
    pub async fn entries_are(&self, count: usize) -> Outcome<Vec<String>> {
        self.texts_until(".evs > li", SOON, |entries| entries.len() == count).await
    }

    /// Waits until an entry of the timeline contains these words.
    pub async fn entry_has(&self, words: &str) -> Outcome {
        let fits = |entries: &[String]| entries.iter().any(|entry| entry.contains(words));
        self.texts_until(".evs > li", SOON, fits).await.map(drop)
    }

    /// Chooses from the menu of the entry that contains `words`.
    pub async fn entry_menu(&self, words: &str, key: &str) -> Outcome {
        let script = "
            const entry = [...document.querySelectorAll('.evs > li')].find((one) => one.innerText.includes(arguments[0]));
            return entry?.querySelector(\"button[aria-haspopup='menu']\") ?? null;";
        self.tap_found(script, words).await?;
        self.tap(&spot("menuitem", self.word(key)?)).await
    }

    /// Logs a call as the worked example has it (R142): when, and what was said.
    pub async fn log_call(&self, at: &str, said: &str) -> Outcome {
        self.follow(self.word("customer.log")?).await?;
        self.tap_css_named(".opt-m", self.word("vocabulary.method.phone")?, Named::Is).await?;
        self.set(&spot("field", self.word("log.time")?), at).await?;
        self.fill(self.word("log.note_call")?, said).await?;
        self.save_log().await
    }

    /// Logs a visit with the customer that is shown, in as few taps as it takes: what is known already
    /// is filled in. Ends with how many taps it took.
    pub async fn log_visit(&self, outcome: &str) -> Outcome<u32> {
        self.forget_taps();
        self.follow(self.word("customer.log")?).await?;
        self.tap_css_named(".opt:not(.opt-m)", self.word(outcome)?, Named::Is).await?;
        self.save_log().await?;
        Ok(self.taps())
    }

    /// Takes back what is told at the edge of the screen with these words.
    pub async fn undo(&self, told: &str) -> Outcome {
        let script = "
            const toast = [...document.querySelectorAll('.toast')].findLast((one) => one.innerText.includes(arguments[0]));
            return toast?.querySelector('.toast-u') ?? null;";
        self.tap_found(script, told).await
    }

    /// Puts away everything that is told at the edge of the screen.
    pub async fn hide_toasts(&self) -> Outcome {
        let script = "
            const closers = [...document.querySelectorAll('.toast > .ib')];
            closers.forEach((closer) => closer.click());
            return closers.length === 0";
        let none = async || Ok(self.script(script, vec![]).await?.as_bool().unwrap_or(false).then_some(()));
        until(SOON, || "the messages to go".to_owned(), none).await
    }

    /// Saves the log that is open and waits until it is closed.
    pub async fn save_log(&self) -> Outcome {
        self.press(self.word("log.save")?).await?;
        self.sheet_closed().await
    }

    /// Takes back what was done last, out of the list of what was done lately.
    pub async fn undo_last(&self) -> Outcome {
        self.go("/customers?sheet=recent").await?;
        self.see(self.word("shell.recent.title")?).await?;
        self.tap(&spot("button", self.word("common.undo")?).starts()).await?;
        self.see_within(self.word("common.undone")?, LONG).await?;
        self.press(self.word("common.close")?).await?;
        self.sheet_closed().await
    }

    /// Waits until no sheet is open.
    pub async fn sheet_closed(&self) -> Outcome {
        let shut = async || Ok(self.texts("[role='dialog']").await?.is_empty().then_some(()));
        until(SOON, || format!("the sheet to close on {}", self.name()), shut).await
    }
}

//! Backups: into a file, and out of one.

use crate::Outcome;
use crate::device::Device;
use crate::hands::{LONG, SOON, spot, until};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

impl Device {
    /// Makes a backup; the file that the browser kept, which lies in `folder` then.
    pub async fn back_up(&self, folder: &Path) -> Outcome<PathBuf> {
        fs::create_dir_all(folder)?;
        let allowed =
            json!({ "behavior": "allow", "downloadPath": folder.canonicalize()?.display().to_string() });
        self.cdp("Browser.setDownloadBehavior", allowed).await?;
        self.go("/backup").await?;
        self.press(self.word("backup.make.now")?).await?;
        self.downloaded(folder, "satchel").await
    }

    /// The file with this ending that the browser kept in a folder.
    pub async fn downloaded(&self, folder: &Path, ending: &str) -> Outcome<PathBuf> {
        let kept = async || {
            let files = fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path());
            Ok(files.into_iter().find(|path| path.extension().is_some_and(|it| it == ending)))
        };
        until(LONG, || format!("a .{ending} in {}", folder.display()), kept).await
    }

    /// Makes a recovery code, with two of its groups typed back.
    pub async fn make_recovery_code(&self, passphrase: &str) -> Outcome<String> {
        self.go("/settings").await?;
        self.press(self.word("security.recovery.make")?).await?;
        self.fill(self.word("common.passphrase")?, passphrase).await?;
        self.tap_css("[role=dialog] form button[type=submit]").await?;
        let codes = self.texts_until(".paper code", LONG, |codes| codes.len() == 2).await?;
        let code: String = codes[1].chars().filter(|c| !c.is_whitespace()).collect();
        self.press(self.word("onboarding.sheet.ready")?).await?;
        let groups: Vec<&str> = code.split('-').collect();
        for (label, group) in [("security.recovery.second", 1), ("security.recovery.fifth", 4)] {
            self.fill(self.word(label)?, groups.get(group).copied().unwrap_or_default()).await?;
        }
        self.press(self.word("common.next")?).await?;
        self.see_within(self.word("security.recovery.kept")?, LONG).await?;
        Ok(code)
    }

    /// Chooses a file to restore from, on a device that has no workspace.
    pub async fn choose_backup(&self, code: &str, passphrase: &str, file: &Path) -> Outcome {
        self.tap(&spot("button", self.word("onboarding.restore.title")?).starts()).await?;
        self.fill(self.word("onboarding.code")?, code).await?;
        self.fill(self.word("common.passphrase")?, passphrase).await?;
        self.attach(&[file]).await
    }

    /// Looks at what a file holds, brings it in and begins; the figures of each kind that were shown before.
    pub async fn restore(&self) -> Outcome<Vec<String>> {
        self.see_at(&spot("button", self.word("backup.look.restore")?), LONG).await?;
        let lines = self.texts(".bk tbody tr").await?;
        self.press(self.word("backup.look.restore")?).await?;
        self.see_within(self.word("backup.done.title")?, LONG).await?;
        self.press(self.word("backup.done.begin")?).await?;
        self.at_work().await?;
        Ok(lines)
    }

    /// Removes the workspace; what was not sent is lost by the word that is typed.
    pub async fn remove_and_lose(&self) -> Outcome {
        self.fill(
            &self.words().filled("backup.remove.type_word", &[("word", self.word("backup.remove.word")?)])?,
            self.word("backup.remove.word")?,
        )
        .await?;
        self.press(self.word("backup.remove.lose")?).await?;
        let create = spot("button", self.word("onboarding.create.title")?).starts();
        self.see_at(&create, SOON).await
    }
}

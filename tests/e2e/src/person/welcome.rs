//! Coming in: a workspace made here or brought here, locked, unlocked.

use crate::Outcome;
use crate::device::Device;
use crate::failure::ensure;
use crate::hands::{LONG, SOON, spot, until};
use thirtyfour::{By, Key};

impl Device {
    /// Makes a workspace: name, passphrase twice, the recovery sheet with its last group asked back.
    /// Ends at work, with the device code.
    pub async fn create_workspace(&self, name: &str, passphrase: &str) -> Outcome<String> {
        self.tap(&spot("button", self.word("onboarding.create.title")?).starts()).await?;
        self.fill(self.word("onboarding.name")?, name).await?;
        self.fill(self.word("common.passphrase")?, passphrase).await?;
        self.fill(self.word("onboarding.again")?, passphrase).await?;
        self.press(self.word("onboarding.make")?).await?;
        let code = self.device_code().await?;
        self.press(self.word("onboarding.sheet.ready")?).await?;
        let last = code.rsplit('-').next().unwrap_or_default();
        self.fill(self.word("onboarding.sheet.ask")?, last).await?;
        self.press(self.word("common.next")?).await?;
        self.at_work().await?;
        Ok(code)
    }

    /// Brings a workspace here with its device code.
    pub async fn join_workspace(&self, code: &str, passphrase: &str) -> Outcome {
        self.tap(&spot("button", self.word("onboarding.join.title")?).starts()).await?;
        self.send_code(code, passphrase).await
    }

    /// Brings the workspace back after the browser has thrown it away; `said` is what the screen says of
    /// what is gone.
    pub async fn rescue(&self, said: &str, code: &str, passphrase: &str) -> Outcome {
        self.see_within(self.word("shell.rescue.lost.title")?, LONG).await?;
        self.see(said).await?;
        self.send_code(code, passphrase).await
    }

    async fn send_code(&self, code: &str, passphrase: &str) -> Outcome {
        self.fill(self.word("onboarding.code")?, code).await?;
        self.fill(self.word("common.passphrase")?, passphrase).await?;
        self.press(self.word("onboarding.join_do")?).await?;
        self.at_work().await
    }

    /// Locks: with the button at the top, or with the palette where there is none.
    pub async fn lock(&self) -> Outcome {
        let before = self.page_began().await?;
        let comes_anew = self.script("return !!navigator.serviceWorker?.controller", vec![]).await?;
        let button = spot("button", self.word("shell.lock")?);
        if self.is_at(&button).await? {
            self.tap(&button).await?;
        } else {
            self.command(self.word("shell.command.lock")?).await?;
        }
        if comes_anew == true {
            let anew = async || Ok((self.page_began().await? != before).then_some(()));
            until(LONG, || format!("{} to load its page anew", self.name()), anew).await?;
        }
        self.at_lock().await
    }

    /// When the page that is shown began, as its own clock has it.
    pub async fn page_began(&self) -> Outcome<String> {
        Ok(self.script("return performance.timeOrigin", vec![]).await?.to_string())
    }

    /// Waits until the service worker would bring the page back.
    pub async fn installed(&self) -> Outcome {
        let script = "return !!navigator.serviceWorker?.controller";
        let look = async || Ok((self.script(script, vec![]).await? == true).then_some(()));
        until(LONG, || format!("{} to be installed", self.name()), look).await
    }

    /// Gives a command with the palette.
    pub async fn command(&self, words: &str) -> Outcome {
        self.browser().await?.find(By::Css("body")).await?.send_keys(Key::Control + "k").await?;
        self.fill(self.word("shell.palette.field")?, words).await?;
        self.tap(&spot("option", words)).await
    }

    /// Waits for the lock screen.
    pub async fn at_lock(&self) -> Outcome {
        self.see_at(&spot("button", self.word("onboarding.lock.unlock")?), LONG).await
    }

    /// Types a passphrase into the lock screen and goes on.
    pub async fn try_passphrase(&self, passphrase: &str) -> Outcome {
        self.fill(self.word("common.passphrase")?, passphrase).await?;
        self.press(self.word("onboarding.lock.unlock")?).await
    }

    /// Unlocks.
    pub async fn unlock(&self, passphrase: &str) -> Outcome {
        self.at_lock().await?;
        self.try_passphrase(passphrase).await?;
        self.at_work().await
    }

    /// Opens the app at a path and unlocks it.
    pub async fn open_unlocked(&self, path: &str, passphrase: &str) -> Outcome {
        self.open(path).await?;
        self.unlock(passphrase).await
    }

    /// Waits until the workspace is open; a word about installing is put off.
    pub async fn at_work(&self) -> Outcome {
        let later = spot("button", self.word("onboarding.install.skip")?);
        let look = async || {
            if self.is_at(&later).await? {
                self.press(self.word("onboarding.install.skip")?).await?;
            }
            let open = self.script("return !!document.querySelector('nav.nav')", vec![]).await?;
            Ok(open.as_bool().unwrap_or(false).then_some(()))
        };
        until(LONG, || format!("the workspace to open on {}", self.name()), look).await
    }

    /// The device code that is on the screen.
    async fn device_code(&self) -> Outcome<String> {
        let codes =
            self.texts_until(".paper code", LONG, |codes| codes.len() == 1 && !codes[0].is_empty()).await?;
        let code: String = codes[0].chars().filter(|c| !c.is_whitespace()).collect();
        ensure(code.len() > 20, || format!("\"{code}\" is not a device code"))?;
        Ok(code)
    }

    /// What the app says about syncing.
    pub async fn sync_word(&self) -> Outcome<String> {
        // A form may have a status of its own.
        Ok(self.texts("p.sr[role='status'][aria-live]").await?.join(" "))
    }

    /// Waits until everything is on the server.
    pub async fn synced(&self) -> Outcome {
        let word = self.word("shell.sync.synced")?;
        let what = || format!("{} to be synced", self.name());
        until(LONG, what, async || Ok((self.sync_word().await? == word).then_some(()))).await
    }

    /// Waits until the app says that so many wait.
    pub async fn waiting(&self, count: usize) -> Outcome {
        let words = self.words().filled("shell.sync.waiting", &[("count", &count.to_string())])?;
        let what = || format!("{} to say \"{words}\"", self.name());
        until(SOON, what, async || Ok((self.sync_word().await? == words).then_some(()))).await
    }

    /// Waits until something waits to be sent.
    pub async fn something_waits(&self) -> Outcome {
        let words = self.words().filled("shell.sync.waiting", &[("count", "")])?;
        let what = || format!("{} to say that something waits", self.name());
        until(SOON, what, async || Ok(self.sync_word().await?.contains(words.trim()).then_some(()))).await
    }
}

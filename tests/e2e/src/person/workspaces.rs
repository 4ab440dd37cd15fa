//! Several workspaces on one device, and the sample.

use crate::Outcome;
use crate::device::Device;
use crate::hands::{LONG, SOON, spot};

impl Device {
    /// Locks and goes to the ways in, to add another workspace.
    pub async fn add_another(&self) -> Outcome {
        self.command(self.word("workspaces.switch")?).await?;
        self.press(self.word("workspaces.add")?).await?;
        self.see_within(self.word("workspaces.adding")?, LONG).await
    }

    /// Chooses another workspace on the lock screen, and waits until it is the one to be unlocked.
    pub async fn choose_workspace(&self, name: &str) -> Outcome {
        self.tap_within(".places .way", name).await?;
        self.texts_until(".flap h1", LONG, |titles| titles.iter().any(|title| title == name)).await.map(drop)
    }

    /// Goes to another workspace out of an open one; ends at its lock screen.
    pub async fn switch_to(&self, name: &str) -> Outcome {
        self.command(self.word("workspaces.switch")?).await?;
        self.choose_workspace(name).await
    }

    /// Goes to another workspace of the same account, whose lock screen is never seen.
    pub async fn go_on_in(&self, name: &str) -> Outcome {
        self.command(self.word("workspaces.switch")?).await?;
        self.tap_within(".places .way", name).await?;
        self.sheet_closed().await?;
        self.at_work().await
    }

    /// One tap into the sample.
    pub async fn look_around(&self) -> Outcome {
        self.tap(&spot("button", self.word("workspaces.sample.title")?).starts()).await?;
        self.at_work().await?;
        self.see_at(&spot("button", self.word("workspaces.sample.remove")?), SOON).await
    }

    /// One tap out of it, for good; on a device that has no other workspace.
    pub async fn remove_sample(&self) -> Outcome {
        self.press(self.word("workspaces.sample.remove")?).await?;
        self.see_at(&spot("button", self.word("onboarding.create.title")?).starts(), LONG).await
    }
}

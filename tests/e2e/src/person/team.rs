//! A team: inviting, taking an invitation up, deciding over others.

use crate::Outcome;
use crate::device::Device;
use crate::failure::ensure;
use crate::hands::{LONG, SOON, spot, until};

impl Device {
    /// Invites somebody; the link that was shown.
    pub async fn invite(&self, me: Option<&str>, role: &str, guest: &str) -> Outcome<String> {
        let link = self.make_invitation(me, role, guest).await?;
        self.press(self.word("common.done")?).await?;
        self.sheet_closed().await?;
        Ok(link)
    }

    /// Makes an invitation, whose link is on the screen then. Who was alone until now says what she is called, `me`.
    pub async fn make_invitation(&self, me: Option<&str>, role: &str, guest: &str) -> Outcome<String> {
        self.fill_invitation(me, role, guest).await?;
        self.press(self.word("team.invite.make")?).await?;
        self.invitation_made().await
    }

    /// Invites somebody who will decide over others: by the passphrase. The link that was shown.
    pub async fn invite_by(&self, passphrase: &str, role: &str, guest: &str) -> Outcome<String> {
        self.fill_invitation(None, role, guest).await?;
        self.fill(self.word("common.passphrase")?, passphrase).await?;
        self.press(self.word("team.invite.make")?).await?;
        let link = self.invitation_made().await?;
        self.press(self.word("common.done")?).await?;
        self.sheet_closed().await?;
        Ok(link)
    }

    async fn fill_invitation(&self, me: Option<&str>, role: &str, guest: &str) -> Outcome {
        self.go("/team").await?;
        self.press(self.word("team.invite.button")?).await?;
        self.see_at(&spot("button", self.word("team.invite.make")?), SOON).await?;
        self.tap_within("label.role", self.word(&format!("team.role.{role}"))?).await?;
        if let Some(me) = me {
            self.fill(self.word("team.invite.your_name")?, me).await?;
        }
        self.fill(self.word("team.invite.guest")?, guest).await
    }

    async fn invitation_made(&self) -> Outcome<String> {
        let whole = |found: &[String]| found.len() == 1 && found[0].contains("#i=");
        Ok(self.texts_until(".paper-l code", LONG, whole).await?.remove(0))
    }

    /// Opens an invitation's link on a device that has no workspace; its secret is not in the address bar then.
    pub async fn open_invitation(&self, link: &str) -> Outcome {
        self.open(link.trim_start_matches(self.home())).await?;
        self.see_at(&spot("button", self.word("team.accept.join")?), LONG).await?;
        let address = self.script("return location.href", vec![]).await?;
        let clean = !address.as_str().unwrap_or_default().contains('#');
        ensure(clean, || format!("the address still holds the invitation's secret: {address}"))
    }

    /// Takes the invitation up that is on the screen, and begins work.
    pub async fn accept(&self, name: &str, passphrase: &str) -> Outcome {
        self.fill(self.word("team.accept.name")?, name).await?;
        self.fill(self.word("security.new")?, passphrase).await?;
        self.fill(self.word("onboarding.again")?, passphrase).await?;
        self.press(self.word("team.accept.join")?).await?;
        let later = spot("button", self.word("onboarding.sheet.later")?);
        self.see_at(&later, LONG).await?;
        self.tap(&later).await?;
        self.at_work().await
    }

    /// Opens the sheet of a member.
    pub async fn open_member(&self, name: &str) -> Outcome {
        self.go("/team").await?;
        self.tap_within("#content .row", name).await?;
        self.texts_until("#sheet-t", SOON, |title| title.first().is_some_and(|title| title == name)).await?;
        Ok(())
    }

    /// Gives a member another role, by the passphrase where that is asked.
    pub async fn give_role(&self, name: &str, role: &str, passphrase: Option<&str>) -> Outcome {
        self.open_member(name).await?;
        self.tap_within("label.role", self.word(&format!("team.role.{role}"))?).await?;
        if let Some(passphrase) = passphrase {
            self.fill(self.word("common.passphrase")?, passphrase).await?;
        }
        self.press(self.word("team.member.role")?).await?;
        self.see_within(self.word("team.member.changed")?, LONG).await?;
        self.press(self.word("common.close")?).await
    }

    /// Waits until the passphrase is asked and its field has the focus; types it there and confirms by Enter.
    pub async fn prove_by_enter(&self, passphrase: &str) -> Outcome {
        let label = self.word("common.passphrase")?;
        let there = async || Ok((self.focused().await?.0 == label).then_some(()));
        until(SOON, || format!("the focus on \"{label}\""), there).await?;
        self.fill(label, passphrase).await?;
        self.enter().await
    }

    /// Leaves the team, after it was said what that means.
    pub async fn leave_team(&self, name: &str, passphrase: &str) -> Outcome {
        self.open_member(name).await?;
        self.press(self.word("team.member.leave")?).await?;
        self.fill(self.word("common.passphrase")?, passphrase).await?;
        self.press(self.word("team.member.leave_do")?).await?;
        self.see_within(self.word("team.removed.title")?, LONG).await
    }

    /// Removes a member, after it was said what that means.
    pub async fn remove_member(&self, name: &str, passphrase: &str) -> Outcome {
        self.open_member(name).await?;
        self.press(self.word("team.member.remove")?).await?;
        self.fill(self.word("common.passphrase")?, passphrase).await?;
        self.press(&self.words().filled("team.member.remove_do", &[("name", name)])?).await?;
        self.see_within(self.word("team.member.removed")?, LONG).await
    }
}

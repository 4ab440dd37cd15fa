//! The browser's own stand-in for a platform that keeps passkeys.

use crate::Outcome;
use crate::device::Device;
use serde_json::{Value, json};

/// Whether its passkeys have the extension PRF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prf {
    /// They do.
    Kept,
    /// They do not.
    Missing,
}

/// A platform that verifies its person, and answers at once.
#[derive(Debug)]
pub struct Platform {
    id: Value,
}

impl Platform {
    /// Gives a device one, for as long as its browser is open.
    pub async fn of(device: &Device, prf: Prf) -> Outcome<Self> {
        device.cdp("WebAuthn.enable", json!({ "enableUI": false })).await?;
        let options = json!({
            "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "hasPrf": prf == Prf::Kept, "isUserVerified": true,
            "automaticPresenceSimulation": true,
        });
        let made = device.cdp("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await?;
        let id = made.get("authenticatorId").cloned().ok_or("the browser named no authenticator")?;
        Ok(Self { id })
    }

    /// Whether it verifies its person from now on.
    pub async fn answers(&self, device: &Device, yes: bool) -> Outcome {
        let verified = json!({ "authenticatorId": self.id, "isUserVerified": yes });
        device.cdp("WebAuthn.setUserVerified", verified).await.map(drop)
    }

    /// Takes it away, with its passkeys.
    pub async fn gone(self, device: &Device) -> Outcome {
        device
            .cdp("WebAuthn.removeVirtualAuthenticator", json!({ "authenticatorId": self.id }))
            .await
            .map(drop)
    }
}

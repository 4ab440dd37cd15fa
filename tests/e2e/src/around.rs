//! The browser around the app: its tabs, of which the hands are on one at a time, and its room.

use crate::Outcome;
use crate::device::Device;
use serde_json::json;
use thirtyfour::WindowHandle;

impl Device {
    /// The tab that the hands are on.
    pub async fn tab_now(&self) -> Outcome<WindowHandle> {
        Ok(self.browser().await?.window().await?)
    }

    /// Opens another tab and turns to it.
    pub async fn new_tab(&self) -> Outcome<WindowHandle> {
        let handle = self.browser().await?.new_tab().await?;
        self.turn_to(&handle).await?;
        Ok(handle)
    }

    /// Turns to a tab.
    pub async fn turn_to(&self, tab: &WindowHandle) -> Outcome {
        Ok(self.browser().await?.switch_to_window(tab.clone()).await?)
    }

    /// Freezes the tab that the hands are on, as a browser does to save power, or lets it go on.
    pub async fn freeze_tab(&self, frozen: bool) -> Outcome {
        let state = if frozen { "frozen" } else { "active" };
        self.cdp("Page.setWebLifecycleState", json!({ "state": state })).await.map(drop)
    }

    /// Shows what the server answers at a path below the base instead of the app: a page of the same origin
    /// that runs none of its code.
    pub async fn open_bare(&self) -> Outcome {
        self.open("v1/health").await
    }

    /// Waits until the app's files are here and need no server.
    pub async fn served_offline(&self) -> Outcome {
        let script = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))";
        self.script_async(script, vec![]).await.map(drop)
    }

    /// How much room the app uses, in bytes.
    pub async fn used(&self) -> Outcome<u64> {
        let script = "const done = arguments[0]; navigator.storage.estimate().then((it) => done(it.usage))";
        let used = self.script_async(script, vec![]).await?.as_u64();
        used.ok_or_else(|| "the browser does not say how much room is used".into())
    }
}

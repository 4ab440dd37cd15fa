//! How a screen is looked at: its size, its theme; and pictures of it.

use crate::Outcome;
use crate::device::Device;
use crate::hands::{SOON, until};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::fs;
use std::path::Path;

/// A screen's size in CSS pixels.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// What it is called.
    pub name: &'static str,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

/// The four sizes that everything is drawn for.
pub const SIZES: [Size; 4] = [
    Size { name: "phone", width: 390, height: 844 },
    Size { name: "portrait", width: 820, height: 1180 },
    Size { name: "landscape", width: 1180, height: 820 },
    Size { name: "desktop", width: 1440, height: 900 },
];

/// The narrowest screen that everything must fit on.
pub const NARROWEST: Size = Size { name: "narrowest", width: 320, height: 640 };

/// The two themes that follow the system.
pub const THEMES: [&str; 2] = ["light", "dark"];

impl Device {
    /// Shows the page in a size and a theme, without moving parts.
    pub async fn dress(&self, size: Size, theme: &str) -> Outcome {
        let Size { width, height, .. } = size;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.cdp("Emulation.setDeviceMetricsOverride", metrics).await?;
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": theme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        self.cdp("Emulation.setEmulatedMedia", features).await?;
        let script =
            "return document.documentElement.dataset.theme === arguments[0] && innerWidth === arguments[1]";
        let worn = async || {
            let worn = self.script(script, vec![json!(theme), json!(width)]).await?;
            Ok(worn.as_bool().unwrap_or(false).then_some(()))
        };
        until(SOON, || format!("{theme} at {width} pixels"), worn).await?;
        self.settled().await
    }

    /// Waits until nothing is being loaded, drawn or moved.
    pub async fn settled(&self) -> Outcome {
        let script = "
            const done = arguments[0];
            requestAnimationFrame(() => requestAnimationFrame(() => done(
                !document.querySelector('.skel') &&
                document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity))));";
        let still =
            async || Ok(self.script_async(script, vec![]).await?.as_bool().unwrap_or(false).then_some(()));
        until(SOON, || format!("{}'s screen to stand still", self.name()), still).await
    }

    /// A picture of what is shown.
    pub async fn picture(&self, path: &Path) -> Outcome {
        let taken =
            self.cdp("Page.captureScreenshot", json!({ "format": "png", "optimizeForSpeed": false })).await?;
        let bytes = STANDARD.decode(taken["data"].as_str().unwrap_or_default());
        let bytes = bytes.map_err(|error| format!("a screenshot that is none: {error}"))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(fs::write(path, bytes)?)
    }

    /// Shows letters in percent of their usual size, as who reads badly sets it in the browser.
    pub async fn enlarge(&self, percent: u32) -> Outcome {
        let script = "document.documentElement.style.fontSize = arguments[0]";
        let size = if percent == 100 { String::new() } else { format!("{percent}%") };
        self.script(script, vec![json!(size)]).await?;
        self.settled().await
    }

    /// By how many pixels the page is wider than the screen.
    pub async fn too_wide_by(&self) -> Outcome<u64> {
        let script = "return Math.max(0, document.scrollingElement.scrollWidth - document.documentElement.clientWidth)";
        Ok(self.script(script, vec![]).await?.as_u64().unwrap_or(0))
    }
}

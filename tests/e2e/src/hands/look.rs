//! Looking.

use super::{SOON, Spot, until};
use crate::Outcome;
use crate::device::Device;
use serde_json::Value;
use std::time::Duration;

impl Device {
    /// Everything that is written on the screen now.
    pub async fn text(&self) -> Outcome<String> {
        let script = "return document.body ? document.body.innerText : ''";
        Ok(self.script(script, vec![]).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Runs a script in the page.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.browser().await?.execute(script, arguments).await?.json().clone())
    }

    /// Runs a script that ends by calling its last argument.
    pub async fn script_async(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.browser().await?.execute_async(script, arguments).await?.json().clone())
    }

    /// Waits until `words` are on the screen.
    pub async fn see(&self, words: &str) -> Outcome {
        self.see_within(words, SOON).await
    }

    /// Waits until `words` are on the screen, for so long.
    pub async fn see_within(&self, words: &str, limit: Duration) -> Outcome {
        let what = || format!("\"{words}\" on {}'s screen", self.name());
        until(limit, what, async || Ok(self.text().await?.contains(words).then_some(()))).await
    }

    /// Waits until one of `words` is on the screen; which one.
    pub async fn see_any(&self, words: &[&str], limit: Duration) -> Outcome<usize> {
        let what = || format!("one of {words:?} on {}'s screen", self.name());
        let look = async || {
            let text = self.text().await?;
            Ok(words.iter().position(|words| text.contains(words)))
        };
        until(limit, what, look).await
    }

    /// Waits until `words` are no longer on the screen.
    pub async fn see_gone(&self, words: &str) -> Outcome {
        let what = || format!("\"{words}\" to leave {}'s screen", self.name());
        until(SOON, what, async || Ok((!self.text().await?.contains(words)).then_some(()))).await
    }

    /// Waits until something is at a spot.
    pub async fn see_at(&self, spot: &Spot, limit: Duration) -> Outcome {
        let what = || format!("{spot} on {}", self.name());
        until(limit, what, async || Ok(self.is_at(spot).await?.then_some(()))).await
    }

    /// What is written in every element that `css` selects.
    pub async fn texts(&self, css: &str) -> Outcome<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText.replace(/\\s+/g, ' ').trim())";
        let found = self.script(script, vec![css.into()]).await?;
        Ok(found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Waits until the texts that `css` selects are as wanted.
    pub async fn texts_until(
        &self,
        css: &str,
        limit: Duration,
        wanted: impl Fn(&[String]) -> bool,
    ) -> Outcome<Vec<String>> {
        let what = || format!("what {css} shows on {} to be as wanted", self.name());
        let look = async || {
            let texts = self.texts(css).await?;
            Ok(wanted(&texts).then_some(texts))
        };
        until(limit, what, look).await
    }

    /// The path and query of the address bar.
    pub async fn address(&self) -> Outcome<String> {
        let place = self.script("return location.pathname + location.search", vec![]).await?;
        Ok(place.as_str().unwrap_or_default().to_owned())
    }
}

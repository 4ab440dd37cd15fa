//! Going about with the keyboard alone.

use crate::Outcome;
use crate::device::Device;
use crate::failure::ensure;
use serde_json::json;
use thirtyfour::Key;

/// More stops than any screen has.
const STOPS: usize = 120;

/// The name of what has the focus, as it would be read out; and whether it can be seen that it has it.
const FOCUSED: &str = "
const at = document.activeElement;
const words = (element) => element?.getAttribute('aria-label') ?? element?.innerText ?? '';
const named = at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText ?? (document.getElementById(at.getAttribute('aria-labelledby')) ?? at).innerText ?? '';
const drawn = (element) => {
  if (!element) return false;
  const style = getComputedStyle(element);
  return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== 'none';
};
const ring = [at, at.nextElementSibling, at.parentElement, at.closest('.field, .note, label')].some(drawn);
return [named.trim().replace(/\\s+/g, ' '), ring || at === document.body, at.tagName];";

impl Device {
    /// Presses Tab until the focus is on what has these words, or begins with them.
    pub async fn reach(&self, words: &str) -> Outcome {
        let mut passed = Vec::new();
        for _ in 0..STOPS {
            let (name, ring) = self.focused().await?;
            if name.starts_with(words) {
                return ensure(ring, || format!("the focus on \"{name}\" cannot be seen"));
            }
            passed.push(name);
            self.key(Key::Tab + "").await?;
        }
        let shown: Vec<&str> = passed.iter().map(String::as_str).take(40).collect();
        Err(format!("Tab never comes to \"{words}\" on {}; it passes {shown:?}", self.name()).into())
    }

    /// The name of what has the focus, and whether the focus can be seen.
    pub async fn focused(&self) -> Outcome<(String, bool)> {
        let found = self.script(FOCUSED, vec![]).await?;
        Ok((found[0].as_str().unwrap_or_default().to_owned(), found[1] == json!(true)))
    }

    /// Presses Enter where the focus is.
    pub async fn enter(&self) -> Outcome {
        self.key(Key::Enter + "").await
    }
}

//! Touching.

use super::{Named, SOON, Spot, spot, until};
use crate::Outcome;
use crate::device::Device;
use serde_json::json;
use std::path::Path;
use thirtyfour::{By, Key, TypingData, WebElement};

const SET: &str = "
const [field, value] = arguments;
const kind = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : field instanceof HTMLSelectElement ? HTMLSelectElement : HTMLInputElement;
Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(field, value);
field.dispatchEvent(new Event('input', { bubbles: true }));
field.dispatchEvent(new Event('change', { bubbles: true }));";

/// The first element of a selector that can be seen and has these words. The drivers judge by rules of their own:
/// WebKit's takes a row of a long list for hidden.
const SHOWN: &str = "
const [css, wanted, how] = arguments;
const fits = { is: (text) => text === wanted, has: (text) => text.includes(wanted), starts: (text) => text.startsWith(wanted) }[how];
const seen = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true });
};
return [...document.querySelectorAll(css)].find((element) => fits(element.innerText ?? '') && seen(element)) ?? null;";

/// The middle of the first element of a selector that can be seen.
const MIDDLE: &str = "
const boxes = [...document.querySelectorAll(arguments[0])].map((element) => element.getBoundingClientRect());
const box = boxes.find((box) => box.width > 0 && box.height > 0);
return box ? [box.x + box.width / 2, box.y + box.height / 2] : null;";

impl Device {
    /// Taps what is at a spot, and counts the tap.
    pub async fn tap(&self, spot: &Spot) -> Outcome {
        let look = async || {
            let Some(element) = self.seek(spot).await? else { return Ok(None) };
            element.click().await?;
            Ok(Some(()))
        };
        until(SOON, || format!("{spot} to be tapped on {}", self.name()), look).await?;
        self.count_tap();
        Ok(())
    }

    /// Taps a button.
    pub async fn press(&self, name: &str) -> Outcome {
        self.tap(&spot("button", name)).await
    }

    /// Taps a link.
    pub async fn follow(&self, name: &str) -> Outcome {
        self.tap(&spot("link", name)).await
    }

    /// Taps the first visible element that `css` selects.
    pub async fn tap_css(&self, css: &str) -> Outcome {
        self.tap_css_named(css, "", Named::Has).await
    }

    /// Taps the first visible element that `css` selects and whose words are as said.
    pub async fn tap_css_named(&self, css: &str, words: &str, named: Named) -> Outcome {
        let look = async || {
            let arguments = vec![css.into(), words.into(), named.word().into()];
            let found = self.browser().await?.execute(SHOWN, arguments).await?;
            if found.json().is_null() {
                return Ok(None);
            }
            found.element()?.click().await?;
            Ok(Some(()))
        };
        until(SOON, || format!("{css} with \"{words}\" to be tapped on {}", self.name()), look).await?;
        self.count_tap();
        Ok(())
    }

    /// Double-clicks the first visible element that `css` selects; the second click comes once `between` has seen what
    /// the first one did, and the browser counts it as the second of a double click however late that is.
    pub async fn tap_twice(&self, css: &str, between: impl AsyncFnOnce() -> Outcome) -> Outcome {
        let look = async || {
            let middle = self.script(MIDDLE, vec![css.into()]).await?;
            Ok(middle[0].as_f64().zip(middle[1].as_f64()))
        };
        let at = until(SOON, || format!("{css} on {}", self.name()), look).await?;
        self.click(at, 1).await?;
        between().await?;
        self.click(at, 2).await
    }

    async fn click(&self, (x, y): (f64, f64), count: u8) -> Outcome {
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": count });
            self.cdp("Input.dispatchMouseEvent", event).await?;
        }
        self.count_tap();
        Ok(())
    }

    /// Taps the element that a script finds, given `words`.
    pub(crate) async fn tap_found(&self, script: &str, words: &str) -> Outcome {
        let look = async || {
            let found = self.browser().await?.execute(script, vec![words.into()]).await?;
            if found.json().is_null() {
                return Ok(None);
            }
            found.element()?.click().await?;
            Ok(Some(()))
        };
        until(SOON, || format!("something with \"{words}\" to be tapped on {}", self.name()), look).await?;
        self.count_tap();
        Ok(())
    }

    /// Types `text` into the field with this label, in place of what it holds.
    pub async fn fill(&self, label: &str, text: &str) -> Outcome {
        self.fill_at(&spot("field", label), text).await
    }

    /// Types `text` into the field at a spot, in place of what it holds.
    pub async fn fill_at(&self, spot: &Spot, text: &str) -> Outcome {
        let look = async || {
            let Some(field) = self.seek(spot).await? else { return Ok(None) };
            retype(&field, text).await?;
            let held = field.prop("value").await?.unwrap_or_default();
            Ok((held == text).then_some(()))
        };
        until(SOON, || format!("{spot} to take what is typed on {}", self.name()), look).await
    }

    /// What the field with this label holds.
    pub async fn held(&self, label: &str) -> Outcome<String> {
        Ok(self.find(&spot("field", label)).await?.prop("value").await?.unwrap_or_default())
    }

    /// Sets a date, time or choice as its own control would.
    pub async fn set(&self, spot: &Spot, value: &str) -> Outcome {
        let field = self.find(spot).await?;
        self.script(SET, vec![field.to_json()?, json!(value)]).await?;
        Ok(())
    }

    /// Presses keys where the focus is, together with those held down before them.
    pub async fn key(&self, keys: impl Into<TypingData>) -> Outcome {
        self.browser().await?.active_element().await?.send_keys(keys).await?;
        Ok(())
    }

    /// Chooses files in the page's file picker.
    pub async fn attach(&self, files: &[&Path]) -> Outcome {
        let paths: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        let look = async || {
            let found = self.browser().await?.find_all(By::Css("input[type='file']")).await?;
            let Some(input) = found.into_iter().next() else { return Ok(None) };
            input.send_keys(paths.join("\n")).await?;
            Ok(Some(()))
        };
        until(SOON, || format!("a file picker on {}", self.name()), look).await
    }

    /// Goes to a screen as the app's own links do, without loading the page.
    pub async fn go(&self, path: &str) -> Outcome {
        let script =
            "history.pushState(null, '', arguments[0]); dispatchEvent(new PopStateEvent('popstate'))";
        let full = format!("{}{}", self.base(), path.trim_start_matches('/'));
        self.script(script, vec![full.into()]).await?;
        Ok(())
    }
}

async fn retype(field: &WebElement, text: &str) -> Outcome {
    field.focus().await?;
    field.send_keys(Key::Control + "a").await?;
    if text.is_empty() {
        field.send_keys(Key::Delete + "").await?;
    } else {
        field.send_keys(text).await?;
    }
    Ok(())
}

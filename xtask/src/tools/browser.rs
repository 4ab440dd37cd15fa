//! Chromium and its driver, for the tests that need a real browser.

use crate::command::{self, Call};
use crate::{Outcome, say};
use std::path::{Path, PathBuf};

/// A browser and the program that drives it.
#[derive(Clone)]
pub(crate) struct Browser {
    /// Chromium or Chrome.
    pub(crate) program: PathBuf,
    /// Its WebDriver.
    pub(crate) driver: PathBuf,
}

/// What Debian calls them; the fonts are for the Chinese screens.
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];

/// Finds them. On a system like Debian, as root, installs what is missing; `None` when that is not
/// possible, and what to install was said.
pub(crate) fn browser() -> Outcome<Option<Browser>> {
    if let Some(found) = installed() {
        return Ok(Some(found));
    }
    if !may_install() {
        say::note(&format!("for tests in a browser, install: {}", PACKAGES.join(" ")));
        return Ok(None);
    }
    let done = say::step("installing Chromium and its driver", install);
    if let Err(failure) = done {
        say::note(&failure.0);
    }
    Ok(installed())
}

fn installed() -> Option<Browser> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let program = names.into_iter().find_map(command::find)?;
    Some(Browser { program, driver: command::find("chromedriver")? })
}

#[cfg(unix)]
fn may_install() -> bool {
    nix::unistd::geteuid().is_root() && Path::new("/etc/debian_version").exists()
}

#[cfg(not(unix))]
fn may_install() -> bool {
    false
}

fn install() -> Outcome {
    Call::new("apt-get").args(["update", "--quiet"]).run()?;
    Call::new("apt-get")
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(PACKAGES)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
}

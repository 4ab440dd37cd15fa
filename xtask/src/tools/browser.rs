//! Browsers and their drivers, for the tests that need real ones.

use super::geckodriver;
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

/// Chromium, as Debian calls it; the fonts are for the Chinese screens.
const CHROMIUM: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];
/// Firefox.
const FIREFOX: [&str; 1] = ["firefox-esr"];
/// WebKit, and a screen that nobody sees: it has no other way to run without one.
const WEBKIT: [&str; 2] = ["webkit2gtk-driver", "xvfb"];

/// Chromium; `None` when it is not there and cannot be installed.
pub(crate) fn browser() -> Option<Browser> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let find = || {
        let program = names.into_iter().find_map(command::find)?;
        Some(Browser { program, driver: command::find("chromedriver")? })
    };
    had("Chromium and its driver", &CHROMIUM, find)
}

/// Firefox, whose driver is built from source; `None` as for [`browser`].
pub(crate) fn firefox() -> Option<Browser> {
    let find = || ["firefox-esr", "firefox"].into_iter().find_map(command::find);
    let program = had("Firefox", &FIREFOX, find)?;
    match geckodriver() {
        Ok(driver) => Some(Browser { program, driver }),
        Err(failure) => {
            say::note(&failure.0);
            None
        }
    }
}

/// WebKit with the smallest browser around it; `None` as for [`browser`].
pub(crate) fn webkit() -> Option<Browser> {
    had("WebKit and its driver", &WEBKIT, || {
        command::find("Xvfb")?;
        Some(Browser { program: mini_browser()?, driver: command::find("WebKitWebDriver")? })
    })
}

/// It lies beside the library, in a folder named by the kind of machine and the library's version.
fn mini_browser() -> Option<PathBuf> {
    let libraries = std::fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let folders = libraries.flat_map(|kind| {
        ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"].map(|library| kind.join(library))
    });
    folders.map(|folder| folder.join("MiniBrowser")).find(|program| program.is_file())
}

/// What `find` finds; on a system like Debian, as root, what is missing is installed. Otherwise is said what
/// to install.
fn had<T>(what: &str, packages: &[&str], find: impl Fn() -> Option<T>) -> Option<T> {
    if let Some(found) = find() {
        return Some(found);
    }
    if !may_install() {
        say::note(&format!("for tests in a browser, install: {}", packages.join(" ")));
        return None;
    }
    if let Err(failure) = say::step(&format!("installing {what}"), || install(packages)) {
        say::note(&failure.0);
    }
    find()
}

#[cfg(unix)]
fn may_install() -> bool {
    nix::unistd::geteuid().is_root() && Path::new("/etc/debian_version").exists()
}

#[cfg(not(unix))]
fn may_install() -> bool {
    false
}

fn install(packages: &[&str]) -> Outcome {
    Call::new("apt-get").args(["update", "--quiet"]).run()?;
    Call::new("apt-get")
        .args(["install", "--yes", "--quiet", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
}

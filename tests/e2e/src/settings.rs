//! What the tests are run with, given by the environment.

use crate::Outcome;
use std::env;
use std::path::{Path, PathBuf};

/// What the tests are run with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The published build (`SATCHEL_E2E_WEB`).
    pub web: PathBuf,
    /// The same, built to be served under `/app/` (`SATCHEL_E2E_WEB_SUBPATH`).
    pub web_subpath: Option<PathBuf>,
    /// The server's program (`SATCHEL_E2E_SERVER`).
    pub server: PathBuf,
    /// Chromium (`SATCHEL_E2E_BROWSER`, or on the search path).
    pub browser: PathBuf,
    /// Its WebDriver (`SATCHEL_E2E_DRIVER`, or on the search path).
    pub driver: PathBuf,
    /// axe-core's script (`SATCHEL_E2E_AXE`).
    pub axe: Option<PathBuf>,
    /// Where screenshots go (`SATCHEL_E2E_SHOTS`, or below `work`).
    pub shots: PathBuf,
    /// Where the screenshots for the README are copied (`SATCHEL_E2E_IMAGES`), when they are to be renewed.
    pub images: Option<PathBuf>,
    /// Real files to import besides the made ones (`SATCHEL_E2E_DATA`, or `../shared/data`).
    pub data: Option<PathBuf>,
    /// Profiles, databases, and what is left of failed tests.
    pub work: PathBuf,
}

impl Settings {
    /// Reads the environment; the error says what is missing.
    pub fn read(work: PathBuf) -> Outcome<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let data = given("SATCHEL_E2E_DATA").unwrap_or_else(|| root.join("../shared/data"));
        Ok(Self {
            web: needed("SATCHEL_E2E_WEB", &[])?,
            web_subpath: given("SATCHEL_E2E_WEB_SUBPATH").filter(|path| path.exists()),
            server: needed("SATCHEL_E2E_SERVER", &[])?,
            browser: needed("SATCHEL_E2E_BROWSER", &["chromium", "chromium-browser", "google-chrome"])?,
            driver: needed("SATCHEL_E2E_DRIVER", &["chromedriver"])?,
            axe: given("SATCHEL_E2E_AXE").filter(|path| path.exists()),
            shots: given("SATCHEL_E2E_SHOTS").unwrap_or_else(|| work.join("screens")),
            images: given("SATCHEL_E2E_IMAGES").map(|path| root.join(path)),
            data: data.canonicalize().ok().filter(|path| path.is_dir()),
            work,
        })
    }
}

fn given(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn needed(name: &str, otherwise: &[&str]) -> Outcome<PathBuf> {
    let found = given(name).or_else(|| otherwise.iter().find_map(|program| search(program)));
    match found {
        Some(path) if path.exists() => Ok(path),
        Some(path) => Err(format!("{name} names {}, which is not there", path.display()).into()),
        None => Err(format!("{name} is not given").into()),
    }
}

fn search(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

//! What the tests are run with, given by the environment.

use crate::Outcome;
use crate::driver::Programs;
use std::env;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What the tests are run with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The published build (`SATCHEL_E2E_WEB`).
    pub web: PathBuf,
    /// The same, built to be served under `/app/` (`SATCHEL_E2E_WEB_SUBPATH`).
    pub web_subpath: Option<PathBuf>,
    /// A later version of it (`SATCHEL_E2E_WEB_NEXT`).
    pub web_next: Option<PathBuf>,
    /// The server's program (`SATCHEL_E2E_SERVER`).
    pub server: PathBuf,
    /// Chromium (`SATCHEL_E2E_BROWSER`) and its WebDriver (`SATCHEL_E2E_DRIVER`), or on the search path.
    pub chromium: Programs,
    /// Firefox (`SATCHEL_E2E_FIREFOX`) and its WebDriver (`SATCHEL_E2E_GECKODRIVER`), or on the search path.
    pub firefox: Option<Programs>,
    /// WebKit's browser (`SATCHEL_E2E_WEBKIT`) and its WebDriver (`SATCHEL_E2E_WEBKIT_DRIVER`, or on the search
    /// path).
    pub webkit: Option<Programs>,
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
    /// How often a test may be played until it shows what it should (`SATCHEL_E2E_ATTEMPTS`), once unless
    /// said otherwise. A test that needed more is named at the end.
    pub attempts: usize,
    /// How many tests are played at once (`SATCHEL_E2E_JOBS`), one unless said otherwise.
    pub jobs: usize,
    /// How many crashes each crash test makes (`SATCHEL_CRASH_KILLS`), a few unless said otherwise.
    pub kills: Option<usize>,
    /// What their moments follow from (`SATCHEL_CRASH_SEED`), another one each time unless said otherwise.
    pub seed: u64,
}

impl Settings {
    /// Reads the environment; the error says what is missing.
    pub fn read(work: PathBuf) -> Outcome<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let data = given("SATCHEL_E2E_DATA").unwrap_or_else(|| root.join("../shared/data"));
        Ok(Self {
            web: needed("SATCHEL_E2E_WEB", &[])?,
            web_subpath: given("SATCHEL_E2E_WEB_SUBPATH").filter(|path| path.exists()),
            web_next: given("SATCHEL_E2E_WEB_NEXT").filter(|path| path.exists()),
            server: needed("SATCHEL_E2E_SERVER", &[])?,
            chromium: Programs {
                browser: needed("SATCHEL_E2E_BROWSER", &["chromium", "chromium-browser", "google-chrome"])?,
                driver: needed("SATCHEL_E2E_DRIVER", &["chromedriver"])?,
            },
            firefox: programs(
                ("SATCHEL_E2E_FIREFOX", &["firefox-esr", "firefox"]),
                ("SATCHEL_E2E_GECKODRIVER", &["geckodriver"]),
            ),
            webkit: programs(
                ("SATCHEL_E2E_WEBKIT", &[]),
                ("SATCHEL_E2E_WEBKIT_DRIVER", &["WebKitWebDriver"]),
            ),
            axe: given("SATCHEL_E2E_AXE").filter(|path| path.exists()),
            shots: given("SATCHEL_E2E_SHOTS").unwrap_or_else(|| work.join("screens")),
            images: given("SATCHEL_E2E_IMAGES").map(|path| root.join(path)),
            data: data.canonicalize().ok().filter(|path| path.is_dir()),
            work,
            attempts: number("SATCHEL_E2E_ATTEMPTS")?.unwrap_or(1),
            jobs: number("SATCHEL_E2E_JOBS")?.unwrap_or(1),
            kills: number("SATCHEL_CRASH_KILLS")?,
            seed: number("SATCHEL_CRASH_SEED")?.map_or_else(chance, |seed| seed as u64),
        })
    }
}

fn given(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn number(name: &str) -> Outcome<Option<usize>> {
    let read = |value: PathBuf| value.to_str().and_then(|value| value.parse().ok());
    given(name).map(|value| read(value).ok_or_else(|| format!("{name} is no number").into())).transpose()
}

/// A seed of the moment.
fn chance() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::from(since.subsec_nanos())
}

/// A browser and its driver, each by the variable that names it or by its names on the search path.
fn programs(browser: (&str, &[&str]), driver: (&str, &[&str])) -> Option<Programs> {
    let [browser, driver] = [browser, driver].map(|(variable, names)| needed(variable, names).ok());
    Some(Programs { browser: browser?, driver: driver? })
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

//! A device: a browser profile that stays, and the browser that is open on it now.

use crate::Outcome;
use crate::driver::{Driver, Engine};
use crate::failure::Failure;
use crate::hands::{SOON, until};
use crate::process;
use crate::settings::Settings;
use crate::words::{Language, Words};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use thirtyfour::{Capabilities, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};
use tokio::sync::Mutex;

/// What every browser is started with.
const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--force-color-profile=srgb",
    "--window-size=1180,860",
];

/// What one device's browser is started with besides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extra {
    /// Flags of the command line.
    pub flags: &'static [&'static str],
    /// Preferences of the profile: names and numbers.
    pub preferences: &'static [(&'static str, u32)],
    /// The browser is started by the test and not by its driver, who would end it when its tab crashes.
    pub own: bool,
    /// The IANA zone that it is in, if it is its own; UTC for none.
    pub zone: Option<&'static str>,
}

/// A device of a person.
#[derive(Debug)]
pub struct Device {
    name: String,
    words: Words,
    home: String,
    profile: PathBuf,
    program: PathBuf,
    driver: Arc<Driver>,
    extra: Extra,
    browser: Mutex<Option<WebDriver>>,
    taps: AtomicU32,
}

impl Device {
    /// A device that has never been used. `home` is the address of the app.
    pub fn fresh(
        settings: &Settings,
        driver: Arc<Driver>,
        name: &str,
        language: Language,
        home: &str,
        profile: PathBuf,
    ) -> Outcome<Self> {
        fs::create_dir_all(&profile)?;
        Ok(Self {
            name: name.to_owned(),
            words: Words::read(language)?,
            home: home.to_owned(),
            profile,
            program: settings.chromium.browser.clone(),
            driver,
            extra: Extra::default(),
            browser: Mutex::new(None),
            taps: AtomicU32::new(0),
        })
    }

    /// Its browser is started with these too.
    pub fn with(mut self, extra: Extra) -> Self {
        self.extra = extra;
        self
    }

    /// What tests call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The app's words in its language.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// A text of the app.
    pub fn word(&self, key: &str) -> Outcome<&str> {
        self.words.text(key)
    }

    /// The folder of its browser profile.
    pub fn profile(&self) -> &Path {
        &self.profile
    }

    /// The address of the app.
    pub fn home(&self) -> &str {
        &self.home
    }

    /// The path under which the app is served.
    pub fn base(&self) -> &str {
        let after_host = self.home.splitn(4, '/').nth(3).unwrap_or_default();
        &self.home[self.home.len() - after_host.len() - 1..]
    }

    /// How many taps were made since the last [`Device::forget_taps`].
    pub fn taps(&self) -> u32 {
        self.taps.load(Ordering::Relaxed)
    }

    /// Counts taps from 0 again.
    pub fn forget_taps(&self) {
        self.taps.store(0, Ordering::Relaxed);
    }

    pub(crate) fn count_tap(&self) {
        self.taps.fetch_add(1, Ordering::Relaxed);
    }

    /// Starts the browser, without going anywhere.
    pub async fn start(&self) -> Outcome {
        if self.browser.lock().await.is_some() {
            return Ok(());
        }
        if self.extra.own { self.launch().await } else { self.connect(self.capabilities()?).await }
    }

    /// Starts the browser if it is not there, and goes to a path below the app's base.
    pub async fn open(&self, path: &str) -> Outcome {
        self.start().await?;
        let url = format!("{}{}", self.home, path.trim_start_matches('/'));
        self.browser().await?.goto(url).await?;
        Ok(())
    }

    /// Loads the page anew.
    pub async fn reload(&self) -> Outcome {
        Ok(self.browser().await?.refresh().await?)
    }

    /// Closes the browser; the profile stays.
    pub async fn close(&self) -> Outcome {
        if self.extra.own {
            return self.close_own().await;
        }
        let Some(browser) = self.browser.lock().await.take() else { return Ok(()) };
        let id = self.process();
        let quit = tokio::time::timeout(SOON, browser.quit()).await;
        if let Some(id) = id {
            let gone = async || Ok((!process::is_there(id)).then_some(()));
            if until(SOON, || "the browser to end".to_owned(), gone).await.is_err() {
                process::end(id);
            }
        }
        quit.map_err(|_| Failure::from("the browser did not quit"))??;
        Ok(())
    }

    /// Asks the browser to end, as the system does, and waits until it has.
    async fn close_own(&self) -> Outcome {
        let Some(id) = self.process() else { return Ok(()) };
        process::ask_to_end(id);
        let gone = async || Ok((!process::runs(id)).then_some(()));
        drop(until(SOON, || "the browser to end".to_owned(), gone).await);
        self.kill().await
    }

    /// Ends the browser at once with all its processes, as a crash or a flat battery would.
    pub async fn kill(&self) -> Outcome {
        let ids = self.process().map(process::tree).unwrap_or_default();
        ids.iter().for_each(|id| process::end(*id));
        self.leave().await;
        let gone = async || Ok((!ids.iter().any(|id| process::runs(*id))).then_some(()));
        until(SOON, || "the browser to be gone".to_owned(), gone).await?;
        drop(fs::remove_file(self.profile.join("SingletonLock")));
        Ok(())
    }

    /// Tells the driver that there is nothing left to drive; it may complain.
    pub(crate) async fn leave(&self) {
        if let Some(browser) = self.browser.lock().await.take() {
            drop(tokio::time::timeout(SOON, browser.quit()).await);
        }
    }

    /// Drives the browser that runs already and listens on `port`.
    pub(crate) async fn drive(&self, port: u16) -> Outcome {
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_debugger_address(&format!("127.0.0.1:{port}"))?;
        // A driver that is still letting go of a crashed tab answers 500 without a word.
        let attach = async || Ok(self.connect(wanted.clone().into()).await.ok());
        until(SOON, || format!("the driver of {} to attach", self.name), attach).await
    }

    async fn connect(&self, wanted: Capabilities) -> Outcome {
        let connect = WebDriver::builder(self.driver.url(), wanted);
        let driver = connect.request_timeout(Duration::from_secs(180)).connect().await?;
        driver.set_page_load_timeout(SOON * 2).await?;
        driver.set_script_timeout(SOON * 4).await?;
        *self.browser.lock().await = Some(driver);
        Ok(())
    }

    /// The browser that is open.
    pub async fn browser(&self) -> Outcome<WebDriver> {
        let browser = self.browser.lock().await;
        browser.clone().ok_or_else(|| format!("{} has no browser open", self.name).into())
    }

    /// A command of the browser's own protocol.
    pub async fn cdp(&self, method: &str, parameters: serde_json::Value) -> Outcome<serde_json::Value> {
        Ok(self.browser().await?.cdp().send_raw(method, parameters).await?)
    }

    /// The browser's process: it writes its id into its profile.
    pub(crate) fn process(&self) -> Option<i32> {
        let lock = fs::read_link(self.profile.join("SingletonLock")).ok()?;
        lock.to_str()?.rsplit('-').next()?.parse().ok()
    }

    /// The program of its browser.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// The zone that its browser is in.
    pub(crate) fn zone(&self) -> &'static str {
        self.extra.zone.unwrap_or("UTC")
    }

    /// What its browser is started with.
    pub(crate) fn flags(&self) -> Vec<String> {
        let fixed = FLAGS.iter().chain(self.extra.flags).map(|flag| (*flag).to_owned());
        let own = [
            format!("--lang={}", self.words.language().tag()),
            format!("--user-data-dir={}", self.profile.display()),
        ];
        fixed.chain(own).collect()
    }

    fn capabilities(&self) -> Outcome<Capabilities> {
        let tag = self.words.language().tag();
        if self.driver.engine() != Engine::Chromium {
            return Ok(self.driver.wanted(&self.profile, tag));
        }
        let mut wanted = DesiredCapabilities::chrome();
        wanted.set_binary(&self.program.display().to_string())?;
        for flag in self.flags() {
            wanted.add_arg(&flag)?;
        }
        let mut preferences = json!({ "intl.accept_languages": tag });
        for (name, value) in self.extra.preferences {
            preferences[*name] = json!(value);
        }
        wanted.add_experimental_option("prefs", preferences)?;
        Ok(wanted.into())
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // Only when a test was cut off: what closes a device takes its browser away before.
        if self.browser.get_mut().take().is_some()
            && let Some(id) = self.process()
        {
            process::tree(id).into_iter().for_each(process::end);
        }
    }
}

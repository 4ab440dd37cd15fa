//! The programs that drive browsers, one for each engine.

use crate::Outcome;
use crate::hands::{SOON, until};
use crate::process::{self, Running};
use crate::server::free_port;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use thirtyfour::Capabilities;
use tokio::net::TcpStream;

/// How long a program may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a browser is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, which all tests run in.
    Chromium,
    /// Gecko: Firefox.
    Firefox,
    /// WebKit, which Safari has too, in GTK's window; it needs a screen to be drawn on.
    WebKit,
}

/// The programs of an engine.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The browser.
    pub browser: PathBuf,
    /// Its WebDriver.
    pub driver: PathBuf,
}

/// A WebDriver on a free port.
#[derive(Debug)]
pub struct Driver {
    running: Running,
    _screen: Option<Running>,
    engine: Engine,
    browser: PathBuf,
    url: String,
}

impl Driver {
    /// Starts chromedriver.
    pub fn start(programs: &Programs, log: &Path) -> Outcome<Self> {
        let mut command = command(&programs.driver, log)?;
        command.arg("--port=0");
        let (running, port) = Running::start(command, PATIENCE, port)?;
        Ok(Self::at(port, Engine::Chromium, programs, running, None))
    }

    /// Starts the driver of another engine. Neither of them says when it is ready: it is knocked at.
    pub async fn start_other(engine: Engine, programs: &Programs, log: &Path) -> Outcome<Self> {
        let mut command = command(&programs.driver, log)?;
        let port = free_port()?;
        command.arg(format!("--port={port}"));
        let screen = if engine == Engine::WebKit { Some(screen(log)?) } else { None };
        if let Some((_, number)) = &screen {
            command.env("DISPLAY", format!(":{number}")).env("LANG", "C.UTF-8");
        }
        let running = Running::silent(command)?;
        let knock = async || Ok(TcpStream::connect(("127.0.0.1", port)).await.ok());
        until(SOON, || format!("the driver of {engine:?} to listen"), knock).await?;
        Ok(Self::at(port, engine, programs, running, screen.map(|(running, _)| running)))
    }

    fn at(port: u16, engine: Engine, programs: &Programs, running: Running, screen: Option<Running>) -> Self {
        let (browser, url) = (programs.browser.clone(), format!("http://127.0.0.1:{port}"));
        Self { running, _screen: screen, engine, browser, url }
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it drives.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// What the browsers of Firefox and WebKit are asked for; Chromium's are each device's own.
    pub(crate) fn wanted(&self, profile: &Path, language: &str) -> Capabilities {
        let program = self.browser.display().to_string();
        let wanted = match self.engine {
            Engine::WebKit => serde_json::json!({
                "browserName": "MiniBrowser",
                "webkitgtk:browserOptions": { "binary": program, "args": ["--automation"] },
            }),
            Engine::Chromium | Engine::Firefox => serde_json::json!({
                "browserName": "firefox",
                "moz:firefoxOptions": {
                    "binary": program,
                    "args": ["-headless", "-profile", profile.display().to_string()],
                    "prefs": { "intl.accept_languages": language, "browser.shell.checkDefaultBrowser": false },
                },
            }),
        };
        wanted.as_object().cloned().unwrap_or_default().into()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // What it started would outlive it.
        if self.engine != Engine::Chromium {
            process::tree(self.running.id()).into_iter().for_each(process::end);
        }
    }
}

/// Browsers inherit the zone: a day is the same day for whoever writes files and whoever reads them.
fn command(program: &Path, log: &Path) -> Outcome<Command> {
    let log = std::fs::File::options().create(true).append(true).open(log)?;
    let mut command = Command::new(program);
    command.env("TZ", "UTC").stderr(Stdio::from(log));
    Ok(command)
}

/// A screen that nobody sees, and its number.
fn screen(log: &Path) -> Outcome<(Running, u32)> {
    let mut command = command(Path::new("Xvfb"), log)?;
    command.args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]);
    Running::start(command, PATIENCE, |line| line.trim().parse().ok())
}

/// The port in `ChromeDriver was started successfully on port 43210.`
fn port(line: &str) -> Option<u16> {
    line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
}

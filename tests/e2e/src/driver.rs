//! The program that drives browsers.

use crate::Outcome;
use crate::process::Running;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long the driver may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// chromedriver on a free port.
#[derive(Debug)]
pub struct Driver {
    _running: Running,
    url: String,
}

impl Driver {
    /// Starts it.
    pub fn start(program: &Path, log: &Path) -> Outcome<Self> {
        let log = std::fs::File::options().create(true).append(true).open(log)?;
        let mut command = Command::new(program);
        // Browsers inherit the zone: a day is the same day for whoever writes files and whoever reads them.
        command.arg("--port=0").env("TZ", "UTC").stderr(Stdio::from(log));
        let (running, port) = Running::start(command, PATIENCE, port)?;
        Ok(Self { _running: running, url: format!("http://127.0.0.1:{port}") })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// The port in `ChromeDriver was started successfully on port 43210.`
fn port(line: &str) -> Option<u16> {
    line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
}

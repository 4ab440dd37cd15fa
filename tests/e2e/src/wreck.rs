//! Crashes: the tab alone, or the whole browser, at once and without a word. Processes are found from the
//! browser's own, whose id lies in its profile.

use crate::device::Device;
use crate::failure::{Failure, Outcome};
use crate::hands::{LONG, SOON, until};
use crate::process;
use serde_json::Value;
use std::fs;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long the browser's own protocol may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Where a browser says on which port it listens.
const PORT_FILE: &str = "DevToolsActivePort";

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wreck {
    /// The process that draws the page and runs its workers; the browser lives on.
    Tab,
    /// Every process of the browser.
    Browser,
}

static TABS: AtomicUsize = AtomicUsize::new(0);
static BROWSERS: AtomicUsize = AtomicUsize::new(0);

/// How many tabs and browsers were wrecked so far, in words; nothing if there were none.
pub fn wrecked() -> Option<String> {
    let [tabs, browsers] = [&TABS, &BROWSERS].map(|count| count.load(Ordering::Relaxed));
    (tabs + browsers > 0).then(|| format!("killed in all: {tabs} tabs, {browsers} browsers"))
}

impl Device {
    /// Kills it (SIGKILL). After a tab's crash the same browser shows an empty tab.
    pub async fn wreck(&self, wreck: Wreck) -> Outcome {
        match wreck {
            Wreck::Browser => {
                BROWSERS.fetch_add(1, Ordering::Relaxed);
                self.kill().await
            }
            Wreck::Tab => {
                TABS.fetch_add(1, Ordering::Relaxed);
                self.crash_tab().await
            }
        }
    }

    /// The ids of the processes that draw pages.
    pub fn renderers(&self) -> Outcome<Vec<i32>> {
        let browser = self.process().ok_or_else(|| Failure::from("the browser is not running"))?;
        let draws = |id: &i32| process::command_line(*id).contains("--type=renderer");
        Ok(process::tree(browser).into_iter().filter(draws).collect())
    }

    /// For browsers that the test has started only ([`crate::device::Extra::own`]): a driver gives up a
    /// session whose tab has crashed, and ends the browser.
    async fn crash_tab(&self) -> Outcome {
        let before = self.tabs().await?;
        let renderers = self.renderers()?;
        if renderers.is_empty() {
            return Err("there is no tab to crash".into());
        }
        renderers.iter().for_each(|id| process::end(*id));
        self.leave().await;
        self.devtools("PUT", "/json/new?about:blank").await?;
        for tab in before {
            self.devtools("GET", &format!("/json/close/{tab}")).await?;
        }
        let gone = async || Ok((self.tabs().await?.len() == 1).then_some(()));
        until(SOON, || "the crashed tab to close".to_owned(), gone).await?;
        self.drive(self.devtools_port()?).await
    }

    /// Starts the browser without its driver, and has it driven.
    pub(crate) async fn launch(&self) -> Outcome {
        let told = self.profile().join(PORT_FILE);
        drop(fs::remove_file(&told));
        let mut command = Command::new(self.program());
        command.args(self.flags()).args(["--remote-debugging-port=0", "about:blank"]).env("TZ", self.zone());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        // Buries it whenever it ends.
        std::thread::spawn(move || child.wait());
        let port = until(LONG, || "the browser to listen".to_owned(), async || Ok(self.devtools_port().ok()));
        self.drive(port.await?).await
    }

    async fn tabs(&self) -> Outcome<Vec<String>> {
        let listed: Value = serde_json::from_str(&self.devtools("GET", "/json/list").await?)?;
        let pages = listed.as_array().into_iter().flatten().filter(|one| one["type"] == "page");
        Ok(pages.filter_map(|page| page["id"].as_str()).map(str::to_owned).collect())
    }

    fn devtools_port(&self) -> Outcome<u16> {
        let said = fs::read_to_string(self.profile().join(PORT_FILE))?;
        let port = said.lines().next().and_then(|line| line.parse().ok());
        port.ok_or_else(|| "the browser does not say where it listens".into())
    }

    /// One request to the browser's own protocol; its answer's body.
    async fn devtools(&self, method: &str, path: &str) -> Outcome<String> {
        let port = self.devtools_port()?;
        let ask = async {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
            let request = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
            stream.write_all(request.as_bytes()).await?;
            read_answer(&mut stream).await
        };
        tokio::time::timeout(PATIENCE, ask)
            .await
            .map_err(|_| format!("the browser does not answer {path}"))?
    }
}

async fn read_answer(stream: &mut TcpStream) -> Outcome<String> {
    let mut said = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&said);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= length(head)
        {
            return Ok(body.to_owned());
        }
        if stream.read_buf(&mut said).await? == 0 {
            return Err("the browser hung up".into());
        }
    }
}

fn length(head: &str) -> usize {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0)
}

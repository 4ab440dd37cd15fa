//! A witness outside the browser: hears what a page says the moment it says it, and still knows it
//! when the page is gone.

use crate::{Failure, Outcome};
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

const ANSWER: &[u8] = b"HTTP/1.1 204 Heard\r\nCross-Origin-Resource-Policy: cross-origin\r\n\r\n";

/// What was heard of a writer, who numbers what it does from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heard {
    /// The highest number of what was set out to be saved.
    pub tried: usize,
    /// The highest number of what the app said to be saved.
    pub saved: usize,
    /// The highest number of what could not be done, if any.
    pub failed: usize,
}

/// Listens for `GET /tried/3`, `GET /saved/3` and `GET /failed/3`; ends when it is dropped.
#[derive(Debug)]
pub struct Witness {
    port: u16,
    heard: watch::Receiver<Heard>,
    task: JoinHandle<()>,
}

impl Witness {
    /// Begins to listen on a free port.
    pub async fn open() -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let (tell, heard) = watch::channel(Heard::default());
        let task = tokio::spawn(async move {
            while let Ok((guest, _)) = listener.accept().await {
                tokio::spawn(listen(guest, tell.clone()));
            }
        });
        Ok(Self { port, heard, task })
    }

    /// Where a page finds it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was heard so far.
    pub fn heard(&self) -> Heard {
        *self.heard.borrow()
    }

    /// Waits until what was heard is as wanted.
    pub async fn until(&self, limit: Duration, wanted: impl Fn(&Heard) -> bool) -> Outcome<Heard> {
        let mut heard = self.heard.clone();
        let waited = tokio::time::timeout(limit, heard.wait_for(|now| now.failed > 0 || wanted(now)));
        let now = *waited
            .await
            .map_err(|_| Failure(format!("the witness heard {:?} and no more", self.heard())))?
            .map_err(|_| Failure::from("the witness is gone"))?;
        if now.failed > 0 { Err(format!("the writer got stuck: {now:?}").into()) } else { Ok(now) }
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One connection, request by request. A page that is killed while it speaks is what this is for.
async fn listen(guest: TcpStream, tell: watch::Sender<Heard>) {
    let mut guest = BufReader::new(guest);
    let mut line = String::new();
    while matches!(guest.read_line(&mut line).await, Ok(1..)) {
        if let Some((word, number)) = said(&line) {
            tell.send_modify(|heard| note(heard, word, number));
        }
        if line == "\r\n" && guest.write_all(ANSWER).await.is_err() {
            return;
        }
        line.clear();
    }
}

fn said(line: &str) -> Option<(&str, usize)> {
    let (word, rest) = line.strip_prefix("GET /")?.split_once('/')?;
    Some((word, rest.split(' ').next()?.parse().ok()?))
}

fn note(heard: &mut Heard, word: &str, number: usize) {
    let what = match word {
        "tried" => &mut heard.tried,
        "saved" => &mut heard.saved,
        "failed" => &mut heard.failed,
        _ => return,
    };
    *what = number.max(*what);
}

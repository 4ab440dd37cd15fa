//! A gate before the server: it lets everything through, or answers in its place the way broken
//! networks and proxies do.

use crate::Outcome;
use crate::failure::Failure;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the gate does with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Lets it through.
    Through,
    /// Lets it through, so many bytes a second each way.
    Slow(u32),
    /// Closes it at once: nobody is there.
    Nobody,
    /// Takes it and never answers.
    Silent,
    /// Answers every request with this status, media type and body.
    Answer(u16, &'static str, &'static str),
    /// Answers every request with 200 and bytes that never end.
    Endless,
}

/// The login page of a hotel's network, with 200.
pub const PORTAL: Mode =
    Mode::Answer(200, "text/html; charset=utf-8", "<!doctype html><title>HotelNet</title>Sign in");

/// The gate; it closes when it is dropped.
#[derive(Debug)]
pub struct Gate {
    port: u16,
    mode: watch::Sender<Mode>,
    poured: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Gate {
    /// Opens a gate on a free port before the server at `port`.
    pub async fn open(port: u16) -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let own = listener.local_addr()?.port();
        let (mode, seen) = watch::channel(Mode::Through);
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let poured = Arc::<AtomicU64>::default();
        let most = Arc::clone(&poured);
        let task = tokio::spawn(async move {
            while let Ok((guest, _)) = listener.accept().await {
                tokio::spawn(attend(guest, server, seen.clone(), Arc::clone(&most)));
            }
        });
        Ok(Self { port: own, mode, poured, task })
    }

    /// The address of the app behind it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Most bytes of an answer without end that somebody took in.
    pub fn poured(&self) -> u64 {
        self.poured.load(Ordering::Relaxed)
    }

    /// Changes what it does; connections that were let through before are cut.
    pub fn set(&self, mode: Mode) -> Outcome {
        self.mode.send(mode).map_err(|_| Failure::from("the gate is gone"))
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// One connection, until it ends or the gate changes.
async fn attend(
    guest: TcpStream,
    server: SocketAddr,
    mut mode: watch::Receiver<Mode>,
    poured: Arc<AtomicU64>,
) {
    let now = *mode.borrow_and_update();
    let work = async move {
        let mut guest = guest;
        match now {
            Mode::Through => through(&mut guest, server).await,
            Mode::Slow(bytes) => slowly(guest, server, bytes).await,
            Mode::Nobody => Ok(()),
            Mode::Silent => silence(&mut guest).await,
            Mode::Endless => endless(&mut guest, &poured).await,
            Mode::Answer(status, media, body) => answer(&mut guest, status, media, body).await,
        }
    };
    // A broken connection is what a gate is for.
    tokio::select! {
        done = work => drop(done),
        _ = mode.changed() => {}
    }
}

async fn through(guest: &mut TcpStream, server: SocketAddr) -> std::io::Result<()> {
    let mut host = TcpStream::connect(server).await?;
    copy_bidirectional(guest, &mut host).await.map(drop)
}

async fn slowly(guest: TcpStream, server: SocketAddr, bytes: u32) -> std::io::Result<()> {
    let (mut from_guest, mut to_guest) = guest.into_split();
    let (mut from_host, mut to_host) = TcpStream::connect(server).await?.into_split();
    let (there, back) =
        (trickle(&mut from_guest, &mut to_host, bytes), trickle(&mut from_host, &mut to_guest, bytes));
    tokio::try_join!(there, back).map(drop)
}

/// Passes on so many bytes a second, in small pieces.
async fn trickle(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    bytes: u32,
) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..read]).await?;
        tokio::time::sleep(Duration::from_secs_f64(read as f64 / f64::from(bytes))).await;
    }
}

async fn silence(guest: &mut TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    while guest.read(&mut buffer).await? > 0 {}
    Ok(())
}

async fn answer(guest: &mut TcpStream, status: u16, media: &str, body: &str) -> std::io::Result<()> {
    swallow(guest).await?;
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} Said\r\nContent-Type: {media}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    guest.write_all(head.as_bytes()).await?;
    guest.write_all(body.as_bytes()).await?;
    guest.shutdown().await
}

/// Goes on until the guest hangs up.
async fn endless(guest: &mut TcpStream, poured: &AtomicU64) -> std::io::Result<()> {
    swallow(guest).await?;
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/cbor\r\nConnection: close\r\n\r\n";
    guest.write_all(head).await?;
    let piece = [0; 64 * 1024];
    for pieces in 1.. {
        guest.write_all(&piece).await?;
        poured.fetch_max(pieces * piece.len() as u64, Ordering::Relaxed);
    }
    Ok(())
}

/// Reads one request whole, so that nobody is cut off while talking.
async fn swallow(guest: &mut TcpStream) -> std::io::Result<()> {
    let mut said = Vec::new();
    loop {
        if let Some(end) = said.windows(4).position(|four| four == b"\r\n\r\n") {
            let body = said.len() - end - 4;
            let mut left = length(&said[..end]).saturating_sub(body);
            let mut buffer = [0; 16 * 1024];
            while left > 0 {
                left = left.saturating_sub(guest.read(&mut buffer).await?.max(1));
            }
            return Ok(());
        }
        if guest.read_buf(&mut said).await? == 0 {
            return Ok(());
        }
    }
}

fn length(head: &[u8]) -> usize {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let line = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    line.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}

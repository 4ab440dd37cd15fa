//! A small server on this machine: hands out the page, and hears what it measured.

use super::browse::Browser;
use crate::{Attempt, Failure, Outcome};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// Longest body that a page may send.
const LONGEST: usize = 16 << 20;
/// How often is looked whether the browser is still there.
const LOOK: Duration = Duration::from_millis(500);

/// Without these a page's clock is coarse and its memory a secret.
const ISOLATED: &str = "Cross-Origin-Opener-Policy: same-origin\r\n\
    Cross-Origin-Embedder-Policy: require-corp\r\nCross-Origin-Resource-Policy: same-origin\r\n";

/// What a page tells.
enum Told {
    /// Its figures.
    Result(String),
    /// Why there are none.
    Failed(String),
}

/// A folder that is served.
pub(super) struct Page {
    address: String,
    told: Receiver<Told>,
}

impl Page {
    /// Serves `folder` on a free port, for as long as this process lives.
    pub(super) fn serve(folder: PathBuf) -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).attempt("a port for the benchmark")?;
        let port = listener.local_addr().attempt("a port for the benchmark")?.port();
        let (teller, told) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (folder, teller) = (folder.clone(), teller.clone());
                // A connection that breaks is the browser's affair: the page would tell.
                std::thread::spawn(move || answer(&stream, &folder, &teller).ok());
            }
        });
        Ok(Self { address: format!("http://127.0.0.1:{port}"), told })
    }

    /// Opens the page in a browser over `profile` and waits for what it measured.
    pub(super) fn run(&self, profile: &Path, query: &str, patience: Duration) -> Outcome<Value> {
        self.run_at(&self.address, profile, query, patience)
    }

    /// Where it is served.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// As [`Self::run`], with the page as another server hands it out, at `origin`.
    pub(super) fn run_at(
        &self,
        origin: &str,
        profile: &Path,
        query: &str,
        patience: Duration,
    ) -> Outcome<Value> {
        let (told, browser) = self.open_at(origin, profile, query, patience)?;
        browser.close()?;
        Ok(told)
    }

    /// As [`Self::run_at`], and leaves the page open.
    pub(super) fn open_at(
        &self,
        origin: &str,
        profile: &Path,
        query: &str,
        patience: Duration,
    ) -> Outcome<(Value, Browser)> {
        let url = format!("{origin}/index.html?{query}");
        let mut browser = Browser::open(profile, &url)?;
        let begin = Instant::now();
        while begin.elapsed() < patience {
            match self.told.recv_timeout(LOOK) {
                Ok(Told::Result(text)) => {
                    let told = serde_json::from_str(&text).attempt("what the page measured")?;
                    return Ok((told, browser));
                }
                Ok(Told::Failed(words)) => return Err(Failure(words)),
                Err(RecvTimeoutError::Timeout) => browser.require()?,
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Err(Failure("the page did not end".to_owned()))
    }
}

/// Answers the requests of one connection.
fn answer(stream: &TcpStream, folder: &Path, teller: &Sender<Told>) -> std::io::Result<()> {
    let mut from = BufReader::new(stream);
    while let Some((method, path, length)) = request(&mut from)? {
        let mut body = vec![0; length.min(LONGEST)];
        from.read_exact(&mut body)?;
        let body = String::from_utf8_lossy(&body).into_owned();
        match (method.as_str(), path.as_str()) {
            ("POST", path) => {
                let told = match path {
                    "/result" => Told::Result(body),
                    _ => Told::Failed(body),
                };
                // Nobody listens any more: the run is over.
                drop(teller.send(told));
                respond(stream, "204 No Content", "text/plain", &[])?;
            }
            (_, path) => file(stream, folder, path)?,
        }
    }
    Ok(())
}

/// Method, path without its query, and the length of the body; `None` at the end of the connection.
fn request(from: &mut impl BufRead) -> std::io::Result<Option<(String, String, usize)>> {
    let mut line = String::new();
    if from.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let path = words.next().unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        if from.read_line(&mut header)? <= 2 {
            return Ok(Some((method, path, length)));
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
}

fn file(stream: &TcpStream, folder: &Path, path: &str) -> std::io::Result<()> {
    let name = path.trim_start_matches('/');
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    // One folder without subfolders: nothing that names another is served.
    match std::fs::read(folder.join(name)) {
        Ok(bytes) if !name.contains('/') => respond(stream, "200 OK", kind, &bytes),
        _ => respond(stream, "404 Not Found", "text/plain", b"not here"),
    }
}

fn respond(mut stream: &TcpStream, status: &str, kind: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{ISOLATED}\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_to_the_end_of_its_head() {
        let text = "POST /result?x=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\nwordGET /a.js HTTP/1.1\r\n\r\n";
        let mut from = text.as_bytes();
        assert_eq!(request(&mut from).unwrap(), Some(("POST".into(), "/result".into(), 4)));
        let mut body = [0; 4];
        from.read_exact(&mut body).unwrap();
        assert_eq!(request(&mut from).unwrap(), Some(("GET".into(), "/a.js".into(), 0)));
        assert_eq!(request(&mut from).unwrap(), None);
    }
}

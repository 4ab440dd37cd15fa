//! The browser's own protocol, spoken to a page and to its workers, whom a driver does not reach.

use crate::Outcome;
use crate::device::Device;
use crate::failure::{Failure, ensure};
use crate::hands::SOON;
use serde_json::{Value, json};
use std::fs;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Its debugger's name of somebody whom one speaks to.
pub type Session = String;

/// A line to a browser, to one of its pages and that page's workers.
#[derive(Debug)]
pub struct DevTools {
    socket: BufReader<TcpStream>,
    asked: u64,
    page: Session,
    workers: Vec<Session>,
    /// Pieces of what is being told in pieces.
    pieces: String,
}

impl DevTools {
    /// To the page that a device shows.
    pub async fn to(device: &Device) -> Outcome<Self> {
        let told = fs::read_to_string(device.profile().join("DevToolsActivePort"))?;
        let (port, path) = told.trim().split_once('\n').ok_or("the browser names no port")?;
        let socket = shaken(port, path).await?;
        let mut line =
            Self { socket, asked: 0, page: String::new(), workers: Vec::new(), pieces: String::new() };
        let targets = line.ask(None, "Target.getTargets", json!({})).await?;
        let all = targets["targetInfos"].as_array().cloned().unwrap_or_default();
        let ours = |target: &&Value| {
            target["type"] == "page"
                && target["url"].as_str().is_some_and(|url| url.starts_with(device.home()))
        };
        let page = all.iter().find(ours).ok_or("the browser shows no page of the app")?["targetId"].clone();
        let attach = json!({ "targetId": page, "flatten": true });
        let attached = line.ask(None, "Target.attachToTarget", attach).await?;
        line.page = attached["sessionId"].as_str().ok_or("the browser lets nobody in")?.to_owned();
        let follow = json!({ "autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true });
        line.ask(Some(&line.page()), "Target.setAutoAttach", follow).await?;
        Ok(line)
    }

    /// The page.
    pub fn page(&self) -> Session {
        self.page.clone()
    }

    /// The page's workers that run now, oldest first.
    pub async fn workers(&mut self) -> Outcome<Vec<Session>> {
        // Whatever began or ended before this answer was told before it.
        self.ask(Some(&self.page()), "Runtime.evaluate", json!({ "expression": "0" })).await?;
        Ok(self.workers.clone())
    }

    /// What an expression is worth in a page or worker.
    pub async fn evaluate(&mut self, whom: &Session, expression: &str) -> Outcome<Value> {
        let asked = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let told = self.ask(Some(whom), "Runtime.evaluate", asked).await?;
        ensure(told.get("exceptionDetails").is_none(), || format!("{expression}: {told}"))?;
        Ok(told["result"]["value"].clone())
    }

    /// What a page's or worker's scripts hold, with every string, after its garbage was collected.
    pub async fn heap(&mut self, whom: &Session) -> Outcome<String> {
        self.ask(Some(whom), "HeapProfiler.collectGarbage", json!({})).await?;
        self.pieces.clear();
        self.ask(Some(whom), "HeapProfiler.takeHeapSnapshot", json!({ "reportProgress": false })).await?;
        Ok(std::mem::take(&mut self.pieces))
    }

    /// Which of some bytes lie in the WebAssembly memories of a page or worker, and how many bytes these have.
    pub async fn memories(&mut self, whom: &Session, needles: &[String]) -> Outcome<(Vec<usize>, u64)> {
        let of = json!({ "expression": "WebAssembly.Memory.prototype" });
        let prototype = self.ask(Some(whom), "Runtime.evaluate", of).await?["result"]["objectId"].clone();
        let query = json!({ "prototypeObjectId": prototype });
        let found = self.ask(Some(whom), "Runtime.queryObjects", query).await?;
        let search = json!({
            "objectId": found["objects"]["objectId"], "returnByValue": true,
            "functionDeclaration": include_str!("memories.js"), "arguments": [{ "value": needles }],
        });
        let told = self.ask(Some(whom), "Runtime.callFunctionOn", search).await?;
        ensure(told.get("exceptionDetails").is_none(), || told.to_string())?;
        let [found, bytes] = ["found", "bytes"].map(|key| told["result"]["value"][key].clone());
        let found = found.as_array().into_iter().flatten().filter_map(Value::as_u64);
        let found = found.filter_map(|at| usize::try_from(at).ok()).collect();
        Ok((found, bytes.as_u64().unwrap_or_default()))
    }

    /// Asks, and waits for the answer.
    async fn ask(&mut self, whom: Option<&Session>, method: &str, parameters: Value) -> Outcome<Value> {
        self.asked += 1;
        let id = self.asked;
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = whom {
            message["sessionId"] = json!(session);
        }
        self.send(1, message.to_string().as_bytes()).await?;
        loop {
            let heard = timeout(SOON * 2, self.hear()).await;
            let heard = heard.map_err(|_| Failure(format!("{method} was not answered")))??;
            if heard["id"] == json!(id) {
                ensure(heard.get("error").is_none(), || format!("{method}: {}", heard["error"]))?;
                return Ok(heard["result"].clone());
            }
            self.learn(&heard);
        }
    }

    fn learn(&mut self, event: &Value) {
        let text = |key: &str| event["params"][key].as_str().unwrap_or_default().to_owned();
        match event["method"].as_str().unwrap_or_default() {
            "Target.attachedToTarget" if event["params"]["targetInfo"]["type"] == "worker" => {
                self.workers.push(text("sessionId"));
            }
            "Target.detachedFromTarget" => self.workers.retain(|one| *one != text("sessionId")),
            "HeapProfiler.addHeapSnapshotChunk" => self.pieces += &text("chunk"),
            _ => {}
        }
    }

    /// The next message.
    async fn hear(&mut self) -> Outcome<Value> {
        let mut text = Vec::new();
        loop {
            let [first, second] = [self.socket.read_u8().await?, self.socket.read_u8().await?];
            let len = match second & 0x7f {
                126 => u64::from(self.socket.read_u16().await?),
                127 => self.socket.read_u64().await?,
                short => u64::from(short),
            };
            let mut piece = vec![0; usize::try_from(len).map_err(|_| "the browser says too much at once")?];
            self.socket.read_exact(&mut piece).await?;
            match first & 0x0f {
                0 | 1 => text.extend(piece),
                8 => return Err("the browser hung up".into()),
                9 => self.send(10, &piece).await?,
                _ => {}
            }
            if first & 0x80 != 0 && !text.is_empty() {
                return Ok(serde_json::from_slice(&text)?);
            }
        }
    }

    /// Sends one whole frame. The mask is there because it has to be; nothing is hidden by it.
    async fn send(&mut self, kind: u8, bytes: &[u8]) -> Outcome {
        let mut frame = vec![0x80 | kind, 0x80 | 127];
        frame.extend((bytes.len() as u64).to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(bytes);
        Ok(self.socket.write_all(&frame).await?)
    }
}

/// A socket that speaks in frames from now on.
async fn shaken(port: &str, path: &str) -> Outcome<BufReader<TcpStream>> {
    let host = format!("127.0.0.1:{port}");
    let mut socket = BufReader::new(TcpStream::connect(&host).await?);
    let hello = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: c2F0Y2hlbCBqb3VybmV5cw==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    );
    socket.write_all(hello.as_bytes()).await?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        answer.push(socket.read_u8().await?);
    }
    ensure(answer.starts_with(b"HTTP/1.1 101"), || String::from_utf8_lossy(&answer).into_owned())?;
    Ok(socket)
}

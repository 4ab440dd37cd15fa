//! `fetch` from the worker: with a time limit, without cookies, without a cache.

use super::js;
use crate::engine::host::{Call, Response, Unreachable};
use crate::engine::transport::MAX_ANSWER;
use satchel_wire::{CBOR, Hint};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials, RequestInit,
    WorkerGlobalScope,
};

/// How long an answer, or its next bytes, may be waited for.
const TIME_LIMIT_MS: i32 = 30_000;
/// What is sent may take so much longer for each KiB of it: how far it is cannot be seen,
const PER_KIB_MS: usize = 100;
/// up to this.
const LONGEST_MS: i32 = 55_000;
/// Most bytes of hints that come at once: far more than one needs.
const LONGEST_LINE: usize = 64 * 1024;
/// How long a hint stream may be silent: twice the server's heartbeat.
const SILENCE_LIMIT_MS: i32 = 60_000;

/// Aborts its request when the time is up, unless it is dropped before.
struct Deadline {
    scope: WorkerGlobalScope,
    controller: AbortController,
    alarm: Closure<dyn FnMut()>,
    timer: i32,
    limit_ms: i32,
}

impl Deadline {
    fn new(limit_ms: i32) -> Result<Self, JsValue> {
        let scope = js::scope();
        let controller = AbortController::new()?;
        let aborter = controller.clone();
        let alarm = Closure::new(move || aborter.abort());
        let timer = js::timeout(&scope, &alarm, limit_ms)?;
        Ok(Self { scope, controller, alarm, timer, limit_ms })
    }

    fn extend(&mut self) -> Result<(), JsValue> {
        self.scope.clear_timeout_with_handle(self.timer);
        self.timer = js::timeout(&self.scope, &self.alarm, self.limit_ms)?;
        Ok(())
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        self.scope.clear_timeout_with_handle(self.timer);
    }
}

/// Sends one request and reads the whole answer.
pub(super) async fn send(origin: &str, call: Call) -> Result<Response, Unreachable> {
    exchange(origin, call).await.map_err(|_| Unreachable)
}

async fn exchange(origin: &str, call: Call) -> Result<Response, JsValue> {
    let mut deadline = Deadline::new(time_limit(&call))?;
    let response = fetch(origin, &call, &deadline).await?;
    deadline.limit_ms = TIME_LIMIT_MS;
    let body = read(&response, &mut deadline).await?;
    Ok(Response {
        status: response.status(),
        media_type: header(&response, "content-type")
            .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
            .unwrap_or_default(),
        retry_after_s: header(&response, "retry-after").and_then(|value| value.trim().parse().ok()),
        body,
    })
}

fn time_limit(call: &Call) -> i32 {
    let longer = call.body.as_ref().map_or(0, |body| body.len() / 1024 * PER_KIB_MS);
    i32::try_from(longer).unwrap_or(i32::MAX).saturating_add(TIME_LIMIT_MS).min(LONGEST_MS)
}

/// Reads a body to its end, or until it has more bytes than any answer: whoever never stops is hung up on, with what
/// has come so far, which is no answer.
async fn read(response: &web_sys::Response, deadline: &mut Deadline) -> Result<Vec<u8>, JsValue> {
    let mut bytes = Vec::new();
    let Some(body) = response.body() else { return Ok(bytes) };
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into()?;
    while let Some(chunk) = next(&reader).await? {
        deadline.extend()?;
        let free = (MAX_ANSWER + 1).saturating_sub(bytes.len());
        let len = chunk.length().min(u32::try_from(free).unwrap_or(u32::MAX));
        bytes.extend(chunk.subarray(0, len).to_vec());
        if bytes.len() > MAX_ANSWER {
            deadline.controller.abort();
            break;
        }
    }
    Ok(bytes)
}

/// The next bytes of a stream; nothing at its end.
async fn next(reader: &ReadableStreamDefaultReader) -> Result<Option<js_sys::Uint8Array>, JsValue> {
    let chunk = JsFuture::from(reader.read()).await?;
    if js_sys::Reflect::get(&chunk, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    Ok(Some(js_sys::Uint8Array::new(&js_sys::Reflect::get(&chunk, &"value".into())?)))
}

fn header(response: &web_sys::Response, name: &str) -> Option<String> {
    response.headers().get(name).ok().flatten()
}

async fn fetch(origin: &str, call: &Call, deadline: &Deadline) -> Result<web_sys::Response, JsValue> {
    let init = RequestInit::new();
    init.set_method(if call.body.is_some() { "POST" } else { "GET" });
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&deadline.controller.signal()));
    let headers = Headers::new()?;
    headers.set("accept", CBOR)?;
    if let Some(token) = &call.token {
        headers.set("authorization", &format!("Bearer {token}"))?;
    }
    if let Some(body) = &call.body {
        headers.set("content-type", CBOR)?;
        init.set_body(&js_sys::Uint8Array::from(body.as_slice()));
    }
    if call.keepalive {
        js_sys::Reflect::set(&init, &"keepalive".into(), &true.into())?;
    }
    init.set_headers(&headers);
    let answer = deadline.scope.fetch_with_str_and_init(&format!("{origin}{}", call.path), &init);
    JsFuture::from(answer).await?.dyn_into()
}

/// Reads a stream of server-sent events until it ends or falls silent.
pub(super) async fn listen(origin: &str, call: Call, on_hint: Rc<dyn Fn(Hint)>) -> Result<(), Unreachable> {
    follow(origin, call, on_hint).await.map_err(|_| Unreachable)
}

async fn follow(origin: &str, call: Call, on_hint: Rc<dyn Fn(Hint)>) -> Result<(), JsValue> {
    let mut deadline = Deadline::new(SILENCE_LIMIT_MS)?;
    let response = fetch(origin, &call, &deadline).await?;
    // It ended before it began: the session, or the membership, is no more.
    if matches!(response.status(), 401 | 403) {
        return Ok(());
    }
    let is_stream =
        header(&response, "content-type").is_some_and(|value| value.starts_with("text/event-stream"));
    let (true, Some(body)) = (response.ok() && is_stream, response.body()) else {
        deadline.controller.abort();
        return Err(JsValue::NULL);
    };
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into()?;
    let mut pending = String::new();
    while let Some(chunk) = next(&reader).await? {
        deadline.extend()?;
        if pending.len() + chunk.length() as usize > LONGEST_LINE {
            deadline.controller.abort();
            return Err(JsValue::NULL);
        }
        pending.push_str(&String::from_utf8_lossy(&chunk.to_vec()));
        while let Some(end) = pending.find('\n') {
            let line: String = pending.drain(..=end).collect();
            if let Some(told) = hint(line.trim_end()) {
                on_hint(told);
            }
        }
    }
    Ok(())
}

/// What a `data:` line such as `data: {"head":12,"members":3}` says.
fn hint(line: &str) -> Option<Hint> {
    let json = js_sys::JSON::parse(line.strip_prefix("data:")?.trim()).ok()?;
    let number = |key: &str| js_sys::Reflect::get(&json, &key.into()).ok()?.as_f64().map(|it| it as u64);
    Some(Hint { head: number("head")?, members: number("members").unwrap_or_default() })
}

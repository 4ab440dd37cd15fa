//! Hints: at once, after each commit, with signs of life, to the end of the session.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::body::Bytes;
use http_body_util::BodyExt;
use hyper::{Method, body::Incoming};
use satchel_wire::Hint;
use tokio::time::timeout;

use crate::client::{Device, PATIENCE, Site, request};

/// A stream of hints, read piece by piece.
pub(crate) struct Stream(Incoming);

impl Stream {
    pub(crate) async fn open(device: &Device) -> Self {
        let headers = [("authorization", device.bearer.as_str()), ("accept", "text/event-stream")];
        let response =
            device.net.open(request(Method::GET, &device.path("hints"), &headers, Vec::new())).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self(response.into_body())
    }

    /// The next piece; `None` at the end.
    pub(crate) async fn piece(&mut self) -> Option<Bytes> {
        let frame = timeout(PATIENCE, self.0.frame()).await.unwrap()?;
        Some(frame.unwrap().into_data().unwrap())
    }

    pub(crate) async fn head(&mut self) -> u64 {
        let piece = self.piece().await.unwrap();
        let text = std::str::from_utf8(&piece).unwrap();
        let data = text.strip_prefix("data: ").unwrap().strip_suffix("\n\n").unwrap();
        serde_json::from_str::<Hint>(data).unwrap().head
    }
}

#[tokio::test]
async fn a_hint_at_once_and_after_each_push() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    device.push(vec![device.write(1, None, b"x")]).await;
    let mut stream = Stream::open(&device).await;
    assert_eq!(stream.head().await, 1);
    device.push(vec![device.write(2, None, b"y"), device.write(3, None, b"z")]).await;
    assert_eq!(stream.head().await, 3);
}

#[tokio::test]
async fn other_spaces_are_silent_and_signs_of_life_come() {
    let site = Site::with(|config| config.limits.heartbeat = Duration::from_millis(100)).await;
    let mine = Device::ready(site.net(), 1).await;
    let other = Device::ready(site.net(), 2).await;
    let mut stream = Stream::open(&mine).await;
    assert_eq!(stream.head().await, 0);
    other.push(vec![other.write(1, None, b"x")]).await;
    assert_eq!(stream.piece().await.unwrap(), Bytes::from_static(b":\n\n"));
}

#[tokio::test]
async fn the_stream_ends_with_the_session() {
    let time = Arc::new(AtomicU64::new(1_800_000_000_000));
    let clock = Arc::clone(&time);
    let site = Site::with(|config| config.clock = Arc::new(move || clock.load(Ordering::SeqCst))).await;
    let mut device = Device::ready(site.net(), 1).await;
    let grant = device.sign_in().await;
    time.store(grant.expires_ms - 200, Ordering::SeqCst);
    let mut stream = Stream::open(&device).await;
    assert_eq!(stream.head().await, 0);
    assert_eq!(stream.piece().await, None);
}

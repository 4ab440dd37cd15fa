//! CBOR bodies, in and out: bounded in bytes and in time.

use std::{future::Future, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt;
use satchel_wire::{CBOR, from_cbor, to_cbor};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::timeout;

use crate::{
    config::Limits,
    problem::Problem,
    service::{Service, Shared},
    signed::Peer,
    work::{SMALL_BODY, Work},
};

/// A request's message, of at most `LIMIT` bytes.
pub(crate) struct Cbor<const LIMIT: usize, T>(pub(crate) T);

impl<const LIMIT: usize, T: DeserializeOwned> FromRequest<Shared> for Cbor<LIMIT, T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Shared) -> Result<Self, Problem> {
        if !is_cbor(request.headers()) {
            return Err(Problem::MediaType);
        }
        let expected = match announced(request.headers()) {
            Some(bytes) if bytes > LIMIT as u64 => return Err(Problem::TooLarge),
            announced => announced.map_or(LIMIT, |bytes| bytes as usize),
        };
        let bytes = read_off_turn(request, service, expected).await?;
        from_cbor(&bytes).map(Self).map_err(|_| Problem::Malformed)
    }
}

/// Reads a body of at most so many bytes, holding room for it and no turn meanwhile.
async fn read_off_turn(request: Request, service: &Service, most: usize) -> Result<Vec<u8>, Problem> {
    let work = request.extensions().get::<Work>().cloned().ok_or(Problem::Internal)?;
    work.wait_for_body(service, Peer::of(request.extensions()).0, most)?;
    let limits = service.limits();
    let reading = read(request.into_body(), most, limits.body_pause);
    let bytes = in_time(time_for(limits, most), reading).await??;
    work.go_on(service).await?;
    Ok(bytes)
}

/// How long a body of so many bytes may take.
fn time_for(limits: &Limits, bytes: usize) -> Duration {
    let more = Duration::from_secs((bytes / SMALL_BODY) as u64);
    limits.body.min(limits.small_body + more)
}

/// An answer's message.
pub(crate) struct Reply<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, CBOR)], to_cbor(&self.0)).into_response()
    }
}

async fn read(mut body: Body, limit: usize, pause: Duration) -> Result<Vec<u8>, Problem> {
    // All at once: what grows is for a moment there twice.
    let mut bytes = Vec::with_capacity(limit);
    while let Some(chunk) = next_chunk(&mut body, pause).await? {
        if bytes.len() + chunk.len() > limit {
            return Err(Problem::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The next bytes; nothing at the end. Trailers are passed over.
async fn next_chunk(body: &mut Body, pause: Duration) -> Result<Option<Bytes>, Problem> {
    match in_time(pause, body.frame()).await? {
        None => Ok(None),
        Some(Err(_)) => Err(Problem::Malformed),
        Some(Ok(frame)) => Ok(Some(frame.into_data().unwrap_or_default())),
    }
}

async fn in_time<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Problem> {
    timeout(limit, work).await.map_err(|_| Problem::Timeout)
}

fn is_cbor(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(CBOR))
}

fn announced(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

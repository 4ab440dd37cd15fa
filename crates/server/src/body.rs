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

use crate::{problem::Problem, service::Shared};

/// A request's message, of at most `LIMIT` bytes.
pub(crate) struct Cbor<const LIMIT: usize, T>(pub(crate) T);

impl<const LIMIT: usize, T: DeserializeOwned> FromRequest<Shared> for Cbor<LIMIT, T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Shared) -> Result<Self, Problem> {
        if !is_cbor(request.headers()) {
            return Err(Problem::MediaType);
        }
        if announced(request.headers()).is_some_and(|bytes| bytes > LIMIT as u64) {
            return Err(Problem::TooLarge);
        }
        let limits = service.limits();
        let reading = read(request.into_body(), LIMIT, limits.body_pause);
        let bytes = in_time(limits.body, reading).await??;
        from_cbor(&bytes).map(Self).map_err(|_| Problem::Malformed)
    }
}

/// An answer's message.
pub(crate) struct Reply<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        ([(header::CONTENT_TYPE, CBOR)], to_cbor(&self.0)).into_response()
    }
}

async fn read(mut body: Body, limit: usize, pause: Duration) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
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

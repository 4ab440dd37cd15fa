//! Reading on after a refusal.
//!
//! A connection that is closed while the peer still sends is reset, and the peer loses the answer:
//! a device with an ended session would see a broken network where "sign in again" was said. So what
//! is left of a refused request's body is read and thrown away, as far as an honest body can go. The request holds no turn
//! then; who was too slow is not waited for once more.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use http_body_util::BodyExt;
use hyper::body::{Frame, SizeHint};
use satchel_wire::MAX_PUSH_BYTES;
use tokio::time::timeout;

use crate::service::Shared;

/// Throws away what a refusal left of the body, bounded in bytes and in time.
pub(crate) async fn read_to_the_end(State(service): State<Shared>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let lent = Lent(Arc::new(Mutex::new(body)));
    let request = Request::from_parts(head, Body::new(lent.clone()));
    let response = next.run(request).await;
    if !response.status().is_success() && response.status() != StatusCode::REQUEST_TIMEOUT {
        // Out of time or of patience: the connection is closed, which is all that is left to do.
        let _ = timeout(service.limits().body_pause, throw_away(lent)).await;
    }
    response
}

async fn throw_away(mut body: Lent) {
    let mut left = 2 * MAX_PUSH_BYTES;
    while let Some(Ok(frame)) = body.frame().await {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        let Some(still) = left.checked_sub(bytes) else { return };
        left = still;
    }
}

/// A body that the route reads and that is here again afterwards.
#[derive(Clone)]
struct Lent(Arc<Mutex<Body>>);

impl Lent {
    fn body(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut *self.body()).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body().size_hint()
    }
}

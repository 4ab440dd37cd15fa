//! One line a request: method, route template, status, time, bytes. Never a path, an id, a token, a
//! body or an address.

use std::time::Instant;

use axum::{
    body::HttpBody,
    extract::{MatchedPath, Request},
    http::header,
    middleware::Next,
    response::Response,
};

/// Records a request when its answer begins.
pub(crate) async fn record(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let bytes_in = announced(&request);
    let response = next.run(request).await;
    tracing::info!(
        %method,
        route = route.as_ref().map_or("other", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        bytes_in,
        bytes_out = response.body().size_hint().exact(),
        "answered"
    );
    response
}

fn announced(request: &Request) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

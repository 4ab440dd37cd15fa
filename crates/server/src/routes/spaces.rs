//! Pushing writes and pulling changes.

use axum::extract::{Query, State, rejection::QueryRejection};
use satchel_wire::{Changes, MAX_CHANGES, MAX_PUSH_BYTES, MAX_PUSH_WRITES, Push, PushAnswer};
use serde::Deserialize;

use crate::{
    body::{Cbor, Reply},
    problem::Problem,
    service::Shared,
    signed::{Signed, Space},
};

/// Judges and stores writes. The session is checked before the body is read.
pub(crate) async fn push(
    State(service): State<Shared>,
    Signed(session): Signed,
    Space(space): Space,
    Cbor(push): Cbor<MAX_PUSH_BYTES, Push>,
) -> Result<Reply<PushAnswer>, Problem> {
    if push.writes.len() > MAX_PUSH_WRITES {
        return Err(Problem::TooLarge);
    }
    if push.mode.runs(push.writes.len()).is_none() {
        return Err(Problem::Malformed);
    }
    let answer = service.log().push(session, space, push, service.now_ms()).await??;
    Ok(Reply(answer))
}

/// From where, and how much.
#[derive(Deserialize)]
pub(crate) struct Span {
    #[serde(default)]
    since: u64,
    #[serde(default = "whole_page")]
    limit: u32,
}

/// One page of changes.
pub(crate) async fn changes(
    State(service): State<Shared>,
    Signed(session): Signed,
    Space(space): Space,
    span: Result<Query<Span>, QueryRejection>,
) -> Result<Reply<Changes>, Problem> {
    let Query(span) = span.map_err(|_| Problem::Malformed)?;
    let now_ms = service.now_ms();
    let pulled = service.log().changes(session.account, space, span.since, span.limit, now_ms);
    Ok(Reply(pulled.await??))
}

fn whole_page() -> u32 {
    MAX_CHANGES
}

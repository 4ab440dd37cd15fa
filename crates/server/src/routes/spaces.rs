//! Pushing writes, pulling changes, comparing what is held.

use axum::extract::{Query, State, rejection::QueryRejection};
use satchel_ledger::{Detail, Span};
use satchel_wire::{Changes, Digest, MAX_CHANGES, MAX_PUSH_BYTES, Push, PushAnswer};
use serde::Deserialize;

use crate::{
    audit::{self, Audited},
    body::{Cbor, Reply},
    log::Denied,
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
    let judged = service.log().push(session, space, push, service.now_ms()).await?;
    if judged == Err(Denied::Quota) {
        audit::note(session.account, Audited::QuotaReached);
    }
    Ok(Reply(judged?))
}

/// From where, and how much.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    since: u64,
    #[serde(default = "whole_page")]
    limit: u32,
    #[serde(default)]
    floor: u64,
}

/// One page of changes.
pub(crate) async fn changes(
    State(service): State<Shared>,
    Signed(session): Signed,
    Space(space): Space,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Reply<Changes>, Problem> {
    let Query(Asked { since, limit, floor }) = asked.map_err(|_| Problem::Malformed)?;
    let span = Span { since, limit, floor };
    let pulled = service.log().changes(session.account, space, span, service.now_ms());
    Ok(Reply(pulled.await??))
}

/// Whether the buckets are wanted too: 1, or 0.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    buckets: u8,
}

/// What the space holds, in short.
pub(crate) async fn digest(
    State(service): State<Shared>,
    Signed(session): Signed,
    Space(space): Space,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Reply<Digest>, Problem> {
    let detail = match wanted.map_err(|_| Problem::Malformed)?.buckets {
        0 => Detail::Root,
        1 => Detail::Buckets,
        _ => return Err(Problem::Malformed),
    };
    let asked = service.log().digest(session.account, space, detail, service.now_ms());
    Ok(Reply(asked.await??))
}

fn whole_page() -> u32 {
    MAX_CHANGES
}

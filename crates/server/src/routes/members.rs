//! The membership log, for members and for those who were invited.

use axum::extract::{Path, Query, State, rejection::QueryRejection};
use satchel_wire::SpaceState;
use satchel_wire::members::{Append, InvitationId, MAX_BODY, MAX_WELCOME, MemberLog, OpenInvitation};
use serde::Deserialize;

use crate::{
    audit,
    body::{Cbor, Reply},
    problem::Problem,
    service::Shared,
    signed::{Admitted, Signed, Space},
};

/// Most bytes of an append: the entry, its signatures, the welcome.
const BODY: usize = MAX_BODY + MAX_WELCOME + 1024;

/// Takes the log's next entry. Who joins is no member yet, so the entry alone is judged.
pub(crate) async fn append(
    State(service): State<Shared>,
    Signed(session): Signed,
    Space(space): Space,
    Cbor(append): Cbor<BODY, Append>,
) -> Result<Reply<SpaceState>, Problem> {
    let change = satchel_members::read(&append.entry).map(|body| audit::membership(&body.c));
    let state = service.log().append(session, space, append, service.now_ms()).await??;
    if let Ok(change) = change {
        audit::note(session.account, change);
    }
    Ok(Reply(state))
}

/// From which entry on.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    since: u64,
}

/// The log's entries, for a member; who was one reads by which entry she went.
pub(crate) async fn entries(
    State(service): State<Shared>,
    Signed(session): Signed,
    Space(space): Space,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Reply<MemberLog>, Problem> {
    let Query(Asked { since }) = asked.map_err(|_| Problem::Malformed)?;
    let asked = service.log().member_log(session.account, space, since, service.now_ms());
    Ok(Reply(asked.await??))
}

/// What an invitation leads to. Its id is as good as a token, because the secret in the link gives it,
/// one way; unknown, used and expired ones are one answer.
pub(crate) async fn invitation(
    State(service): State<Shared>,
    _: Admitted,
    Path(id): Path<String>,
) -> Result<Reply<OpenInvitation>, Problem> {
    let found = service.log().invitation(invitation_id(&id)?, service.now_ms()).await?;
    found.map(Reply).ok_or(Problem::NotFound)
}

/// The entries of the log that an invitation leads to.
pub(crate) async fn invited_entries(
    State(service): State<Shared>,
    _: Admitted,
    Path(id): Path<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Reply<MemberLog>, Problem> {
    let Query(Asked { since }) = asked.map_err(|_| Problem::Malformed)?;
    let found = service.log().invited_log(invitation_id(&id)?, since, service.now_ms()).await?;
    found.map(Reply).ok_or(Problem::NotFound)
}

/// One spelling for one invitation.
fn invitation_id(text: &str) -> Result<InvitationId, Problem> {
    InvitationId::from_hex(text).filter(|id| id.to_hex() == text).ok_or(Problem::Malformed)
}

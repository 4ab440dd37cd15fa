//! What a revoked device had not sent: handed over by it, taken in by another device of the account.

use axum::extract::{Path, State};
use satchel_wire::{
    DeviceId, DeviceList, HandedOver, Handover, HandoverStatement, HandoverTaken, MAX_HANDOVER, Revoke,
    from_cbor,
};

use crate::{
    audit::{self, Audited},
    body::{Cbor, Reply},
    log::{Follows, GivenUp, Kept},
    problem::Problem,
    service::Shared,
    signed::{Admitted, Signed},
};

/// Most bytes of a part: what is sealed, and the statement around it.
const BODY: usize = MAX_HANDOVER + 4 * 1024;
/// Most bytes of what says that one was taken in.
const TAKEN: usize = 4 * 1024;

/// Keeps all that a revoked device hands over, or the last part of it. It has no session: it signs. The answer proves the
/// revocation.
pub(crate) async fn give(
    State(service): State<Shared>,
    _: Admitted,
    Cbor(handover): Cbor<BODY, Handover>,
) -> Result<Reply<Revoke>, Problem> {
    keep(&service, handover, Follows::Nothing).await
}

/// Keeps a part after which others come.
pub(crate) async fn give_part(
    State(service): State<Shared>,
    _: Admitted,
    Cbor(handover): Cbor<BODY, Handover>,
) -> Result<Reply<Revoke>, Problem> {
    keep(&service, handover, Follows::More).await
}

async fn keep(service: &Shared, handover: Handover, follows: Follows) -> Result<Reply<Revoke>, Problem> {
    let Handover { statement: bytes, signature, sealed } = handover;
    let statement = service.gate.read_handover(&bytes, &sealed, service.now_ms())?;
    let known = service.log().account(statement.account).await?;
    let login_key = service.gate.prove(known.as_ref(), statement.slot, &bytes, &signature)?;
    let HandoverStatement { account, device, slot, space, content, .. } = statement;
    let given = GivenUp { account, device, slot, login_key, space, content, sealed, follows };
    match service.log().hand_over(given, service.now_ms()).await? {
        Kept::Done(revocation) => {
            audit::note(account, Audited::HandedOver);
            from_cbor(&revocation).map(Reply).map_err(|_| Problem::Internal)
        }
        Kept::Stale => Err(Problem::Revision),
        Kept::Full => Err(Problem::HandoverFull),
    }
}

/// The oldest part of what a device of the account handed over.
pub(crate) async fn read(
    State(service): State<Shared>,
    Signed(session): Signed,
    Path(device): Path<String>,
) -> Result<Reply<HandedOver>, Problem> {
    let device = u64::from_str_radix(&device, 16).map(DeviceId).map_err(|_| Problem::Malformed)?;
    let sealed = service.log().handed_over(session.account, device).await?;
    sealed.map(|sealed| Reply(HandedOver { sealed })).ok_or(Problem::NotFound)
}

/// That part is in: the server need not keep it.
pub(crate) async fn taken(
    State(service): State<Shared>,
    Signed(session): Signed,
    Cbor(taken): Cbor<TAKEN, HandoverTaken>,
) -> Result<Reply<DeviceList>, Problem> {
    Ok(Reply(service.log().drop_handover(session.account, taken).await?))
}

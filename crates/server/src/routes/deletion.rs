//! Deleting a space, and telling its members who did.

use axum::extract::State;
use satchel_wire::{DeleteSpace, from_cbor, to_cbor};

use crate::{
    audit::{self, Audited},
    body::{Cbor, Reply},
    log::{Deleted, Deletion},
    problem::Problem,
    service::Shared,
    signed::{Admitted, Signed, Space},
};

/// Most bytes of a deletion.
const BODY: usize = 4 * 1024;

/// Deletes a space with everything in it. The signature is asked for, as for a change of the account: whoever has a
/// session's token alone deletes nothing.
pub(crate) async fn delete(
    State(service): State<Shared>,
    _: Admitted,
    Space(space): Space,
    Cbor(said): Cbor<BODY, DeleteSpace>,
) -> Result<Reply<DeleteSpace>, Problem> {
    let statement = service.gate.read_delete(&said.statement, space, service.now_ms())?;
    let known = service.log().account(statement.account).await?;
    let login_key = service.gate.prove(known.as_ref(), statement.slot, &said.statement, &said.signature)?;
    let (account, device, slot) = (statement.account, statement.device, statement.slot);
    let deletion = Deletion { account, device, slot, login_key, space, signed: to_cbor(&said) };
    match service.log().delete_space(deletion, service.now_ms()).await?? {
        Deleted::Done => {
            audit::note(account, Audited::SpaceDeleted);
            Ok(Reply(said))
        }
        Deleted::Stale => Err(Problem::Revision),
    }
}

/// What said that a space is to be deleted. Ids are random: who knows one was told it.
pub(crate) async fn deleted(
    State(service): State<Shared>,
    Signed(_): Signed,
    Space(space): Space,
) -> Result<Reply<DeleteSpace>, Problem> {
    let said = service.log().deletion(space).await?.ok_or(Problem::NotFound)?;
    from_cbor(&said).map(Reply).map_err(|_| Problem::Storage)
}

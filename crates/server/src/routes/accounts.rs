//! Registering accounts, and changing what is kept for one.

use axum::{extract::State, http::StatusCode};
use satchel_wire::{
    AccountChange, AccountContent, AccountRevision, MAX_KEYRING, MAX_SLOT, Register, SpaceState,
};

use crate::{
    audit::{self, Audited},
    body::{Cbor, Reply},
    log::{Change, Changed, Registered},
    login::is_content,
    problem::Problem,
    service::Shared,
    signed::Admitted,
};

/// Most bytes of a registration or a change.
const BODY: usize = 96 * 1024;

/// Stores an account, with its first space if it brings one, and says where that stands: 201, or 200 where the
/// same is there already.
pub(crate) async fn register(
    State(service): State<Shared>,
    _: Admitted,
    Cbor(register): Cbor<BODY, Register>,
) -> Result<(StatusCode, Reply<Option<SpaceState>>), Problem> {
    check(&register.content)?;
    let account = register.account;
    match service.log().register(register, service.now_ms()).await? {
        Registered::Created(space) => {
            audit::note(account, Audited::Registered);
            Ok((StatusCode::CREATED, Reply(space)))
        }
        Registered::AlreadyThere(space) => Ok((StatusCode::OK, Reply(space))),
        Registered::Taken => Err(Problem::Taken),
        Registered::SpaceTaken => Err(Problem::SpaceTaken),
    }
}

/// Replaces what is kept for an account. The signature is asked for, and no session: a token alone lets
/// nobody else in. Whether the account moved on is told only to who signed.
pub(crate) async fn change(
    State(service): State<Shared>,
    _: Admitted,
    Cbor(change): Cbor<BODY, AccountChange>,
) -> Result<Reply<AccountRevision>, Problem> {
    let (statement, content) = service.gate.read_change(&change, service.now_ms())?;
    check(&content)?;
    let known = service.log().account(statement.account).await?;
    let login_key =
        service.gate.prove(known.as_ref(), statement.slot, &change.statement, &change.signature)?;
    let (account, device, slot) = (statement.account, statement.device, statement.slot);
    let replaces = statement.replaces;
    let change = Change { account, device, slot, login_key, replaces, content };
    match service.log().change_account(change).await? {
        Changed::Stored { revision } => {
            audit::note(account, Audited::AccountChanged);
            Ok(Reply(AccountRevision { revision }))
        }
        Changed::Stale => Err(Problem::Revision),
    }
}

fn check(content: &AccountContent) -> Result<(), Problem> {
    let large = content.slots.iter().any(|slot| slot.sealed.len() > MAX_SLOT);
    if large || content.keyring.len() > MAX_KEYRING {
        return Err(Problem::TooLarge);
    }
    if is_content(content) { Ok(()) } else { Err(Problem::Malformed) }
}

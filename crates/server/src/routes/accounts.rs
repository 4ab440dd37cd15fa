//! Registering accounts.

use axum::{extract::State, http::StatusCode};
use satchel_wire::{Register, SpaceState};

use crate::{
    body::{Cbor, Reply},
    log::Registered,
    login::is_login_key,
    problem::Problem,
    service::Shared,
    signed::Peer,
};

/// Most bytes of a registration.
const BODY: usize = 80 * 1024;
/// Most bytes of a sealed account key.
const SLOT: usize = 4 * 1024;
/// Most bytes of the sealed space keys.
const KEYRING: usize = 64 * 1024;

/// Stores an account with its first space and says where the space stands: 201, or 200 where the
/// same is there already.
pub(crate) async fn register(
    State(service): State<Shared>,
    Peer(peer): Peer,
    Cbor(register): Cbor<BODY, Register>,
) -> Result<(StatusCode, Reply<SpaceState>), Problem> {
    service.admit(peer)?;
    if register.slot.len() > SLOT || register.keyring.len() > KEYRING {
        return Err(Problem::TooLarge);
    }
    if !is_login_key(&register.login_key) {
        return Err(Problem::Malformed);
    }
    match service.log().register(register, service.now_ms()).await? {
        Registered::Created(space) => Ok((StatusCode::CREATED, Reply(space))),
        Registered::AlreadyThere(space) => Ok((StatusCode::OK, Reply(space))),
        Registered::Taken => Err(Problem::Taken),
    }
}

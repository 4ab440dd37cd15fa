//! The devices of an account: what each says of itself, and letting one in no more.

use axum::extract::State;
use satchel_wire::{DeviceList, DeviceReport, MAX_DEVICE_NAME, NameDevice, Revoke, to_cbor};

use crate::{
    audit::{self, Audited},
    body::{Cbor, Reply},
    log::{Revocation, Revoked},
    problem::Problem,
    service::Shared,
    signed::{Admitted, Signed},
};

/// Most bytes of a report or a revocation.
const BODY: usize = 4 * 1024;

/// Takes what a device says of itself, and tells of all of them.
pub(crate) async fn report(
    State(service): State<Shared>,
    Signed(session): Signed,
    Cbor(report): Cbor<BODY, DeviceReport>,
) -> Result<Reply<DeviceList>, Problem> {
    if report.name.len() > MAX_DEVICE_NAME {
        return Err(Problem::TooLarge);
    }
    Ok(Reply(service.log().report_device(session, report, service.now_ms()).await?))
}

/// Gives a device of the account another name.
pub(crate) async fn name(
    State(service): State<Shared>,
    Signed(session): Signed,
    Cbor(named): Cbor<BODY, NameDevice>,
) -> Result<Reply<DeviceList>, Problem> {
    if named.name.len() > MAX_DEVICE_NAME {
        return Err(Problem::TooLarge);
    }
    Ok(Reply(service.log().name_device(session.account, named).await?))
}

/// Lets a device in no more. The signature is asked for, as for a change of the account.
pub(crate) async fn revoke(
    State(service): State<Shared>,
    _: Admitted,
    Cbor(revoke): Cbor<BODY, Revoke>,
) -> Result<Reply<DeviceList>, Problem> {
    let statement = service.gate.read_revoke(&revoke.statement, service.now_ms())?;
    let known = service.log().account(statement.account).await?;
    let login_key =
        service.gate.prove(known.as_ref(), statement.slot, &revoke.statement, &revoke.signature)?;
    let (account, device, slot) = (statement.account, statement.device, statement.slot);
    let signed = to_cbor(&revoke);
    let revocation = Revocation { account, device, slot, login_key, revoked: statement.revoked, signed };
    match service.log().revoke_device(revocation, service.now_ms()).await? {
        Revoked::Done(devices) => {
            audit::note(account, Audited::DeviceRevoked);
            Ok(Reply(devices))
        }
        Revoked::Stale => Err(Problem::Revision),
    }
}

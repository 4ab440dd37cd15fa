//! Challenges, and signing in.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};
use satchel_wire::{Challenge, ChallengeRequest, Login, LoginStatement, SessionGrant};

use crate::{
    audit::{self, Audited},
    body::{Cbor, Reply},
    log::{Account, NewSession, Opened, Session},
    login::LoginFault,
    problem::Problem,
    service::{Service, Shared},
    signed::{Admitted, Bearer, Token},
};

/// Most bytes of a challenge's request or of a signed statement.
const BODY: usize = 4 * 1024;
/// How long a session lasts. Longer than a challenge, which it keeps from being used twice.
const SESSION_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// A challenge to sign; unknown accounts get one too.
pub(crate) async fn challenge(
    State(service): State<Shared>,
    _: Admitted,
    Cbor(request): Cbor<BODY, ChallengeRequest>,
) -> Result<Reply<Challenge>, Problem> {
    let known = service.log().account(request.account).await?;
    let kdf = known.and_then(|account| account.slot(request.slot)?.kdf.clone());
    Ok(Reply(service.gate.challenge(request.account, request.slot, kdf, service.now_ms())?))
}

/// Opens a session for whoever signed the statement.
pub(crate) async fn open(
    State(service): State<Shared>,
    _: Admitted,
    Cbor(login): Cbor<BODY, Login>,
) -> Result<Reply<SessionGrant>, Problem> {
    let statement = service.gate.read(&login.statement, service.now_ms())?;
    let account = service.log().account(statement.account).await?;
    let proved = service.gate.prove(account.as_ref(), statement.slot, &login.statement, &login.signature);
    let granted = match (proved, account) {
        (Ok(_), Some(account)) => grant(&service, account, &statement).await,
        (proved, _) => Err(proved.err().unwrap_or(LoginFault::Proof).into()),
    };
    let what = if granted.is_ok() { Audited::SignedIn } else { Audited::SignInRefused };
    audit::note(statement.account, what);
    granted.map(Reply)
}

/// Ends the session that asks.
pub(crate) async fn end(
    State(service): State<Shared>,
    Bearer { token, session }: Bearer,
) -> Result<StatusCode, Problem> {
    service.log().end_session(token).await?;
    audit::note(session.account, Audited::SignedOut);
    Ok(StatusCode::NO_CONTENT)
}

async fn grant(
    service: &Service,
    account: Account,
    statement: &LoginStatement,
) -> Result<SessionGrant, Problem> {
    let token = Token::make()?;
    let now_ms = service.now_ms();
    let expires_ms = now_ms.saturating_add(SESSION_LIFE.as_millis() as u64);
    let LoginStatement { account: id, device, slot, .. } = *statement;
    let session = Session { account: id, device, slot, expires_ms };
    let new = NewSession { token: token.hash(), nonce: statement.nonce, session };
    let spaces = match service.log().open_session(new, now_ms).await? {
        Opened::Granted(spaces) => spaces,
        Opened::NonceUsed => return Err(LoginFault::Challenge.into()),
        Opened::Revoked => return Err(Problem::Revoked),
    };
    Ok(SessionGrant { token: token.text(), expires_ms, content: account.content, spaces })
}

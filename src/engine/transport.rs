//! The server's language over [`Host::send`]: CBOR out and in, and every way an answer can be wrong.

use super::host::{Call, Host, Response};
use satchel_wire::{self as wire, from_cbor, to_cbor};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Most bytes of an answer: more than the largest that the protocol knows, a page of the membership log. A host
/// stops reading beyond it.
pub(super) const MAX_ANSWER: usize = 16 << 20;

/// Why there is no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Trouble {
    /// No network, no server, or a time-out.
    #[error("the server cannot be reached")]
    Unreachable,
    /// Something answered that does not speak this protocol: a captive portal, an old proxy.
    #[error("what answers is not the sync server")]
    NotTheServer,
    /// The token is missing, unknown or expired.
    #[error("sign-in needed")]
    Unauthorized,
    /// This account may not do that.
    #[error("refused")]
    Refused,
    /// This device was revoked.
    #[error("revoked")]
    Revoked,
    /// The space was deleted.
    #[error("deleted")]
    Deleted,
    /// This account is no member of the space.
    #[error("not a member")]
    NotMember,
    /// Unknown account or space.
    #[error("not known there")]
    NotFound,
    /// Contradicts what the server has (another incarnation, another account of the same id).
    #[error("conflict")]
    Conflict,
    /// The space that an account would bring is another account's there.
    #[error("the space is another's")]
    SpaceTaken,
    /// Older than what the server still knows: read all again.
    #[error("gone")]
    Gone,
    /// Too large a body.
    #[error("too large")]
    TooLarge,
    /// Come back later; with seconds, if it said.
    #[error("busy")]
    Busy(Option<u64>),
    /// The space has reached what the server lets it hold.
    #[error("the space is full")]
    SpaceFull,
    /// It failed.
    #[error("the server failed")]
    Failed,
    /// It does not understand us: a defect, or versions too far apart.
    #[error("not understood")]
    Incompatible,
}

/// Posts a message and reads the answer.
pub(super) async fn post<H: Host, A: DeserializeOwned>(
    host: &H,
    path: String,
    token: Option<String>,
    message: &impl Serialize,
) -> Result<A, Trouble> {
    let call = Call { path, token, body: Some(to_cbor(message)), keepalive: false };
    read(host.send(call).await.map_err(|_| Trouble::Unreachable)?)
}

/// Gets a message.
pub(super) async fn get<H: Host, A: DeserializeOwned>(
    host: &H,
    path: String,
    token: Option<String>,
) -> Result<A, Trouble> {
    let call = Call { path, token, body: None, keepalive: false };
    read(host.send(call).await.map_err(|_| Trouble::Unreachable)?)
}

/// Reads an answer: only CBOR with a success status is one.
fn read<A: DeserializeOwned>(response: Response) -> Result<A, Trouble> {
    if !(200..300).contains(&response.status) {
        return Err(trouble(&response));
    }
    if response.media_type != wire::CBOR || response.body.len() > MAX_ANSWER {
        return Err(Trouble::NotTheServer);
    }
    from_cbor(&response.body).map_err(|_| Trouble::NotTheServer)
}

/// What a status means. Only a problem document speaks for the server: anything else that refuses
/// may be a proxy's or a portal's doing and says nothing about the account.
fn trouble(response: &Response) -> Trouble {
    let ours = response.media_type == "application/problem+json";
    match response.status {
        408 => Trouble::Failed,
        413 => Trouble::TooLarge,
        429 => Trouble::Busy(response.retry_after_s),
        503 if ours => Trouble::Busy(response.retry_after_s),
        507 if ours => Trouble::SpaceFull,
        500..=599 => Trouble::Failed,
        _ if !ours => Trouble::NotTheServer,
        401 => Trouble::Unauthorized,
        403 if names(&response.body, "revoked") => Trouble::Revoked,
        403 if names(&response.body, "not-a-member") => Trouble::NotMember,
        403 if names(&response.body, "deleted") => Trouble::Deleted,
        403 => Trouble::Refused,
        404 => Trouble::NotFound,
        409 if names(&response.body, "space-taken") => Trouble::SpaceTaken,
        409 => Trouble::Conflict,
        410 => Trouble::Gone,
        _ => Trouble::Incompatible,
    }
}

/// Whether a problem document names this code.
fn names(body: &[u8], code: &str) -> bool {
    let wanted = format!("\"urn:satchel:problem:{code}\"");
    body.windows(wanted.len()).any(|found| found == wanted.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, media_type: &str, body: &[u8]) -> Response {
        Response { status, media_type: media_type.into(), retry_after_s: None, body: body.to_vec() }
    }

    #[test]
    fn every_wrong_answer_has_a_name() {
        let problem = "application/problem+json";
        let table: [(Response, Trouble); 20] = [
            (answer(200, "text/html", b"<html>Sign in to HotelNet"), Trouble::NotTheServer),
            (answer(200, wire::CBOR, b"\xff\xff"), Trouble::NotTheServer),
            (answer(200, wire::CBOR, b""), Trouble::NotTheServer),
            (answer(401, problem, b"{}"), Trouble::Unauthorized),
            (answer(401, "text/html", b""), Trouble::NotTheServer),
            (answer(403, "text/html", b""), Trouble::NotTheServer),
            (answer(403, problem, b"{}"), Trouble::Refused),
            (answer(403, problem, br#"{"type":"urn:satchel:problem:revoked"}"#), Trouble::Revoked),
            (answer(403, problem, br#"{"type":"urn:satchel:problem:not-a-member"}"#), Trouble::NotMember),
            (answer(403, problem, br#"{"type":"urn:satchel:problem:deleted"}"#), Trouble::Deleted),
            (answer(409, problem, br#"{"type":"urn:satchel:problem:taken"}"#), Trouble::Conflict),
            (answer(409, problem, br#"{"type":"urn:satchel:problem:space-taken"}"#), Trouble::SpaceTaken),
            (answer(413, "text/plain", b""), Trouble::TooLarge),
            (answer(429, problem, b"{}"), Trouble::Busy(None)),
            (answer(500, "text/html", b""), Trouble::Failed),
            (answer(503, problem, b"{}"), Trouble::Busy(None)),
            (answer(404, problem, b"{}"), Trouble::NotFound),
            (answer(507, problem, b"{}"), Trouble::SpaceFull),
            (answer(507, "text/html", b""), Trouble::Failed),
            (answer(200, wire::CBOR, &vec![0xf6; MAX_ANSWER + 1]), Trouble::NotTheServer),
        ];
        for (response, expected) in table {
            let status = response.status;
            let got = read::<wire::Changes>(response);
            assert_eq!(got.unwrap_err(), expected, "status {status}");
        }
    }
}

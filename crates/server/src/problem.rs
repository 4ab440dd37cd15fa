//! Every error as an RFC 9457 problem; the codes are part of the protocol.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use satchel_ledger::Denied as Rule;
use satchel_members::Refused;
use satchel_wire::Incarnation;
use serde::Serialize;

use crate::{
    log::{Denied, LogError},
    login::LoginFault,
};

/// The media type of a problem.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request is not answered with what it asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Problem {
    Malformed,
    SessionNeeded,
    Login(LoginFault),
    NotMember,
    Deleted,
    ReadOnly,
    Revoked,
    NotFound,
    Method,
    Timeout,
    Taken,
    SpaceTaken,
    Members(Refused),
    Revision,
    Incarnation(Incarnation),
    Purged,
    TooLarge,
    MediaType,
    TooMany { seconds: u64 },
    Internal,
    Storage,
    Busy,
    Full,
    Quota,
    HandoverFull,
}

/// Status, code, title, and what can be done.
type Face = (StatusCode, &'static str, &'static str, &'static str);

impl Problem {
    fn face(self) -> Face {
        use StatusCode as S;
        match self {
            Self::Malformed => (
                S::BAD_REQUEST,
                "malformed",
                "The request cannot be read.",
                "Update the app, or compare the request with the protocol.",
            ),
            Self::SessionNeeded => {
                (S::UNAUTHORIZED, "session", "There is no such session.", "Sign in again.")
            }
            Self::Login(LoginFault::Statement) => (
                S::BAD_REQUEST,
                "malformed",
                "The sign-in statement cannot be read.",
                "Update the app, or compare the statement with the protocol.",
            ),
            Self::Login(LoginFault::Host) => (
                S::UNAUTHORIZED,
                "login-host",
                "The sign-in was meant for another host.",
                "The server's operator names its public hosts with --public-origin.",
            ),
            Self::Login(LoginFault::Challenge) => (
                S::UNAUTHORIZED,
                "login-challenge",
                "The challenge is too old, was used, or is not this server's.",
                "Ask for a new challenge and sign it.",
            ),
            Self::Login(LoginFault::Proof) => (
                S::UNAUTHORIZED,
                "login",
                "The sign-in was not accepted.",
                "Check the device code and the passphrase; an account that was never registered is registered first.",
            ),
            Self::NotMember => (
                S::FORBIDDEN,
                "not-a-member",
                "This account has no such space.",
                "Sign in with an account that is a member.",
            ),
            Self::Deleted => (
                S::FORBIDDEN,
                "deleted",
                "This space was deleted by its owner.",
                "Ask at its address /deleted for what she signed; keep or erase what is on the device.",
            ),
            Self::ReadOnly => (
                S::FORBIDDEN,
                "read-only",
                "This account may read here, not write.",
                "Ask an owner of the space for another role.",
            ),
            Self::Revoked => (
                S::FORBIDDEN,
                "revoked",
                "This device was revoked.",
                "Join again as a new device, with the device code and the passphrase.",
            ),
            Self::NotFound => {
                (S::NOT_FOUND, "not-found", "There is nothing at this address.", "Check the address.")
            }
            Self::Method => (
                S::METHOD_NOT_ALLOWED,
                "method",
                "This address does not take that method.",
                "The Allow header names those that it takes.",
            ),
            Self::Timeout => (
                S::REQUEST_TIMEOUT,
                "timeout",
                "The request's body did not arrive in time.",
                "Send it again.",
            ),
            Self::Taken => (
                S::CONFLICT,
                "taken",
                "The account or the file is there with other content.",
                "Sign in, or register a new account with a new space.",
            ),
            Self::SpaceTaken => (
                S::CONFLICT,
                "space-taken",
                "The space is another account's here.",
                "The server's operator has to find out who registered it; or register without a space.",
            ),
            Self::Members(refused) => members(refused),
            Self::Revision => (
                S::CONFLICT,
                "revision",
                "The account was changed since.",
                "Sign in to see it as it is now, and change that.",
            ),
            Self::Incarnation(_) => (
                S::CONFLICT,
                "incarnation",
                "The server's data was restored from a copy.",
                "Compare what it has, offer what it lacks, and push with the new incarnation.",
            ),
            Self::Purged => {
                (S::GONE, "purged", "Deletions after that number are gone.", "Read all again from 0.")
            }
            Self::TooLarge => (
                S::PAYLOAD_TOO_LARGE,
                "too-large",
                "The request, or its answer, is too large.",
                "Send fewer writes at once.",
            ),
            Self::MediaType => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "Bodies are application/cbor.",
                "Set the Content-Type.",
            ),
            Self::TooMany { .. } => {
                (S::TOO_MANY_REQUESTS, "too-many", "Too many requests.", "Wait as long as Retry-After says.")
            }
            Self::Internal => (
                S::INTERNAL_SERVER_ERROR,
                "internal",
                "The server failed.",
                "Try again later; the server's log says more.",
            ),
            Self::Storage => (
                S::INTERNAL_SERVER_ERROR,
                "storage",
                "The server's storage failed.",
                "Nothing was stored; the server's operator has to look at it.",
            ),
            Self::Busy => (S::SERVICE_UNAVAILABLE, "busy", "The server is busy.", "Try again in a moment."),
            Self::Full => (
                S::SERVICE_UNAVAILABLE,
                "full",
                "The server's storage is full.",
                "Nothing was stored; the server's operator has to make room.",
            ),
            Self::Quota => (
                S::INSUFFICIENT_STORAGE,
                "quota",
                "This space has reached what it may hold.",
                "Nothing was stored; erase what is not needed, or ask the server's operator for more room.",
            ),
            Self::HandoverFull => (
                S::INSUFFICIENT_STORAGE,
                "handover-full",
                "Too much lies here that no device of the account has taken in.",
                "Nothing was stored; open another device of the account, which takes it in, and hand over the rest.",
            ),
        }
    }

    /// Seconds to wait before the same request makes sense.
    fn retry_after(self) -> Option<u64> {
        match self {
            Self::TooMany { seconds } => Some(seconds),
            Self::Busy => Some(1),
            Self::Full => Some(60),
            Self::Quota => Some(600),
            _ => None,
        }
    }
}

/// What is said of an entry that the membership log does not take.
fn members(refused: Refused) -> Face {
    use StatusCode as S;
    match refused {
        Refused::Number { .. } | Refused::Chain => (
            S::CONFLICT,
            "members-moved",
            "The membership log has another entry there.",
            "Read on, judge anew, and sign the change again.",
        ),
        Refused::NotMember => Problem::NotMember.face(),
        Refused::NotAllowed | Refused::LastOwner => (
            S::FORBIDDEN,
            "not-allowed",
            "The account's role does not allow this.",
            "Ask an owner of the space; the last owner stays.",
        ),
        Refused::Signature => (
            S::FORBIDDEN,
            "signature",
            "The entry is not signed by whom it names.",
            "Sign it with the identity of the account, and with the invitation's key where one is taken up.",
        ),
        Refused::Unknown | Refused::Expired => (
            S::GONE,
            "invitation",
            "The invitation or the member is not there any more.",
            "Ask for a new invitation.",
        ),
        Refused::Taken => Problem::Taken.face(),
        Refused::Full => (
            S::CONFLICT,
            "members-full",
            "There is no room for more members, invitations or spaces.",
            "Remove or withdraw some first.",
        ),
        Refused::Malformed | Refused::Newer { .. } | Refused::Space | Refused::Turn => {
            Problem::Malformed.face()
        }
    }
}

/// The body: a problem of the protocol, with the incarnation as an extension member.
#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    problem: satchel_wire::Problem,
    #[serde(skip_serializing_if = "Option::is_none")]
    incarnation: Option<String>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, code, title, detail) = self.face();
        let problem = satchel_wire::Problem {
            kind: format!("urn:satchel:problem:{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: Some(detail.to_owned()),
        };
        let incarnation = match self {
            Self::Incarnation(now) => Some(now.to_hex()),
            _ => None,
        };
        let body = serde_json::to_vec(&Body { problem, incarnation }).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<LogError> for Problem {
    fn from(error: LogError) -> Self {
        tracing::error!(%error, "storage did not answer");
        match error {
            LogError::Full => Self::Full,
            LogError::Busy | LogError::Closed | LogError::InUse => Self::Busy,
            LogError::Damaged | LogError::Newer { .. } | LogError::Io(_) | LogError::Database(_) => {
                Self::Storage
            }
        }
    }
}

impl From<LoginFault> for Problem {
    fn from(fault: LoginFault) -> Self {
        Self::Login(fault)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotMember => Self::NotMember,
            Denied::Deleted => Self::Deleted,
            Denied::ReadOnly => Self::ReadOnly,
            Denied::Quota => Self::Quota,
            Denied::Members(refused) => Self::Members(refused),
            Denied::Ledger(Rule::Malformed) => Self::Malformed,
            Denied::Ledger(Rule::Incarnation(now)) => Self::Incarnation(now),
            Denied::Ledger(Rule::TooLarge) => Self::TooLarge,
            Denied::Ledger(Rule::Purged) => Self::Purged,
        }
    }
}

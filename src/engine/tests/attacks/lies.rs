//! Ways to change an answer on its way.

use super::super::world::{Device, Lie};
use crate::engine::host::{Call, Response};
use satchel_wire::{Changes, from_cbor, to_cbor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::rc::Rc;

/// Where changes are asked for.
pub(super) const CHANGES: &str = "/changes";
/// Where writes are offered.
pub(super) const PUSH: &str = "/push";
/// Where the membership log is read.
pub(super) const MEMBERS: &str = "/members";
/// Where a device signs in.
pub(super) const SESSIONS: &str = "/v1/sessions";
/// Where it asks for a challenge.
pub(super) const CHALLENGE: &str = "/v1/sessions/challenge";

/// The path of a call, without its query.
fn path(call: &Call) -> &str {
    call.path.split('?').next().unwrap_or_default()
}

/// Whether a call is a successful one to this place.
pub(super) fn is_to(place: &str, call: &Call, answer: &Response) -> bool {
    path(call).ends_with(place) && answer.status < 300
}

/// Changes each answer to a place.
pub(super) fn changing<T>(place: &'static str, change: impl Fn(&mut T) + 'static) -> Lie
where
    T: Serialize + DeserializeOwned,
{
    Rc::new(move |call, mut answer| {
        if is_to(place, call, &answer) {
            let mut message: T = from_cbor(&answer.body).expect("what the server says");
            change(&mut message);
            answer.body = to_cbor(&message);
        }
        answer
    })
}

/// Changes each page of changes.
pub(super) fn changes(device: &Device, change: impl Fn(&mut Changes) + 'static) {
    device.lied_to(changing(CHANGES, change));
}

/// Answers in the server's place with these bytes.
pub(super) fn saying(place: &'static str, bytes: Vec<u8>) -> Lie {
    Rc::new(
        move |call, answer| {
            if is_to(place, call, &answer) { Response { body: bytes.clone(), ..answer } } else { answer }
        },
    )
}

/// Answers to a place with a problem.
pub(super) fn refusing(place: &'static str, status: u16, problem: &str) -> Lie {
    let problem = self::problem(status, problem);
    Rc::new(move |call, answer| if path(call).ends_with(place) { problem.clone() } else { answer })
}

/// Answers to all that is asked about spaces with a problem.
pub(super) fn shutting_out(problem: &str) -> Lie {
    let problem = self::problem(403, problem);
    Rc::new(move |call, answer| if call.path.starts_with("/v1/spaces/") { problem.clone() } else { answer })
}

/// A problem, as the server words it.
pub(super) fn problem(status: u16, problem: &str) -> Response {
    let body = format!(r#"{{"type":"urn:satchel:problem:{problem}"}}"#).into_bytes();
    Response { status, media_type: "application/problem+json".to_owned(), retry_after_s: None, body }
}

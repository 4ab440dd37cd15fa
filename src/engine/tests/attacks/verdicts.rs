//! What the server says of what was sent.

use super::super::sync::sync_page;
use super::super::world::Lie;
use super::lies::{self, CHANGES, PUSH, is_to};
use super::scene::Scene;
use super::sees::Sees;
use crate::engine::host::{Call, Response};
use crate::port::Command;
use satchel_wire::{Changes, Digest, Push, PushAnswer, RecordId, Refusal, Row, Verdict, from_cbor, to_cbor};
use std::cell::Cell;
use std::rc::Rc;

/// Throws every write away and says that it was stored; says the same of its head ever after.
pub(super) async fn accepted_and_dropped(sees: Sees) {
    let scene = Scene::set().await;
    let dropped = Cell::new(0);
    let lie = Rc::new(move |call: &Call, mut answer: Response| {
        if is_to(PUSH, call, &answer) {
            let mut said: PushAnswer = from_cbor(&answer.body).expect("what the server says");
            let push: Push = from_cbor(call.body.as_deref().expect("a push")).expect("what was sent");
            let first = said.space.head + dropped.get() + 1;
            let numbers = first..first + push.writes.len() as u64;
            dropped.set(dropped.get() + push.writes.len() as u64);
            said.verdicts = numbers.map(|seq| Verdict::Accepted { seq }).collect();
            said.space.head += dropped.get();
            answer.body = to_cbor(&said);
        } else if is_to(CHANGES, call, &answer) {
            let mut page: Changes = from_cbor(&answer.body).expect("what the server says");
            page.space.head += dropped.get();
            page.next = page.space.head;
            answer.body = to_cbor(&page);
        } else if is_to("/digest", call, &answer) {
            let mut digest: Digest = from_cbor(&answer.body).expect("what the server says");
            digest.space.head += dropped.get();
            answer.body = to_cbor(&digest);
        }
        answer
    });
    scene.b.writes_are_unheard();
    scene.played(sees, lie).await;
}

fn pushed(change: impl Fn(&mut PushAnswer) + 'static) -> Lie {
    lies::changing(PUSH, change)
}

pub(super) async fn refused_for_good(sees: Sees) {
    let scene = Scene::set().await;
    let lie = Rc::new(|call: &Call, mut answer: Response| {
        if is_to(PUSH, call, &answer) {
            let mut said: PushAnswer = from_cbor(&answer.body).expect("what the server says");
            let push: Push = from_cbor(call.body.as_deref().expect("a push")).expect("what was sent");
            said.verdicts = vec![Verdict::Refused { reason: Refusal::Mismatch }; push.writes.len()];
            answer.body = to_cbor(&said);
        }
        answer
    });
    scene.b.writes_are_unheard();
    scene.lied(sees, lie).await;
    // What was refused for good waits for the person to offer it again.
    for item in sync_page(&scene.on_b).await.aside {
        scene.on_b.run(Command::RetryAside { id: item.id }).await.expect("it is here");
    }
    scene.agree().await;
}

pub(super) async fn stale_with_another_record(sees: Sees) {
    let scene = Scene::set().await;
    let lie = Rc::new(move |call: &Call, answer: Response| {
        if !is_to(PUSH, call, &answer) {
            return answer;
        }
        let push: Push = from_cbor(call.body.as_deref().expect("a push")).expect("what was sent");
        let mut said: PushAnswer = from_cbor(&answer.body).expect("what the server says");
        for (verdict, write) in said.verdicts.iter_mut().zip(push.writes) {
            let mut envelope = write;
            envelope.header.record = RecordId([7; 16]);
            let row = Row { seq: said.space.head, received_ms: said.space.server_ms, envelope };
            *verdict = Verdict::Stale { current: Some(row) };
        }
        Response { body: to_cbor(&said), ..answer }
    });
    scene.played(sees, lie).await;
}

pub(super) async fn verdicts_missing(sees: Sees) {
    let scene = Scene::set().await;
    scene.played(sees, pushed(|answer| answer.verdicts.truncate(0))).await;
}

pub(super) async fn told_to_wait_for_ever(sees: Sees) {
    let scene = Scene::set().await;
    let busy = lies::refusing(lies::CHANGES, 429, "too-many");
    let lie = Rc::new(move |call: &Call, answer: Response| {
        let answer = busy(call, answer);
        let retry_after_s = (answer.status == 429).then_some(u64::MAX);
        Response { retry_after_s, ..answer }
    });
    scene.played(sees, lie).await;
}

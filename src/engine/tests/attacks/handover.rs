//! What a revoked device hands over, changed, exchanged, given twice or thrown away.

use super::super::handover::{begins, begun, comes_back, devices, revoke_the_other};
use super::super::sync::{Pair, pair_from};
use super::super::world::{Lie, Network};
use super::lies::is_to;
use super::scene::{all, creating, finds};
use super::sees::Sees;
use crate::engine::host::{Call, Response};
use crate::port::{Event, Session};
use satchel_wire::{DeviceId, DeviceList, HandedOver, Handover, from_cbor, to_cbor};
use std::cell::RefCell;
use std::rc::Rc;

const UNSENT: &str = "Unsent on B";
const FORM: &str = "partner/new";
const TYPED: &str = "Half typed on B";
/// Another device than the one that handed over.
const ANOTHER: DeviceId = DeviceId(7);

/// What a device handed over, as it went.
type Given = Rc<RefCell<Vec<u8>>>;

/// B was revoked and has erased itself: what it had not sent lies at the server alone.
async fn handed_over() -> (Pair, Given) {
    handed_over_from(1).await
}

/// The same, of another account for each seed.
async fn handed_over_from(seed: u64) -> (Pair, Given) {
    let pair = pair_from(seed).await;
    let given = Given::default();
    let kept = Rc::clone(&given);
    pair.b.lied_to(Rc::new(move |call, answer| {
        if call.path == "/v1/handover" {
            let said: Handover = from_cbor(call.body.as_deref().expect("a message")).expect("what it says");
            *kept.borrow_mut() = said.sealed;
        }
        answer
    }));
    pair.b.network.set(Network::Down);
    pair.on_b.created(creating(UNSENT)).await;
    begins(&pair.on_b, FORM, TYPED).await;
    revoke_the_other(&pair.on_a).await;
    comes_back(&pair.b, &pair.on_b);
    pair.on_b.until(|said| matches!(said.session, Some(Session::Erased { .. }))).await;
    (pair, given)
}

/// Answers what asks for a handover, and changes the list of devices.
fn giving(
    list: impl Fn(&mut DeviceList) + 'static,
    give: impl Fn(&Call, Response) -> Response + 'static,
) -> Lie {
    Rc::new(move |call, mut answer| {
        if is_to("/v1/devices", call, &answer) || is_to("/v1/handover/taken", call, &answer) {
            let mut said: DeviceList = from_cbor(&answer.body).expect("what the server says");
            list(&mut said);
            answer.body = to_cbor(&said);
        }
        if call.path.starts_with("/v1/handover/") && call.body.is_none() {
            give(call, answer)
        } else {
            answer
        }
    })
}

fn said(sealed: Vec<u8>, answer: Response) -> Response {
    let body = to_cbor(&HandedOver { sealed });
    Response { status: 200, media_type: satchel_wire::CBOR.into(), body, ..answer }
}

/// A is lied to: nothing comes in, and the truth brings it.
async fn played(sees: Sees, (pair, _): (Pair, Given), lie: Lie) {
    let Pair { a, on_a, .. } = &pair;
    a.lied_to(lie);
    devices(on_a).await;
    sees.shown(on_a).await;
    assert_eq!((all(on_a).await.len(), begun(on_a, FORM).await.as_str()), (0, ""), "something false came in");
    assert_eq!(on_a.said.borrow().taken_in, None, "nothing is said to have come");
    a.told_the_truth();
    devices(on_a).await;
    let came = |event: &Event| matches!(event, Event::TakenIn { count: 1, drafts: 1, .. });
    on_a.until(|said| said.taken_in.as_ref().is_some_and(came)).await;
    assert!(finds(on_a, UNSENT).await);
    assert_eq!(begun(on_a, FORM).await, TYPED);
}

pub(super) async fn handover_altered(sees: Sees) {
    let handed = handed_over().await;
    let sealed = handed.1.borrow().clone();
    let lie = giving(
        |_| (),
        move |_, answer| {
            let mut sealed = sealed.clone();
            sealed.iter_mut().last().into_iter().for_each(|it| *it ^= 1);
            said(sealed, answer)
        },
    );
    played(sees, handed, lie).await;
}

pub(super) async fn handover_of_another_account(sees: Sees) {
    let sealed = handed_over_from(70).await.1.take();
    let lie = giving(|_| (), move |_, answer| said(sealed.clone(), answer));
    played(sees, handed_over().await, lie).await;
}

/// Of the same account, so that it opens: it says itself whose it is.
pub(super) async fn handover_of_another_device(sees: Sees) {
    let handed = handed_over().await;
    let sealed = handed.1.borrow().clone();
    let lie = giving(
        |list| {
            let given = list.devices.iter_mut().find(|row| row.handed_ms.is_some());
            given.into_iter().for_each(|row| row.device = ANOTHER);
        },
        move |_, answer| said(sealed.clone(), answer),
    );
    played(sees, handed, lie).await;
}

/// What became of it since stays as it is: a form that was put away does not come back.
pub(super) async fn handover_again(sees: Sees) {
    let (pair, given) = handed_over().await;
    let Pair { a, on_a, .. } = &pair;
    devices(on_a).await;
    on_a.until(|said| said.taken_in.is_some()).await;
    begins(on_a, FORM, "").await;
    on_a.said.borrow_mut().taken_in = None;
    let sealed = given.take();
    let again = |list: &mut DeviceList| {
        let revoked = list.devices.iter_mut().find(|row| row.revoked_ms.is_some());
        revoked.into_iter().for_each(|row| row.handed_ms = Some(1));
    };
    a.lied_to(giving(again, move |_, answer| said(sealed.clone(), answer)));
    devices(on_a).await;
    sees.shown(on_a).await;
    assert_eq!((all(on_a).await.len(), begun(on_a, FORM).await.as_str()), (1, ""));
    assert_eq!(on_a.said.borrow().taken_in, None, "nothing came");
    a.told_the_truth();
    on_a.synced().await;
}

/// It is gone: the device that handed it over believed the server, as it has to, or a lost device would never be
/// erased. It said how much that was; no other device ever says that it came.
pub(super) async fn handover_thrown_away(sees: Sees) {
    let (pair, _) = handed_over().await;
    let erased = pair.on_b.said.borrow().session.clone();
    assert!(matches!(erased, Some(Session::Erased { handed: 1, drafts: 1, .. })), "{erased:?}");
    assert_eq!(sees, Sees::Handed);
    let Pair { a, on_a, .. } = &pair;
    let forgotten = |list: &mut DeviceList| list.devices.iter_mut().for_each(|row| row.handed_ms = None);
    let gone = super::lies::problem(404, "not-found");
    a.lied_to(giving(forgotten, move |_, _| gone.clone()));
    devices(on_a).await;
    Sees::Nothing.shown(on_a).await;
    assert!(all(on_a).await.is_empty());
    assert_eq!(on_a.said.borrow().taken_in, None, "nothing is said to have come");
}

//! Another past: older versions again, records kept back, an older copy, two logs.

use super::super::put_back::{Lacks, put_back, put_back_before_another_passphrase};
use super::super::run;
use super::super::sync::edit;
use super::super::world::{Device, Network, Server};
use super::lies;
use super::scene::{Scene, all, creating, finds, whole};
use super::sees::Sees;
use crate::engine::host::Call;
use satchel_wire::{Changes, Incarnation, Register, Row, Stream, from_cbor, to_cbor};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const HOUR_MS: u64 = 3_600_000;
/// By how much time goes on between the turns of all tasks.
const TICK_MS: u64 = 500;
/// As often may a device ask a server in an hour that is another one each time: the pause between two beginnings grows
/// to minutes, and around each stand a few other questions.
const MOST_AN_HOUR: u32 = 200;

pub(super) async fn older_row_again(sees: Sees) {
    let scene = Scene::set().await;
    let older: Rc<RefCell<Option<Row>>> = Rc::default();
    let kept = Rc::clone(&older);
    // B sees one version more, and the server keeps it.
    lies::changes(&scene.b, move |page| {
        *kept.borrow_mut() = page.rows.iter().find(|row| is_state(row)).cloned().or(kept.take());
    });
    edit(&scene.on_a, scene.anna, |draft| draft.note = "as A changed it".into()).await;
    scene.agree().await;
    edit(&scene.on_a, scene.anna, |draft| draft.note = "for a moment".into()).await;
    edit(&scene.on_a, scene.anna, |draft| draft.note = "as A changed it".into()).await;
    scene.agree().await;
    let again = move |page: &mut Changes| {
        let older = older.borrow().as_ref().expect("B saw one").envelope.clone();
        let newest = page.rows.iter_mut().find(|row| row.envelope.header.record == older.header.record);
        newest.into_iter().for_each(|row| row.envelope = older.clone());
    };
    scene.played(sees, lies::changing(lies::CHANGES, again)).await;
}

fn is_state(row: &Row) -> bool {
    row.envelope.header.stream == Stream::State
}

pub(super) async fn rows_withheld(sees: Sees) {
    Scene::changes(sees, |page| page.rows.retain(|row| !is_state(row))).await;
}

/// What the copy lacks is brought back by the devices, for everybody.
pub(super) async fn set_back(sees: Sees) {
    let scene = Scene::set().await;
    let (clock, server) = (scene.b.clock.clone(), scene.b.server());
    let copy = server.copy();
    scene.a_writes().await;
    server.set_back(copy, &clock);
    // Whatever B numbered like what was lost would prove the contradiction, if it came in between.
    scene.b.network.set(Network::Down);
    scene.on_b.created(creating("Unsent on B")).await;
    sees.shown(&scene.on_a).await;
    scene.b.network.set(Network::Up);
    scene.agree().await;
    scene.is_true().await;
    assert!(finds(&scene.on_b, "Bo").await, "what the server lost");
}

pub(super) async fn set_back_and_grown(sees: Sees) {
    let scene = Scene::set().await;
    let (clock, server) = (scene.b.clock.clone(), scene.b.server());
    let copy = server.copy();
    scene.a_writes().await;
    server.set_back(copy, &clock);
    for number in 0..4 {
        scene.on_b.created(creating(&format!("B {number}"))).await;
    }
    whole(&scene.on_b).await;
    sees.shown(&scene.on_a).await;
    scene.agree().await;
    assert_eq!(all(&scene.on_b).await.len(), 6, "what either had");
}

pub(super) async fn revocation_forgotten(sees: Sees) {
    sees.shown(&put_back(Lacks::Record, false).await).await;
}

pub(super) async fn passphrase_forgotten(sees: Sees) {
    sees.shown(&put_back_before_another_passphrase().await).await;
}

/// Somebody else's account registers the space, before any device of its owner has found the server empty. A copy of the
/// server from before heals it.
pub(super) async fn emptied_and_taken(sees: Sees) {
    let scene = Scene::set().await;
    let (clock, server) = (scene.b.clock.clone(), scene.b.server());
    let (copy, (_, space)) = (server.copy(), scene.on_a.session());
    let thief = Register { space: Some(space), ..registration_of_another(&clock).await };
    let both = [&scene.a.network, &scene.b.network];
    both.iter().for_each(|network| network.set(Network::Down));
    server.empty(&clock);
    let body = Some(to_cbor(&thief));
    let call = Call { path: "/v1/accounts".to_owned(), token: None, body, keepalive: false };
    assert_eq!(server.answer(call).await.expect("it answers").status, 201);
    both.iter().for_each(|network| network.set(Network::Up));
    scene.on_a.created(creating("Bo")).await;
    scene.on_b.created(creating("Unsent on B")).await;
    sees.shown(&scene.on_a).await;
    sees.shown(&scene.on_b).await;
    scene.is_true().await;
    server.set_back(copy, &clock);
    scene.agree().await;
    assert!(finds(&scene.on_b, "Bo").await && finds(&scene.on_a, "Unsent on B").await, "nothing was lost");
}

/// What the device of somebody who has nothing to do with them sends to register.
async fn registration_of_another(clock: &Arc<AtomicU64>) -> Register {
    let (sent, device) = (Rc::new(RefCell::new(None)), Device::new(&Server::start(clock), clock, 9_000_000));
    let heard = Rc::clone(&sent);
    device.lied_to(Rc::new(move |call: &Call, answer| {
        if call.path == "/v1/accounts" {
            heard.replace(call.body.clone());
        }
        answer
    }));
    let tab = device.tab().await;
    tab.create_workspace().await;
    tab.synced().await;
    let body = sent.borrow_mut().take().expect("it was registered");
    from_cbor(&body).expect("what was sent")
}

pub(super) async fn forked(sees: Sees) {
    let scene = Scene::set().await;
    let clock = scene.b.clock.clone();
    let other = Server::over(scene.b.server().copy(), &clock);
    let honest = scene.b.server();
    scene.b.answered_by(&other);
    // Each writes to a log of its own, and is told that all is well.
    edit(&scene.on_a, scene.anna, |draft| draft.position = "seen by A".into()).await;
    edit(&scene.on_b, scene.anna, |draft| draft.position = "seen by B".into()).await;
    whole(&scene.on_a).await;
    whole(&scene.on_b).await;
    edit(&scene.on_a, scene.anna, |draft| draft.note = "as A changed it".into()).await;
    whole(&scene.on_a).await;
    scene.on_b.created(creating("Unsent on B")).await;
    whole(&scene.on_b).await;
    scene.b.answered_by(&honest);
    sees.shown(&scene.on_b).await;
    scene.is_true().await;
}

pub(super) async fn another_incarnation_each_time(sees: Sees) {
    let scene = Scene::set().await;
    let count = Cell::new(0_u8);
    let lie = lies::changing::<Changes>(lies::CHANGES, move |page| {
        count.set(count.get().saturating_add(1));
        if count.get() < 20 {
            page.space.incarnation = Incarnation([count.get(); 16]);
        }
    });
    scene.played(sees, lie).await;
}

/// For an hour each answer is another server's: it is asked less and less, nothing is lost, and the truth heals it.
#[test]
fn a_server_that_is_another_one_at_every_answer_is_asked_less_and_less() {
    run(async {
        let scene = Scene::set().await;
        let (count, clock) = (Cell::new(0_u128), scene.b.clock.clone());
        scene.b.lied_to(lies::changing::<Changes>(lies::CHANGES, move |page| {
            count.set(count.get() + 1);
            page.space.incarnation = Incarnation(count.get().to_be_bytes());
        }));
        scene.on_b.created(creating("Unsent on B")).await;
        let before = scene.b.calls.get();
        for _ in 0..HOUR_MS / TICK_MS {
            clock.fetch_add(TICK_MS, Ordering::Relaxed);
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
        }
        let asked = scene.b.calls.get() - before;
        assert!((8..=MOST_AN_HOUR).contains(&asked), "asked {asked} times");
        scene.is_true().await;
        scene.b.told_the_truth();
        scene.agree().await;
        assert!(finds(&scene.on_a, "Unsent on B").await);
    });
}

//! Another past: older versions again, records kept back, an older copy, two logs.

use super::super::sync::edit;
use super::super::world::Server;
use super::lies;
use super::scene::{Scene, all, creating, finds, whole};
use super::sees::Sees;
use satchel_wire::{Changes, Incarnation, Row, Stream};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

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
    scene.on_b.created(creating("Unsent on B")).await;
    sees.shown(&scene.on_a).await;
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

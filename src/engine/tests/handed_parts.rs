//! A lost device hands over everything: files too, in as many parts as it takes, whatever cuts in between, and erases
//! itself only then.

use super::attached::{kept, large, opened, previewed, sent, visit};
use super::handover::{begins, begun, comes_back, comes_back_and_is_held, devices, erased, revoke_the_other};
use super::sync::{Pair, pair};
use super::world::{Device, Lie, Network, PASSPHRASE, Tab};
use super::{names, run, talk};
use crate::engine::host::{Call, Response};
use crate::port::{Command, Event, FileAct, Secret, Session};
use satchel_domain::{FileId, Method, RecordId};
use satchel_wire::{HandedOver, Handover, from_cbor, to_cbor};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// Where a part goes after which others come.
const PART: &str = "/v1/handover/part";
/// Where the last one goes.
const LAST: &str = "/v1/handover";

/// A photo that is more than a part.
fn larger() -> Vec<u8> {
    (0..4_500_000_u32).map(|at| (at % 251) as u8).collect()
}

/// What a device posts, path and content, in order.
type Posts = Rc<RefCell<Vec<(String, Vec<u8>)>>>;

/// Writes down what is posted, and says instead of the server what `else_said` says.
fn noting(posts: &Posts, else_said: impl Fn(&str) -> Option<u16> + 'static) -> Lie {
    let posts = Rc::clone(posts);
    Rc::new(move |call: &Call, answer: Response| {
        if ![PART, LAST].contains(&call.path.as_str()) {
            return answer;
        }
        let said: Handover = from_cbor(call.body.as_deref().expect("a message")).expect("what it says");
        posts.borrow_mut().push((call.path.clone(), said.sealed));
        let failed = |status| Response {
            status,
            media_type: "application/problem+json".into(),
            body: b"{}".to_vec(),
            ..answer.clone()
        };
        else_said(&call.path).map_or_else(|| answer.clone(), failed)
    })
}

fn paths(posts: &Posts) -> Vec<String> {
    posts.borrow().iter().map(|(path, _)| path.clone()).collect()
}

/// Whether it is all there is, in several parts of which only the last one says so; in how many.
fn whole(posts: &Posts) -> usize {
    let paths = paths(posts);
    let Some((last, others)) = paths.split_last() else { return 0 };
    assert!(last == LAST && others.iter().all(|path| path == PART), "{paths:?}");
    paths.len()
}

/// In how many parts what is [`larger`] goes.
const PARTS: usize = 5;

/// Until the device has posted so much, and gave up for now.
async fn stays(device: &Device, tab: &Tab, posts: &Posts, at_least: usize) {
    tab.until(|_| posts.borrow().len() >= at_least).await;
    for _ in 0..5_000 {
        tokio::task::yield_now().await;
    }
    assert!(device.has_a_workspace(), "it would be lost");
}

/// Everything that B had is in on A, which says so.
async fn taken_in(a: &Device, on_a: &Tab, (count, drafts, files): (u32, u32, u32)) {
    a.network.set(Network::Up);
    a.clock.fetch_add(1, Ordering::Relaxed);
    devices(on_a).await;
    let all = |told: &Event| {
        matches!(told, Event::TakenIn { count: records, drafts: begun, files: came, .. }
            if (*records, *begun, *came) == (count, drafts, files))
    };
    on_a.until(|said| said.taken_in.as_ref().is_some_and(all)).await;
}

/// Looks until all came, and sends it: then the server has the whole photo.
async fn is_sent(a: &Device, on_a: &Tab, visit: RecordId, file: FileId, bytes: &[u8]) {
    a.network.set(Network::Up);
    on_a.until_told(async || {
        a.clock.fetch_add(1, Ordering::Relaxed);
        devices(on_a).await;
        opened(on_a, visit, file).await.is_ok_and(|there| there == bytes)
    })
    .await;
    on_a.synced().await;
    sent(on_a).await;
    assert_eq!(names(on_a, "Anna").await, ["Anna"], "nothing is there twice");
}

#[test]
fn a_photo_that_is_nowhere_else_is_handed_over_and_sent_by_the_other_device_r147() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        b.network.set(Network::Down);
        let (_, visit, file) = visit(&on_b, large()).await;
        revoke_the_other(&on_a).await;
        comes_back(&b, &on_b);
        assert_eq!(erased(&on_b).await, 2);
        let said = on_b.said.borrow().session.clone();
        assert!(matches!(said, Some(Session::Erased { files: 1, .. })), "{said:?}");
        assert!(!b.has_a_workspace());
        taken_in(&a, &on_a, (2, 0, 1)).await;
        assert_eq!(names(&on_a, "Anna").await, ["Anna"]);
        is_sent(&a, &on_a, visit, file, &large()).await;
        let (c, code) = (a.beside(9_000_000), Secret(on_a.device_code().await));
        let on_c = c.tab().await;
        let join = Command::JoinWorkspace { code, passphrase: Secret(PASSPHRASE.into()) };
        on_c.run(join).await.expect("the server knows the account");
        on_c.synced().await;
        previewed(&on_c, visit, file).await;
        assert_eq!(opened(&on_c, visit, file).await, Ok(large()), "and shown on any other");
    });
}

/// It belongs to no record yet: who opens the form again saves it with what was taken.
#[test]
fn a_photo_in_a_form_that_was_begun_is_handed_over_with_it_r147() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        let (who, ..) = visit(&on_a, vec![1]).await;
        on_a.synced().await;
        sent(&on_a).await;
        on_b.synced().await;
        b.network.set(Network::Down);
        let file = kept(&on_b, large()).await.expect("there is room").id;
        begins(&on_b, "log/new", "Half typed, with a photo").await;
        revoke_the_other(&on_a).await;
        comes_back(&b, &on_b);
        assert_eq!(erased(&on_b).await, 0);
        taken_in(&a, &on_a, (0, 1, 1)).await;
        assert_eq!(begun(&on_a, "log/new").await, "Half typed, with a photo");
        let draft = talk(who, Method::Visit, 5_000, "now it is saved");
        let log = FileAct::Log { draft, follow_up: None, done: Vec::new(), files: vec![file] };
        let visit = on_a.created(Command::File(log)).await;
        is_sent(&a, &on_a, visit, file, &large()).await;
    });
}

/// More than the server takes as one; the last part says that it is.
#[test]
fn what_is_more_than_one_part_is_handed_over_in_parts_r147() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        b.network.set(Network::Down);
        for form in 0..10 {
            begins(&on_b, &format!("log/{form}"), &"x".repeat(1_000_000 + form)).await;
        }
        let (_, visit, file) = visit(&on_b, large()).await;
        revoke_the_other(&on_a).await;
        a.network.set(Network::Down);
        let posts = Posts::default();
        b.lied_to(noting(&posts, |_| None));
        comes_back(&b, &on_b);
        assert_eq!(erased(&on_b).await, 2);
        assert!(whole(&posts) > 2);
        is_sent(&a, &on_a, visit, file, &large()).await;
        for form in 0..10 {
            assert_eq!(begun(&on_a, &format!("log/{form}")).await.len(), 1_000_000 + form);
        }
    });
}

/// The line goes once the first part is there, and another device takes that in: the device hands over the rest alone.
#[test]
fn a_line_that_is_cut_between_parts_loses_and_repeats_nothing_r147() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        b.network.set(Network::Down);
        let (_, visit, file) = visit(&on_b, larger()).await;
        revoke_the_other(&on_a).await;
        let posts = Posts::default();
        b.lied_to(noting(&posts, |_| None));
        comes_back_and_is_held(&b, &on_b).await;
        on_a.until_told(async || {
            a.clock.fetch_add(1, Ordering::Relaxed);
            let waits =
                devices(&on_a).await.iter().any(|card| card.revoked_at_ms.is_some() && card.waiting > 0);
            waits && names(&on_a, "Anna").await == ["Anna"]
        })
        .await;
        b.network.set(Network::Down);
        b.held.set(None);
        stays(&b, &on_b, &posts, 1).await;
        assert_eq!(paths(&posts), [PART]);
        comes_back(&b, &on_b);
        assert_eq!(erased(&on_b).await, 2, "with what went before");
        assert_eq!(whole(&posts), PARTS, "the first one is not repeated");
        is_sent(&a, &on_a, visit, file, &larger()).await;
    });
}

/// What it does not take stays, sealed. Here the server had taken it after all: what comes twice changes nothing.
#[test]
fn what_a_full_server_does_not_take_stays_until_there_is_room_r147() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        b.network.set(Network::Down);
        let (_, visit, file) = visit(&on_b, larger()).await;
        revoke_the_other(&on_a).await;
        let (posts, full) = (Posts::default(), Rc::new(Cell::new(true)));
        let is_full = Rc::clone(&full);
        b.lied_to(noting(&posts, move |path| (is_full.get() && path == LAST).then_some(507)));
        comes_back(&b, &on_b);
        stays(&b, &on_b, &posts, PARTS).await;
        assert_eq!(names(&on_b, "Anna").await, ["Anna"], "it is all there still");
        full.set(false);
        comes_back(&b, &on_b);
        assert_eq!(erased(&on_b).await, 2);
        assert!(!b.has_a_workspace());
        is_sent(&a, &on_a, visit, file, &larger()).await;
    });
}

/// Each part stands for itself: here the chunks of a photo come before the record that has it.
#[test]
fn parts_come_in_in_any_order_r147() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        b.network.set(Network::Down);
        let (_, visit, file) = visit(&on_b, larger()).await;
        revoke_the_other(&on_a).await;
        a.network.set(Network::Down);
        let posts = Posts::default();
        b.lied_to(noting(&posts, |_| None));
        comes_back(&b, &on_b);
        erased(&on_b).await;
        assert_eq!(whole(&posts), PARTS);
        let last = posts.borrow()[PARTS - 1].1.clone();
        let first = Cell::new(true);
        a.lied_to(Rc::new(move |call, answer| {
            let asks = call.path.starts_with("/v1/handover/") && call.body.is_none() && answer.status == 200;
            match asks && first.replace(false) {
                true => Response { body: to_cbor(&HandedOver { sealed: last.clone() }), ..answer },
                false => answer,
            }
        }));
        is_sent(&a, &on_a, visit, file, &larger()).await;
    });
}

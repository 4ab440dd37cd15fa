//! One person's data: counted, handed out, erased for good on every device, and proved (R102).

use super::disk::Unreadable;
use super::sync::{Pair, card, edit, pair};
use super::world::{Network, Tab};
use super::{names, person, run, talk};
use crate::port::{
    Answer, BackupKind, Command, ErasedState, Erasure, FailureCode, Outcome, PersonAct, PersonFile,
    PersonPage, Query,
};
use satchel_domain::{Method, Participation, RecordId, Relationship, TaskDraft};
use satchel_replica::Changeset;
use satchel_wire::Stream;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// Stands in everything that is about the person.
const CANARY: &str = "Quasimodo";

async fn page(tab: &Tab, id: RecordId) -> Option<PersonPage> {
    match tab.ask(Query::Person { id }).await {
        Answer::Person(page) => page.map(|page| *page),
        other => panic!("no page: {other:?}"),
    }
}

async fn gathered(tab: &Tab, id: RecordId) -> PersonFile {
    match tab.run(Command::Person(PersonAct::Gather { id })).await.expect("it is here").outcome {
        Outcome::Person(file) => *file,
        other => panic!("no file: {other:?}"),
    }
}

async fn proof(tab: &Tab) -> Erasure {
    match tab.ask(Query::Erasures).await {
        Answer::Erasures(mut proofs) => proofs.remove(0),
        other => panic!("no proofs: {other:?}"),
    }
}

/// A person with a call, a task, an edit and a draft; and another one's visit in which she took part.
async fn known(tab: &Tab) -> (RecordId, RecordId) {
    let id = tab.created(Command::CreatePartner { draft: person(CANARY, "555 0101", "") }).await;
    let other = tab.created(Command::CreatePartner { draft: person("Esmeralda", "", "") }).await;
    let call = talk(id, Method::Phone, 1_000, "Quasimodo rings");
    tab.created(Command::LogInteraction { draft: call, follow_up: None, done: Vec::new() }).await;
    let mut visit = talk(other, Method::Visit, 2_000, "met at the fair");
    visit.participants.insert(Participation { partner: id, relationship: Relationship::Attendee });
    tab.created(Command::LogInteraction { draft: visit, follow_up: None, done: Vec::new() }).await;
    let named = talk(other, Method::Phone, 3_000, "asks for quasimodo");
    tab.created(Command::LogInteraction { draft: named, follow_up: None, done: Vec::new() }).await;
    let task =
        TaskDraft { partner: Some(id), title: "Greet Quasimodo".into(), due: None, ..TaskDraft::default() };
    tab.created(Command::CreateTask { draft: task }).await;
    edit(tab, id, |draft| draft.note = "Quasimodo lives in Paris".into()).await;
    edit(tab, id, |draft| draft.note = "moved".into()).await;
    let key = format!("log/{}", id.to_hex());
    tab.run(Command::KeepDraft { key, text: "{\"content\":\"Quasimodo …\"}".into() }).await.expect("kept");
    (id, other)
}

#[test]
fn one_persons_data_is_counted_and_handed_out_r102() {
    run(async {
        let Pair { a: _a, b: _b, on_a: one, .. } = pair().await;
        let (id, other) = known(&one).await;
        one.synced().await;
        let page = page(&one, id).await.expect("it is here");
        let own = [BackupKind::Partner, BackupKind::Interaction, BackupKind::Order, BackupKind::Task];
        assert_eq!(page.own, own.into_iter().zip([1, 1, 0, 1]).collect::<Vec<_>>());
        assert_eq!((page.took_part, page.named, page.drafts, page.unsent), (1, 1, 1, 0));
        assert!(page.ready);
        let file = gathered(&one, id).await;
        let told = format!("{file:?}");
        for word in ["Quasimodo rings", "lives in Paris", "Greet Quasimodo", "555 0101", "met at the fair"] {
            assert!(told.contains(word), "{word}");
        }
        assert!(!told.contains("asks for quasimodo"), "what others say stays theirs");
        assert_eq!(gathered(&one, other).await.records.len(), 3);
    });
}

#[test]
fn one_person_is_erased_everywhere_and_comes_back_from_nowhere_r102() {
    run(async {
        let Pair { b, on_a: one, on_b: two, .. } = pair().await;
        let (id, other) = known(&one).await;
        one.synced().await;
        two.synced().await;
        assert_eq!(names(&two, CANARY).await, [CANARY]);
        b.network.set(Network::Down);
        let done = one.run(Command::Person(PersonAct::Erase { id })).await.expect("all is in sync");
        assert_eq!(done.undo, None, "it cannot be taken back");
        one.synced().await;
        let proof = proof(&one).await;
        assert_eq!((proof.records.len(), proof.taken_off, proof.named, proof.drafts), (3, 1, 1, 1));
        assert!(
            proof
                .records
                .iter()
                .all(|it| matches!(it.state, ErasedState::Confirmed(_)) && it.before != it.after)
        );
        assert!(!format!("{proof:?}").contains(CANARY));
        b.network.set(Network::Up);
        two.synced().await;
        one.synced().await;
        for tab in [&one, &two] {
            assert_eq!(names(tab, CANARY).await, [""; 0]);
            assert_eq!(page(tab, id).await, None);
            for held in tab.everything().await {
                assert!(!held.contains(CANARY), "still here");
            }
            assert_eq!(card(tab, other).await.name, "Esmeralda");
        }
    });
}

#[test]
fn nothing_is_erased_while_something_waits() {
    run(async {
        let Pair { a, b: _b, on_a: one, .. } = pair().await;
        let (id, _) = known(&one).await;
        one.synced().await;
        a.network.set(Network::Down);
        edit(&one, id, |draft| draft.note = "unsent".into()).await;
        let refused = one.run(Command::Person(PersonAct::Erase { id })).await.expect_err("not in sync");
        assert_eq!(refused.code, FailureCode::NotInSync);
        assert_eq!(names(&one, CANARY).await, [CANARY]);
    });
}

fn buries(changes: &Changeset) -> bool {
    changes.rows.iter().any(|put| put.envelope.header.stream == Stream::Grave)
}

/// Whether the only proof says of every record how it lay and that a grave is in its place.
async fn proves(tab: &Tab) -> bool {
    let proof = proof(tab).await;
    proof.records.iter().all(|it| it.state != ErasedState::Returned && it.before != it.after)
}

#[test]
fn what_fails_once_the_graves_are_written_is_done_later_and_is_no_error_r102() {
    run(async {
        for reading in [false, true] {
            let Pair { a, b: _b, on_a: one, .. } = pair().await;
            let (id, _) = known(&one).await;
            one.synced().await;
            let (buried, unreadable) = (Cell::new(false), Rc::clone(&a.unreadable));
            *a.refuses.borrow_mut() = Some(Rc::new(move |changes| {
                if reading && buries(changes) {
                    unreadable.set(Unreadable::Rows);
                }
                !reading && buried.replace(buried.get() || buries(changes))
            }));
            let done = one.run(Command::Person(PersonAct::Erase { id })).await.expect("it is erased");
            let Outcome::Erased(named) = done.outcome else { panic!("{:?}", done.outcome) };
            assert_eq!(names(&one, CANARY).await, [""; 0]);
            assert!(proves(&one).await, "told although the disk does not take it yet");
            *a.refuses.borrow_mut() = None;
            assert!(proves(&one).await && proof(&one).await.id == named);
            one.synced().await;
            let confirmed = |it: &ErasedState| matches!(it, ErasedState::Confirmed(_));
            assert!(proof(&one).await.records.iter().all(|it| confirmed(&it.state)));
            assert!(!one.everything().await.iter().any(|held| held.starts_with("erasing/")));
        }
    });
}

#[test]
fn where_nothing_could_be_erased_nothing_is_proved_r102() {
    run(async {
        let Pair { a, b: _b, on_a: one, .. } = pair().await;
        let (id, _) = known(&one).await;
        one.synced().await;
        *a.refuses.borrow_mut() = Some(Rc::new(buries));
        let refused = one.run(Command::Person(PersonAct::Erase { id })).await.expect_err("no room");
        assert_eq!(refused.code, FailureCode::StorageFull);
        assert_eq!(one.ask(Query::Erasures).await, Answer::Erasures(Vec::new()));
        assert_eq!(names(&one, CANARY).await, [CANARY]);
        assert!(!one.everything().await.iter().any(|held| held.starts_with("erasing/")));
    });
}

/// This device's own erasure came to nothing, and nothing of it could be put away; another device erased her.
#[test]
fn what_another_device_erased_is_not_proved_by_this_one_r102() {
    run(async {
        let Pair { a, b: _b, on_a: one, on_b: two } = pair().await;
        let (id, _) = known(&one).await;
        one.synced().await;
        two.synced().await;
        let begun = Cell::new(false);
        *a.refuses.borrow_mut() =
            Some(Rc::new(move |changes| begun.replace(begun.get() || buries(changes)) || buries(changes)));
        let refused = one.run(Command::Person(PersonAct::Erase { id })).await.expect_err("no room");
        assert_eq!(refused.code, FailureCode::StorageFull);
        *a.refuses.borrow_mut() = None;
        assert!(
            one.everything().await.iter().any(|held| held.starts_with("erasing/")),
            "it lies there still"
        );
        two.run(Command::Person(PersonAct::Erase { id })).await.expect("all is in sync");
        two.synced().await;
        one.synced().await;
        assert_eq!(names(&one, CANARY).await, [""; 0]);
        assert_eq!(one.ask(Query::Erasures).await, Answer::Erasures(Vec::new()), "it was not this device");
        assert!(proves(&two).await);
        a.clock.fetch_add(2 * 60 * 60_000, Ordering::Relaxed);
        assert_eq!(one.ask(Query::Erasures).await, Answer::Erasures(Vec::new()));
        let left = ["erasing/", "standing/"];
        assert!(!one.everything().await.iter().any(|held| left.iter().any(|it| held.starts_with(it))));
    });
}

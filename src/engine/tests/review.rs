//! The sync centre's page: groups of what waits, several fields settled at once and taken back.

use super::history::history;
use super::sync::{card, sync_page};
use super::world::{Device, Network, PASSPHRASE, Server, Tab};
use super::{clock, names, person, run, talk};
use crate::port::{
    Answer, Command, HistoryKind, ItemKind, Query, ReviewChoice, ReviewItem, Secret, WaitingGroup,
};
use satchel_domain::{Method, PartnerDraft, PartnerKind, RecordId, RecordType, TaskDraft, Value, field};
use std::sync::atomic::Ordering;

async fn edit(tab: &Tab, id: RecordId, note: &str, position: &str) {
    let seen = card(tab, id).await;
    let draft = PartnerDraft { note: note.into(), position: position.into(), ..seen.clone() };
    tab.run(Command::EditPartner { id, seen, draft }).await.expect("valid");
}

/// Two devices that changed two fields of one partner, and the tab that merged them.
async fn torn(device: [&Device; 2]) -> (Tab, Tab, RecordId) {
    let on_a = device[0].tab().await;
    on_a.create_workspace().await;
    on_a.synced().await;
    let code = Secret(on_a.device_code().await);
    let on_b = device[1].tab().await;
    let join = Command::JoinWorkspace { code, passphrase: Secret(PASSPHRASE.into()) };
    on_b.run(join).await.expect("the server knows the account");
    let id = on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
    on_a.synced().await;
    on_b.synced().await;
    device.iter().for_each(|device| device.network.set(Network::Down));
    edit(&on_a, id, "A's note", "A's position").await;
    device[0].clock.fetch_add(60_000, Ordering::Relaxed);
    edit(&on_b, id, "B's note", "B's position").await;
    // One after the other: who comes second is the one that merges.
    device[0].network.set(Network::Up);
    on_a.synced().await;
    device[1].network.set(Network::Up);
    on_b.synced().await;
    (on_a, on_b, id)
}

fn devices() -> (Device, Device) {
    let clock = clock();
    let server = Server::start(&clock);
    (Device::new(&server, &clock, 1), Device::new(&server, &clock, 1_000_000))
}

fn keys(review: &[ReviewItem]) -> Vec<String> {
    review.iter().map(|item| item.key.clone()).collect()
}

async fn settle(tab: &Tab, keys: Vec<String>, choice: ReviewChoice) -> crate::port::Done {
    let choices = keys.into_iter().map(|key| (key, choice.clone())).collect();
    tab.run(Command::Review { choices }).await.expect("they are in the list")
}

#[test]
fn several_fields_are_settled_at_once_and_come_back_with_the_undo() {
    run(async {
        let (a, b) = devices();
        let (on_a, on_b, id) = torn([&a, &b]).await;
        let review = sync_page(&on_b).await.review;
        assert_eq!(review.len(), 2);
        assert!(review.iter().all(|item| item.mine_stands && item.theirs.device.len() == 4));
        let done = settle(&on_b, keys(&review), ReviewChoice::Theirs).await;
        let now = card(&on_b, id).await;
        assert_eq!((now.note.as_str(), now.position.as_str()), ("A's note", "A's position"));
        assert!(sync_page(&on_b).await.review.is_empty());
        let token = done.undo.expect("it can be taken back");
        on_b.run(Command::Undo { token }).await.expect("nothing was written since");
        let again = card(&on_b, id).await;
        assert_eq!((again.note.as_str(), again.position.as_str()), ("B's note", "B's position"));
        let page = sync_page(&on_b).await;
        assert_eq!((page.review.len(), page.status.review), (2, 2));
        on_b.synced().await;
        on_a.synced().await;
        assert_eq!(card(&on_a, id).await.note, "B's note");
    });
}

#[test]
fn the_value_that_does_not_stand_is_kept_as_a_line_of_the_note_and_goes_with_the_undo() {
    run(async {
        let (a, b) = devices();
        let (on_a, on_b, id) = torn([&a, &b]).await;
        let review = sync_page(&on_b).await.review;
        let position = review.iter().find(|item| item.field == "position").expect("both changed it");
        let both = ReviewChoice::Both("Position: A's position".into());
        let done = settle(&on_b, vec![position.key.clone()], both).await;
        let now = card(&on_b, id).await;
        assert_eq!(now.position, "B's position");
        assert_eq!(now.note, "B's note\nPosition: A's position");
        assert_eq!(sync_page(&on_b).await.review.len(), 1, "the other one is still asked");
        on_b.synced().await;
        on_a.synced().await;
        assert_eq!(card(&on_a, id).await.note, now.note);
        on_b.run(Command::Undo { token: done.undo.expect("taken back") }).await.expect("it is there");
        assert_eq!(card(&on_b, id).await.note, "B's note");
        assert_eq!(sync_page(&on_b).await.review.len(), 2);
    });
}

/// A crash between two would leave a review of what was settled already, to be settled over what was written since.
#[test]
fn what_is_chosen_is_written_and_off_the_list_in_one_commit() {
    run(async {
        let (a, b) = devices();
        let (_on_a, on_b, id) = torn([&a, &b]).await;
        b.network.set(Network::Down);
        let all = keys(&sync_page(&on_b).await.review);
        let before = b.commits.get();
        settle(&on_b, all, ReviewChoice::Theirs).await;
        assert_eq!(b.commits.get(), before + 1);
        assert_eq!(card(&on_b, id).await.note, "A's note");
        assert!(sync_page(&on_b).await.review.is_empty());
    });
}

#[test]
fn what_is_left_as_it_is_leaves_the_list_and_comes_back_with_the_undo() {
    run(async {
        let (a, b) = devices();
        let (_on_a, on_b, id) = torn([&a, &b]).await;
        let all = keys(&sync_page(&on_b).await.review);
        let done = settle(&on_b, all[..1].to_vec(), ReviewChoice::AsIs).await;
        assert_eq!(sync_page(&on_b).await.review.len(), 1, "the other one is still asked");
        assert_eq!(card(&on_b, id).await.note, "B's note");
        on_b.run(Command::Undo { token: done.undo.expect("taken back") }).await.expect("it is there");
        assert_eq!(sync_page(&on_b).await.review.len(), 2);
    });
}

#[test]
fn what_waits_is_told_by_whom_it_is_for() {
    run(async {
        let (a, _) = devices();
        a.network.set(Network::Down);
        let tab = a.tab().await;
        tab.create_workspace().await;
        let began = a.clock.load(Ordering::Relaxed);
        let draft = PartnerDraft { kind: PartnerKind::Organisation, ..person("Acme", "", "") };
        let acme = tab.created(Command::CreatePartner { draft }).await;
        for note in ["one", "two"] {
            a.clock.fetch_add(1_000, Ordering::Relaxed);
            let draft = talk(acme, Method::Phone, 1_772_440_000_000, note);
            tab.created(Command::LogInteraction { draft, follow_up: None, done: Vec::new() }).await;
        }
        a.clock.fetch_add(1_000, Ordering::Relaxed);
        let title = "Call the bank".into();
        let draft = TaskDraft { title, ..TaskDraft::default() };
        tab.created(Command::CreateTask { draft }).await;
        let [task, group] = sync_page(&tab).await.waiting.try_into().expect("two groups");
        assert_eq!((task.title.as_str(), task.parts), ("Call the bank", vec![(ItemKind::Task, 1)]));
        let WaitingGroup { parts, partner, partner_id, since_ms, until_ms, .. } = group;
        assert_eq!((partner.as_str(), partner_id), ("Acme", Some(acme)));
        let (call, itself) =
            (ItemKind::Interaction(RecordType::Call), ItemKind::Partner(PartnerKind::Organisation));
        assert_eq!(parts, [(call, 2), (itself, 1)]);
        assert_eq!((since_ms, until_ms), (began, began + 2_000));
        drop(tab);
        let tab = a.tab().await;
        tab.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("the right one");
        let group = sync_page(&tab).await.waiting.pop().expect("still there");
        assert_eq!((group.since_ms, group.until_ms), (began, began + 2_000), "the times outlive the lock");
    });
}

#[test]
fn what_can_be_read_of_a_record_is_told_field_by_field() {
    run(async {
        let (a, _) = devices();
        let tab = a.tab().await;
        tab.create_workspace().await;
        let works = tab.created(Command::CreatePartner { draft: person("宏达", "", "") }).await;
        let draft = PartnerDraft { organisation: Some(works), ..person("李明", "", "") };
        let id = tab.created(Command::CreatePartner { draft }).await;
        let Answer::Fields(fields) = tab.ask(Query::Fields { id }).await else { panic!("no fields") };
        let of = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
        assert_eq!(of(field::NAME), Some(Value::from("李明")));
        assert_eq!(of(field::ORGANISATION), Some(Value::from("宏达")), "an id is told by its name");
    });
}

/// A form that A opened, and what B wrote in the same field meanwhile, which has come to A.
async fn overtaken() -> (Tab, Tab, RecordId, PartnerDraft) {
    let (a, b) = devices();
    let (on_a, on_b) = (a.tab().await, b.tab().await);
    on_a.create_workspace().await;
    let draft = PartnerDraft { note: "seen".into(), ..person("Anna", "", "") };
    let id = on_a.created(Command::CreatePartner { draft }).await;
    on_a.synced().await;
    let code = Secret(on_a.device_code().await);
    let join = Command::JoinWorkspace { code, passphrase: Secret(PASSPHRASE.into()) };
    on_b.run(join).await.expect("the server knows the account");
    on_b.synced().await;
    let seen = card(&on_a, id).await;
    (on_a, on_b, id, seen)
}

async fn save(tab: &Tab, id: RecordId, seen: PartnerDraft, note: &str) {
    let draft = PartnerDraft { note: note.into(), ..seen.clone() };
    tab.run(Command::EditPartner { id, seen, draft }).await.expect("valid");
}

/// R108: what a form did not show is not written over silently, even where no two devices met.
#[test]
fn a_form_that_is_saved_over_a_value_it_did_not_show_offers_that_value() {
    run(async {
        for choice in [ReviewChoice::Mine, ReviewChoice::Theirs] {
            let (on_a, on_b, id, seen) = overtaken().await;
            edit(&on_b, id, "B's note", "B's position").await;
            on_b.synced().await;
            on_a.synced().await;
            save(&on_a, id, seen, "A's note").await;
            let now = card(&on_a, id).await;
            assert_eq!((now.note.as_str(), now.position.as_str()), ("A's note", "B's position"));
            let told = sync_page(&on_a).await;
            let [item] = told.review.try_into().expect("one field was overlooked");
            let ReviewItem { key, field, mine, theirs, mine_stands, .. } = item;
            assert_eq!((field.as_str(), mine_stands, told.status.review), (field::NOTE, true, 1));
            assert_eq!((mine.value, theirs.value), (Value::from("A's note"), Value::from("B's note")));
            let told = history(&on_a, id).await.entries.into_iter().map(|entry| (entry.what, entry.after));
            assert!(told.collect::<Vec<_>>().contains(&(HistoryKind::Lost, Value::from("B's note"))));
            settle(&on_a, vec![key], choice.clone()).await;
            on_a.synced().await;
            on_b.synced().await;
            let expected = if choice == ReviewChoice::Mine { "A's note" } else { "B's note" };
            for tab in [&on_a, &on_b] {
                assert_eq!(card(tab, id).await.note, expected);
                assert!(sync_page(tab).await.review.is_empty());
            }
        }
    });
}

#[test]
fn a_form_that_is_saved_over_a_deletion_it_did_not_show_brings_the_record_back_and_says_so() {
    run(async {
        for choice in [ReviewChoice::Mine, ReviewChoice::Theirs] {
            let (on_a, on_b, id, seen) = overtaken().await;
            on_b.run(Command::Delete { ids: vec![id] }).await.expect("it is there");
            on_b.synced().await;
            on_a.synced().await;
            save(&on_a, id, seen, "A's note").await;
            let [item] = sync_page(&on_a).await.review.try_into().expect("it is told");
            let ReviewItem { key, restored, .. } = item;
            assert!(restored);
            assert_eq!(names(&on_a, "anna").await, ["Anna"]);
            settle(&on_a, vec![key], choice.clone()).await;
            on_a.synced().await;
            on_b.synced().await;
            let expected: &[&str] = if choice == ReviewChoice::Mine { &["Anna"] } else { &[] };
            assert_eq!(names(&on_b, "anna").await, expected);
        }
    });
}

/// A review that was settled where it was not listed: the field holds neither value, or the other one.
#[test]
fn what_was_decided_elsewhere_is_not_asked_and_not_written_over() {
    run(async {
        for newer in ["a third note", "A's note"] {
            let (a, b) = devices();
            let (on_a, on_b, id) = torn([&a, &b]).await;
            on_a.synced().await;
            let review = sync_page(&on_b).await.review;
            let note = review.iter().find(|item| item.field == field::NOTE).expect("both changed it");
            edit(&on_a, id, newer, "B's position").await;
            on_a.synced().await;
            on_b.synced().await;
            let told = sync_page(&on_b).await;
            assert_eq!((told.review.len(), told.status.review), (1, 1), "the position is still asked");
            let choices = vec![(note.key.clone(), ReviewChoice::Theirs)];
            let answer = on_b.run(Command::Review { choices }).await;
            assert!(answer.is_err(), "it asks no more: {answer:?}");
            assert_eq!(card(&on_b, id).await.note, newer);
        }
    });
}

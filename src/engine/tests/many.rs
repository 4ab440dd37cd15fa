//! Many customers at once, two that become one, and who is like somebody new.

use super::sync::card;
use super::world::Tab;
use super::{alone, names, partners, person, run, talk};
use crate::port::{
    Answer, Bulk, BulkChange, BulkPreview, Command, Common, FailureCode, Meant, Merge, Newcomer, Outcome,
    PartnerFilter, PickedCount, PickedIn, Query,
};
use satchel_domain::{Code, Condition, Method, PartnerType, RecordId, Selection, TaskDraft};
use satchel_replica::Changeset;
use satchel_wire::Stream;
use std::rc::Rc;

async fn preview(tab: &Tab, bulk: &Bulk) -> BulkPreview {
    match tab.ask(Query::Bulk(bulk.clone())).await {
        Answer::Bulk(preview) => preview,
        other => panic!("no preview: {other:?}"),
    }
}

async fn made(tab: &Tab, name: &str, tag: &str) -> RecordId {
    let mut draft = person(name, "", "");
    draft.tags = [tag.to_owned()].into();
    tab.created(Command::CreatePartner { draft }).await
}

#[test]
fn the_whole_result_of_a_view_is_changed_as_previewed_and_taken_back_at_once_r38_r39() {
    run(async {
        let (_device, tab) = alone().await;
        let (anna, ben) = (made(&tab, "Anna", "fair").await, made(&tab, "Ben", "fair").await);
        let carl = made(&tab, "Carl", "other").await;
        let fair = Selection::of(Condition::Tag("fair".into()));
        let filter = PartnerFilter { selection: fair, ..PartnerFilter::default() };
        let all = Meant::Found { filter, but: Vec::new() };
        let bulk = Bulk { meant: all, change: BulkChange::Type(PartnerType::Prospect), task: None };
        let seen = preview(&tab, &bulk).await;
        assert_eq!((seen.meant, seen.changing, seen.first.len()), (2, 2, 2));
        let done = tab.run(Command::Bulk(bulk.clone())).await.expect("a change");
        assert_eq!(done.outcome, Outcome::Changed { changed: 2, same: 0 });
        assert_eq!(card(&tab, anna).await.partner_type, PartnerType::Prospect);
        assert_eq!(card(&tab, carl).await.partner_type, PartnerType::Customer);
        assert_eq!(preview(&tab, &bulk).await.changing, 0, "they are so already");
        tab.run(Command::Undo { token: done.undo.expect("undo") }).await.expect("undone");
        for id in [anna, ben] {
            assert_eq!(card(&tab, id).await.partner_type, PartnerType::Customer);
        }
    });
}

#[test]
fn some_are_tagged_untagged_and_deleted_and_nobody_else_r39() {
    run(async {
        let (_device, tab) = alone().await;
        let (anna, ben) = (made(&tab, "Anna", "a").await, made(&tab, "Ben", "b").await);
        let of = |meant: Meant, change| Command::Bulk(Bulk { meant, change, task: None });
        let twice = Meant::These(vec![anna, anna, RecordId([9; 16])]);
        let done = tab.run(of(twice.clone(), BulkChange::Tag(" fair ".into()))).await.expect("a tag");
        assert_eq!(done.outcome, Outcome::Changed { changed: 1, same: 0 });
        assert_eq!(card(&tab, anna).await.tags, ["a".to_owned(), "fair".to_owned()].into());
        tab.run(of(twice, BulkChange::Untag("a".into()))).await.expect("no tag");
        assert_eq!(card(&tab, anna).await.tags, ["fair".to_owned()].into());
        let but = Meant::Found { filter: PartnerFilter::default(), but: vec![ben] };
        let done = tab.run(of(but, BulkChange::Delete)).await.expect("deleted");
        assert_eq!((partners(&tab).await, names(&tab, "ben").await), (1, vec!["Ben".to_owned()]));
        tab.run(Command::Undo { token: done.undo.expect("undo") }).await.expect("undone");
        assert_eq!(partners(&tab).await, 2);
        let empty = tab.run(of(Meant::These(vec![anna]), BulkChange::Tag("  ".into()))).await;
        assert_eq!(empty.expect_err("no tag").invalid[0].code, Code::Required);
        let stranger = tab.run(of(Meant::These(vec![anna]), BulkChange::Owner(Some([9; 16])))).await;
        assert_eq!(stranger.expect_err("nobody").code, FailureCode::NotFound);
    });
}

#[test]
fn who_is_chosen_is_counted_whatever_the_list_shows_by_now_r39() {
    run(async {
        let (_device, tab) = alone().await;
        let (anna, ben) = (made(&tab, "Anna", "fair").await, made(&tab, "Ben", "other").await);
        let carl = made(&tab, "Carl", "fair").await;
        let fair = Selection::of(Condition::Tag("fair".into()));
        let fair = PartnerFilter { selection: fair, ..PartnerFilter::default() };
        let tab = &tab;
        let count = async |meant: Meant, filter: &PartnerFilter| match tab
            .ask(Query::Picked(PickedIn { meant, filter: filter.clone() }))
            .await
        {
            Answer::Picked(PickedCount { meant, unseen }) => (meant, unseen),
            other => panic!("no count: {other:?}"),
        };
        let these = Meant::These(vec![anna, ben]);
        assert_eq!(count(these.clone(), &PartnerFilter::default()).await, (2, 0));
        assert_eq!(count(these.clone(), &fair).await, (2, 1), "the filter came after the choice");
        let but = Meant::Found { filter: fair.clone(), but: vec![ben, carl] };
        assert_eq!(count(but, &fair).await, (1, 0), "who is not in the list anyway is not left out of it");
        tab.run(Command::Delete { ids: vec![ben] }).await.expect("deleted");
        assert_eq!(count(these, &PartnerFilter::default()).await, (1, 0), "who is in the trash is not meant");
    });
}

#[test]
fn more_than_one_transaction_holds_is_one_to_take_back() {
    run(async {
        let (_device, tab) = alone().await;
        let tag = |n: usize| if n < 520 { "many" } else { "few" };
        for n in 0..525 {
            made(&tab, &format!("Customer {n}"), tag(n)).await;
        }
        let meant = Meant::Found { filter: PartnerFilter::default(), but: Vec::new() };
        let bulk = Bulk { meant, change: BulkChange::Untag("many".into()), task: None };
        let done = tab.run(Command::Bulk(bulk.clone())).await.expect("a change");
        assert_eq!(done.outcome, Outcome::Changed { changed: 520, same: 5 });
        tab.run(Command::Undo { token: done.undo.expect("undo") }).await.expect("undone");
        assert_eq!(preview(&tab, &bulk).await.changing, 520);
    });
}

/// How many records are written.
fn records(changes: &Changeset) -> usize {
    changes.rows.iter().filter(|put| put.envelope.header.stream == Stream::State).count()
}

#[test]
fn what_a_full_disk_left_undone_is_counted_and_the_rest_is_taken_back_as_one_r39() {
    run(async {
        let (device, tab) = alone().await;
        for n in 0..525 {
            made(&tab, &format!("Customer {n}"), "many").await;
        }
        let meant = Meant::Found { filter: PartnerFilter::default(), but: Vec::new() };
        let bulk = Bulk { meant, change: BulkChange::Untag("many".into()), task: None };
        *device.refuses.borrow_mut() = Some(Rc::new(|changes| records(changes) == 25));
        let done = tab.run(Command::Bulk(bulk.clone())).await.expect("most of it");
        *device.refuses.borrow_mut() = None;
        let why = FailureCode::StorageFull;
        assert_eq!(done.outcome, Outcome::ChangedPartly { changed: 500, left: 25, why });
        assert_eq!(preview(&tab, &bulk).await.changing, 25);
        tab.run(Command::Undo { token: done.undo.expect("undo") }).await.expect("undone");
        assert_eq!(preview(&tab, &bulk).await.changing, 525);
        *device.refuses.borrow_mut() = Some(Rc::new(|changes| records(changes) > 0));
        let none = tab.run(Command::Bulk(bulk.clone())).await.expect_err("nothing of it");
        assert_eq!(none.code, FailureCode::StorageFull);
    });
}

#[test]
fn two_become_one_with_what_hangs_on_both_and_come_apart_again_r3() {
    run(async {
        let (_device, tab) = alone().await;
        let into = tab.created(Command::CreatePartner { draft: person("张三", "13800000000", "") }).await;
        let from =
            tab.created(Command::CreatePartner { draft: person("Zhang San", "", "z@example.com") }).await;
        for (who, said) in [(into, "one"), (from, "two")] {
            let draft = talk(who, Method::Phone, 1_772_440_000_000, said);
            tab.created(Command::LogInteraction { draft, follow_up: None, done: Vec::new() }).await;
        }
        let seen = card(&tab, into).await;
        let mut draft = seen.clone();
        draft.mails = person("", "", "z@example.com").mails;
        let merge = Box::new(Merge { into, from, seen, draft });
        let done = tab.run(Command::Merge(merge.clone())).await.expect("merged");
        assert_eq!(partners(&tab).await, 1);
        let old = match tab.ask(Query::Partner { id: from }).await {
            Answer::Partner(Some(card)) => *card,
            other => panic!("no card: {other:?}"),
        };
        assert_eq!((old.partner.id, old.summary.count), (into, 2), "the old id leads to the one that stays");
        assert_eq!(old.partner.card.mails[0].value, "z@example.com");
        let again = tab.run(Command::Merge(merge)).await;
        assert_eq!(again.expect_err("they are one").code, FailureCode::NotFound);
        tab.run(Command::Undo { token: done.undo.expect("undo") }).await.expect("undone");
        assert_eq!(partners(&tab).await, 2);
        assert!(card(&tab, into).await.mails.is_empty());
    });
}

#[test]
fn who_is_typed_again_is_told_of() {
    run(async {
        let (_device, tab) = alone().await;
        tab.created(Command::CreatePartner { draft: person("张三", "13800000000", "") }).await;
        let newcomer =
            Newcomer {
                name: "张三".into(), phones: vec!["+86 138-0000-0000".into()], ..Newcomer::default()
            };
        let Answer::Alike(found) = tab.ask(Query::Alike(newcomer)).await else { panic!("not an answer") };
        assert_eq!(found[0].common, [Common::Phone, Common::Name]);
        assert_eq!((found[0].partner.name.as_str(), found[0].percent), ("张三", 97));
    });
}

#[test]
fn tasks_orders_and_what_was_said_are_found_r40() {
    run(async {
        let (_device, tab) = alone().await;
        let anna = made(&tab, "Anna", "x").await;
        let task = TaskDraft {
            partner: Some(anna),
            title: "Send the Quote".into(),
            due: None,
            ..TaskDraft::default()
        };
        let task = tab.created(Command::CreateTask { draft: task }).await;
        let said = talk(anna, Method::Phone, 1_772_440_000_000, "Hello\nwants a quote for 40 pumps");
        let said =
            tab.created(Command::LogInteraction { draft: said, follow_up: None, done: Vec::new() }).await;
        let find = async |text: &str| match tab.ask(Query::FindRecords { text: text.into(), limit: 5 }).await
        {
            Answer::FindRecords(found) => found,
            other => panic!("not found: {other:?}"),
        };
        let found = find("QUOTE").await;
        let told: Vec<_> = found.iter().map(|it| (it.id, it.title.as_str(), it.partner.as_str())).collect();
        assert_eq!(told, [(task, "Send the Quote", "Anna"), (said, "wants a quote for 40 pumps", "Anna")]);
        assert_eq!(find("quote send").await.len(), 1, "every word of a title, in any order");
        let said_so = find("pumps quo").await;
        let told: Vec<_> = said_so.iter().map(|it| (it.id, it.title.as_str(), it.marks.as_slice())).collect();
        assert_eq!(told, [(said, "wants a quote for 40 pumps", &[(8, 11), (21, 26)][..])]);
        assert!(find("q").await.is_empty() && find("nothing of it").await.is_empty());
        tab.run(Command::Delete { ids: vec![task] }).await.expect("deleted");
        assert_eq!(find("quote").await.len(), 1);
    });
}

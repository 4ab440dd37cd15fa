//! Commands on records: durable, found, taken back, and gone from sight while locked.

use super::world::{Device, PASSPHRASE, Server, Tab};
use super::{alone, names, person, run, talk};
use crate::port::{
    Answer, Command, FailureCode, FileAct, Outcome, PartnerCard, Query, Secret, Session, Timeline,
    TimelineFilter, Window,
};
use satchel_domain::{
    Code, Invalid, Method, Moment, Participation, PartnerDraft, PartnerKind, RecordId, Relationship,
    TaskDraft, field,
};

async fn card(tab: &Tab, id: RecordId) -> PartnerCard {
    match tab.ask(Query::Partner { id }).await {
        Answer::Partner(Some(card)) => *card,
        other => panic!("no card: {other:?}"),
    }
}

async fn timeline(tab: &Tab, partner: RecordId, filter: TimelineFilter) -> Timeline {
    match tab.ask(Query::Timeline { partner, filter, window: Window { offset: 0, limit: 50 } }).await {
        Answer::Timeline(timeline) => timeline,
        other => panic!("no timeline: {other:?}"),
    }
}

#[test]
fn zhang_san_is_found_by_initials_pinyin_hanzi_and_phone_r144() {
    run(async {
        let (_device, tab) = alone().await;
        tab.created(Command::CreatePartner {
            draft: person("张三", "13800000000", "zhangsan@example.com")
        })
        .await;
        tab.created(Command::CreatePartner { draft: person("李四", "13900000000", "") }).await;
        for typed in ["zs", "zhang", "zhangsan", "张", "1380", "zhangsan@example.com"] {
            assert_eq!(names(&tab, typed).await, ["张三"], "{typed}");
        }
    });
}

#[test]
fn nobody_works_for_herself() {
    run(async {
        let (_device, tab) = alone().await;
        let firm = PartnerDraft { kind: PartnerKind::Organisation, ..person("Kaiser", "", "") };
        let id = tab.created(Command::CreatePartner { draft: firm.clone() }).await;
        let draft = PartnerDraft { kind: PartnerKind::Person, organisation: Some(id), ..firm.clone() };
        let seen = card(&tab, id).await.partner.card;
        tab.run(Command::EditPartner { id, seen, draft }).await.expect("valid");
        let known = card(&tab, id).await.partner.card;
        assert_eq!((known.kind, known.organisation), (PartnerKind::Person, None));
    });
}

#[test]
fn the_worked_example_makes_record_and_history_in_one_r142_d1_d3() {
    run(async {
        let (_device, tab) = alone().await;
        let id = tab.created(Command::CreatePartner { draft: person("客户一", "", "") }).await;
        let at = 1_609_495_200_000; // 2021-01-01 10:00 UTC
        let draft = talk(id, Method::Phone, at, "与客户讨论订单");
        let call = tab.created(Command::LogInteraction { draft, follow_up: None, done: Vec::new() }).await;
        let summary = card(&tab, id).await.summary;
        assert_eq!((summary.count, summary.last_ms, summary.first_ms), (1, Some(at), Some(at)));
        assert_eq!(summary.by_method, [(Method::Phone, 1)]);
        let earlier = talk(id, Method::Visit, at - 1_000, "之前");
        tab.created(Command::LogInteraction { draft: earlier, follow_up: None, done: Vec::new() }).await;
        let summary = card(&tab, id).await.summary;
        assert_eq!((summary.count, summary.last_ms, summary.last_method), (2, Some(at), Some(Method::Phone)));
        tab.run(Command::Delete { ids: vec![call] }).await.expect("it is there");
        let summary = card(&tab, id).await.summary;
        assert_eq!((summary.count, summary.last_ms), (1, Some(at - 1_000)));
    });
}

#[test]
fn a_visit_with_a_promise_is_one_commit_and_one_undo() {
    run(async {
        let (_device, tab) = alone().await;
        let id = tab.created(Command::CreatePartner { draft: person("Anna Brandt", "", "") }).await;
        let due = Some(Moment::exact(1_772_600_000_000, "Asia/Shanghai"));
        let task =
            TaskDraft { partner: Some(id), title: "Send the quote".into(), due, ..TaskDraft::default() };
        let draft = talk(id, Method::Visit, 1_772_440_000_000, "Wants 40 pumps");
        let done = tab
            .run(Command::LogInteraction { draft, follow_up: Some(task), done: Vec::new() })
            .await
            .expect("valid");
        let shown = card(&tab, id).await;
        assert_eq!((shown.summary.count, shown.tasks.len()), (1, 1));
        tab.run(Command::Undo { token: done.undo.expect("undoable") }).await.expect("still there");
        let shown = card(&tab, id).await;
        assert_eq!((shown.summary.count, shown.tasks.len()), (0, 0));
        let again = tab.run(Command::Undo { token: done.undo.expect("undoable") }).await;
        assert_eq!(again.expect_err("only once").code, FailureCode::UndoGone);
    });
}

#[test]
fn a_visit_settles_what_was_planned_in_one_commit_and_one_undo() {
    run(async {
        let (_device, tab) = alone().await;
        let id = tab.created(Command::CreatePartner { draft: person("Anna Brandt", "", "") }).await;
        let task = |title: &str| TaskDraft { partner: Some(id), title: title.into(), ..TaskDraft::default() };
        let planned = tab.created(Command::CreateTask { draft: task("Taste the cheese") }).await;
        tab.created(Command::CreateTask { draft: task("Send the quote") }).await;
        let gone = RecordId([9; 16]);
        let draft = talk(id, Method::Visit, 1_772_440_000_000, "Wants 40 pumps");
        let log = Command::LogInteraction { draft, follow_up: None, done: vec![planned, gone] };
        let done = tab.run(log).await.expect("who is gone by then is passed over");
        let open = async || -> Vec<String> {
            card(&tab, id).await.tasks.into_iter().map(|(task, _)| task.entry.title).collect()
        };
        assert_eq!(open().await, ["Send the quote"]);
        tab.run(Command::Undo { token: done.undo.expect("undoable") }).await.expect("still there");
        assert_eq!(open().await.len(), 2);
        assert_eq!(card(&tab, id).await.summary.count, 0);
    });
}

#[test]
fn nothing_is_logged_of_somebody_in_the_trash() {
    run(async {
        let (_device, tab) = alone().await;
        let made = tab.run(Command::CreatePartner { draft: person("王芳", "", "") }).await.expect("valid");
        let Outcome::Created(id) = made.outcome else { panic!("nobody was made") };
        tab.run(Command::Undo { token: made.undo.expect("undoable") }).await.expect("still there");
        let log = || talk(id, Method::Visit, 1_772_440_000_000, "Line 2");
        let commands = [
            Command::LogInteraction { draft: log(), follow_up: None, done: Vec::new() },
            Command::File(FileAct::Log {
                draft: log(),
                follow_up: None,
                done: Vec::new(),
                files: Vec::new(),
            }),
        ];
        for command in commands {
            let refused = tab.run(command).await.expect_err("nobody would see it");
            let said = Invalid { field: field::PARTNER.into(), code: Code::UnknownPartner };
            assert_eq!(refused.invalid, [said]);
        }
        tab.run(Command::Restore { ids: vec![id] }).await.expect("it is in the trash");
        tab.created(Command::LogInteraction { draft: log(), follow_up: None, done: Vec::new() }).await;
    });
}

#[test]
fn a_record_of_several_partners_stands_in_each_of_their_histories_r17_r42_r50() {
    run(async {
        let (_device, tab) = alone().await;
        let buyer = tab.created(Command::CreatePartner { draft: person("宏达机电", "", "") }).await;
        let friend = tab.created(Command::CreatePartner { draft: person("李明", "", "") }).await;
        let draft = talk(buyer, Method::Visit, 1_772_440_000_000, "Line 2");
        let visit = tab.created(Command::LogInteraction { draft, follow_up: None, done: Vec::new() }).await;
        let participation = Participation { partner: friend, relationship: Relationship::Referrer };
        let link = Command::Link { record: visit, participation: participation.clone() };
        tab.run(link).await.expect("both are there");
        let referred =
            TimelineFilter { relationship: Some(Relationship::Referrer), ..TimelineFilter::default() };
        assert_eq!(timeline(&tab, friend, referred.clone()).await.total, 1);
        assert_eq!(timeline(&tab, buyer, referred).await.total, 0);
        tab.run(Command::Unlink { record: visit, participation }).await.expect("both are there");
        assert_eq!(timeline(&tab, friend, TimelineFilter::default()).await.total, 0);
        assert_eq!(timeline(&tab, buyer, TimelineFilter::default()).await.total, 1);
    });
}

#[test]
fn an_edit_changes_only_what_the_person_changed_and_can_be_taken_back() {
    run(async {
        let (_device, tab) = alone().await;
        let id = tab.created(Command::CreatePartner { draft: person("Jane", "1", "") }).await;
        let seen = card(&tab, id).await.partner.card;
        let named = PartnerDraft { name: "Jane Doe".into(), ..seen.clone() };
        let done =
            tab.run(Command::EditPartner { id, seen: seen.clone(), draft: named }).await.expect("valid");
        let noted = PartnerDraft { note: "Met in Kiel".into(), ..seen.clone() };
        tab.run(Command::EditPartner { id, seen, draft: noted }).await.expect("valid");
        let now = card(&tab, id).await.partner.card;
        assert_eq!((now.name.as_str(), now.note.as_str()), ("Jane Doe", "Met in Kiel"));
        tab.run(Command::Undo { token: done.undo.expect("undoable") }).await.expect("still there");
        let now = card(&tab, id).await.partner.card;
        assert_eq!((now.name.as_str(), now.note.as_str()), ("Jane", "Met in Kiel"));
    });
}

#[test]
fn what_was_wrong_before_does_not_keep_a_change_elsewhere_away() {
    run(async {
        let (_device, tab) = alone().await;
        let id = tab.created(Command::CreatePartner { draft: person("Jane", "1", "") }).await;
        let seen = PartnerDraft { birth_year: Some(999), ..card(&tab, id).await.partner.card };
        let draft = PartnerDraft { note: "Met in Kiel".into(), ..seen.clone() };
        tab.run(Command::EditPartner { id, seen: seen.clone(), draft }).await.expect("the note is right");
        assert_eq!(card(&tab, id).await.partner.card.note, "Met in Kiel");
        let draft = PartnerDraft { name: String::new(), ..seen.clone() };
        assert!(tab.run(Command::EditPartner { id, seen, draft }).await.is_err(), "the name is not");
    });
}

#[test]
fn deleting_reports_the_truth_and_is_the_same_twice_r38_d5() {
    run(async {
        let (_device, tab) = alone().await;
        let id = tab.created(Command::CreatePartner { draft: person("John", "", "") }).await;
        let nobody = RecordId([9; 16]);
        let trashed = |changed, absent| Outcome::Trashed { changed, absent };
        let delete = Command::Delete { ids: vec![id, nobody] };
        assert_eq!(tab.run(delete.clone()).await.expect("no error").outcome, trashed(1, 1));
        assert_eq!(tab.run(delete).await.expect("no error").outcome, trashed(0, 2));
        let restore = Command::Restore { ids: vec![id] };
        assert_eq!(tab.run(restore).await.expect("no error").outcome, trashed(1, 0));
        assert_eq!(names(&tab, "john").await, ["John"]);
    });
}

#[test]
fn an_invalid_draft_names_its_field_and_writes_nothing_r107() {
    run(async {
        let (_device, tab) = alone().await;
        let failed =
            tab.run(Command::CreatePartner { draft: person("  ", "", "") }).await.expect_err("no name");
        assert_eq!(failed.code, FailureCode::Invalid);
        assert_eq!((failed.invalid[0].field.as_str(), failed.invalid[0].code), ("name", Code::Required));
        assert_eq!(super::partners(&tab).await, 0);
    });
}

#[test]
fn a_record_over_the_limit_is_refused_by_name_and_nothing_is_cut_r10() {
    run(async {
        let (_device, tab) = alone().await;
        let id = tab.created(Command::CreatePartner { draft: person("Jane", "", "") }).await;
        let long = talk(id, Method::Mail, 1_772_440_000_000, &"长".repeat(300_000));
        let failed = tab
            .run(Command::LogInteraction { draft: long, follow_up: None, done: Vec::new() })
            .await
            .expect_err("too long");
        assert_eq!((failed.code, failed.invalid[0].code), (FailureCode::Invalid, Code::TooLong));
        assert_eq!(card(&tab, id).await.summary.count, 0);
    });
}

#[test]
fn a_reload_finds_everything_and_a_wrong_passphrase_opens_nothing() {
    run(async {
        let (device, tab) = alone().await;
        tab.created(Command::CreatePartner { draft: person("张三", "13800000000", "") }).await;
        tab.run(Command::KeepDraft { key: "log/1".into(), text: "half a note".into() }).await.expect("kept");
        let tab = device.tab().await;
        assert!(matches!(tab.said.borrow().session, Some(Session::Locked { .. })));
        let unlock = |phrase: &str| Command::Unlock { passphrase: Secret(phrase.into()) };
        let wrong = tab.run(unlock("not the passphrase")).await.expect_err("wrong");
        assert_eq!(wrong.code, FailureCode::WrongPassphrase);
        let locked =
            tab.run(Command::CreatePartner { draft: person("X", "", "") }).await.expect_err("locked");
        assert_eq!(locked.code, FailureCode::Locked);
        tab.run(unlock(PASSPHRASE)).await.expect("the right one");
        assert_eq!(names(&tab, "zs").await, ["张三"]);
        assert_eq!(tab.ask(Query::Draft { key: "log/1".into() }).await, Answer::Draft("half a note".into()));
    });
}

#[test]
fn a_device_whose_storage_was_removed_says_so_and_joins_or_starts_anew() {
    run(async {
        let (device, tab) = alone().await;
        let Some(Session::Open { workspace }) = tab.said.borrow().session.clone() else { panic!("not open") };
        device.evict();
        let tab = device.tab_that_remembers(Some(workspace.clone())).await;
        assert_eq!(tab.said.borrow().session, Some(Session::Lost { workspace }));
        tab.create_workspace().await;
        assert_eq!(super::partners(&tab).await, 0);
    });
}

#[test]
fn two_tabs_that_found_nothing_do_not_make_two_workspaces() {
    run(async {
        let clock = super::clock();
        let device = Device::new(&Server::start(&clock), &clock, 1);
        let (first, second) = (device.tab().await, device.tab().await);
        first.create_workspace().await;
        first.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        let create = Command::CreateWorkspace { name: "Twice".into(), passphrase: Secret(PASSPHRASE.into()) };
        assert_eq!(second.run(create).await.expect_err("there is one").code, FailureCode::AlreadyHere);
        assert!(matches!(second.said.borrow().session, Some(Session::Locked { .. })));
        second.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("the same one");
        assert_eq!(names(&second, "anna").await, ["Anna"]);
    });
}

#[test]
fn a_watch_hears_of_changes_and_only_of_changes() {
    run(async {
        let (_device, tab) = alone().await;
        let id = tab.watch(Query::Find { text: "anna".into(), limit: 5, kind: None });
        tab.until(|said| matches!(said.answers.get(&id), Some(Answer::Find(rows)) if rows.is_empty())).await;
        tab.said.borrow_mut().answers.clear();
        tab.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        tab.until(|said| matches!(said.answers.get(&id), Some(Answer::Find(rows)) if rows.len() == 1)).await;
    });
}

#[test]
fn who_is_opened_is_found_first_among_equals_also_after_a_lock() {
    run(async {
        let (device, tab) = alone().await;
        let berg = tab.created(Command::CreatePartner { draft: person("Anna Berg", "", "") }).await;
        let brandt = tab.created(Command::CreatePartner { draft: person("Anna Brandt", "", "") }).await;
        assert_eq!(names(&tab, "anna").await, ["Anna Berg", "Anna Brandt"]);
        tab.run(Command::Opened { id: brandt }).await.expect("she is there");
        assert_eq!(names(&tab, "anna").await, ["Anna Brandt", "Anna Berg"]);
        assert_eq!(names(&tab, "anna berg").await, ["Anna Berg"], "a better match stands first all the same");
        let draft = talk(berg, Method::Phone, 1_772_440_000_000, "About pumps");
        tab.created(Command::LogInteraction { draft, follow_up: None, done: Vec::new() }).await;
        let again = device.tab().await;
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("the right words");
        assert_eq!(
            names(&again, "anna").await,
            ["Anna Berg", "Anna Brandt"],
            "logging counts more than opening"
        );
    });
}

//! Saved views sync and merge; a table of customers runs nothing (R49, R61).

use super::import::bring_buyers;
use super::sync::pair;
use super::world::{MORNING_MS, PASSPHRASE};
use super::{alone, person, run, talk};
use crate::port::{
    Answer, Column, Command, Direction, FailureCode, Mark, Nudge, Outcome, PartnerFilter, PartnerSort,
    Period, Query, Rows, Secret, Table, TableForm, Window,
};
use satchel_domain::moment::DAY_MS as DAY;
use satchel_domain::{Condition, Method, Selection, Tier, Time, View, ViewDraft};

fn vip() -> ViewDraft {
    ViewDraft {
        name: "VIP".into(),
        selection: Selection::of(Condition::Tag("vip".into())),
        ..ViewDraft::default()
    }
}

async fn views(tab: &super::world::Tab) -> Vec<View> {
    match tab.ask(Query::Views).await {
        Answer::Views(views) => views,
        other => panic!("not views: {other:?}"),
    }
}

#[test]
fn a_view_reaches_the_other_device_and_is_deleted_with_undo_r49() {
    run(async {
        let pair = pair().await;
        let (here, there) = (&pair.on_a, &pair.on_b);
        here.run(Command::CreateView { draft: vip() }).await.expect("a view");
        here.synced().await;
        there.nudge(Nudge::Asked);
        there.synced().await;
        let seen = views(there).await;
        assert_eq!(seen.iter().map(|view| view.entry.clone()).collect::<Vec<_>>(), [vip()]);
        let ids = vec![seen[0].id];
        let done = there.run(Command::Delete { ids }).await.expect("deleted");
        assert!(views(there).await.is_empty());
        there.run(Command::Undo { token: done.undo.expect("undo") }).await.expect("undone");
        assert_eq!(views(there).await.len(), 1);
    });
}

#[test]
fn a_deleted_view_lies_in_the_trash_and_is_restored_out_of_it_r38() {
    run(async {
        let (_device, tab) = alone().await;
        tab.run(Command::CreateView { draft: vip() }).await.expect("a view");
        let ids = vec![views(&tab).await[0].id];
        tab.run(Command::Delete { ids: ids.clone() }).await.expect("deleted");
        let window = Window { offset: 0, limit: 10 };
        let Answer::Trash(trash) = tab.ask(Query::Trash { window }).await else { panic!("no trash") };
        assert_eq!((trash.total, trash.rows.len()), (1, 1));
        tab.run(Command::Restore { ids }).await.expect("restored");
        assert_eq!(views(&tab).await.len(), 1);
    });
}

#[test]
fn lists_statistics_and_tables_agree_on_who_is_meant() {
    run(async {
        let (_device, tab) = alone().await;
        let mut draft = person("=1+1", "13800000000", "");
        draft.tags = ["vip".to_owned()].into();
        let who = tab.created(Command::CreatePartner { draft }).await;
        tab.created(Command::CreatePartner { draft: person("Zoe", "", "") }).await;
        let at = i64::try_from(MORNING_MS).expect("a time");
        let log = Command::LogInteraction {
            draft: talk(who, Method::Phone, at, "hello"),
            follow_up: None,
            done: Vec::new(),
        };
        tab.created(log).await;
        let today_ms = at.div_euclid(DAY) * DAY;
        let selection = Selection::of(Condition::LastContact(Time::last(0)));
        let filter = PartnerFilter { selection: selection.clone(), today_ms, ..PartnerFilter::default() };
        let window = Window { offset: 0, limit: 9 };
        let list = tab
            .ask(Query::Partners {
                filter: filter.clone(),
                sort: PartnerSort::Name,
                window,
                rows: Rows::Lines,
            })
            .await;
        let Answer::Partners(list) = list else { panic!("not a list") };
        assert_eq!(
            list.rows.iter().map(|row| (row.id, row.mark)).collect::<Vec<_>>(),
            [(who, Mark::Waiting)]
        );
        let period = Period {
            now: vec![today_ms, today_ms + DAY],
            before: vec![today_ms - DAY, today_ms],
            elapsed: 1,
            today_ms,
        };
        let Answer::Statistics(found) = tab.ask(Query::Statistics { selection, period }).await else {
            panic!("not statistics")
        };
        assert_eq!((found.customers, found.contacts.now, found.days), (1, 1, vec![1]));
        let columns = vec![(Column::Name, "Name".to_owned()), (Column::Contacts, "Contacts".to_owned())];
        let table = Table { filter, sort: PartnerSort::Name, columns, form: TableForm::Marked };
        let done = tab.run(Command::WriteTable(table.clone())).await.expect("a table");
        let Outcome::Table(bytes) = done.outcome else { panic!("not a table") };
        let text = String::from_utf8(bytes).expect("text");
        assert_eq!(text, "\u{feff}Name,Contacts\r\n\"'=1+1\",1\r\n");
        let columns = [Column::Name, Column::Contacts, Column::Tags, Column::Phone, Column::Mail]
            .map(|it| (it, String::new()));
        let table = Table { columns: columns.to_vec(), form: TableForm::Json, ..table };
        let done = tab.run(Command::WriteTable(table)).await.expect("a table");
        let Outcome::Table(bytes) = done.outcome else { panic!("not a table") };
        let read: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(read[0]["name"], "=1+1", "other programs read it as it is");
        assert_eq!((&read[0]["contacts"], &read[0]["phone"]), (&1.into(), &"13800000000".into()));
        assert_eq!((&read[0]["tags"], &read[0]["mail"]), (&vec!["vip"].into(), &serde_json::Value::Null));
    });
}

#[test]
fn a_table_tells_of_its_columns_and_a_file_of_the_same_r49_r61() {
    run(async {
        let (_device, tab) = alone().await;
        bring_buyers(&tab).await;
        let window = Window { offset: 0, limit: 9 };
        let (filter, sort) = (PartnerFilter::default(), PartnerSort::Tier(Direction::Rising));
        let list = async |rows: Rows| {
            let query = Query::Partners { filter: filter.clone(), sort, window, rows };
            let Answer::Partners(list) = tab.ask(query).await else { panic!("not a list") };
            list
        };
        let lines = list(Rows::Lines).await;
        assert_eq!((lines.cells.len(), lines.tiers.len()), (0, lines.rows.len()), "lines are no dearer");
        let table = list(Rows::Table).await;
        assert_eq!(table.cells.len(), table.rows.len());
        let letters: String = table.tiers.iter().flatten().map(|tier| tier.letter()).collect();
        assert_eq!(letters, "AABCC", "the best first");
        let columns = [Column::Name, Column::Tier, Column::Contacts].map(|it| (it, it.code().to_owned()));
        let asked = Table { filter: filter.clone(), sort, columns: columns.to_vec(), form: TableForm::Csv };
        let done = tab.run(Command::WriteTable(asked)).await.expect("a table");
        let Outcome::Table(bytes) = done.outcome else { panic!("not a table") };
        let text = String::from_utf8(bytes).expect("text");
        let on_screen = table.rows.iter().zip(&table.tiers).zip(&table.cells).map(|((row, tier), cells)| {
            let letter = tier.map_or_else(String::new, |tier| tier.letter().to_string());
            format!("{},{letter},{}", row.name, cells.contacts)
        });
        assert_eq!(
            text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>(),
            on_screen.collect::<Vec<_>>()
        );
    });
}

/// Customers of each tier, where A and B begin, and the tier of the last customer but one.
async fn tiers(tab: &super::world::Tab) -> ([u32; 3], [u8; 2], Option<char>) {
    let everybody = Query::Statistics { selection: Selection::default(), period: Period::default() };
    let Answer::Statistics(found) = tab.ask(everybody).await else { panic!("not statistics") };
    let Answer::Find(rows) = tab.ask(Query::Find { text: "Buyer 4".into(), limit: 1, kind: None }).await
    else {
        panic!("not a find")
    };
    let Answer::Partner(Some(card)) = tab.ask(Query::Partner { id: rows[0].id }).await else {
        panic!("not a card")
    };
    (found.tiers, found.tiers_from, card.scores.map(|scores| scores.tier.letter()))
}

/// How many customers a filter by tier finds.
async fn of_tier(tab: &super::world::Tab, tier: Tier) -> u32 {
    let selection = Selection::of(Condition::Tier(tier));
    let filter = PartnerFilter { selection, ..PartnerFilter::default() };
    let (sort, window) = (PartnerSort::Name, Window { offset: 0, limit: 0 });
    let query = Query::Partners { filter, sort, window, rows: Rows::Lines };
    let Answer::Partners(list) = tab.ask(query).await else { panic!("not a list") };
    list.total
}

#[test]
fn the_tiers_begin_where_the_person_says_also_after_a_lock_r62() {
    run(async {
        let (device, tab) = alone().await;
        bring_buyers(&tab).await;
        assert_eq!(tiers(&tab).await, ([2, 1, 2], [12, 8], Some('A')));
        for nobody in [[8, 8], [16, 8], [5, 3]] {
            let failed = tab.run(Command::SetTiers { from: Some(nobody) }).await.expect_err("an empty tier");
            assert_eq!(failed.code, FailureCode::Invalid);
        }
        tab.run(Command::SetTiers { from: Some([15, 6]) }).await.expect("a choice");
        assert_eq!(tiers(&tab).await, ([1, 3, 1], [15, 6], Some('B')));
        assert_eq!(of_tier(&tab, Tier::B).await, 3, "the list follows what statistics say");
        let again = device.tab().await;
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("the right words");
        assert_eq!(tiers(&again).await, ([1, 3, 1], [15, 6], Some('B')));
        again.run(Command::SetTiers { from: None }).await.expect("as it was");
        assert_eq!(tiers(&again).await, ([2, 1, 2], [12, 8], Some('A')));
    });
}

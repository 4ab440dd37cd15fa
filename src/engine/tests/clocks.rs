//! Where days begin: by the device's clocks, in lists, searches and files, also after a journey (D13).

use super::world::{MORNING_MS, Tab};
use super::{alone, person, run, talk};
use crate::port::{
    Answer, Column, Command, Nudge, Outcome, PartnerFilter, PartnerSort, Query, Rows, Table, TableForm,
    Window,
};
use satchel_domain::{Day, Method, Moment, RecordId};

const HOUR: i64 = 3_600_000;

fn the_day() -> Day {
    Day::of(i64::try_from(MORNING_MS).expect("a time"), 0)
}

/// A customer who was met on a day without a time, and called at this instant.
async fn met(tab: &Tab, at_ms: i64) -> RecordId {
    let who = tab.created(Command::CreatePartner { draft: person("Zoe", "", "") }).await;
    let mut visit = talk(who, Method::Visit, 0, "tea");
    visit.at = Moment::all_day(the_day(), "Europe/Berlin");
    tab.created(Command::LogInteraction { draft: visit, follow_up: None, done: Vec::new() }).await;
    let call = talk(who, Method::Phone, at_ms, "tea");
    tab.created(Command::LogInteraction { draft: call, follow_up: None, done: Vec::new() }).await;
    who
}

fn list() -> Query {
    let window = Window { offset: 0, limit: 9 };
    Query::Partners { filter: PartnerFilter::default(), sort: PartnerSort::Name, window, rows: Rows::Lines }
}

async fn last_contact(tab: &Tab) -> Option<i64> {
    let Answer::Partners(list) = tab.ask(list()).await else { panic!("not a list") };
    list.rows[0].last_contact_ms
}

async fn written(tab: &Tab, form: TableForm) -> String {
    let columns = vec![(Column::LastContact, "Last".to_owned())];
    let table = Table { filter: PartnerFilter::default(), sort: PartnerSort::Name, columns, form };
    let done = tab.run(Command::WriteTable(table)).await.expect("a table");
    let Outcome::Table(bytes) = done.outcome else { panic!("not a table") };
    String::from_utf8(bytes).expect("text")
}

#[test]
fn a_day_without_a_time_is_that_day_in_lists_searches_and_files_d13() {
    for hours in [-10, 0, 8, 13] {
        run(async move {
            let (device, tab) = alone().await;
            device.hours_ahead.set(hours);
            let begins = the_day().midnight_ms() - hours * HOUR;
            met(&tab, begins - HOUR).await;
            assert_eq!(last_contact(&tab).await, Some(begins), "{hours} hours ahead");
            assert_eq!(written(&tab, TableForm::Csv).await, "Last\r\n2026-03-02\r\n", "{hours} hours ahead");
            let found = tab.ask(Query::FindRecords { text: "tea".into(), limit: 9 }).await;
            let Answer::FindRecords(found) = found else { panic!("not found") };
            let at: Vec<_> = found.iter().map(|found| found.at_ms).collect();
            assert_eq!(at, [Some(begins), Some(begins - HOUR)], "{hours} hours ahead");
        });
    }
}

#[test]
fn a_file_names_the_day_of_a_call_by_the_clocks_here_d13() {
    run(async {
        let (_device, tab) = alone().await;
        let morning = the_day().midnight_ms() + 17 * HOUR;
        met(&tab, morning).await;
        assert_eq!(written(&tab, TableForm::Csv).await, "Last\r\n2026-03-03\r\n", "one in the morning there");
    });
}

#[test]
fn days_begin_elsewhere_once_the_device_was_carried_there_d13() {
    run(async {
        let (device, tab) = alone().await;
        let begins = |hours: i64| Some(the_day().midnight_ms() - hours * HOUR);
        met(&tab, the_day().midnight_ms() - 20 * HOUR).await;
        assert_eq!(last_contact(&tab).await, begins(8));
        device.hours_ahead.set(-8);
        tab.nudge(Nudge::Shown);
        assert_eq!(last_contact(&tab).await, begins(-8));
    });
}

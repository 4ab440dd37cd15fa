//! A day on the road: ordered, taken back, the same on another device, and everybody's own.

use super::world::{MORNING_MS, Tab};
use super::{alone, person, run};
use crate::port::{Answer, Command, FailureCode, Plan, PlanAct, Query};
use satchel_domain::{Address, Coordinates, Moment, PartnerDraft, PartnerKind, RecordId, TaskDraft};

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;

/// The midnight before the tests' morning, in UTC.
fn midnight() -> i64 {
    let now = i64::try_from(MORNING_MS).expect("a time");
    now - now.rem_euclid(DAY_MS)
}

async fn plan(tab: &Tab) -> Plan {
    match tab.ask(Query::Plan { from_ms: midnight(), to_ms: midnight() + DAY_MS }).await {
        Answer::Plan(plan) => plan,
        other => panic!("no plan: {other:?}"),
    }
}

async fn order(tab: &Tab) -> Vec<String> {
    plan(tab).await.stops.into_iter().map(|stop| stop.partner.name).collect()
}

/// Somebody, and a task with her so many hours after midnight.
async fn visit(tab: &Tab, name: &str, hours: i64) -> (RecordId, RecordId) {
    let partner = tab.created(Command::CreatePartner { draft: person(name, "", "") }).await;
    (partner, task(tab, partner, hours).await)
}

async fn task(tab: &Tab, partner: RecordId, hours: i64) -> RecordId {
    let due = Some(Moment::exact(midnight() + hours * HOUR_MS, "UTC"));
    let draft = TaskDraft { partner: Some(partner), title: "Visit".into(), due, ..TaskDraft::default() };
    tab.created(Command::CreateTask { draft }).await
}

#[test]
fn who_has_no_address_is_visited_where_she_works() {
    run(async {
        let (_device, tab) = alone().await;
        let firm = PartnerDraft {
            kind: PartnerKind::Organisation,
            name: "Mill".into(),
            addresses: vec![Address { city: "Bath".into(), ..Address::default() }],
            coordinates: Coordinates::of_degrees(51.38, -2.36),
            ..PartnerDraft::default()
        };
        let firm = tab.created(Command::CreatePartner { draft: firm }).await;
        let miller =
            PartnerDraft { name: "Miller".into(), organisation: Some(firm), ..PartnerDraft::default() };
        let miller = tab.created(Command::CreatePartner { draft: miller }).await;
        task(&tab, miller, 9).await;
        let stop = plan(&tab).await.stops.remove(0);
        assert_eq!(stop.partner.name, "Miller");
        assert_eq!(stop.address.map(|address| address.city), Some("Bath".to_owned()));
        assert_eq!(stop.coordinates, Coordinates::of_degrees(51.38, -2.36));
    });
}

#[test]
fn a_day_is_ordered_by_time_until_somebody_orders_it_and_that_is_taken_back() {
    run(async {
        let (_device, tab) = alone().await;
        let (_, late) = visit(&tab, "Late", 16).await;
        let (_, early) = visit(&tab, "Early", 9).await;
        let (noon, first) = visit(&tab, "Noon", 12).await;
        let second = task(&tab, noon, 15).await;
        visit(&tab, "Tomorrow", 30).await;
        visit(&tab, "Yesterday", -3).await;
        assert_eq!(order(&tab).await, ["Early", "Noon", "Late"]);
        let shown = plan(&tab).await;
        assert_eq!((shown.stops[1].tasks.len(), shown.late), (2, 1), "one stop for two tasks");

        let arranged = PlanAct::Arrange(vec![vec![late], vec![first, second], vec![early]]);
        let done = tab.run(Command::Plan(arranged.clone())).await.expect("they are there");
        assert_eq!(order(&tab).await, ["Late", "Noon", "Early"]);
        let again = tab.run(Command::Plan(arranged)).await.expect("they are there");
        assert_eq!(again.undo, None, "nothing is written that stands so already");

        visit(&tab, "New", 8).await;
        assert_eq!(order(&tab).await, ["Late", "Noon", "Early", "New"], "who has no turn comes last");
        tab.run(Command::Undo { token: done.undo.expect("undoable") }).await.expect("still there");
        assert_eq!(order(&tab).await, ["New", "Early", "Noon", "Late"]);
        let gone = tab.run(Command::Plan(PlanAct::Aside(vec![RecordId([9; 16])]))).await;
        assert_eq!(gone.expect_err("there is none").code, FailureCode::NotFound);
    });
}

#[test]
fn what_is_no_visit_stands_aside_and_comes_back() {
    run(async {
        let (_device, tab) = alone().await;
        let (_, call) = visit(&tab, "Call", 9).await;
        visit(&tab, "Visit", 10).await;
        tab.run(Command::Plan(PlanAct::Aside(vec![call]))).await.expect("it is there");
        assert_eq!(order(&tab).await, ["Visit"]);
        assert_eq!(plan(&tab).await.aside.len(), 1);
        tab.run(Command::Plan(PlanAct::Back(vec![call]))).await.expect("it is there");
        assert_eq!(order(&tab).await, ["Call", "Visit"]);
    });
}

#[test]
fn where_a_customer_is_is_kept_with_her_and_taken_back() {
    run(async {
        let (_device, tab) = alone().await;
        let (partner, _) = visit(&tab, "Anna", 9).await;
        let at = Coordinates::of_degrees(52.52, 13.405);
        let done = tab.run(Command::Plan(PlanAct::Locate { partner, at })).await.expect("she is there");
        assert_eq!(plan(&tab).await.stops[0].coordinates, at);
        tab.run(Command::Undo { token: done.undo.expect("undoable") }).await.expect("still there");
        assert_eq!(plan(&tab).await.stops[0].coordinates, None);
    });
}

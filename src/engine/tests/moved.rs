//! What is written here while a customer moves to another territory, and what else a move leaves alone.

use super::attached::{large, sent, visit};
use super::beside::{creating, go, id_named, said, territories, timeline};
use super::sync::{card, edit};
use super::team::Office;
use super::world::{PUSH, Tab};
use super::{names, run};
use crate::port::{
    Answer, Command, Done, Failure, FailureCode, Meant, Nudge, PersonAct, Query, Role, WorkspaceRef,
};
use futures_util::future::join;
use satchel_domain::RecordId;

/// Moves a customer; `meanwhile` happens once the copies are on their way to the server.
async fn moved(
    office: &Office,
    who: RecordId,
    to: &WorkspaceRef,
    meanwhile: impl Future<Output = ()>,
) -> Result<Done, Failure> {
    office.device.held.set(Some(PUSH));
    let moving = Command::MovePartners { meant: Meant::These(vec![who]), to: to.clone() };
    let meanwhile = async {
        office.owner.until(|_| office.device.keeps.get()).await;
        meanwhile.await;
        office.device.held.set(None);
    };
    join(office.owner.run(moving), meanwhile).await.0
}

/// Until something that a colleague sent is here.
async fn arrived(tab: &Tab, holds: impl AsyncFn() -> bool) {
    tab.until_told(async || {
        tab.nudge(Nudge::Asked);
        tokio::task::yield_now().await;
        holds().await
    })
    .await;
}

/// Everything is here as it was, and moves when nothing comes between; she is there once then.
async fn stays_and_moves_then(
    office: &Office,
    refused: Result<Done, Failure>,
    to: &WorkspaceRef,
) -> RecordId {
    let owner = &office.owner;
    assert_eq!(refused.map_err(|failure| failure.code), Err(FailureCode::ChangedMeanwhile));
    owner.synced().await;
    assert_eq!(names(owner, "Rossi").await, ["Rossi"]);
    let moving =
        Command::MovePartners { meant: Meant::These(vec![id_named(owner, "Rossi").await]), to: to.clone() };
    owner.run(moving).await.expect("nothing comes between");
    owner.synced().await;
    assert_eq!(names(owner, "Rossi").await, [""; 0]);
    go(owner, to).await;
    owner.synced().await;
    assert_eq!(names(owner, "Rossi").await, ["Rossi"], "what was copied before lies in the trash");
    id_named(owner, "Rossi").await
}

#[test]
fn what_a_colleague_writes_while_a_customer_moves_is_not_erased_with_her_r101() {
    run(async {
        let office = Office::open().await;
        let (_device, northern) = office.welcome("Nora", Role::Editor, 1_000_000).await;
        let (north, south) = territories(&office.owner).await;
        go(&office.owner, &north).await;
        let rossi = office.owner.created(creating("Rossi")).await;
        office.owner.synced().await;
        northern.synced().await;
        let refused = moved(&office, rossi, &south, async {
            edit(&northern, rossi, |draft| draft.note = "coffee".into()).await;
            northern.synced().await;
            arrived(&office.owner, async || card(&office.owner, rossi).await.note == "coffee").await;
        });
        let there = stays_and_moves_then(&office, refused.await, &south).await;
        assert_eq!(card(&office.owner, there).await.note, "coffee");
    });
}

#[test]
fn what_one_writes_oneself_while_a_customer_moves_is_not_erased_with_her_r101() {
    run(async {
        let office = Office::open().await;
        let (north, south) = territories(&office.owner).await;
        go(&office.owner, &north).await;
        let rossi = office.owner.created(creating("Rossi")).await;
        office.owner.synced().await;
        let refused = moved(&office, rossi, &south, async {
            edit(&office.owner, rossi, |draft| draft.note = "coffee".into()).await;
        });
        let there = stays_and_moves_then(&office, refused.await, &south).await;
        assert_eq!(card(&office.owner, there).await.note, "coffee");
    });
}

#[test]
fn what_is_logged_while_a_customer_moves_is_not_left_behind_r101() {
    run(async {
        let office = Office::open().await;
        let (_device, northern) = office.welcome("Nora", Role::Editor, 1_000_000).await;
        let (north, south) = territories(&office.owner).await;
        go(&office.owner, &north).await;
        let rossi = office.owner.created(creating("Rossi")).await;
        office.owner.synced().await;
        northern.synced().await;
        let refused = moved(&office, rossi, &south, async {
            northern.created(said(rossi, "barolo")).await;
            northern.synced().await;
            arrived(&office.owner, async || timeline(&office.owner, rossi).await.total == 1).await;
        });
        let there = stays_and_moves_then(&office, refused.await, &south).await;
        assert_eq!(timeline(&office.owner, there).await.total, 1);
    });
}

#[test]
fn a_file_that_stays_on_the_disk_takes_no_copy_of_a_customer_back_r101() {
    run(async {
        let office = Office::open().await;
        let owner = &office.owner;
        let (north, south) = territories(owner).await;
        go(owner, &north).await;
        let (who, ..) = visit(owner, large()).await;
        owner.synced().await;
        sent(owner).await;
        owner.synced().await;
        office.device.clings.set(true);
        let moving = Command::MovePartners { meant: Meant::These(vec![who]), to: south.clone() };
        owner.run(moving).await.expect("the file is dropped another time");
        assert_eq!(names(owner, "Anna").await, [""; 0]);
        go(owner, &south).await;
        owner.synced().await;
        assert_eq!(names(owner, "Anna").await, ["Anna"]);
    });
}

async fn begun(tab: &Tab, key: &str) -> String {
    match tab.ask(Query::Draft { key: key.into() }).await {
        Answer::Draft(text) => text,
        other => panic!("no draft: {other:?}"),
    }
}

async fn begin(tab: &Tab, key: &str, text: &str) {
    tab.run(Command::KeepDraft { key: key.into(), text: text.into() }).await.expect("kept");
}

const FORMS: [(&str, &str); 3] = [
    ("log", "{\"content\":\"Anderson wants tea\"}"),
    ("partner/new", "{\"name\":\"Anna\",\"An\":\"\"}"),
    ("task/new", "{\"title\":\"安娜回电\"}"),
];

#[test]
fn who_moves_takes_no_form_of_another_along_r101() {
    run(async {
        let office = Office::open().await;
        let owner = &office.owner;
        let (north, south) = territories(owner).await;
        go(owner, &north).await;
        let an = owner.created(creating("An")).await;
        owner.synced().await;
        let (hers, others) = (format!("log/{}", an.to_hex()), ("log/new", "{\"content\":\"An says so\"}"));
        begin(owner, &hers, "{\"content\":\"tea\"}").await;
        for (key, text) in FORMS.into_iter().chain([others]) {
            begin(owner, key, text).await;
        }
        let moving = Command::MovePartners { meant: Meant::These(vec![an]), to: south.clone() };
        owner.run(moving).await.expect("both are hers");
        assert_eq!(begun(owner, &hers).await, "");
        for (key, text) in FORMS.into_iter().chain([others]) {
            assert_eq!(begun(owner, key).await, text);
        }
    });
}

#[test]
fn an_erasure_empties_the_forms_that_name_whom_it_erases_and_no_others_r102() {
    run(async {
        let office = Office::open().await;
        let owner = &office.owner;
        for (name, naming) in [("An", "told an, yesterday"), ("安娜", "致电：安娜。")] {
            let id = owner.created(creating(name)).await;
            owner.synced().await;
            for (key, text) in FORMS {
                begin(owner, key, text).await;
            }
            begin(owner, "log/new", &format!("{{\"content\":\"{naming}\"}}")).await;
            owner.run(Command::Person(PersonAct::Erase { id })).await.expect("all is in sync");
            assert_eq!(begun(owner, "log/new").await, "", "{name}");
            for (key, text) in FORMS {
                assert_eq!(begun(owner, key).await, text, "{name}");
            }
        }
    });
}

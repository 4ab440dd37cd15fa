//! A form that stands open with the words of somebody who was erased: they do not come back to the disk (R102).

use super::sync::{Pair, pair};
use super::world::{Device, PASSPHRASE, Tab};
use super::{person, run};
use crate::port::{Command, FailureCode, Nudge, PersonAct, Query, Secret};
use satchel_domain::RecordId;

/// Stands in everything that is about the person.
const CANARY: &str = "Quasimodo";

/// The key of a call that is being logged.
fn call(id: RecordId) -> String {
    format!("log/{}", id.to_hex())
}

/// Forms that are open in a tab: about her, with her in it, and with her name in its words.
async fn types(tab: &Tab, (her, other): (RecordId, RecordId)) {
    let RecordId(bytes) = her;
    let forms = [
        (call(her), format!("{CANARY} rang, at length")),
        (
            call(other),
            format!("{{\"content\":\"rang, both\",\"participants\":[{bytes:?}]}}").replace(' ', ""),
        ),
        ("task/new".to_owned(), format!("{{\"title\":\"Greet {CANARY}\"}}")),
    ];
    for (key, text) in forms {
        let open = tab.watch(Query::Draft { key: key.clone() });
        tab.until(|said| said.answers.contains_key(&open)).await;
        tab.run(Command::KeepDraft { key, text }).await.expect("kept");
    }
}

/// The tab is left and come back to, and the forms had their turns.
async fn left(tab: &Tab) {
    for nudge in [Nudge::Hidden, Nudge::Shown] {
        tab.nudge(nudge);
        for _ in 0..2_000 {
            tokio::task::yield_now().await;
        }
    }
}

/// What of her a device keeps.
async fn found(tab: &Tab, her: RecordId) -> Vec<String> {
    let written = format!("{:?}", her.0).replace(' ', "");
    let mut held = tab.everything().await;
    held.retain(|held| held.contains(CANARY) || held.contains(&written) || held.contains(&call(her)));
    held
}

async fn two_tabs() -> (Device, Tab, Tab, (RecordId, RecordId), Device) {
    let Pair { a, b, on_a: one, .. } = pair().await;
    let her = one.created(Command::CreatePartner { draft: person(CANARY, "", "") }).await;
    let other = one.created(Command::CreatePartner { draft: person("Esmeralda", "", "") }).await;
    one.synced().await;
    let two = a.tab().await;
    two.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
    two.synced().await;
    (a, one, two, (her, other), b)
}

#[test]
fn what_stands_in_an_open_form_of_who_was_erased_is_not_kept_again_r102() {
    run(async {
        let (_a, one, two, both, _b) = two_tabs().await;
        types(&two, both).await;
        one.run(Command::Person(PersonAct::Erase { id: both.0 })).await.expect("all is in sync");
        one.synced().await;
        assert_eq!(found(&one, both.0).await, [""; 0], "all forms went");
        two.hears_of(vec![both.0]);
        left(&two).await;
        left(&one).await;
        assert_eq!(found(&two, both.0).await, [""; 0], "nor does another tab bring them back");
    });
}

#[test]
fn what_stands_in_a_form_of_the_tab_that_erased_is_not_kept_again_r102() {
    run(async {
        let (_a, one, _two, both, _b) = two_tabs().await;
        types(&one, both).await;
        one.run(Command::Person(PersonAct::Erase { id: both.0 })).await.expect("all is in sync");
        one.synced().await;
        left(&one).await;
        assert_eq!(found(&one, both.0).await, [""; 0]);
    });
}

/// Who types on in a form about her is told that she is not there; putting the form away goes on as ever.
#[test]
fn a_form_about_who_was_erased_is_kept_no_more_and_says_so_r102() {
    run(async {
        let (_a, one, two, both, _b) = two_tabs().await;
        types(&two, both).await;
        one.run(Command::Person(PersonAct::Erase { id: both.0 })).await.expect("all is in sync");
        one.synced().await;
        two.hears_of(vec![both.0]);
        left(&two).await;
        let keep = |text: &str| Command::KeepDraft { key: call(both.0), text: text.into() };
        let refused = two.run(keep("Quasimodo rang, and more")).await.expect_err("she is not there");
        assert_eq!(refused.code, FailureCode::NotFound);
        left(&two).await;
        two.run(keep("")).await.expect("put away");
        assert_eq!(found(&two, both.0).await, [""; 0]);
    });
}

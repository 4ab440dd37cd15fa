//! The same form open in two tabs: what one keeps is neither overwritten nor dropped by the other.

use super::world::{Device, PASSPHRASE, Tab};
use super::{alone, run};
use crate::port::{Answer, Command, Nudge, Query, RequestId, Secret};

const FORM: &str = "partner/new";

/// A second tab of the device.
async fn second(device: &Device) -> Tab {
    let tab = device.tab().await;
    tab.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
    tab
}

/// Opens the form of a new customer; with what it begins.
async fn open(tab: &Tab) -> (RequestId, String) {
    let id = tab.watch(Query::Draft { key: FORM.into() });
    tab.until(|said| said.answers.contains_key(&id)).await;
    match tab.said.borrow().answers.get(&id) {
        Some(Answer::Draft(text)) => (id, text.clone()),
        other => panic!("no form: {other:?}"),
    }
}

async fn types(tab: &Tab, text: &str) {
    tab.run(Command::KeepDraft { key: FORM.into(), text: text.into() }).await.expect("kept");
}

/// It is saved, and its form goes.
async fn saves(tab: &Tab, (id, _): (RequestId, String)) {
    types(tab, "").await;
    tab.forget(id);
}

/// What the forms begin with that are opened and saved one after the other from now on.
async fn given(device: &Device) -> Vec<String> {
    let tab = second(device).await;
    let mut given = Vec::new();
    loop {
        let form = open(&tab).await;
        if form.1.is_empty() {
            return given;
        }
        given.push(form.1.clone());
        saves(&tab, form).await;
    }
}

#[test]
fn saving_another_new_customer_in_another_tab_leaves_a_draft_alone() {
    run(async {
        let (device, one) = alone().await;
        let two = second(&device).await;
        let (_first, other) = (open(&one).await, open(&two).await);
        types(&one, "Anna").await;
        types(&two, "Ben").await;
        types(&one, "Anna K").await;
        saves(&two, other).await;
        assert_eq!(given(&device).await, ["Anna K"]);
    });
}

#[test]
fn both_forms_come_back_one_after_the_other() {
    run(async {
        let (device, one) = alone().await;
        let two = second(&device).await;
        let _open = (open(&one).await, open(&two).await);
        types(&two, "Ben").await;
        types(&one, "Anna").await;
        types(&two, "Ben B").await;
        drop((one, two));
        assert_eq!(given(&device).await, ["Ben B", "Anna"]);
    });
}

#[test]
fn what_another_tab_was_given_and_saved_is_kept_again_where_it_is_still_open() {
    run(async {
        for nudge in [Nudge::Shown, Nudge::Hidden] {
            let (device, one) = alone().await;
            let (_first, two) = (open(&one).await, second(&device).await);
            types(&one, "Anna").await;
            let other = open(&two).await;
            assert_eq!(other.1, "Anna", "as after a restart");
            types(&two, "Ben").await;
            saves(&two, other).await;
            one.nudge(nudge);
            one.until_told(async || {
                tokio::task::yield_now().await;
                one.ask(Query::Draft { key: FORM.into() }).await == Answer::Draft("Anna".into())
            })
            .await;
        }
    });
}

#[test]
fn what_was_saved_or_emptied_is_not_kept_again() {
    run(async {
        let (device, tab) = alone().await;
        let first = open(&tab).await;
        types(&tab, "Anna").await;
        saves(&tab, first).await;
        let _open = open(&tab).await;
        types(&tab, "Ben").await;
        types(&tab, "").await;
        tab.nudge(Nudge::Hidden);
        tab.nudge(Nudge::Shown);
        tab.run(Command::KeepDraft { key: "log".into(), text: "later".into() }).await.expect("kept");
        drop(tab);
        assert!(given(&device).await.is_empty());
    });
}

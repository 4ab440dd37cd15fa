//! Two devices of one account, the real server's logic between them, and a network that fails.

use super::world::{Device, Network, PASSPHRASE, PUSH, Server, Tab};
use super::{clock, names, person, run, talk};
use crate::port::{
    Answer, Command, FailureCode, Mark, Nudge, Query, ReviewChoice, Secret, SyncPage, SyncPhase, SyncTrouble,
};
use satchel_domain::{Method, PartnerDraft, RecordId};
use satchel_replica::Store;
use std::sync::atomic::Ordering;

pub(super) struct Pair {
    pub(super) a: Device,
    pub(super) b: Device,
    pub(super) on_a: Tab,
    pub(super) on_b: Tab,
}

pub(super) async fn pair() -> Pair {
    pair_from(1).await
}

/// Another account for each seed.
pub(super) async fn pair_from(seed: u64) -> Pair {
    let clock = clock();
    let server = Server::start(&clock);
    let (a, b) = (Device::new(&server, &clock, seed), Device::new(&server, &clock, seed * 1_000_000));
    let on_a = a.tab().await;
    on_a.create_workspace().await;
    on_a.synced().await;
    let code = Secret(on_a.device_code().await);
    let on_b = b.tab().await;
    let join = Command::JoinWorkspace { code, passphrase: Secret(PASSPHRASE.into()) };
    on_b.run(join).await.expect("the server knows the account");
    on_b.synced().await;
    Pair { a, b, on_a, on_b }
}

pub(super) fn all(devices: [&Device; 2], network: Network) {
    for device in devices {
        device.network.set(network);
    }
}

pub(super) async fn card(tab: &Tab, id: RecordId) -> PartnerDraft {
    match tab.ask(Query::Partner { id }).await {
        Answer::Partner(Some(card)) => card.partner.card,
        other => panic!("no card: {other:?}"),
    }
}

pub(super) async fn sync_page(tab: &Tab) -> SyncPage {
    match tab.ask(Query::Sync).await {
        Answer::Sync(page) => *page,
        other => panic!("no page: {other:?}"),
    }
}

pub(super) async fn edit(tab: &Tab, id: RecordId, change: impl Fn(&mut PartnerDraft)) {
    let seen = card(tab, id).await;
    let mut draft = seen.clone();
    change(&mut draft);
    tab.run(Command::EditPartner { id, seen, draft }).await.expect("valid");
}

/// A pair that met again, and whom they named differently while they were apart: `Anna A`, and a minute later `Anna B`.
pub(super) async fn named_apart() -> (Pair, RecordId) {
    let apart = pair().await;
    let Pair { a, b, on_a, on_b } = &apart;
    let id = on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
    on_a.synced().await;
    on_b.synced().await;
    all([a, b], Network::Down);
    edit(on_a, id, |draft| draft.name = "Anna A".into()).await;
    a.clock.fetch_add(60_000, Ordering::Relaxed);
    edit(on_b, id, |draft| draft.name = "Anna B".into()).await;
    all([a, b], Network::Up);
    on_a.synced().await;
    on_b.synced().await;
    on_a.synced().await;
    (apart, id)
}

#[test]
fn what_one_device_writes_the_other_sees_and_the_other_way_round() {
    run(async {
        let Pair { on_a, on_b, .. } = pair().await;
        let id = on_a.created(Command::CreatePartner { draft: person("张三", "13800000000", "") }).await;
        on_a.synced().await;
        on_b.synced().await;
        assert_eq!(names(&on_b, "zs").await, ["张三"]);
        let draft = talk(id, Method::Phone, 1_772_440_000_000, "from B");
        on_b.created(Command::LogInteraction { draft, follow_up: None, done: Vec::new() }).await;
        on_b.synced().await;
        on_a.synced().await;
        let Answer::Partner(Some(card)) = on_a.ask(Query::Partner { id }).await else { panic!("no card") };
        assert_eq!(card.summary.count, 1);
    });
}

#[test]
fn concurrent_edits_of_different_fields_both_survive_r108() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        let id = on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        on_a.synced().await;
        on_b.synced().await;
        all([&a, &b], Network::Down);
        edit(&on_a, id, |draft| draft.note = "A's note".into()).await;
        edit(&on_b, id, |draft| draft.position = "B's position".into()).await;
        all([&a, &b], Network::Up);
        on_a.nudge(Nudge::Online);
        on_a.synced().await;
        on_b.synced().await;
        on_a.synced().await;
        for tab in [&on_a, &on_b] {
            let card = card(tab, id).await;
            assert_eq!((card.note.as_str(), card.position.as_str()), ("A's note", "B's position"));
            assert!(sync_page(tab).await.review.is_empty());
        }
    });
}

#[test]
fn of_two_edits_of_one_field_the_later_stands_and_the_other_is_offered() {
    run(async {
        let (Pair { on_a, on_b, .. }, id) = named_apart().await;
        assert_eq!(card(&on_a, id).await.name, "Anna B");
        let page = sync_page(&on_b).await;
        assert_eq!((page.review.len(), page.status.review), (1, 1));
        assert!(page.review[0].mine_stands);
        let key = page.review[0].key.clone();
        let choices = vec![(key, ReviewChoice::Theirs)];
        on_b.run(Command::Review { choices }).await.expect("it is in the list");
        on_b.synced().await;
        on_a.synced().await;
        assert_eq!(card(&on_a, id).await.name, "Anna A");
        assert!(sync_page(&on_b).await.review.is_empty());
    });
}

#[test]
fn an_edit_wins_over_a_deletion_and_says_so() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        let id = on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        on_a.synced().await;
        on_b.synced().await;
        all([&a, &b], Network::Down);
        edit(&on_a, id, |draft| draft.note = "still needed".into()).await;
        on_b.run(Command::Delete { ids: vec![id] }).await.expect("it is there");
        all([&a, &b], Network::Up);
        on_a.synced().await;
        on_b.synced().await;
        on_a.synced().await;
        assert_eq!(names(&on_a, "anna").await, ["Anna"]);
        assert_eq!(names(&on_b, "anna").await, ["Anna"]);
        assert!(sync_page(&on_b).await.review.iter().any(|item| item.restored));
    });
}

#[test]
fn every_kind_of_failing_server_is_named_and_loses_nothing() {
    run(async {
        let Pair { a, on_a, on_b, .. } = pair().await;
        let faults = [
            (Network::Down, SyncPhase::Offline),
            (Network::Portal, SyncPhase::Trouble(SyncTrouble::NotTheServer)),
            (Network::Status(500), SyncPhase::Trouble(SyncTrouble::ServerError)),
            (Network::Status(429), SyncPhase::Trouble(SyncTrouble::Busy)),
        ];
        for (network, expected) in faults {
            a.network.set(network);
            on_a.created(Command::CreatePartner { draft: person("Kept", "", "") }).await;
            on_a.nudge(Nudge::Asked);
            on_a.until(|said| said.sync.is_some_and(|sync| sync.phase == expected && sync.waiting > 0)).await;
            // A pause that a server asked for passes.
            a.clock.fetch_add(20 * 60_000, Ordering::Relaxed);
        }
        a.network.set(Network::Up);
        on_a.synced().await;
        on_b.synced().await;
        assert_eq!(names(&on_b, "kept").await.len(), 4);
    });
}

#[test]
fn a_refusal_is_told_no_longer_than_it_is_the_last_word() {
    run(async {
        let Pair { a, on_a, on_b, .. } = pair().await;
        let refused = SyncPhase::Trouble(SyncTrouble::Refused);
        let since = [
            (Network::Down, SyncPhase::Offline),
            (Network::Portal, SyncPhase::Trouble(SyncTrouble::NotTheServer)),
            (Network::Status(500), SyncPhase::Trouble(SyncTrouble::ServerError)),
        ];
        for (network, expected) in since {
            for (network, expected) in [(Network::Status(403), refused), (network, expected)] {
                a.network.set(network);
                on_a.created(Command::CreatePartner { draft: person("Kept", "", "") }).await;
                on_a.nudge(Nudge::Asked);
                on_a.until(|said| said.sync.is_some_and(|sync| sync.phase == expected)).await;
                a.clock.fetch_add(20 * 60_000, Ordering::Relaxed);
            }
        }
        a.network.set(Network::Up);
        on_a.synced().await;
        on_b.synced().await;
        assert_eq!(names(&on_b, "kept").await.len(), 6);
    });
}

#[test]
fn an_expired_session_and_a_restart_of_the_app_go_on_by_themselves() {
    run(async {
        let Pair { a, on_a, on_b, .. } = pair().await;
        a.network.set(Network::Down);
        on_a.created(Command::CreatePartner { draft: person("Offline", "", "") }).await;
        drop(on_a);
        let on_a = a.tab().await;
        on_a.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("the right one");
        assert_eq!(sync_page(&on_a).await.status.waiting, 1);
        a.clock.fetch_add(40 * 24 * 3_600_000, Ordering::Relaxed);
        a.network.set(Network::Up);
        on_a.nudge(Nudge::Online);
        on_a.synced().await;
        on_b.synced().await;
        assert_eq!(names(&on_b, "offline").await, ["Offline"]);
    });
}

#[test]
fn an_emptied_server_learns_the_account_and_its_records_again() {
    run(async {
        let clock = clock();
        let server = Server::start(&clock);
        let (a, c) = (Device::new(&server, &clock, 1), Device::new(&server, &clock, 2_000_000));
        let on_a = a.tab().await;
        on_a.create_workspace().await;
        on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        on_a.synced().await;
        server.empty(&clock);
        on_a.created(Command::CreatePartner { draft: person("Bo", "", "") }).await;
        let emptied = clock.load(Ordering::Relaxed);
        on_a.nudge(Nudge::Asked);
        on_a.until(|said| {
            // The pause after finding another log passes.
            clock.fetch_add(1, Ordering::Relaxed);
            said.sync.is_some_and(|sync| sync.phase == SyncPhase::Synced && sync.synced_at_ms > Some(emptied))
        })
        .await;
        let code = Secret(on_a.device_code().await);
        let on_c = c.tab().await;
        let join = Command::JoinWorkspace { code, passphrase: Secret(PASSPHRASE.into()) };
        on_c.run(join).await.expect("the server knows the account again");
        on_c.synced().await;
        assert_eq!(
            (names(&on_c, "anna").await, names(&on_c, "bo").await),
            (vec!["Anna".into()], vec!["Bo".into()])
        );
    });
}

#[test]
fn no_word_of_a_record_is_on_the_disk_in_clear() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        let canary = "Kanarienvogel";
        let id = on_a.created(Command::CreatePartner { draft: person(canary, canary, "") }).await;
        let draft = talk(id, Method::Phone, 1_772_440_000_000, canary);
        on_a.created(Command::LogInteraction { draft, follow_up: None, done: Vec::new() }).await;
        on_a.run(Command::KeepDraft { key: "log/1".into(), text: canary.into() }).await.expect("kept");
        on_a.synced().await;
        on_b.synced().await;
        for store in a.stores().into_iter().chain(b.stores()) {
            for row in store.scan(None, usize::MAX).await.expect("readable") {
                assert!(!contains(&row.encode(), canary));
            }
            for item in store.locals("").await.expect("readable") {
                assert!(!contains(&item.sealed, canary) && !item.key.contains(canary));
            }
        }
    });
}

fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// What the server said of the first edit says nothing of the second.
#[test]
fn what_is_edited_while_it_is_sent_waits_and_is_not_let_go() {
    run(async {
        let Pair { a, on_a, .. } = pair().await;
        let id = on_a.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        on_a.synced().await;
        a.held.set(Some(PUSH));
        edit(&on_a, id, |draft| draft.note = "first".into()).await;
        on_a.until(|_| a.keeps.get()).await;
        edit(&on_a, id, |draft| draft.note = "second".into()).await;
        a.pass.set(true);
        on_a.until(|_| !a.pass.get() && a.keeps.get()).await;
        let Answer::Partner(Some(card)) = on_a.ask(Query::Partner { id }).await else { panic!("no card") };
        assert_eq!((card.mark, sync_page(&on_a).await.status.waiting), (Mark::Waiting, 1));
        let refused = on_a.run(Command::EraseDevice { discard: false }).await.expect_err("it would be lost");
        assert_eq!(refused.code, FailureCode::Unsent);
        a.held.set(None);
        on_a.synced().await;
        on_a.run(Command::EraseDevice { discard: false }).await.expect("all is on the server");
    });
}

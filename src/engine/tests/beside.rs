//! Workspaces of one account beside each other: territories.

use super::history::history;
use super::sync::{card, edit};
use super::team::{Office, accept, id_of, invite, owner_of, refused, team};
use super::world::{CHANGE, Device, MORNING_MS, Network, PASSPHRASE, Tab};
use super::{names, partners, person, run, talk};
use crate::engine::host::Call;
use crate::port::{
    Answer, Author, Command, FailureCode, HandOver, Meant, Outcome, PartnerFilter, Query, Role, Secret,
    Session, Timeline, TimelineFilter, Whose, Window, WorkspaceRef,
};
use satchel_domain::{Method, Participation, PartnerDraft, PartnerKind, RecordId, Relationship, TaskDraft};

pub(super) fn creating(name: &str) -> Command {
    Command::CreatePartner { draft: person(name, "", "") }
}

pub(super) fn said(partner: RecordId, content: &str) -> Command {
    let draft = talk(partner, Method::Phone, MORNING_MS.cast_signed(), content);
    Command::LogInteraction { draft, follow_up: None, done: Vec::new() }
}

/// Another territory of the owner's account; ends there.
pub(super) async fn territory(tab: &Tab, name: &str) -> WorkspaceRef {
    let command = Command::CreateBeside { name: name.into(), me: "Olga".into() };
    tab.run(command).await.expect("the server is there");
    tab.synced().await;
    here(tab)
}

/// Where the owner is, and a second territory of her account, in which she is then.
pub(super) async fn territories(tab: &Tab) -> (WorkspaceRef, WorkspaceRef) {
    (here(tab), territory(tab, "South").await)
}

pub(super) fn here(tab: &Tab) -> WorkspaceRef {
    match tab.said.borrow().session.clone() {
        Some(Session::Open { workspace }) => workspace,
        other => panic!("not open: {other:?}"),
    }
}

pub(super) async fn go(tab: &Tab, workspace: &WorkspaceRef) {
    tab.run(Command::SwitchTo { workspace: workspace.clone() }).await.expect("of the same account");
    assert_eq!(here(tab).id, workspace.id);
}

pub(super) async fn timeline(tab: &Tab, partner: RecordId) -> Timeline {
    let window = Window { offset: 0, limit: 20 };
    match tab.ask(Query::Timeline { partner, filter: TimelineFilter::default(), window }).await {
        Answer::Timeline(timeline) => timeline,
        other => panic!("no timeline: {other:?}"),
    }
}

#[test]
fn one_goes_between_territories_without_the_passphrase_and_never_to_another_account() {
    run(async {
        let office = Office::open().await;
        let north = here(&office.owner);
        office.owner.created(creating("Northern")).await;
        let south = territory(&office.owner, "South").await;
        assert_eq!((south.name.as_str(), partners(&office.owner).await), ("South", 0));
        assert_eq!(team(&office.owner).await.members.len(), 1);
        office.owner.created(creating("Southern")).await;
        office.owner.synced().await;
        go(&office.owner, &north).await;
        assert_eq!(names(&office.owner, "ern").await, ["Northern"]);
        office.owner.synced().await;
        assert!(
            matches!(office.owner.ask(Query::Beside).await, Answer::Beside(them) if them == [south.clone()])
        );
        let second = office.device.tab_that_knows(None, vec![north.id.clone(), south.id.clone()]).await;
        second.create_workspace().await;
        assert_eq!(refused(&second, Command::SwitchTo { workspace: north }).await, FailureCode::Locked);
        assert!(matches!(second.said.borrow().session, Some(Session::Open { .. })), "nothing was closed");
    });
}

#[test]
fn a_device_code_brings_all_territories() {
    run(async {
        let office = Office::open().await;
        let (north, south) = territories(&office.owner).await;
        office.owner.created(creating("Southern")).await;
        office.owner.synced().await;
        let code = Secret(office.owner.device_code().await);
        let new = Device::new(&office.server, &office.clock, 5_000_000);
        let tab = new.tab().await;
        let passphrase = Secret(PASSPHRASE.into());
        tab.run(Command::JoinWorkspace { code, passphrase }).await.expect("the server knows it");
        let other = if here(&tab).id == north.id { south.clone() } else { north };
        assert_eq!(tab.said.borrow().found, std::slice::from_ref(&other));
        tab.synced().await;
        go(&tab, &other).await;
        tab.synced().await;
        if other.id != south.id {
            go(&tab, &south).await;
            tab.synced().await;
        }
        assert_eq!(names(&tab, "ern").await, ["Southern"]);
    });
}

#[test]
fn a_customer_moves_to_another_territory_and_who_stays_behind_reads_nothing_r101() {
    run(async {
        let office = Office::open().await;
        let (_device, northern) = office.welcome("Nora", Role::Editor, 1_000_000).await;
        let (north, south) = territories(&office.owner).await;
        let device = Device::new(&office.server, &office.clock, 2_000_000);
        let southern = device.tab().await;
        southern.run(accept(invite(&office.owner, Role::Viewer).await, "Sue")).await.expect("invited");
        go(&office.owner, &north).await;
        let rossi = office.owner.created(creating("Rossi")).await;
        let other = office.owner.created(creating("Bianchi")).await;
        office.owner.created(said(rossi, "canary barolo")).await;
        edit(&office.owner, rossi, |draft| draft.note = "canary tea".into()).await;
        office.owner.synced().await;
        northern.synced().await;
        edit(&northern, rossi, |draft| draft.note = "coffee".into()).await;
        northern.synced().await;
        office.owner.synced().await;
        let shared = office.owner.created(said(other, "canary together")).await;
        let part = Participation { partner: rossi, relationship: Relationship::from_code("expert") };
        office.owner.run(Command::Link { record: shared, participation: part }).await.expect("both are here");
        let draft =
            TaskDraft { partner: Some(rossi), title: "Call".into(), due: None, ..TaskDraft::default() };
        office.owner.created(Command::CreateTask { draft }).await;
        office.owner.synced().await;
        northern.synced().await;
        assert_eq!(names(&northern, "Rossi").await, ["Rossi"]);
        let moving = Command::MovePartners { meant: Meant::These(vec![rossi]), to: south.clone() };
        let done = office.owner.run(moving).await.expect("both are hers");
        office.owner.synced().await;
        northern.synced().await;
        for tab in [&office.owner, &northern] {
            assert!(names(tab, "Rossi").await.is_empty());
            let everything = tab.everything().await;
            assert!(
                !everything.iter().any(|text| text.contains("canary barolo") || text.contains("canary tea"))
            );
            assert_eq!(names(tab, "Bianchi").await, ["Bianchi"]);
            assert_eq!(timeline(tab, other).await.total, 1, "what is another's stays");
        }
        southern.synced().await;
        assert_eq!(names(&southern, "Rossi").await, ["Rossi"]);
        let there = id_named(&southern, "Rossi").await;
        assert_eq!(timeline(&southern, there).await.total, 2, "with its history");
        assert_eq!(notes(&southern, there).await, [("canary tea", "Olga"), ("coffee", "Nora")].map(owned));
        office.owner.run(Command::Undo { token: done.undo.unwrap() }).await.expect("it comes back");
        office.owner.synced().await;
        northern.synced().await;
        southern.synced().await;
        assert_eq!(names(&northern, "Rossi").await, ["Rossi"]);
        assert!(names(&southern, "Rossi").await.is_empty());
        let back = id_named(&northern, "Rossi").await;
        assert_eq!(timeline(&northern, back).await.total, 2);
        assert_eq!(notes(&northern, back).await, [("canary tea", "Olga"), ("coffee", "Nora")].map(owned));
    });
}

/// A customer whom somebody looks after who is no member of the other territory is looked after by nobody there.
#[test]
fn only_who_is_a_member_there_goes_on_looking_after_a_customer_r101() {
    run(async {
        let office = Office::open().await;
        let (_device, _northern) = office.welcome("Nora", Role::Editor, 1_000_000).await;
        let (north, south) = territories(&office.owner).await;
        go(&office.owner, &north).await;
        office.owner.synced().await;
        let rossi = office.owner.created(creating("Rossi")).await;
        let bianchi = office.owner.created(creating("Bianchi")).await;
        let [olga, nora] = [id_of(&office.owner, "Olga").await, id_of(&office.owner, "Nora").await];
        for (customer, to) in [(rossi, nora), (bianchi, olga)] {
            let given = HandOver { whose: Whose::These(vec![customer]), to: Some(to), task: None };
            office.owner.run(Command::HandOver(given)).await.expect("a member here");
        }
        office.owner.synced().await;
        let moving = Command::MovePartners { meant: Meant::These(vec![rossi, bianchi]), to: south.clone() };
        office.owner.run(moving).await.expect("both are hers");
        go(&office.owner, &south).await;
        let there = [id_named(&office.owner, "Rossi").await, id_named(&office.owner, "Bianchi").await];
        assert_eq!(owner_of(&office.owner, there[0]).await, None, "Nora is no member here");
        assert_eq!(owner_of(&office.owner, there[1]).await, Some(olga));
        let told = history(&office.owner, there[0]).await.entries;
        let given = told.iter().find(|entry| entry.key.field == "owner").expect("it was handed over");
        assert_eq!(given.after, satchel_domain::Value::Null, "nor is she named");
    });
}

fn owned((value, name): (&str, &str)) -> (String, String) {
    (value.to_owned(), name.to_owned())
}

/// What the note of a partner who was moved here was before, oldest first, and who wrote it.
async fn notes(tab: &Tab, id: RecordId) -> Vec<(String, String)> {
    let mut told = Vec::new();
    for entry in history(tab, id).await.entries.into_iter().rev() {
        assert_eq!(entry.broken, None);
        if let (Author::Brought(name, by), "note") = (&entry.author, entry.key.field.as_str()) {
            assert!(!matches!(**by, Author::Brought(..)), "told once");
            told.push((entry.after.as_text().unwrap_or_default().to_owned(), name.clone()));
        }
    }
    told
}

pub(super) async fn id_named(tab: &Tab, name: &str) -> RecordId {
    match tab.ask(Query::Find { text: name.into(), limit: 5, kind: None }).await {
        Answer::Find(rows) => rows.first().expect("found").id,
        other => panic!("nothing found: {other:?}"),
    }
}

#[test]
fn nothing_moves_without_the_server_or_into_where_one_may_only_read() {
    run(async {
        let office = Office::open().await;
        let (north, south) = territories(&office.owner).await;
        go(&office.owner, &north).await;
        let rossi = office.owner.created(creating("Rossi")).await;
        office.owner.synced().await;
        let moving = Command::MovePartners { meant: Meant::These(vec![rossi]), to: south };
        office.device.network.set(Network::Down);
        assert_eq!(refused(&office.owner, moving).await, FailureCode::NotInSync);
        office.device.network.set(Network::Up);
        office.owner.synced().await;
        assert_eq!(names(&office.owner, "Rossi").await, ["Rossi"]);
        let here = Command::MovePartners { meant: Meant::These(vec![rossi]), to: north };
        assert_eq!(refused(&office.owner, here).await, FailureCode::AlreadyHere);
    });
}

/// Two that are told of together, one of them working for the other, and a third that stays.
#[test]
fn several_move_at_once_and_what_is_between_them_holds_r101() {
    run(async {
        let office = Office::open().await;
        let tab = &office.owner;
        let (north, south) = territories(tab).await;
        go(tab, &north).await;
        let draft = PartnerDraft { kind: PartnerKind::Organisation, ..person("Rossi & Figli", "", "") };
        let firm = tab.created(Command::CreatePartner { draft }).await;
        let draft = PartnerDraft { organisation: Some(firm), ..person("Carla Rossi", "", "") };
        let carla = tab.created(Command::CreatePartner { draft }).await;
        let stays = tab.created(creating("Bianchi")).await;
        let call = tab.created(said(firm, "canary barolo")).await;
        for partner in [carla, stays] {
            let part = Participation { partner, relationship: Relationship::from_code("expert") };
            tab.run(Command::Link { record: call, participation: part }).await.expect("all are here");
        }
        tab.synced().await;
        let filter = PartnerFilter::default();
        let moving =
            Command::MovePartners { meant: Meant::Found { filter, but: vec![stays] }, to: south.clone() };
        let done = tab.run(moving).await.expect("both workspaces are hers");
        assert_eq!(done.outcome, Outcome::Changed { changed: 2, same: 0 });
        assert_eq!((names(tab, "Rossi").await, partners(tab).await), (Vec::<String>::new(), 1));
        go(tab, &south).await;
        tab.synced().await;
        let (firm, carla) = (id_named(tab, "Rossi & Figli").await, id_named(tab, "Carla").await);
        assert_eq!(card(tab, carla).await.organisation, Some(firm), "she still works there");
        for partner in [firm, carla] {
            assert_eq!(timeline(tab, partner).await.total, 1, "one call, of both");
        }
        assert!(!tab.everything().await.iter().any(|text| text.contains("Bianchi")));
        go(tab, &north).await;
        tab.run(Command::Undo { token: done.undo.unwrap() })
            .await
            .expect_err("it was of the page that was left");
    });
}

#[test]
fn several_that_moved_come_back_by_one_undo() {
    run(async {
        let office = Office::open().await;
        let tab = &office.owner;
        let (north, south) = territories(tab).await;
        go(tab, &north).await;
        let mut ids = Vec::new();
        for name in ["Rossi", "Bianchi", "Verdi"] {
            ids.push(tab.created(creating(name)).await);
        }
        tab.synced().await;
        let nobody =
            Command::MovePartners { meant: Meant::These(vec![RecordId([9; 16])]), to: south.clone() };
        assert_eq!(refused(tab, nobody).await, FailureCode::NotFound);
        let moving = Command::MovePartners { meant: Meant::These(ids[..2].to_vec()), to: south };
        let done = tab.run(moving).await.expect("both workspaces are hers");
        assert_eq!(partners(tab).await, 1);
        tab.run(Command::Undo { token: done.undo.unwrap() }).await.expect("they come back");
        tab.synced().await;
        assert_eq!(partners(tab).await, 3);
        for name in ["Rossi", "Bianchi", "Verdi"] {
            assert_eq!(names(tab, name).await, [name]);
        }
    });
}

#[test]
fn a_territory_whose_founding_was_cut_off_is_founded_by_the_next_sync() {
    run(async {
        let Office { owner: tab, device, .. } = Office::open().await;
        let network = std::rc::Rc::clone(&device.network);
        device.lied_to(std::rc::Rc::new(move |call: &Call, answer| {
            if call.path.contains(CHANGE) {
                network.set(Network::Down);
            }
            answer
        }));
        tab.run(Command::CreateBeside { name: "South".into(), me: "Olga".into() }).await.expect("it is here");
        assert_eq!(here(&tab).name, "South");
        tab.created(creating("Southern")).await;
        device.told_the_truth();
        drop(tab);
        let found = device.tab_that_knows(None, Vec::new()).await.said.borrow().found.clone();
        device.network.set(Network::Up);
        let mut spaces = Vec::new();
        for place in found {
            let tab = device.tab_that_remembers(Some(place)).await;
            tab.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("it opens");
            tab.synced().await;
            spaces.push((here(&tab).name, team(&tab).await.members.len()));
        }
        spaces.sort();
        assert_eq!(spaces, [("Northport".to_owned(), 0), ("South".to_owned(), 1)]);
    });
}

//! Several people, the real server's logic between them: invited, joined, removed, and what each can do.

use super::sync::{Pair, card, edit, pair};
use super::world::{Device, Network, PASSPHRASE, Server, Tab};
use super::{clock, names, partners, person, run};
use crate::port::{
    Acceptance, Answer, Author, Command, FailureCode, HandOver, HandOverTask, History, HistoryEntry, Invited,
    Nudge, Outcome, PartnerFilter, Query, Role, Secret, Session, Standing, SyncPhase, SyncTrouble, Team,
    TeamChange, TeamId, Whose, Window, WorkspaceRef,
};
use satchel_domain::RecordId;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// An owner with a workspace on the server, and room for others.
pub(super) struct Office {
    pub(super) server: Server,
    pub(super) clock: Arc<AtomicU64>,
    pub(super) owner: Tab,
    pub(super) device: Device,
}

impl Office {
    pub(super) async fn open() -> Self {
        let clock = clock();
        let server = Server::start(&clock);
        let device = Device::new(&server, &clock, 1);
        let owner = device.tab().await;
        owner.create_workspace().await;
        owner.synced().await;
        Self { server, clock, owner, device }
    }

    /// Somebody on a device of her own, who was invited and has joined.
    pub(super) async fn welcome(&self, name: &str, role: Role, seed: u64) -> (Device, Tab) {
        let device = Device::new(&self.server, &self.clock, seed);
        let tab = device.tab().await;
        tab.run(accept(invite(&self.owner, role).await, name)).await.expect("the invitation is good");
        tab.synced().await;
        (device, tab)
    }
}

pub(super) async fn invite(by: &Tab, role: Role) -> Secret {
    match by.run(Command::Team(inviting(role, "Guest", 7))).await.expect("she may invite").outcome {
        Outcome::Invitation(text) => text,
        other => panic!("no invitation: {other:?}"),
    }
}

/// An invitation by Olga, who gives her passphrase where the role asks for it.
pub(super) fn inviting(role: Role, guest: &str, days: u32) -> TeamChange {
    let passphrase = role.asks_again(None).then(|| Secret(PASSPHRASE.into()));
    TeamChange::Invite { role, name: "Olga".into(), guest: guest.into(), days, passphrase }
}

pub(super) fn giving(id: TeamId, role: Role) -> TeamChange {
    TeamChange::Role { id, role, passphrase: Some(Secret(PASSPHRASE.into())) }
}

fn leaving() -> Command {
    Command::Team(TeamChange::Leave { passphrase: Secret(PASSPHRASE.into()) })
}

pub(super) fn accept(invitation: Secret, name: &str) -> Command {
    let passphrase = Secret(PASSPHRASE.into());
    Command::AcceptInvitation(Acceptance { invitation, name: name.into(), passphrase })
}

pub(super) async fn team(tab: &Tab) -> Team {
    match tab.ask(Query::Team).await {
        Answer::Team(team) => *team,
        other => panic!("no team: {other:?}"),
    }
}

pub(super) async fn id_of(tab: &Tab, name: &str) -> TeamId {
    let found = team(tab).await.members.into_iter().find(|member| member.name == name);
    found.expect("a member of that name").id
}

pub(super) fn removing(id: TeamId) -> TeamChange {
    TeamChange::Remove { id, passphrase: Secret(PASSPHRASE.into()) }
}

pub(super) async fn remove(by: &Tab, name: &str) {
    by.synced().await;
    let id = id_of(by, name).await;
    by.run(Command::Team(removing(id))).await.expect("she decides over her");
}

pub(super) async fn refused(tab: &Tab, command: Command) -> FailureCode {
    tab.run(command).await.expect_err("refused").code
}

fn creating(name: &str) -> Command {
    Command::CreatePartner { draft: person(name, "", "") }
}

#[test]
fn who_was_invited_reads_what_was_there_and_writes() {
    run(async {
        let office = Office::open().await;
        assert!(team(&office.owner).await.alone);
        let old = office.owner.created(creating("Rossi")).await;
        office.owner.synced().await;
        let (_device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        assert_eq!(names(&editor, "Rossi").await, ["Rossi"]);
        edit(&editor, old, |draft| draft.name = "Rossi & Figli".into()).await;
        editor.created(creating("Bianchi")).await;
        editor.synced().await;
        office.owner.synced().await;
        assert_eq!(names(&office.owner, "Figli").await, ["Rossi & Figli"]);
        assert_eq!(names(&office.owner, "Bianchi").await, ["Bianchi"]);
        let seen = team(&editor).await;
        let shown: Vec<_> = seen.members.iter().map(|it| (it.name.as_str(), it.role, it.me)).collect();
        assert_eq!(shown, [("Olga", Role::Owner, false), ("Emma", Role::Editor, true)]);
        assert_eq!((seen.role, seen.gives.as_slice()), (Role::Editor, [].as_slice()));
    });
}

#[test]
fn a_customer_changes_hands_with_a_task_that_says_so_r121() {
    run(async {
        let office = Office::open().await;
        let before = office.owner.created(creating("Alone")).await;
        office.owner.synced().await;
        let (_device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        let id = editor.created(creating("Bianchi")).await;
        editor.synced().await;
        office.owner.synced().await;
        let (olga, emma) = (id_of(&office.owner, "Olga").await, id_of(&office.owner, "Emma").await);
        assert_eq!(owner_of(&office.owner, before).await, None);
        assert_eq!(owner_of(&office.owner, id).await, Some(emma));
        let task = HandOverTask { title: "Emma hands over: likes Barolo".into(), due: None };
        let given = HandOver { whose: Whose::These(vec![id, before]), to: Some(olga), task: Some(task) };
        let done = office.owner.run(Command::HandOver(given.clone())).await.unwrap();
        assert_eq!(owner_of(&office.owner, id).await, Some(olga));
        assert_eq!(tasks(&office.owner).await, 2, "a task at each");
        let history = past(&office.owner, id).await;
        let told = history.entries.iter().find(|entry| entry.key.field == "owner").unwrap();
        assert_eq!((&told.before, &told.after), (&"Emma".into(), &"Olga".into()));
        let again = office.owner.run(Command::HandOver(given)).await.unwrap();
        assert_eq!(again.undo, None, "both are hers already");
        office.owner.run(Command::Undo { token: done.undo.unwrap() }).await.unwrap();
        assert_eq!(owner_of(&office.owner, id).await, Some(emma));
        assert_eq!(tasks(&office.owner).await, 0);
        let stranger = HandOver { whose: Whose::These(vec![id]), to: Some([9; 16]), task: None };
        assert_eq!(refused(&office.owner, Command::HandOver(stranger)).await, FailureCode::NotFound);
    });
}

#[test]
fn all_that_a_filter_shows_change_hands_at_once_and_come_back_r121() {
    run(async {
        let office = Office::open().await;
        let (_device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        let mut theirs = Vec::new();
        for name in ["Rossi Uno", "Rossi Due", "Bianchi"] {
            theirs.push(editor.created(creating(name)).await);
        }
        editor.synced().await;
        office.owner.synced().await;
        let (olga, emma) = (id_of(&office.owner, "Olga").await, id_of(&office.owner, "Emma").await);
        let filter = PartnerFilter { text: "Rossi".into(), ..PartnerFilter::default() };
        let task = HandOverTask { title: "Emma hands over".into(), due: None };
        let given = HandOver { whose: Whose::Listed(Box::new(filter)), to: Some(olga), task: Some(task) };
        let done = office.owner.run(Command::HandOver(given.clone())).await.unwrap();
        assert_eq!(done.outcome, Outcome::HandedOver(2));
        let owners = async || {
            let mut owners = Vec::new();
            for id in &theirs {
                owners.push(owner_of(&office.owner, *id).await);
            }
            owners
        };
        assert_eq!(owners().await, [Some(olga), Some(olga), Some(emma)]);
        assert_eq!(tasks(&office.owner).await, 2, "a task at each");
        let again = office.owner.run(Command::HandOver(given)).await.unwrap();
        assert_eq!((again.outcome, again.undo), (Outcome::HandedOver(0), None));
        office.owner.run(Command::Undo { token: done.undo.unwrap() }).await.unwrap();
        assert_eq!(owners().await, [Some(emma); 3]);
        assert_eq!(tasks(&office.owner).await, 0);
    });
}

pub(super) async fn owner_of(tab: &Tab, id: RecordId) -> Option<TeamId> {
    card(tab, id).await.owner.map(|owner| owner.0)
}

async fn tasks(tab: &Tab) -> u32 {
    match tab.ask(Query::Tasks { window: Window { offset: 0, limit: 10 } }).await {
        Answer::Tasks(list) => list.open,
        other => panic!("no tasks: {other:?}"),
    }
}

pub(super) async fn past(tab: &Tab, id: RecordId) -> History {
    match tab.ask(Query::History { id }).await {
        Answer::History(Some(history)) => *history,
        other => panic!("no history: {other:?}"),
    }
}

#[test]
fn an_invitation_says_whose_it_is_and_is_good_once() {
    run(async {
        let office = Office::open().await;
        let text = invite(&office.owner, Role::Viewer).await;
        let device = Device::new(&office.server, &office.clock, 1_000_000);
        let tab = device.tab().await;
        let read = Command::ReadInvitation { invitation: text.clone() };
        let said = tab.run(read.clone()).await.expect("it is open").outcome;
        let workspace = "Northport".into();
        assert_eq!(said, Outcome::Invited(Invited { workspace, by: "Olga".into(), role: Role::Viewer }));
        let slip = Secret(format!("0{}", &text.0[1..]));
        let slip = if slip == text { Secret(format!("1{}", &text.0[1..])) } else { slip };
        let mistyped = Command::ReadInvitation { invitation: slip };
        assert_eq!(refused(&tab, mistyped).await, FailureCode::MistypedInvitation);
        tab.run(accept(text.clone(), "Vera")).await.expect("it is open");
        let other = Device::new(&office.server, &office.clock, 2_000_000).tab().await;
        assert_eq!(refused(&other, read).await, FailureCode::InvitationGone);
        assert_eq!(refused(&other, accept(text, "Eve")).await, FailureCode::InvitationGone);
        assert_eq!(team(&office.owner).await.members.len(), 1, "not heard of yet");
        office.owner.synced().await;
        let now = team(&office.owner).await;
        assert_eq!((now.members.len(), now.invitations.len()), (2, 0));
    });
}

#[test]
fn an_invitation_is_withdrawn_or_expires() {
    run(async {
        let office = Office::open().await;
        let (first, second) =
            (invite(&office.owner, Role::Viewer).await, invite(&office.owner, Role::Editor).await);
        let open = team(&office.owner).await.invitations;
        let viewer = open.iter().find(|it| it.role == Role::Viewer).expect("it is open").id;
        let withdraw = TeamChange::Withdraw { id: viewer };
        office.owner.run(Command::Team(withdraw)).await.expect("her own");
        let tab = Device::new(&office.server, &office.clock, 1_000_000).tab().await;
        assert_eq!(refused(&tab, accept(first, "Eve")).await, FailureCode::InvitationGone);
        office.clock.fetch_add(8 * 24 * 3_600_000, Ordering::Relaxed);
        assert_eq!(refused(&tab, accept(second, "Eve")).await, FailureCode::InvitationGone);
    });
}

#[test]
fn an_invitation_is_open_as_long_as_it_says_whatever_the_time_on_her_device() {
    for (ahead_ms, days) in [(90 * 60_000, 31), (-3 * 24 * 3_600_000, 1)] {
        run(async {
            let (true_time, hers) = (clock(), clock());
            let server = Server::start(&true_time);
            hers.store(true_time.load(Ordering::Relaxed).saturating_add_signed(ahead_ms), Ordering::Relaxed);
            let device = Device::new(&server, &hers, 1);
            let owner = device.tab().await;
            owner.create_workspace().await;
            owner.synced().await;
            let done = owner
                .run(Command::Team(inviting(Role::Editor, "Emma", days)))
                .await
                .expect("the server takes it");
            let Outcome::Invitation(link) = done.outcome else { panic!("no invitation: {done:?}") };
            let guest = Device::new(&server, &true_time, 1_000_000).tab().await;
            guest.run(accept(link, "Emma")).await.expect("it is open");
        });
    }
}

#[test]
fn a_viewer_reads_and_is_told_that_she_does_not_write() {
    run(async {
        let office = Office::open().await;
        let id = office.owner.created(creating("Rossi")).await;
        office.owner.synced().await;
        let (_device, viewer) = office.welcome("Vera", Role::Viewer, 1_000_000).await;
        assert_eq!(partners(&viewer).await, 1);
        assert_eq!(team(&viewer).await.role, Role::Viewer);
        viewer.until(|said| said.standing.is_some_and(|standing| !standing.may_write())).await;
        assert_eq!(refused(&viewer, creating("Bianchi")).await, FailureCode::ReadOnly);
        assert_eq!(refused(&viewer, Command::Delete { ids: vec![id] }).await, FailureCode::ReadOnly);
        let up = giving(id_of(&viewer, "Vera").await, Role::Owner);
        assert_eq!(refused(&viewer, Command::Team(up)).await, FailureCode::ReadOnly);
        let up = giving(id_of(&office.owner, "Olga").await, Role::Admin);
        assert_eq!(refused(&office.owner, Command::Team(up)).await, FailureCode::LastOwner);
        office.owner.synced().await;
        let up = giving(id_of(&office.owner, "Vera").await, Role::Editor);
        office.owner.run(Command::Team(up)).await.expect("she is the owner");
        viewer.synced().await;
        viewer.until(|said| said.standing.is_some_and(Standing::may_write)).await;
        viewer.created(creating("Bianchi")).await;
    });
}

#[test]
fn who_may_only_read_any_more_keeps_what_she_wrote_and_still_hears_of_others() {
    run(async {
        let office = Office::open().await;
        let (device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        device.network.set(Network::Down);
        editor.created(creating("Quartz")).await;
        office.owner.synced().await;
        let id = id_of(&office.owner, "Emma").await;
        let role = async |role| {
            office.owner.run(Command::Team(giving(id, role))).await.expect("she is the owner");
        };
        role(Role::Viewer).await;
        office.owner.created(creating("Meadow")).await;
        office.owner.synced().await;
        device.network.set(Network::Up);
        editor.nudge(crate::port::Nudge::Online);
        let told = SyncPhase::Trouble(SyncTrouble::ReadOnly);
        editor.until(|said| said.sync.is_some_and(|sync| sync.phase == told && sync.waiting == 1)).await;
        // Its push was refused: it pauses before it reads.
        let heard = async || {
            office.clock.fetch_add(1_000, Ordering::Relaxed);
            names(&editor, "Meadow").await == ["Meadow"]
        };
        editor.until_told(heard).await;
        assert_eq!(refused(&editor, creating("Late")).await, FailureCode::ReadOnly);
        office.owner.synced().await;
        assert!(names(&office.owner, "Quartz").await.is_empty());
        role(Role::Editor).await;
        editor.synced().await;
        office.owner.synced().await;
        assert_eq!(names(&office.owner, "Quartz").await, ["Quartz"]);
    });
}

#[test]
fn who_was_removed_while_offline_keeps_her_work_and_it_cannot_enter() {
    run(async {
        let office = Office::open().await;
        let (device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        device.network.set(Network::Down);
        editor.created(creating("Quartz")).await;
        remove(&office.owner, "Emma").await;
        office.owner.created(creating("Meadow")).await;
        office.owner.synced().await;
        device.network.set(Network::Up);
        editor.nudge(crate::port::Nudge::Online);
        let removed = SyncPhase::Trouble(SyncTrouble::Removed);
        editor.until(|said| said.sync.is_some_and(|sync| sync.phase == removed)).await;
        editor.until(|said| said.standing.is_some_and(|standing| standing.removed)).await;
        assert_eq!(refused(&editor, creating("Late")).await, FailureCode::ReadOnly);
        assert!(team(&editor).await.removed);
        assert_eq!(names(&editor, "Quartz").await, ["Quartz"], "kept for her");
        assert!(names(&editor, "Meadow").await.is_empty());
        office.owner.synced().await;
        assert!(names(&office.owner, "Quartz").await.is_empty());
        assert_eq!(team(&office.owner).await.members.len(), 1);
        device.network.set(Network::Down);
        let again = device.tab().await;
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("her passphrase");
        assert!(team(&again).await.removed, "known without the server too");
    });
}

/// Nobody signed what an older version kept: a word of the server's that she is out.
#[test]
fn a_removal_that_was_kept_unproved_is_judged_anew() {
    run(async {
        let office = Office::open().await;
        let (device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        editor.keeps("members/removed", b"1").await;
        drop(editor);
        device.network.set(Network::Down);
        let again = device.tab().await;
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("her passphrase");
        assert!(!team(&again).await.removed);
        let kept = again.everything().await;
        assert!(!kept.iter().any(|item| item.starts_with("members/removed")), "nothing is left of it");
        again.created(creating("Quartz")).await;
        device.network.set(Network::Up);
        again.nudge(crate::port::Nudge::Online);
        again.synced().await;
        office.owner.synced().await;
        assert_eq!(names(&office.owner, "Quartz").await, ["Quartz"]);
    });
}

/// Her other device, which was away and has never read the log, is shown it up to her removal.
#[test]
fn a_device_that_was_away_believes_the_removal_that_was_signed() {
    run(async {
        let office = Office::open().await;
        let (device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        device.network.set(Network::Down);
        office.owner.synced().await;
        let up = giving(id_of(&office.owner, "Emma").await, Role::Admin);
        office.owner.run(Command::Team(up)).await.expect("she is the owner");
        remove(&office.owner, "Emma").await;
        invite(&office.owner, Role::Viewer).await;
        device.network.set(Network::Up);
        editor.nudge(crate::port::Nudge::Online);
        editor.until(|said| said.standing.is_some_and(|standing| standing.removed)).await;
        let seen = team(&editor).await;
        assert!(seen.removed && !seen.doubtful);
        assert!(seen.invitations.is_empty(), "what came after is not told her");
    });
}

#[test]
fn those_who_stay_read_and_write_on_with_what_they_had_not_sent() {
    run(async {
        let office = Office::open().await;
        let (away, stays) = office.welcome("Sven", Role::Editor, 1_000_000).await;
        let (_gone, _leaves) = office.welcome("Emma", Role::Editor, 2_000_000).await;
        stays.synced().await;
        away.network.set(Network::Down);
        let hers = stays.created(creating("Written beforehand")).await;
        edit(&stays, hers, |draft| draft.name = "Written before".into()).await;
        remove(&office.owner, "Emma").await;
        let theirs = office.owner.created(creating("Written after")).await;
        office.owner.synced().await;
        away.network.set(Network::Up);
        stays.synced().await;
        assert_eq!(names(&stays, "after").await, ["Written after"]);
        office.owner.synced().await;
        assert_eq!(names(&office.owner, "before").await, ["Written before"]);
        let nothing_aside = stays.said.borrow().sync.is_some_and(|sync| sync.aside == 0);
        assert!(nothing_aside, "its history went too");
        edit(&stays, theirs, |draft| draft.name = "Both".into()).await;
        edit(&office.owner, hers, |draft| draft.name = "Whole".into()).await;
        stays.synced().await;
        office.owner.synced().await;
        stays.synced().await;
        assert_eq!(names(&office.owner, "Both").await, names(&stays, "Both").await);
        assert_eq!(names(&office.owner, "Whole").await, names(&stays, "Whole").await);
        // Unlocked again, the keys of the log are there before the server is.
        away.network.set(Network::Down);
        let again = away.tab().await;
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("her passphrase");
        assert_eq!(partners(&again).await, 2);
    });
}

#[test]
fn another_device_of_the_owner_learns_of_the_team_and_its_keys() {
    run(async {
        let Pair { a, on_a, on_b, .. } = pair().await;
        let text = invite(&on_a, Role::Editor).await;
        let third = a.beside(3_000_000);
        let editor = third.tab().await;
        editor.run(accept(text, "Emma")).await.expect("it is open");
        remove(&on_a, "Emma").await;
        on_a.created(creating("Second epoch")).await;
        on_a.synced().await;
        on_b.synced().await;
        assert_eq!(names(&on_b, "Second").await, ["Second epoch"]);
        assert_eq!(team(&on_b).await.role, Role::Owner);
        on_b.created(creating("From the other")).await;
        on_b.synced().await;
        on_a.synced().await;
        assert_eq!(names(&on_a, "other").await, ["From the other"]);
    });
}

#[test]
fn what_others_changed_is_told_with_their_names_and_can_be_vouched_for() {
    run(async {
        let office = Office::open().await;
        let id = office.owner.created(creating("Rossi")).await;
        office.owner.synced().await;
        let (_device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        edit(&editor, id, |draft| draft.name = "Rossi & Figli".into()).await;
        editor.synced().await;
        office.owner.synced().await;
        let told = async || past(&office.owner, id).await.entries[0].clone();
        let vouched = |entry: &HistoryEntry| {
            matches!(&entry.author, Author::Member(name, _) if name == "Emma") && entry.broken.is_none()
        };
        assert!(vouched(&told().await));
        remove(&office.owner, "Emma").await;
        assert!(vouched(&told().await), "also when she is a member no more");
    });
}

#[test]
fn when_somebody_leaves_the_next_epoch_begins() {
    run(async {
        let office = Office::open().await;
        let (_device, editor) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        editor.run(leaving()).await.expect("anybody may");
        assert!(team(&editor).await.removed);
        assert_eq!(refused(&editor, creating("Late")).await, FailureCode::ReadOnly);
        office.owner.synced().await;
        assert_eq!(team(&office.owner).await.members.len(), 1);
        assert_eq!(refused(&office.owner, leaving()).await, FailureCode::LastOwner, "somebody has to stay");
        office.owner.created(creating("Next epoch")).await;
        office.owner.synced().await;
    });
}

/// What was asked before the other reading ended begins before the entry that it brought: that is no other log.
#[test]
fn two_readings_of_the_log_at_once_are_no_reason_for_doubt() {
    run(async {
        let Pair { b, on_a, on_b, .. } = pair().await;
        invite(&on_a, Role::Viewer).await;
        on_b.synced().await;
        assert_eq!(team(&on_b).await.invitations.len(), 1);
        b.held.set(Some("/members"));
        invite(&on_a, Role::Viewer).await;
        // One reading for the look, one for the change that comes too late.
        on_b.nudge(Nudge::Asked);
        let release = async {
            for _ in 0..2_000 {
                tokio::task::yield_now().await;
            }
            b.held.set(None);
        };
        let (_, ()) = tokio::join!(invite(&on_b, Role::Viewer), release);
        assert!(!team(&on_b).await.doubtful, "both read the same log");
        on_b.synced().await;
        assert_eq!(team(&on_b).await.invitations.len(), 3);
    });
}

#[test]
fn a_team_is_not_changed_offline() {
    run(async {
        let device = Device::new(&Server::start(&clock()), &clock(), 1);
        device.network.set(Network::Down);
        let tab = device.tab().await;
        tab.create_workspace().await;
        assert_eq!(
            refused(&tab, Command::Team(inviting(Role::Editor, "", 7))).await,
            FailureCode::Unreachable
        );
    });
}

/// Somebody with a workspace of her own joins a team on the same device, as herself.
async fn joined_as_herself(office: &Office) -> (Device, Tab, WorkspaceRef) {
    let device = Device::new(&office.server, &office.clock, 5_000_000);
    let tab = device.tab().await;
    tab.create_workspace().await;
    tab.created(creating("Mine")).await;
    let own = match tab.said.borrow().session.clone() {
        Some(Session::Open { workspace }) => workspace,
        other => panic!("not open: {other:?}"),
    };
    let passphrase = Secret(PASSPHRASE.into());
    let invitation = invite(&office.owner, Role::Editor).await;
    let acceptance = Acceptance { invitation, name: "Emma".into(), passphrase };
    tab.run(Command::AcceptAsMyself(acceptance)).await.expect("she joins as herself");
    tab.synced().await;
    (device, tab, own)
}

#[test]
fn somebody_with_a_workspace_joins_another_team_as_herself() {
    run(async {
        let office = Office::open().await;
        office.owner.created(creating("Rossi")).await;
        office.owner.synced().await;
        let (device, tab, own) = joined_as_herself(&office).await;
        assert_eq!(names(&tab, "Rossi").await, ["Rossi"]);
        assert!(names(&tab, "Mine").await.is_empty(), "the spaces are apart");
        tab.created(creating("Bianchi")).await;
        tab.synced().await;
        office.owner.synced().await;
        assert_eq!(names(&office.owner, "Bianchi").await, ["Bianchi"]);
        let first = device.tab_that_remembers(Some(own)).await;
        first.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("as before");
        first.synced().await;
        assert_eq!(partners(&first).await, 1);
        let again = invite(&office.owner, Role::Editor).await;
        let acceptance =
            Acceptance { invitation: again, name: "Emma".into(), passphrase: Secret(PASSPHRASE.into()) };
        assert_eq!(refused(&first, Command::AcceptAsMyself(acceptance)).await, FailureCode::AlreadyHere);
    });
}

#[test]
fn a_passphrase_changed_in_one_space_opens_the_other_at_once_and_the_old_one_does_not() {
    run(async {
        let office = Office::open().await;
        let (device, tab, own) = joined_as_herself(&office).await;
        let (old, new) = (Secret(PASSPHRASE.into()), Secret("a quite different one".into()));
        tab.run(Command::ChangePassphrase { old: old.clone(), new: new.clone() }).await.expect("offline too");
        tab.synced().await;
        let first = device.tab_that_remembers(Some(own)).await;
        assert_eq!(refused(&first, Command::Unlock { passphrase: old }).await, FailureCode::WrongPassphrase);
        first.run(Command::Unlock { passphrase: new }).await.expect("without being told by the server");
        first.synced().await;
        assert_eq!(partners(&first).await, 1);
    });
}

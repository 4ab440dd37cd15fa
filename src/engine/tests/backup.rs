//! Backups through the engine: into a file, onto a wiped device, and the refusals.

use super::files::TextFile;
use super::ways::{recovery_code, told_to_the_server};
use super::world::{Device, PASSPHRASE, Server, Tab};
use super::{alone, clock, names, partners, person, run};
use crate::port::{
    Answer, BackupCount, BackupFault, BackupKind, BackupPreview, Command, Failure, FailureCode, Outcome,
    Query, RestoreReport, RestoreWay, Secret, Session, Stage,
};
use satchel_domain::TaskDraft;
use satchel_replica::Store;

pub(super) async fn back_up(tab: &Tab) -> Vec<u8> {
    tab.said.borrow_mut().pieces.clear();
    let done = tab.run(Command::BackUp).await.expect("reads").outcome;
    let file = std::mem::take(&mut tab.said.borrow_mut().pieces);
    assert!(matches!(done, Outcome::BackedUp(done) if done.bytes == file.len() as u64));
    tab.run(Command::KeptBackup).await.expect("it lies somewhere");
    file
}

fn file(bytes: &[u8]) -> Vec<TextFile> {
    vec![TextFile { name: "satchel.backup", bytes: bytes.to_vec() }]
}

fn secrets(code: &str) -> Option<(Secret, Secret)> {
    Some((Secret(code.into()), Secret(PASSPHRASE.into())))
}

async fn inspect(tab: &Tab, bytes: &[u8], code: Option<&str>) -> Result<Outcome, Failure> {
    let opened_by = code.and_then(secrets);
    tab.run_with(Command::InspectBackup { opened_by }, file(bytes)).await.map(|done| done.outcome)
}

pub(super) async fn preview(tab: &Tab, bytes: &[u8], code: Option<&str>) -> BackupPreview {
    match inspect(tab, bytes, code).await.expect("reads") {
        Outcome::BackupVerified(preview) => preview,
        other => panic!("not whole: {other:?}"),
    }
}

async fn fault(tab: &Tab, bytes: &[u8], code: Option<&str>) -> BackupFault {
    match inspect(tab, bytes, code).await.expect("reads") {
        Outcome::BackupRefused(fault) => fault,
        other => panic!("not refused: {other:?}"),
    }
}

pub(super) async fn restore(tab: &Tab, preview: &BackupPreview, way: RestoreWay) -> RestoreReport {
    let command = Command::RestoreBackup { backup: preview.backup, way };
    match tab.run(command).await.expect("brings in").outcome {
        Outcome::Restored(report) => report,
        other => panic!("not restored: {other:?}"),
    }
}

fn count(preview: &BackupPreview, kind: BackupKind) -> BackupCount {
    preview.kinds.iter().find(|(found, _)| *found == kind).map(|(_, count)| *count).unwrap_or_default()
}

/// Everything that is left on a device's disk: the store that is only opened to learn whether one can be is empty.
async fn left(device: &Device) -> u64 {
    let mut left = 0;
    for store in device.stores() {
        let counts = store.counts().await.expect("reads");
        left +=
            counts.rows + counts.pages.generation + u64::from(store.meta().await.expect("reads").is_some());
        left += store.locals("").await.expect("reads").len() as u64;
    }
    left
}

/// A workspace with two customers, a task, and a customer in the trash, none of it sent.
async fn lived_in(tab: &Tab) {
    for name in ["Anna", "Bo"] {
        tab.created(Command::CreatePartner { draft: person(name, "", "") }).await;
    }
    let draft = TaskDraft { partner: None, title: "Call".into(), due: None, ..TaskDraft::default() };
    tab.created(Command::CreateTask { draft }).await;
    let gone = tab.created(Command::CreatePartner { draft: person("Gone", "", "") }).await;
    tab.run(Command::Delete { ids: vec![gone] }).await.expect("goes");
}

#[test]
fn a_wiped_device_gets_everything_back_without_a_server_r104() {
    run(async {
        let (device, tab) = alone().await;
        device.network.set(super::world::Network::Down);
        lived_in(&tab).await;
        let (code, bytes) = (tab.device_code().await, back_up(&tab).await);
        device.evict();
        let fresh = device.tab().await;
        let seen = preview(&fresh, &bytes, Some(&code)).await;
        assert_eq!(seen.workspace, "Northport");
        assert_eq!(count(&seen, BackupKind::Partner).new, 2);
        assert_eq!(count(&seen, BackupKind::Task).total, 1);
        assert_eq!((seen.trashed, seen.unsent, seen.unreadable, seen.only_here), (1, 4, 0, None));
        assert_eq!(restore(&fresh, &seen, RestoreWay::Merge).await.new, 4);
        assert!(matches!(fresh.said.borrow().session, Some(Session::Open { .. })));
        assert_eq!((partners(&fresh).await, names(&fresh, "anna").await), (2, vec!["Anna".to_owned()]));
        device.network.set(super::world::Network::Up);
        fresh.synced().await;
    });
}

async fn rescued(tab: &Tab) -> Vec<u8> {
    match tab.run(Command::SaveSealed).await.expect("it lies there").outcome {
        Outcome::Sealed(bytes) => bytes,
        other => panic!("nothing saved: {other:?}"),
    }
}

#[test]
fn what_the_rescue_screen_saved_comes_back_where_nothing_is_r104() {
    run(async {
        let (device, tab) = alone().await;
        device.network.set(super::world::Network::Down);
        lived_in(&tab).await;
        let (code, bytes) = (tab.device_code().await, rescued(&tab).await);
        device.evict();
        let fresh = device.tab().await;
        let seen = preview(&fresh, &bytes, Some(&code)).await;
        assert_eq!((seen.workspace.as_str(), seen.unsent, seen.unreadable), ("Northport", 4, 0));
        assert_eq!(restore(&fresh, &seen, RestoreWay::Merge).await.new, 4);
        assert_eq!((partners(&fresh).await, names(&fresh, "anna").await), (2, vec!["Anna".to_owned()]));
        device.network.set(super::world::Network::Up);
        fresh.synced().await;
        let other = device.another(7).await;
        other.create_workspace().await;
        assert_eq!(fault(&other, &bytes, None).await, BackupFault::OtherAccount);
    });
}

#[test]
fn a_rescued_store_with_holes_brings_what_is_whole_into_the_workspace_that_was_joined_again_r104() {
    run(async {
        let (device, tab) = alone().await;
        lived_in(&tab).await;
        tab.synced().await;
        device.network.set(super::world::Network::Down);
        tab.created(Command::CreatePartner { draft: person("Unsent", "", "") }).await;
        let (code, mut bytes) = (tab.device_code().await, rescued(&tab).await);
        let own = |part: &[u8]| part.starts_with(b"device") && part[6] != b's';
        let at = bytes.windows(7).position(own).expect("its own data");
        bytes[at + 6 + 4] ^= 0xff;
        // The browser is gone with its data: nothing of it may be sent any more.
        drop(tab);
        device.evict();
        device.network.set(super::world::Network::Up);
        let fresh = device.tab().await;
        assert!(matches!(fault(&fresh, &bytes, Some(&code)).await, BackupFault::Damaged { .. }));
        let (code, passphrase) = (Secret(code), Secret(PASSPHRASE.into()));
        fresh.run(Command::JoinWorkspace { code, passphrase }).await.expect("the server knows it");
        fresh.synced().await;
        let seen = preview(&fresh, &bytes[..bytes.len() - 1], None).await;
        assert_eq!((count(&seen, BackupKind::Partner).new, seen.unreadable), (1, 2));
        assert_eq!(restore(&fresh, &seen, RestoreWay::Merge).await.new, 1);
        assert_eq!(names(&fresh, "unsent").await, ["Unsent"]);
        fresh.synced().await;
    });
}

#[test]
fn a_forgotten_passphrase_does_not_keep_a_backup_closed_r104() {
    run(async {
        let (device, tab) = alone().await;
        lived_in(&tab).await;
        let (code, early) = (tab.device_code().await, back_up(&tab).await);
        let recovery = recovery_code(&tab, PASSPHRASE).await;
        told_to_the_server(&tab).await;
        let bytes = back_up(&tab).await;
        device.evict();
        let fresh = device.tab().await;
        let by = |typed: &str| Some((Secret(code.clone()), Secret(typed.into())));
        let before = Command::InspectBackup { opened_by: by(&recovery) };
        let refused = fresh.run_with(before, file(&early)).await.expect_err("it had no code then");
        assert_eq!(refused.code, FailureCode::WrongCode);
        let command = Command::InspectBackup { opened_by: by(&recovery) };
        let seen = match fresh.run_with(command, file(&bytes)).await.expect("reads").outcome {
            Outcome::BackupVerified(preview) => preview,
            other => panic!("not whole: {other:?}"),
        };
        // The server, which has them too, would race with the file.
        device.network.set(super::world::Network::Down);
        assert_eq!(restore(&fresh, &seen, RestoreWay::Merge).await.new, 4);
        device.network.set(super::world::Network::Up);
        fresh.synced().await;
        let again = device.tab().await;
        let passphrase = Secret("another passphrase".into());
        let command = Command::Recover { code: Secret(recovery), passphrase };
        again.run(command).await.expect("the code opens what was restored, too");
        assert_eq!(partners(&again).await, 2);
    });
}

#[test]
fn every_fault_of_a_file_is_told_by_name_and_nothing_is_brought_in() {
    run(async {
        let (device, tab) = alone().await;
        lived_in(&tab).await;
        let (code, bytes) = (tab.device_code().await, back_up(&tab).await);
        let cut = bytes.len() / 2;
        assert_eq!(fault(&tab, &bytes[..cut], None).await, BackupFault::Cut { at: cut as u64 });
        let mut flipped = bytes.clone();
        flipped[cut] ^= 1;
        assert!(matches!(fault(&tab, &flipped, None).await, BackupFault::Damaged { .. }));
        assert_eq!(fault(&tab, b"name,phone\n", None).await, BackupFault::NotABackup);
        let mut newer = bytes.clone();
        newer[8] = 9;
        assert_eq!(fault(&tab, &newer, None).await, BackupFault::Newer);
        let other = device.another(77).await;
        other.create_workspace().await;
        assert_eq!(fault(&other, &bytes, None).await, BackupFault::OtherAccount);
        let others_code = other.device_code().await;
        let empty = device.another(78).await;
        assert_eq!(fault(&empty, &bytes, Some(&others_code)).await, BackupFault::OtherAccount);
        let opened_by = Some((Secret(code), Secret("not the passphrase".into())));
        let wrong = empty.run_with(Command::InspectBackup { opened_by }, file(&bytes)).await;
        assert_eq!(wrong.expect_err("wrong").code, FailureCode::WrongPassphrase);
        assert_eq!(empty.said.borrow().session, Some(Session::None));
    });
}

#[test]
fn replacing_sets_back_and_can_be_taken_back_as_a_whole() {
    run(async {
        let (_device, tab) = alone().await;
        let anna = tab.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        let bytes = back_up(&tab).await;
        let (seen, draft) = (person("Anna", "", ""), person("Anne", "", ""));
        tab.run(Command::EditPartner { id: anna, seen, draft }).await.expect("edits");
        tab.created(Command::CreatePartner { draft: person("Carl", "", "") }).await;
        let found = preview(&tab, &bytes, None).await;
        let older = BackupCount { total: 1, older: 1, ..BackupCount::default() };
        assert_eq!((count(&found, BackupKind::Partner), found.only_here), (older, Some(1)));
        let merged = restore(&tab, &found, RestoreWay::Merge).await;
        assert_eq!(merged, RestoreReport::default(), "an older file knows nothing new");
        let found = preview(&tab, &bytes, None).await;
        let command = Command::RestoreBackup { backup: found.backup, way: RestoreWay::Replace };
        let done = tab.run(command).await.expect("replaces");
        let Outcome::Restored(report) = done.outcome else { panic!("not restored") };
        assert_eq!((report.set_back, report.trashed), (1, 1));
        assert_eq!((names(&tab, "ann").await, partners(&tab).await), (vec!["Anna".to_owned()], 1));
        tab.run(Command::Undo { token: done.undo.expect("can be undone") }).await.expect("undone");
        assert_eq!((names(&tab, "ann").await, partners(&tab).await), (vec!["Anne".to_owned()], 2));
    });
}

#[test]
fn a_device_is_not_erased_while_something_is_nowhere_else() {
    run(async {
        let (device, tab) = alone().await;
        tab.created(Command::CreatePartner { draft: person("Anna", "", "") }).await;
        tab.synced().await;
        device.network.set(super::world::Network::Down);
        tab.created(Command::CreatePartner { draft: person("Bo", "", "") }).await;
        let refused = tab.run(Command::EraseDevice { discard: false }).await.expect_err("would lose Bo");
        assert_eq!(refused.code, FailureCode::Unsent);
        let (code, bytes) = (tab.device_code().await, back_up(&tab).await);
        tab.created(Command::CreatePartner { draft: person("Carl", "", "") }).await;
        let refused = tab.run(Command::EraseDevice { discard: false }).await.expect_err("the file is older");
        assert_eq!(refused.code, FailureCode::Unsent);
        let newer = back_up(&tab).await;
        tab.run(Command::EraseDevice { discard: false }).await.expect("Carl is in the file");
        assert_eq!(tab.said.borrow().session, Some(Session::None));
        assert_eq!(left(&device).await, 0);
        let fresh = device.tab().await;
        let seen = preview(&fresh, &newer, Some(&code)).await;
        restore(&fresh, &seen, RestoreWay::Merge).await;
        assert_eq!(partners(&fresh).await, 3);
        assert!(newer.len() >= bytes.len());
        fresh.run(Command::EraseDevice { discard: true }).await.expect("the person said so");
        assert_eq!(left(&device).await, 0);
    });
}

#[test]
fn a_backup_that_found_no_place_does_not_count() {
    run(async {
        let (device, tab) = alone().await;
        device.network.set(super::world::Network::Down);
        lived_in(&tab).await;
        let erase = || Command::EraseDevice { discard: false };
        tab.run(Command::BackUp).await.expect("reads");
        let refused = tab.run(erase()).await.expect_err("the disk was full, perhaps");
        assert_eq!(refused.code, FailureCode::Unsent);
        tab.created(Command::CreatePartner { draft: person("Later", "", "") }).await;
        tab.run(Command::KeptBackup).await.expect("what was written before has its place");
        let refused = tab.run(erase()).await.expect_err("Later is not in it");
        assert_eq!(refused.code, FailureCode::Unsent);
        back_up(&tab).await;
        tab.run(erase()).await.expect("all of it lies somewhere");
    });
}

#[test]
fn a_restore_that_is_stopped_is_told_and_can_be_done_again() {
    run(async {
        let (device, tab) = alone().await;
        lived_in(&tab).await;
        let (code, bytes) = (tab.device_code().await, back_up(&tab).await);
        let other = device.another(79).await;
        let seen = preview(&other, &bytes, Some(&code)).await;
        let command = Command::RestoreBackup { backup: seen.backup, way: RestoreWay::Merge };
        let done = other.cancelled_at(command, Stage::Opening).await.expect("ends");
        assert!(matches!(done.outcome, Outcome::Restored(report) if report.cancelled));
        let again = preview(&other, &bytes, None).await;
        restore(&other, &again, RestoreWay::Merge).await;
        assert_eq!(partners(&other).await, 2);
        let page = other.ask(Query::Backup).await;
        assert!(matches!(page, Answer::Backup(page) if !page.cut_off && page.records > 0));
    });
}

#[test]
fn a_backup_holds_nothing_readable() {
    run(async {
        let (_device, tab) = alone().await;
        tab.created(Command::CreatePartner { draft: person("Canary Zwiebelturm", "", "") }).await;
        let bytes = back_up(&tab).await;
        for word in ["Zwiebelturm", "Northport"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
        }
    });
}

#[test]
fn servers_learn_what_a_backup_brought_back_and_other_devices_get_it() {
    run(async {
        let clock = clock();
        let device = Device::new(&Server::start(&clock), &clock, 1);
        let tab = device.tab().await;
        tab.create_workspace().await;
        lived_in(&tab).await;
        let (code, bytes) = (tab.device_code().await, back_up(&tab).await);
        tab.synced().await;
        let other = device.another(80).await;
        let seen = preview(&other, &bytes, Some(&code)).await;
        restore(&other, &seen, RestoreWay::Merge).await;
        other.synced().await;
        tab.created(Command::CreatePartner { draft: person("Later", "", "") }).await;
        tab.synced().await;
        other.synced().await;
        assert_eq!((partners(&other).await, partners(&tab).await), (3, 3));
    });
}

async fn begin(tab: &Tab, form: &str, text: &str) {
    tab.run(Command::KeepDraft { key: form.into(), text: text.into() }).await.expect("kept");
}

async fn begun(tab: &Tab, form: &str) -> String {
    match tab.ask(Query::Draft { key: form.into() }).await {
        Answer::Draft(text) => text,
        other => panic!("no draft: {other:?}"),
    }
}

async fn removed(tab: &Tab) -> Option<FailureCode> {
    tab.run(Command::EraseDevice { discard: false }).await.err().map(|failure| failure.code)
}

#[test]
fn a_begun_form_is_not_removed_with_the_workspace_without_a_question() {
    run(async {
        let (device, tab) = alone().await;
        tab.synced().await;
        begin(&tab, "log", "half a note").await;
        assert_eq!(removed(&tab).await, Some(FailureCode::Unsent));
        drop(tab);
        let tab = device.tab_that_remembers(None).await;
        assert_eq!(removed(&tab).await, Some(FailureCode::Unsent), "nor where it is locked");
        tab.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("opens");
        back_up(&tab).await;
        begin(&tab, "log", "half a note, and more").await;
        assert_eq!(removed(&tab).await, Some(FailureCode::Unsent), "the file is older");
        back_up(&tab).await;
        assert_eq!(removed(&tab).await, None, "it is in the file");
        assert_eq!(left(&device).await, 0);
    });
}

#[test]
fn a_passphrase_that_the_server_does_not_know_is_not_removed_without_a_question() {
    run(async {
        let (device, tab) = alone().await;
        told_to_the_server(&tab).await;
        device.network.set(super::world::Network::Down);
        let new = Secret("another horse battery".into());
        tab.run(Command::ChangePassphrase { old: Secret(PASSPHRASE.into()), new }).await.expect("offline");
        assert_eq!(removed(&tab).await, Some(FailureCode::Unsent));
        back_up(&tab).await;
        assert_eq!(removed(&tab).await, Some(FailureCode::Unsent), "a file tells the server nothing");
        device.network.set(super::world::Network::Up);
        told_to_the_server(&tab).await;
        assert_eq!(removed(&tab).await, None);
    });
}

#[test]
fn a_form_comes_back_from_a_backup_where_a_longer_name_is_begun_r104() {
    run(async {
        let (_device, tab) = alone().await;
        begin(&tab, "log", "half a note").await;
        begin(&tab, "task", "then").await;
        let bytes = back_up(&tab).await;
        begin(&tab, "log", "").await;
        begin(&tab, "log/7", "of another").await;
        begin(&tab, "task", "now").await;
        let seen = preview(&tab, &bytes, None).await;
        restore(&tab, &seen, RestoreWay::Merge).await;
        let forms = [begun(&tab, "log").await, begun(&tab, "log/7").await, begun(&tab, "task").await];
        assert_eq!(forms, ["half a note", "of another", "now"]);
    });
}

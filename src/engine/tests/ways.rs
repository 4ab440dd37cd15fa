//! The ways into the account: another passphrase, a recovery code, and devices that were away meanwhile.

use super::handover::revoke;
use super::sync::{Pair, pair};
use super::world::{CHANGE, Device, Network, PASSPHRASE, Server, Tab};
use super::{alone, clock, names, partners, person, run};
use crate::port::{
    AccountCard, Answer, Command, DeviceCard, FailureCode, Nudge, Outcome, Query, Secret, Session, SyncPhase,
    SyncTrouble,
};
use std::sync::atomic::Ordering;

const NEW: &str = "another passphrase";

fn secret(text: &str) -> Secret {
    Secret(text.to_owned())
}

pub(super) async fn change(tab: &Tab, old: &str, new: &str) -> Option<FailureCode> {
    let command = Command::ChangePassphrase { old: secret(old), new: secret(new) };
    tab.run(command).await.err().map(|failure| failure.code)
}

async fn account(tab: &Tab) -> AccountCard {
    match tab.ask(Query::Account).await {
        Answer::Account(card) => card,
        other => panic!("not an account: {other:?}"),
    }
}

/// A fresh tab of a device, after a try to open it.
async fn reopened(device: &Device, command: Command) -> Result<Tab, FailureCode> {
    let tab = device.tab().await;
    tab.run(command).await.map(|_| tab).map_err(|failure| failure.code)
}

async fn unlocked(device: &Device, passphrase: &str) -> Result<Tab, FailureCode> {
    reopened(device, Command::Unlock { passphrase: secret(passphrase) }).await
}

pub(super) async fn recovery_code(tab: &Tab, passphrase: &str) -> String {
    let Outcome::RecoveryCode(code) = tab.run(Command::MakeRecoveryCode).await.expect("a code").outcome
    else {
        panic!("no code");
    };
    let keep = Command::KeepRecoveryCode { code: code.clone(), passphrase: secret(passphrase) };
    tab.run(keep).await.expect("the passphrase is right");
    code.0
}

/// Until the server knows the account as it is here; a look may have begun before the account changed.
pub(super) async fn told_to_the_server(tab: &Tab) {
    for _ in 0..100 {
        tab.synced().await;
        if !account(tab).await.unsent {
            return;
        }
    }
    panic!("the server was never told");
}

/// Until this tab knows that another device changed the passphrase.
async fn told_of_the_change(tab: &Tab, device: &Device) {
    device.clock.fetch_add(60_000, Ordering::Relaxed);
    tab.nudge(Nudge::Asked);
    let told = SyncPhase::Trouble(SyncTrouble::PassphraseChanged);
    tab.until(|said| said.sync.as_ref().is_some_and(|sync| sync.phase == told)).await;
}

#[test]
fn a_passphrase_is_changed_offline_and_told_later_r98() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        on_a.created(Command::CreatePartner { draft: person("Zhang San", "", "") }).await;
        on_a.synced().await;
        a.network.set(Network::Down);
        assert_eq!(change(&on_a, "not the passphrase", NEW).await, Some(FailureCode::WrongPassphrase));
        assert_eq!(change(&on_a, PASSPHRASE, "short").await, Some(FailureCode::WeakPassphrase));
        assert_eq!(change(&on_a, PASSPHRASE, NEW).await, None);
        assert!(account(&on_a).await.unsent);
        // The server has not heard of it: the other device goes on as before.
        on_b.synced().await;
        drop(on_a);
        assert_eq!(unlocked(&a, PASSPHRASE).await.err(), Some(FailureCode::WrongPassphrase));
        let on_a = unlocked(&a, NEW).await.expect("the new one opens");
        a.network.set(Network::Up);
        told_to_the_server(&on_a).await;
        assert_eq!(on_a.said.borrow().sync.map(|sync| sync.waiting), Some(0), "nothing is sent again");

        told_of_the_change(&on_b, &b).await;
        let edit = person("Li Si", "", "");
        on_b.created(Command::CreatePartner { draft: edit }).await;
        let adopt = |text: &str| Command::AdoptPassphrase { passphrase: secret(text) };
        let wrong = on_b.run(adopt(PASSPHRASE)).await.err().map(|failure| failure.code);
        assert_eq!(wrong, Some(FailureCode::WrongPassphrase));
        on_b.run(adopt(NEW)).await.expect("what the other device chose");
        on_b.synced().await;
        drop(on_b);
        assert_eq!(unlocked(&b, PASSPHRASE).await.err(), Some(FailureCode::WrongPassphrase));
        let on_b = unlocked(&b, NEW).await.expect("the new one opens here too");
        on_b.synced().await;
        assert_eq!(partners(&on_b).await, 2);
        on_a.synced().await;
        assert_eq!(names(&on_a, "Li Si").await, ["Li Si"]);
    });
}

#[test]
fn a_device_that_was_away_opens_with_the_old_one_until_it_is_told() {
    run(async {
        let Pair { b, on_a, on_b, .. } = pair().await;
        b.network.set(Network::Down);
        drop(on_b);
        assert_eq!(change(&on_a, PASSPHRASE, NEW).await, None);
        on_a.synced().await;
        let on_b = unlocked(&b, PASSPHRASE).await.expect("nobody told it");
        on_b.created(Command::CreatePartner { draft: person("Wang Wu", "", "") }).await;
        b.network.set(Network::Up);
        told_of_the_change(&on_b, &b).await;
        on_b.run(Command::AdoptPassphrase { passphrase: secret(NEW) }).await.expect("the new one");
        on_b.synced().await;
        on_a.synced().await;
        assert_eq!(names(&on_a, "Wang Wu").await, ["Wang Wu"], "what was written meanwhile is not lost");
    });
}

#[test]
fn two_devices_that_change_it_at_once_end_with_one() {
    run(async {
        let Pair { b, on_a, on_b, .. } = pair().await;
        b.network.set(Network::Down);
        assert_eq!(change(&on_b, PASSPHRASE, "the slower choice").await, None);
        assert_eq!(change(&on_a, PASSPHRASE, NEW).await, None);
        on_a.synced().await;
        b.network.set(Network::Up);
        told_of_the_change(&on_b, &b).await;
        on_b.run(Command::AdoptPassphrase { passphrase: secret(NEW) }).await.expect("the server's");
        told_to_the_server(&on_b).await;
        drop(on_b);
        assert_eq!(unlocked(&b, "the slower choice").await.err(), Some(FailureCode::WrongPassphrase));
        unlocked(&b, NEW).await.expect("one passphrase for all");
    });
}

#[test]
fn a_passphrase_changed_before_the_first_contact_is_the_one_that_registers() {
    run(async {
        let (device, tab) = alone().await;
        device.network.set(Network::Down);
        assert_eq!(change(&tab, PASSPHRASE, NEW).await, None);
        drop(tab);
        let tab = unlocked(&device, NEW).await.expect("the new one");
        device.network.set(Network::Up);
        told_to_the_server(&tab).await;
    });
}

#[test]
fn an_emptied_server_learns_the_passphrase_that_holds() {
    run(async {
        let clock = clock();
        let server = Server::start(&clock);
        let device = Device::new(&server, &clock, 1);
        let tab = device.tab().await;
        tab.create_workspace().await;
        tab.synced().await;
        assert_eq!(change(&tab, PASSPHRASE, NEW).await, None);
        tab.synced().await;
        server.empty(&clock);
        let emptied = clock.load(Ordering::Relaxed);
        tab.nudge(Nudge::Asked);
        tab.until(|said| {
            // The pause after finding another log passes.
            clock.fetch_add(1, Ordering::Relaxed);
            said.sync.is_some_and(|sync| sync.phase == SyncPhase::Synced && sync.synced_at_ms > Some(emptied))
        })
        .await;
        drop(tab);
        unlocked(&device, NEW).await.expect("as before").synced().await;
    });
}

#[test]
fn a_forgotten_passphrase_is_replaced_by_the_recovery_code_r100() {
    run(async {
        let (device, tab) = alone().await;
        tab.synced().await;
        assert!(!account(&tab).await.recovery_code);
        let first = recovery_code(&tab, PASSPHRASE).await;
        let code = recovery_code(&tab, PASSPHRASE).await;
        assert!(account(&tab).await.recovery_code);
        told_to_the_server(&tab).await;
        let device_code = tab.device_code().await;
        drop(tab);
        device.network.set(Network::Down);
        let recover = |code: &str, passphrase: &str| Command::Recover {
            code: secret(code),
            passphrase: secret(passphrase),
        };
        let refused = |code: String, passphrase: &'static str| {
            let command = recover(&code, passphrase);
            async { reopened(&device, command).await.err() }
        };
        assert_eq!(refused(device_code, NEW).await, Some(FailureCode::MistypedCode), "the other code");
        assert_eq!(refused(code.clone(), "short").await, Some(FailureCode::WeakPassphrase));
        assert_eq!(refused(first.clone(), NEW).await, Some(FailureCode::Unreachable), "perhaps elsewhere");
        device.network.set(Network::Up);
        assert_eq!(refused(first, NEW).await, Some(FailureCode::WrongCode), "a code that was replaced");
        device.network.set(Network::Down);
        let tab = reopened(&device, recover(&code, NEW)).await.expect("the code opens, without a network");
        drop(tab);
        assert_eq!(unlocked(&device, PASSPHRASE).await.err(), Some(FailureCode::WrongPassphrase));
        let tab = unlocked(&device, NEW).await.expect("the new passphrase");
        device.network.set(Network::Up);
        told_to_the_server(&tab).await;
        drop(tab);
        unlocked(&device, NEW).await.expect("still").synced().await;
    });
}

#[test]
fn a_code_that_was_made_on_another_device_opens_this_one() {
    run(async {
        let Pair { b, on_a, on_b, .. } = pair().await;
        drop(on_b);
        let code = recovery_code(&on_a, PASSPHRASE).await;
        told_to_the_server(&on_a).await;
        let recover = Command::Recover { code: secret(&code), passphrase: secret(NEW) };
        let on_b = reopened(&b, recover).await.expect("the server knows the code");
        on_b.synced().await;
        told_of_the_change(&on_a, &b).await;
    });
}

#[test]
fn a_new_device_joins_by_both_codes_and_a_new_passphrase() {
    run(async {
        let Pair { a, on_a, .. } = pair().await;
        on_a.created(Command::CreatePartner { draft: person("Zhao Liu", "", "") }).await;
        let code = recovery_code(&on_a, PASSPHRASE).await;
        told_to_the_server(&on_a).await;
        let device_code = on_a.device_code().await;
        let new = a.beside(7);
        let tab = new.tab().await;
        let join = |recovery: &str| Command::JoinByRecovery {
            code: secret(&device_code),
            recovery: secret(recovery),
            passphrase: secret(NEW),
        };
        let slip = tab.run(join(&device_code)).await.err().map(|failure| failure.code);
        assert_eq!(slip, Some(FailureCode::MistypedCode));
        tab.run(join(&code)).await.expect("both codes");
        tab.synced().await;
        assert_eq!(names(&tab, "Zhao").await, ["Zhao Liu"]);
        drop(tab);
        unlocked(&new, NEW).await.expect("the passphrase that was chosen");
    });
}

#[test]
fn a_wrong_passphrase_at_the_change_is_counted_as_at_the_lock() {
    run(async {
        let (_device, tab) = alone().await;
        for _ in 0..3 {
            assert_eq!(change(&tab, "wrong again", NEW).await, Some(FailureCode::WrongPassphrase));
        }
        let open = matches!(tab.said.borrow().session, Some(Session::Open { .. }));
        assert!(open, "what is open stays open");
    });
}

pub(super) async fn this_device(tab: &Tab) -> String {
    devices(tab).await.into_iter().find(|card| card.this).expect("it is in its own list").id
}

async fn devices(tab: &Tab) -> Vec<DeviceCard> {
    tab.run(Command::LookForDevices).await.expect("the server answers");
    match tab.ask(Query::Devices).await {
        Answer::Devices(cards) => cards,
        other => panic!("no devices: {other:?}"),
    }
}

#[test]
fn a_device_is_named_and_revoked_by_another_one() {
    run(async {
        let Pair { on_a, on_b, .. } = pair().await;
        on_b.run(Command::NameDevice {
            device: this_device(&on_b).await,
            name: " Tablet in the van ".into(),
        })
        .await
        .expect("a name");
        let cards = devices(&on_a).await;
        assert_eq!((cards.len(), cards.iter().filter(|card| card.this).count()), (2, 1));
        let other = cards.into_iter().find(|card| !card.this).expect("B");
        assert_eq!((other.name.as_str(), other.revoked_at_ms), ("Tablet in the van", None));
        let renamed = Command::NameDevice { device: other.id.clone(), name: "Spare tablet".into() };
        on_a.run(renamed).await.expect("of the same account");
        on_b.created(Command::CreatePartner { draft: person("Later", "", "") }).await;
        on_b.synced().await;
        let on_b_cards = devices(&on_b).await;
        assert!(on_b_cards.iter().any(|card| card.this && card.name == "Spare tablet"), "and it stays");
        let this = on_b_cards.into_iter().find(|card| card.this).expect("B").id;
        assert_eq!(this, other.id);
        let itself = on_b.run(revoke(this)).await.err().map(|failure| failure.code);
        assert!(itself.is_some(), "a device does not revoke itself");
        on_a.run(revoke(other.id)).await.expect("another device");
        assert!(devices(&on_a).await.iter().any(|card| !card.this && card.revoked_at_ms.is_some()));
    });
}

#[test]
fn guessing_at_an_open_device_waits_as_at_the_lock_r98() {
    run(async {
        let (device, tab) = alone().await;
        for _ in 0..3 {
            assert_eq!(change(&tab, "wrong again", NEW).await, Some(FailureCode::WrongPassphrase));
        }
        assert_eq!(change(&tab, PASSPHRASE, NEW).await, Some(FailureCode::TooSoon));
        let reveal = Command::RevealDeviceCode { passphrase: secret(PASSPHRASE) };
        assert_eq!(tab.run(reveal).await.err().map(|failure| failure.code), Some(FailureCode::TooSoon));
        device.clock.fetch_add(1_000, Ordering::Relaxed);
        assert_eq!(change(&tab, PASSPHRASE, NEW).await, None);
    });
}

/// One change of the passphrase is on its way to the server, which has taken it, and another one was made meanwhile.
async fn changed_twice(device: &Device, tab: &Tab) {
    device.held.set(Some(CHANGE));
    assert_eq!(change(tab, PASSPHRASE, "one in between").await, None);
    tab.until(|_| device.keeps.get()).await;
    assert_eq!(change(tab, "one in between", NEW).await, None);
}

#[test]
fn the_newest_of_two_passphrases_reaches_the_server_r98() {
    run(async {
        let Pair { a, b, on_a, on_b } = pair().await;
        changed_twice(&a, &on_a).await;
        a.held.set(None);
        told_to_the_server(&on_a).await;
        told_of_the_change(&on_b, &b).await;
        on_b.run(Command::AdoptPassphrase { passphrase: secret(NEW) }).await.expect("the newest");
        drop(on_a);
        unlocked(&a, NEW).await.expect("the newest").synced().await;
    });
}

#[test]
fn the_newest_of_two_passphrases_reaches_the_server_from_the_next_start_too_r98() {
    run(async {
        let Pair { a, on_a, .. } = pair().await;
        changed_twice(&a, &on_a).await;
        a.network.set(Network::Down);
        a.held.set(None);
        on_a.until(|said| said.sync.is_some_and(|sync| matches!(sync.phase, SyncPhase::Offline))).await;
        drop(on_a);
        a.network.set(Network::Up);
        told_to_the_server(&unlocked(&a, NEW).await.expect("the newest")).await;
    });
}

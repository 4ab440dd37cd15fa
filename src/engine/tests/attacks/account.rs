//! The account's keys and parameters exchanged, set back, weakened; sessions refused.

use super::super::clock;
use super::super::sync::{Pair, pair};
use super::super::world::{Device, Lie, PASSPHRASE, Server, Tab};
use super::lies::{self, CHALLENGE, SESSIONS, changing, is_to};
use super::scene::{Scene, all, creating, patiently, whole};
use super::sees::Sees;
use crate::engine::host::{Call, Response};
use crate::port::{Command, Secret, SyncPhase, SyncTrouble};
use satchel_replica::Store;
use satchel_wire::{
    AccountContent, Challenge, Kdf, Login, LoginStatement, SessionGrant, SlotId, SlotRecord, from_cbor,
};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::Ordering;

const NEW: &str = "another passphrase";
/// Longer than a session lasts.
const OVER_MS: u64 = 13 * 3_600_000;
const DAY_MS: u64 = 86_400_000;

fn secret(text: &str) -> Secret {
    Secret(text.to_owned())
}

/// A device joins while the server lies: it does not, and the truth lets it in.
async fn joining(sees: Sees, lie: Lie) {
    let Scene { a, on_a, .. } = Scene::set().await;
    let device = a.beside(5_000_000);
    let tab = device.tab().await;
    let join =
        Command::JoinWorkspace { code: secret(&on_a.device_code().await), passphrase: secret(PASSPHRASE) };
    device.lied_to(lie);
    sees.ended(tab.run(join.clone()).await);
    for store in device.stores() {
        assert!(store.meta().await.expect("readable").is_none(), "nothing was made here");
    }
    device.told_the_truth();
    tab.run(join).await.expect("both are right");
    whole(&tab).await;
}

/// What the server keeps for somebody else.
async fn of_somebody_else() -> AccountContent {
    let clock = clock();
    let device = Device::new(&Server::start(&clock), &clock, 9_000_000);
    let tab = device.tab().await;
    tab.create_workspace().await;
    whole(&tab).await;
    given_to(&device, &tab).await
}

/// What the server gives a device at its next sign-in.
async fn given_to(device: &Device, tab: &Tab) -> AccountContent {
    let heard: Rc<RefCell<Option<AccountContent>>> = Rc::default();
    let kept = Rc::clone(&heard);
    device.lied_to(changing(SESSIONS, move |grant: &mut SessionGrant| {
        *kept.borrow_mut() = Some(grant.content.clone());
    }));
    device.clock.fetch_add(OVER_MS, Ordering::Relaxed);
    whole(tab).await;
    device.told_the_truth();
    heard.take().expect("the session was over")
}

fn granting(change: impl Fn(&mut AccountContent) + 'static) -> Lie {
    changing(SESSIONS, move |grant: &mut SessionGrant| change(&mut grant.content))
}

/// B's session is over when the lie begins.
async fn signing_in(sees: Sees, lie: Lie) -> Scene {
    let scene = Scene::set().await;
    scene.b.clock.fetch_add(OVER_MS, Ordering::Relaxed);
    scene.b.lied_to(lie);
    scene.a_writes().await;
    scene.on_b.created(creating("Unsent on B")).await;
    sees.shown(&scene.on_b).await;
    scene.is_true().await;
    scene.b.told_the_truth();
    scene.agree().await;
    scene
}

pub(super) async fn login_key_exchanged(sees: Sees) {
    let lie = granting(|content| {
        content.revision += 1;
        content.slots.iter_mut().for_each(|slot| slot.login_key = [7; 32]);
    });
    let Scene { b, on_b, .. } = signing_in(sees, lie).await;
    drop(on_b);
    let again = b.tab().await;
    again.run(Command::Unlock { passphrase: secret(PASSPHRASE) }).await.expect("as before");
    whole(&again).await;
}

pub(super) async fn slot_exchanged(sees: Sees) {
    let other = of_somebody_else().await;
    joining(sees, granting(move |content| content.slots.clone_from(&other.slots))).await;
}

pub(super) async fn keyring_exchanged(sees: Sees) {
    let other = of_somebody_else().await;
    joining(sees, granting(move |content| content.keyring.clone_from(&other.keyring))).await;
}

pub(super) async fn proof_missing(sees: Sees) {
    let own = SlotRecord { id: SlotId::RECOVERY, kdf: None, login_key: [7; 32], sealed: vec![7; 93] };
    joining(sees, granting(move |content| content.slots.push(own.clone()))).await;
}

fn asking(memory_kib: u32, passes: u32) -> Lie {
    changing(CHALLENGE, move |challenge: &mut Challenge| {
        let salt = challenge.kdf.as_ref().map_or([7; 16], |kdf| kdf.salt);
        challenge.kdf = Some(Kdf { memory_kib, passes, lanes: 1, salt });
    })
}

pub(super) async fn parameters_weak_for_who_joins(sees: Sees) {
    joining(sees, asking(8, 1)).await;
}

pub(super) async fn parameters_beyond_reason(sees: Sees) {
    joining(sees, asking(4 << 20, 3)).await;
}

/// The small parameters are good enough for a device that cannot have more, not for an account that has more.
pub(super) async fn parameters_below_the_known(sees: Sees) {
    let Scene { b, on_a, on_b, .. } = Scene::set().await;
    let change = Command::ChangePassphrase { old: secret(PASSPHRASE), new: secret(NEW) };
    on_a.run(change).await.expect("the old one is right");
    whole(&on_a).await;
    b.clock.fetch_add(OVER_MS, Ordering::Relaxed);
    let changed = SyncPhase::Trouble(SyncTrouble::PassphraseChanged);
    patiently(&on_b, move |sync| sync.phase == changed).await;
    b.lied_to(asking(19_456, 4));
    let adopt = Command::AdoptPassphrase { passphrase: secret(NEW) };
    sees.ended(on_b.run(adopt.clone()).await);
    b.told_the_truth();
    on_b.run(adopt).await.expect("the new one");
    whole(&on_b).await;
}

pub(super) async fn account_set_back(sees: Sees) {
    let Pair { a, on_a, .. } = pair().await;
    let before = given_to(&a, &on_a).await;
    let change = Command::ChangePassphrase { old: secret(PASSPHRASE), new: secret(NEW) };
    on_a.run(change).await.expect("the old one is right");
    whole(&on_a).await;
    a.lied_to(granting(move |content| content.clone_from(&before)));
    a.clock.fetch_add(OVER_MS, Ordering::Relaxed);
    on_a.created(creating("Unsent")).await;
    sees.shown(&on_a).await;
    a.told_the_truth();
    let again = a.tab().await;
    let old = again.run(Command::Unlock { passphrase: secret(PASSPHRASE) }).await;
    assert!(old.is_err(), "the old one does not come back");
    again.run(Command::Unlock { passphrase: secret(NEW) }).await.expect("the new one");
    whole(&again).await;
}

/// What is signed names the server that the device talks to: it is worth nothing at the one whose challenge it was.
pub(super) async fn challenge_of_another_server(sees: Sees) {
    let signed: Rc<RefCell<Vec<LoginStatement>>> = Rc::default();
    let kept = Rc::clone(&signed);
    let passing_on = changing(CHALLENGE, |challenge: &mut Challenge| challenge.nonce = [9; 32]);
    let lie: Lie = Rc::new(move |call: &Call, answer: Response| {
        if call.path.ends_with(SESSIONS) {
            let login: Login = from_cbor(call.body.as_deref().expect("a sign-in")).expect("CBOR");
            kept.borrow_mut().push(from_cbor(&login.statement).expect("a statement"));
        }
        passing_on(call, answer)
    });
    signing_in(sees, lie).await;
    let signed = signed.borrow();
    assert!(signed.iter().any(|statement| statement.nonce == [9; 32]), "it was asked to sign it");
    for statement in signed.iter() {
        assert_eq!((statement.action.as_str(), &*statement.host), ("satchel/login/2", Server::NAME));
    }
}

pub(super) async fn revocation_claimed(sees: Sees) {
    let refusing = lies::refusing(SESSIONS, 403, "revoked");
    let lie: Lie = Rc::new(
        move |call, answer| if is_to(SESSIONS, call, &answer) { refusing(call, answer) } else { answer },
    );
    signing_in(sees, lie).await;
}

/// Everything works meanwhile, through a lock, and one unlock sends all of it.
pub(super) async fn nobody_let_in_for_a_month(sees: Sees) {
    let Scene { b, on_a, on_b, .. } = Scene::set().await;
    b.lied_to(lies::refusing(SESSIONS, 401, "login"));
    for day in 1..=30 {
        b.clock.fetch_add(DAY_MS, Ordering::Relaxed);
        on_b.created(creating(&format!("Day {day}"))).await;
    }
    sees.shown(&on_b).await;
    drop(on_b);
    let on_b = unlocked(&b).await;
    assert_eq!(all(&on_b).await.len(), 31, "what was there, and one a day");
    sees.shown(&on_b).await;
    drop(on_b);
    b.told_the_truth();
    let on_b = unlocked(&b).await;
    whole(&on_b).await;
    whole(&on_a).await;
    assert_eq!(all(&on_a).await.len(), 31);
}

async fn unlocked(device: &Device) -> Tab {
    let tab = device.tab().await;
    tab.run(Command::Unlock { passphrase: secret(PASSPHRASE) }).await.expect("the right one");
    tab
}

//! Signing in: what opens a session, and every way of trying without the right.

use std::collections::BTreeSet;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use satchel_wire::{AccountId, DeviceId, Login, LoginStatement, SessionGrant, SlotId, SlotRecord};

use crate::client::{Device, Site};

const NOW: u64 = 1_800_000_000_000;

/// A server whose clock stands still until it is moved.
async fn with_clock() -> (Site, Arc<AtomicU64>) {
    let time = Arc::new(AtomicU64::new(NOW));
    let clock = Arc::clone(&time);
    let site = Site::with(|config| config.clock = Arc::new(move || clock.load(Ordering::SeqCst))).await;
    (site, time)
}

async fn refused(device: &Device, login: &Login) -> String {
    let (status, code) = device.net.tell("/v1/sessions", login).await.problem();
    assert!(matches!((status, code.as_str()), (401, _) | (400, "malformed")), "{status} {code}");
    code
}

#[tokio::test]
async fn an_honest_sign_in_gives_back_what_was_registered() {
    let (site, _) = with_clock().await;
    let mut device = Device::ready(site.net(), 1).await;
    let challenge = device.challenge().await;
    assert_eq!((&challenge.kdf, challenge.server_ms), (&device.register.content.slots[0].kdf, NOW));
    let grant = device.sign_in().await;
    assert_eq!(grant.content, device.register.content);
    assert_eq!(grant.spaces, [device.space]);
    assert_eq!(grant.token.len(), 43);
    assert!(grant.expires_ms > NOW);
}

/// What the attacker changes in a statement that is then signed with the account's key → the answer.
#[tokio::test]
async fn statements_that_say_something_else_are_refused() {
    let (site, _) = with_clock().await;
    let device = Device::ready(site.net(), 1).await;
    Device::ready(site.net(), 2).await;
    type Change = fn(&mut LoginStatement);
    let table: [(&str, Change, &str); 9] = [
        ("another action", |s| s.action = "satchel/export/1".to_owned(), "malformed"),
        ("another host", |s| s.host = "evil.example".to_owned(), "login-host"),
        ("another port", |s| s.host = "127.0.0.1:1".to_owned(), "login-host"),
        ("another time", |s| s.time_ms += 1, "login-challenge"),
        ("another nonce", |s| s.nonce[12] ^= 1, "login-challenge"),
        ("a nonce made up", |s| s.nonce = [7; 32], "login-challenge"),
        (
            "a longer life",
            |s| {
                s.nonce[7] ^= 1;
                s.time_ms ^= 1;
            },
            "login-challenge",
        ),
        ("another account's challenge", |s| s.account = AccountId([2; 16]), "login-challenge"),
        ("an unknown account's challenge", |s| s.account = AccountId([3; 16]), "login-challenge"),
    ];
    for (attack, change, code) in table {
        let mut statement = device.statement(&device.challenge().await);
        change(&mut statement);
        assert_eq!(refused(&device, &device.sign(&statement)).await, code, "{attack}");
    }
}

#[tokio::test]
async fn only_the_accounts_key_signs() {
    let (site, _) = with_clock().await;
    let device = Device::ready(site.net(), 1).await;
    let honest = device.sign(&device.statement(&device.challenge().await));
    let mut thief = device.clone();
    thief.key = ed25519_dalek::SigningKey::from_bytes(&[66; 32]);
    let stolen = thief.sign(&device.statement(&device.challenge().await));
    assert_eq!(refused(&device, &stolen).await, "login");
    let mut other_device = device.statement(&device.challenge().await);
    other_device.device = DeviceId(99);
    let spliced =
        Login { statement: satchel_wire::to_cbor(&other_device), signature: honest.signature.clone() };
    assert_eq!(refused(&device, &spliced).await, "login");
    for signature in [vec![], vec![0; 63], vec![0; 64], vec![255; 64], vec![0; 65]] {
        let forged = Login { signature, ..honest.clone() };
        assert_eq!(refused(&device, &forged).await, "login");
    }
    let grant: SessionGrant = device.net.tell("/v1/sessions", &honest).await.message();
    assert_eq!(grant.spaces.len(), 1, "failed tries do not spend an honest challenge");
}

#[tokio::test]
async fn a_statement_is_good_once_even_after_a_restart() {
    let (site, _) = with_clock().await;
    let device = Device::ready(site.net(), 1).await;
    let login = device.sign(&device.statement(&device.challenge().await));
    assert_eq!(device.net.tell("/v1/sessions", &login).await.status, 200);
    assert_eq!(refused(&device, &login).await, "login-challenge");
    let address = site.running.address();
    let data = site.folder.path().join("data");
    site.running.stop().await;
    let mut config = satchel_server::Config::local(data);
    (config.listen, config.clock) = (address, Arc::new(|| NOW));
    let again = satchel_server::Server::start(config).await.unwrap();
    assert_eq!(refused(&device, &login).await, "login-challenge");
    assert_eq!(device.get("changes").await.status, 200, "sessions outlive a restart");
    again.stop().await;
}

#[tokio::test]
async fn challenges_and_sessions_grow_old() {
    let (site, time) = with_clock().await;
    let device = Device::ready(site.net(), 1).await;
    let login = device.sign(&device.statement(&device.challenge().await));
    for moved in [NOW + 120_001, NOW - 120_001] {
        time.store(moved, Ordering::SeqCst);
        assert_eq!(refused(&device, &login).await, "login-challenge");
    }
    time.store(NOW + 120_000, Ordering::SeqCst);
    assert_eq!(device.net.tell("/v1/sessions", &login).await.status, 200);
    assert_eq!(device.get("changes").await.status, 200);
    time.store(NOW + 13 * 60 * 60 * 1_000, Ordering::SeqCst);
    assert_eq!(device.get("changes").await.problem(), (401, "session".to_owned()));
}

/// Nobody learns from the answers which accounts there are.
#[tokio::test]
async fn an_unknown_account_looks_like_a_known_one() {
    let (site, _) = with_clock().await;
    let known = Device::ready(site.net(), 1).await;
    let unknown = Device::new(site.net(), 7);
    let [first, second] = [unknown.challenge().await, unknown.challenge().await];
    assert_eq!(first.kdf, second.kdf, "constant");
    assert_ne!(first.nonce, second.nonce);
    assert_ne!(first.kdf, Device::new(site.net(), 8).challenge().await.kdf);
    let [made_up, honest] = [first.kdf.clone(), known.challenge().await.kdf].map(Option::unwrap);
    assert_eq!((made_up.memory_kib, made_up.lanes), (honest.memory_kib, honest.lanes));
    let mut passes = BTreeSet::new();
    for number in 8..40 {
        passes.extend(Device::new(site.net(), number).challenge().await.kdf.map(|kdf| kdf.passes));
    }
    assert_eq!(passes, BTreeSet::from([3, 4, 5, 6]), "as devices choose them, the slowest and the fastest");
    let mut wrong = known.clone();
    wrong.key = unknown.key.clone();
    let to_unknown = unknown.net.tell("/v1/sessions", &unknown.sign(&unknown.statement(&first))).await;
    let to_known =
        wrong.net.tell("/v1/sessions", &wrong.sign(&wrong.statement(&known.challenge().await))).await;
    assert_eq!((to_unknown.status, &to_unknown.body), (to_known.status, &to_known.body));
}

/// Nobody learns from the answers which ways into an account there are.
#[tokio::test]
async fn an_unknown_way_looks_like_a_known_one() {
    let (site, _) = with_clock().await;
    let mut with_code = Device::new(site.net(), 1);
    let key = ed25519_dalek::SigningKey::from_bytes(&[77; 32]).verifying_key().to_bytes();
    let code = SlotRecord { id: SlotId::RECOVERY, kdf: None, login_key: key, sealed: vec![1; 60] };
    with_code.register.content.slots.push(code);
    assert_eq!(site.net().tell("/v1/accounts", &with_code.register).await.status, 201);
    let without = Device::ready(site.net(), 2).await;
    let unknown = Device::new(site.net(), 7);
    let mut answers = Vec::new();
    for mut device in [with_code, without, unknown] {
        device.slot = SlotId::RECOVERY;
        let challenge = device.challenge().await;
        assert_eq!(challenge.kdf, None);
        let login = device.sign(&device.statement(&challenge));
        let answer = device.net.tell("/v1/sessions", &login).await;
        answers.push((answer.status, answer.body));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn a_named_host_replaces_loopback() {
    let site = Site::with(|config| config.public_hosts = vec!["Sync.example".to_owned()]).await;
    let device = Device::new(site.net(), 1);
    device.net.tell("/v1/accounts", &device.register).await;
    let honest = device.statement(&device.challenge().await);
    assert_eq!(refused(&device, &device.sign(&honest)).await, "login-host");
    let named = LoginStatement { host: "sync.example".to_owned(), ..honest };
    assert_eq!(device.net.tell("/v1/sessions", &device.sign(&named)).await.status, 200);
}

#[tokio::test]
async fn a_session_can_be_ended() {
    let (site, _) = with_clock().await;
    let [mut one, mut other] = [Device::ready(site.net(), 1).await, Device::new(site.net(), 1)];
    other.sign_in().await;
    one.sign_in().await;
    let net = site.net();
    let end = |bearer: String| async move {
        net.post("/v1/sessions/end", &[("authorization", bearer.as_str())], Vec::new()).await.status
    };
    assert_eq!(end(one.bearer.clone()).await, 204);
    assert_eq!(one.get("changes").await.problem(), (401, "session".to_owned()));
    assert_eq!(other.get("changes").await.status, 200, "no other session");
}

/// Should an answer be taken for a page, it may do nothing, and nobody keeps it.
#[tokio::test]
async fn every_answer_says_that_it_is_no_page() {
    let site = Site::open().await;
    for path in ["/v1/health", "/v1/nothing", "/v1/spaces/x/changes"] {
        let got = site.net().get(path, &[]).await;
        let headers =
            ["content-security-policy", "x-content-type-options", "cache-control", "referrer-policy"];
        let expected = ["default-src 'none'; frame-ancestors 'none'", "nosniff", "no-store", "no-referrer"];
        assert_eq!(headers.map(|name| got.header(name).to_owned()), expected, "{path}");
    }
}

//! Registering accounts, and changing what is kept for one.

use ed25519_dalek::Signer;
use satchel_wire::{
    AccountChange, AccountContent, AccountId, AccountRevision, AccountStatement, Challenge, DeviceId,
    MAX_KEYRING, MAX_SLOT, SlotId, SpaceState, to_cbor,
};
use sha2::{Digest, Sha256};

use crate::{
    client::{Device, Got, Site},
    hints::Stream,
};

#[tokio::test]
async fn registering_again_is_a_success_with_the_same_content_only() {
    let site = Site::open().await;
    let device = Device::new(site.net(), 1);
    let first = site.net().tell("/v1/accounts", &device.register).await;
    assert_eq!(first.status, 201);
    let again = site.net().tell("/v1/accounts", &device.register).await;
    assert_eq!(again.status, 200);
    let [first, again] = [first, again].map(|got| got.message::<SpaceState>());
    assert_eq!(first.incarnation, again.incarnation);
    let mut other = device.register;
    other.content.keyring.push(0);
    let got = site.net().tell("/v1/accounts", &other).await;
    assert_eq!(got.problem(), (409, "taken".to_owned()));
}

/// What a registration says → the answer.
#[tokio::test]
async fn what_cannot_be_an_account_is_refused() {
    let site = Site::open().await;
    type Change = fn(&mut AccountContent);
    let table: [(&str, Change, (u16, &str)); 5] = [
        // The neutral element: every signature would fit it.
        ("a key that proves nothing", |c| c.slots[0].login_key = neutral(), (400, "malformed")),
        ("no way in", |c| c.slots.clear(), (400, "malformed")),
        ("no parameters", |c| c.slots[0].kdf = None, (400, "malformed")),
        ("a large slot", |c| c.slots[0].sealed = vec![0; MAX_SLOT + 1], (413, "too-large")),
        ("a large keyring", |c| c.keyring = vec![0; MAX_KEYRING + 1], (413, "too-large")),
    ];
    for (what, change, (status, code)) in table {
        let mut device = Device::new(site.net(), 1);
        change(&mut device.register.content);
        let got = site.net().tell("/v1/accounts", &device.register).await;
        assert_eq!(got.problem(), (status, code.to_owned()), "{what}");
    }
}

fn neutral() -> [u8; 32] {
    std::array::from_fn(|place| u8::from(place == 0))
}

/// What the device signs to change its account.
fn statement(device: &Device, challenge: &Challenge, content: &AccountContent) -> AccountStatement {
    AccountStatement {
        action: "satchel/account/1".to_owned(),
        host: device.net.0.to_string(),
        time_ms: challenge.server_ms,
        nonce: challenge.nonce,
        account: device.register.account,
        slot: device.slot,
        device: device.register.device,
        replaces: content.revision - 1,
        content: Sha256::digest(to_cbor(content)).into(),
    }
}

async fn change(device: &Device, statement: &AccountStatement, content: &AccountContent) -> Got {
    let statement = to_cbor(statement);
    let signature = device.key.sign(&statement).to_bytes().to_vec();
    let change = AccountChange { statement, signature, content: to_cbor(content) };
    device.net.tell("/v1/accounts/change", &change).await
}

#[tokio::test]
async fn a_signed_change_replaces_the_passphrase() {
    let site = Site::open().await;
    let old = Device::ready(site.net(), 1).await;
    let mut other = old.clone();
    other.register.device = DeviceId(99);
    other.sign_in().await;
    let (mut mine, mut theirs) = (Stream::open(&old).await, Stream::open(&other).await);
    assert_eq!((mine.head().await, theirs.head().await), (0, 0));
    let mut new = old.clone();
    new.key = ed25519_dalek::SigningKey::from_bytes(&[50; 32]);
    new.register.content.revision = 2;
    new.register.content.slots[0].login_key = new.key.verifying_key().to_bytes();
    let content = new.register.content.clone();
    let said = statement(&old, &old.challenge().await, &content);
    let revision: AccountRevision = change(&old, &said, &content).await.message();
    assert_eq!(revision.revision, 2);
    assert_eq!(old.get("changes").await.status, 200, "who changed it goes on");
    assert_eq!(other.get("changes").await.problem(), (401, "session".to_owned()));
    assert_eq!(theirs.piece().await, None, "the other device hears of it at once");
    old.push(vec![old.write(1, None, b"x")]).await;
    assert_eq!(mine.head().await, 1, "the stream of who changed it goes on");
    let refused = old.sign(&old.statement(&old.challenge().await));
    assert_eq!(old.net.tell("/v1/sessions", &refused).await.problem(), (401, "login".to_owned()));
    assert_eq!(new.sign_in().await.content, content);
    let late = change(&new, &statement(&new, &new.challenge().await, &content), &content).await;
    assert_eq!(late.status, 200, "the same again");
    let rival = AccountContent { keyring: vec![7], ..content };
    let late = change(&new, &statement(&new, &new.challenge().await, &rival), &rival).await;
    assert_eq!(late.problem(), (409, "revision".to_owned()));
}

/// What is changed in an honest change → the answer. Nothing of it is stored.
#[tokio::test]
async fn changes_that_say_something_else_are_refused() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    Device::ready(site.net(), 2).await;
    let content = AccountContent { revision: 2, keyring: vec![7], ..device.register.content.clone() };
    type Change = fn(&mut AccountStatement);
    let table: [(&str, Change, (u16, &str)); 7] = [
        ("a sign-in", |s| s.action = "satchel/login/2".to_owned(), (400, "malformed")),
        ("another content", |s| s.content[0] ^= 1, (400, "malformed")),
        ("another host", |s| s.host = "evil.example".to_owned(), (401, "login-host")),
        ("an old challenge", |s| s.nonce[12] ^= 1, (401, "login-challenge")),
        ("another account", |s| s.account = AccountId([2; 16]), (401, "login-challenge")),
        ("a way that is not there", |s| s.slot = SlotId::RECOVERY, (401, "login")),
        ("an older revision", |s| s.replaces = 0, (409, "revision")),
    ];
    for (attack, alter, (status, code)) in table {
        let mut said = statement(&device, &device.challenge().await, &content);
        alter(&mut said);
        assert_eq!(change(&device, &said, &content).await.problem(), (status, code.to_owned()), "{attack}");
    }
    let mut thief = device.clone();
    thief.key = ed25519_dalek::SigningKey::from_bytes(&[66; 32]);
    let said = statement(&device, &device.challenge().await, &content);
    assert_eq!(change(&thief, &said, &content).await.problem(), (401, "login".to_owned()));
    let mut nobody = Device::new(site.net(), 9);
    nobody.register.content.revision = 2;
    let said = statement(&nobody, &nobody.challenge().await, &nobody.register.content);
    let got = change(&nobody, &said, &nobody.register.content).await;
    assert_eq!(got.problem(), (401, "login".to_owned()), "as with a wrong key");
    assert_eq!(device.clone().sign_in().await.content, device.register.content);
}

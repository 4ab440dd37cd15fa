//! Deleting a space over HTTP.

use ed25519_dalek::Signer;
use satchel_wire::{DeleteSpace, DeleteStatement, to_cbor};

use crate::client::{Device, Got, Site, offer};

async fn delete(device: &Device, change: impl FnOnce(&mut DeleteStatement)) -> Got {
    let challenge = device.challenge().await;
    let mut statement = DeleteStatement {
        action: "satchel/space/delete/1".to_owned(),
        host: device.net.0.to_string(),
        time_ms: challenge.server_ms,
        nonce: challenge.nonce,
        account: device.register.account,
        slot: device.slot,
        device: device.register.device,
        space: device.space,
    };
    change(&mut statement);
    let statement = to_cbor(&statement);
    let signature = device.key.sign(&statement).to_bytes().to_vec();
    device
        .net
        .tell(&device.path("delete"), &DeleteSpace { statement, signature, identity: vec![7; 64] })
        .await
}

#[tokio::test]
async fn a_deleted_space_is_gone_and_says_who_signed_that() {
    let site = Site::open().await;
    let mut device = Device::ready(site.net(), 1).await;
    device.push(vec![device.write(1, None, b"x")]).await;
    let said: DeleteSpace = delete(&device, |_| ()).await.message();
    assert_eq!(device.get("changes").await.problem(), (401, "session".to_owned()), "this device is out");
    let grant = device.sign_in().await;
    assert!(grant.spaces.is_empty());
    for rest in ["changes", "digest", "members", "hints"] {
        assert_eq!(device.get(rest).await.problem(), (403, "deleted".to_owned()), "{rest}");
    }
    let pushed = device.offer(&offer(vec![device.write(2, None, b"y")])).await;
    assert_eq!(pushed.problem(), (403, "deleted".to_owned()));
    assert_eq!(device.get("deleted").await.message::<DeleteSpace>(), said);
    delete(&device, |_| ()).await.message::<DeleteSpace>();
    let mut other = Device::new(site.net(), 2);
    other.register.space = Some(device.space);
    let got = other.net.tell("/v1/accounts", &other.register).await;
    assert_eq!(got.problem(), (409, "space-taken".to_owned()));
}

#[tokio::test]
async fn only_a_fresh_word_of_its_owner_deletes_a_space() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    let mut stranger = Device::ready(site.net(), 2).await;
    stranger.space = device.space;
    let mut thief = device.clone();
    thief.key = stranger.key.clone();
    let refusals = [
        (delete(&device, |said| said.action = "satchel/login/2".to_owned()).await, 400, "malformed"),
        (delete(&device, |said| said.space.0[0] ^= 1).await, 400, "malformed"),
        (delete(&device, |said| said.nonce[9] ^= 1).await, 401, "login-challenge"),
        (delete(&device, |said| said.host = "elsewhere.test".to_owned()).await, 401, "login-host"),
        (delete(&thief, |_| ()).await, 401, "login"),
        (delete(&stranger, |_| ()).await, 403, "not-a-member"),
    ];
    for (got, status, code) in refusals {
        assert_eq!(got.problem(), (status, code.to_owned()));
    }
    assert_eq!(device.get("changes").await.status, 200, "nothing of it was done");
    assert_eq!(device.get("deleted").await.problem(), (404, "not-found".to_owned()));
}

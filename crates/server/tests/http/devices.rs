//! The devices of an account over HTTP.

use ed25519_dalek::Signer;
use satchel_wire::{
    DeviceId, DeviceList, DeviceReport, MAX_DEVICE_NAME, NameDevice, Revoke, RevokeStatement, to_cbor,
};

use crate::client::{Device, Got, Site};

async fn told(device: &Device, report: &DeviceReport) -> Got {
    let headers = [("content-type", satchel_wire::CBOR), ("authorization", device.bearer.as_str())];
    device.net.post("/v1/devices", &headers, to_cbor(report)).await
}

async fn revoke(device: &Device, change: impl FnOnce(&mut RevokeStatement)) -> Got {
    let challenge = device.challenge().await;
    let mut statement = RevokeStatement {
        action: "satchel/revoke/1".to_owned(),
        host: device.net.0.to_string(),
        time_ms: challenge.server_ms,
        nonce: challenge.nonce,
        account: device.register.account,
        slot: device.slot,
        device: device.register.device,
        revoked: DeviceId(99),
    };
    change(&mut statement);
    let statement = to_cbor(&statement);
    let signature = device.key.sign(&statement).to_bytes().to_vec();
    device.net.tell("/v1/devices/revoke", &Revoke { statement, signature }).await
}

/// The account's first device, and another one of it.
async fn two(site: &Site) -> [Device; 2] {
    let first = Device::ready(site.net(), 1).await;
    let mut second = first.clone();
    second.register.device = DeviceId(99);
    second.sign_in().await;
    [first, second]
}

#[tokio::test]
async fn a_revoked_device_is_told_so_and_loses_its_session() {
    let site = Site::open().await;
    let [first, second] = two(&site).await;
    let report = DeviceReport { name: vec![1; 40], waiting: 7 };
    let list: DeviceList = told(&second, &report).await.message();
    assert_eq!(list.devices.len(), 2);
    let list: DeviceList = revoke(&first, |_| ()).await.message();
    let row = list.devices.iter().find(|row| row.device == DeviceId(99)).unwrap();
    assert!((row.revoked_ms.is_some(), row.waiting, row.name.len()) == (true, 7, 40));
    assert!(row.revocation.is_some(), "with the signed word, for the other devices to keep");
    assert_eq!(second.get("changes").await.problem(), (401, "session".to_owned()));
    let again = second.sign(&second.statement(&second.challenge().await));
    assert_eq!(second.net.tell("/v1/sessions", &again).await.problem(), (403, "revoked".to_owned()));
    assert_eq!(first.get("changes").await.status, 200);
}

#[tokio::test]
async fn a_name_that_another_device_gave_stays_until_another_is_said() {
    let site = Site::open().await;
    let [first, second] = two(&site).await;
    let stranger = Device::ready(site.net(), 2).await;
    let named = async |by: &Device, name: Vec<u8>| {
        let headers = [("content-type", satchel_wire::CBOR), ("authorization", by.bearer.as_str())];
        let message = to_cbor(&NameDevice { device: DeviceId(99), name });
        by.net.post("/v1/devices/name", &headers, message).await
    };
    named(&first, vec![5; 30]).await.message::<DeviceList>();
    named(&stranger, vec![6; 30]).await.message::<DeviceList>();
    let name = async |report: &DeviceReport| {
        let list: DeviceList = told(&second, report).await.message();
        list.devices.into_iter().find(|row| row.device == DeviceId(99)).unwrap().name
    };
    assert_eq!(name(&DeviceReport { name: Vec::new(), waiting: 0 }).await, [5; 30], "of its own account");
    assert_eq!(name(&DeviceReport { name: vec![8; 30], waiting: 0 }).await, [8; 30], "its own word");
    let large = named(&first, vec![0; MAX_DEVICE_NAME + 1]).await;
    assert_eq!(large.problem(), (413, "too-large".to_owned()));
}

#[tokio::test]
async fn only_another_device_of_the_account_revokes() {
    let site = Site::open().await;
    let [first, second] = two(&site).await;
    let stranger = Device::ready(site.net(), 2).await;
    let refusals = [
        (revoke(&first, |said| said.revoked = said.device).await, 400, "malformed"),
        (revoke(&first, |said| said.action = "satchel/login/2".to_owned()).await, 400, "malformed"),
        (revoke(&first, |said| said.nonce[9] ^= 1).await, 401, "login-challenge"),
        (revoke(&stranger, |said| said.account = first.register.account).await, 401, "login-challenge"),
    ];
    for (got, status, code) in refusals {
        assert_eq!(got.problem(), (status, code.to_owned()));
    }
    let mut thief = first.clone();
    thief.key = stranger.key.clone();
    assert_eq!(revoke(&thief, |_| ()).await.problem(), (401, "login".to_owned()));
    assert_eq!(second.get("changes").await.status, 200, "nothing of it was done");
    let large = DeviceReport { name: vec![0; MAX_DEVICE_NAME + 1], waiting: 0 };
    assert_eq!(told(&first, &large).await.problem(), (413, "too-large".to_owned()));
}

//! Registering accounts.

use satchel_wire::{Register, SpaceState};

use crate::client::{Device, Site};

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
    let other = Register { slot: vec![0], ..device.register };
    let got = site.net().tell("/v1/accounts", &other).await;
    assert_eq!(got.problem(), (409, "taken".to_owned()));
}

#[tokio::test]
async fn a_key_that_proves_nothing_is_refused() {
    let site = Site::open().await;
    let mut device = Device::new(site.net(), 1);
    // The neutral element: every signature would fit it.
    device.register.login_key = [0; 32];
    device.register.login_key[0] = 1;
    let got = site.net().tell("/v1/accounts", &device.register).await;
    assert_eq!(got.problem(), (400, "malformed".to_owned()));
}

#[tokio::test]
async fn sealed_keys_are_bounded() {
    let site = Site::open().await;
    let device = Device::new(site.net(), 1);
    let slot = Register { slot: vec![0; 4 * 1024 + 1], ..device.register.clone() };
    let keyring = Register { keyring: vec![0; 64 * 1024 + 1], ..device.register.clone() };
    for register in [slot, keyring] {
        let got = site.net().tell("/v1/accounts", &register).await;
        assert_eq!(got.problem(), (413, "too-large".to_owned()));
    }
}

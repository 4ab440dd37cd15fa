//! The list of the account's devices, made up in part: what a server says of them, it can say otherwise.

use super::super::handover::{comes_back, devices, erased, revoke};
use super::super::sync::{Pair, pair};
use super::super::ways::this_device;
use super::super::world::{Lie, PASSPHRASE, Tab};
use super::lies::changing;
use super::sees::Sees;
use crate::port::{Command, DeviceCard, Secret};
use satchel_wire::{DeviceId, DeviceList, DeviceRow};

/// Where a device says how it stands, and hears of the others.
const DEVICES: &str = "/v1/devices";
const NAME: &str = "Tablet in the van";
/// A device that nobody has.
const INVENTED: DeviceId = DeviceId(7);

/// Two devices, the second with a name that the first knows.
async fn named() -> Pair {
    let pair = pair().await;
    let device = this_device(&pair.on_b).await;
    pair.on_b.run(Command::NameDevice { device, name: NAME.into() }).await.expect("a name");
    let told = devices(&pair.on_a).await;
    assert!(told.iter().any(|card| card.name == NAME && !card.hidden), "{told:?}");
    pair
}

fn listing(change: impl Fn(&mut Vec<DeviceRow>) + 'static) -> Lie {
    changing(DEVICES, move |list: &mut DeviceList| change(&mut list.devices))
}

fn is_listed(sees: Sees, key: &'static str) {
    assert_eq!(sees, Sees::Listed(key));
}

async fn other(tab: &Tab) -> DeviceCard {
    devices(tab).await.into_iter().find(|card| !card.this).expect("there is one")
}

/// With the sealed name of one that there is, bound to that one: it stands there without.
pub(super) async fn device_invented(sees: Sees) {
    let Pair { a, on_a, .. } = named().await;
    a.lied_to(listing(|rows| {
        let named = rows.iter().find(|row| !row.name.is_empty()).cloned().expect("B has a name");
        rows.push(DeviceRow { device: INVENTED, ..named });
    }));
    let told = devices(&on_a).await;
    let unnamed: Vec<_> = told.iter().filter(|card| !card.this && card.name.is_empty()).collect();
    assert_eq!(unnamed.len(), 1, "it is told from those that she named: {told:?}");
    is_listed(sees, "word");
    let device = unnamed[0].id.clone();
    a.told_the_truth();
    on_a.run(revoke(device)).await.expect("what she does not know, she revokes");
    on_a.synced().await;
}

/// It stays in the list, and can be revoked all the same.
pub(super) async fn device_hidden(sees: Sees) {
    let Pair { a, b, on_a, on_b } = named().await;
    let hidden = on_b.device();
    a.lied_to(listing(move |rows| rows.retain(|row| row.device != hidden)));
    let card = other(&on_a).await;
    assert!(card.hidden && card.name == NAME && card.last_ms > 0, "{card:?}");
    is_listed(sees, "hidden");
    drop(on_a);
    let on_a = a.tab().await;
    on_a.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("the right one");
    on_a.synced().await;
    assert!(other(&on_a).await.hidden, "a fresh tab knows it too");
    on_a.run(revoke(card.id)).await.expect("another device");
    assert_eq!(
        devices(&on_a).await.iter().filter(|card| card.hidden).count(),
        0,
        "she has said what is to be said"
    );
    comes_back(&b, &on_b);
    assert_eq!(erased(&on_b).await, 0);
    a.told_the_truth();
    assert!(other(&on_a).await.revoked_at_ms.is_some());
}

/// Only the list says so: nothing follows from it.
pub(super) async fn contact_made_up(sees: Sees) {
    let Pair { a, on_a, on_b, .. } = named().await;
    let away = on_b.device();
    let before = other(&on_a).await;
    a.lied_to(listing(move |rows| {
        let row = rows.iter_mut().find(|row| row.device == away).expect("B");
        (row.last_ms, row.waiting) = (row.last_ms + 86_400_000, 9);
    }));
    let told = other(&on_a).await;
    assert_eq!((told.id, told.name, told.revoked_at_ms), (before.id, before.name, None));
    is_listed(sees, "word");
    a.told_the_truth();
    assert_eq!(other(&on_a).await.waiting, 0);
}

pub(super) async fn device_named_as_another(sees: Sees) {
    let Pair { a, on_a, .. } = named().await;
    a.lied_to(listing(|rows| {
        let name = rows.iter().find(|row| !row.name.is_empty()).expect("B has a name").name.clone();
        rows.iter_mut().for_each(|row| row.name.clone_from(&name));
    }));
    let told = devices(&on_a).await;
    assert_eq!(told.iter().filter(|card| card.name == NAME).count(), 1, "bound to the device: {told:?}");
    is_listed(sees, "unnamed");
}

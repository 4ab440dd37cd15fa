//! After somebody was removed: what the server has under the old key is sealed anew.

use super::import::bring;
use super::sync::edit;
use super::team::{Office, remove};
use super::world::{Device, PASSPHRASE, Server, Tab};
use super::{partners, person, run};
use crate::engine::host::Call;
use crate::port::{Command, Role, Secret};
use satchel_replica::Store;
use satchel_wire::{Changes, from_cbor};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

/// Until everything was sealed anew once it began; time passes meanwhile.
async fn sealed_anew(clock: &AtomicU64, tab: &Tab) {
    let begun = Cell::new(false);
    tab.until(|said| {
        clock.fetch_add(20, Ordering::Relaxed);
        let sync = said.sync.as_ref();
        begun.set(begun.get() || sync.is_some_and(|sync| sync.resealing.is_some()));
        begun.get() && sync.is_some_and(|sync| sync.resealing.is_none() && sync.waiting == 0)
    })
    .await;
    tab.synced().await;
}

/// What lies in pages does not say how the server has it: that is sealed anew like the rest.
#[test]
fn after_a_removal_what_came_from_a_file_is_sealed_anew_too() {
    run(async {
        let office = Office::open().await;
        let (_gone, _leaves) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        bring(&office.owner, 600).await;
        office.owner.synced().await;
        assert_eq!(epochs_there(&office.server, &office.owner).await, BTreeSet::from([1]));
        remove(&office.owner, "Emma").await;
        office.owner.synced().await;
        sealed_anew(&office.clock, &office.owner).await;
        assert_eq!(epochs_there(&office.server, &office.owner).await, BTreeSet::from([2]));
        assert_eq!(partners(&office.owner).await, 600);
    });
}

/// The epochs under which the server has what it has.
async fn epochs_there(server: &Server, tab: &Tab) -> BTreeSet<u32> {
    let (token, space) = tab.session();
    let mut found = BTreeSet::new();
    let mut since = 0;
    loop {
        let path = format!("/v1/spaces/{}/changes?since={since}&limit=1000&floor=0", space.to_hex());
        let call = Call { path, token: Some(token.clone()), body: None, keepalive: false };
        let page: Changes = from_cbor(&server.answer(call).await.expect("it is there").body).expect("a page");
        found.extend(page.rows.iter().map(|row| row.envelope.header.epoch));
        if page.rows.is_empty() {
            return found;
        }
        since = page.next;
    }
}

#[test]
fn after_a_removal_the_server_has_nothing_left_that_the_old_key_opens() {
    run(async {
        let office = Office::open().await;
        let (_gone, _leaves) = office.welcome("Emma", Role::Editor, 1_000_000).await;
        let mut ids = Vec::new();
        for number in 0..220 {
            ids.push(
                office
                    .owner
                    .created(Command::CreatePartner { draft: person(&format!("Customer {number}"), "", "") })
                    .await,
            );
        }
        office.owner.synced().await;
        edit(&office.owner, ids[7], |draft| draft.note = "Prefers mornings".into()).await;
        remove(&office.owner, "Emma").await;
        office.owner.synced().await;
        // Killed in the middle: the next tab goes on.
        office
            .owner
            .until(|said| {
                office.clock.fetch_add(20, Ordering::Relaxed);
                said.sync.is_some_and(|sync| sync.resealing.is_some())
            })
            .await;
        drop(office.owner);
        let again = office.device.tab().await;
        again.run(Command::Unlock { passphrase: Secret(PASSPHRASE.into()) }).await.expect("her passphrase");
        sealed_anew(&office.clock, &again).await;
        let copy = office.device.beside(9_000_000);
        let on_copy = copy.tab().await;
        let code = Secret(again.device_code().await);
        let join = Command::JoinWorkspace { code, passphrase: Secret(PASSPHRASE.into()) };
        on_copy.run(join).await.expect("her own account");
        on_copy.synced().await;
        assert_eq!(partners(&on_copy).await, 220);
        // What is synced here is what the server has, byte for byte.
        assert_eq!(epochs(&office.device).await.into_iter().collect::<Vec<_>>(), [2], "history too");
    });
}

/// The epochs under which the rows of a device are sealed.
async fn epochs(device: &Device) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    for store in device.stores() {
        let rows = store.scan(None, 10_000).await.expect("a store in memory");
        found.extend(rows.iter().map(|row| row.envelope.header.epoch));
    }
    found
}

//! A server that was put back to an older copy has forgotten what became of the account since: who was revoked, and
//! another passphrase. The devices say it again; nobody is asked.

use super::attacks::scene::patiently;
use super::handover::{comes_back, devices, erased, revoke};
use super::sync::{Pair, pair};
use super::ways::{change, told_to_the_server};
use super::world::{Device, Network, PASSPHRASE, Server, Tab};
use super::{clock, person, run};
use crate::port::{Command, FailureCode, Secret};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// Longer than a session lasts.
const OVER_MS: u64 = 13 * 3_600_000;
const NEW: &str = "another passphrase";

async fn joined(device: &Device, code: &str, passphrase: &str) -> Result<Tab, FailureCode> {
    let tab = device.tab().await;
    let join = Command::JoinWorkspace { code: Secret(code.into()), passphrase: Secret(passphrase.into()) };
    tab.run(join).await.map(|_| tab).map_err(|failure| failure.code)
}

/// What the copy lacks beside the revocation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lacks {
    /// Nothing that shows: a device looks again because its session is over.
    Nothing,
    /// A record too.
    Record,
    /// That there ever was such a device.
    Device,
}

/// The first device of an account revokes another one while the server is as in `lacks`; then the server is put back,
/// and that device, or one that only heard of the revocation, says it again.
pub(super) async fn put_back(lacks: Lacks, by_the_third: bool) -> Tab {
    let clock = clock();
    let server = Server::start(&clock);
    let [a, b, c] = [1, 1_000_000, 2_000_000].map(|seed| Device::new(&server, &clock, seed));
    let on_a = a.tab().await;
    on_a.create_workspace().await;
    on_a.synced().await;
    let code = on_a.device_code().await;
    let on_c = joined(&c, &code, PASSPHRASE).await.expect("it joins");
    on_c.synced().await;
    let early = server.copy();
    let on_b = joined(&b, &code, PASSPHRASE).await.expect("it joins");
    on_b.synced().await;
    let copy = if lacks == Lacks::Device { early } else { server.copy() };
    b.network.set(Network::Down);
    let lost = format!("{:016x}", on_b.device().0);
    on_a.run(revoke(lost)).await.expect("another device");
    devices(&on_c).await;
    let (device, teller, other) = if by_the_third { (c, on_c, on_a) } else { (a, on_a, on_c) };
    drop(other); // or it might be quicker
    if lacks == Lacks::Record {
        teller.created(Command::CreatePartner { draft: person("Bo", "", "") }).await;
    }
    teller.synced().await;
    server.set_back(copy, &clock);
    if lacks != Lacks::Record {
        clock.fetch_add(OVER_MS, Ordering::Relaxed);
    }
    let said = hears_of_revocations(&device);
    patiently(&teller, |_| said.get()).await;
    comes_back(&b, &on_b);
    assert_eq!(erased(&on_b).await, 0);
    assert!(!b.has_a_workspace());
    teller
}

/// Whether the server took a revocation that this device says from now on; nothing is changed on the way.
fn hears_of_revocations(device: &Device) -> Rc<Cell<bool>> {
    let said = Rc::new(Cell::new(false));
    let heard = Rc::clone(&said);
    device.lied_to(Rc::new(move |call, answer| {
        heard.set(heard.get() || call.path == "/v1/devices/revoke" && answer.status == 200);
        answer
    }));
    said
}

#[test]
fn a_server_that_was_put_back_is_told_again_who_was_revoked() {
    for lacks in [Lacks::Nothing, Lacks::Record, Lacks::Device] {
        run(async { drop(put_back(lacks, false).await) });
    }
}

#[test]
fn a_device_that_only_heard_of_a_revocation_says_it_again_too() {
    run(async { drop(put_back(Lacks::Record, true).await) });
}

/// The copy knows the old passphrase only. The device that knows the new one gets in by the old login key, which it
/// kept, and the new one holds again.
pub(super) async fn put_back_before_another_passphrase() -> Tab {
    let Pair { a, b, on_a, on_b } = pair().await;
    drop((b, on_b));
    let (copy, code) = (a.server().copy(), on_a.device_code().await);
    assert_eq!(change(&on_a, PASSPHRASE, NEW).await, None);
    told_to_the_server(&on_a).await;
    drop(on_a);
    a.server().set_back(copy, &a.clock);
    let on_a = a.tab().await;
    on_a.run(Command::Unlock { passphrase: Secret(NEW.into()) }).await.expect("the new one");
    on_a.synced().await;
    let third = a.beside(7_000_000);
    let old = joined(&third, &code, PASSPHRASE).await.err();
    assert_eq!(old, Some(FailureCode::UnknownAccount), "the old one is let in no more");
    joined(&third, &code, NEW).await.expect("the new one");
    on_a
}

//! How long the trash keeps what was deleted while nobody could hear of it.

mod common;

use common::block_on;
use common::device::Device;
use common::server::Server;
use satchel_domain::Write;
use satchel_replica::{Phase, TRASH_MS};
use std::cell::RefCell;
use std::rc::Rc;

fn settle(devices: &mut [Device]) {
    for device in devices {
        assert_eq!(device.settle().phase, Phase::Synced);
    }
}

/// R38: nobody else saw it in the trash as long as the server did not have it.
#[test]
fn what_was_put_in_the_trash_offline_stays_there_for_thirty_days_after_others_heard_of_it_r38() {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let mut devices = [1, 2].map(|number| Device::new(number, &server, 99));
    let id = devices[0].create(1, "Ada");
    settle(&mut devices);
    devices[0].write(id, vec![Write::deleted(true)]);
    server.borrow_mut().now_ms += TRASH_MS + 5 * 86_400_000;
    settle(&mut devices);
    assert!(devices[1].book[&id].is_deleted());
    let erase = |device: &Device| block_on(device.replica.erase(&[id], device.wall_ms())).expect("erases");
    assert!(devices.iter().all(|device| erase(device).is_empty()));
    server.borrow_mut().now_ms += TRASH_MS + 60_000;
    settle(&mut devices);
    assert_eq!(erase(&devices[1]).len(), 1);
}

//! Erased at once, and only as it was copied.

mod common;

use common::block_on;
use common::device::{Device, set};
use common::server::Server;
use satchel_replica::{Change, Edit, ReplicaError};
use std::cell::RefCell;
use std::rc::Rc;

#[test]
fn what_was_written_after_it_was_copied_is_not_erased_at_once() {
    let server = Rc::new(RefCell::new(Server::new(1_700_000_000_000)));
    let (mut here, mut there) = (Device::new(1, &server, 9), Device::new(2, &server, 8));
    let id = here.create(1, "Ada");
    here.settle();
    there.settle();
    let erases = |device: &Device, meant| {
        let edit = Edit { id, change: Change::EraseNow(Some(meant)) };
        block_on(device.replica.edit(&[edit], device.wall_ms()))
    };
    let versions = |device: &Device| block_on(device.replica.versions(&[id])).expect("reads");
    let copied = versions(&here)[&id];
    here.write(id, vec![set("note", "mine")]);
    assert!(versions(&here).is_empty(), "it is unsent");
    assert!(matches!(erases(&here, copied), Err(ReplicaError::Contended)));
    here.settle();
    there.settle();
    assert!(matches!(erases(&here, copied), Err(ReplicaError::Contended)), "sent since");
    let copied = versions(&here)[&id];
    there.write(id, vec![set("note", "another's")]);
    there.settle();
    here.settle();
    assert!(matches!(erases(&here, copied), Err(ReplicaError::Contended)), "come since");
    erases(&here, versions(&here)[&id]).expect("nothing was written since");
    here.settle();
    there.settle();
    assert!(block_on(there.replica.how_sealed(&[id])).expect("reads")[0].is_grave);
}

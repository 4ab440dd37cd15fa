//! Where days begin (D13): by the clocks of the device, also once it was carried into another zone.

use super::host::Host;
use super::workspace::Workspace;
use satchel_book::Zone;
use std::rc::Rc;

/// The rule of the device's clocks.
pub(super) fn zone<H: Host>(host: &Rc<H>) -> Zone {
    let host = Rc::clone(host);
    Zone::new(move |local_ms| host.local_to_utc_ms(local_ms))
}

impl<H: Host> Workspace<H> {
    /// Days begin elsewhere where clocks no longer go as they did.
    pub(super) fn follow_clocks(&self) {
        if !self.book.borrow().zone().holds() {
            self.book.borrow_mut().set_zone(zone(&self.host));
            self.changed();
        }
    }
}

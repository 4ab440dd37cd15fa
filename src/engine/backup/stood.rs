//! How a workspace stood at some moment: for telling whether anything was written since, in whichever tab.

use crate::engine::files::KEPT;
use crate::engine::host::Host;
use crate::engine::workspace::{DRAFTS, Workspace};
use satchel_domain::RecordId;
use satchel_replica::Store;
use std::collections::BTreeSet;

/// Records that are read at once.
const READ: usize = 500;

/// What lies on this device and perhaps nowhere else, as it lay at some moment.
#[derive(Default)]
pub(in crate::engine) struct Work {
    rows: BTreeSet<(RecordId, [u8; 32])>,
    forms: BTreeSet<(String, Vec<u8>)>,
    /// Files that the server does not have whole, as far as is known here.
    files: BTreeSet<String>,
}

/// How a workspace stood when it was written into a file.
pub(in crate::engine) struct Stood {
    /// [`Workspace::written`] of this tab.
    written: (u64, u64),
    /// What the disk held, of which other tabs write too.
    work: Work,
}

impl<H: Host> Workspace<H> {
    /// What waits and what was begun, as the disk says; `None` where that cannot be read.
    pub(in crate::engine) async fn work_here(&self) -> Option<Work> {
        let mut work = Work::default();
        for ids in self.replica.waiting_ids().await.ok()?.chunks(READ) {
            let sealed = self.replica.how_sealed(ids).await.ok()?;
            work.rows.extend(sealed.into_iter().map(|row| (row.id, row.etag.0)));
        }
        let forms = self.replica.store().locals(DRAFTS).await.ok()?;
        work.forms.extend(forms.into_iter().map(|form| (form.key, form.sealed)));
        let files = self.replica.store().locals(KEPT).await.ok()?;
        work.files.extend(files.into_iter().map(|file| file.key));
        Some(work)
    }

    /// Whether something was written since then. What cannot be read by now may hold more.
    pub(in crate::engine) async fn has_more_than(&self, before: &Work) -> bool {
        let is_within = |now: Work| {
            now.rows.is_subset(&before.rows)
                && now.forms.is_subset(&before.forms)
                && now.files.is_subset(&before.files)
        };
        !self.work_here().await.is_some_and(is_within)
    }

    /// How it stands; `None` where that cannot be read.
    pub(in crate::engine) async fn as_it_stands(&self) -> Option<Stood> {
        let written = self.written();
        Some(Stood { written, work: self.work_here().await? })
    }

    /// Whether everything here, forms of other tabs too, is in a file that was kept.
    pub(in crate::engine) async fn is_in_a_file(&self) -> bool {
        let Some(stood) = self.saved.borrow().clone() else { return false };
        stood.written == self.written() && !self.has_more_than(&stood.work).await
    }
}

//! Backups: this workspace into a file, and a file into this workspace or onto a device that has none.
//!
//! Nothing of a file is brought in before all of it was verified, and the person has seen what it holds.

mod erase;
mod file;
mod inspect;
mod rescue;
mod restore;
mod stood;
mod write;

use self::file::Source;
pub(super) use self::stood::Stood;
use super::keys::Keys;
use crate::port::{BackupFault, BackupId, Failure, FailureCode};
use satchel_domain::RecordId;
use satchel_replica::{LocalItem, Manifest, Meta};
use satchel_vault::BackupError;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Files that were verified and wait to be brought in.
pub(super) struct Backups<F> {
    next: u32,
    held: BTreeMap<u32, Rc<Verified<F>>>,
}

/// What a workspace is made of on a device that has none.
struct Entry {
    meta: Meta,
    keys: Keys,
    /// What the file knows of the team, sealed: it is here before the server is asked for anything.
    team: Vec<LocalItem>,
}

/// A verified file.
struct Verified<F> {
    file: Source<F>,
    manifest: Manifest,
    /// Every record in it.
    ids: BTreeSet<RecordId>,
    /// The way in, where no workspace is on this device; taken when it is made.
    entry: RefCell<Option<Entry>>,
}

impl<F> Default for Backups<F> {
    fn default() -> Self {
        Self { next: 0, held: BTreeMap::new() }
    }
}

impl<F> Backups<F> {
    fn hold(&mut self, verified: Verified<F>) -> BackupId {
        self.next += 1;
        self.held.insert(self.next, Rc::new(verified));
        BackupId(self.next)
    }

    fn get(&self, backup: BackupId) -> Result<Rc<Verified<F>>, FailureCode> {
        self.held.get(&backup.0).cloned().ok_or(FailureCode::NotFound)
    }

    pub(super) fn forget(&mut self, backup: BackupId) {
        self.held.remove(&backup.0);
    }
}

/// Why a file is not read on.
enum Stop {
    /// It is the file's fault.
    Fault(BackupFault),
    /// Something else failed, or the person stopped it.
    Failure(Failure),
}

impl<T: Into<Failure>> From<T> for Stop {
    fn from(failure: T) -> Self {
        Self::Failure(failure.into())
    }
}

fn fault(error: BackupError) -> Stop {
    Stop::Fault(match error {
        BackupError::NotABackup => BackupFault::NotABackup,
        BackupError::Newer { .. } => BackupFault::Newer,
        BackupError::Cut { at } => BackupFault::Cut { at },
        BackupError::Damaged { at } => BackupFault::Damaged { at },
    })
}

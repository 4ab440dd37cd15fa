//! Backups of this device's copy: every row with where it stands, sealed once more into one file, and back.
//!
//! A file is read in two passes: whole, to know that it is what was written, and again to be brought in. What
//! comes in is never laid over what is here: records are joined field by field, as if they had come from another
//! device, unsent work is unsent work again, and the server's log is read anew afterwards, so that whatever the
//! server lacks is offered to it. What a revoked device alone has is handed over in parts, each such a file.

mod contents;
mod given;
mod handed;
mod parts;
mod restore;
mod write;

pub use contents::{BackupItem, BackupItems, Manifest, NewerBackup};
pub use given::Given;
pub use parts::{Part, PartSink};
pub use restore::{Restoring, Weighed, Weight, read_backed_up};
pub use write::{BackedUp, BackupSink};

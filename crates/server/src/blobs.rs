//! Sealed chunks on the disk: one file each, under a random name, written once and never over another.
//!
//! The database says which name is which chunk. A name is on the disk before the database knows it, and goes after
//! the database has forgotten it: so whatever a crash leaves behind is a name that nothing refers to, and goes at the
//! next start.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{log::LogError, login::random};

/// The directory within the data directory.
const DIRECTORY: &str = "blobs";
/// What is still being written ends so.
const UNFINISHED: &str = ".part";

/// The directory of blobs.
#[derive(Clone, Debug)]
pub(crate) struct Blobs(PathBuf);

impl Blobs {
    /// Opens the directory below the data directory, making it if it is not there.
    pub(crate) fn open(data: &Path) -> Result<Self, LogError> {
        let directory = data.join(DIRECTORY);
        fs::create_dir_all(&directory)?;
        Ok(Self(directory))
    }

    /// Keeps bytes under a new name, through the loss of power. Blocks.
    pub(crate) fn keep(&self, bytes: &[u8]) -> Result<String, LogError> {
        let name: String = random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect();
        let unfinished = self.0.join(format!("{name}{UNFINISHED}"));
        let written = self.write(&unfinished, &name, bytes);
        if written.is_err() {
            // What cannot be removed now goes at the next start.
            let _ = fs::remove_file(&unfinished);
        }
        written.map(|()| name).map_err(full)
    }

    fn write(&self, unfinished: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = File::create_new(unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(unfinished, self.0.join(name))?;
        File::open(&self.0)?.sync_all()
    }

    /// What lies under a name; `None` where nothing does. Blocks.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, LogError> {
        match fs::read(self.0.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(LogError::Io(error)),
        }
    }

    /// Removes names that the database has forgotten. What cannot be removed goes at the next start. Blocks.
    pub(crate) fn forget(&self, names: &[String]) {
        for name in names {
            let _ = fs::remove_file(self.0.join(name));
        }
    }

    /// Removes what `known` does not name; gives the known names that are not there. Blocks.
    pub(crate) fn sweep(&self, mut known: BTreeSet<String>) -> Result<BTreeSet<String>, LogError> {
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            let is_known = entry.file_name().to_str().is_some_and(|name| known.remove(name));
            if !is_known {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(known)
    }
}

/// A disk without room is not a defect.
fn full(error: io::Error) -> LogError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => LogError::Full,
        _ => LogError::Io(error),
    }
}

//! The published files on a host: uploaded whole, half, or with a spoiled byte.

use crate::{Failure, Outcome};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder that a server serves.
#[derive(Debug)]
pub struct Site {
    folder: PathBuf,
}

impl Site {
    /// A copy of `build` in `folder`.
    pub fn of(build: &Path, folder: &Path) -> Outcome<Self> {
        copy(build, folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// What is served.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The version of a build.
    pub fn version(build: &Path) -> Outcome<String> {
        let about: Value = serde_json::from_slice(&fs::read(build.join("version.json"))?)?;
        about["version"].as_str().map(str::to_owned).ok_or_else(|| "a build does not say its version".into())
    }

    /// Uploads all of `build` over what is there.
    pub fn publish(&self, build: &Path) -> Outcome {
        copy(build, &self.folder)
    }

    /// Uploads what keeps its address, and of the rest nothing yet.
    pub fn publish_half(&self, build: &Path) -> Outcome {
        for path in entries(build)?.into_iter().filter(|path| path.is_file()) {
            fs::copy(&path, self.folder.join(name(&path)?))?;
        }
        Ok(())
    }

    /// Uploads all of `build`, with one byte of `file` changed.
    pub fn publish_spoiled(&self, build: &Path, file: &str) -> Outcome {
        let spoiled = self.folder.with_extension("spoiled");
        copy(build, &spoiled)?;
        spoil(&spoiled.join(format!("build-{}", Self::version(build)?)).join(file))?;
        copy(&spoiled, &self.folder)
    }
}

/// Changes a byte in the middle of a file, whose compressed siblings go.
fn spoil(plain: &Path) -> Outcome {
    for suffix in ["br", "gz"] {
        let sibling = plain.with_added_extension(suffix);
        if sibling.exists() {
            fs::remove_file(sibling)?;
        }
    }
    let mut bytes = fs::read(plain)?;
    let middle = bytes.len() / 2;
    let byte = bytes.get_mut(middle).ok_or_else(|| Failure::from("an empty file cannot be spoiled"))?;
    *byte ^= 1;
    Ok(fs::write(plain, bytes)?)
}

fn copy(from: &Path, to: &Path) -> Outcome {
    fs::create_dir_all(to)?;
    for path in entries(from)? {
        let there = to.join(name(&path)?);
        if path.is_dir() {
            copy(&path, &there)?;
        } else {
            fs::copy(&path, &there)?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    paths.collect::<std::io::Result<_>>().map_err(Failure::from)
}

fn name(path: &Path) -> Outcome<&std::ffi::OsStr> {
    path.file_name().ok_or_else(|| "a file without a name".into())
}

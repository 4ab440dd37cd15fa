//! Where things lie.

use crate::command::Call;
use crate::{Attempt, Failure, Outcome};
use std::path::{Path, PathBuf};

/// The workspace and what is built from it.
pub(crate) struct Places {
    /// The workspace.
    pub(crate) root: PathBuf,
    /// Cargo's target directory.
    pub(crate) target: PathBuf,
}

impl Places {
    /// Asks Cargo.
    pub(crate) fn find() -> Outcome<Self> {
        let root = root();
        let said =
            Call::cargo().args(["metadata", "--no-deps", "--format-version=1"]).within(&root).output()?;
        let said: serde_json::Value = serde_json::from_str(&said).attempt("cargo metadata")?;
        let target = said["target_directory"].as_str().unwrap_or("target").into();
        Ok(Self { root, target })
    }

    /// A folder of ours under the target directory.
    pub(crate) fn work(&self, name: &str) -> PathBuf {
        self.target.join("satchel").join(name)
    }

    /// A program that Cargo built, in the folder of its profile.
    pub(crate) fn program(&self, folder: &str, name: &str) -> PathBuf {
        self.target.join(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// The version of a package in the lockfile.
    pub(crate) fn locked(&self, package: &str) -> Outcome<String> {
        let lock = std::fs::read_to_string(self.root.join("Cargo.lock")).attempt("Cargo.lock")?;
        let start = format!("name = \"{package}\"\nversion = \"");
        let version = lock.split_once(&start).and_then(|(_, rest)| rest.split_once('"'));
        version
            .map(|(version, _)| version.to_owned())
            .ok_or_else(|| Failure(format!("{package} is not in Cargo.lock")))
    }
}

/// The workspace. Cargo says where it runs this; where it was compiled may be another checkout, when
/// both share a target directory.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).parent().unwrap_or(Path::new(".")).to_owned()
}

/// Where build tools are kept between clones.
pub(crate) fn tools() -> Outcome<PathBuf> {
    let home = || std::env::home_dir().map(|home| home.join(".cache"));
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = cache.or_else(home).ok_or_else(|| Failure("there is no home directory".to_owned()))?;
    Ok(cache.join("satchel").join("tools"))
}

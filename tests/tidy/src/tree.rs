//! The files of the workspace, as they lie on disk, without what is built.

use std::fs;
use std::path::{Path, PathBuf};

/// A text file.
pub struct File {
    /// Its path in the workspace, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

const BUILT: [&str; 6] = [".git", "target", "data", "dist", "node_modules", "Cargo.lock"];

/// The workspace. Cargo says where it runs the tests; where they were compiled may be another
/// checkout, when both share a target directory.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).ancestors().nth(2).unwrap_or(Path::new(".")).to_owned()
}

/// Every text file of the workspace, by path.
///
/// # Panics
/// When a folder cannot be read.
pub fn files() -> Vec<File> {
    let root = root();
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).expect("the workspace can be read");
        for path in entries.map(|entry| entry.expect("the workspace can be read").path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if BUILT.contains(&name.as_ref()) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.push(File { path, text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

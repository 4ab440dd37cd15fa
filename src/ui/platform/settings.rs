//! Small settings of this browser, in clear: never a customer's word.

use crate::port::WorkspaceRef;
use gloo_storage::{LocalStorage, Storage};
use serde::{Deserialize, Serialize};

const WORKSPACES: &str = "satchel.workspaces";

/// Reads a setting; `None` when it is absent, unreadable, or storage is switched off.
pub fn read<T: for<'de> Deserialize<'de>>(key: &str) -> Option<T> {
    LocalStorage::get(key).ok()
}

/// Keeps a setting. A browser without storage forgets it with the tab, which harms nothing.
pub fn keep<T: Serialize>(key: &str, value: T) {
    drop(LocalStorage::set(key, value));
}

/// The workspaces that this browser holds, as far as is known without the engine.
pub fn workspaces() -> Vec<WorkspaceRef> {
    read(WORKSPACES).unwrap_or_default()
}

/// Remembers what the engine said: the one workspace here, or none.
pub fn keep_workspace(workspace: Option<&WorkspaceRef>) {
    let known: Vec<_> = workspace.cloned().into_iter().collect();
    if known != workspaces() {
        keep(WORKSPACES, known);
    }
}

//! Small settings of this browser, in clear: never a customer's word.

use crate::port::WorkspaceRef;
use gloo_storage::{LocalStorage, Storage};
use serde::{Deserialize, Serialize};

const WORKSPACES: &str = "satchel.workspaces";
const WAITING: &str = "satchel.waiting";

/// Reads a setting; `None` when it is absent, unreadable, or storage is switched off.
pub fn read<T: for<'de> Deserialize<'de>>(key: &str) -> Option<T> {
    storage_is_there().then(|| LocalStorage::get(key).ok()).flatten()
}

/// Keeps a setting. A browser without storage forgets it with the tab, which harms nothing.
pub fn keep<T: Serialize>(key: &str, value: T) {
    if storage_is_there() {
        drop(LocalStorage::set(key, value));
    }
}

/// Where site data is blocked, even asking for the storage throws.
fn storage_is_there() -> bool {
    matches!(leptos::prelude::window().local_storage(), Ok(Some(_)))
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

/// How many records waited when that was last told: if the browser throws the store away, how many are lost
/// can still be said. Only the count is kept.
pub fn waiting() -> Option<u32> {
    read(WAITING)
}

/// Keeps it.
pub fn keep_waiting(count: u32) {
    if waiting() != Some(count) {
        keep(WAITING, count);
    }
}

/// Forgets it with the workspace.
pub fn forget_waiting() {
    if storage_is_there() {
        LocalStorage::delete(WAITING);
    }
}

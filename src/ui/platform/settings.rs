//! Small settings of this browser, in clear: never a customer's word.

use gloo_storage::{LocalStorage, Storage};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
pub(super) fn storage_is_there() -> bool {
    matches!(leptos::prelude::window().local_storage(), Ok(Some(_)))
}

/// How many records of a workspace waited when that was last told: if the browser throws the store away, how many
/// are lost can still be said. Only the count is kept.
pub fn waiting(workspace: &str) -> Option<u32> {
    all_waiting().get(workspace).copied()
}

/// Keeps it.
pub fn keep_waiting(workspace: &str, count: u32) {
    let mut all = all_waiting();
    if all.insert(workspace.to_owned(), count) != Some(count) {
        keep(WAITING, all);
    }
}

/// Forgets it with the workspace.
pub fn forget_waiting(workspace: &str) {
    let mut all = all_waiting();
    if all.remove(workspace).is_some() {
        keep(WAITING, all);
    }
}

fn all_waiting() -> BTreeMap<String, u32> {
    read(WAITING).unwrap_or_default()
}

//! Tasks.

use leptos::prelude::*;
use satchel_domain::RecordId;

/// Open tasks, then those done lately.
#[component]
pub fn Tasks() -> impl IntoView {}

/// A task to make or to edit.
#[component]
pub fn TaskSheet(
    /// `None` for a new one.
    id: Option<RecordId>,
    /// For whom, if that is chosen already.
    partner: Option<RecordId>,
) -> impl IntoView {
    let _ = (id, partner);
}

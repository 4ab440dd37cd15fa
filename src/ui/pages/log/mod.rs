//! Logging what happened.

use leptos::prelude::*;
use satchel_domain::RecordId;

/// Logging something new.
#[component]
pub fn LogSheet(
    /// For whom, if that is chosen already.
    partner: Option<RecordId>,
) -> impl IntoView {
    let _ = partner;
}

/// An interaction to read and to edit.
#[component]
pub fn InteractionSheet(
    /// Which.
    id: RecordId,
) -> impl IntoView {
    let _ = id;
}

//! What was deleted.

use leptos::prelude::*;

/// What was deleted.
#[component]
pub fn Trash() -> impl IntoView {}

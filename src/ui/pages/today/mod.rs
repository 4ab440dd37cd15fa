//! The day.

use leptos::prelude::*;

/// The day.
#[component]
pub fn Today() -> impl IntoView {}

//! One customer.

use leptos::prelude::*;
use satchel_domain::RecordId;

/// A partner to make or to edit.
#[component]
pub fn PartnerSheet(
    /// `None` for a new one.
    id: Option<RecordId>,
) -> impl IntoView {
    let _ = id;
}

/// An order to read.
#[component]
pub fn OrderSheet(
    /// Which.
    id: RecordId,
) -> impl IntoView {
    let _ = id;
}

//! The customer list, beside the chosen customer where there is room.

use leptos::prelude::*;

/// The list, and the customer of the address.
#[component]
pub fn Customers() -> impl IntoView {}

//! A link as a QR code: one path, dark on light in every theme, because cameras want it so.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// The quiet zone around it, in modules.
const QUIET: i32 = 4;

/// The code; nothing where the text is longer than a code can be.
#[component]
pub fn Qr(
    /// What it says.
    text: String,
    /// What it is, for who cannot see it.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let code = QrCode::encode_text(&text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    let view_box = format!("0 0 {side} {side}");
    Some(view! {
        <svg class="qr" viewBox=view_box role="img" aria-label=move || label.get() shape-rendering="crispEdges">
            <rect width=side height=side></rect>
            <path d=path(&code)></path>
        </svg>
    })
}

/// Each run of dark modules of a line as one rectangle.
fn path(code: &QrCode) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let from = x;
            // What lies beside the code is light.
            while code.get_module(x, y) {
                x += 1;
            }
            if x > from {
                let wide = x - from;
                let _ = write!(path, "M{} {}h{wide}v1h-{wide}z", from + QUIET, y + QUIET);
            }
            x += 1;
        }
    }
    path
}

//! Where this build lies: what the start script was told, as data attributes of `#boot`.

use leptos::prelude::document;

fn attribute(name: &str) -> Option<String> {
    document().get_element_by_id("boot")?.get_attribute(name)
}

/// The folder that the app is served from, with a slash at both ends.
pub fn base() -> String {
    let base = attribute("data-base").unwrap_or_default();
    if base.starts_with('/') && base.ends_with('/') { base } else { "/".into() }
}

/// The script that starts the engine's worker.
pub fn engine_url() -> String {
    attribute("data-engine").unwrap_or_else(|| format!("{}engine_loader.js", base()))
}

/// The sync server's origin; empty for the page's own.
pub fn sync_origin() -> String {
    attribute("data-sync").unwrap_or_default()
}

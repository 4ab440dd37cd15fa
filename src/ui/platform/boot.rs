//! Where this build lies: what the start script was told, as data attributes of `#boot`.

use leptos::prelude::{document, window};

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

/// Where the sync server is reached: its origin, or the page's own with the base folder; empty for the
/// page's plain origin. No slash at the end.
pub fn sync_origin() -> String {
    let own = || {
        let base = base();
        let folder = base.trim_end_matches('/');
        let origin = window().location().origin().unwrap_or_default();
        if folder.is_empty() { String::new() } else { format!("{origin}{folder}") }
    };
    attribute("data-sync").filter(|origin| !origin.is_empty()).unwrap_or_else(own)
}

/// The version of this build; empty in a build that was not sealed.
pub fn version() -> String {
    attribute("data-build").unwrap_or_default()
}

/// Takes away what was painted before the app arrived.
pub fn remove_first_paint() {
    if let Some(shell) = document().get_element_by_id("shell") {
        shell.remove();
    }
}

/// Loads the page anew.
pub fn reload() {
    drop(window().location().reload());
}

/// What this browser lacks; empty when it has all that the app stands on.
pub fn missing() -> Vec<&'static str> {
    const NEEDED: [(&str, &str); 5] = [
        ("Worker", "Web Workers"),
        ("indexedDB", "IndexedDB"),
        ("crypto", "Web Crypto"),
        ("Intl", "Intl"),
        ("Uint8Array", "Typed Arrays"),
    ];
    let lacks = |name: &str| js_sys::Reflect::get(&window(), &name.into()).map_or(true, |it| !it.is_truthy());
    NEEDED.into_iter().filter(|(name, _)| lacks(name)).map(|(_, words)| words).collect()
}

//! The root: what every screen stands on, and which of the great states is shown.

/// Mounts the app into `#root`.
pub fn mount() {}

//! The UI module.
fn main() {}

//! The engine module.
fn main() {}

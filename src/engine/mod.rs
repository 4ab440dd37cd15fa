//! The engine: wires replica, vault, book and store together.

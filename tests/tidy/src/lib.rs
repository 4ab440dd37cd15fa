//! What the whole tree keeps to. The rules are functions from texts to complaints; the tests beside
//! them show that each can fail, and the tests under `tests/` hold the tree against them.

pub mod arrows;
pub mod asvs;
pub mod locales;
pub mod requirements;
pub mod text;
pub mod tree;

/// What is wrong, and where.
pub type Complaints = Vec<String>;

/// Fails with every complaint on a line of its own.
///
/// # Panics
/// When there is a complaint.
pub fn must_be_tidy(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

//! Photos and files beside interactions: taken in, shown small where they belong, opened whole.

mod field;
mod tab;
mod take;
mod thumb;
mod viewer;

pub use field::FilesField;
pub use tab::FilesTab;
pub use thumb::Thumbs;
pub use viewer::FileSheet;

//! Photos and files beside interactions: taken in, shown small where they belong, opened whole.

mod field;
mod tab;
mod take;
mod taking;
mod thumb;
mod viewer;

pub use field::FilesField;
pub use tab::FilesTab;
pub use taking::Taking;
pub use thumb::Thumbs;
pub use viewer::FileSheet;

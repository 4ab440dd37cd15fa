//! The parts that screens are made of: drawn from their arguments alone, without a context.

mod button;
mod chip;
mod empty;
mod field;
mod icon;
mod leaving;
mod menu;
mod monogram;
mod progress;
mod qr;
mod ring;
mod segmented;
mod sheet;
mod skeleton;
mod tabs;

pub use button::{Button, IconButton, IconLink, Kind};
pub use chip::{Chip, SyncMark, Tone};
pub use empty::Empty;
pub use field::{Labelled, SecretField, SelectField, TextArea, TextField};
pub use icon::{Brand, Icon};
pub use leaving::{Leaving, use_leaving};
pub use menu::{Menu, MenuItem};
pub use monogram::{Monogram, Size};
pub use progress::ProgressLine;
pub use qr::Qr;
pub use ring::{Age, Ring};
pub use segmented::Segmented;
pub use sheet::{SheetFrame, give_focus_back};
pub use skeleton::Skeleton;
pub use tabs::{TabItem, Tabs};

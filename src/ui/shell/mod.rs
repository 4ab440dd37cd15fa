//! What surrounds every screen: navigation, top bar, strip, messages, the sheet that lies open.

mod broken;
mod fetching;
mod frame;
mod keys;
mod nav;
mod palette;
mod recent;
mod reminders;
mod room;
mod sync_words;
mod toasts;
mod top;

pub use broken::{Broken, Unsupported};
pub use fetching::Fetching;
pub use frame::Frame;
pub use sync_words::{SyncLine, sync_line};
pub use toasts::CodeButton;
pub use top::{OfflineStrip, Tools, TopBar};

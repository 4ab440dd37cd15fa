//! What surrounds every screen: navigation, top bar, strip, messages, the sheet that lies open.

mod top;

pub use top::{OfflineStrip, TopBar};

//! Files for the person to keep, as they come: in pieces that the browser holds, not this page's memory.

use super::{clock, dom};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::Blob;

/// A file under way.
#[derive(Clone, Default)]
pub struct Pieces {
    blobs: Rc<RefCell<Vec<Blob>>>,
}

impl Pieces {
    /// Takes the next bytes.
    pub fn take(&self, bytes: &[u8]) {
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
        if let Ok(blob) = Blob::new_with_u8_array_sequence(&parts) {
            self.blobs.borrow_mut().push(blob);
        }
    }

    /// Hands the file to the person, as a download.
    pub fn save(&self, name: &str) {
        if let Some(blob) = self.whole() {
            dom::save_blob(name, &blob);
        }
    }

    /// All of it; `None` where the browser has no room.
    pub fn whole(&self) -> Option<Blob> {
        let parts: js_sys::Array = self.blobs.take().into_iter().collect();
        Blob::new_with_blob_sequence(&parts).ok()
    }
}

/// A name with the day in it, such as `satchel-2026-03-02.satchel`: never the workspace's, which others may see.
pub fn dated(stem: &str, now_ms: i64, ending: &str) -> String {
    let local = clock::to_local_input(now_ms);
    let day = local.split('T').next().unwrap_or_default();
    format!("{stem}-{day}.{ending}")
}

/// As [`dated`] with the time and without an ending, such as `satchel-2026-03-02-0930`.
pub fn timed(stem: &str, now_ms: i64) -> String {
    let moment = clock::to_local_input(now_ms).replace('T', "-").replace(':', "");
    format!("{stem}-{moment}")
}

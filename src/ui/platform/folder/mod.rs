//! A folder of the device that the person chose, by the File System Access API: browsers of Chromium's kind have it.
//!
//! A file is there whole or not at all: the browser writes it beside its place, and moves it there when it is closed.

mod shelf;

pub use shelf::{forget, keep, kept};

use super::js::{call, error_name, get, object};
use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;
use web_sys::Blob;

/// A folder. The handle can be kept, but not written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Folder(JsValue);

/// Why nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trouble {
    /// The person, or her browser, does not allow it any more.
    Permission,
    /// The folder is not there.
    Gone,
    /// There is no room.
    Full,
    /// Something else.
    Other,
}

/// A file as it was written: another one of its name is somebody else's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Its name in the folder.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When the system says that it was written, ms since 1970 UTC.
    pub modified_ms: i64,
}

/// Whether this browser lets an app write into a folder.
pub fn is_supported() -> bool {
    get(&window(), "showDirectoryPicker").is_function()
}

/// Lets the person choose a folder; wants her touch. `None` where she chose none.
pub async fn choose() -> Result<Option<Folder>, Trouble> {
    let asked = object(&[("id", "satchel-backup".into()), ("mode", "readwrite".into())]);
    match call(&window(), "showDirectoryPicker", &[asked]).await {
        Ok(handle) => Ok(Some(Folder(handle))),
        Err(error) if error_name(&error) == "AbortError" => Ok(None),
        Err(error) => Err(trouble(&error)),
    }
}

impl Folder {
    /// What it is called.
    pub fn name(&self) -> String {
        get(&self.0, "name").as_string().unwrap_or_default()
    }

    /// Whether it may be written into now.
    pub async fn is_allowed(&self) -> bool {
        self.permission("queryPermission").await
    }

    /// Asks the person whether it may; wants her touch.
    pub async fn ask(&self) -> bool {
        self.permission("requestPermission").await
    }

    async fn permission(&self, method: &str) -> bool {
        // A folder of a browser that never asks is always open.
        if !get(&self.0, method).is_function() {
            return true;
        }
        let wanted = object(&[("mode", "readwrite".into())]);
        call(&self.0, method, &[wanted]).await.is_ok_and(|told| told == "granted")
    }

    /// A name that nothing in it has: `stem` with the ending, or with a number between them.
    pub async fn free(&self, stem: &str, ending: &str) -> Result<String, Trouble> {
        let mut nth = 1;
        loop {
            let tried = if nth == 1 { format!("{stem}.{ending}") } else { format!("{stem}-{nth}.{ending}") };
            match self.file(&tried, false).await {
                Ok(_) => nth += 1,
                Err(error) if error_name(&error) == "NotFoundError" => return Ok(tried),
                Err(error) => return Err(trouble(&error)),
            }
        }
    }

    /// Writes a file, which has its name only when it is whole. What a crash leaves behind is called [`begun`].
    pub async fn write(&self, name: &str, content: &Blob) -> Result<Written, Trouble> {
        match self.fill(name, content).await {
            Ok(written) => Ok(written),
            Err(error) => {
                self.drop_begun(name).await;
                Err(trouble(&error))
            }
        }
    }

    /// Removes what a write that was cut off left behind.
    pub async fn drop_begun(&self, name: &str) {
        // Mostly there is nothing; what cannot be removed only takes room.
        drop(call(&self.0, "removeEntry", &[begun(name).into()]).await);
    }

    /// Whether a file is in it as it was written; `None` where that cannot be told. In a folder that is gone nothing is.
    pub async fn holds(&self, file: &Written) -> Option<bool> {
        match self.file(&file.name, false).await {
            Ok(handle) => self.as_written(&file.name, &handle).await.ok().map(|found| found == *file),
            Err(error) => (trouble(&error) == Trouble::Gone).then_some(false),
        }
    }

    /// Removes a file if it still is as it was written.
    pub async fn remove(&self, file: &Written) {
        if self.holds(file).await == Some(true) {
            // What cannot be removed now only takes room.
            drop(call(&self.0, "removeEntry", &[file.name.as_str().into()]).await);
        }
    }

    async fn fill(&self, name: &str, content: &Blob) -> Result<Written, JsValue> {
        let handle = self.file(&begun(name), true).await?;
        let stream = call(&handle, "createWritable", &[]).await?;
        if let Err(error) = call(&stream, "write", &[content.into()]).await {
            drop(call(&stream, "abort", &[]).await);
            return Err(error);
        }
        call(&stream, "close", &[]).await?;
        if self.as_written(name, &handle).await?.bytes != content.size() as u64 {
            return Err(JsValue::UNDEFINED);
        }
        call(&handle, "move", &[name.into()]).await?;
        self.as_written(name, &handle).await
    }

    async fn as_written(&self, name: &str, handle: &JsValue) -> Result<Written, JsValue> {
        let file = call(handle, "getFile", &[]).await?;
        let number = |entry: &str| get(&file, entry).as_f64().unwrap_or_default();
        let (bytes, modified_ms) = (number("size") as u64, number("lastModified") as i64);
        Ok(Written { name: name.to_owned(), bytes, modified_ms })
    }

    async fn file(&self, name: &str, create: bool) -> Result<JsValue, JsValue> {
        call(&self.0, "getFileHandle", &[name.into(), object(&[("create", create.into())])]).await
    }
}

/// What a file is called while it is written.
fn begun(name: &str) -> String {
    format!("{name}.part")
}

fn trouble(error: &JsValue) -> Trouble {
    match error_name(error).as_str() {
        "NotAllowedError" | "SecurityError" => Trouble::Permission,
        "NotFoundError" => Trouble::Gone,
        "QuotaExceededError" => Trouble::Full,
        _ => Trouble::Other,
    }
}

//! What other apps hand over: texts and files that were shared with this one, files that were opened with it.
//!
//! All of it stays in the page's memory until the workspace is open. Nothing is written anywhere in clear while it is
//! locked, and a page that is loaded anew has forgotten it.

use super::{boot, sw};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

/// The ending of a backup's name.
const BACKUP: &str = ".satchel";
/// Where the service worker sends whoever shares something.
const SHARE: &str = "share";

/// What came and was not taken up yet.
#[derive(Debug, Clone, Copy)]
pub struct Incoming {
    text: RwSignal<Option<String>>,
    files: RwSignal<Vec<File>, LocalStorage>,
    /// Something was shared, and is not here.
    lost: RwSignal<bool>,
}

/// What other apps handed over.
pub fn use_incoming() -> Incoming {
    expect_context()
}

impl Incoming {
    /// Takes what started the app, and what comes while it is open; to be called once, at the root, before the address
    /// bar is read.
    pub fn follow() -> Self {
        let incoming = Self {
            text: RwSignal::new(None),
            files: RwSignal::new_local(Vec::new()),
            lost: RwSignal::new(false),
        };
        incoming.take_shared();
        incoming.take_launched();
        incoming
    }

    /// Whether a shared text waits.
    pub fn has_text(self) -> bool {
        self.text.with(Option::is_some)
    }

    /// The shared text, once.
    pub fn take_text(self) -> Option<String> {
        self.text.try_update(Option::take).flatten()
    }

    /// Whether anything waits for the workspace to be open.
    pub fn is_any(self) -> bool {
        self.has_text() || self.files.with(|files| !files.is_empty())
    }

    /// Whether something that was shared did not come: the browser ended what kept it. True once.
    pub fn take_lost(self) -> bool {
        self.lost.get() && self.lost.try_set(false).is_none()
    }

    /// What kind of files waits, of the first of them; `None` for nothing.
    pub fn waits(self) -> Option<Opened> {
        self.files.with(|files| files.first().map(kind_of))
    }

    /// The files of a kind, once.
    pub fn take(self, kind: Opened) -> Vec<File> {
        let taken = self
            .files
            .with_untracked(|files| files.iter().filter(|file| kind_of(file) == kind).cloned().collect());
        if self.files.with_untracked(|files| files.iter().any(|file| kind_of(file) == kind)) {
            self.files.update(|files| files.retain(|file| kind_of(file) != kind));
        }
        taken
    }

    fn take_shared(self) {
        let location = window().location();
        if location.pathname().ok() != Some(format!("{}{SHARE}", boot::base())) {
            return;
        }
        if let Ok(browser) = window().history() {
            drop(browser.replace_state_with_url(&JsValue::NULL, "", Some(&boot::base())));
        }
        spawn_local(async move {
            let text = sw::ask("take-shared").await.and_then(|text| text.as_string());
            let text = text.filter(|text| !text.trim().is_empty());
            let files = sw::ask("take-shared-files").await;
            let files: Vec<File> = files.into_iter().flat_map(|files| files_in(&files)).collect();
            self.lost.set(text.is_none() && files.is_empty());
            if text.is_some() {
                self.text.set(text);
            }
            self.files.update(|waiting| waiting.extend(files));
        });
    }

    /// The platform tells of opened files by a queue, where it has one.
    fn take_launched(self) {
        let Ok(queue) = js_sys::Reflect::get(&window(), &"launchQueue".into()) else { return };
        let consumer = js_sys::Reflect::get(&queue, &"setConsumer".into());
        let Some(set) = consumer.ok().and_then(|it| it.dyn_into::<js_sys::Function>().ok()) else { return };
        let opened = Closure::<dyn FnMut(JsValue)>::new(move |launch: JsValue| {
            let handles = js_sys::Reflect::get(&launch, &"files".into()).unwrap_or_default();
            spawn_local(async move {
                let files = files_of(&handles).await;
                self.files.update(|waiting| waiting.extend(files));
            });
        });
        drop(set.call1(&queue, opened.as_ref()));
        opened.forget(); // lives as long as the page
    }
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// A backup, to be restored.
    Backup,
    /// A photo, to be attached to a log.
    Picture,
    /// Anything else, to be brought in.
    Table,
}

fn kind_of(file: &File) -> Opened {
    kind(&file.name(), &file.type_())
}

fn kind(name: &str, media: &str) -> Opened {
    match media.starts_with("image/") && media != "image/svg+xml" {
        _ if name.to_lowercase().ends_with(BACKUP) => Opened::Backup,
        true => Opened::Picture,
        false => Opened::Table,
    }
}

/// The files of a list, whatever else is in it.
fn files_in(list: &JsValue) -> Vec<File> {
    let all = js_sys::try_iter(list).ok().flatten();
    all.into_iter().flatten().flatten().filter_map(|one| one.dyn_into::<File>().ok()).collect()
}

/// The files behind handles; one that cannot be read is left out.
async fn files_of(handles: &JsValue) -> Vec<File> {
    let mut files = Vec::new();
    for handle in js_sys::try_iter(handles).ok().flatten().into_iter().flatten().flatten() {
        let Ok(get) = js_sys::Reflect::get(&handle, &"getFile".into()) else { continue };
        let Some(asked) = get.dyn_into::<js_sys::Function>().ok().and_then(|get| get.call0(&handle).ok())
        else {
            continue;
        };
        if let Ok(file) = JsFuture::from(js_sys::Promise::resolve(&asked)).await {
            files.extend(file.dyn_into::<File>());
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_handed_over_goes_where_it_belongs_r120() {
        assert_eq!(kind("IMG_1.HEIC", "image/heic"), Opened::Picture);
        assert_eq!(kind("people.csv", "text/csv"), Opened::Table);
        assert_eq!(kind("Anna.vcf", "text/x-vcard"), Opened::Table);
        assert_eq!(kind("Work.SATCHEL", "application/octet-stream"), Opened::Backup);
        assert_eq!(
            kind("drawing.svg", "image/svg+xml"),
            Opened::Table,
            "the import says what it cannot read"
        );
    }
}

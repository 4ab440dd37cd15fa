//! What is being typed, kept sealed on this device as one types, and given back when the form opens again.

use crate::port::{Command, Query};
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A form's kept draft.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    key: StoredValue<String>,
    session: StoredValue<SessionSlot>,
}

#[derive(Clone, Copy)]
struct SessionSlot(Session);

impl std::fmt::Debug for SessionSlot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}

/// The draft under a key, such as `log/<partner>`, and its text: `None` until the engine has answered,
/// empty when there is none. Only what was there when the form opened is told.
pub fn use_kept(key: String) -> (Kept, Memo<Option<String>>) {
    let session = use_session();
    let asked = key.clone();
    let found = session.watch::<String>(move || Query::Draft { key: asked.clone() });
    let first = first(found);
    (Kept { key: StoredValue::new(key), session: StoredValue::new(SessionSlot(session)) }, first)
}

/// The first answer, whatever comes later.
pub fn first<T: Clone + PartialEq + Send + Sync + 'static>(source: ReadSignal<Option<T>>) -> Memo<Option<T>> {
    Memo::new(move |before: Option<&Option<T>>| match before {
        Some(Some(first)) => Some(first.clone()),
        _ => source.get(),
    })
}

impl Kept {
    /// Keeps what the form holds.
    pub fn keep<T: Serialize>(self, form: &T) {
        if let Ok(text) = serde_json::to_string(form) {
            self.write(text);
        }
    }

    /// Drops what was kept.
    pub fn drop_it(self) {
        self.write(String::new());
    }

    /// Drops what was kept, also when the form is gone by then: for what happens once a command has ended.
    pub fn dropping(self) -> impl Fn() + Clone + Send + Sync + 'static {
        let (key, SessionSlot(session)) = (self.key.get_value(), self.session.get_value());
        move || session.act_quietly(Command::KeepDraft { key: key.clone(), text: String::new() })
    }

    fn write(self, text: String) {
        let (Some(key), Some(SessionSlot(session))) =
            (self.key.try_get_value(), self.session.try_get_value())
        else {
            return;
        };
        session.act_quietly(Command::KeepDraft { key, text });
    }
}

/// Reads what was kept; `None` for nothing, and for what an older version of the form wrote and is no
/// longer understood.
pub fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

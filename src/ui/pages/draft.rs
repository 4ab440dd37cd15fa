//! What is being typed, kept sealed on this device as one types, and given back when the form opens again.

use crate::port::{Command, Query};
use crate::ui::components::{Button, Kind};
use crate::ui::i18n::use_i18n;
use crate::ui::platform::dom;
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

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

/// What a form is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base<S, F> {
    /// What it changes, as it was when that began; `None` for something new.
    pub seen: Option<S>,
    /// The form before anything is typed.
    pub fresh: F,
}

/// A form as it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun<S, F> {
    /// What it is compared with. What was typed days ago still is compared with what was seen then, so that
    /// nothing that others changed since is written over.
    pub base: Base<S, F>,
    /// What it is compared with once it starts afresh.
    pub now: Base<S, F>,
    /// What it holds.
    pub form: F,
    /// Whether it holds what was kept.
    pub restored: bool,
}

/// A change as it is kept. Something new is kept as its form alone, and so was everything by older apps.
#[derive(Serialize, Deserialize)]
struct Edit<S, F> {
    seen: S,
    form: F,
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
    /// Keeps what the form holds, beside what it changes.
    pub fn keep<S: Serialize, F: Serialize>(self, base: &Base<S, F>, form: &F) {
        if let Ok(text) = base.text(form) {
            self.write(text);
        }
    }

    /// Keeps apart from what is kept already, which the form does not show: that is given back when the form next opens
    /// empty, and what is typed now when it then does so again.
    pub fn beside(self) -> Self {
        Self { key: StoredValue::new(format!("handed/new/{}", self.key.get_value())), ..self }
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

impl<S: Serialize, F: Serialize> Base<S, F> {
    /// What is kept of a form.
    pub(super) fn text(&self, form: &F) -> serde_json::Result<String> {
        match &self.seen {
            Some(seen) => serde_json::to_string(&Edit { seen, form }),
            None => serde_json::to_string(form),
        }
    }
}

/// The form with what was kept of it; `fresh` is the untouched form of what was seen.
pub fn begin<S, F>(text: &str, now: Base<S, F>, fresh: impl FnOnce(&S) -> F) -> Begun<S, F>
where
    S: Clone + DeserializeOwned,
    F: Clone + PartialEq + DeserializeOwned,
{
    let (base, form) = match kept_edit(text, &now) {
        Some((Some(seen), form)) => (Base { fresh: fresh(&seen), seen: Some(seen) }, form),
        Some((None, form)) => (now.clone(), form),
        None => (now.clone(), now.fresh.clone()),
    };
    Begun { restored: form != base.fresh, base, now, form }
}

/// What was kept, with what was seen if that was kept too.
fn kept_edit<S, F>(text: &str, now: &Base<S, F>) -> Option<(Option<S>, F)>
where
    S: DeserializeOwned,
    F: DeserializeOwned,
{
    let kept: serde_json::Value = read(text)?;
    if now.seen.is_some() && kept.get("seen").is_some() {
        let Edit { seen, form } = serde_json::from_value(kept).ok()?;
        return Some((Some(seen), form));
    }
    serde_json::from_value(kept).ok().map(|form| (None, form))
}

/// Says that what was being typed is back, and takes it away at a tap.
#[component]
pub fn Restored(
    /// Whether it is.
    restored: RwSignal<bool>,
    /// The form starts afresh.
    #[prop(into)]
    on_afresh: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let afresh = move |_| {
        restored.set(false);
        on_afresh.run(());
        // The button goes; what has the focus hears the keyboard, and must be in the sheet.
        request_animation_frame(|| dom::focus_first("#sheet-t"));
    };
    view! {
        <Show when=move || restored.get()>
            <p class="restored">
                {text!(i18n, common.draft_back)}
                <Button kind=Kind::Quiet on_press=afresh>{text!(i18n, common.draft_afresh)}</Button>
            </p>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::{PartnerDraft, field};

    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Form {
        name: String,
        note: String,
    }

    impl Form {
        fn card(&self) -> PartnerDraft {
            card(&self.name, &self.note)
        }
    }

    fn card(name: &str, note: &str) -> PartnerDraft {
        PartnerDraft { name: name.to_owned(), note: note.to_owned(), ..PartnerDraft::default() }
    }

    fn form(card: &PartnerDraft) -> Form {
        Form { name: card.name.clone(), note: card.note.clone() }
    }

    fn base(card: PartnerDraft) -> Base<PartnerDraft, Form> {
        Base { fresh: form(&card), seen: Some(card) }
    }

    fn typed(name: &str, note: &str) -> Form {
        Form { name: name.to_owned(), note: note.to_owned() }
    }

    #[test]
    fn a_kept_edit_leaves_alone_what_others_changed_since_r111() {
        let text = base(card("Li", "Hall 3")).text(&typed("Li Ming", "Hall 3")).expect("a draft");
        let begun = begin(&text, base(card("Li", "Hall 8")), form);
        assert!(begun.restored);
        let seen = begun.base.seen.expect("an edit");
        let writes = PartnerDraft::diff(&seen, &begun.form.card(), &mut || 0);
        let fields: Vec<&str> = writes.iter().map(|write| write.field()).collect();
        assert_eq!(fields, [field::NAME]);
        assert_eq!(begun.now.fresh, typed("Li", "Hall 8"));
    }

    #[test]
    fn what_an_older_app_kept_is_still_read() {
        let now = base(card("Li", "Hall 3"));
        let text = serde_json::to_string(&typed("Li Ming", "")).expect("a draft");
        let begun = begin(&text, now.clone(), form);
        assert_eq!((begun.form, begun.base, begun.restored), (typed("Li Ming", ""), now, true));
    }

    #[test]
    fn something_new_is_kept_as_its_form() {
        let now: Base<PartnerDraft, Form> = Base { seen: None, fresh: Form::default() };
        let text = now.text(&typed("Li", "")).expect("a draft");
        let begun = begin(&text, now.clone(), form);
        assert_eq!((begun.form, begun.base), (typed("Li", ""), now));
    }

    #[test]
    fn what_is_not_understood_any_more_is_not_half_read() {
        let now = base(card("Li", "Hall 3"));
        for text in ["", "{", r#"{"seen":7,"form":{"name":"x"}}"#] {
            let begun = begin(text, now.clone(), form);
            assert_eq!((begun.form, begun.restored), (now.fresh.clone(), false), "{text}");
        }
    }
}

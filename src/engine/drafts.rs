//! Forms that were begun, kept as they are typed. Two tabs may have the same form open, such as that of a new customer:
//! neither overwrites nor drops what the other one keeps.
//!
//! A tab knows what lay in the form's place when it was opened, and what it kept there itself. Where something else lies
//! there by now, another tab's form has the place, and this one is kept beside it, as one that was handed over: it is
//! given back when the form next opens empty.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::keys;
use super::workspace::{DRAFTS, Workspace};
use super::{Engine, saved};
use crate::port::{Done, FailureCode, REACHED, VISIT};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Forms under this wait to be given back.
const BESIDE: &str = "handed/";

/// The forms that were opened in this tab.
#[derive(Default)]
pub(super) struct Drafts(RefCell<BTreeMap<String, Form>>);

/// One of them.
#[derive(Clone, Default)]
struct Form {
    /// What lies in its place as far as this tab knows.
    known: Vec<u8>,
    /// Its place, where another tab's form has its own.
    beside: Option<String>,
    /// It holds what was typed here.
    typed: bool,
}

impl Form {
    fn place(&self, key: &str) -> String {
        self.beside.clone().unwrap_or_else(|| key.to_owned())
    }

    fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.known)
    }
}

impl Drafts {
    fn form(&self, key: &str) -> Form {
        self.0.borrow().get(key).cloned().unwrap_or_default()
    }

    fn put(&self, key: &str, form: Form) {
        self.0.borrow_mut().insert(key.to_owned(), form);
    }

    /// What is open of these forms is kept no more, unless somebody types on; they are named by where they lie.
    pub(super) fn let_go(&self, dropped: impl Fn(&str) -> bool) {
        self.0.borrow_mut().retain(|key, form| !dropped(&form.place(key)));
    }

    /// The same of those that hold what is meant.
    pub(super) fn let_go_of(&self, meant: impl Fn(&str, &str) -> bool) {
        self.0.borrow_mut().retain(|key, form| !meant(key, &form.text()));
    }

    /// A form opens with what is kept of it.
    pub(super) fn opened(&self, key: &str, kept: &str) {
        self.put(key, Form { known: kept.as_bytes().to_vec(), ..Form::default() });
    }
}

impl<H: Host> Workspace<H> {
    /// Keeps what a form holds, or drops it where nothing is left to keep. Nothing is kept of who was erased.
    pub(super) async fn keep_draft(&self, key: &str, text: &str) -> Ended<Done> {
        if !text.is_empty() && self.is_about_erased(key, text).await {
            self.drafts.let_go(|place| place == key);
            return Err(FailureCode::NotFound.into());
        }
        self.note_drafted();
        // What is under way with a customer is one for all tabs.
        if [VISIT, REACHED].contains(&key) {
            let kept = (!text.is_empty()).then_some(text.as_bytes());
            self.keep_local(&format!("{DRAFTS}{key}"), kept).await?;
            return Ok(saved());
        }
        let turn = format!("{} drafts", self.id);
        self.host.alone(&turn, self.keep_form(key, text.as_bytes())).await?;
        Ok(saved())
    }

    async fn keep_form(&self, key: &str, text: &[u8]) -> Ended<()> {
        let known = self.drafts.0.borrow().contains_key(key);
        let mut form = self.drafts.form(key);
        let there = self.draft(&form.place(key)).await;
        let is_ours = there.as_ref().is_none_or(|there| *there == form.known);
        if text.is_empty() {
            // A form that was never opened here is dropped by whoever names it.
            if is_ours || !known {
                self.keep_local(&format!("{DRAFTS}{}", form.place(key)), None).await?;
            }
            self.drafts.put(key, Form { known: Vec::new(), typed: false, ..form });
            return Ok(());
        }
        if !is_ours {
            form.beside = Some(self.place_beside(key));
        }
        self.keep_local(&format!("{DRAFTS}{}", form.place(key)), Some(text)).await?;
        self.drafts.put(key, Form { known: text.to_vec(), typed: true, ..form });
        Ok(())
    }

    async fn draft(&self, place: &str) -> Option<Vec<u8>> {
        self.local(&format!("{DRAFTS}{place}")).await
    }

    /// A place of this form's own.
    fn place_beside(&self, key: &str) -> String {
        let form = key.strip_prefix("handed/new/").unwrap_or(key);
        let own = u64::from_be_bytes(keys::random(&*self.host));
        format!("{BESIDE}{own:016x}/{form}")
    }

    /// Another tab may have saved or begun anew what it was given of a form that is still open here. Where it is gone
    /// with somebody who was erased, it stays so.
    async fn keep_again(&self, key: &str) -> Ended<()> {
        let form = self.drafts.form(key);
        if !form.typed || self.draft(&form.place(key)).await.as_ref() == Some(&form.known) {
            return Ok(());
        }
        if self.names_erased(key, &form.text()).await {
            self.drafts.let_go(|place| place == form.place(key));
            return Ok(());
        }
        self.keep_form(key, &form.known).await
    }
}

impl<H: Host> Engine<H> {
    /// What the forms that are open here hold lies on the disk whenever the tab is left or come back to.
    pub(super) fn keep_drafts_again(&self) {
        let forms = self.watches.borrow().forms();
        self.spawn(async move |engine| {
            let Some(open) = engine.opened() else { return };
            for form in forms {
                let turn = format!("{} drafts", open.id);
                // What is not kept now is kept with the next letter, or the next time.
                let _ = engine.host.alone(&turn, open.keep_again(&form)).await;
            }
        });
    }
}

//! Saving the partner form: an organisation that is still to be made comes first, then the partner.

use super::super::form_model::{PartnerForm, Unsettled};
use super::Fields;
use crate::port::{Command, Done, Failure, Outcome, PartnerRow, Query};
use crate::ui::i18n::{td_string, use_i18n};
use crate::ui::pages::draft::{Base, Kept};
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::saving::Saving;
use crate::ui::platform::{clock, dom};
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::{Said, Session, use_session};
use leptos::prelude::*;
use satchel_domain::{PartnerDraft, PartnerKind, RecordId};

/// Organisations that are looked at for one of exactly the name that was typed.
const ALIKE: u32 = 20;

/// Saves. What happens after the engine has answered uses nothing of the sheet but through `try_…`: it may be closed
/// by then.
pub(super) fn save(
    id: Option<RecordId>,
    base: StoredValue<Base<PartnerDraft, PartnerForm>>,
    fields: RwSignal<Fields>,
    saving: Saving,
    kept: Kept,
) -> Callback<()> {
    let session = use_session();
    let finish = finish(id, fields, saving, kept);
    Callback::new(move |()| {
        let form = untrack(|| fields.get().gather());
        let now = fields.get_untracked();
        let (draft, wrong) = form.read(clock::now_ms());
        let blocked = wrong.iter().any(|found| found.code.blocks());
        now.tried.set(true);
        now.wrong.set(wrong);
        if blocked {
            request_animation_frame(|| dom::focus_shown(".sheet [aria-invalid='true']"));
            return;
        }
        let (seen, made) = (id.zip(base.with_value(|base| base.seen.clone())), now.organisation);
        if saving.begin() {
            let (finish, name) = (finish.clone(), draft.name.trim().to_owned());
            store(session, seen, draft, form.unsettled(), made, move |ended| finish(name, ended));
        }
    })
}

/// Writes the partner, and before it the organisation where there is one to be made; `made` learns its id, so that
/// another try does not make it twice.
pub(super) fn store(
    session: Session,
    seen: Option<(RecordId, PartnerDraft)>,
    draft: PartnerDraft,
    organisation: Option<Unsettled>,
    made: RwSignal<Option<RecordId>>,
    finish: impl FnOnce(Result<Done, Failure>) + 'static,
) {
    let at = move |id: Option<RecordId>, draft: PartnerDraft| {
        made.try_set(id);
        PartnerDraft { organisation: id, ..draft }
    };
    match organisation {
        None => session.dispatch(command(seen, draft), finish),
        Some(Unsettled::New(name)) => make_organisation(session, name, move |ended| match ended {
            Ok(id) => session.dispatch(command(seen, at(id, draft)), finish),
            Err(failure) => finish(Err(failure)),
        }),
        Some(Unsettled::Typed(name)) => {
            let query =
                Query::Find { text: name.clone(), limit: ALIKE, kind: Some(PartnerKind::Organisation) };
            session.ask::<Vec<PartnerRow>>(query, move |found| {
                match found.into_iter().find(|row| row.name.trim() == name) {
                    Some(row) => session.dispatch(command(seen, at(Some(row.id), draft)), finish),
                    None => store(session, seen, draft, Some(Unsettled::New(name)), made, finish),
                }
            });
        }
    }
}

fn make_organisation(
    session: Session,
    name: String,
    then: impl FnOnce(Result<Option<RecordId>, Failure>) + 'static,
) {
    let draft = PartnerDraft { kind: PartnerKind::Organisation, name, ..PartnerDraft::default() };
    session.dispatch(Command::CreatePartner { draft }, move |ended| {
        then(ended.map(|done| match done.outcome {
            Outcome::Created(id) => Some(id),
            _ => None,
        }));
    });
}

fn command(seen: Option<(RecordId, PartnerDraft)>, draft: PartnerDraft) -> Command {
    match seen {
        Some((id, seen)) => Command::EditPartner { id, seen, draft },
        None => Command::CreatePartner { draft },
    }
}

/// After saving: to the new partner, or back; on failure the fields at fault are marked.
fn finish(
    id: Option<RecordId>,
    fields: RwSignal<Fields>,
    saving: Saving,
    kept: Kept,
) -> impl Fn(String, Result<Done, Failure>) + Clone + Send + Sync + 'static {
    let (i18n, nav, session, memory) = (use_i18n(), use_nav(), use_session(), use_memory());
    let forget = kept.dropping();
    move |name, ended| match ended {
        Ok(done) => {
            forget();
            let said = td_string!(i18n.get_locale_untracked(), customer.form.saved);
            session.toasts().say(Said::new(said).about(name), done.undo);
            let open = untrack(|| nav.sheet());
            match done.outcome {
                Outcome::Created(made) if open == Some(Sheet::NewPartner) => {
                    memory.made.try_set(Some(made));
                    nav.go_instead(Place::Customer(made, Tab::Brief));
                }
                _ if open == id.map(Sheet::EditPartner) => nav.close(),
                _ => {}
            }
        }
        Err(failure) => {
            saving.end();
            if let Some(fields) = fields.try_get_untracked() {
                fields.wrong.try_set(failure.invalid.clone());
            }
            session.toasts().failed(&failure);
        }
    }
}

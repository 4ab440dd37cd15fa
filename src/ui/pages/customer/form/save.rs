//! Saving the partner form: an organisation that is still to be made comes first, then the partner.

use super::super::form_model::PartnerForm;
use super::Fields;
use crate::port::{Command, Done, Failure, Outcome};
use crate::ui::i18n::{td_string, use_i18n};
use crate::ui::pages::draft::{Base, Kept};
use crate::ui::pages::saving::Saving;
use crate::ui::platform::{clock, dom};
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use satchel_domain::{PartnerDraft, PartnerKind, RecordId};

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
            request_animation_frame(|| dom::focus_first(".sheet [aria-invalid='true']"));
            return;
        }
        let (seen, made) = (id.zip(base.with_value(|base| base.seen.clone())), now.organisation);
        if saving.begin() {
            store(session, seen, draft, form.new_organisation(), made, finish.clone());
        }
    })
}

/// Writes the partner, and before it the organisation of this name where there is one to be made; `made` learns its
/// id, so that another try does not make it twice.
pub(super) fn store(
    session: Session,
    seen: Option<(RecordId, PartnerDraft)>,
    draft: PartnerDraft,
    organisation: Option<&str>,
    made: RwSignal<Option<RecordId>>,
    finish: impl FnOnce(Result<Done, Failure>) + 'static,
) {
    let Some(name) = organisation else { return session.dispatch(command(seen, draft), finish) };
    let organisation =
        PartnerDraft { kind: PartnerKind::Organisation, name: name.to_owned(), ..PartnerDraft::default() };
    session.dispatch(Command::CreatePartner { draft: organisation }, move |ended| match ended {
        Ok(done) => {
            let id = match done.outcome {
                Outcome::Created(id) => Some(id),
                _ => None,
            };
            made.try_set(id);
            session.dispatch(command(seen, PartnerDraft { organisation: id, ..draft }), finish);
        }
        Err(failure) => finish(Err(failure)),
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
) -> impl Fn(Result<Done, Failure>) + Clone + Send + Sync + 'static {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let forget = kept.dropping();
    move |ended| match ended {
        Ok(done) => {
            forget();
            session.toasts().say(td_string!(i18n.get_locale_untracked(), customer.form.saved), done.undo);
            let open = untrack(|| nav.sheet());
            match done.outcome {
                Outcome::Created(made) if open == Some(Sheet::NewPartner) => {
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

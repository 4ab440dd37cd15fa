//! What was typed for somebody new is added to somebody who is known already, field by field.

use super::super::form_model::Unsettled;
use super::Fields;
use super::save::store;
use crate::port::{Done, Failure, PartnerCard, Query};
use crate::ui::components::{Button, Kind, SheetFrame, Skeleton};
use crate::ui::i18n::{t_string, td_string, use_i18n};
use crate::ui::pages::draft::{self, Kept};
use crate::ui::pages::many::{Choice, FieldByField, Sides};
use crate::ui::pages::saving::{SaveButton, Saving};
use crate::ui::platform::clock;
use crate::ui::routes::{Place, Tab, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// The sheet in place of the form.
#[component]
pub(super) fn JoinSheet(
    /// Who is known.
    known: RecordId,
    /// What was typed.
    fields: RwSignal<Fields>,
    /// The form's draft.
    kept: Kept,
    /// Leads back to the form.
    joining: RwSignal<Option<RecordId>>,
) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let card = draft::first(session.watch::<Option<Box<PartnerCard>>>(move || Query::Partner { id: known }));
    move || {
        match card.get().flatten() {
        Some(card) => view! { <Join card=*card fields=fields kept=kept joining=joining /> }.into_any(),
        None => view! {
            <SheetFrame title=text!(i18n, many.merge.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
                <Skeleton lines=4 />
            </SheetFrame>
        }
        .into_any(),
    }
    }
}

#[component]
fn Join(
    card: PartnerCard,
    fields: RwSignal<Fields>,
    kept: Kept,
    joining: RwSignal<Option<RecordId>>,
) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let form = untrack(|| fields.get().gather());
    let (id, name, seen) = (card.partner.id, card.partner.card.name.clone(), card.partner.card);
    let (typed, _) = form.read(clock::now_ms());
    let organisation = card.organisation.map(|row| row.name).unwrap_or_default();
    let sides = Sides {
        organisations: [
            organisation,
            form.unsettled().map_or(form.organisation.clone(), |one| one.name().to_owned()),
        ],
        owners: [card.owner, String::new()],
    };
    let choice = RwSignal::new(Choice::new(seen.clone(), typed));
    let (seen, saving) = ((seen, form.unsettled()), Saving::idle());
    let save = add(id, StoredValue::new(seen), choice, fields, saving, kept);
    let title = Signal::derive(move || t_string!(i18n, many.merge.into, name = name.clone()).to_string());
    let footer = move || {
        view! {
            <p class="kept"><Button kind=Kind::Quiet icon="left" on_press=move |_| joining.set(None)>{text!(i18n, many.merge.back)}</Button></p>
            <SaveButton saving words=text!(i18n, many.merge.do_it) on_press=save />
        }
    };
    view! {
        <SheetFrame title=title close_word=text!(i18n, common.close) on_close=move |()| nav.close() footer=footer>
            <div class="frm">
                <p class="mrg-h"><span>{text!(i18n, many.merge.known)}</span><span>{text!(i18n, many.merge.typed)}</span></p>
                <FieldByField choice=choice sides=sides />
            </div>
        </SheetFrame>
    }
}

/// Adds it: an edit of who is known.
fn add(
    id: RecordId,
    seen: StoredValue<(satchel_domain::PartnerDraft, Option<Unsettled>)>,
    choice: RwSignal<Choice>,
    fields: RwSignal<Fields>,
    saving: Saving,
    kept: Kept,
) -> Callback<()> {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let forget = kept.dropping();
    Callback::new(move |()| {
        if !saving.begin() {
            return;
        }
        let (seen, organisation) = seen.get_value();
        let draft = choice.with_untracked(Choice::draft);
        let (name, forget) = (draft.name.clone(), forget.clone());
        let organisation = organisation.filter(|_| draft.organisation.is_none());
        let finish = move |ended: Result<Done, Failure>| match ended {
            Ok(done) => {
                forget();
                let locale = i18n.get_locale_untracked();
                let said = td_string!(locale, many.merge.added, name = name).to_string();
                session.toasts().say(said, done.undo);
                nav.go_instead(Place::Customer(id, Tab::Brief));
            }
            Err(failure) => {
                saving.end();
                session.toasts().failed(&failure);
            }
        };
        let made = fields.get_untracked().organisation;
        store(session, Some((id, seen)), draft, organisation, made, finish);
    })
}

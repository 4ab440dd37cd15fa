//! The fields of the partner sheet.

use super::alike::LooksLike;
use super::{Fields, OWN, wrong_with};
use crate::port::{AnyRecord, PartnerRow, Query, RecordCard};
use crate::ui::components::{Button, Icon, Kind, Segmented, SelectField, TextArea, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::form_lists::{Addresses, PointLines};
use crate::ui::pages::customer::form_model::Points;
use crate::ui::pages::customer::link::FindPartner;
use crate::ui::pages::vocabulary::slug::{PARTNER_TYPES, parse_partner_type};
use crate::ui::pages::vocabulary::{kind_word, partner_type_word};
use crate::ui::platform::dom;
use crate::ui::session::use_session;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use satchel_domain::{PartnerKind, PartnerType, RecordId, field};

/// The fields, one below the other.
#[component]
pub(super) fn FieldsView(
    id: Option<RecordId>,
    fields: Fields,
    joining: RwSignal<Option<RecordId>>,
    save: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let shortcut = move |event: KeyboardEvent| {
        if dom::saves(&event) {
            event.prevent_default();
            save.run(());
        }
    };
    let kinds = move || {
        [PartnerKind::Person, PartnerKind::Organisation]
            .map(|kind| (kind, kind_word(i18n.get_locale(), kind).to_owned()))
            .to_vec()
    };
    let name_label = move || match fields.kind.get() {
        PartnerKind::Person => t_string!(i18n, customer.form.name_person).to_owned(),
        PartnerKind::Organisation => t_string!(i18n, customer.form.name_org).to_owned(),
    };
    let person = Memo::new(move |_| fields.kind.get() == PartnerKind::Person);
    view! {
        <div class="frm" on:keydown=shortcut>
            <Segmented
                label=Signal::derive(move || t_string!(i18n, customer.form.kind).to_owned())
                options=Signal::derive(kinds)
                chosen=fields.kind
                on_choose=move |kind| fields.kind.set(kind)
            />
            <TextField
                label=Signal::derive(name_label)
                value=fields.name
                error=wrong_with(fields, || field::NAME.to_owned())
                autofocus=true
                on_leave=move |()| fields.look_over()
            />
            {id.is_none().then(|| view! { <LooksLike fields=fields joining=joining /> })}
            <TypeField fields=fields />
            <Show when=move || person.get()>
                <OrganisationField fields=fields />
                <TextField label=Signal::derive(move || t_string!(i18n, customer.form.position).to_owned()) value=fields.position />
            </Show>
            <PointLines fields=fields points=Points::Phones />
            <PointLines fields=fields points=Points::Mails />
            <PointLines fields=fields points=Points::Messengers />
            <Addresses fields=fields />
            <TextField
                label=Signal::derive(move || t_string!(i18n, customer.form.tags).to_owned())
                hint=Signal::derive(move || t_string!(i18n, customer.form.tags_hint).to_owned())
                value=fields.tags
            />
            <TextArea
                label=Signal::derive(move || t_string!(i18n, customer.form.note).to_owned())
                value=fields.note
                error=wrong_with(fields, || field::NOTE.to_owned())
            />
            <MoreFields fields=fields person=person />
        </div>
    }
}

#[component]
fn MoreFields(fields: Fields, person: Memo<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let genders = move || {
        [
            ("", t_string!(i18n, customer.form.unspecified)),
            ("female", t_string!(i18n, customer.form.female)),
            ("male", t_string!(i18n, customer.form.male)),
        ]
        .map(|(slug, word)| (slug.to_owned(), word.to_owned()))
        .to_vec()
    };
    view! {
        <details class="more-f">
            <summary>{move || t_string!(i18n, customer.form.more)}<Icon name="down" /></summary>
            <div class="frm">
                <TextField label=Signal::derive(move || t_string!(i18n, customer.form.website).to_owned()) value=fields.website inputmode="url" />
                <Show when=move || person.get()>
                    <TextField
                        label=Signal::derive(move || t_string!(i18n, customer.form.birth_year).to_owned())
                        value=fields.birth_year
                        inputmode="numeric"
                        error=wrong_with(fields, || field::BIRTH_YEAR.to_owned())
                        on_leave=move |()| fields.look_over()
                    />
                    <SelectField
                        label=Signal::derive(move || t_string!(i18n, customer.form.gender).to_owned())
                        value=fields.gender
                        options=Signal::derive(genders)
                        on_choose=move |gender| fields.gender.set(gender)
                    />
                </Show>
            </div>
        </details>
    }
}

#[component]
fn TypeField(fields: Fields) -> impl IntoView {
    let i18n = use_i18n();
    let own_word = RwSignal::new(match fields.partner_type.get_untracked() {
        PartnerType::Other(own) => own,
        _ => String::new(),
    });
    let own = Memo::new(move |_| fields.partner_type.with(|value| matches!(value, PartnerType::Other(_))));
    let value = move || match own.get() {
        true => OWN.to_owned(),
        false => fields.partner_type.with(crate::ui::pages::vocabulary::slug::partner_type_slug),
    };
    let options = move || {
        let known = PARTNER_TYPES
            .iter()
            .map(|(value, slug)| ((*slug).to_owned(), partner_type_word(i18n.get_locale(), value)));
        known
            .chain([(OWN.to_owned(), t_string!(i18n, customer.form.type_own).to_owned())])
            .collect::<Vec<_>>()
    };
    let choose = move |slug: String| {
        let chosen =
            parse_partner_type(&slug).unwrap_or_else(|| PartnerType::Other(own_word.get_untracked()));
        fields.partner_type.set(chosen);
    };
    let write = move |word: String| {
        own_word.set(word.clone());
        fields.partner_type.set(PartnerType::Other(word));
    };
    view! {
        <SelectField
            label=Signal::derive(move || t_string!(i18n, customer.form.partner_type).to_owned())
            value=Signal::derive(value)
            options=Signal::derive(options)
            on_choose=choose
        />
        <Show when=move || own.get()>
            <div class="field">
                <input
                    type="text"
                    autocomplete="off"
                    aria-label=move || t_string!(i18n, customer.form.type_own)
                    placeholder=move || t_string!(i18n, customer.form.type_own_hint)
                    prop:value=move || own_word.get()
                    on:input=move |event| write(event_target_value(&event))
                />
            </div>
        </Show>
    }
}

/// The organisation: found, or made when the form is saved.
#[component]
fn OrganisationField(fields: Fields) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let typed = fields.organisation_typed;
    let named = session.watch_if::<Option<Box<RecordCard>>>(move || {
        fields.organisation.get().map(|id| Query::Record { id })
    });
    let name = move || {
        let found = named.with(|named| match named.as_ref()?.as_ref().map(|card| &card.what) {
            Some(AnyRecord::Partner(partner)) => Some(partner.card.name.clone()),
            _ => None,
        });
        found.unwrap_or_else(|| fields.organisation_name.get())
    };
    let chosen = Memo::new(move |_| {
        fields.organisation.get().is_some() || fields.organisation_name.with(|name| !name.is_empty())
    });
    let choose = move |row: PartnerRow| {
        fields.organisation.set(Some(row.id));
        fields.organisation_name.set(row.name);
    };
    let create = Callback::new(move |()| {
        fields.organisation.set(None);
        fields.organisation_name.set(typed.get_untracked().trim().to_owned());
        typed.set(String::new());
    });
    let clear = move |_| {
        fields.organisation.set(None);
        fields.organisation_name.set(String::new());
    };
    let typed_name = move || typed.with(|typed| typed.trim().to_owned());
    view! {
        <div class="fld">
            <span class="lbl">{move || t_string!(i18n, customer.form.organisation)}</span>
            {move || if chosen.get() {
                view! {
                    <p class="chosen">
                        <b>{name}</b>
                        <Button kind=Kind::Quiet on_press=clear>{move || t_string!(i18n, customer.form.clear)}</Button>
                    </p>
                }
                .into_any()
            } else {
                view! {
                    <FindPartner
                        label=Signal::derive(move || t_string!(i18n, customer.form.organisation).to_owned())
                        placeholder=Signal::derive(move || t_string!(i18n, customer.form.organisation_hint).to_owned())
                        kind=PartnerKind::Organisation
                        typed=typed
                        on_choose=choose
                        on_nobody=create
                    />
                    <Show when=move || !typed_name().is_empty()>
                        <Button kind=Kind::Quiet icon="plus" on_press=move |_| create.run(())>
                            {move || t_string!(i18n, customer.form.organisation_create, name = typed_name()).to_string()}
                        </Button>
                    </Show>
                }
                .into_any()
            }}
        </div>
    }
}

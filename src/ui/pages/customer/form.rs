//! The sheet for a new partner and for one that is edited.

mod alike;
mod join;
mod save;
mod view;

use self::join::JoinSheet;
use self::save::save;
use self::view::FieldsView;
use super::form_model::{PartnerForm, Points, address, point};
use crate::port::{AnyRecord, Query, RecordCard};
use crate::ui::components::{Empty, Icon, SheetFrame, Skeleton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::draft::{self, Base, Begun, Kept, Restored, use_kept};
use crate::ui::pages::memory::{Memory, use_memory};
use crate::ui::pages::saving::{SaveButton, Saving};
use crate::ui::pages::vocabulary::code_word;
use crate::ui::platform::clock;
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{
    Address, Code, ContactPoint, Invalid, PartnerDraft, PartnerKind, PartnerType, RecordId,
};

/// Stands for a type in the person's own word.
const OWN: &str = "own";

/// One line for a phone, a mail address or a messenger name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) id: u32,
    pub(super) key: StoredValue<String>,
    pub(super) label: RwSignal<String>,
    pub(super) value: RwSignal<String>,
}

/// One address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place6 {
    pub(super) id: u32,
    pub(super) key: StoredValue<String>,
    pub(super) label: RwSignal<String>,
    /// Street, district, city, region, postal code, country.
    pub(super) parts: [RwSignal<String>; 6],
}

/// The form as signals, one for each field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    kind: RwSignal<PartnerKind>,
    name: RwSignal<String>,
    partner_type: RwSignal<PartnerType>,
    organisation: RwSignal<Option<RecordId>>,
    organisation_name: RwSignal<String>,
    organisation_typed: RwSignal<String>,
    position: RwSignal<String>,
    phones: RwSignal<Vec<Line>>,
    mails: RwSignal<Vec<Line>>,
    messengers: RwSignal<Vec<Line>>,
    pub(super) addresses: RwSignal<Vec<Place6>>,
    tags: RwSignal<String>,
    birth_year: RwSignal<String>,
    gender: RwSignal<String>,
    website: RwSignal<String>,
    note: RwSignal<String>,
    rest: StoredValue<PartnerDraft>,
    next_id: StoredValue<u32>,
    pub(super) wrong: RwSignal<Vec<Invalid>>,
    tried: RwSignal<bool>,
    /// Whose the signals are: the sheet's, not that of the button which adds a line and may go before it.
    owner: StoredValue<Option<Owner>>,
}

impl Fields {
    fn of(form: PartnerForm) -> Self {
        let PartnerForm { draft, tags, birth_year, organisation, organisation_typed } = form;
        let fields = Self {
            kind: RwSignal::new(draft.kind),
            name: RwSignal::new(draft.name.clone()),
            partner_type: RwSignal::new(draft.partner_type.clone()),
            organisation: RwSignal::new(draft.organisation),
            organisation_name: RwSignal::new(organisation),
            organisation_typed: RwSignal::new(organisation_typed),
            position: RwSignal::new(draft.position.clone()),
            phones: RwSignal::new(Vec::new()),
            mails: RwSignal::new(Vec::new()),
            messengers: RwSignal::new(Vec::new()),
            addresses: RwSignal::new(Vec::new()),
            tags: RwSignal::new(tags),
            birth_year: RwSignal::new(birth_year),
            gender: RwSignal::new(draft.gender.clone()),
            website: RwSignal::new(draft.website.clone()),
            note: RwSignal::new(draft.note.clone()),
            rest: StoredValue::new(draft.clone()),
            next_id: StoredValue::new(0),
            wrong: RwSignal::new(Vec::new()),
            tried: RwSignal::new(false),
            owner: StoredValue::new(Owner::current()),
        };
        for points in [Points::Phones, Points::Mails, Points::Messengers] {
            let lines = points.of(&draft).iter().map(|point| fields.line(point.clone())).collect();
            fields.lines(points).set(lines);
        }
        fields.addresses.set(draft.addresses.into_iter().map(|place| fields.place(place)).collect());
        fields
    }

    /// Makes signals that last as long as these.
    fn beside<T>(self, make: impl FnOnce() -> T) -> T {
        match self.owner.get_value() {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }

    fn fresh_id(self) -> u32 {
        self.next_id.update_value(|id| *id += 1);
        self.next_id.get_value()
    }

    fn line(self, point: ContactPoint) -> Line {
        let ContactPoint { key, label, value } = point;
        Line {
            id: self.fresh_id(),
            key: StoredValue::new(key),
            label: RwSignal::new(label),
            value: RwSignal::new(value),
        }
    }

    fn place(self, place: Address) -> Place6 {
        let Address { key, label, street, district, city, region, postal_code, country } = place;
        Place6 {
            id: self.fresh_id(),
            key: StoredValue::new(key),
            label: RwSignal::new(label),
            parts: [street, district, city, region, postal_code, country].map(RwSignal::new),
        }
    }

    /// The lines of a list.
    pub(super) fn lines(self, points: Points) -> RwSignal<Vec<Line>> {
        match points {
            Points::Phones => self.phones,
            Points::Mails => self.mails,
            Points::Messengers => self.messengers,
        }
    }

    /// Adds an empty line.
    pub(super) fn add_line(self, points: Points) {
        let line = self.beside(|| self.line(point(points, String::new())));
        self.lines(points).update(|lines| lines.push(line));
    }

    /// Adds an empty address.
    pub(super) fn add_address(self) {
        let place = self.beside(|| self.place(address()));
        self.addresses.update(|places| places.push(place));
    }

    /// The form as it is now.
    fn gather(self) -> PartnerForm {
        let points = |lines: Vec<Line>| lines.into_iter().map(Line::gather).collect();
        let draft = PartnerDraft {
            kind: self.kind.get(),
            name: self.name.get(),
            partner_type: self.partner_type.get(),
            organisation: self.organisation.get(),
            position: self.position.get(),
            phones: points(self.phones.get()),
            mails: points(self.mails.get()),
            messengers: points(self.messengers.get()),
            addresses: self.addresses.get().into_iter().map(Place6::gather).collect(),
            gender: self.gender.get(),
            website: self.website.get(),
            note: self.note.get(),
            ..self.rest.get_value()
        };
        PartnerForm {
            draft,
            tags: self.tags.get(),
            birth_year: self.birth_year.get(),
            organisation: self.organisation_name.get(),
            organisation_typed: self.organisation_typed.get(),
        }
    }

    /// Looks the form over; before the first try to save, what is merely missing is not complained of.
    ///
    /// A field that is taken off the page while it has the focus is left after the form's end.
    pub(super) fn look_over(self) {
        if self.wrong.is_disposed() {
            return;
        }
        let (_, mut wrong) = untrack(|| self.gather()).read(clock::now_ms());
        if !self.tried.get_untracked() {
            wrong.retain(|found| found.code != Code::Required);
        }
        self.wrong.set(wrong);
    }
}

impl Line {
    fn gather(self) -> ContactPoint {
        ContactPoint { key: self.key.get_value(), label: self.label.get(), value: self.value.get() }
    }
}

impl Place6 {
    fn gather(self) -> Address {
        let [street, district, city, region, postal_code, country] = self.parts.map(|part| part.get());
        Address {
            key: self.key.get_value(),
            label: self.label.get(),
            street,
            district,
            city,
            region,
            postal_code,
            country,
        }
    }
}

/// What is wrong with a field, in words; empty for nothing.
pub(super) fn wrong_with(
    fields: Fields,
    field: impl Fn() -> String + Send + Sync + 'static,
) -> Signal<String> {
    let i18n = use_i18n();
    Signal::derive(move || {
        let field = field();
        let found = fields
            .wrong
            .with(|wrong| wrong.iter().find(|found| found.field == field).map(|found| found.code));
        found.map(|code| code_word(i18n.get_locale(), code).to_owned()).unwrap_or_default()
    })
}

/// The sheet: a new partner, or one to edit.
#[component]
pub fn PartnerSheet(
    /// Who is edited; `None` for a new partner.
    id: Option<RecordId>,
) -> impl IntoView {
    let session = use_session();
    let key = id.map_or_else(|| "partner/new".to_owned(), |id| format!("partner/{}", id.to_hex()));
    let (kept, text) = use_kept(key);
    let found = session.watch_if::<Option<Box<RecordCard>>>(move || id.map(|id| Query::Record { id }));
    let card = draft::first(found);
    let memory = use_memory();
    let start = Memo::new(move |_| {
        let text = text.get()?;
        let seen = match id {
            None => None,
            Some(_) => match card.get()?.map(|card| card.what) {
                Some(AnyRecord::Partner(partner)) => Some(partner.card),
                _ => return Some(None),
            },
        };
        let fresh = match &seen {
            None => begin(memory),
            Some(card) => PartnerForm::of(card, String::new()),
        };
        // What was handed over begins a form of its own, beside one that is kept.
        let handed = seen.is_none() && fresh != PartnerForm::new("");
        let beside = handed && !text.is_empty();
        let text = if handed { "" } else { &text };
        let begun = draft::begin(text, Base { seen, fresh }, |card| PartnerForm::of(card, String::new()));
        Some(Some((begun, beside)))
    });
    move || match start.get() {
        None => view! { <Frame id=id title=String::new()><Skeleton lines=5 /></Frame> }.into_any(),
        Some(None) => view! { <Missing /> }.into_any(),
        Some(Some((begun, beside))) => {
            let kept = if beside { kept.beside() } else { kept };
            view! { <FormSheet id begun kept /> }.into_any()
        }
    }
}

/// An empty form, with what was handed over: a typed name, an organisation.
fn begin(memory: Memory) -> PartnerForm {
    let mut form = PartnerForm::new(&memory.new_name.get_untracked());
    if let Some((id, name)) = memory.new_at.get_untracked() {
        form.draft.organisation = Some(id);
        form.organisation = name;
    }
    form
}

#[component]
fn Frame(id: Option<RecordId>, title: String, children: Children) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let title = move || match id {
        None => t_string!(i18n, customer.form.new_title).to_owned(),
        Some(_) => title.clone(),
    };
    view! {
        <SheetFrame title=Signal::derive(title) close_word=Signal::derive(move || t_string!(i18n, customer.form.close).to_owned()) on_close=move |()| nav.close()>
            {children()}
        </SheetFrame>
    }
}

#[component]
fn Missing() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Frame id=None title=String::new()>
            <Empty icon="customers" text=Signal::derive(move || t_string!(i18n, customer.form.gone).to_owned()) />
        </Frame>
    }
}

#[component]
fn FormSheet(id: Option<RecordId>, begun: Begun<PartnerDraft, PartnerForm>, kept: Kept) -> impl IntoView {
    let i18n = use_i18n();
    let Begun { base, now, form, restored } = begun;
    let (restored, fields) = (RwSignal::new(restored), RwSignal::new(Fields::of(form)));
    let name = now.seen.as_ref().map(|seen| seen.name.clone()).unwrap_or_default();
    let title = Signal::derive(move || match id {
        None => t_string!(i18n, customer.form.new_title).to_owned(),
        Some(_) => t_string!(i18n, customer.form.edit_title, name = name.clone()).to_string(),
    });
    let (base, now, saving) = (StoredValue::new(base), StoredValue::new(now), Saving::idle());
    keep_as_typed(fields, base, kept);
    let save = save(id, base, fields, saving, kept);
    let afresh = Callback::new(move |()| {
        kept.drop_it();
        base.set_value(now.get_value());
        let fresh = now.with_value(|now| now.fresh.clone());
        fields.update(|fields| *fields = fields.beside(|| Fields::of(fresh)));
    });
    let changed = Memo::new(move |_| {
        let form = fields.get().gather();
        base.with_value(|base| form.is_worth_keeping(&base.fresh))
    });
    let joining = RwSignal::new(None);
    move || match joining.get() {
        Some(known) => view! { <JoinSheet known=known fields=fields kept=kept joining=joining /> }.into_any(),
        None => {
            view! { <FieldsSheet id title fields restored changed saving save afresh joining /> }.into_any()
        }
    }
}

/// Keeps the form as it is typed, and forgets what was handed over to it.
fn keep_as_typed(fields: RwSignal<Fields>, base: StoredValue<Base<PartnerDraft, PartnerForm>>, kept: Kept) {
    let memory = use_memory();
    on_cleanup(move || {
        memory.new_name.try_set(String::new());
        memory.new_at.try_set(None);
    });
    Effect::new(move |before: Option<PartnerForm>| {
        let now = fields.get().gather();
        if before.is_some_and(|before| before != now) {
            base.with_value(|base| match now.is_worth_keeping(&base.fresh) {
                true => kept.keep(base, &now),
                false => kept.drop_it(),
            });
        }
        now
    });
}

/// The sheet with the form's fields.
#[component]
fn FieldsSheet(
    id: Option<RecordId>,
    title: Signal<String>,
    fields: RwSignal<Fields>,
    restored: RwSignal<bool>,
    changed: Memo<bool>,
    saving: Saving,
    save: Callback<()>,
    afresh: Callback<()>,
    joining: RwSignal<Option<RecordId>>,
) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let footer = move || {
        view! {
            <p class="kept">
                <Show when=move || changed.get()><Icon name="waiting" />{move || t_string!(i18n, customer.form.kept)}</Show>
            </p>
            <SaveButton saving words=text!(i18n, customer.form.save) on_press=save />
        }
    };
    view! {
        <SheetFrame
            title=title
            close_word=Signal::derive(move || t_string!(i18n, customer.form.close).to_owned())
            on_close=move |()| nav.close()
            footer=footer
        >
            <Restored restored on_afresh=afresh />
            {move || view! { <FieldsView id=id fields=fields.get() joining=joining save=save /> }}
        </SheetFrame>
    }
}

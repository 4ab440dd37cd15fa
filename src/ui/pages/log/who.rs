//! Whom the entry is about: chosen already, chosen from those of late, found, or made on the spot.

use super::clipboard::PasteButton;
use super::fields::{Wrong, wrong_with};
use super::form::LogForm;
use crate::port::{AnyRecord, Command, Outcome, PartnerRow, Query, RecordCard, Today};
use crate::ui::components::{Button, Icon, Kind, Monogram, Size};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::FindPartner;
use crate::ui::pages::saving::Saving;
use crate::ui::pages::vocabulary::local_day;
use crate::ui::platform::clock;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::session::{Said, use_session};
use leptos::prelude::*;
use satchel_domain::{Code, Invalid, PartnerDraft, PartnerKind, RecordId, field};

/// The customer, with when it was beside the name.
#[component]
pub(super) fn WhoField(
    /// The form.
    form: RwSignal<LogForm>,
    /// What is wrong.
    wrong: Wrong,
    /// Whether the customer stays as it is.
    fixed: bool,
) -> impl IntoView {
    let partner = Memo::new(move |_| form.with(|form| form.partner));
    move || match partner.get() {
        Some(id) => view! { <Chosen id=id form=form fixed=fixed /> }.into_any(),
        None => view! { <Choose form=form wrong=wrong /> }.into_any(),
    }
}

/// Who is chosen in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Who {
    /// The name.
    pub(super) name: String,
    deleted: bool,
}

/// Who is chosen now; `None` for nobody, and until that is known.
pub(super) fn chosen(form: RwSignal<LogForm>) -> Memo<Option<Who>> {
    let partner = Memo::new(move |_| form.with(|form| form.partner));
    let found = use_session()
        .watch_if::<Option<Box<RecordCard>>>(move || partner.get().map(|id| Query::Record { id }));
    Memo::new(move |_| {
        found.with(|found| match &found.as_ref()?.as_ref()?.what {
            // What was answered before tells of who was chosen before.
            AnyRecord::Partner(known) if Some(known.id) == partner.get() => {
                Some(Who { name: known.card.name.clone(), deleted: known.deleted })
            }
            _ => None,
        })
    })
}

/// Asks again whom a new entry is about once that customer is in the trash: there it would be shown nowhere.
pub(super) fn mind_the_trash(who: Memo<Option<Who>>, form: RwSignal<LogForm>, wrong: Wrong) {
    Effect::new(move || {
        if who.with(|who| who.as_ref().is_some_and(|who| who.deleted)) {
            ask_again(form, wrong);
        }
    });
}

/// Asks again whom the entry is about, and says why.
pub(super) fn ask_again(form: RwSignal<LogForm>, wrong: Wrong) {
    form.try_update(|form| form.partner = None);
    wrong.try_set(vec![Invalid { field: field::PARTNER.into(), code: Code::UnknownPartner }]);
}

/// Name and kind of a partner.
pub(super) fn named(id: RecordId) -> Memo<Option<(String, PartnerKind)>> {
    let found = use_session().watch::<Option<Box<RecordCard>>>(move || Query::Record { id });
    Memo::new(move |_| {
        found.with(|found| match &found.as_ref()?.as_ref()?.what {
            AnyRecord::Partner(partner) => Some((partner.card.name.clone(), partner.card.kind)),
            _ => None,
        })
    })
}

#[component]
fn Chosen(id: RecordId, form: RwSignal<LogForm>, fixed: bool) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let who = named(id);
    let when = move || match form.with(|form| clock::from_local_input(&form.at)) {
        None => format!("{} · {}", t_string!(i18n, log.now), format.when(clock::now_ms(), When::Time)),
        Some(at) if local_day(at) == local_day(clock::now_ms()) => format.when(at, When::Time),
        Some(at) => format.when(at, When::Moment),
    };
    view! {
        <div class="who">
            {move || who.get().map(|(name, kind)| view! { <Monogram name=name kind=kind key=id.0 /> })}
            <div>
                <b>{move || who.get().map(|(name, _)| name)}</b>
                <span class="num">{when}</span>
            </div>
            {(!fixed).then(|| {
                view! { <Button kind=Kind::Quiet on_press=move |_| form.update(|form| form.partner = None)>{move || t_string!(i18n, log.change)}</Button> }
            })}
        </div>
    }
}

#[component]
fn Choose(form: RwSignal<LogForm>, wrong: Wrong) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let typed = RwSignal::new(String::new());
    let (from_ms, to_ms) = clock::day_of(clock::now_ms());
    let today = session.watch::<Box<Today>>(move || Query::Today { from_ms, to_ms });
    let recent = Memo::new(move |_| {
        today.with(|today| today.as_ref().map(|today| today.recent.clone()).unwrap_or_default())
    });
    let choose = move |id: RecordId| form.update(|form| form.partner = Some(id));
    let error = wrong_with(wrong, field::PARTNER);
    let one = move |row: PartnerRow| {
        let PartnerRow { id, kind, name, aside, .. } = row;
        let shown = name.clone();
        view! {
            <li>
                <button class="hit" type="button" on:click=move |_| choose(id)>
                    <Monogram name=name kind=kind key=id.0 size=Size::Small />
                    <span><b>{shown}</b><span>{aside}</span></span>
                </button>
            </li>
        }
    };
    let empty = move || typed.with(|typed| typed.trim().is_empty());
    view! {
        <fieldset class="fs whom" aria-invalid=move || error.with(|error| (!error.is_empty()).then_some("true")) tabindex="-1">
            <legend>{move || t_string!(i18n, log.who)}</legend>
            <FindPartner
                label=Signal::derive(move || t_string!(i18n, log.find).to_owned())
                placeholder=Signal::derive(move || t_string!(i18n, log.hint).to_owned())
                typed=typed
                on_choose=move |row: PartnerRow| choose(row.id)
            />
            <p class="fld-n">
                {move || Some(error.get()).filter(|error| !error.is_empty()).map(|error| view! { <span class="fld-e"><Icon name="alert" />{error}</span> })}
            </p>
            <Show when=empty><div class="whom-p"><PasteButton form=form /></div></Show>
            <Show when=move || empty() && recent.with(|recent| !recent.is_empty())>
                <p class="k">{move || t_string!(i18n, log.recent)}</p>
                <ul class="hits hits-2">{move || recent.get().into_iter().map(one).collect_view()}</ul>
            </Show>
            <Show when=move || empty() && recent.with(Vec::is_empty)><p class="hint">{move || t_string!(i18n, log.nobody)}</p></Show>
            <Show when=move || !empty()><CreateNamed form=form typed=typed /></Show>
        </fieldset>
    }
}

/// Makes a customer with the typed name, and chooses it.
#[component]
fn CreateNamed(form: RwSignal<LogForm>, typed: RwSignal<String>) -> impl IntoView {
    let (i18n, session, saving) = (use_i18n(), use_session(), Saving::idle());
    let name = move || typed.with(|typed| typed.trim().to_owned());
    let create = move |_| {
        if !saving.begin() {
            return;
        }
        let name = untrack(name);
        let draft = PartnerDraft { name: name.clone(), ..PartnerDraft::default() };
        session.dispatch(Command::CreatePartner { draft }, move |ended| {
            saving.end();
            match ended {
                Ok(done) => {
                    if let Outcome::Created(id) = done.outcome {
                        form.try_update(|form| form.partner = Some(id));
                        session.toasts().say(Said::new(t_string!(i18n, log.saved)).about(name), done.undo);
                    }
                }
                Err(failure) => session.toasts().failed(&failure),
            }
        });
    };
    view! {
        <Button kind=Kind::Quiet icon="plus" disabled=Signal::derive(move || saving.is_under_way()) on_press=create>{move || t_string!(i18n, log.create, text = name()).to_string()}</Button>
    }
}

//! What stands beside the history where there is room: facts, what they buy, who they are.

use super::Card;
use super::contact::TelLink;
use super::details::{Facts, Short};
use crate::port::PartnerRow;
use crate::ui::components::{Icon, IconButton, Monogram, Size};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::memory::use_memory;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use leptos::prelude::*;
use satchel_domain::PartnerKind;

/// A part beside the history: its heading stands next to the name, not below that of a tab.
#[component]
fn Side(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// What stands below.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="sec side">
            <div class="sec-h"><h2>{move || title.get()}</h2></div>
            {children()}
        </section>
    }
}

/// The left column.
#[component]
pub(super) fn LeftAside(
    /// What is known.
    card: Card,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Side title=Signal::derive(move || t_string!(i18n, customer.tab_details).to_owned())>
            <Facts card=card short=Short::Yes />
        </Side>
        <Buys card=card />
    }
}

/// Beside the brief where there is most room: all the details.
#[component]
pub(super) fn Inspector(
    /// What is known.
    card: Card,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Side title=Signal::derive(move || t_string!(i18n, customer.tab_details).to_owned())>
            <Facts card=card short=Short::No />
        </Side>
    }
}

/// The right column.
#[component]
pub(super) fn RightAside(
    /// What is known.
    card: Card,
) -> impl IntoView {
    view! { <People card=card /> }
}

/// What they buy most, as bars; nothing when nothing was bought.
#[component]
pub(super) fn Buys(
    /// What is known.
    card: Card,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let products = Memo::new(move |_| {
        card.with(|card| card.as_ref().map(|card| card.products.clone()).unwrap_or_default())
    });
    let most =
        move || products.with(|products| products.iter().map(|(_, milli)| *milli).max().unwrap_or(1).max(1));
    let item = move |(product, milli): (String, i64)| {
        let width = (milli.max(0) as f64 / most() as f64 * 100.0).round();
        view! {
            <li>
                <span>{product}</span>
                <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="d0" x="0" y="0" width="100" height="6"></rect>
                    <rect class="d4" x="0" y="0" width=width.to_string() height="6"></rect>
                </svg>
                <b class="num">{move || format.quantity(milli)}</b>
            </li>
        }
    };
    view! {
        <Show when=move || products.with(|products| !products.is_empty())>
            <Side title=Signal::derive(move || t_string!(i18n, customer.brief.buys).to_owned())>
                <ul class="buys">{move || products.get().into_iter().map(item).collect_view()}</ul>
            </Side>
        </Show>
    }
}

/// The people of an organisation, and a way to add one; nothing for a person.
#[component]
pub(super) fn People(
    /// What is known.
    card: Card,
) -> impl IntoView {
    let (i18n, nav, memory) = (use_i18n(), use_nav(), use_memory());
    let people = Memo::new(move |_| {
        card.with(|card| card.as_ref().map(|card| card.people.clone()).unwrap_or_default())
    });
    let organisation = Memo::new(move |_| {
        card.with(|card| {
            let partner = &card.as_ref()?.partner;
            (partner.card.kind == PartnerKind::Organisation).then(|| (partner.id, partner.card.name.clone()))
        })
    });
    let add = move |_| {
        memory.new_at.set(organisation.get_untracked());
        nav.open(Sheet::NewPartner);
    };
    view! {
        <Show when=move || organisation.with(Option::is_some)>
            <section class="sec side">
                <div class="sec-h">
                    <h2>{move || t_string!(i18n, customer.brief.people)}</h2>
                    <IconButton icon="plus" class="wr" label=Signal::derive(move || t_string!(i18n, customer.details.add_person).to_owned()) on_press=add />
                </div>
                <ul class="ppl">
                    {move || people.get().into_iter().map(|(row, position)| view! { <OnePerson row=row position=position /> }).collect_view()}
                </ul>
                <Show when=move || people.with(Vec::is_empty)><p class="hint">{move || t_string!(i18n, customer.details.no_people)}</p></Show>
            </section>
        </Show>
    }
}

#[component]
fn OnePerson(row: PartnerRow, position: String) -> impl IntoView {
    let i18n = use_i18n();
    let PartnerRow { id, kind, name, phone, .. } = row;
    let (shown, label) = (name.clone(), name.clone());
    view! {
        <li>
            <Monogram name=name kind=kind key=id.0 size=Size::Small />
            <span><b><a href=Place::Customer(id, Tab::Brief).href()>{shown}</a></b><span>{position}</span></span>
            {(!phone.is_empty()).then(|| {
                view! {
                    <TelLink partner=id number=phone class="ib" label=Signal::derive(move || t_string!(i18n, customer.call_named, name = label.clone()).to_string())>
                        <Icon name="phone" />
                    </TelLink>
                }
            })}
        </li>
    }
}

//! One line of the customer list.

use super::pick::Picking;
use super::swipe::Swipe;
use crate::port::{Mark, PartnerRow};
use crate::ui::components::{Age, Icon, Monogram, SyncMark};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::vocabulary::mark_word;
use crate::ui::platform::clock;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Tab};
use leptos::prelude::*;
use satchel_domain::{RecordId, Tier};

/// A customer as a link.
#[component]
pub(super) fn CustomerRow(
    /// Who.
    row: PartnerRow,
    /// Its tier.
    tier: Option<Tier>,
    /// Who is open beside the list.
    chosen: Memo<Option<RecordId>>,
    /// Whether Tab stops here.
    #[prop(into)]
    stop: Signal<bool>,
    /// Where it stands in the list.
    index: u32,
    /// Who is chosen for an act on many.
    picking: Picking,
    /// What a finger does that sweeps rows aside.
    swipe: Swipe,
) -> impl IntoView {
    let i18n = use_i18n();
    let is_open = Memo::new(move |_| chosen.get() == Some(row.id));
    let PartnerRow { id, kind, name, aside, next_step, last_contact_ms, phone, mark, .. } = row;
    let title = name.clone();
    let second = move || next_step.clone().or_else(|| Some(aside.clone()).filter(|aside| !aside.is_empty()));
    let second = move || second().unwrap_or_else(|| t_string!(i18n, customers.no_step).to_owned());
    view! {
        <a
            class="cust"
            id=format!("c-{}", id.to_hex())
            href=move || (!picking.on()).then(|| Place::Customer(id, Tab::Brief).href())
            role=move || picking.on().then_some("checkbox")
            aria-checked=move || picking.on().then(|| picking.has(id).to_string())
            aria-current=move || (is_open.get() && !picking.on()).then_some("true")
            tabindex=move || if stop.get() { "0" } else { "-1" }
            on:click=move |event| picking.click(&event, index, id)
            on:pointerdown=move |event| {
                picking.touch(&event, index, id);
                swipe.touch(&event, index, id, &phone);
            }
            on:pointermove=move |event| {
                picking.moved(&event);
                swipe.moved(&event);
            }
            on:pointerup=move |_| {
                picking.let_go();
                swipe.lift();
            }
            on:pointercancel=move |_| {
                picking.let_go();
                swipe.settle();
            }
            on:contextmenu=move |event| picking.menu(&event)
        >
            <Show when=move || picking.on()><span class="cust-k"><Icon name="check" /></span></Show>
            <Monogram name=name kind=kind key=id.0 />
            <span class="cust-b">
                <span class="cust-n"><b>{title}</b>{tier.map(|tier| view! { <TierMark tier=tier /> })}</span>
                <span class="cust-s">{second}</span>
            </span>
            <span class="cust-m">
                {last_contact_ms.map(|at| view! { <ContactAge at=at /> })}
                {(mark != Mark::Synced).then(|| {
                    view! { <SyncMark mark=mark label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) /> }
                })}
            </span>
        </a>
    }
}

/// How much a customer is worth among all who buy, as its letter (R62).
#[component]
pub(super) fn TierMark(
    /// Which tier.
    tier: Tier,
) -> impl IntoView {
    let i18n = use_i18n();
    let letter = tier.letter();
    view! { <span class=format!("tier tier-{letter}") role="img" aria-label=text!(i18n, insight.tier, tier = letter)>{letter.to_string()}</span> }
}

/// Days since the last contact, as a filling disc with its words (R56).
#[component]
pub fn ContactAge(
    /// When the last contact was, ms since 1970 UTC.
    at: i64,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let days = u32::try_from(clock::days_between(at, clock::now_ms())).unwrap_or(0);
    let text = move || match days {
        0 => t_string!(i18n, customers.ago_today).to_owned(),
        days => t_string!(i18n, customers.ago_days, count = format.number(days)).to_string(),
    };
    view! { <Age days=days label=Signal::derive(move || t_string!(i18n, customers.last_contact).to_owned()) text=Signal::derive(text) /> }
}

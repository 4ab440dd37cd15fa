//! One line of the customer list.

use super::list::Listed;
use super::pick::Picking;
use super::slots::Slot;
use super::swipe::Swipe;
use crate::port::Mark;
use crate::ui::components::{Age, Icon, Monogram, SyncMark};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::vocabulary::mark_word;
use crate::ui::platform::clock;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Tab};
use leptos::prelude::*;
use satchel_domain::{RecordId, Tier};

/// A customer as a link. What it says follows from its place, so that scrolling makes nothing anew.
#[component]
pub(super) fn CustomerRow(
    /// Who, and where in the list.
    here: Slot,
    /// Who is open beside the list.
    chosen: Memo<Option<RecordId>>,
    /// Who is chosen for an act on many.
    picking: Picking,
    /// What a finger does that sweeps rows aside.
    swipe: Swipe,
) -> impl IntoView {
    let i18n = use_i18n();
    let Slot { at, listed, stop, .. } = here;
    let id = move || listed.with(|listed| listed.row.id);
    let who = move || (at.get_untracked(), listed.with_untracked(|listed| listed.row.id));
    let contact = move || listed.with(|listed| listed.row.last_contact_ms);
    let second = move || {
        let said = listed.with(|Listed { row, .. }| {
            let aside = Some(&row.aside).filter(|aside| !aside.is_empty());
            row.next_step.as_ref().or(aside).cloned()
        });
        said.unwrap_or_else(|| t_string!(i18n, customers.no_step).to_owned())
    };
    let tier = move || listed.with(|listed| listed.tier).map(|tier| view! { <TierMark tier=tier /> });
    let mark = move || {
        let mark = Some(listed.with(|listed| listed.row.mark)).filter(|mark| *mark != Mark::Synced)?;
        let word = Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned());
        Some(view! { <SyncMark mark=mark label=word /> })
    };
    view! {
        <a
            class="cust"
            id=move || format!("c-{}", id().to_hex())
            href=move || (!picking.on()).then(|| Place::Customer(id(), Tab::Brief).href())
            role=move || picking.on().then_some("checkbox")
            aria-checked=move || picking.on().then(|| picking.has(id()).to_string())
            aria-current=move || (chosen.get() == Some(id()) && !picking.on()).then_some("true")
            tabindex=move || if stop.get() { "0" } else { "-1" }
            on:click=move |event| {
                let (at, id) = who();
                picking.click(&event, at, id);
            }
            on:pointerdown=move |event| {
                let (at, id) = who();
                picking.touch(&event, at, id);
                listed.with_untracked(|listed| swipe.touch(&event, at, id, &listed.row.phone));
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
            <Monogram
                name=Signal::derive(move || listed.with(|listed| listed.row.name.clone()))
                kind=Signal::derive(move || listed.with(|listed| listed.row.kind))
                key=Signal::derive(move || id().0)
            />
            <span class="cust-b">
                <span class="cust-n"><b>{move || listed.with(|listed| listed.row.name.clone())}</b>{tier}</span>
                <span class="cust-s">{second}</span>
            </span>
            <span class="cust-m">
                <Show when=move || contact().is_some()>
                    <ContactAge at=Signal::derive(move || contact().unwrap_or_default()) />
                </Show>
                {mark}
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
    #[prop(into)]
    at: Signal<i64>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let days = move || u32::try_from(clock::days_between(at.get(), clock::now_ms())).unwrap_or(0);
    let text = move || match days() {
        0 => t_string!(i18n, customers.ago_today).to_owned(),
        days => t_string!(i18n, customers.ago_days, count = format.number(days)).to_string(),
    };
    view! { <Age days=Signal::derive(days) label=Signal::derive(move || t_string!(i18n, customers.last_contact).to_owned()) text=Signal::derive(text) /> }
}

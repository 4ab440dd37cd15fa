//! One line of the customer list.

use super::pick::Picking;
use super::slots::Slot;
use crate::port::Mark;
use crate::ui::components::{Age, Icon, Monogram, SyncMark};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::vocabulary::mark_word;
use crate::ui::platform::clock;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Tab};
use leptos::prelude::*;
use satchel_domain::RecordId;

/// A customer as a link. What it says follows from its place, so that scrolling makes nothing anew.
#[component]
pub(super) fn CustomerRow(
    /// Who, and where in the list.
    here: Slot,
    /// Who is open beside the list.
    chosen: Memo<Option<RecordId>>,
    /// Whether Tab stops here.
    #[prop(into)]
    stop: Signal<bool>,
    /// Who is chosen for an act on many.
    picking: Picking,
) -> impl IntoView {
    let i18n = use_i18n();
    let Slot { at, row, .. } = here;
    let id = Memo::new(move |_| row.with(|row| row.id));
    let is_open = Memo::new(move |_| chosen.get() == Some(id.get()));
    let contact = Memo::new(move |_| row.with(|row| row.last_contact_ms));
    let mark = Memo::new(move |_| row.with(|row| row.mark));
    let second = move || {
        let said = row.with(|row| {
            let aside = Some(&row.aside).filter(|aside| !aside.is_empty());
            row.next_step.as_ref().or(aside).cloned()
        });
        said.unwrap_or_else(|| t_string!(i18n, customers.no_step).to_owned())
    };
    view! {
        <a
            class="cust"
            id=move || format!("c-{}", id.get().to_hex())
            href=move || (!picking.on()).then(|| Place::Customer(id.get(), Tab::Brief).href())
            role=move || picking.on().then_some("checkbox")
            aria-checked=move || picking.on().then(|| picking.has(id.get()).to_string())
            aria-current=move || (is_open.get() && !picking.on()).then_some("true")
            tabindex=move || if stop.get() { "0" } else { "-1" }
            on:click=move |event| picking.click(&event, at.get_untracked(), id.get_untracked())
            on:pointerdown=move |event| picking.touch(&event, at.get_untracked(), id.get_untracked())
            on:pointermove=move |event| picking.moved(&event)
            on:pointerup=move |_| picking.let_go()
            on:pointercancel=move |_| picking.let_go()
            on:contextmenu=move |event| picking.menu(&event)
        >
            <Show when=move || picking.on()><span class="cust-k"><Icon name="check" /></span></Show>
            <Monogram
                name=Signal::derive(move || row.with(|row| row.name.clone()))
                kind=Signal::derive(move || row.with(|row| row.kind))
                key=Signal::derive(move || id.get().0)
            />
            <span class="cust-b">
                <span class="cust-n"><b>{move || row.with(|row| row.name.clone())}</b></span>
                <span class="cust-s">{second}</span>
            </span>
            <span class="cust-m">
                <Show when=move || contact.get().is_some()>
                    <ContactAge at=Signal::derive(move || contact.get().unwrap_or_default()) />
                </Show>
                {move || Some(mark.get()).filter(|mark| *mark != Mark::Synced).map(|mark| {
                    view! { <SyncMark mark=mark label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) /> }
                })}
            </span>
        </a>
    }
}

/// Days since the last contact, as a filling disc with its words (R56).
#[component]
pub fn ContactAge(
    /// When the last contact was, ms since 1970 UTC.
    at: Signal<i64>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let days = Memo::new(move |_| u32::try_from(clock::days_between(at.get(), clock::now_ms())).unwrap_or(0));
    let text = move || match days.get() {
        0 => t_string!(i18n, customers.ago_today).to_owned(),
        days => t_string!(i18n, customers.ago_days, count = format.number(days)).to_string(),
    };
    view! { <Age days=days label=Signal::derive(move || t_string!(i18n, customers.last_contact).to_owned()) text=Signal::derive(text) /> }
}

//! What was erased, as a page to be printed: ids and hashes, nothing of the person.

use crate::port::{ErasedRecord, ErasedState, Erasure, Query};
use crate::ui::components::{Button, Chip, Empty, SheetFrame, Skeleton, Tone};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::backup::kind_word;
use crate::ui::platform::dom;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The sheet: the newest proof open, those before it below.
#[component]
pub fn ErasuresSheet() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let erasures = session.watch::<Vec<Erasure>>(|| Query::Erasures);
    let at = RwSignal::new(0_usize);
    view! {
        <SheetFrame title=text!(i18n, person.proof.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {move || match erasures.get() {
                None => view! { <Skeleton lines=5 /> }.into_any(),
                Some(all) if all.is_empty() => view! { <Empty icon="trash" text=text!(i18n, person.proof.none) /> }.into_any(),
                Some(all) => view! { <All all at /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn All(all: Vec<Erasure>, at: RwSignal<usize>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let proofs = all.clone();
    let shown = move || {
        let erasure = proofs.get(at.get()).or(proofs.first()).cloned();
        erasure.map(|erasure| view! { <Proof erasure /> })
    };
    let pick = move |(place, erasure): (usize, Erasure)| {
        let when = format.when(erasure.at_ms.cast_signed(), When::Moment);
        view! {
            <button class="pick" type="button" aria-pressed=move || (at.get() == place).to_string() on:click=move |_| at.set(place)>
                {erasure.code}" · "{when}
            </button>
        }
    };
    let several = all.len() > 1;
    view! {
        <div class="frm">
            {several.then(|| view! { <div class="picks">{all.into_iter().enumerate().map(pick).collect_view()}</div> })}
            {shown}
            <Button icon="print" on_press=move |_| dom::print()>{text!(i18n, onboarding.sheet.print)}</Button>
        </div>
    }
}

#[component]
fn Proof(erasure: Erasure) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let Erasure { at_ms, code, by, device, records, taken_off, named, drafts, .. } = erasure;
    let (state, tone) = standing(i18n.get_locale_untracked(), &records);
    let icon = if tone == Tone::Ok { "check" } else { "alert" };
    let when = format.when(at_ms.cast_signed(), When::Moment);
    let who = if by.is_empty() { device.clone() } else { format!("{by} · {device}") };
    let beside = move || {
        let beside = [
            (taken_off, t_string!(i18n, person.proof.taken_off)),
            (drafts, t_string!(i18n, person.proof.drafts)),
            (named, t_string!(i18n, person.proof.named)),
        ];
        let there = beside.into_iter().filter(|(count, _)| *count > 0);
        let line = |(count, words): (u32, &'static str)| view! { <div><dt>{words}</dt><dd class="num">{format.number(count)}</dd></div> };
        there.map(line).collect_view()
    };
    view! {
        <article class="paper proof">
            <h2>{text!(i18n, person.proof.heading)}</h2>
            <p class="proof-s"><Chip tone=tone icon=icon>{state}</Chip></p>
            <dl class="facts">
                <div><dt>{text!(i18n, person.proof.whom)}</dt><dd class="num">{code}</dd></div>
                <div><dt>{text!(i18n, person.proof.when)}</dt><dd>{when}</dd></div>
                <div><dt>{text!(i18n, person.proof.by)}</dt><dd>{who}</dd></div>
                <div><dt>{text!(i18n, person.proof.search)}</dt><dd>{text!(i18n, person.proof.search_none)}</dd></div>
                {beside}
            </dl>
            <ol class="proof-r">{records.into_iter().map(|record| view! { <Line record /> }).collect_view()}</ol>
            <p class="k">{text!(i18n, person.proof.hashes)}</p>
            <p class="k">{text!(i18n, person.proof.limits)}</p>
        </article>
    }
}

#[component]
fn Line(record: ErasedRecord) -> impl IntoView {
    let i18n = use_i18n();
    let ErasedRecord { id, kind, before, after, state } = record;
    view! {
        <li>
            <b>{move || kind_word(i18n.get_locale(), kind)}" · "{move || state_word(i18n.get_locale(), state)}</b>
            <code>{id.to_hex()}</code>
            <code>{hex(&before)}</code>
            <code>{hex(&after)}</code>
        </li>
    }
}

/// How all of it stands: the worst first.
fn standing(locale: Locale, records: &[ErasedRecord]) -> (&'static str, Tone) {
    let any = |wanted: fn(&ErasedState) -> bool| records.iter().any(|record| wanted(&record.state));
    if any(|state| *state == ErasedState::Returned) {
        (td_string!(locale, person.proof.returned), Tone::Warn)
    } else if any(|state| *state == ErasedState::Waiting) {
        (td_string!(locale, person.proof.waiting), Tone::Warn)
    } else {
        (td_string!(locale, person.proof.confirmed), Tone::Ok)
    }
}

fn state_word(locale: Locale, state: ErasedState) -> String {
    match state {
        ErasedState::Confirmed(seq) => td_string!(locale, person.proof.number, number = seq).to_string(),
        ErasedState::Waiting => td_string!(locale, person.proof.row_waiting).to_owned(),
        ErasedState::Returned => td_string!(locale, person.proof.row_returned).to_owned(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

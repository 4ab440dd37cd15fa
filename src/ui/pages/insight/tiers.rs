//! How many customers are of each tier, and where the tiers begin (R62).

use super::{Found, read};
use crate::port::Command;
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::use_i18n;
use crate::ui::platform::intl::use_format;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The least sum at which B can begin, and the most at which A can.
const SUMS: (u8, u8) = (4, 15);

/// The tiers, what they mean, and on demand where they begin.
#[component]
pub(super) fn Tiers(
    /// What was found.
    found: Found,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let open = RwSignal::new(false);
    let from = Memo::new(move |_| read(found, |it| it.tiers_from));
    let tier = move |(letter, count): (char, u32)| {
        view! { <li><span class=format!("tier tier-{letter}")>{letter.to_string()}</span>{format.number(count)}</li> }
    };
    view! {
        <div class="tiers-h">
            <ul class="tiers">{move || ['A', 'B', 'C'].into_iter().zip(read(found, |it| it.tiers)).map(tier).collect_view()}</ul>
            <button class="btn btn-0" type="button" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                {text!(i18n, insight.tiers_change)}
            </button>
        </div>
        <Show when=move || open.get()><Limits found=found from=from /></Show>
        <p class="ins-n">{text!(i18n, insight.rfm_note, a = from.get()[0], b = from.get()[1])}</p>
    }
}

/// Where A and B begin. Each press takes effect at once, and the counts above tell what it does.
#[component]
fn Limits(found: Found, from: Memo<[u8; 2]>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let usual = Signal::derive(move || read(found, |it| it.tiers_usual));
    let set = move |from| session.act_quietly(Command::SetTiers { from });
    let a_from = Callback::new(move |a: u8| set(Some([a, from.get_untracked()[1]])));
    let b_from = Callback::new(move |b: u8| set(Some([from.get_untracked()[0], b])));
    let room = move |tier: usize| match (tier, from.get()) {
        (0, [_, b]) => (b + 1, SUMS.1),
        (_, [a, _]) => (SUMS.0, a - 1),
    };
    view! {
        <div class="tiers-e" role="group" aria-label=text!(i18n, insight.tiers_from)>
            <Limit words=text!(i18n, insight.tier_from, tier = "A") value=Signal::derive(move || from.get()[0]) room=Signal::derive(move || room(0)) on_step=a_from />
            <Limit words=text!(i18n, insight.tier_from, tier = "B") value=Signal::derive(move || from.get()[1]) room=Signal::derive(move || room(1)) on_step=b_from />
            <p class="hint">{text!(i18n, insight.tiers_hint)}</p>
            <Button kind=Kind::Quiet icon="undo" disabled=usual on_press=move |_| set(None)>{text!(i18n, insight.tiers_usual)}</Button>
        </div>
    }
}

/// A number between one less and one more.
#[component]
fn Limit(
    #[prop(into)] words: Signal<String>,
    value: Signal<u8>,
    /// The least and the most.
    room: Signal<(u8, u8)>,
    on_step: Callback<u8>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let less = Signal::derive(move || value.get().checked_sub(1).filter(|less| *less >= room.get().0));
    let more = Signal::derive(move || value.get().checked_add(1).filter(|more| *more <= room.get().1));
    let step = move |icon: &'static str, label: Signal<String>, to: Signal<Option<u8>>| {
        let press = move |_| to.get_untracked().into_iter().for_each(|to| on_step.run(to));
        view! {
            <button class="ib ib-soft" type="button" aria-label=move || label.get() aria-disabled=move || to.get().is_none().then_some("true") on:click=press>
                <Icon name=icon />
            </button>
        }
    };
    view! {
        <div class="tiers-1">
            <span>{move || words.get()}</span>
            {step("minus", text!(i18n, insight.tier_less, what = words.get()), less)}
            <output aria-live="polite">{move || format.number(u32::from(value.get()))}</output>
            {step("plus", text!(i18n, insight.tier_more, what = words.get()), more)}
        </div>
    }
}

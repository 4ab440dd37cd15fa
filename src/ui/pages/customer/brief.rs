//! What to know before a visit: promises, the last order, the last contacts, what they buy, who they are.

use super::aside::{Buys, People};
use super::entry::gist;
use super::{Card, whose};
use crate::port::Command;
use crate::ui::components::{Icon, use_leaving};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::tasks::due_word;
use crate::ui::pages::vocabulary::{here_ms, local_day, moment_word, record_icon, status_word};
use crate::ui::platform::clock;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::{Said, use_session};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use satchel_domain::{Interaction, Order, Task};

/// A heading with what stands below it.
#[component]
pub(super) fn Section(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// What stands below.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="sec">
            <div class="sec-h"><h2>{move || title.get()}</h2></div>
            {children()}
        </section>
    }
}

/// The first tab.
#[component]
pub(super) fn Brief(
    /// What is known.
    card: Card,
) -> impl IntoView {
    view! {
        <div class="brief">
            <div class="brief-c">
                <LastThree card=card />
                <Promises card=card />
            </div>
            <div class="brief-c">
                <LastOrder card=card />
                <Scores card=card />
                <div class="only-narrow"><Buys card=card /></div>
                <div class="only-narrow"><People card=card /></div>
                <Worth card=card />
            </div>
        </div>
    }
}

#[component]
fn Promises(card: Card) -> impl IntoView {
    let i18n = use_i18n();
    let tasks = Memo::new(move |_| {
        card.with(|card| {
            card.as_ref()
                .map(|card| {
                    let told = |(task, _): &(Task, _)| (task.clone(), whose(card, task).map(str::to_owned));
                    card.tasks.iter().map(told).collect::<Vec<_>>()
                })
                .unwrap_or_default()
        })
    });
    view! {
        <Section title=Signal::derive(move || t_string!(i18n, customer.brief.promises).to_owned())>
            <ul class="needs">
                <For each=move || tasks.get() key=|(task, whose)| (task.id, task.edited_ms, whose.clone()) children=move |(task, whose)| view! { <Promise task=task whose=whose /> } />
            </ul>
            <Show when=move || tasks.with(Vec::is_empty)><p class="hint">{move || t_string!(i18n, customer.brief.no_promises)}</p></Show>
        </Section>
    }
}

#[component]
fn Promise(task: Task, whose: Option<String>) -> impl IntoView {
    let (i18n, format, nav, session) = (use_i18n(), use_format(), use_nav(), use_session());
    let id = task.id;
    let (title, label) = (task.entry.title.clone(), task.entry.title.clone());
    let (named, leaving) = (task.entry.title.clone(), use_leaving(".tick"));
    let complete = move |event: MouseEvent| {
        leaving.press(&event);
        let said = Said::new(t_string!(i18n, customer.done)).about(named.clone());
        session.act(Command::CompleteTask { id, done: true }, said);
    };
    view! {
        <li>
            <button class="tick wr" type="button" aria-label=move || t_string!(i18n, customer.next_complete, title = label.clone()).to_string() on:click=complete>
                <Icon name="check" />
            </button>
            <a class="needs-t" href=move || nav.sheet_href(Sheet::Task(id))>
                {whose.map(|name| view! { {name}<span class="sep">"·"</span> })}
                {title}
            </a>
            {task.entry.due.map(|due| view! { <span class="when">{move || due_word(i18n.get_locale(), format, &due)}</span> })}
        </li>
    }
}

#[component]
fn LastOrder(card: Card) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let order = Memo::new(move |_| card.with(|card| card.as_ref()?.last_order.clone()));
    let bought = Memo::new(move |_| {
        card.with(|card| {
            card.as_ref().map(|card| (card.bought.first().copied(), card.orders_counted)).unwrap_or((None, 0))
        })
    });
    let sum = move || match bought.get() {
        (Some(amount), 1) => {
            t_string!(i18n, customer.brief.total_single, amount = format.money(amount)).to_string()
        }
        (Some(amount), count) => {
            t_string!(i18n, customer.brief.total, amount = format.money(amount), count = format.number(count))
                .to_string()
        }
        (None, _) => String::new(),
    };
    view! {
        <Section title=Signal::derive(move || t_string!(i18n, customer.brief.last_order).to_owned())>
            {move || match order.get() {
                Some(order) => view! { <OneOrder order=order /><p class="hint">{sum}</p> }.into_any(),
                None => view! { <FirmsOrder card=card /> }.into_any(),
            }}
        </Section>
    }
}

/// Who ordered nothing herself works where something was ordered, perhaps.
#[component]
fn FirmsOrder(card: Card) -> impl IntoView {
    let i18n = use_i18n();
    let order = Memo::new(move |_| {
        card.with(|card| {
            let card = card.as_ref()?;
            let order = card.firm.as_ref()?.last_order.clone()?;
            Some((card.organisation.as_ref()?.name.clone(), order))
        })
    });
    move || {
        match order.get() {
        Some((name, order)) => view! {
            <p class="hint">{move || t_string!(i18n, customer.brief.firm_ordered, name = name.clone()).to_string()}</p>
            <OneOrder order=order />
        }
        .into_any(),
        None => view! { <p class="hint">{text!(i18n, customer.brief.no_orders)}</p> }.into_any(),
    }
    }
}

/// How lately, how often and for how much, among all customers; nothing where there are too few to compare (R29).
#[component]
fn Scores(card: Card) -> impl IntoView {
    let i18n = use_i18n();
    let scores = Memo::new(move |_| card.with(|card| card.as_ref().and_then(|card| card.scores)));
    let part = move |word: Signal<String>, score: u8| {
        view! { <span>{move || word.get()}" "<b>{text!(i18n, insight.score_of, score = score)}</b></span> }
    };
    move || {
        scores.get().map(|scores| {
            view! {
                <Section title=text!(i18n, insight.scores)>
                    <p class="buys">
                        <span class=format!("tier tier-{}", scores.tier.letter()) aria-hidden="true">{scores.tier.letter().to_string()}</span>
                        <span class="sr">{text!(i18n, insight.tier, tier = scores.tier.letter())}</span>
                        {part(text!(i18n, insight.recency), scores.recency)}
                        {part(text!(i18n, insight.frequency), scores.frequency)}
                        {part(text!(i18n, insight.monetary), scores.monetary)}
                    </p>
                </Section>
            }
        })
    }
}

#[component]
fn OneOrder(order: Order) -> impl IntoView {
    let (i18n, format, nav) = (use_i18n(), use_format(), use_nav());
    let Order { id, entry, .. } = order;
    let total = entry.total().ok();
    let number = entry.number;
    view! {
        <a class="ord" href=move || nav.sheet_href(Sheet::Order(id))>
            <b class="num">{move || total.map(|total| format.money(total))}</b>
            <span>
                {number}<span class="sep">"·"</span>{move || moment_word(format, &entry.at, When::Day)}<span class="sep">"·"</span>
                {move || status_word(i18n.get_locale(), entry.status)}
            </span>
        </a>
    }
}

#[component]
fn LastThree(card: Card) -> impl IntoView {
    let i18n = use_i18n();
    let last = Memo::new(move |_| {
        card.with(|card| card.as_ref().map(|card| card.last_three.clone()).unwrap_or_default())
    });
    view! {
        <Section title=Signal::derive(move || t_string!(i18n, customer.brief.last_three).to_owned())>
            <ul class="last3">
                <For each=move || last.get() key=|(one, name)| (one.id, one.edited_ms, name.clone()) children=move |(one, name)| view! { <LastOne interaction=one through=name /> } />
            </ul>
            <Show when=move || last.with(Vec::is_empty)><p class="hint">{move || t_string!(i18n, customer.brief.no_contacts)}</p></Show>
        </Section>
    }
}

#[component]
fn LastOne(interaction: Interaction, through: String) -> impl IntoView {
    let (i18n, format, nav) = (use_i18n(), use_format(), use_nav());
    let Interaction { id, entry, .. } = interaction;
    let at = entry.at.clone();
    let when = move || match (local_day(clock::now_ms()) - local_day(here_ms(&at))).num_days() {
        0 => format!("{} {}", t_string!(i18n, customer.tl.today), moment_word(format, &at, When::Time)),
        1 => format!("{} {}", t_string!(i18n, customer.tl.yesterday), moment_word(format, &at, When::Time)),
        _ => moment_word(format, &at, When::Moment),
    };
    view! {
        <li>
            <Icon name=record_icon(&entry.record_type, entry.method) />
            <b><a href=move || nav.sheet_href(Sheet::Interaction(id))>{when}</a></b>
            <span class="two-lines">
                {(!through.is_empty()).then(|| view! { <b>{through}</b><span class="sep">"·"</span> })}
                {gist(entry.method, &entry.content)}
            </span>
        </li>
    }
}

/// The note of the card.
#[component]
fn Worth(card: Card) -> impl IntoView {
    let i18n = use_i18n();
    let note = Memo::new(move |_| {
        card.with(|card| card.as_ref().map(|card| card.partner.card.note.clone()).unwrap_or_default())
    });
    view! {
        <Show when=move || note.with(|note| !note.trim().is_empty())>
            <Section title=Signal::derive(move || t_string!(i18n, customer.brief.worth).to_owned())>
                <p class="worth">{move || note.get()}</p>
            </Section>
        </Show>
    }
}

//! The cloth of a customer's page: the next step, completed in one tap.

use super::{Card, whose};
use crate::port::Command;
use crate::ui::components::{Icon, IconButton, use_leaving};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::tasks::due_word;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::{Said, use_session};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use satchel_domain::{RecordId, Task};

/// The soonest open task, or the offer to add one.
#[component]
pub(super) fn NextStep(
    /// Who.
    id: RecordId,
    /// What is known.
    card: Card,
) -> impl IntoView {
    let next = Memo::new(move |_| {
        card.with(|card| {
            let card = card.as_ref()?;
            let (task, _) = card.tasks.first()?;
            Some((task.clone(), whose(card, task).map(str::to_owned)))
        })
    });
    let others = Memo::new(move |_| {
        card.with(|card| card.as_ref().map_or(0, |card| card.tasks.len().saturating_sub(1)))
    });
    move || match next.get() {
        Some((task, whose)) => view! { <Step task=task whose=whose others=others /> }.into_any(),
        None => view! { <NoStep id=id /> }.into_any(),
    }
}

#[component]
fn Step(task: Task, whose: Option<String>, others: Memo<usize>) -> impl IntoView {
    let (i18n, format, nav, session) = (use_i18n(), use_format(), use_nav(), use_session());
    let id = task.id;
    let (title, label) = (task.entry.title.clone(), task.entry.title.clone());
    let due = task.entry.due.clone();
    let (made_ms, told) = (task.created_ms as i64, task.entry.source.is_some());
    let (named, leaving) = (task.entry.title.clone(), use_leaving(".step-c"));
    let complete = move |event: MouseEvent| {
        leaving.press(&event);
        let said = Said::new(t_string!(i18n, customer.done)).about(named.clone());
        session.act(Command::CompleteTask { id, done: true }, said);
    };
    let more = move || match others.get() {
        0 => None,
        1 => Some(t_string!(i18n, customer.next_more_single).to_owned()),
        count => Some(t_string!(i18n, customer.next_more, count = format.count(count as u64)).to_string()),
    };
    view! {
        <section class="cloth step" aria-label=move || t_string!(i18n, customer.next_step)>
            <button class="step-c wr" type="button" data-of=id.to_hex() aria-label=move || t_string!(i18n, customer.next_complete, title = label.clone()).to_string() on:click=complete>
                <Icon name="check" />
            </button>
            <div class="step-b">
                <p class="step-k">
                    {move || t_string!(i18n, customer.next_step)}
                    {due.map(|due| view! { <span>{move || due_word(i18n.get_locale(), format, &due)}</span> })}
                </p>
                <p class="step-t">{title}</p>
                <p class="step-s">
                    {whose.map(|name| view! { {name}<span class="sep-on">"·"</span> })}
                    {move || made_word(i18n.get_locale(), told, format.when(made_ms, When::Day))}
                    {move || more().map(|more| view! { <span class="sep-on">"·"</span>{more} })}
                </p>
            </div>
            <IconButton icon="log" class="ib-on wr" label=Signal::derive(move || t_string!(i18n, customer.next_edit).to_owned()) on_press=move |_| nav.open(Sheet::Task(id)) />
        </section>
    }
}

/// When it was made: what follows from a conversation was promised in it, everything else was planned.
fn made_word(locale: Locale, from_a_conversation: bool, day: String) -> String {
    match from_a_conversation {
        true => td_string!(locale, customer.promised, day = day).to_string(),
        false => td_string!(locale, customer.planned, day = day).to_string(),
    }
}

#[component]
fn NoStep(id: RecordId) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    view! {
        <section class="step step-0" aria-label=move || t_string!(i18n, customer.next_step)>
            <div class="step-b">
                <p class="step-t">{move || t_string!(i18n, customer.next_none)}</p>
                <p class="step-s">{move || t_string!(i18n, customer.next_none_text)}</p>
            </div>
            <a class="btn wr" href=move || nav.sheet_href(Sheet::NewTask { partner: Some(id) })>
                <Icon name="plus" />
                {move || t_string!(i18n, customer.next_add)}
            </a>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_follows_from_a_conversation_was_promised_r132() {
        let said = |locale, told| made_word(locale, told, "3 Nov".to_owned());
        assert_eq!(said(Locale::en, true), "Promised on 3 Nov");
        assert_eq!(said(Locale::en, false), "Planned on 3 Nov");
        assert_eq!(said(Locale::zh_CN, true), "3 Nov 约定");
        assert_eq!(said(Locale::zh_CN, false), "3 Nov 计划");
    }
}

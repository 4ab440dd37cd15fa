//! Choosing a condition: what it is about, then what of it.

use super::words::{EVER, Names, condition_word, day_of_input, term_word, time_word};
use crate::port::{Places, Query};
use crate::ui::components::{Button, Kind, TextField};
use crate::ui::i18n::{Locale, td_string, use_i18n};
use crate::ui::pages::customers::Pick;
use crate::ui::pages::vocabulary::slug::{PARTNER_TYPES, TYPES};
use crate::ui::pages::vocabulary::{method_word, record_type_word};
use crate::ui::platform::intl::use_format;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{Condition, Contact, Method, PartnerKind, Term, Tier, Time};

/// What a condition is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    Type,
    Tag,
    City,
    Kind,
    LastContact,
    Contact,
    Orders,
    Tier,
    Tasks,
    Text,
    Company,
    Owner,
}

impl Topic {
    const ALL: [Self; 12] = [
        Self::Type,
        Self::Tag,
        Self::City,
        Self::LastContact,
        Self::Contact,
        Self::Orders,
        Self::Tier,
        Self::Tasks,
        Self::Kind,
        Self::Text,
        Self::Company,
        Self::Owner,
    ];

    fn word(self, locale: Locale) -> &'static str {
        match self {
            Self::Type => td_string!(locale, customers.filter_type),
            Self::Tag => td_string!(locale, customers.filter_tag),
            Self::City => td_string!(locale, filter.city),
            Self::Kind => td_string!(locale, filter.kind),
            Self::LastContact => td_string!(locale, customers.last_contact),
            Self::Contact => td_string!(locale, filter.contact),
            Self::Orders => td_string!(locale, filter.orders),
            Self::Tier => td_string!(locale, filter.column.tier),
            Self::Tasks => td_string!(locale, filter.tasks),
            Self::Text => td_string!(locale, filter.text),
            Self::Company => td_string!(locale, filter.company),
            Self::Owner => td_string!(locale, filter.owner),
        }
    }
}

/// Most tags and cities that are offered, the most used first.
const MOST: usize = 40;
/// Spans that are offered, in days.
const DAYS: [u32; 4] = [7, 30, 90, 365];
/// What is longer ago than these is offered for the last contact, in days.
const QUIET: [u32; 4] = [30, 60, 90, 180];

/// Called with a condition that was chosen.
pub(super) type OnPick = Callback<Term>;

fn yes(is: Condition) -> Term {
    Term { not: false, is }
}

/// Topics, and below the one that is open what it offers.
#[component]
pub(super) fn Picker(
    /// What members are called; empty where nobody else works here.
    names: Memo<Names>,
    /// Called with a condition.
    on_pick: OnPick,
) -> impl IntoView {
    let i18n = use_i18n();
    let topic = RwSignal::new(None::<Topic>);
    let topics = move || {
        let shown = Topic::ALL
            .into_iter()
            .filter(|topic| *topic != Topic::Owner || names.with(|names| names.len() > 1));
        let pick = move |it: Topic| {
            let on = Signal::derive(move || topic.get() == Some(it));
            view! { <Pick on=on on_press=move |()| topic.set(Some(it).filter(|_| !on.get_untracked()))>{it.word(i18n.get_locale())}</Pick> }
        };
        shown.map(pick).collect_view()
    };
    view! {
        <div class="picks" role="group" aria-label=text!(i18n, filter.add)>{topics}</div>
        {move || topic.get().map(|topic| view! { <div class="fl-v">{offers(topic, names, on_pick)}</div> })}
    }
}

fn offers(topic: Topic, names: Memo<Names>, on_pick: OnPick) -> AnyView {
    let kinds = [PartnerKind::Organisation, PartnerKind::Person];
    match topic {
        Topic::Type => {
            fixed(PARTNER_TYPES.into_iter().map(|(it, _)| yes(Condition::Type(it))).collect(), on_pick)
        }
        Topic::Kind => fixed(kinds.into_iter().map(|kind| yes(Condition::Kind(kind))).collect(), on_pick),
        Topic::Tier => fixed(Tier::ALL.map(|tier| yes(Condition::Tier(tier))).into(), on_pick),
        Topic::Tasks => fixed(vec![yes(Condition::OpenTask), yes(Condition::OverdueTask)], on_pick),
        Topic::Tag | Topic::City => view! { <Known topic=topic on_pick=on_pick /> }.into_any(),
        Topic::LastContact => view! { <LastContact on_pick=on_pick /> }.into_any(),
        Topic::Orders => view! { <Orders on_pick=on_pick /> }.into_any(),
        Topic::Contact => view! { <ContactFields on_pick=on_pick /> }.into_any(),
        Topic::Text | Topic::Company => view! { <Words topic=topic on_pick=on_pick /> }.into_any(),
        Topic::Owner => view! { <Owners names=names on_pick=on_pick /> }.into_any(),
    }
}

fn fixed(terms: Vec<Term>, on_pick: OnPick) -> AnyView {
    chips(terms, Names::new(), on_pick)
}

fn chips(terms: Vec<Term>, names: Names, on_pick: OnPick) -> AnyView {
    let (i18n, format) = (use_i18n(), use_format());
    let chip = move |term: Term| {
        let words = term_word(i18n.get_locale(), format, &names, &term);
        view! { <button class="pick" type="button" on:click=move |_| on_pick.run(term.clone())>{words}</button> }
    };
    view! { <div class="picks">{terms.into_iter().map(chip).collect_view()}</div> }.into_any()
}

/// Members, as they are now, and nobody.
#[component]
fn Owners(names: Memo<Names>, on_pick: OnPick) -> impl IntoView {
    move || {
        let names = names.get();
        let owners = names.iter().map(|(id, _)| yes(Condition::Owner(Some(*id))));
        let all = owners.chain([yes(Condition::Owner(None))]).collect();
        chips(all, names.clone(), on_pick)
    }
}

/// Tags and cities that are in use.
#[component]
fn Known(topic: Topic, on_pick: OnPick) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let tags = session.watch_if::<Vec<(String, u32)>>(move || (topic == Topic::Tag).then_some(Query::Tags));
    let cities = session.watch_if::<Places>(move || (topic == Topic::City).then_some(Query::Cities));
    let known = move || match topic {
        Topic::Tag => tags.get(),
        _ => cities.get().map(|places| places.0),
    };
    let chip = move |(word, count): (String, u32)| {
        let is = match topic {
            Topic::Tag => Condition::Tag(word.clone()),
            _ => Condition::City(word.clone()),
        };
        view! { <button class="pick" type="button" on:click=move |_| on_pick.run(yes(is.clone()))>{word}" "<b>{count}</b></button> }
    };
    view! {
        <div class="picks">{move || known().unwrap_or_default().into_iter().take(MOST).map(chip).collect_view()}</div>
        <Show when=move || known().is_some_and(|known| known.is_empty())><p class="hint">{text!(i18n, filter.none_known)}</p></Show>
    }
}

#[component]
fn LastContact(on_pick: OnPick) -> impl IntoView {
    let last = DAYS[..3].iter().map(|days| Time::last(*days));
    let quiet = QUIET.iter().map(|days| Time::Ago { least: days + 1, most: None });
    let never = Term { not: true, is: Condition::LastContact(EVER) };
    let terms = last.chain(quiet).map(|time| yes(Condition::LastContact(time))).chain([never]).collect();
    view! {
        {fixed(terms, on_pick)}
        <Between on_days=Callback::new(move |time| on_pick.run(yes(Condition::LastContact(time)))) />
    }
}

#[component]
fn Orders(on_pick: OnPick) -> impl IntoView {
    let last = DAYS.iter().map(|days| Some(Time::last(*days)));
    let terms = std::iter::once(None).chain(last).map(|time| yes(Condition::Ordered(time))).collect();
    view! {
        {fixed(terms, on_pick)}
        <Between on_days=Callback::new(move |time| on_pick.run(yes(Condition::Ordered(Some(time))))) />
    }
}

/// Two calendar days.
#[component]
fn Between(on_days: Callback<Time>) -> impl IntoView {
    let i18n = use_i18n();
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let days = move || Some((day_of_input(&from.get())?, day_of_input(&to.get())?));
    let add = move |_| {
        if let Some((a, b)) = untrack(days) {
            on_days.run(Time::Between { from: a.min(b), to: a.max(b) });
        }
    };
    view! {
        <div class="fl-d">
            <TextField label=text!(i18n, insight.from) value=from kind="date" />
            <TextField label=text!(i18n, insight.to) value=to kind="date" />
            <Button disabled=Signal::derive(move || days().is_none()) on_press=add>{text!(i18n, filter.take)}</Button>
        </div>
    }
}

/// A text that a name or a company's name must hold.
#[component]
fn Words(topic: Topic, on_pick: OnPick) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(String::new());
    let empty = Signal::derive(move || typed.with(|typed| typed.trim().is_empty()));
    let add = move |_| {
        let text = typed.get_untracked().trim().to_owned();
        on_pick.run(yes(match topic {
            Topic::Company => Condition::Company(text),
            _ => Condition::Text(text),
        }));
    };
    view! {
        <div class="fl-d">
            <TextField label=Signal::derive(move || topic.word(i18n.get_locale()).to_owned()) value=typed />
            <Button disabled=empty on_press=add>{text!(i18n, filter.take)}</Button>
        </div>
    }
}

/// What a contact must have been like: method, type, time, text.
#[component]
fn ContactFields(on_pick: OnPick) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let wanted = RwSignal::new(Contact::default());
    let typed = RwSignal::new(String::new());
    let whole = move || Contact { text: typed.get().trim().to_owned(), ..wanted.get() };
    let method = move |it: Method| {
        let on = Signal::derive(move || wanted.with(|wanted| wanted.method == Some(it)));
        let press =
            move |()| wanted.update(|wanted| wanted.method = Some(it).filter(|_| wanted.method != Some(it)));
        view! { <Pick on=on on_press=press>{method_word(i18n.get_locale(), it)}</Pick> }
    };
    let time = move |it: Time| {
        let on = Signal::derive(move || wanted.with(|wanted| wanted.time == Some(it)));
        let press =
            move |()| wanted.update(|wanted| wanted.time = Some(it).filter(|_| wanted.time != Some(it)));
        view! { <Pick on=on on_press=press>{time_word(i18n.get_locale(), format, &it)}</Pick> }
    };
    let kind = move |it: satchel_domain::RecordType| {
        let (same, chosen, word) = (it.clone(), it.clone(), it);
        let on = Signal::derive(move || wanted.with(|wanted| wanted.record_type.as_ref() == Some(&same)));
        let press = move |()| {
            let chosen = chosen.clone();
            wanted.update(|wanted| {
                wanted.record_type =
                    Some(chosen.clone()).filter(|it| wanted.record_type.as_ref() != Some(it));
            });
        };
        view! { <Pick on=on on_press=press>{record_type_word(i18n.get_locale(), &word)}</Pick> }
    };
    let add = move |_| on_pick.run(yes(Condition::Contact(untrack(whole))));
    let said = move || condition_word(i18n.get_locale(), format, &Names::new(), &Condition::Contact(whole()));
    view! {
        <div class="picks" role="group" aria-label=text!(i18n, insight.methods)>{Method::ALL.iter().copied().map(method).collect_view()}</div>
        <div class="picks" role="group" aria-label=text!(i18n, insight.types)>{TYPES.into_iter().map(|(it, _)| kind(it)).collect_view()}</div>
        <div class="picks" role="group" aria-label=text!(i18n, insight.when)>{DAYS.iter().map(|days| time(Time::last(*days))).collect_view()}</div>
        <TextField label=text!(i18n, filter.contact_text) value=typed />
        <Button kind=Kind::Primary on_press=add>{move || said()}</Button>
    }
}

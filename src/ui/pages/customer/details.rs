//! Names, numbers, addresses: each with its way out and a copy; all of it to be edited.

use super::Card;
use super::aside::People;
use super::contact::{Maps, ReachLink, TelLink, mailto, reaching, sms, web, whatsapp};
use super::detail::Detail;
use super::form_model::address_line;
use super::in_place::{Change, Edit, Field};
use crate::port::PartnerCard;
use crate::ui::components::{Button, IconButton, Kind};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::vocabulary::{gender_word, kind_word, label_word, partner_type_word};
use crate::ui::platform::dom;
use crate::ui::platform::intl::{Format, When, use_format};
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{Method, PartnerDraft, PartnerKind, RecordId};
use std::sync::Arc;

/// How much of the facts is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Short {
    /// What fits beside a history.
    Yes,
    /// All of it.
    No,
}

/// One fact.
#[derive(Debug, Clone, PartialEq)]
struct Fact {
    /// What it is.
    term: String,
    /// What is shown.
    value: String,
    /// How it is used.
    way: Way,
    /// What is changed of it where it stands; `None` for what only its form changes.
    detail: Option<Detail>,
}

/// How a fact is used.
#[derive(Debug, Clone, PartialEq)]
enum Way {
    /// It is read.
    Read,
    /// It is called and written to.
    Call,
    /// Something begins with it in another app.
    Reach(Method, String),
    /// It is a link.
    Link(String),
    /// It is copied only.
    Copy,
    /// It is copied to be looked up in WeChat.
    WeChat,
    /// It leads to a partner.
    Partner(RecordId),
}

/// The last tab.
#[component]
pub(super) fn Details(
    /// Who.
    id: RecordId,
    /// What is known.
    card: Card,
) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    view! {
        <div class="det">
            <div class="det-h">
                <span class="w"><Button icon="log" on_press=move |_| nav.open(Sheet::EditPartner(id))>{move || t_string!(i18n, customer.details.edit)}</Button></span>
                <Button kind=Kind::Quiet icon="clock" on_press=move |_| nav.open(Sheet::History(id))>{text!(i18n, customer.history.title)}</Button>
            </div>
            <Facts card=card short=Short::No />
            <div class="only-narrow"><People card=card /></div>
        </div>
    }
}

/// The facts as terms with their values.
#[component]
pub(super) fn Facts(
    /// What is known.
    card: Card,
    /// How much of it.
    short: Short,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let partner = move || card.with(|card| card.as_ref().map(|card| card.partner.id));
    let change = Change::of(card, short == Short::No);
    let facts = Memo::new(move |before: Option<&Vec<Fact>>| match before {
        Some(before) if change.is_open() => before.clone(),
        _ => card.get().map(|card| facts(&card, short, i18n.get_locale(), format)).unwrap_or_default(),
    });
    view! {
        <dl class="facts">
            {move || partner().map(|partner| facts.get().into_iter().map(|fact| view! { <OneFact card=card partner=partner fact=fact short=short change=change /> }).collect_view())}
        </dl>
    }
}

#[component]
fn OneFact(card: Card, partner: RecordId, fact: Fact, short: Short, change: Change) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let Fact { term, value, way, detail } = fact;
    let detail = detail.filter(|_| short == Short::No);
    let (named, field) = (term.clone(), term.clone());
    let open = Memo::new(move |_| detail.is_some_and(|detail| change.is(detail)));
    let (copied, label) = (value.clone(), value.clone());
    let copies = short == Short::No && !matches!(way, Way::Read | Way::Partner(_));
    let wechat = way == Way::WeChat;
    let written = (short == Short::No && way == Way::Call)
        .then(|| view! { <Written partner=partner number=value.clone() /> });
    let shown = match way {
        Way::Call => {
            let number = value.clone();
            view! { <TelLink partner=partner number=number class="in num">{value}</TelLink> }.into_any()
        }
        Way::Reach(method, href) => {
            view! { <ReachLink partner=partner method=method href=href class="in">{value}</ReachLink> }
                .into_any()
        }
        Way::Link(href) => {
            view! { <a class="in" href=href rel="noreferrer" target="_blank">{value}</a> }.into_any()
        }
        Way::Partner(id) => {
            view! { <a class="in" href=Place::Customer(id, Tab::Brief).href()>{value}</a> }.into_any()
        }
        Way::Read | Way::Copy | Way::WeChat => view! { <span>{value}</span> }.into_any(),
    };
    let begin = reaching(partner, Method::WeChat);
    let copy = move |_| {
        dom::copy(&copied);
        if wechat {
            begin();
        }
        session.toasts().say(t_string!(i18n, customer.copied), None);
    };
    view! {
        <div>
            <dt>{term}</dt>
            <dd class:fact-o=move || open.get() data-fact=detail.map(|detail| format!("{detail:?}"))>
                <span class="fact-v">
                    {shown}
                    {detail.map(|detail| view! { <Edit card=card detail=detail term=named change=change /> })}
                    {copies.then(|| {
                        view! {
                            <IconButton
                                icon="copy"
                                label=Signal::derive(move || t_string!(i18n, customer.details.copy, value = label.clone()).to_string())
                                on_press=copy
                            />
                        }
                    })}
                </span>
                {written}
                {move || {
                    let detail = detail.filter(|_| open.get())?;
                    Some(view! { <Field partner=partner detail=detail term=field.clone() change=change /> })
                }}
            </dd>
        </div>
    }
}

/// The same number for a text message or a chat.
#[component]
fn Written(partner: RecordId, number: String) -> impl IntoView {
    let i18n = use_i18n();
    let chat = whatsapp(&number).map(|href| {
        view! { <ReachLink partner=partner method=Method::Chat href=href class="way">"WhatsApp"</ReachLink> }
    });
    view! {
        <ReachLink partner=partner method=Method::Sms href=sms(&number) class="way">{text!(i18n, customer.details.sms)}</ReachLink>
        {chat}
    }
}

fn facts(card: &Arc<PartnerCard>, short: Short, locale: Locale, format: Format) -> Vec<Fact> {
    let draft = &card.partner.card;
    let mut facts = if short == Short::No { vec![name(draft, locale)] } else { Vec::new() };
    facts.extend(reach(draft, short, locale));
    if let Some((row, firm)) = card.organisation.as_ref().zip(card.firm.as_ref()) {
        facts.extend(through_firm(draft, &firm.card, &row.name, locale));
    }
    if let Some(row) = &card.organisation {
        let term = td_string!(locale, customer.details.organisation);
        let way = Way::Partner(row.id);
        facts.push(Fact {
            term: term.to_owned(),
            value: row.name.clone(),
            way,
            detail: Some(Detail::InForm),
        });
    }
    facts.extend(about(card, locale, format));
    if short == Short::No {
        facts.extend(origin(card, locale, format));
    }
    facts.retain(|fact| !fact.value.trim().is_empty());
    facts
}

fn name(draft: &PartnerDraft, locale: Locale) -> Fact {
    let term = match draft.kind {
        PartnerKind::Person => td_string!(locale, customer.form.name_person),
        PartnerKind::Organisation => td_string!(locale, customer.form.name_org),
    };
    Fact { term: term.to_owned(), value: draft.name.clone(), way: Way::Copy, detail: Some(Detail::Name) }
}

/// Numbers and addresses: the first of each kind where it must be short.
fn reach(draft: &PartnerDraft, short: Short, locale: Locale) -> Vec<Fact> {
    let most = if short == Short::Yes { 1 } else { usize::MAX };
    let named = |term: &str, label: &str| match short {
        Short::Yes => term.to_owned(),
        Short::No => format!("{term} · {}", label_word(locale, label)),
    };
    let phone = td_string!(locale, customer.details.phone);
    let mail = td_string!(locale, customer.details.mail);
    let address = td_string!(locale, customer.details.address);
    let phones = draft.phones.iter().take(most).enumerate().map(|(at, point)| {
        (named(phone, &point.label), point.value.clone(), Way::Call, Some(Detail::Phone(at)))
    });
    let mails = draft.mails.iter().take(most).enumerate().map(|(at, point)| {
        let way = Way::Reach(Method::Mail, mailto(&point.value));
        (named(mail, &point.label), point.value.clone(), way, Some(Detail::Mail(at)))
    });
    let messengers = draft.messengers.iter().take(most).enumerate().map(|(at, point)| {
        let way = messenger(&point.label);
        (label_word(locale, &point.label), point.value.clone(), way, Some(Detail::Messenger(at)))
    });
    let addresses = draft.addresses.iter().take(most).map(|place| {
        let line = address_line(place);
        let way = Way::Reach(Method::Visit, Maps::here().address(&line));
        (named(address, &place.label), line, way, Some(Detail::InForm))
    });
    phones
        .chain(mails)
        .chain(messengers)
        .chain(addresses)
        .map(|(term, value, way, detail)| Fact { term, value, way, detail })
        .collect()
}

/// How a person without a number or an address is reached: by the organisation's first ones, which are changed there.
fn through_firm(draft: &PartnerDraft, firm: &PartnerDraft, name: &str, locale: Locale) -> Vec<Fact> {
    let fact = |term: &str, value: String, way| {
        let term = format!("{term} · {name}");
        Fact { term, value, way, detail: None }
    };
    let phone = firm.phones.first().filter(|_| draft.phones.is_empty());
    let address = firm.addresses.first().filter(|_| draft.addresses.is_empty());
    let phone =
        phone.map(|point| fact(td_string!(locale, customer.details.phone), point.value.clone(), Way::Call));
    let address = address.map(|place| {
        let line = address_line(place);
        let way = Way::Reach(Method::Visit, Maps::here().address(&line));
        fact(td_string!(locale, customer.details.address), line, way)
    });
    phone.into_iter().chain(address).collect()
}

fn messenger(label: &str) -> Way {
    if label == "wechat" { Way::WeChat } else { Way::Copy }
}

fn about(card: &PartnerCard, locale: Locale, format: Format) -> Vec<Fact> {
    let draft = &card.partner.card;
    let rhythm = card
        .usual_gap_days
        .map(|days| td_string!(locale, customer.details.every_days, days = format.number(days)).to_string());
    let bought: Vec<String> = card.bought.iter().map(|money| format.money(*money)).collect();
    let website = match web(&draft.website) {
        Some(link) => Way::Link(link),
        None => Way::Copy,
    };
    let fact = |term: &str, value: &str, way: Way, detail: Detail| Fact {
        term: term.to_owned(),
        value: value.to_owned(),
        way,
        detail: Some(detail),
    };
    let own = [
        fact(td_string!(locale, customer.details.position), &draft.position, Way::Read, Detail::Position),
        fact(td_string!(locale, customer.details.website), &draft.website, website, Detail::Website),
    ];
    let others = [
        (
            td_string!(locale, customer.details.partner_type),
            partner_type_word(locale, &draft.partner_type),
            Some(Detail::Type),
        ),
        (td_string!(locale, customer.owner.label), card.owner.clone(), None),
        (td_string!(locale, customer.details.kind), kind_word(locale, draft.kind).to_owned(), None),
        (
            td_string!(locale, customer.details.birth_year),
            draft.birth_year.map(|year| year.to_string()).unwrap_or_default(),
            Some(Detail::BirthYear),
        ),
        (
            td_string!(locale, customer.details.gender),
            gender_word(locale, &draft.gender),
            Some(Detail::Gender),
        ),
        (td_string!(locale, customer.details.rhythm), rhythm.unwrap_or_default(), None),
        (td_string!(locale, customer.details.bought), format.list(&bought), None),
    ];
    let others = others.into_iter().map(|(term, value, detail)| read(term, value, detail));
    own.into_iter().chain(others).collect()
}

fn read(term: &str, value: String, detail: Option<Detail>) -> Fact {
    Fact { term: term.to_owned(), value, way: Way::Read, detail }
}

fn origin(card: &PartnerCard, locale: Locale, format: Format) -> Vec<Fact> {
    let external =
        card.partner.card.external.as_ref().map(|external| format!("{} {}", external.system, external.id));
    let day = |ms: u64| format.when(ms as i64, When::Day);
    let code = td_string!(locale, customer.details.code).to_owned();
    let tags: Vec<String> = card.partner.card.tags.iter().cloned().collect();
    vec![
        read(td_string!(locale, customer.form.tags), format.list(&tags), Some(Detail::Tags)),
        read(td_string!(locale, customer.details.note), card.partner.card.note.clone(), Some(Detail::Note)),
        Fact { term: code, value: card.code.clone(), way: Way::Copy, detail: None },
        read(td_string!(locale, customer.details.external), external.unwrap_or_default(), None),
        read(td_string!(locale, customer.details.created), day(card.partner.created_ms), None),
        read(td_string!(locale, customer.details.edited), day(card.partner.edited_ms), None),
    ]
}

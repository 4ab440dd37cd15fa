//! The head of a customer's page: who it is, and the ways to reach them.

use super::contact::{ReachLink, TelLink, Ways, mailto, reaching};
use super::printing::use_printing;
use super::reached;
use super::visit::{CheckIn, Visiting};
use super::{Card, firm_of};
use crate::port::{Command, Mark, Query, WorkspaceRef};
use crate::ui::components::{Button, Icon, IconButton, Menu, MenuItem, Monogram, Size, SyncMark};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::vocabulary::{mark_word, method_icon, method_word, partner_type_word};
use crate::ui::platform::{clock, dom};
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::use_session;
use crate::ui::shell::Tools;
use leptos::prelude::*;
use satchel_domain::{Method, PartnerKind, PartnerType, RecordId};

/// What the header shows.
#[derive(Debug, Clone, PartialEq)]
struct Head {
    name: String,
    kind: PartnerKind,
    partner_type: PartnerType,
    owner: Option<String>,
    code: String,
    mark: Mark,
    organisation: Option<(RecordId, String)>,
    position: String,
    tags: Vec<String>,
    ways: Ways,
}

fn head(card: Card) -> Memo<Option<Head>> {
    Memo::new(move |_| {
        card.with(|card| {
            let card = card.as_ref()?;
            let draft = &card.partner.card;
            Some(Head {
                name: draft.name.clone(),
                kind: draft.kind,
                partner_type: draft.partner_type.clone(),
                owner: card.team.then(|| card.owner.clone()),
                code: card.code.clone(),
                mark: card.mark,
                organisation: card.organisation.as_ref().map(|row| (row.id, row.name.clone())),
                position: draft.position.clone(),
                tags: draft.tags.iter().cloned().collect(),
                ways: Ways::of(draft, firm_of(card)),
            })
        })
    })
}

/// The header.
#[component]
pub(super) fn Header(
    /// Who.
    id: RecordId,
    /// What is known.
    card: Card,
) -> impl IntoView {
    let head = head(card);
    let trashed = Memo::new(move |_| card.with(|card| card.as_ref().is_some_and(|card| card.trashed)));
    take_focus_of_new(id);
    view! {
        <header class="ch">
            <div class="ch-bar">
                <Back />
                <span class="grow"></span>
                <CheckIn id=id found=Signal::derive(move || card.with(|card| card.as_ref().is_some_and(|card| card.partner.card.coordinates.is_some()))) />
                <Tools />
                <More id=id head=head />
            </div>
            {move || head.get().map(|head| view! { <Identity id=id head=head /> })}
            <Show when=move || !trashed.get() fallback=move || view! { <InTrash id=id /> }>
                {move || head.get().map(|head| view! { <Actions id=id head=head /> })}
            </Show>
            <ReachedFor id=id head=head />
            <Visiting id=id />
        </header>
    }
}

/// The way back to where one came from.
#[component]
fn Back() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    view! { <IconButton icon="left" label=text!(i18n, customer.back) on_press=move |_| nav.back_or(Place::Customers) /> }
}

/// What stays at the upper edge of a phone once the header is scrolled away: the way back, the name, and the ways to reach
/// and to log.
#[component]
pub(super) fn Compact(
    /// Who.
    id: RecordId,
    /// What is known.
    card: Card,
    /// Whether the header is out of sight.
    #[prop(into)]
    shown: Signal<bool>,
) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let head = Memo::new(move |_| {
        card.with(|card| {
            let card = card.as_ref().filter(|card| !card.trashed)?;
            let draft = &card.partner.card;
            Some((draft.name.clone(), draft.kind, Ways::of(draft, firm_of(card)).phone))
        })
    });
    let bar = move |(name, kind, phone): (String, PartnerKind, Option<String>)| {
        let (title, label) = (name.clone(), name.clone());
        let call = move || t_string!(i18n, customer.call_named, name = label.clone()).to_string();
        view! {
            <Back />
            <Monogram name=name kind=kind key=id.0 size=Size::Small />
            <b>{title}</b>
            {phone.map(|number| {
                view! { <TelLink partner=id number=number class="ib" label=Signal::derive(call)><Icon name="phone" /></TelLink> }
            })}
            <a class="ib wr" href=move || nav.sheet_href(Sheet::Log { partner: Some(id) }) aria-label=move || t_string!(i18n, customer.log)>
                <Icon name="log" />
            </a>
        }
    };
    view! {
        <div class="ch-s" class:ch-s-on=move || shown.get()>
            <div class="ch-s-b">{move || head.get().map(bar)}</div>
        </div>
    }
}

/// Nothing is done with a customer in the trash but to take it out.
#[component]
fn InTrash(id: RecordId) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let restore = move |_| session.act(Command::Restore { ids: vec![id] }, t_string!(i18n, trash.restored));
    view! {
        <div class="ch-do ch-gone" role="status">
            <Icon name="trash" />
            <span>{text!(i18n, trash.is_here)}</span>
            <Show when=move || session.may_write()>
                <Button icon="undo" on_press=restore>{text!(i18n, trash.restore)}</Button>
            </Show>
        </div>
    }
}

/// The form in which a customer was made is gone, and with it what had the focus.
fn take_focus_of_new(id: RecordId) {
    let made = use_memory().made;
    if made.get_untracked() == Some(id) {
        made.set(None);
        Effect::new(|| request_animation_frame(|| dom::focus_heading(".ch h1")));
    }
}

#[component]
fn Identity(id: RecordId, head: Head) -> impl IntoView {
    let i18n = use_i18n();
    let Head { name, kind, partner_type, owner, code, mark, organisation, position, tags, .. } = head;
    let title = name.clone();
    view! {
        <div class="ch-id">
            <Monogram name=name kind=kind key=id.0 size=Size::Large />
            <div class="ch-n">
                <h1 tabindex="-1">
                    {title}
                    {(mark != Mark::Synced).then(|| {
                        view! { <SyncMark mark=mark label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) /> }
                    })}
                </h1>
                {organisation.map(|(id, name)| {
                    let comma = (!position.is_empty()).then_some(" · ");
                    view! {
                        <p class="ch-o">
                            {position.clone()}{comma}<a class="in" href=Place::Customer(id, Tab::Brief).href()>{name}</a>
                        </p>
                    }
                })}
                <p class="ch-m">
                    <CopyCode code=code />
                    <span class="sep">"·"</span>
                    {move || partner_type_word(i18n.get_locale(), &partner_type)}
                    {owner.map(|owner| view! { <span class="sep">"·"</span><OwnerLine owner=owner /> })}
                </p>
                {(!tags.is_empty()).then(|| {
                    view! { <ul class="tags">{tags.into_iter().map(|tag| view! { <li>{tag}</li> }).collect_view()}</ul> }
                })}
            </div>
        </div>
    }
}

/// Who looks after it.
#[component]
fn OwnerLine(owner: String) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || match owner.is_empty() {
        true => t_string!(i18n, customer.owner.nobody).to_owned(),
        false => t_string!(i18n, customer.owner.by, name = owner.clone()).to_string(),
    };
    view! { <span class="own">{words}</span> }
}

/// The code for people, copied at a tap (R3).
#[component]
fn CopyCode(code: String) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let (shown, copied) = (code.clone(), code.clone());
    let copy = move |_| {
        dom::copy(&copied);
        session.toasts().say(t_string!(i18n, customer.copied), None);
    };
    view! {
        <button class="code" type="button" aria-label=move || t_string!(i18n, customer.copy_code, code = code.clone()).to_string() on:click=copy>
            <span class="num">{shown}</span>
        </button>
    }
}

/// At most three ways to reach them, and Log.
#[component]
fn Actions(id: RecordId, head: Head) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let Ways { phone, wechat, mail, way } = head.ways;
    let call = phone.map(|number| {
        view! { <TelLink partner=id number=number class="act"><Icon name="phone" /><span>{move || t_string!(i18n, customer.call)}</span></TelLink> }.into_any()
    });
    let wechat = wechat.map(|name| {
        let (label, copied) = (name.clone(), name);
        let begin = reaching(id, Method::WeChat);
        let copy = move |_| {
            dom::copy(&copied);
            begin();
            session.toasts().say(t_string!(i18n, customer.copied), None);
        };
        view! {
            <button class="act" type="button" aria-label=move || t_string!(i18n, customer.copy_wechat, name = label.clone()).to_string() on:click=copy>
                <Icon name="wechat" />
                <span>{move || t_string!(i18n, customer.wechat)}</span>
            </button>
        }
        .into_any()
    });
    let mail = mail.map(|address| {
        view! { <ReachLink partner=id method=Method::Mail href=mailto(&address) class="act"><Icon name="mail" /><span>{move || t_string!(i18n, customer.mail)}</span></ReachLink> }.into_any()
    });
    let navigate = way.map(|way| {
        view! { <ReachLink partner=id method=Method::Visit href=way class="act"><Icon name="nav" /><span>{move || t_string!(i18n, customer.navigate)}</span></ReachLink> }.into_any()
    });
    let reach = if wechat.is_some() { [call, wechat, navigate, mail] } else { [call, mail, navigate, None] };
    view! {
        <div class="ch-do">
            {reach.into_iter().flatten().take(3).collect_view()}
            <a class="act act-on wr" href=move || nav.sheet_href(Sheet::Log { partner: Some(id) })>
                <Icon name="log" />
                <span>{move || t_string!(i18n, customer.log)}</span>
            </a>
        </div>
    }
}

/// Back from the other app: two taps log what was begun there.
#[component]
fn ReachedFor(id: RecordId, head: Memo<Option<Head>>) -> impl IntoView {
    let (i18n, nav, session, memory) = (use_i18n(), use_nav(), use_session(), use_memory());
    let begun = reached::begun();
    let began = Memo::new(move |_| {
        begun.get().filter(|reached| reached.partner == id && reached.is_fresh(clock::now_ms()))
    });
    let method = move || began.get().map(|began| began.method).unwrap_or_default();
    let name = move || head.with(|head| head.as_ref().map(|head| head.name.clone()).unwrap_or_default());
    let log = move |_| {
        memory.log_seed.set(began.get_untracked().map(|began| began.seed(clock::now_ms())));
        reached::forget(session);
        nav.open(Sheet::Log { partner: Some(id) });
    };
    let words = move || match method() {
        Method::Phone => t_string!(i18n, customer.log_call, name = name()).to_string(),
        other => {
            let method = method_word(i18n.get_locale(), other);
            t_string!(i18n, customer.log_reached, method = method, name = name()).to_string()
        }
    };
    view! {
        <Show when=move || began.get().is_some()>
            <div class="called wr">
                {move || view! { <Icon name=method_icon(method()) /> }}
                <button class="btn btn-0" type="button" on:click=log>{words}</button>
                <span class="grow"></span>
                <IconButton icon="x" label=Signal::derive(move || t_string!(i18n, customer.dismiss).to_owned()) on_press=move |_| reached::forget(session) />
            </div>
        </Show>
    }
}

#[component]
fn More(id: RecordId, head: Memo<Option<Head>>) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let delete = move || {
        let name =
            head.with_untracked(|head| head.as_ref().map(|head| head.name.clone()).unwrap_or_default());
        session.act(
            Command::Delete { ids: vec![id] },
            t_string!(i18n, customer.deleted, name = name).to_string(),
        );
        nav.go_instead(Place::Customers);
        request_animation_frame(|| dom::focus_heading("#content h1"));
    };
    let open = move |icon, label: &str, sheet| MenuItem {
        icon,
        label: label.to_owned(),
        on_choose: Callback::new(move |()| nav.open(sheet)),
    };
    let others = session.watch::<Vec<WorkspaceRef>>(|| Query::Beside);
    let elsewhere = move || others.with(|others| others.as_ref().is_some_and(|others| !others.is_empty()));
    let team = move || head.with(|head| head.as_ref().is_some_and(|head| head.owner.is_some()));
    let printing = use_printing();
    let print = move |()| match nav.place_untracked() {
        Place::Customer(_, Tab::Timeline) => printing.begin(),
        _ => dom::print(),
    };
    let items = move || {
        let past = open("clock", t_string!(i18n, customer.history.title), Sheet::History(id));
        let person = open("export", t_string!(i18n, customer.person), Sheet::Person(id));
        let label = t_string!(i18n, customer.print).to_owned();
        let print = MenuItem { icon: "print", label, on_choose: Callback::new(print) };
        if !session.may_write() {
            return vec![past, print, person];
        }
        let mut items = vec![
            open("log", t_string!(i18n, customer.edit), Sheet::EditPartner(id)),
            open("plus", t_string!(i18n, customer.next_add), Sheet::NewTask { partner: Some(id) }),
        ];
        items.extend(
            team().then(|| open("right", t_string!(i18n, customer.owner.hand_over), Sheet::HandOver(id))),
        );
        let moving = || open("right", t_string!(i18n, customer.moving.menu), Sheet::Move(id));
        items.extend(elsewhere().then(moving));
        items.push(open("copy", t_string!(i18n, many.merge.menu), Sheet::Merge { id, with: None }));
        let label = t_string!(i18n, customer.delete).to_owned();
        let trash = MenuItem { icon: "trash", label, on_choose: Callback::new(move |()| delete()) };
        items.extend([past, print, person, trash]);
        items
    };
    view! { <Menu label=Signal::derive(move || t_string!(i18n, customer.more).to_owned()) items=Signal::derive(items) /> }
}

//! Purchases: the list of a customer's orders, and one order with its lines and total (R11).

use super::Card;
use crate::port::{
    AnyRecord, Command, Happened, Mark, Query, RecordCard, Timeline, TimelineEntry, TimelineFilter, Window,
};
use crate::ui::components::{Button, Empty, Icon, Kind, SheetFrame, SyncMark};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::vocabulary::{mark_word, moment_word, status_word};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{Money, Order, OrderDraft, OrderLine, RecordId};

const PAGE: u32 = 50;

/// The orders of a customer, newest first.
#[component]
pub(super) fn Orders(
    /// Who.
    id: RecordId,
    /// What is known.
    card: Card,
) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let limit = RwSignal::new(PAGE);
    let found = session.watch::<Timeline>(move || Query::Timeline {
        partner: id,
        filter: TimelineFilter { orders: true, ..TimelineFilter::default() },
        window: Window { offset: 0, limit: limit.get() },
    });
    let orders = Memo::new(move |_| {
        found.with(|found| {
            found
                .as_ref()
                .map(|found| found.entries.iter().filter_map(order_of).collect::<Vec<_>>())
                .unwrap_or_default()
        })
    });
    let more = move || found.with(|found| found.as_ref().is_some_and(|found| found.total > limit.get()));
    let bought = move || {
        card.with(|card| {
            card.as_ref()
                .map(|card| card.bought.iter().map(|money| format.money(*money)).collect::<Vec<_>>())
                .unwrap_or_default()
        })
    };
    let count = move || card.with(|card| card.as_ref().map_or(0, |card| card.orders_counted));
    let firm = Memo::new(move |_| {
        card.with(|card| {
            let card = card.as_ref()?;
            card.firm.as_ref().filter(|firm| firm.orders > 0)?;
            card.organisation.as_ref().map(|row| (row.id, row.name.clone()))
        })
    });
    let counted = move || match count() {
        1 => t_string!(i18n, customer.orders.sum_single).to_owned(),
        count => t_string!(i18n, customer.orders.sum, count = format.number(count)).to_string(),
    };
    view! {
        <Show when=move || { count() > 0 }>
            <p class="ord-sum"><b class="num">{move || format.list(&bought())}</b><span>{counted}</span></p>
        </Show>
        <ul class="rows">
            <For
                each=move || orders.get()
                key=|(order, _, mark)| (order.id, order.edited_ms, *mark == Mark::Waiting)
                children=move |(order, total, mark)| view! { <OrderRow order=order total=total mark=mark /> }
            />
        </ul>
        <Show when=more>
            <Button kind=Kind::Quiet on_press=move |_| limit.update(|limit| *limit += PAGE)>{move || t_string!(i18n, customer.tl.more)}</Button>
        </Show>
        <Show when=move || found.with(|found| found.as_ref().is_some_and(|found| found.entries.is_empty()))>
            <Empty icon="order" text=Signal::derive(move || t_string!(i18n, customer.orders.empty_text).to_owned())>
                {move || firm.get().map(|(id, name)| {
                    let words = t_string!(i18n, customer.orders.of_firm, name = name).to_string();
                    view! { <a class="btn btn-1" href=Place::Customer(id, Tab::Orders).href()>{words}</a> }
                })}
                <a class="btn btn-2 wr" href=Place::Import.href()>{move || t_string!(i18n, customers.empty_import)}</a>
            </Empty>
        </Show>
    }
}

fn order_of(entry: &TimelineEntry) -> Option<(Order, Money, Mark)> {
    match &entry.what {
        Happened::Order { order, total } => Some((order.clone(), *total, entry.mark)),
        Happened::Interaction(_) => None,
    }
}

#[component]
fn OrderRow(order: Order, total: Money, mark: Mark) -> impl IntoView {
    let (i18n, format, nav) = (use_i18n(), use_format(), use_nav());
    let Order { id, entry, .. } = order;
    let (at, status) = (entry.at.clone(), entry.status);
    let lines: Vec<String> = entry.lines.iter().map(|line| line.product.clone()).collect();
    view! {
        <li>
            <a class="row row-o" href=move || nav.sheet_href(Sheet::Order(id))>
                <Icon name="order" />
                <span class="row-b">
                    <b>{entry.number}</b>
                    <span>
                        {move || moment_word(format, &at, When::Day)}<span class="sep">"·"</span>{move || status_word(i18n.get_locale(), status)}
                    </span>
                    <span class="one">{lines.join(", ")}</span>
                </span>
                <span class="row-m">
                    <b class="num">{move || format.money(total)}</b>
                    {(mark != Mark::Synced).then(|| {
                        view! { <SyncMark mark=mark label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) /> }
                    })}
                </span>
            </a>
        </li>
    }
}

/// The lines of an order with their sums.
#[component]
pub(super) fn Lines(
    /// The order.
    order: OrderDraft,
    /// What it comes to.
    total: Money,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let currency = order.currency;
    let line = move |line: OrderLine| {
        let sum = line.total_minor(currency).ok().map(|minor| Money { minor, currency });
        let (milli, discount) = (line.quantity_milli, line.discount_e4);
        view! {
            <tr>
                <th scope="row">
                    <span class="num">{move || format.quantity(milli)}" × "</span>{line.product}
                    {(discount > 0).then(|| {
                        let share = move || format.percent(f64::from(discount) / 10_000.0);
                        view! { <span class="less">{move || t_string!(i18n, customer.orders.discount, share = share()).to_string()}</span> }
                    })}
                </th>
                <td>{move || sum.map(|sum| format.money(sum))}</td>
            </tr>
        }
    };
    let freight = (order.freight_minor != 0).then_some(Money { minor: order.freight_minor, currency });
    view! {
        <table class="lines">
            <caption class="sr">{move || t_string!(i18n, customer.orders.lines)}</caption>
            <tbody>
                {order.lines.into_iter().map(line).collect_view()}
                {freight.map(|freight| {
                    view! {
                        <tr><th scope="row">{move || t_string!(i18n, customer.orders.freight)}</th><td>{move || format.money(freight)}</td></tr>
                    }
                })}
                <tr class="sum">
                    <th scope="row">{move || t_string!(i18n, customer.orders.total)}</th>
                    <td>{move || format.money(total)}</td>
                </tr>
            </tbody>
        </table>
    }
}

/// One order in a sheet.
#[component]
pub fn OrderSheet(
    /// Which.
    id: RecordId,
) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let found = session.watch::<Option<Box<RecordCard>>>(move || Query::Record { id });
    let order = Memo::new(move |_| {
        found.with(|found| match found.as_ref()?.as_ref().map(|card| (&card.what, card.with.first())) {
            Some((AnyRecord::Order(order), who)) => {
                Some(Some((order.clone(), who.map(|(part, name)| (part.partner, name.clone())))))
            }
            _ => Some(None),
        })
    });
    let title = move || match order.with(|order| {
        order.as_ref().and_then(|order| order.as_ref().map(|(order, _)| order.entry.number.clone()))
    }) {
        Some(number) if !number.is_empty() => {
            t_string!(i18n, customer.orders.number, number = number).to_string()
        }
        _ => t_string!(i18n, customer.orders.unnumbered).to_owned(),
    };
    let delete = move |_| {
        session.act(Command::Delete { ids: vec![id] }, t_string!(i18n, customer.tl.deleted));
        nav.close();
    };
    let footer = move || {
        view! {
            <div class="acts">
                <Button kind=Kind::Quiet icon="clock" on_press=move |_| nav.open(Sheet::History(id))>{text!(i18n, customer.history.title)}</Button>
                <span class="w"><Button kind=Kind::Quiet icon="trash" on_press=delete>{move || t_string!(i18n, customer.orders.delete)}</Button></span>
            </div>
        }
    };
    view! {
        <SheetFrame title=Signal::derive(title) close_word=Signal::derive(move || t_string!(i18n, customer.orders.close).to_owned()) on_close=move |()| nav.close() footer=footer>
            {move || match order.get() {
                None => ().into_any(),
                Some(None) => view! { <Empty icon="order" text=Signal::derive(move || t_string!(i18n, customer.orders.gone).to_owned()) /> }.into_any(),
                Some(Some((order, who))) => view! { <OneOrder order=order who=who /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn OneOrder(order: Order, who: Option<(RecordId, String)>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let entry = order.entry;
    let (at, status, note) = (entry.at.clone(), entry.status, entry.note.clone());
    let stated = entry.lines.is_empty() && entry.stated_total_minor.is_some();
    let external = entry.external.clone();
    let total = entry.total().unwrap_or(Money { minor: 0, currency: entry.currency });
    view! {
        <p class="ord-h">
            {who.map(|(id, name)| view! { <a class="in" href=Place::Customer(id, Tab::Orders).href()>{name}</a><span class="sep">"·"</span> })}
            {move || t_string!(i18n, customer.orders.placed, day = moment_word(format, &at, When::Day)).to_string()}<span class="sep">"·"</span>
            {move || status_word(i18n.get_locale(), status)}
        </p>
        <Lines order=entry total=total />
        {stated.then(|| view! { <p class="hint">{move || t_string!(i18n, customer.orders.stated)}</p> })}
        {(!note.is_empty()).then(|| view! { <p class="worth">{note}</p> })}
        {external.map(|external| {
            view! {
                <p class="hint">
                    {move || t_string!(i18n, customer.orders.imported, system = external.system.clone(), id = external.id.clone()).to_string()}
                </p>
            }
        })}
    }
}

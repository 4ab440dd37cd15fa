//! One customer: header, next step, and the tabs Brief, Timeline, Orders and Details.

mod aggregate;
mod answered;
mod aside;
mod brief;
mod chat;
mod contact;
mod days;
mod detail;
mod details;
mod entry;
mod figures;
mod form;
mod form_lists;
mod form_model;
mod hand_over;
mod header;
mod in_place;
mod link;
mod moving;
mod next;
mod orders;
mod printing;
mod reached;
mod stamp;
mod timeline;
mod timeline_filter;
mod visit;

pub use answered::{Answered, use_answered};
pub use chat::{Message, first_line, messages, sent_last, talks};
pub use contact::{Maps, TelLink, use_call};
pub use form::PartnerSheet;
pub use form_model::address_line;
pub use hand_over::{HandOverListedSheet, HandOverSheet, today};
pub use link::{ChoosePart, FindPartner};
pub use moving::{MoveSheet, Targets};
pub use orders::OrderSheet;
pub use visit::{check_in, log_visit, visit_at};

use self::aside::{Inspector, LeftAside, RightAside};
use self::brief::Brief;
use self::details::Details;
use self::header::{Compact, Header};
use self::next::NextStep;
use self::orders::Orders;
use self::printing::Printing;
use self::timeline::TimelineTab;
use crate::port::{Command, PartnerCard, Query};
use crate::ui::components::{Empty, Icon, Skeleton, TabItem, Tabs};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::files::FilesTab;
use crate::ui::platform::dom;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Tab, use_nav};
use crate::ui::session::use_session;
use crate::ui::shell::OfflineStrip;
use leptos::prelude::*;
use satchel_domain::{PartnerDraft, RecordId, Task};
use std::sync::Arc;

/// The customer that is shown, as the engine last told; `None` before the first answer.
pub(crate) type Card = Memo<Option<Arc<PartnerCard>>>;

/// The card of the organisation where a person works.
fn firm_of(card: &PartnerCard) -> Option<&PartnerDraft> {
    card.firm.as_ref().map(|firm| &firm.card)
}

/// Who of an organisation's people a task of its card is for; `None` for the customer itself.
fn whose<'c>(card: &'c PartnerCard, task: &Task) -> Option<&'c str> {
    let person = task.entry.partner?;
    card.people.iter().find(|(row, _)| row.id == person).map(|(row, _)| row.name.as_str())
}

/// Who has scrolled so far does not see the name in the header any more, in CSS pixels.
const HEAD_PX: i32 = 96;

/// A customer's page, watched for as long as it is open.
#[component]
pub fn CustomerPane(
    /// Who.
    id: RecordId,
) -> impl IntoView {
    let session = use_session();
    session.act_quietly(Command::Opened { id });
    let answer = session.watch::<Option<Box<PartnerCard>>>(move || Query::Partner { id });
    let card: Card =
        Memo::new(move |_| answer.with(|answer| answer.as_ref()?.as_deref().cloned().map(Arc::new)));
    let state = Memo::new(move |_| answer.with(|answer| answer.as_ref().map(Option::is_some)));
    let past = RwSignal::new(false);
    let scrolled = move |event: leptos::ev::Event| {
        let is_past = dom::scrolled_px(&event) > HEAD_PX;
        if past.get_untracked() != is_past {
            past.set(is_past);
        }
    };
    view! {
        <div class="scroll" on:scroll=scrolled>
            <OfflineStrip />
            {move || match state.get() {
                None => view! { <div class="cust-page"><Skeleton lines=6 /></div> }.into_any(),
                Some(false) => view! { <Gone /> }.into_any(),
                Some(true) => view! { <Page id=id card=card past=past /> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Gone() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="choose">
            <h2>{move || t_string!(i18n, customer.gone_title)}</h2>
            <Empty icon="customers" text=Signal::derive(move || t_string!(i18n, customer.gone_text).to_owned())>
                <a class="btn btn-2" href=Place::Customers.href()>{move || t_string!(i18n, customer.back)}</a>
                <a class="btn btn-0" href=Place::Trash.href()>{move || t_string!(i18n, customer.gone_trash)}</a>
            </Empty>
        </div>
    }
}

#[component]
fn Page(id: RecordId, card: Card, past: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let tab = shown_tab();
    provide_context(Printing::default());
    view! {
        <article class="cust-page">
            <Compact id=id card=card shown=past />
            <Header id=id card=card />
            <div class="cols">
                <div class="col-l"><LeftAside card=card /></div>
                <div class="col-m">
                    <Review card=card />
                    <NextStep id=id card=card />
                    <div class="tabs-w"><TabRow id=id card=card tab=tab /></div>
                    <div class="tabp" role="tabpanel" id="tabp" aria-label=move || tab_word(i18n.get_locale(), tab.get())>
                        <h2 class="sr">{move || tab_word(i18n.get_locale(), tab.get())}</h2>
                        {move || match tab.get() {
                            Tab::Brief => view! { <Brief card=card /> }.into_any(),
                            Tab::Timeline => view! { <TimelineTab id=id card=card /> }.into_any(),
                            Tab::Orders => view! { <Orders id=id card=card /> }.into_any(),
                            Tab::Files => view! { <FilesTab id=id /> }.into_any(),
                            Tab::Details => view! { <Details id=id card=card /> }.into_any(),
                        }}
                    </div>
                </div>
                <div class="col-r"><RightAside card=card /></div>
                <Show when=move || tab.get() == Tab::Brief><div class="col-i"><Inspector card=card /></div></Show>
            </div>
        </article>
    }
}

fn shown_tab() -> Memo<Tab> {
    let nav = use_nav();
    Memo::new(move |_| match nav.place() {
        Place::Customer(_, tab) => tab,
        _ => Tab::Brief,
    })
}

#[component]
fn TabRow(id: RecordId, card: Card, tab: Memo<Tab>) -> impl IntoView {
    let (i18n, format, nav) = (use_i18n(), use_format(), use_nav());
    let counts = Memo::new(move |_| {
        card.with(|card| {
            card.as_ref().map_or((0, 0, 0), |card| (card.summary.count, card.orders, card.files))
        })
    });
    let items = move || {
        let (contacts, orders, files) = counts.get();
        let count = |tab: Tab| match tab {
            Tab::Timeline => Some(contacts + orders),
            Tab::Orders => Some(orders),
            Tab::Files => Some(files),
            Tab::Brief | Tab::Details => None,
        };
        let item = |tab: Tab| TabItem {
            value: tab,
            label: tab_word(i18n.get_locale(), tab).to_owned(),
            count: count(tab).filter(|count| *count > 0).map(|count| format.number(count)),
        };
        let there = |shown: &Tab| *shown != Tab::Files || files > 0 || tab.get() == Tab::Files;
        Tab::ALL.into_iter().filter(there).map(item).collect::<Vec<_>>()
    };
    // From the middle of one tab one comes to the beginning of another.
    let choose = move |tab| {
        nav.go_instead(Place::Customer(id, tab));
        request_animation_frame(|| dom::rewind("tabp"));
    };
    view! {
        <Tabs
            label=Signal::derive(move || t_string!(i18n, customer.tabs).to_owned())
            items=Signal::derive(items)
            chosen=tab
            on_choose=choose
            panel="tabp"
        />
    }
}

fn tab_word(locale: Locale, tab: Tab) -> &'static str {
    match tab {
        Tab::Brief => td_string!(locale, customer.tab_brief),
        Tab::Timeline => td_string!(locale, customer.tab_timeline),
        Tab::Orders => td_string!(locale, customer.tab_orders),
        Tab::Files => td_string!(locale, files.tab),
        Tab::Details => td_string!(locale, customer.tab_details),
    }
}

/// Two devices changed the same field: the sync centre asks.
#[component]
fn Review(card: Card) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let count = Memo::new(move |_| card.with(|card| card.as_ref().map_or(0, |card| card.review.len())));
    let words = move || match count.get() {
        1 => t_string!(i18n, customer.details.review_single).to_owned(),
        count => t_string!(i18n, customer.details.review, count = format.count(count as u64)).to_string(),
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <a class="review-n" href=Place::Sync.href()>
                <Icon name="review" />
                <span>{words}</span>
                <b>{move || t_string!(i18n, customer.details.review_open)}</b>
            </a>
        </Show>
    }
}

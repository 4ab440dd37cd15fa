//! A customer moves into another workspace of the account: where to, and who reads it from then on (R101).

use crate::port::{Command, Meant, PartnerCard, Query, WorkspaceRef};
use crate::ui::components::{Button, Kind, SheetFrame, Skeleton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::draft;
use crate::ui::pages::security::Task;
use crate::ui::pages::welcome::Failed;
use crate::ui::routes::{Place, Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// The sheet.
#[component]
pub fn MoveSheet(
    /// Which customer.
    id: RecordId,
) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let card = draft::first(session.watch::<Option<Box<PartnerCard>>>(move || Query::Partner { id }));
    let others = draft::first(session.watch::<Vec<WorkspaceRef>>(|| Query::Beside));
    view! {
        <SheetFrame title=text!(i18n, customer.moving.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {move || match (card.get().flatten(), others.get()) {
                (Some(_), Some(others)) if others.is_empty() => view! { <Nowhere /> }.into_any(),
                (Some(card), Some(others)) => view! { <Form id name=card.partner.card.name others /> }.into_any(),
                _ => view! { <Skeleton lines=3 /> }.into_any(),
            }}
        </SheetFrame>
    }
}

/// There is no other workspace of the account on this device.
#[component]
fn Nowhere() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    view! {
        <p>{text!(i18n, customer.moving.none)}</p>
        <Button icon="plus" on_press=move |_| nav.open(Sheet::Territory)>{text!(i18n, workspaces.territory.title)}</Button>
    }
}

#[component]
fn Form(id: RecordId, name: String, others: Vec<WorkspaceRef>) -> impl IntoView {
    let (i18n, nav, session, task) = (use_i18n(), use_nav(), use_session(), Task::new());
    let chosen = RwSignal::new(None::<WorkspaceRef>);
    let moved = name.clone();
    let go = move |_| {
        let Some(to) = chosen.get_untracked() else { return };
        let (name, place) = (moved.clone(), to.name.clone());
        task.run(Command::MovePartners { meant: Meant::These(vec![id]), to }, move |done| {
            let said = t_string!(i18n, customer.moving.done, name = name, to = place).to_string();
            session.toasts().say(said, done.undo);
            nav.go_instead(Place::Customers);
        });
    };
    let words = task.words(text!(i18n, customer.moving.go));
    view! {
        <div class="frm">
            <p>{move || t_string!(i18n, customer.moving.text, name = name.clone()).to_string()}</p>
            <Targets others chosen />
            <p class="hint">{text!(i18n, customer.moving.past)}</p>
            <Failed failed=task.failed />
            <Button kind=Kind::Primary disabled=Signal::derive(move || task.busy() || chosen.with(Option::is_none)) on_press=go>
                {move || words.get()}
            </Button>
        </div>
    }
}

/// The account's other workspaces, one of which is chosen.
#[component]
pub fn Targets(
    /// Them.
    others: Vec<WorkspaceRef>,
    /// Which one.
    chosen: RwSignal<Option<WorkspaceRef>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |place: WorkspaceRef| {
        let (id, name) = (place.id.clone(), place.name.clone());
        let on = move || chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.id == id));
        view! {
            <label class="opt">
                <input type="radio" name="territory" prop:checked=on on:change=move |_| chosen.set(Some(place.clone())) />
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <fieldset class="fs">
            <legend>{text!(i18n, customer.moving.to)}</legend>
            <div class="outs">{others.into_iter().map(one).collect_view()}</div>
        </fieldset>
    }
}

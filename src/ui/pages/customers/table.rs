//! The customers as a table over the whole width, where the window has room for one (R49, R51).

use super::list::{Listed, Seen, follow};
use super::row::{ContactAge, TierMark};
use crate::port::{Cells, Column, Direction, Mark, PartnerRow, PartnerSort, Query, Team};
use crate::ui::components::{Icon, Monogram, Size, SyncMark};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::filter::column_word;
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::tasks::due_word;
use crate::ui::pages::vocabulary::{kind_word, mark_word, partner_type_word};
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Tab, use_nav};
use crate::ui::session::use_session;
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use satchel_domain::RecordId;
use wasm_bindgen::JsCast;

/// Height of a row, in rem.
pub(super) const TABLE_ROW_REM: f64 = 2.75;
/// Height of the headers, in rem, as the style has it.
pub(super) const HEAD_REM: f64 = 2.75;

/// What a table shows while nobody has chosen; the owner only in a team.
const USUAL: [Column; 10] = [
    Column::Name,
    Column::Tier,
    Column::Company,
    Column::Owner,
    Column::Phone,
    Column::City,
    Column::Tags,
    Column::LastContact,
    Column::Bought,
    Column::NextStep,
];

/// What a table shows here while nobody has chosen.
pub fn use_usual_columns() -> Memo<Vec<Column>> {
    let team = use_session().watch::<Box<Team>>(|| Query::Team);
    let together =
        Memo::new(move |_| team.with(|team| team.as_ref().is_some_and(|team| team.members.len() > 1)));
    let shown = move |column: &Column| *column != Column::Owner || together.get();
    Memo::new(move |_| USUAL.into_iter().filter(shown).collect())
}

/// The columns that are shown: those that were chosen, and always the name, by which a customer is opened.
fn shown(chosen: Vec<Column>) -> Vec<Column> {
    let others = chosen.into_iter().filter(|column| *column != Column::Name);
    std::iter::once(Column::Name).chain(others).collect()
}

/// The order that a press on a header asks for: the other way round where it sorts already.
fn pressed(now: PartnerSort, column: Column) -> Option<PartnerSort> {
    let (by, direction) = now.column();
    PartnerSort::of(column, if by == column { direction.turned() } else { column.first() })
}

/// The scroller with the headers and the rows.
#[component]
pub(super) fn TableRows(seen: Seen, chosen: Memo<Option<RecordId>>) -> impl IntoView {
    let (i18n, memory) = (use_i18n(), use_memory());
    let scroller = NodeRef::<html::Div>::new();
    follow(seen, scroller, chosen);
    let usual = use_usual_columns();
    let columns = Memo::new(move |_| shown(memory.columns.get().unwrap_or_else(|| usual.get())));
    let stops_at = Memo::new(move |_| seen.stops_at());
    view! {
        <div class="scroll list-s ctab-s" node_ref=scroller on:scroll=move |event| seen.hear(&event)>
            <div
                class="ctab"
                role="grid"
                aria-label=move || t_string!(i18n, customers.list)
                aria-rowcount=move || (seen.total() + 1).to_string()
                aria-colcount=move || columns.with(Vec::len).to_string()
                aria-multiselectable=move || seen.picking.on().then_some("true")
            >
                <div class="ctab-g" role="rowgroup">
                    <div class="ctab-h" role="row" aria-rowindex="1">
                        {move || columns.get().into_iter().map(|column| view! { <Header column=column /> }).collect_view()}
                    </div>
                </div>
                <div
                    class="list-a"
                    role="rowgroup"
                    style:block-size=move || seen.layout.with(|layout| format!("{}px", layout.height()))
                    on:keydown=move |event| seen.step(&event)
                >
                    <For
                        each=move || seen.rows()
                        key=|index| *index
                        children=move |index| view! { <TableRow seen=seen index=index columns=columns stops_at=stops_at /> }
                    />
                </div>
            </div>
        </div>
    }
}

/// What stands above a column; a button where it sorts.
#[component]
fn Header(column: Column) -> impl IntoView {
    let (i18n, memory) = (use_i18n(), use_memory());
    let view = memory.view;
    let sorts = PartnerSort::of(column, column.first()).is_some();
    let word = move || column_word(i18n.get_locale(), column);
    // What a text finds stands by how well it matches, not by name.
    let direction = Memo::new(move |_| {
        view.with(|view| {
            let (by, direction) = view.sort.column();
            let matched = view.sort == PartnerSort::Name && !view.filter.text.trim().is_empty();
            (by == column && !matched).then_some(direction)
        })
    });
    let said = move || match direction.get() {
        Some(Direction::Rising) => "ascending",
        Some(Direction::Falling) => "descending",
        None => "none",
    };
    let icon = move || direction.get().map(|_| "down");
    let press = move |_| {
        if let Some(sort) = pressed(view.with_untracked(|view| view.sort), column) {
            memory.change_view(|view| view.sort = sort);
        }
    };
    let inside = match sorts {
        true => view! {
            <button class="ctab-b" type="button" on:click=press>
                {word}
                {move || icon().map(|name| view! { <Icon name=name /> })}
            </button>
        }
        .into_any(),
        false => view! { <span class="ctab-b">{word}</span> }.into_any(),
    };
    view! {
        <div class=class_of(column) role="columnheader" aria-sort=move || sorts.then(said)>
            {inside}
        </div>
    }
}

fn class_of(column: Column) -> String {
    format!("ctab-c ctab-{}", column.code().replace('_', "-"))
}

/// A customer; its cells are blank for the moment in which it is on its way.
#[component]
fn TableRow(seen: Seen, index: u32, columns: Memo<Vec<Column>>, stops_at: Memo<u32>) -> impl IntoView {
    let nav = use_nav();
    let (found, picking) = (seen.listed(index), seen.picking);
    let id = move || found.with(|found| found.as_ref().map(|found| found.row.id));
    let top = move || seen.layout.with(|layout| format!("translateY({}px)", layout.top(index)));
    let stop = Memo::new(move |_| stops_at.get() == index);
    let click = move |event: MouseEvent| {
        let Some(id) = untrack(id) else { return };
        picking.click(&event, index, id);
        if !event.default_prevented() && !on_link(&event) {
            nav.go(Place::Customer(id, Tab::Brief));
        }
    };
    // The link stays when more is told of its row: it may have the focus.
    let row = Memo::new(move |_| found.with(|found| found.as_ref().map(|found| found.row.clone())));
    let cells = move || {
        let cell = |column: Column, found: Option<&Listed>| {
            view! { <div class=class_of(column) role="gridcell">{found.map(|found| said(column, found))}</div> }
        };
        found.with(|found| {
            columns.get().into_iter().skip(1).map(|column| cell(column, found.as_ref())).collect_view()
        })
    };
    view! {
        <div
            class="ctab-r"
            role="row"
            style:transform=top
            style:block-size=move || format!("{}px", seen.size.get().0)
            aria-rowindex=(index + 2).to_string()
            aria-selected=move || picking.on().then(|| id().is_some_and(|id| picking.has(id)).to_string())
            on:focusin=move |_| seen.stop.set(index)
            on:click=click
            on:pointerdown=move |event| untrack(id).into_iter().for_each(|id| picking.touch(&event, index, id))
            on:pointermove=move |event| picking.moved(&event)
            on:pointerup=move |_| picking.let_go()
            on:pointercancel=move |_| picking.let_go()
            on:contextmenu=move |event| picking.menu(&event)
        >
            <div class=class_of(Column::Name) role="rowheader">
                {move || row.get().map(|row| view! { <Name row=row stop=stop seen=seen /> })}
            </div>
            {cells}
        </div>
    }
}

/// Whether a click is on a link, which leads there by itself.
fn on_link(event: &MouseEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| matches!(target.closest("a"), Ok(Some(_))))
}

/// The name as a link.
#[component]
fn Name(row: PartnerRow, stop: Memo<bool>, seen: Seen) -> impl IntoView {
    let (i18n, picking) = (use_i18n(), seen.picking);
    let PartnerRow { id, kind, name, mark, .. } = row;
    let title = name.clone();
    view! {
        <a
            class="ctab-a"
            id=format!("c-{}", id.to_hex())
            href=move || (!picking.on()).then(|| Place::Customer(id, Tab::Brief).href())
            role=move || picking.on().then_some("checkbox")
            aria-checked=move || picking.on().then(|| picking.has(id).to_string())
            tabindex=move || if stop.get() { "0" } else { "-1" }
        >
            <Show when=move || picking.on()><span class="cust-k"><Icon name="check" /></span></Show>
            <Monogram name=name kind=kind key=id.0 size=Size::Small />
            <b>{title}</b>
            {(mark != Mark::Synced).then(|| {
                view! { <SyncMark mark=mark label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) /> }
            })}
        </a>
    }
}

/// What stands in a cell.
fn said(column: Column, found: &Listed) -> AnyView {
    let (i18n, format) = (use_i18n(), use_format());
    let Listed { row, tier, cells } = found;
    let kind = row.kind;
    let Some(cells) = cells.clone() else { return ().into_any() };
    let Cells { partner_type, company, owner, mail, city, tags, contacts, due } = cells;
    match column {
        Column::Name => row.name.clone().into_any(),
        Column::Tier => tier.map(|tier| view! { <TierMark tier=tier /> }).into_any(),
        Column::Kind => (move || kind_word(i18n.get_locale(), kind)).into_any(),
        Column::Type => (move || partner_type_word(i18n.get_locale(), &partner_type)).into_any(),
        Column::Company => company.into_any(),
        Column::Owner => owner.into_any(),
        Column::Phone => row.phone.clone().into_any(),
        Column::Mail => mail.into_any(),
        Column::City => city.into_any(),
        Column::Tags => tags.join(" · ").into_any(),
        Column::LastContact => row.last_contact_ms.map(|at| view! { <ContactAge at=at /> }).into_any(),
        Column::Contacts => (move || format.number(contacts)).into_any(),
        Column::Bought => {
            let bought = row.bought.clone();
            let sums =
                move || bought.iter().map(|money| format.money(*money)).collect::<Vec<_>>().join(" · ");
            sums.into_any()
        }
        Column::NextStep => {
            let due = due.map(|due| move || due_word(i18n.get_locale(), format, &due));
            view! {
                {row.next_step.clone()}
                " "
                {due.map(|due| view! { <span class="k">{due}</span> })}
            }
            .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_sorts_and_turns_round_r49() {
        let recent = pressed(PartnerSort::Name, Column::LastContact);
        assert_eq!(recent, Some(PartnerSort::Recent), "the latest first");
        assert_eq!(pressed(PartnerSort::Recent, Column::LastContact), Some(PartnerSort::Quietest));
        assert_eq!(pressed(PartnerSort::Recent, Column::Name), Some(PartnerSort::Name));
        assert_eq!(pressed(PartnerSort::Name, Column::Name), Some(PartnerSort::NameFalling));
        assert_eq!(pressed(PartnerSort::Name, Column::Phone), None, "a number is no order");
    }

    #[test]
    fn a_table_always_has_names() {
        assert_eq!(shown(vec![Column::City]), [Column::Name, Column::City]);
        assert_eq!(shown(vec![Column::Name, Column::City]), [Column::Name, Column::City]);
    }
}

//! What was deleted, to be taken back (R38).

use crate::port::{AnyRecord, Command, Erasure, Query, Trash as Deleted, Window};
use crate::ui::components::{Button, Empty, Icon, Kind, Skeleton, use_leaving};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::vocabulary::{record_icon, record_type_word};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::{Said, use_session};
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// Records asked for at a time.
const PAGE: u32 = 50;
/// Characters of a text that name a record.
const TITLE_CHARS: usize = 80;

/// The trash, newest first.
#[component]
pub fn Trash() -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let limit = RwSignal::new(PAGE);
    let found =
        session.watch::<Deleted>(move || Query::Trash { window: Window { offset: 0, limit: limit.get() } });
    let rows = move || found.with(|found| found.as_ref().map(|found| found.rows.clone()).unwrap_or_default());
    let total = move || found.with(|found| found.as_ref().map_or(0, |found| found.total));
    view! {
        <main class="pane pane-tasks">
            <TopBar title=Signal::derive(move || t_string!(i18n, trash.title).to_owned())>
                <span class="count">{move || Some(total()).filter(|total| *total > 0).map(|total| format.number(total))}</span>
            </TopBar>
            <OfflineStrip />
            <div class="scroll"><div class="page">
                <Proofs />
                <Show when=move || found.with(Option::is_none)><Skeleton lines=4 /></Show>
                <Show when=move || { total() > 0 }>
                    <p class="hint">{move || t_string!(i18n, trash.keeps)}</p>
                    <ul class="rows" aria-label=move || t_string!(i18n, trash.list)>
                        <For each=rows key=|(record, _)| id_of(record) children=|(record, at)| view! { <DeletedRow record=record at=at /> } />
                    </ul>
                </Show>
                <Show when=move || { total() > limit.get() }>
                    <Button kind=Kind::Quiet on_press=move |_| limit.update(|limit| *limit += PAGE)>{move || t_string!(i18n, trash.more)}</Button>
                </Show>
                <Show when=move || found.with(Option::is_some) && total() == 0>
                    <Empty icon="trash" text=Signal::derive(move || t_string!(i18n, trash.empty_text).to_owned()) />
                </Show>
            </div></div>
        </main>
    }
}

/// The way to the proofs, where there are any.
#[component]
fn Proofs() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let erasures = session.watch::<Vec<Erasure>>(|| Query::Erasures);
    let any = Memo::new(move |_| erasures.with(|all| all.as_ref().is_some_and(|all| !all.is_empty())));
    view! {
        <Show when=move || any.get()>
            <a class="row row-w card" href=move || nav.sheet_href(Sheet::Erasures)>
                <span class="row-b"><b>{text!(i18n, trash.proofs)}</b></span>
                <Icon name="right" />
            </a>
        </Show>
    }
}

#[component]
fn DeletedRow(record: AnyRecord, at: u64) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let id = id_of(&record);
    let icon = icon_of(&record);
    let record = StoredValue::new(record);
    let title = move || record.with_value(|record| title_of(i18n.get_locale(), record));
    let kind = move || record.with_value(|record| kind_of(i18n.get_locale(), record));
    let when =
        move || t_string!(i18n, trash.deleted_at, when = format.when(at as i64, When::Moment)).to_string();
    let leaving = use_leaving(".btn");
    let restore = move |event: MouseEvent| {
        leaving.press(&event);
        let said = Said::new(t_string!(i18n, trash.restored)).about(untrack(title));
        session.act(Command::Restore { ids: vec![id] }, said);
    };
    view! {
        <li class="row">
            <span class="dev"><Icon name=icon /></span>
            <div class="row-b">
                <b class="one">{title}</b>
                <span>{kind}<span class="sep">"·"</span>{when}</span>
            </div>
            <button class="btn btn-2 wr" type="button" aria-label=move || t_string!(i18n, trash.restore_named, title = title()).to_string() on:click=restore>
                <Icon name="undo" />
                {move || t_string!(i18n, trash.restore)}
            </button>
        </li>
    }
}

fn id_of(record: &AnyRecord) -> RecordId {
    match record {
        AnyRecord::Partner(partner) => partner.id,
        AnyRecord::Interaction(interaction) => interaction.id,
        AnyRecord::Order(order) => order.id,
        AnyRecord::Task(task) => task.id,
        AnyRecord::View(view) => view.id,
    }
}

fn icon_of(record: &AnyRecord) -> &'static str {
    match record {
        AnyRecord::Partner(_) => "customers",
        AnyRecord::Interaction(interaction) => {
            record_icon(&interaction.entry.record_type, interaction.entry.method)
        }
        AnyRecord::Order(_) => "order",
        AnyRecord::Task(_) => "check",
        AnyRecord::View(_) => "bookmark",
    }
}

fn kind_of(locale: Locale, record: &AnyRecord) -> String {
    match record {
        AnyRecord::Partner(_) => td_string!(locale, trash.partner).to_owned(),
        AnyRecord::Interaction(interaction) => record_type_word(locale, &interaction.entry.record_type),
        AnyRecord::Order(_) => td_string!(locale, vocabulary.record.order).to_owned(),
        AnyRecord::Task(_) => td_string!(locale, trash.task).to_owned(),
        AnyRecord::View(_) => td_string!(locale, trash.view).to_owned(),
    }
}

/// A name, or the beginning of a text; never empty.
fn title_of(locale: Locale, record: &AnyRecord) -> String {
    let text = match record {
        AnyRecord::Partner(partner) => &partner.card.name,
        AnyRecord::Interaction(interaction) => &interaction.entry.content,
        AnyRecord::Order(order) => &order.entry.number,
        AnyRecord::Task(task) => &task.entry.title,
        AnyRecord::View(view) => &view.entry.name,
    };
    let first_line: String =
        text.trim().lines().next().unwrap_or_default().chars().take(TITLE_CHARS).collect();
    if first_line.is_empty() { kind_of(locale, record) } else { first_line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_trash_says_how_long_it_keeps_r38() {
        for locale in [Locale::en, Locale::zh_CN] {
            for said in [td_string!(locale, trash.empty_text), td_string!(locale, trash.keeps)] {
                assert!(said.contains("30"), "{said}");
            }
        }
    }
}

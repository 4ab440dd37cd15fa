//! The columns of a table of customers: the same on the screen, in a saved view and in a file (R49).

use crate::port::Column;
use crate::ui::components::SheetFrame;
use crate::ui::i18n::{Locale, td_string, use_i18n};
use crate::ui::pages::customers::{Pick, use_usual_columns};
use crate::ui::pages::memory::use_memory;
use crate::ui::routes::use_nav;
use leptos::prelude::*;

/// The sheet in which the table's columns are chosen. What is changed in it is seen in the table at once.
#[component]
pub fn ColumnSheet() -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let usual = use_usual_columns();
    view! {
        <SheetFrame
            title=text!(i18n, filter.columns)
            close_word=text!(i18n, common.close)
            on_close=move |()| nav.close()
            class="fl"
            footer=move || view! { <button class="btn btn-1 fl-show" type="button" on:click=move |_| nav.close()>{text!(i18n, customers.columns_done)}</button> }.into_any()
        >
            <p class="hint">{text!(i18n, customers.columns_note)}</p>
            {move || view! { <ColumnPicks usual=usual.get() /> }}
        </SheetFrame>
    }
}

/// A toggle for each column.
#[component]
pub(super) fn ColumnPicks(
    /// What is shown while nobody has chosen.
    usual: Vec<Column>,
) -> impl IntoView {
    let (i18n, memory) = (use_i18n(), use_memory());
    let usual = StoredValue::new(usual);
    let chosen = Memo::new(move |_| memory.columns.get().unwrap_or_else(|| usual.get_value()));
    let pick = move |column: Column| {
        let on = Signal::derive(move || chosen.with(|columns| columns.contains(&column)));
        let press =
            move |()| memory.choose_columns(chosen.with_untracked(|columns| toggled(columns, column)));
        view! { <Pick on=on on_press=press>{column_word(i18n.get_locale(), column)}</Pick> }
    };
    view! {
        <div class="picks" role="group" aria-label=text!(i18n, filter.columns)>{move || Column::ALL.map(pick)}</div>
    }
}

/// A column in words.
pub fn column_word(locale: Locale, column: Column) -> &'static str {
    match column {
        Column::Name => td_string!(locale, filter.column.name),
        Column::Tier => td_string!(locale, filter.column.tier),
        Column::Kind => td_string!(locale, filter.column.kind),
        Column::Type => td_string!(locale, filter.column.kind_of),
        Column::Company => td_string!(locale, filter.column.company),
        Column::Owner => td_string!(locale, filter.column.owner),
        Column::Phone => td_string!(locale, filter.column.phone),
        Column::Mail => td_string!(locale, filter.column.mail),
        Column::City => td_string!(locale, filter.column.city),
        Column::Tags => td_string!(locale, filter.column.tags),
        Column::LastContact => td_string!(locale, filter.column.last_contact),
        Column::Contacts => td_string!(locale, filter.column.contacts),
        Column::Bought => td_string!(locale, filter.column.bought),
        Column::NextStep => td_string!(locale, filter.column.next_step),
    }
}

/// The columns with one more or one less, in the order in which they are offered.
fn toggled(columns: &[Column], column: Column) -> Vec<Column> {
    let kept = |it: &Column| if *it == column { !columns.contains(it) } else { columns.contains(it) };
    Column::ALL.into_iter().filter(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_their_order() {
        let columns = toggled(&[Column::Phone], Column::Name);
        assert_eq!(columns, [Column::Name, Column::Phone]);
        assert_eq!(toggled(&columns, Column::Phone), [Column::Name]);
    }
}

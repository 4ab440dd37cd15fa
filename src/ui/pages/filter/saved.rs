//! Keeping a filter under a name, and taking its customers along as a file (R49, R61).

use super::columns::{ColumnPicks, column_word};
use crate::port::{Column, Command, Outcome, Table, TableForm, Team};
use crate::ui::components::{Button, Icon, IconButton, Segmented, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customers::{QUIET_DAYS, View};
use crate::ui::pages::memory::{Memory, use_memory};
use crate::ui::platform::clock;
use crate::ui::platform::file::{self, Pieces};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::{Said, use_session};
use leptos::prelude::*;
use satchel_domain::{View as SavedView, ViewDraft};

/// Saving, and the views that are there.
#[component]
pub(super) fn Saving(
    /// Saved views.
    views: ReadSignal<Option<Vec<SavedView>>>,
) -> impl IntoView {
    let (i18n, session, memory) = (use_i18n(), use_session(), use_memory());
    let name = RwSignal::new(String::new());
    let same = move || {
        let name = name.with(|name| name.trim().to_lowercase());
        views.with(|views| {
            views.iter().flatten().find(|view| view.entry.name.trim().to_lowercase() == name).cloned()
        })
    };
    let nothing = Signal::derive(move || {
        name.with(|name| name.trim().is_empty()) || memory.view.with(|view| view.conditions().is_everybody())
    });
    let save = move |_| {
        let draft = draft(memory, name.with_untracked(|name| name.trim().to_owned()));
        let command = match untrack(same) {
            Some(view) => Command::EditView { id: view.id, seen: view.entry, draft },
            None => Command::CreateView { draft },
        };
        // What was chosen by chips and words stands among the conditions from now on.
        memory.change_view(|view| {
            let waiting = view.filter.waiting;
            *view = match &command {
                Command::EditView { draft, .. } | Command::CreateView { draft } => View::saved(draft),
                _ => return,
            };
            view.filter.waiting = waiting;
        });
        session.act(command, t_string!(i18n, filter.saved));
        name.set(String::new());
    };
    let words = move || match same() {
        Some(_) => t_string!(i18n, filter.replace),
        None => t_string!(i18n, filter.save),
    };
    view! {
        <section class="sec">
            <div class="sec-h"><h2>{text!(i18n, filter.views)}</h2></div>
            <ul class="fl-s">
                <For
                    each=move || views.get().unwrap_or_default()
                    key=|view| view.id
                    children=move |view| view! { <SavedRow first=view views /> }
                />
            </ul>
            <div class="fl-d wr">
                <TextField label=text!(i18n, filter.name) value=name />
                <Button icon="bookmark" disabled=nothing on_press=save>{words}</Button>
            </div>
        </section>
    }
}

/// What is asked for now, under a name.
fn draft(memory: Memory, name: String) -> ViewDraft {
    let chosen = memory.columns.get_untracked().into_iter().flatten();
    let columns = chosen.map(|column| column.code().to_owned()).collect();
    memory.view.with_untracked(|view| ViewDraft {
        name,
        selection: view.conditions(),
        sort: view.sort.code().to_owned(),
        columns,
    })
}

#[component]
fn SavedRow(first: SavedView, views: ReadSignal<Option<Vec<SavedView>>>) -> impl IntoView {
    let (i18n, session, memory) = (use_i18n(), use_session(), use_memory());
    let id = first.id;
    let view = Memo::new(move |_| as_it_is(&first, &views.get().unwrap_or_default()));
    let name = move || view.with(|view| view.entry.name.clone());
    let newer = move || view.with(|view| view.newer);
    let drop = move |_| {
        let said = Said::new(t_string!(i18n, filter.dropped)).about(untrack(name));
        session.act(Command::Delete { ids: vec![id] }, said);
    };
    view! {
        <li>
            <button class="fl-a" type="button" disabled=newer on:click=move |_| memory.apply(&view.get_untracked())>
                <Icon name="bookmark" />
                <span>{name}</span>
                {move || newer().then(|| view! { <span class="k">{text!(i18n, filter.newer)}</span> })}
            </button>
            <IconButton icon="trash" class="wr" label=text!(i18n, filter.drop, name = name()) on_press=drop />
        </li>
    }
}

/// A view whose conditions may have been exchanged under its name; as it was at first while it is not among them.
fn as_it_is(first: &SavedView, views: &[SavedView]) -> SavedView {
    views.iter().find(|view| view.id == first.id).unwrap_or(first).clone()
}

/// Writes what the list shows into a file, in the chosen form.
fn writing(form: RwSignal<TableForm>) -> impl Fn() + Copy {
    let (i18n, session, memory) = (use_i18n(), use_session(), use_memory());
    move || {
        let locale = i18n.get_locale_untracked();
        let heading = |column: Column| (column, column_word(locale, column).to_owned());
        let columns = memory.columns.get_untracked().unwrap_or(Column::ALL.to_vec());
        let columns = columns.into_iter().map(heading).collect();
        let (filter, sort) = memory.view.with_untracked(View::asked);
        let table = Table { filter, sort, columns, form: form.get_untracked() };
        let ending = if table.form == TableForm::Json { "json" } else { "csv" };
        session.dispatch(Command::WriteTable(table), move |ended| match ended.map(|done| done.outcome) {
            Ok(Outcome::Table(bytes)) => {
                let pieces = Pieces::default();
                pieces.take(&bytes);
                pieces.save(&file::dated("satchel-customers", clock::now_ms(), ending));
            }
            Ok(_) => {}
            Err(failure) => session.toasts().failed(&failure),
        });
    }
}

/// The customers as a file: which columns, and the mark that some spreadsheets want.
#[component]
pub(super) fn Export() -> impl IntoView {
    let (i18n, memory) = (use_i18n(), use_memory());
    let (open, form) = (RwSignal::new(false), RwSignal::new(TableForm::Marked));
    let write = writing(form);
    let forms = move || {
        vec![
            (TableForm::Marked, t_string!(i18n, filter.marked).to_owned()),
            (TableForm::Csv, "CSV".to_owned()),
            (TableForm::Json, "JSON".to_owned()),
        ]
    };
    let none =
        Signal::derive(move || memory.columns.with(|columns| columns.as_ref().is_some_and(Vec::is_empty)));
    view! {
        <section class="sec">
            <div class="sec-h"><h2>{text!(i18n, filter.export)}</h2></div>
            <Show when=move || open.get()>
                <div class="fl-e">
                    <ColumnPicks usual=Column::ALL.to_vec() />
                    <Segmented
                        label=text!(i18n, filter.form)
                        options=Signal::derive(forms)
                        chosen=form
                        on_choose=move |chosen| form.set(chosen)
                    />
                    <p class="hint">{text!(i18n, filter.export_note)}</p>
                </div>
            </Show>
            <div class="acts">
                <Button icon="export" disabled=none on_press=move |_| write()>{text!(i18n, filter.write)}</Button>
                <button class="btn btn-0" type="button" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                    {text!(i18n, filter.columns)}
                </button>
            </div>
        </section>
    }
}

/// All of them change hands at once, in a team (R121).
#[component]
pub(super) fn Giving(
    /// Who works here.
    team: ReadSignal<Option<Box<Team>>>,
) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let is_team = move || team.with(|team| team.as_ref().is_some_and(|team| team.members.len() > 1));
    view! {
        <Show when=is_team>
            <section class="sec wr">
                <div class="sec-h"><h2>{text!(i18n, customer.owner.title)}</h2></div>
                <div class="acts">
                    <Button icon="right" on_press=move |_| nav.open(Sheet::HandOverListed)>{text!(i18n, filter.hand_over)}</Button>
                </div>
            </section>
        </Show>
    }
}

/// What a list, a count and a file ask for, alike.
impl View {
    /// The filter and order as they are asked for now.
    pub(crate) fn asked(&self) -> (crate::port::PartnerFilter, crate::port::PartnerSort) {
        let now = clock::now_ms();
        (self.filter_since(clock::midnight(now, -QUIET_DAYS), clock::midnight(now, 0)), self.sort)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::RecordId;

    #[test]
    fn a_view_that_was_replaced_applies_its_new_conditions_r49() {
        let sorted = |sort: &str| SavedView {
            id: RecordId([1; 16]),
            entry: ViewDraft { name: "North".into(), sort: sort.into(), ..ViewDraft::default() },
            newer: false,
        };
        let other = SavedView { id: RecordId([2; 16]), ..sorted("name") };
        assert_eq!(as_it_is(&sorted("name"), &[other.clone(), sorted("value")]), sorted("value"));
        assert_eq!(as_it_is(&sorted("name"), &[other]), sorted("name"));
    }
}

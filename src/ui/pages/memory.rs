//! What screens remember of each other while the workspace is open: filters, places, what is handed
//! over. It is dropped with the open workspace, so that a lock leaves no name behind.

use super::customers::View;
use super::insight::Span;
use super::many::Picked;
use crate::port::{Column, Rows};
use crate::ui::platform::settings;
use chrono::NaiveDate;
use leptos::prelude::*;
use satchel_domain::{Method, RecordId, View as SavedView};

/// What screens remember. Copies are the same memory.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// The customer list's filter and order.
    pub view: RwSignal<View>,
    /// Customers chosen for an act on many; `None` while nobody chooses.
    pub picked: RwSignal<Option<Picked>>,
    /// The columns of a table of customers, on the screen and in a file; `None` while nobody has chosen.
    pub columns: RwSignal<Option<Vec<Column>>>,
    /// How the customers are shown where there is room for a table.
    pub rows: RwSignal<Rows>,
    /// The period that statistics look at.
    pub span: RwSignal<Span>,
    /// The saved view whose customers they count; `None` for all.
    pub population: RwSignal<Option<RecordId>>,
    /// How far the customer list is scrolled, in CSS pixels.
    pub scrolled: RwSignal<f64>,
    /// What was typed in a search that found nobody: the name that a new customer begins with.
    pub new_name: RwSignal<String>,
    /// The organisation that a new partner begins with.
    pub new_at: RwSignal<Option<(RecordId, String)>>,
    /// The day that a new task begins with.
    pub new_due: RwSignal<Option<NaiveDate>>,
    /// What the next log begins with.
    pub log_seed: RwSignal<Option<LogSeed>>,
    /// The customer who was made just now, whose page takes the focus.
    pub made: RwSignal<Option<RecordId>>,
    /// A suggestion that is not wanted today.
    pub not_now: RwSignal<Option<RecordId>>,
}

/// What a log begins with, when more is known than the customer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogSeed {
    /// By which channel; `None` for the one that was used last.
    pub method: Option<Method>,
    /// How long it took.
    pub minutes: Option<u32>,
    /// When it began, ms since 1970 UTC; `None` for now.
    pub at_ms: Option<i64>,
    /// What another app shared; empty for nothing.
    pub content: String,
}

impl Memory {
    /// Changes the customer list's filter or order, and begins at its top.
    pub fn change_view(self, change: impl FnOnce(&mut View)) {
        self.view.update(change);
        self.scrolled.set(0.0);
    }

    /// Shows the customers of a saved view, and nothing else narrows them.
    pub fn apply(self, view: &SavedView) {
        let columns: Vec<Column> =
            view.entry.columns.iter().filter_map(|code| Column::from_code(code)).collect();
        self.columns.set(Some(columns).filter(|columns| !columns.is_empty()));
        self.change_view(|shown| *shown = View::saved(&view.entry));
    }
}

/// Under which names this browser keeps how customers are shown.
const ROWS: &str = "satchel.customers.rows";
const COLUMNS: &str = "satchel.customers.columns";

impl Memory {
    /// Shows customers as lines or as a table, also when the workspace is opened again.
    pub fn show_as(self, rows: Rows) {
        self.rows.set(rows);
        settings::keep(ROWS, rows);
    }

    /// Chooses the columns, also for when the workspace is opened again.
    pub fn choose_columns(self, columns: Vec<Column>) {
        settings::keep(COLUMNS, columns.iter().map(|column| column.code()).collect::<Vec<_>>());
        self.columns.set(Some(columns));
    }
}

/// The columns that were chosen last in this browser.
fn kept_columns() -> Option<Vec<Column>> {
    let codes = settings::read::<Vec<String>>(COLUMNS)?;
    Some(codes.iter().filter_map(|code| Column::from_code(code)).collect())
}

/// Begins a fresh memory; to be provided once, inside what is shown while the workspace is open.
pub fn provide_memory() {
    provide_context(Memory {
        view: RwSignal::new(View::default()),
        picked: RwSignal::new(None),
        columns: RwSignal::new(kept_columns()),
        rows: RwSignal::new(settings::read(ROWS).unwrap_or_default()),
        span: RwSignal::new(Span::default()),
        population: RwSignal::new(None),
        scrolled: RwSignal::new(0.0),
        new_name: RwSignal::new(String::new()),
        new_at: RwSignal::new(None),
        new_due: RwSignal::new(None),
        log_seed: RwSignal::new(None),
        made: RwSignal::new(None),
        not_now: RwSignal::new(None),
    });
}

/// The memory of the open workspace.
pub fn use_memory() -> Memory {
    expect_context()
}

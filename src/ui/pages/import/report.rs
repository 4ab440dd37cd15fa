//! What came of it: numbers for each file, reasons for what was left out, and Undo for the whole.

use super::problems::Problems;
use super::{Step, Work};
use crate::port::{FileReport, ImportReport, UndoToken};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::platform::intl::{Format, use_format};
use crate::ui::routes::Place;
use leptos::prelude::*;

/// How it went, in a word or two.
pub(super) fn title(locale: Locale, report: &ImportReport) -> &'static str {
    match (report.failed.is_some(), report.cancelled) {
        (true, _) => td_string!(locale, import.report.failed),
        (false, true) => td_string!(locale, import.report.stopped),
        (false, false) => td_string!(locale, import.report.title),
    }
}

/// How many rows were brought in.
pub(super) fn rows(locale: Locale, format: Format, report: &ImportReport) -> String {
    let rows = report.files.iter().map(|file| file.created + file.updated).sum::<u64>();
    td_string!(locale, import.report.rows, count = format.count(rows)).to_string()
}

#[component]
pub(super) fn Report(work: Work, report: ImportReport, undo: Option<UndoToken>) -> impl IntoView {
    let i18n = use_i18n();
    let (cancelled, failed) = (report.cancelled, report.failed.is_some());
    let told = StoredValue::new(report.clone());
    let title = move || told.with_value(|report| title(i18n.get_locale(), report));
    let icon = match (failed, cancelled) {
        (true, _) => "alert",
        (false, true) => "pause",
        (false, false) => "check",
    };
    view! {
        <div class="imp-t" role="status"><Icon name=icon /><h2>{title}</h2></div>
        {report.files.into_iter().map(|file| view! { <FileView file /> }).collect_view()}
        <div class="imp-do">
            <a class="btn btn-1" href=Place::Customers.href()>{text!(i18n, import.report.see)}</a>
            <Button on_press=move |_| work.step.set(Step::Choose)>{text!(i18n, import.report.again)}</Button>
            {undo.map(|token| view! { <UndoAll work token /> })}
        </div>
    }
}

#[component]
fn UndoAll(work: Work, token: UndoToken) -> impl IntoView {
    let i18n = use_i18n();
    let undo = move |_| {
        work.session.undo_saying(token, t_string!(i18n, import.report.undone));
        work.step.set(Step::Choose);
    };
    view! {
        <Show when=move || !work.session.toasts().is_undone(token)>
            <Button kind=Kind::Quiet icon="undo" on_press=undo>{text!(i18n, import.report.undo)}</Button>
        </Show>
    }
}

#[component]
fn FileView(file: FileReport) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let FileReport { name, created, updated, unchanged, skipped, related, problems, counts } = file;
    let number = move |count: u64, words: fn(Locale) -> &'static str| {
        view! { <div class="tot"><dd class="num">{move || format.count(count)}</dd><dt>{move || words(i18n.get_locale())}</dt></div> }
    };
    view! {
        <section class="card impf">
            <header class="impf-h"><span class="dev"><Icon name="table" /></span><div><h3>{name}</h3></div></header>
            <dl class="tots">
                {number(created, |locale| td_string!(locale, import.report.created))}
                {number(updated, |locale| td_string!(locale, import.report.updated))}
                {number(unchanged, |locale| td_string!(locale, import.report.unchanged))}
                {number(skipped, |locale| td_string!(locale, import.report.skipped))}
            </dl>
            {(related > 0).then(|| {
                view! { <p class="k">{move || t_string!(i18n, import.report.related, count = format.count(related)).to_string()}</p> }
            })}
            <Problems problems counts />
        </section>
    }
}

//! All files of a customer, newest first.

use super::thumb::Picture;
use crate::port::{CustomerFile, Query};
use crate::ui::components::{Button, Empty, Skeleton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// Files that are shown at first, and with each "More": every one is opened and drawn.
const PAGE: usize = 24;

/// The tab that is there where there are files.
#[component]
pub fn FilesTab(
    /// Whose.
    id: RecordId,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let found = session.watch::<Vec<CustomerFile>>(move || Query::Files { partner: id });
    let shown = RwSignal::new(PAGE);
    let files =
        move || found.get().unwrap_or_default().into_iter().take(shown.get()).collect::<Vec<CustomerFile>>();
    let more = move || found.with(|found| found.as_ref().map_or(0, Vec::len)) > shown.get();
    let key = |file: &CustomerFile| (file.record, file.file.id, file.file.state);
    view! {
        <Show when=move || found.with(Option::is_none)><Skeleton lines=3 /></Show>
        <Show when=move || found.with(|found| found.as_ref().is_some_and(Vec::is_empty))>
            <Empty icon="image" text=text!(i18n, files.empty) />
        </Show>
        <ul class="thumbs thumbs-l">
            <For each=files key=key children=move |file| view! { <One file /> } />
        </ul>
        <Show when=more>
            <div class="acts"><Button on_press=move |_| shown.update(|shown| *shown += PAGE)>{text!(i18n, common.more)}</Button></div>
        </Show>
    }
}

#[component]
fn One(file: CustomerFile) -> impl IntoView {
    let (i18n, format, nav) = (use_i18n(), use_format(), use_nav());
    let CustomerFile { record, at_ms, file } = file;
    let (id, name) = (file.id, file.name.clone());
    let label = move || t_string!(i18n, files.open, name = name.clone()).to_string();
    view! {
        <li>
            <a class="thumb" href=move || nav.sheet_href(Sheet::File(record, id)) aria-label=label><Picture record=Some(record) file /></a>
            <span class="k">{move || format.when(at_ms, When::Day)}</span>
        </li>
    }
}

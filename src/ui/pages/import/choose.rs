//! Choosing files: by the picker, or by dropping them.

use super::Work;
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use leptos::ev::DragEvent;
use leptos::html;
use leptos::prelude::*;
use web_sys::{File, FileList};

/// The kinds of files that the picker offers: Android goes by types, other systems by endings.
const ACCEPTED: &str = ".csv,.tsv,.txt,.vcf,.xlsx,text/csv,text/tab-separated-values,text/plain,text/vcard,text/x-vcard,\
    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn files_of(list: Option<FileList>) -> Vec<File> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|at| list.item(at)).collect()
}

#[component]
pub(super) fn Choose(work: Work) -> impl IntoView {
    let i18n = use_i18n();
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let picked = move |_| {
        if let Some(input) = input.get_untracked() {
            work.read(&files_of(input.files()));
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        work.read(&files_of(event.data_transfer().and_then(|carried| carried.files())));
    };
    let enter = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let pick = move |_| {
        if let Some(input) = input.get_untracked() {
            work.session.choosing();
            input.click();
        }
    };
    view! {
        <section class="drop" class:drop-on=move || over.get() on:dragover=enter on:dragleave=move |_| over.set(false) on:drop=dropped>
            <span class="empty-i"><Icon name="import" /></span>
            <h2>{move || if over.get() { t_string!(i18n, import.drop_here) } else { t_string!(i18n, import.choose.title) }}</h2>
            <p>{text!(i18n, import.choose.text)}</p>
            <input
                class="sr"
                type="file"
                multiple=true
                accept=ACCEPTED
                tabindex="-1"
                aria-label=text!(i18n, import.choose.button)
                node_ref=input
                on:change=picked
            />
            <div class="acts">
                <Button kind=Kind::Primary on_press=pick>{text!(i18n, import.choose.button)}</Button>
            </div>
            <p class="k drop-k">{text!(i18n, import.choose.drop)}</p>
            <p class="safe"><Icon name="shield" /><span>{text!(i18n, import.choose.safe)}</span></p>
        </section>
    }
}

//! How sending photos and files goes, apart from records.

use crate::port::{Command, FileAct, FilesPhase, FilesStatus, LostFile};
use crate::ui::components::{Button, Icon};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Tab};
use crate::ui::session::use_session;
use leptos::prelude::*;

#[component]
pub(super) fn Files(status: Memo<Option<FilesStatus>>) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let status = Memo::new(move |_| status.get().unwrap_or_default());
    let waits = Memo::new(move |_| status.with(|status| status.waiting > 0));
    let head = move || {
        let FilesStatus { waiting, bytes, sent, .. } = status.get();
        let (count, sent, total) = (format.number(waiting), format.bytes(sent), format.bytes(bytes));
        match waiting {
            0 => t_string!(i18n, files.sync.all).to_owned(),
            _ => t_string!(i18n, files.sync.waiting, count = count, sent = sent, total = total).to_string(),
        }
    };
    let line = move || phase_word(i18n.get_locale(), status.get().phase);
    let (max, value) = (move || status.get().bytes.to_string(), move || status.get().sent.to_string());
    let elsewhere = move || {
        let count = format.number(status.get().elsewhere);
        t_string!(i18n, files.sync.elsewhere, count = count).to_string()
    };
    let now = move |_| session.act_quietly(Command::File(FileAct::SendNow));
    view! {
        <Show when=move || waits.get() || status.with(|status| status.elsewhere > 0)>
            <section class="sec">
                <div class="sec-h"><h2>{text!(i18n, files.sync.title)}</h2></div>
                <div class="card store">
                    <p class="safe" class:safe-tab=move || waits.get()><Icon name=Signal::derive(move || if waits.get() { "waiting" } else { "check" }) /><span><b>{head}</b></span></p>
                    <Show when=move || waits.get()>
                        <progress class="prog-b" max=max value=value aria-label=text!(i18n, files.sync.title)></progress>
                        <p class="k">{line}</p>
                    </Show>
                    <Show when=move || status.with(|status| status.elsewhere > 0)><p class="k">{elsewhere}</p></Show>
                    <Show when=move || status.with(|status| status.phase == FilesPhase::SavingData)>
                        <div class="acts"><Button on_press=now>{text!(i18n, files.sync.now)}</Button></div>
                    </Show>
                </div>
            </section>
        </Show>
    }
}

/// Files that cannot be sent any more, by name and customer.
#[component]
pub(super) fn LostFiles(files: Vec<LostFile>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let count = files.len() as u64;
    let title = move || t_string!(i18n, files.sync.lost, count = format.count(count)).to_string();
    view! {
        <section class="card rev">
            <div class="sec-h"><h2>{title}</h2></div>
            <p class="rev-t rev-bad"><Icon name="alert" /><span>{text!(i18n, files.sync.lost_text)}</span></p>
            <ul class="rows">{files.into_iter().map(|file| view! { <LostFileRow file /> }).collect_view()}</ul>
        </section>
    }
}

#[component]
fn LostFileRow(file: LostFile) -> impl IntoView {
    let LostFile { name, partner, partner_id } = file;
    let inner = view! {
        <span class="dash"><Icon name="file" /></span>
        <span class="row-b"><b>{name}</b><span>{partner}</span></span>
    };
    match partner_id.map(|id| Place::Customer(id, Tab::Files).href()) {
        Some(href) => {
            view! { <li><a class="row row-w" href=href>{inner}<Icon name="right" /></a></li> }.into_any()
        }
        None => view! { <li class="row row-w">{inner}</li> }.into_any(),
    }
}

fn phase_word(locale: Locale, phase: FilesPhase) -> &'static str {
    match phase {
        FilesPhase::Idle => td_string!(locale, files.sync.soon),
        FilesPhase::Sending => td_string!(locale, files.sync.sending),
        FilesPhase::SavingData => td_string!(locale, files.sync.saving),
        FilesPhase::SpaceFull => td_string!(locale, files.sync.full),
        FilesPhase::NoFiles => td_string!(locale, files.sync.none),
    }
}

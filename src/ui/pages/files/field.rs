//! The files of a form: taken with the camera, chosen, pasted, dropped, or shared by another app; shown with a way to
//! take each off.

use super::take::{listed, take};
use super::taking::Taking;
use super::thumb::Picture;
use crate::port::{Command, FileAct, FileCard, FileState, Query};
use crate::ui::components::{Button, IconButton, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::incoming::{Opened, use_incoming};
use crate::ui::session::use_session;
use leptos::ev::DragEvent;
use leptos::html;
use leptos::prelude::*;
use satchel_domain::{FileId, RecordId};

/// The files of an interaction that is being written.
#[component]
pub fn FilesField(
    /// The interaction, if it is there already, and the files that it has.
    there: Option<(RecordId, Vec<FileCard>)>,
    /// Files that come to it.
    added: Signal<Vec<FileId>>,
    /// Files that are taken off it.
    removed: Signal<Vec<FileId>>,
    /// Files that are on their way.
    taking: Taking,
    /// A file comes.
    #[prop(into)]
    on_add: Callback<FileId>,
    /// A file goes.
    #[prop(into)]
    on_remove: Callback<FileId>,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let over = RwSignal::new(false);
    let take_in = move |files: Vec<web_sys::File>| {
        take(session, files, taking, move |card| {
            if on_add.try_run(card.id).is_none() {
                // The form is gone: nobody waits for it.
                session.act_quietly(Command::File(FileAct::GiveUp { file: card.id }));
            }
        });
    };
    let incoming = use_incoming();
    Effect::new(move || {
        if incoming.waits() == Some(Opened::Picture) {
            take_in(incoming.take(Opened::Picture));
        }
    });
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        take_in(listed(event.data_transfer().and_then(|carried| carried.files())));
    };
    let enter = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let pasted = window_event_listener_untyped("paste", move |event| {
        let carried = js_sys::Reflect::get(&event, &"clipboardData".into()).ok();
        let carried = carried.and_then(|it| wasm_bindgen::JsCast::dyn_into::<web_sys::DataTransfer>(it).ok());
        let files = listed(carried.and_then(|carried| carried.files()));
        if !files.is_empty() {
            event.prevent_default();
            take_in(files);
        }
    });
    on_cleanup(move || pasted.remove());
    let (record, cards) = there.map_or((None, Vec::new()), |(id, cards)| (Some(id), cards));
    let kept =
        move || cards.iter().filter(|card| !removed.get().contains(&card.id)).cloned().collect::<Vec<_>>();
    view! {
        <div class="fs files-f" class:drop-on=move || over.get() on:dragover=enter on:dragleave=move |_| over.set(false) on:drop=dropped>
            <span class="lbl">{text!(i18n, files.title)}</span>
            <ul class="thumbs">
                <For each=kept key=|card| card.id children=move |card| view! { <Taken record file=card on_remove /> } />
                <For each=move || added.get() key=|id| *id children=move |id| view! { <Kept id on_remove /> } />
            </ul>
            <p class="sr" role="status">{move || taking.is_under_way().then(|| t_string!(i18n, files.taking))}</p>
            <div class="acts">
                <Chooser camera=true taking on_files=take_in />
                <Chooser camera=false taking on_files=take_in />
            </div>
        </div>
    }
}

/// A button that asks the platform for a photo, or for files.
#[component]
fn Chooser(
    camera: bool,
    taking: Taking,
    #[prop(into)] on_files: Callback<Vec<web_sys::File>>,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let input = NodeRef::<html::Input>::new();
    let words = move || match camera {
        true => t_string!(i18n, files.photo),
        false => t_string!(i18n, files.choose),
    };
    let picked = move |_| {
        if let Some(input) = input.get_untracked() {
            on_files.run(listed(input.files()));
            // The same photo can be chosen again.
            input.set_value("");
        }
    };
    let ask = move |_| {
        if let Some(input) = input.get_untracked() {
            session.choosing();
            input.click();
        }
    };
    view! {
        <input
            class="sr"
            type="file"
            multiple=!camera
            accept=camera.then_some("image/*")
            capture=camera.then_some("environment")
            tabindex="-1"
            aria-hidden="true"
            aria-label=words
            node_ref=input
            on:change=picked
        />
        <Button kind=Kind::Quiet icon=if camera { "camera" } else { "image" } disabled=Signal::derive(move || taking.is_under_way()) on_press=ask>
            {words}
        </Button>
    }
}

/// A file that was kept for this form.
#[component]
fn Kept(id: FileId, on_remove: Callback<FileId>) -> impl IntoView {
    let session = use_session();
    let card = session.watch::<Option<FileCard>>(move || Query::KeptFile { file: id });
    let card =
        Memo::new(move |_| card.get().flatten().map(|card| FileCard { state: FileState::Settled, ..card }));
    move || card.get().map(|file| view! { <Taken record=None file on_remove /> })
}

#[component]
fn Taken(record: Option<RecordId>, file: FileCard, on_remove: Callback<FileId>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let (id, name) = (file.id, file.name.clone());
    let label = move || t_string!(i18n, files.remove, name = name.clone()).to_string();
    let remove = move |_| {
        on_remove.run(id);
        if record.is_none() {
            session.act_quietly(Command::File(FileAct::GiveUp { file: id }));
        }
    };
    view! {
        <li class="thumb thumb-e">
            <Picture record file />
            <IconButton icon="x" label=Signal::derive(label) on_press=remove />
        </li>
    }
}

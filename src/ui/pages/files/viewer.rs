//! One file: a photo in full, anything else by what it is; to be saved or taken off.

use super::thumb::{Image, state_icon, state_words};
use crate::port::{
    Command, Failure, FailureCode, FileAct, FileCard, FileChange, Progress, Query, RecordCard,
};
use crate::ui::components::{Button, Empty, Icon, Kind, ProgressLine, SheetFrame, Skeleton};
use crate::ui::errors::sentences;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::dom;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use satchel_domain::{FileId, RecordId};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// How opening it goes.
#[derive(Clone)]
enum Opening {
    /// Its bytes come, from this device or from the server.
    Coming(ArcReadSignal<Option<Progress>>),
    /// They are here.
    Here(Arc<[u8]>),
    /// They are not.
    Failed(FailureCode),
}

/// A file, opened.
#[component]
pub fn FileSheet(
    /// The interaction.
    record: RecordId,
    /// The file.
    file: FileId,
) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let found = session.watch::<Option<Box<RecordCard>>>(move || Query::Record { id: record });
    let card = Memo::new(move |_| {
        let found = found.get()?;
        Some(found.and_then(|record| record.files.into_iter().find(|card| card.id == file)))
    });
    let title = move || match card.get().flatten() {
        Some(card) => card.name,
        None => t_string!(i18n, files.title).to_owned(),
    };
    view! {
        <SheetFrame class="sheet-file" title=Signal::derive(title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {move || match card.get() {
                None => view! { <Skeleton lines=4 /> }.into_any(),
                Some(None) => view! { <Empty icon="image" text=text!(i18n, files.gone) /> }.into_any(),
                Some(Some(card)) => view! { <Whole record card /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn Whole(record: RecordId, card: FileCard) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let id = card.id;
    let begin = move || {
        let bytes = Rc::new(RefCell::new(Vec::new()));
        let taken = Rc::clone(&bytes);
        let act = Command::File(FileAct::Open { id: record, file: id });
        let running = session.run_into(act, move |piece| taken.borrow_mut().extend_from_slice(piece));
        (running, bytes)
    };
    let opening = RwSignal::new(Opening::Coming(ArcRwSignal::new(None).read_only()));
    let open = move || {
        let (running, bytes) = begin();
        opening.set(Opening::Coming(running.progress()));
        spawn_local(async move {
            let ended = running.await;
            opening.try_set(match ended {
                Ok(_) => Opening::Here(bytes.take().into()),
                Err(Failure { code, .. }) => Opening::Failed(code),
            });
        });
    };
    open();
    let name = StoredValue::new(card.name.clone());
    let save = move |_| {
        if let Opening::Here(bytes) = opening.get_untracked() {
            // Never as a page: whatever it is, the browser only writes it down.
            dom::save_file(&name.get_value(), "application/octet-stream", &bytes);
        }
    };
    let remove = move |_| {
        let change = FileChange { add: Vec::new(), remove: vec![id] };
        session.act(Command::File(FileAct::Change { id: record, change }), t_string!(i18n, files.removed));
        nav.close();
    };
    let here = Signal::derive(move || opening.with(|opening| matches!(opening, Opening::Here(_))));
    let is_photo = card.picture.is_some();
    view! {
        <figure class="file-w">
            {move || match opening.get() {
                Opening::Coming(progress) => view! { <Coming progress size=card.size /> }.into_any(),
                Opening::Here(bytes) if is_photo => view! { <Image bytes alt=name.get_value() /> }.into_any(),
                Opening::Here(_) => view! { <span class="file-i"><Icon name="file" /></span> }.into_any(),
                Opening::Failed(code) => view! { <Missing code on_again=move |()| open() /> }.into_any(),
            }}
            <figcaption><Facts card=card.clone() /></figcaption>
        </figure>
        <div class="acts">
            <Show when=move || here.get()>
                <Button kind=Kind::Primary icon="export" on_press=save>{text!(i18n, files.save)}</Button>
            </Show>
            <Show when=move || session.may_write()>
                <Button kind=Kind::Quiet icon="trash" on_press=remove>{text!(i18n, files.take_off)}</Button>
            </Show>
        </div>
    }
}

/// What will be here, and how far it is: what lies on the server takes its time.
#[component]
fn Coming(progress: ArcReadSignal<Option<Progress>>, size: u64) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let progress = Signal::derive(move || progress.get());
    let words = move || {
        let at = progress.get().filter(|at| at.total > 0);
        let done = at.map_or(0, |at| size * at.done.min(at.total) / at.total);
        t_string!(i18n, files.opening, done = format.bytes(done), total = format.bytes(size)).to_string()
    };
    view! {
        <Skeleton lines=5 />
        <ProgressLine progress text=Signal::derive(words) />
    }
}

#[component]
fn Facts(card: FileCard) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let FileCard { size, picture, state, .. } = card;
    let pixels = picture.map(|picture| format!("{} × {}", picture.width, picture.height));
    view! {
        <span class="k num">
            {move || format.bytes(size)}
            {pixels.map(|pixels| view! { <span class="sep">"·"</span>{pixels} })}
        </span>
        {state_icon(state).map(|icon| {
            let words = move || state_words(i18n.get_locale(), state);
            view! { <span class="k"><Icon name=icon />{words}</span> }
        })}
    }
}

#[component]
fn Missing(code: FailureCode, #[prop(into)] on_again: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || sentences(i18n.get_locale(), code);
    let broken = [FailureCode::FileDamaged, FailureCode::FileLost].contains(&code);
    let icon = if broken { "alert" } else { "offline" };
    view! {
        <div class="safe safe-no" role="alert">
            <Icon name=icon />
            <span><b>{move || words().what}</b>{move || words().mend}</span>
        </div>
        <Button on_press=move |_| on_again.run(())>{text!(i18n, files.again)}</Button>
    }
}

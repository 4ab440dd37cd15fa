//! Files shown small: a photo by its preview, anything else by its name.

use crate::port::{FileCard, FileState, Preview, Query};
use crate::ui::components::Icon;
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::platform::intl::use_format;
use crate::ui::platform::picture::Shown;
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::RecordId;
use std::sync::Arc;

/// The files of an interaction, each opened at a tap.
#[component]
pub fn Thumbs(
    /// The interaction.
    record: RecordId,
    /// Its files.
    files: Vec<FileCard>,
) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |file: FileCard| view! { <li><Opener record file /></li> };
    (!files.is_empty()).then(|| {
        view! {
            <ul class="thumbs" aria-label=move || t_string!(i18n, files.title)>
                {files.into_iter().map(one).collect_view()}
            </ul>
        }
    })
}

#[component]
fn Opener(record: RecordId, file: FileCard) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let (id, name) = (file.id, file.name.clone());
    let label = move || t_string!(i18n, files.open, name = name.clone()).to_string();
    view! {
        <a class="thumb" href=move || nav.sheet_href(Sheet::File(record, id)) aria-label=label>
            <Picture record=Some(record) file />
        </a>
    }
}

/// What stands for a file: its preview, or an icon with its name and size.
#[component]
pub(super) fn Picture(
    /// The interaction; none for a file that belongs to nothing yet.
    record: Option<RecordId>,
    /// The file.
    file: FileCard,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let FileCard { id, name, size, picture, state, .. } = file;
    let mark = state_icon(state).map(|icon| {
        let words = move || state_words(i18n.get_locale(), state);
        view! { <span class="thumb-w" title=words><Icon name=icon /></span> }
    });
    if picture.is_none() {
        return view! { <Plain name size />{mark} }.into_any();
    }
    let answer = session.watch::<Preview>(move || Query::Preview { id: record, file: id });
    let shown = Memo::new(move |_| answer.get());
    let name = StoredValue::new(name);
    let image = move || {
        match shown.get() {
        Some(Preview::Here(bytes)) => view! { <Image bytes alt=name.get_value() /> }.into_any(),
        Some(Preview::Damaged) => {
            view! { <span class="thumb-n"><Icon name="alert" />{move || t_string!(i18n, files.damaged)}</span> }
                .into_any()
        }
        Some(Preview::Coming) if state == FileState::Lost => {
            view! { <span class="thumb-n"><Icon name="alert" />{move || t_string!(i18n, files.lost_short)}</span> }
                .into_any()
        }
        Some(Preview::Coming) => {
            view! { <span class="thumb-n"><Icon name="image" />{move || t_string!(i18n, files.coming)}</span> }
                .into_any()
        }
        Some(Preview::None) => view! { <Plain name=name.get_value() size /> }.into_any(),
        None => view! { <span class="thumb-n" aria-hidden="true"></span> }.into_any(),
    }
    };
    view! { {image}{mark} }.into_any()
}

/// What marks a file that is not whole where it should be.
pub(super) fn state_icon(state: FileState) -> Option<&'static str> {
    match state {
        FileState::Settled => None,
        FileState::Waiting => Some("waiting"),
        FileState::Lost => Some("alert"),
    }
}

/// What that mark says.
pub(super) fn state_words(locale: Locale, state: FileState) -> &'static str {
    match state {
        FileState::Settled => "",
        FileState::Waiting => td_string!(locale, files.waiting),
        FileState::Lost => td_string!(locale, files.lost),
    }
}

/// A photo's bytes, for as long as it is shown.
#[component]
pub(super) fn Image(#[prop(into)] bytes: Arc<[u8]>, alt: String) -> impl IntoView {
    let shown = StoredValue::new_local(Shown::photo(&bytes));
    let url = shown.with_value(|shown| shown.as_ref().map(|shown| shown.url().to_owned()));
    url.map(|url| view! { <img src=url alt=alt /> })
}

#[component]
fn Plain(name: String, size: u64) -> impl IntoView {
    let format = use_format();
    view! {
        <span class="thumb-f">
            <Icon name="file" />
            <b>{name}</b>
            <span class="num">{move || format.bytes(size)}</span>
        </span>
    }
}

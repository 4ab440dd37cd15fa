//! Who is here already under this name or number, told while one types, so that nobody is entered twice.

use super::Fields;
use crate::port::{Alike, AnyRecord, Newcomer, Query, RecordCard};
use crate::ui::components::{Button, Icon};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::many::AlikeRow;
use crate::ui::routes::{Place, Tab};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// A name shorter than this is not looked for.
const ENOUGH_CHARS: usize = 2;

/// Who looks like what is typed; each can be opened, or be given what was typed.
#[component]
pub(super) fn LooksLike(
    /// The form.
    fields: Fields,
    /// Told who is to be given it.
    joining: RwSignal<Option<RecordId>>,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let company = company(fields);
    let newcomer = Memo::new(move |_| {
        let values = |lines: Vec<super::Line>| lines.into_iter().map(|line| line.value.get()).collect();
        let name = fields.name.get();
        Newcomer {
            kind: fields.kind.get(),
            name: if name.trim().chars().count() < ENOUGH_CHARS { String::new() } else { name },
            company: company.get(),
            phones: values(fields.phones.get()),
            mails: values(fields.mails.get()),
            but: None,
        }
    });
    let found = session.watch::<Vec<Alike>>(move || Query::Alike(newcomer.get()));
    let one = move |alike: Alike| {
        let (id, name) = (alike.partner.id, alike.partner.name.clone());
        view! {
            <li class="like-r">
                <a class="hit" href=Place::Customer(id, Tab::Brief).href()><AlikeRow alike=alike /></a>
                <Button on_press=move |_| joining.set(Some(id))>
                    {move || t_string!(i18n, many.merge.into, name = name.clone()).to_string()}
                </Button>
            </li>
        }
    };
    view! {
        <div role="status">
            <Show when=move || found.with(|found| found.as_ref().is_some_and(|found| !found.is_empty()))>
                <div class="like">
                    <p class="like-h"><Icon name="review" />{text!(i18n, many.alike.title)}</p>
                    <ul>{move || found.get().unwrap_or_default().into_iter().map(one).collect_view()}</ul>
                </div>
            </Show>
        </div>
    }
}

/// The name of the organisation that is chosen or to be made.
fn company(fields: Fields) -> Memo<String> {
    let named = use_session().watch_if::<Option<Box<RecordCard>>>(move || {
        fields.organisation.get().map(|id| Query::Record { id })
    });
    Memo::new(move |_| {
        let found = named.with(|named| match named.as_ref()?.as_ref().map(|card| &card.what) {
            Some(AnyRecord::Partner(partner)) => Some(partner.card.name.clone()),
            _ => None,
        });
        found.unwrap_or_else(|| fields.organisation_name.get())
    })
}

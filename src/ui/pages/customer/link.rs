//! Who took part in a record: finding somebody, choosing their part, taking somebody off (R17, R42, R50).

use crate::port::{Command, PartnerRow, Query};
use crate::ui::components::{Button, Icon, IconButton, Kind, Monogram, SelectField, Size};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::vocabulary::relationship_word;
use crate::ui::pages::vocabulary::slug::{RELATIONSHIPS, parse_relationship, relationship_slug};
use crate::ui::platform::dom;
use crate::ui::session::use_session;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use satchel_domain::{Participation, PartnerKind, RecordId, Relationship};

/// How many are offered while a name is typed.
const FOUND: u32 = 6;
/// Stands for a part in the person's own word.
const OWN: &str = "own";

/// A field that finds partners as one types, best first.
#[component]
pub fn FindPartner(
    /// What the field is for.
    #[prop(into)]
    label: Signal<String>,
    /// Shown while it is empty.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// Only persons or organisations.
    #[prop(optional)]
    kind: Option<PartnerKind>,
    /// What is typed.
    typed: RwSignal<String>,
    /// Called with who is chosen.
    #[prop(into)]
    on_choose: Callback<PartnerRow>,
    /// Called at Enter when nobody is found.
    #[prop(optional, into)]
    on_nobody: Option<Callback<()>>,
    /// Takes the focus when a sheet opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let session = use_session();
    let found = session.watch_if::<Vec<PartnerRow>>(move || {
        let text = typed.with(|typed| typed.trim().to_owned());
        (!text.is_empty()).then_some(Query::Find { text, limit: FOUND, kind })
    });
    let choose = move |row: PartnerRow| {
        typed.try_set(String::new());
        on_choose.try_run(row);
    };
    // What is listed may still answer to an earlier letter: Enter asks for what is typed by then.
    let enter = move |event: KeyboardEvent| {
        let plain = !event.ctrl_key() && !event.meta_key() && !dom::composing(&event);
        let text = typed.with_untracked(|typed| typed.trim().to_owned());
        if event.key() != "Enter" || !plain || text.is_empty() {
            return;
        }
        event.prevent_default();
        let query = Query::Find { text: text.clone(), limit: FOUND, kind };
        session.ask::<Vec<PartnerRow>>(query, move |found| {
            if let Some(row) = meant(&found, &text) {
                choose(row.clone());
            } else if let Some(on_nobody) = on_nobody {
                on_nobody.try_run(());
            }
        });
    };
    let one = move |row: PartnerRow| {
        let (name, shown, aside, id, kind) =
            (row.name.clone(), row.name.clone(), row.aside.clone(), row.id, row.kind);
        let chosen = row.clone();
        view! {
            <li>
                <button class="hit" type="button" on:click=move |_| choose(chosen.clone())>
                    <Monogram name=name kind=kind key=id.0 size=Size::Small />
                    <span><b>{shown}</b><span>{aside}</span></span>
                </button>
            </li>
        }
    };
    view! {
        <div class="finder">
            <div class="field">
                <Icon name="search" />
                <input
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    data-autofocus=autofocus.then_some("")
                    aria-label=move || label.get()
                    placeholder=move || placeholder.get()
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                    on:keydown=enter
                />
            </div>
            <ul class="hits">{move || found.get().unwrap_or_default().into_iter().map(one).collect_view()}</ul>
        </div>
    }
}

/// Who is meant by a text: who has exactly this name, else who is found first.
fn meant<'a>(found: &'a [PartnerRow], text: &str) -> Option<&'a PartnerRow> {
    found.iter().find(|row| row.name.trim() == text).or(found.first())
}

/// Choosing a part: one that is built in, or an own word.
#[component]
pub fn ChoosePart(
    /// The part; `None` while an own word is still empty.
    part: RwSignal<Option<Relationship>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let own = RwSignal::new(false);
    let value = move || match (own.get(), part.get()) {
        (false, Some(part)) => relationship_slug(&part),
        _ => OWN.to_owned(),
    };
    let options = move || {
        let others = RELATIONSHIPS.into_iter().filter(|(part, _)| *part != Relationship::Primary);
        let mut options: Vec<(String, String)> = others
            .map(|(part, slug)| (slug.to_owned(), relationship_word(i18n.get_locale(), &part)))
            .collect();
        options.push((OWN.to_owned(), t_string!(i18n, customer.link.own).to_owned()));
        options
    };
    let choose = move |slug: String| {
        own.set(slug == OWN);
        part.set(parse_relationship(&slug));
    };
    let write = move |word: String| {
        let word = word.trim().to_owned();
        part.set((!word.is_empty()).then_some(Relationship::Other(word)));
    };
    view! {
        <SelectField
            label=Signal::derive(move || t_string!(i18n, customer.link.part).to_owned())
            value=Signal::derive(value)
            options=Signal::derive(options)
            on_choose=choose
        />
        <Show when=move || own.get()>
            <div class="field">
                <input
                    type="text"
                    autocomplete="off"
                    aria-label=move || t_string!(i18n, customer.link.own)
                    placeholder=move || t_string!(i18n, customer.link.own_hint)
                    on:input=move |event| write(event_target_value(&event))
                />
            </div>
        </Show>
    }
}

/// Adds partners to a record that is there, and takes them off, each at once and with undo.
#[component]
pub(super) fn LinkPanel(
    /// The record.
    record: RecordId,
    /// Whose history it stands in.
    primary: RecordId,
    /// Who took part.
    with: Vec<(RecordId, String, Relationship)>,
    /// Called when it is to close.
    #[prop(into)]
    on_close: Callback<()>,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let (typed, part) = (RwSignal::new(String::new()), RwSignal::new(Some(Relationship::Attendee)));
    let add = move |row: PartnerRow| {
        let Some(relationship) = part.get_untracked() else { return };
        let participation = Participation { partner: row.id, relationship };
        session.act(
            Command::Link { record, participation },
            t_string!(i18n, customer.link.added, name = row.name).to_string(),
        );
    };
    let removable = move |(partner, name, relationship): (RecordId, String, Relationship)| {
        let (shown, label, word) = (name.clone(), name.clone(), relationship.clone());
        let take_off = move |_| {
            let participation = Participation { partner, relationship: relationship.clone() };
            session.act(
                Command::Unlink { record, participation },
                t_string!(i18n, customer.link.removed, name = name.clone()).to_string(),
            );
        };
        view! {
            <li>
                <span>{shown}<span class="sep">"·"</span>{move || relationship_word(i18n.get_locale(), &word)}</span>
                <IconButton icon="x" label=Signal::derive(move || t_string!(i18n, customer.link.remove, name = label.clone()).to_string()) on_press=take_off />
            </li>
        }
    };
    let others = with
        .into_iter()
        .filter(|(id, _, relationship)| *relationship != Relationship::Primary && *id != primary);
    view! {
        <div class="linker" role="group" aria-label=move || t_string!(i18n, customer.link.title)>
            <ul class="parts">{others.map(removable).collect_view()}</ul>
            <ChoosePart part=part />
            <FindPartner
                label=Signal::derive(move || t_string!(i18n, customer.link.find).to_owned())
                placeholder=Signal::derive(move || t_string!(i18n, customer.link.hint).to_owned())
                typed=typed
                on_choose=add
            />
            <Button kind=Kind::Quiet on_press=move |_| on_close.run(())>{move || t_string!(i18n, customer.link.close)}</Button>
        </div>
    }
}

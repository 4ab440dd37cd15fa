//! One entry of a history: what was said, how it went, who took part, whether it is on the server.

use super::chat::{Message, messages, talks};
use super::link::LinkPanel;
use super::orders::Lines;
use super::printing::use_printing;
use crate::port::{Command, FileCard, Happened, Mark, TimelineEntry};
use crate::ui::components::{Chip, Icon, Menu, MenuItem, SyncMark};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::files::Thumbs;
use crate::ui::pages::log::mail;
use crate::ui::pages::vocabulary::{
    mark_word, moment_word, outcome_icon, outcome_tone, outcome_word, record_icon, record_type_word,
    relationship_word, status_word,
};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{
    Interaction, InteractionDraft, Method, Money, Order, RecordId, RecordType, Relationship,
};
use std::collections::BTreeSet;

/// Longer texts are folded.
const FOLD_CHARS: usize = 320;
const FOLD_LINES: usize = 6;
/// Messages of a conversation that are shown at once.
const FIRST_MESSAGES: usize = 3;

/// Who else took part, with names.
type With = Vec<(RecordId, String, Relationship)>;

/// The entry.
#[component]
pub(super) fn Entry(
    /// Whose history this is.
    partner: RecordId,
    /// What happened.
    entry: TimelineEntry,
) -> impl IntoView {
    let TimelineEntry { what, with, part, through, files, mark } = entry;
    match what {
        Happened::Interaction(interaction) => {
            view! { <InteractionEntry partner=partner interaction=interaction with=with part=part through=through files=files mark=mark /> }.into_any()
        }
        Happened::Order { order, total } => view! { <OrderEntry order=order total=total mark=mark /> }.into_any(),
    }
}

fn class_of(mark: Mark, record_type: Option<&RecordType>) -> String {
    let waiting = if mark == Mark::Waiting { " ev-wait" } else { "" };
    let bad = if record_type == Some(&RecordType::Complaint) { " ev-bad" } else { "" };
    format!("ev{waiting}{bad}")
}

#[component]
fn InteractionEntry(
    partner: RecordId,
    interaction: Interaction,
    with: With,
    part: Relationship,
    /// The person of the organisation whose history this is who took part in its place.
    through: Option<RecordId>,
    files: Vec<FileCard>,
    mark: Mark,
) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let linking = RwSignal::new(false);
    let Interaction { id, entry, .. } = interaction;
    let (at, minutes, record_type) = (entry.at.clone(), entry.minutes, entry.record_type.clone());
    // A person who stands in for her organisation is named with her part below.
    let not_primary = part != Relationship::Primary && through.is_none();
    let place = entry.place.clone();
    view! {
        <li class=class_of(mark, Some(&entry.record_type))>
            <span class="ev-i"><Icon name=record_icon(&entry.record_type, entry.method) /></span>
            <div class="ev-b">
                <div class="ev-h">
                    <h4>{move || record_type_word(i18n.get_locale(), &record_type)}</h4>
                    <span class="ev-t">
                        {move || moment_word(format, &at, When::Time)}
                        {minutes.map(|minutes| {
                            view! {
                                <span class="sep">"·"</span>
                                {move || t_string!(i18n, customer.tl.minutes, count = format.number(minutes)).to_string()}
                            }
                        })}
                    </span>
                    <EntryMenu id=id linking=linking />
                </div>
                {not_primary.then(|| {
                    view! {
                        <p class="hint">
                            {move || t_string!(i18n, customer.tl.as_part, part = relationship_word(i18n.get_locale(), &part)).to_string()}
                        </p>
                    }
                })}
                {(!place.is_empty()).then(|| view! { <p class="ev-p"><Icon name="visit" />{place}</p> })}
                <Content entry=entry.clone() with=with.clone() />
                <Thumbs record=id files />
                <div class="ev-f">
                    {entry.outcome.map(|outcome| {
                        view! { <Chip tone=outcome_tone(outcome) icon=outcome_icon(outcome)>{move || outcome_word(i18n.get_locale(), outcome)}</Chip> }
                    })}
                    <Participants with=with.clone() through=through />
                    <span class="grow"></span>
                    <SyncMark mark=mark words=mark != Mark::Synced label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) />
                </div>
                <Show when=move || linking.get() && session.may_write()>
                    <LinkPanel record=id primary=partner with=with.clone() on_close=move |()| linking.set(false) />
                </Show>
            </div>
        </li>
    }
}

#[component]
fn EntryMenu(id: RecordId, linking: RwSignal<bool>) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let delete =
        move |()| session.act(Command::Delete { ids: vec![id] }, t_string!(i18n, customer.tl.deleted));
    let items = move || {
        vec![
            MenuItem {
                icon: "log",
                label: t_string!(i18n, customer.tl.edit).to_owned(),
                on_choose: Callback::new(move |()| nav.open(Sheet::Interaction(id))),
            },
            MenuItem {
                icon: "person",
                label: t_string!(i18n, customer.tl.link).to_owned(),
                on_choose: Callback::new(move |()| linking.set(true)),
            },
            MenuItem {
                icon: "trash",
                label: t_string!(i18n, customer.tl.delete).to_owned(),
                on_choose: Callback::new(delete),
            },
        ]
    };
    let items = move || match session.may_write() {
        true => items(),
        false => vec![MenuItem {
            icon: "eye",
            label: t_string!(i18n, common.open).to_owned(),
            on_choose: Callback::new(move |()| nav.open(Sheet::Interaction(id))),
        }],
    };
    view! { <Menu label=Signal::derive(move || t_string!(i18n, customer.tl.actions).to_owned()) items=Signal::derive(items) /> }
}

/// Those who took part otherwise than by merely being the subject of the history.
#[component]
fn Participants(with: With, through: Option<RecordId>) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |(id, name, relationship): (RecordId, String, Relationship)| {
        let stands_in = through == Some(id);
        // Of a person of the organisation the mark says whom it was with.
        let part = (!stands_in || relationship != Relationship::Primary).then_some(relationship);
        view! {
            <li>
                {stands_in.then(|| view! { <Icon name="person" /><span class="sr">{text!(i18n, customer.tl.through)}" "</span> })}
                <a class="in" href=Place::Customer(id, Tab::Brief).href()>{name}</a>
                {part.map(|part| view! { <span>{move || relationship_word(i18n.get_locale(), &part)}</span> })}
            </li>
        }
    };
    (!with.is_empty()).then(|| view! { <ul class="with">{with.into_iter().map(one).collect_view()}</ul> })
}

/// The text, the conversation in it, or what a mail is about and says.
#[component]
fn Content(entry: InteractionDraft, with: With) -> impl IntoView {
    if let Some(mail) = mail(&entry.content).filter(|_| entry.method == Method::Mail) {
        return view! { <p class="ev-s"><b>{mail.subject}</b></p><Text text=mail.body /> }.into_any();
    }
    let names: Vec<&str> = with.iter().map(|(_, name, _)| name.as_str()).collect();
    let found = if talks(entry.method) { messages(&entry.content, &names) } else { Vec::new() };
    if found.is_empty() {
        view! { <Text text=entry.content /> }.into_any()
    } else {
        view! { <Chat messages=found /> }.into_any()
    }
}

/// What a brief says of an entry: the last word of a conversation, what a mail is about, or the note.
pub(super) fn gist(method: Method, content: &str) -> String {
    if let Some(mail) = mail(content).filter(|_| method == Method::Mail) {
        let lines = [mail.subject, mail.body];
        return lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    }
    let talk = if talks(method) { messages(content, &[]) } else { Vec::new() };
    let last = talk.into_iter().rev().find(|message| !message.text.is_empty());
    last.map_or_else(|| content.to_owned(), |last| format!("{}: {}", last.speaker, last.text))
}

fn is_long(text: &str) -> bool {
    text.lines().count() > FOLD_LINES || text.chars().nth(FOLD_CHARS).is_some()
}

#[component]
fn Text(text: String) -> impl IntoView {
    let i18n = use_i18n();
    let long = is_long(&text);
    let open = RwSignal::new(false);
    let words = move || {
        if open.get() { t_string!(i18n, customer.tl.fold) } else { t_string!(i18n, customer.tl.expand) }
    };
    (!text.trim().is_empty()).then(|| {
        view! {
            <p class="ev-x" class:folded=move || long && !open.get()>{text}</p>
            {long.then(|| {
                view! {
                    <button class="more" type="button" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                        {words}
                    </button>
                }
            })}
        }
    })
}

#[component]
fn Chat(messages: Vec<Message>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let open = RwSignal::new(false);
    let hidden = messages.len().saturating_sub(FIRST_MESSAGES);
    // Of two it is plain who speaks; of more each is named.
    let others: BTreeSet<&str> =
        messages.iter().filter(|message| !message.mine).map(|message| message.speaker.as_str()).collect();
    let class = if others.len() > 1 { "chat-n" } else { "sr" };
    let bubble = move |message: Message| {
        let Message { speaker, text, mine, at } = message;
        let speaker =
            move || if mine { t_string!(i18n, customer.tl.me).to_owned() } else { format!("{speaker}: ") };
        view! {
            <li class=if mine { "me" } else { "them" }>
                <span class=if mine { "sr" } else { class }>{speaker}</span>
                {text}
                {at.map(|at| view! { <span class="chat-t num">{at.clock()}</span> })}
            </li>
        }
    };
    let printing = use_printing();
    let shown = move || {
        if open.get() || printing.is_on() {
            messages.clone()
        } else {
            messages.iter().take(FIRST_MESSAGES).cloned().collect()
        }
    };
    let words = move || match (open.get(), hidden) {
        (true, _) => t_string!(i18n, customer.tl.fold).to_owned(),
        (false, 1) => t_string!(i18n, customer.tl.messages_single).to_owned(),
        (false, _) => t_string!(i18n, customer.tl.messages, count = format.count(hidden as u64)).to_string(),
    };
    view! {
        <ol class="chat">{move || shown().into_iter().map(bubble).collect_view()}</ol>
        {(hidden > 0).then(|| {
            view! {
                <button class="more" class:more-m=move || !open.get() && !printing.is_on() type="button" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
                    {words}
                </button>
            }
        })}
    }
}

#[component]
fn OrderEntry(order: Order, total: Money, mark: Mark) -> impl IntoView {
    let (i18n, format, nav) = (use_i18n(), use_format(), use_nav());
    let Order { id, entry, .. } = order;
    let (at, status, number) = (entry.at.clone(), entry.status, entry.number.clone());
    view! {
        <li class=class_of(mark, None)>
            <span class="ev-i"><Icon name="order" /></span>
            <div class="ev-b">
                <div class="ev-h">
                    <h4>
                        {move || t_string!(i18n, vocabulary.record.order)}
                        <a class="ev-w in" href=move || nav.sheet_href(Sheet::Order(id))>{number}</a>
                    </h4>
                    <span class="ev-t">{move || moment_word(format, &at, When::Time)}</span>
                </div>
                <Lines order=entry total=total />
                <div class="ev-f">
                    <span class="hint">{move || status_word(i18n.get_locale(), status)}</span>
                    <span class="grow"></span>
                    <SyncMark mark=mark words=mark != Mark::Synced label=Signal::derive(move || mark_word(i18n.get_locale(), mark).to_owned()) />
                </div>
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brief_says_the_last_word_of_a_talk_and_what_a_mail_is_about_r32() {
        let chat = "李明 2026/11/19 20:41\n又漏了\n我 2026/11/19 20:44\n明天带安装包来";
        assert_eq!(gist(Method::WeChat, chat), "我: 明天带安装包来");
        assert_eq!(gist(Method::Visit, chat), chat);
        let mail = "From: Li <li@example.com>\nSubject: Quote\n\nPlease send it.";
        assert_eq!(gist(Method::Mail, mail), "Quote\nPlease send it.");
        assert_eq!(gist(Method::Phone, "Wants forty."), "Wants forty.");
    }
}

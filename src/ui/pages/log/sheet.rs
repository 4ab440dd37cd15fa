//! The log sheet: a new entry, or one that is there.

use super::fields::{FollowField, MethodField, MoreFields, NoteField, OutcomeField, TimeField, Wrong};
use super::form::{FollowUp, LogForm};
use super::methods::title_word;
use super::read::{ReadFrom, read_pasted};
use super::who::WhoField;
use crate::port::{AnyRecord, Command, Done, Failure, FileAct, FileCard, FileChange, Query, RecordCard};
use crate::ui::components::{Button, Empty, Icon, Kind, SheetFrame, Skeleton};
use crate::ui::i18n::{t_string, td_string, use_i18n};
use crate::ui::pages::customer::leave;
use crate::ui::pages::draft::{self, Kept, use_kept};
use crate::ui::pages::files::FilesField;
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::vocabulary::{here_ms, reading};
use crate::ui::platform::{clock, dom};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use satchel_domain::{FileId, InteractionDraft, Invalid, Method, RecordId, TaskDraft};

/// What the sheet edits.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    /// Something new, for a partner if one is chosen already.
    New(Option<RecordId>),
    /// What was seen when editing began.
    Old(RecordId, Box<InteractionDraft>, Vec<FileCard>),
}

/// What the sheet begins with: the untouched form, and the form with what was kept of it.
type Start = (Subject, LogForm, LogForm);

/// A new entry.
#[component]
pub fn LogSheet(
    /// Whom it is about, if that is chosen already.
    partner: Option<RecordId>,
) -> impl IntoView {
    let (nav, session, memory) = (use_nav(), use_session(), use_memory());
    let key = partner.map_or_else(|| "log".to_owned(), |id| format!("log/{}", id.to_hex()));
    let (kept, text) = use_kept(key);
    let last = draft::first(session.watch::<Method>(|| Query::LastMethod));
    let (seed, asked) = (memory.log_seed.get_untracked(), nav.method_untracked());
    on_cleanup(move || {
        memory.log_seed.try_set(None);
    });
    let start = Memo::new(move |_| {
        let (text, method) = (text.get()?, last.get()?);
        let mut fresh = LogForm { partner, method: asked.unwrap_or(method), ..LogForm::default() };
        if let Some(seed) = &seed {
            fresh.method = seed.method.unwrap_or(fresh.method);
            fresh.minutes = seed.minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
            fresh.at = seed.at_ms.map(clock::to_local_input).unwrap_or_default();
        }
        let shared = seed.as_ref().map(|seed| seed.content.as_str()).filter(|text| !text.is_empty());
        // What was being typed stays, with what was shared below it; a call begins a log of its own.
        let kept = draft::read::<LogForm>(&text).filter(|_| seed.is_none() || shared.is_some());
        let mut form = kept.unwrap_or_else(|| fresh.clone());
        if let Some(shared) = shared {
            form.add_text(shared);
            read_pasted(&mut form);
        }
        Some(Some((Subject::New(partner), fresh, form)))
    });
    view! { <Loading start=start kept=kept /> }
}

/// An entry that is there.
#[component]
pub fn InteractionSheet(
    /// Which.
    id: RecordId,
) -> impl IntoView {
    let session = use_session();
    let (kept, text) = use_kept(format!("interaction/{}", id.to_hex()));
    let card = draft::first(session.watch::<Option<Box<RecordCard>>>(move || Query::Record { id }));
    let start = Memo::new(move |_| {
        let (text, card) = (text.get()?, card.get()?);
        let card = card.map(|card| (card.what, card.files));
        let Some((AnyRecord::Interaction(seen), files)) = card else { return Some(None) };
        let fresh = LogForm::of(&seen.entry, clock::to_local_input(here_ms(&seen.entry.at)));
        let kept = draft::read::<LogForm>(&text).unwrap_or_else(|| fresh.clone());
        Some(Some((Subject::Old(id, Box::new(seen.entry), files), fresh, kept)))
    });
    view! { <Loading start=start kept=kept /> }
}

/// The sheet's frame until what it begins with is known.
#[component]
fn Loading(start: Memo<Option<Option<Start>>>, kept: Kept) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let bare = move |content: AnyView| {
        view! {
            <SheetFrame
                title=Signal::derive(move || t_string!(i18n, log.title_any).to_owned())
                close_word=Signal::derive(move || t_string!(i18n, log.close).to_owned())
                on_close=move |()| nav.close()
            >
                {content}
            </SheetFrame>
        }
        .into_any()
    };
    move || match start.get() {
        None => bare(view! { <Skeleton lines=5 /> }.into_any()),
        Some(None) => bare(
            view! { <Empty icon="log" text=Signal::derive(move || t_string!(i18n, log.gone).to_owned()) /> }
                .into_any(),
        ),
        Some(Some((subject, fresh, form))) => {
            view! { <FormSheet subject=subject fresh=fresh form=form kept=kept /> }.into_any()
        }
    }
}

#[component]
fn FormSheet(subject: Subject, fresh: LogForm, form: LogForm, kept: Kept) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let restored = form != fresh;
    let form = RwSignal::new(form);
    let wrong: Wrong = RwSignal::new(Vec::new());
    let is_new = matches!(subject, Subject::New(_));
    keep_as_typed(form, StoredValue::new(fresh.clone()), kept);
    let changed = {
        let fresh = fresh.clone();
        Memo::new(move |_| form.with(|form| *form != fresh && (form.is_worth_keeping() || !is_new)))
    };
    let title = move || match is_new {
        true => title_word(i18n.get_locale(), form.with(|form| form.method)).to_owned(),
        false if !session.may_write() => t_string!(i18n, log.title_any).to_owned(),
        false => t_string!(i18n, log.edit_title).to_owned(),
    };
    let there = match &subject {
        Subject::Old(id, _, files) => Some((*id, files.clone())),
        Subject::New(_) => None,
    };
    let delete_id = there.as_ref().map(|(id, _)| *id);
    let save = save(subject, form, wrong, kept);
    let shortcut = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !dom::composing(&event) {
            event.prevent_default();
            save.run(());
        }
    };
    let footer = move || {
        view! {
            <p class="kept wr">
                <Show when=move || changed.get()><Icon name="waiting" />{move || t_string!(i18n, log.kept)}</Show>
            </p>
            <button class="btn btn-1 save wr" type="button" on:click=move |_| save.run(())>{move || t_string!(i18n, log.save)}</button>
        }
    };
    let fresh = StoredValue::new(fresh);
    let afresh = move |_| {
        kept.drop_it();
        form.set(fresh.get_value());
    };
    view! {
        <SheetFrame
            title=Signal::derive(title)
            close_word=Signal::derive(move || t_string!(i18n, log.close).to_owned())
            on_close=move |()| nav.close()
            footer=footer
        >
            <fieldset class="frm frm-log" disabled=move || !session.may_write() on:keydown=shortcut>
                <WhoField form=form wrong=wrong fixed=!is_new />
                <ReadFrom form=form />
                <MethodField form=form />
                <OutcomeField form=form />
                <NoteField form=form wrong=wrong />
                <Files form=form there />
                {is_new.then(|| view! { <FollowField form=form wrong=wrong /> })}
                <TimeField form=form wrong=wrong />
                <MoreFields form=form />
            </fieldset>
            <div class="frm-log">
                <div class="acts">
                    {(restored && is_new).then(|| view! { <Button kind=Kind::Quiet icon="undo" on_press=afresh>{move || t_string!(i18n, log.discard)}</Button> })}
                    {delete_id.map(|id| view! { <Button kind=Kind::Quiet icon="clock" on_press=move |_| nav.open(Sheet::History(id))>{text!(i18n, customer.history.title)}</Button> })}
                    {delete_id.map(|id| view! { <span class="w"><DeleteButton id=id /></span> })}
                </div>
            </div>
        </SheetFrame>
    }
}

#[component]
fn DeleteButton(id: RecordId) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let delete = move |_| {
        session.act(Command::Delete { ids: vec![id] }, t_string!(i18n, log.deleted));
        nav.close();
    };
    view! { <Button kind=Kind::Quiet icon="trash" on_press=delete>{move || t_string!(i18n, log.delete)}</Button> }
}

/// Keeps the form at every change that would be missed.
fn keep_as_typed(form: RwSignal<LogForm>, fresh: StoredValue<LogForm>, kept: Kept) {
    Effect::new(move |before: Option<LogForm>| {
        let now = form.get();
        let untouched = before.is_none();
        if before.is_none_or(|before| before != now) {
            if fresh.with_value(|fresh| *fresh != now) && now.is_worth_keeping() {
                kept.keep(&now)
            } else if !untouched {
                kept.drop_it()
            }
        }
        now
    });
}

/// Saves on this device; the network is never waited for.
fn save(subject: Subject, form: RwSignal<LogForm>, wrong: Wrong, kept: Kept) -> Callback<()> {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let subject = StoredValue::new(subject);
    let forget = kept.dropping();
    let ended = move |ended: Result<Done, Failure>, visited: bool| match ended {
        Ok(done) => {
            forget();
            if visited {
                leave(session);
            }
            session.toasts().say(td_string!(i18n.get_locale_untracked(), log.saved), done.undo);
            if matches!(untrack(|| nav.sheet()), Some(Sheet::Log { .. } | Sheet::Interaction(_))) {
                nav.close();
            }
        }
        Err(failure) => {
            wrong.try_set(failure.invalid.clone());
            session.toasts().failed(&failure);
        }
    };
    Callback::new(move |()| match form.with_untracked(|form| form.entry(&reading())) {
        Ok((draft, follow_up)) => {
            let visited = draft.method == satchel_domain::Method::Visit;
            let command = match subject.get_value() {
                Subject::New(_) => logging(draft, follow_up, form),
                Subject::Old(id, seen, _) => {
                    let draft = with_its_time(&seen, draft, form);
                    editing(id, *seen, draft, form)
                }
            };
            let ended = ended.clone();
            session.dispatch(command, move |done| ended(done, visited));
        }
        Err(found) => mark(wrong, found),
    })
}

/// The files of the form.
#[component]
fn Files(form: RwSignal<LogForm>, there: Option<(RecordId, Vec<FileCard>)>) -> impl IntoView {
    let remove = move |id: FileId| {
        form.update(|form| match form.files.iter().position(|file| *file == id) {
            Some(at) => drop(form.files.remove(at)),
            None => form.taken_off.push(id),
        });
    };
    view! {
        <FilesField
            there
            added=Signal::derive(move || form.with(|form| form.files.clone()))
            removed=Signal::derive(move || form.with(|form| form.taken_off.clone()))
            on_add=move |id: FileId| form.update(|form| form.files.push(id))
            on_remove=remove
        />
    }
}

fn logging(draft: InteractionDraft, follow_up: Option<TaskDraft>, form: RwSignal<LogForm>) -> Command {
    let files = form.with_untracked(|form| form.files.clone());
    match files.is_empty() {
        true => Command::LogInteraction { draft, follow_up },
        false => Command::File(FileAct::Log { draft, follow_up, files }),
    }
}

fn editing(
    id: RecordId,
    seen: InteractionDraft,
    draft: InteractionDraft,
    form: RwSignal<LogForm>,
) -> Command {
    let change =
        form.with_untracked(|form| FileChange { add: form.files.clone(), remove: form.taken_off.clone() });
    match change == FileChange::default() {
        true => Command::EditInteraction { id, seen, draft },
        false => Command::File(FileAct::Edit { id, seen, draft, change }),
    }
}

/// A time that was not touched keeps its seconds, zone and precision.
fn with_its_time(
    seen: &InteractionDraft,
    draft: InteractionDraft,
    form: RwSignal<LogForm>,
) -> InteractionDraft {
    let untouched = form.with_untracked(|form| form.at == clock::to_local_input(here_ms(&seen.at)));
    if untouched { InteractionDraft { at: seen.at.clone(), ..draft } } else { draft }
}

fn mark(wrong: Wrong, found: Vec<Invalid>) {
    wrong.set(found);
    request_animation_frame(|| dom::focus_first(".sheet [aria-invalid='true']"));
}

/// A follow-up that is accepted or refused at a tap.
pub(super) fn toggle_proposal(form: RwSignal<LogForm>) {
    form.update(|form| {
        form.follow = if form.follow == FollowUp::Proposed { FollowUp::None } else { FollowUp::Proposed }
    });
}

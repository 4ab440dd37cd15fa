//! The log sheet: a new entry, or one that is there.

use super::fields::{FollowField, MethodField, MoreFields, NoteField, OutcomeField, TimeField, Wrong};
use super::form::{FollowUp, LogForm};
use super::methods::title_word;
use super::read::{ReadFrom, read_pasted};
use super::settle::{self, SettleField, Settled};
use super::who::{self, WhoField};
use crate::port::{AnyRecord, Command, Done, Failure, FileAct, FileCard, FileChange, Query, RecordCard};
use crate::ui::components::{Button, Empty, Icon, Kind, SheetFrame, Skeleton};
use crate::ui::i18n::{t_string, td_string, use_i18n};
use crate::ui::pages::customer::{Answered, use_answered};
use crate::ui::pages::draft::{self, Base, Begun, Kept, Restored, use_kept};
use crate::ui::pages::files::{FilesField, Taking};
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::saving::{SaveButton, Saving};
use crate::ui::pages::vocabulary::{here_ms, method_word, reading};
use crate::ui::platform::{clock, dom};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::{Said, use_session};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use satchel_domain::{Code, FileId, InteractionDraft, Invalid, Method, RecordId, TaskDraft};

/// The entry that is there already, with its files.
type There = Option<(RecordId, Vec<FileCard>)>;
/// What the sheet begins with.
type Start = (There, Begun<InteractionDraft, LogForm>);

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
            fresh.begin_with(seed, clock::to_local_input);
        }
        let mut begun = draft::begin(&text, Base { seen: None, fresh }, untouched);
        // What was being typed stays, with what was shared below it.
        if let Some(seed) = &seed {
            begun.form.begin_with(seed, clock::to_local_input);
            if !seed.content.is_empty() {
                begun.form.add_text(&seed.content);
                read_pasted(&mut begun.form);
            }
        }
        Some(Some((None, begun)))
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
        let now = Base { fresh: untouched(&seen.entry), seen: Some(seen.entry) };
        Some(Some((Some((id, files)), draft::begin(&text, now, untouched))))
    });
    view! { <Loading start=start kept=kept /> }
}

fn untouched(entry: &InteractionDraft) -> LogForm {
    LogForm::of(entry, clock::to_local_input(here_ms(&entry.at)))
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
        Some(Some((there, begun))) => view! { <FormSheet there begun kept /> }.into_any(),
    }
}

#[component]
fn FormSheet(there: There, begun: Begun<InteractionDraft, LogForm>, kept: Kept) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let Begun { base, now, form, restored } = begun;
    let (base, form, restored) = (StoredValue::new(base), RwSignal::new(form), RwSignal::new(restored));
    let wrong: Wrong = RwSignal::new(Vec::new());
    let is_new = there.is_none();
    keep_as_typed(form, base, kept);
    let who = who::chosen(form);
    if is_new {
        who::mind_the_trash(who, form, wrong);
    }
    let about = Signal::derive(move || {
        let method = method_word(i18n.get_locale(), form.with(|form| form.method));
        who.with(|who| who.as_ref().map_or(method.to_owned(), |who| format!("{method} · {}", who.name)))
    });
    let changed = Memo::new(move |_| {
        form.with(|form| base.with_value(|base| *form != base.fresh) && (form.is_worth_keeping() || !is_new))
    });
    let title = move || match is_new {
        true => title_word(i18n.get_locale(), form.with(|form| form.method)).to_owned(),
        false if !session.may_write() => t_string!(i18n, log.title_any).to_owned(),
        false => t_string!(i18n, log.edit_title).to_owned(),
    };
    let delete_id = there.as_ref().map(|(id, _)| *id);
    let settled = settle::settled(form);
    let (saving, taking) = (Saving::idle(), Taking::none());
    let at_once = save(delete_id, base, form, wrong, saving, kept, Beside { about, settled });
    // A photo that is on its way is part of what is saved.
    let save = Callback::new(move |()| taking.then(at_once));
    let shortcut = move |event: KeyboardEvent| {
        if dom::saves(&event) {
            event.prevent_default();
            save.run(());
        }
    };
    let save_word = Signal::derive(move || match taking.is_awaited() {
        true => t_string!(i18n, files.awaited).to_owned(),
        false => t_string!(i18n, log.save).to_owned(),
    });
    let footer = move || {
        view! {
            <p class="kept wr">
                <Show when=move || changed.get()><Icon name="waiting" />{move || t_string!(i18n, log.kept)}</Show>
            </p>
            <SaveButton saving words=save_word on_press=save />
        }
    };
    let now = StoredValue::new(now);
    let afresh = move |()| {
        kept.drop_it();
        base.set_value(now.get_value());
        form.set(now.with_value(|now| now.fresh.clone()));
    };
    view! {
        <SheetFrame
            title=Signal::derive(title)
            close_word=Signal::derive(move || t_string!(i18n, log.close).to_owned())
            on_close=move |()| nav.close()
            footer=footer
        >
            <Restored restored on_afresh=afresh />
            <fieldset class="frm frm-log" disabled=move || !session.may_write() on:keydown=shortcut>
                {is_new.then(|| view! { <ReadFrom form=form /> })}
                <WhoField form=form wrong=wrong fixed=!is_new />
                <MethodField form=form />
                <OutcomeField form=form />
                <NoteField form=form wrong=wrong reads=is_new />
                {is_new.then(|| view! { <FollowField form=form wrong=wrong /> <SettleField form=form settled=settled /> })}
                <Files form=form there taking />
                <TimeField form=form wrong=wrong />
                <MoreFields form=form />
            </fieldset>
            <div class="frm-log">
                <div class="acts">
                    {delete_id.map(|id| view! { <Button kind=Kind::Quiet icon="clock" on_press=move |_| nav.open(Sheet::History(id))>{text!(i18n, customer.history.title)}</Button> })}
                    {delete_id.map(|id| view! { <span class="w"><DeleteButton id=id about=about /></span> })}
                </div>
            </div>
        </SheetFrame>
    }
}

#[component]
fn DeleteButton(id: RecordId, about: Signal<String>) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let delete = move |_| {
        let said = Said::new(t_string!(i18n, log.deleted)).about(about.get_untracked());
        session.act(Command::Delete { ids: vec![id] }, said);
        nav.close();
    };
    view! { <Button kind=Kind::Quiet icon="trash" on_press=delete>{move || t_string!(i18n, log.delete)}</Button> }
}

/// Keeps the form at every change that would be missed.
fn keep_as_typed(form: RwSignal<LogForm>, base: StoredValue<Base<InteractionDraft, LogForm>>, kept: Kept) {
    Effect::new(move |before: Option<LogForm>| {
        let now = form.get();
        let untouched = before.is_none();
        if before.is_none_or(|before| before != now) {
            if base.with_value(|base| base.fresh != now) && now.is_worth_keeping() {
                base.with_value(|base| kept.keep(base, &now))
            } else if !untouched {
                kept.drop_it()
            }
        }
        now
    });
}

/// What is known beside the form.
#[derive(Clone, Copy)]
struct Beside {
    /// What the entry is called in the list of what was done lately.
    about: Signal<String>,
    /// Which tasks it may settle.
    settled: Settled,
}

/// Saves on this device; the network is never waited for.
fn save(
    id: Option<RecordId>,
    base: StoredValue<Base<InteractionDraft, LogForm>>,
    form: RwSignal<LogForm>,
    wrong: Wrong,
    saving: Saving,
    kept: Kept,
    Beside { about, settled }: Beside,
) -> Callback<()> {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let (forget, answers) = (kept.dropping(), use_answered());
    let ended = move |ended: Result<Done, Failure>, answered: Answered, about: String| match ended {
        Ok(done) => {
            forget();
            answered.forget(session);
            let said = td_string!(i18n.get_locale_untracked(), log.saved);
            session.toasts().say(Said::new(said).about(about), done.undo);
            if matches!(untrack(|| nav.sheet()), Some(Sheet::Log { .. } | Sheet::Interaction(_))) {
                nav.close();
            }
        }
        Err(failure) => {
            saving.end();
            wrong.try_set(failure.invalid.clone());
            if id.is_none() && failure.invalid.iter().any(|found| found.code == Code::UnknownPartner) {
                who::ask_again(form, wrong);
            }
            session.toasts().failed(&failure);
        }
    };
    Callback::new(move |()| match form.with_untracked(|form| form.entry(&reading())) {
        Ok((draft, follow_up)) => {
            if !saving.begin() {
                return;
            }
            // What was logged before answers nothing that goes on now.
            let answered = match id {
                None => answers(draft.partner, draft.method),
                Some(_) => Answered::default(),
            };
            let command = match id.zip(base.with_value(|base| base.seen.clone())) {
                None => logging(draft, follow_up, form, settled),
                Some((id, seen)) => {
                    let draft = with_its_time(&seen, draft, form);
                    editing(id, seen, draft, form)
                }
            };
            let (ended, about) = (ended.clone(), about.get_untracked());
            session.dispatch(command, move |done| ended(done, answered, about));
        }
        Err(found) => mark(wrong, found),
    })
}

/// The files of the form.
#[component]
fn Files(form: RwSignal<LogForm>, there: There, taking: Taking) -> impl IntoView {
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
            taking
            on_add=move |id: FileId| form.update(|form| form.files.push(id))
            on_remove=remove
        />
    }
}

fn logging(
    draft: InteractionDraft,
    follow_up: Option<TaskDraft>,
    form: RwSignal<LogForm>,
    settled: Settled,
) -> Command {
    let files = form.with_untracked(|form| form.files.clone());
    let done = form.with_untracked(|form| settled.with_untracked(|settled| settle::done(form, settled)));
    match files.is_empty() {
        true => Command::LogInteraction { draft, follow_up, done },
        false => Command::File(FileAct::Log { draft, follow_up, done, files }),
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
    request_animation_frame(|| dom::focus_shown(".sheet [aria-invalid='true']"));
}

/// A follow-up that is accepted or refused at a tap.
pub(super) fn toggle_proposal(form: RwSignal<LogForm>) {
    form.update(|form| {
        form.follow = if form.follow == FollowUp::Proposed { FollowUp::None } else { FollowUp::Proposed }
    });
}

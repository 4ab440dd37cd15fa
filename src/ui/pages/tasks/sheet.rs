//! The sheet for a new task, and for one that is there.

use super::snooze::Until;
use crate::port::{AnyRecord, Command, Done, Failure, PartnerRow, Query, RecordCard};
use crate::ui::components::{Button, Empty, Icon, Kind, SheetFrame, Skeleton};
use crate::ui::i18n::{t_string, td_string, use_i18n};
use crate::ui::pages::customer::FindPartner;
use crate::ui::pages::customers::Pick;
use crate::ui::pages::draft::{self, Base, Begun, Kept, Restored, use_kept};
use crate::ui::pages::log::due_moment;
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::saving::{SaveButton, Saving};
use crate::ui::pages::vocabulary::{code_word, here_ms, local_day, reading};
use crate::ui::platform::{clock, dom};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::{Said, use_session};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use satchel_domain::{Invalid, Moment, Precision, RecordId, TaskDraft, field};
use serde::{Deserialize, Serialize};

/// The form as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct TaskForm {
    partner: Option<RecordId>,
    title: String,
    /// As a `date` field writes it; empty for none.
    due: String,
    /// The time of day, as a `time` field writes it; empty for the whole day.
    at: String,
}

impl TaskForm {
    fn of(entry: &TaskDraft) -> Self {
        let (due, at) = entry.due.as_ref().map(day_and_time).unwrap_or_default();
        Self { partner: entry.partner, title: entry.title.clone(), due, at }
    }

    /// What it becomes; a day that was not touched keeps its moment.
    fn entry(&self, seen: Option<&TaskDraft>) -> Result<TaskDraft, Vec<Invalid>> {
        let mut wrong = Vec::new();
        let typed = (self.due.clone(), self.at.clone());
        let untouched = seen.and_then(|seen| seen.due.clone()).filter(|due| day_and_time(due) == typed);
        let due = untouched.or_else(|| self.due(&mut wrong));
        let title = self.title.trim().to_owned();
        let draft = TaskDraft { partner: self.partner, title, due, ..seen.cloned().unwrap_or_default() };
        wrong.extend(draft.validate());
        if wrong.is_empty() { Ok(draft) } else { Err(wrong) }
    }

    /// A time of day without a day says nothing.
    fn due(&self, wrong: &mut Vec<Invalid>) -> Option<Moment> {
        let reading = reading();
        let day = due_moment(&self.due, &reading, wrong)?;
        let at_ms =
            (!self.at.is_empty()).then(|| (reading.local)(&format!("{}T{}", self.due.trim(), self.at)));
        Some(at_ms.flatten().map_or(day, |ms| Moment::exact(ms, reading.zone)))
    }
}

/// As `date` and `time` fields write it; no time for a whole day.
fn day_and_time(due: &Moment) -> (String, String) {
    let text = clock::to_local_input(here_ms(due));
    let (day, time) = text.split_once('T').unwrap_or_default();
    let time = if due.precision == Precision::AllDay { "" } else { time };
    (day.to_owned(), time.to_owned())
}

/// What the sheet begins with.
type Start = Begun<TaskDraft, TaskForm>;

/// The sheet.
#[component]
pub fn TaskSheet(
    /// Which task; `None` for a new one.
    id: Option<RecordId>,
    /// For whom a new one is.
    partner: Option<RecordId>,
) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let day = use_memory().new_due.try_update_untracked(Option::take).flatten();
    let day = day.map(|day| day.to_string()).unwrap_or_default();
    let named = id.or(partner).map_or_else(String::new, |id| id.to_hex());
    let (kept, text) = use_kept(format!("task/{}{named}", if id.is_none() { "new/" } else { "" }));
    let card =
        draft::first(session.watch_if::<Option<Box<RecordCard>>>(move || id.map(|id| Query::Record { id })));
    let start: Memo<Option<Option<Start>>> = Memo::new(move |_| {
        let text = text.get()?;
        let seen = match id {
            None => None,
            Some(_) => match card.get()?.map(|card| card.what) {
                Some(AnyRecord::Task(task)) => Some(task.entry),
                _ => return Some(None),
            },
        };
        let new = || TaskForm { partner, due: day.clone(), ..TaskForm::default() };
        let fresh = seen.as_ref().map_or_else(new, TaskForm::of);
        Some(Some(draft::begin(&text, Base { seen, fresh }, TaskForm::of)))
    });
    let bare = move |content: AnyView| {
        view! {
            <SheetFrame title=title(id) close_word=Signal::derive(move || t_string!(i18n, common.close).to_owned()) on_close=move |()| nav.close()>
                {content}
            </SheetFrame>
        }
        .into_any()
    };
    move || {
        match start.get() {
        None => bare(view! { <Skeleton lines=3 /> }.into_any()),
        Some(None) => bare(view! { <Empty icon="check" text=Signal::derive(move || t_string!(i18n, tasks.gone).to_owned()) /> }.into_any()),
        Some(Some(begun)) => view! { <FormSheet id begun kept /> }.into_any(),
    }
    }
}

fn title(id: Option<RecordId>) -> Signal<String> {
    let i18n = use_i18n();
    Signal::derive(move || match id {
        None => t_string!(i18n, tasks.add).to_owned(),
        Some(_) => t_string!(i18n, tasks.edit).to_owned(),
    })
}

#[component]
fn FormSheet(id: Option<RecordId>, begun: Start, kept: Kept) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let Begun { base, now, form, restored } = begun;
    let (base, form, restored) = (StoredValue::new(base), RwSignal::new(form), RwSignal::new(restored));
    let (wrong, saving) = (RwSignal::new(Vec::<Invalid>::new()), Saving::idle());
    keep_as_typed(form, base, kept);
    let save = save(id, base, form, wrong, saving, kept);
    let shortcut = move |event: KeyboardEvent| {
        if dom::saves(&event) {
            event.prevent_default();
            save.run(());
        }
    };
    let enter = move |event: KeyboardEvent| {
        if event.key() == "Enter" && !dom::saves(&event) && !dom::composing(&event) {
            event.prevent_default();
            // A key that is held saves once.
            if !event.repeat() {
                save.run(());
            }
        }
    };
    let now = StoredValue::new(now);
    let afresh = move |()| {
        kept.drop_it();
        base.set_value(now.get_value());
        form.set(now.with_value(|now| now.fresh.clone()));
    };
    let footer = move || view! { <SaveButton saving words=text!(i18n, tasks.save) on_press=save /> };
    let error = move |field: &'static str| {
        let code =
            wrong.with(|wrong| wrong.iter().find(|found| found.field == field).map(|found| found.code));
        code.map(|code| code_word(i18n.get_locale(), code))
    };
    view! {
        <SheetFrame title=title(id) close_word=Signal::derive(move || t_string!(i18n, common.close).to_owned()) on_close=move |()| nav.close() footer=footer>
            <Restored restored on_afresh=afresh />
            <fieldset class="frm" disabled=move || !session.may_write() on:keydown=shortcut>
                <div class="fs">
                    <label class="lbl" for="task-title">{move || t_string!(i18n, tasks.what)}</label>
                    <div class="field">
                        <input
                            id="task-title"
                            type="text"
                            autocomplete="off"
                            data-autofocus=""
                            aria-describedby="task-title-n"
                            aria-invalid=move || error(field::TITLE).map(|_| "true")
                            prop:value=move || form.with(|form| form.title.clone())
                            on:input=move |event| form.update(|form| form.title = event_target_value(&event))
                            on:keydown=enter
                        />
                    </div>
                    <p class="fld-n" id="task-title-n">
                        {move || error(field::TITLE).map(|error| view! { <span class="fld-e"><Icon name="alert" />{error}</span> })}
                    </p>
                </div>
                <DueField form=form />
                <ForWhom form=form />
            </fieldset>
            {id.map(|id| view! { <DeleteButton id=id form=form /> })}
        </SheetFrame>
    }
}

/// Keeps the form as it is typed.
fn keep_as_typed(form: RwSignal<TaskForm>, base: StoredValue<Base<TaskDraft, TaskForm>>, kept: Kept) {
    Effect::new(move |before: Option<TaskForm>| {
        let now = form.get();
        if before.is_some_and(|before| before != now) {
            base.with_value(|base| if now == base.fresh { kept.drop_it() } else { kept.keep(base, &now) });
        }
        now
    });
}

#[component]
fn DueField(form: RwSignal<TaskForm>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="fs">
            <label class="lbl" id="task-due-l" for="task-due">{move || t_string!(i18n, tasks.due)}</label>
            <div class="follow-f">
                <div class="field">
                    <input
                        id="task-due"
                        type="date"
                        autocomplete="off"
                        prop:value=move || form.with(|form| form.due.clone())
                        on:change=move |event| form.update(|form| form.due = event_target_value(&event))
                    />
                </div>
                <Show when=move || form.with(|form| !form.due.is_empty())>
                    <div class="field field-t">
                        <input
                            type="time"
                            autocomplete="off"
                            aria-label=text!(i18n, tasks.at)
                            prop:value=move || form.with(|form| form.at.clone())
                            on:change=move |event| form.update(|form| form.at = event_target_value(&event))
                        />
                    </div>
                    <Button kind=Kind::Quiet on_press=move |_| form.update(|form| (form.due, form.at) = Default::default())>{move || t_string!(i18n, tasks.clear_due)}</Button>
                </Show>
            </div>
            <NearDays form=form />
        </div>
    }
}

/// The days that are meant most, at a tap; another tap takes the day off.
#[component]
fn NearDays(form: RwSignal<TaskForm>) -> impl IntoView {
    let i18n = use_i18n();
    let pick = move |until: Until| {
        let day =
            move || until.day(local_day(clock::now_ms())).map(|day| day.to_string()).unwrap_or_default();
        let on = Signal::derive(move || form.with(|form| form.due == day()));
        let press = move |()| {
            form.update(|form| match form.due == day() {
                true => (form.due, form.at) = Default::default(),
                false => form.due = day(),
            });
        };
        view! { <Pick on=on on_press=press>{move || until.word(i18n.get_locale())}</Pick> }
    };
    let near = [Until::Today, Until::Tomorrow, Until::Monday].map(pick);
    view! { <div class="picks" role="group" aria-labelledby="task-due-l">{near.into_iter().collect_view()}</div> }
}

/// The customer, found and taken off.
#[component]
fn ForWhom(form: RwSignal<TaskForm>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let typed = RwSignal::new(String::new());
    let partner = Memo::new(move |_| form.with(|form| form.partner));
    let found =
        session.watch_if::<Option<Box<RecordCard>>>(move || partner.get().map(|id| Query::Record { id }));
    let name = move || {
        found.with(|found| match &found.as_ref()?.as_ref()?.what {
            AnyRecord::Partner(partner) => Some(partner.card.name.clone()),
            _ => None,
        })
    };
    view! {
        <div class="fs">
            <span class="lbl">{move || t_string!(i18n, tasks.for_whom)}</span>
            {move || if partner.get().is_some() {
                view! {
                    <p class="chosen">
                        <b>{name}</b>
                        <Button kind=Kind::Quiet on_press=move |_| form.update(|form| form.partner = None)>{move || t_string!(i18n, common.change)}</Button>
                    </p>
                }
                .into_any()
            } else {
                view! {
                    <FindPartner
                        label=Signal::derive(move || t_string!(i18n, tasks.for_whom).to_owned())
                        placeholder=Signal::derive(move || t_string!(i18n, tasks.nobody).to_owned())
                        typed=typed
                        on_choose=move |row: PartnerRow| form.update(|form| form.partner = Some(row.id))
                    />
                }
                .into_any()
            }}
        </div>
    }
}

#[component]
fn DeleteButton(id: RecordId, form: RwSignal<TaskForm>) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let delete = move |_| {
        let title = form.with_untracked(|form| form.title.clone());
        session
            .act(Command::Delete { ids: vec![id] }, Said::new(t_string!(i18n, tasks.deleted)).about(title));
        nav.close();
    };
    view! {
        <div class="acts">
            <Button kind=Kind::Quiet icon="clock" on_press=move |_| nav.open(Sheet::History(id))>{text!(i18n, customer.history.title)}</Button>
            <span class="w"><Button kind=Kind::Quiet icon="trash" on_press=delete>{move || t_string!(i18n, tasks.delete)}</Button></span>
        </div>
    }
}

fn save(
    id: Option<RecordId>,
    base: StoredValue<Base<TaskDraft, TaskForm>>,
    form: RwSignal<TaskForm>,
    wrong: RwSignal<Vec<Invalid>>,
    saving: Saving,
    kept: Kept,
) -> Callback<()> {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let forget = kept.dropping();
    let ended = move |ended: Result<Done, Failure>, title: String| match ended {
        Ok(done) => {
            forget();
            let said = td_string!(i18n.get_locale_untracked(), tasks.saved);
            session.toasts().say(Said::new(said).about(title), done.undo);
            if matches!(untrack(|| nav.sheet()), Some(Sheet::NewTask { .. } | Sheet::Task(_))) {
                nav.close();
            }
        }
        Err(failure) => {
            saving.end();
            wrong.try_set(failure.invalid.clone());
            session.toasts().failed(&failure);
        }
    };
    Callback::new(move |()| {
        let seen = base.with_value(|base| base.seen.clone());
        let command = form.with_untracked(|form| form.entry(seen.as_ref())).map(|draft| match id.zip(seen) {
            Some((id, seen)) => Command::EditTask { id, seen, draft },
            None => Command::CreateTask { draft },
        });
        match command {
            Ok(command) if saving.begin() => {
                let (ended, title) =
                    (ended.clone(), form.with_untracked(|form| form.title.trim().to_owned()));
                session.dispatch(command, move |done| ended(done, title));
            }
            Ok(_) => {}
            Err(found) => {
                wrong.set(found);
                request_animation_frame(|| dom::focus_shown(".sheet [aria-invalid='true']"));
            }
        }
    })
}

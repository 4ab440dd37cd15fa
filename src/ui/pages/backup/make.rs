//! Making a backup now, and being reminded of the next.

use super::folder::FolderReminder;
use super::keeper::Keeper;
use super::workspace;
use crate::port::{BackupPage, Command, Outcome, Progress};
use crate::ui::components::{Button, Icon, Kind, ProgressLine, Segmented};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::settings::{Group, Setting};
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::backups::{self, Habit};
use crate::ui::platform::file::Pieces;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::{clock, file};
use crate::ui::routes::Place;
use crate::ui::session::{Cancel, Running, Session, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// A backup under way.
#[derive(Clone)]
pub(super) struct Making {
    progress: ArcReadSignal<Option<Progress>>,
    cancel: Cancel,
}

impl Making {
    pub(super) fn of(running: &Running) -> Self {
        Self { progress: running.progress(), cancel: running.cancel() }
    }
}

/// What the parts share.
#[derive(Clone, Copy)]
struct State {
    session: Session,
    habit: RwSignal<Option<Habit>>,
    making: RwSignal<Option<Making>>,
    failed: RwSignal<Option<crate::port::FailureCode>>,
}

impl State {
    fn new(session: Session) -> Self {
        // Where a workspace is open, what goes into a folder by itself is a backup too.
        let alone = || RwSignal::new(workspace(session).map(|id| backups::habit(&id)));
        let habit = use_context::<Keeper>().map_or_else(alone, Keeper::habit);
        Self { session, habit, making: RwSignal::new(None), failed: RwSignal::new(None) }
    }

    fn begin(self) {
        self.failed.set(None);
        let pieces = Pieces::default();
        let taken = pieces.clone();
        let running = self.session.run_into(Command::BackUp, move |bytes| taken.take(bytes));
        self.making.set(Some(Making::of(&running)));
        let id = workspace(self.session);
        spawn_local(async move {
            let ended = running.await;
            self.making.try_set(None);
            match ended {
                Ok(done) => {
                    if let (Outcome::BackedUp(_), Some(id)) = (done.outcome, id) {
                        pieces.save(&file::dated("satchel", clock::now_ms(), "satchel"));
                        let habit = Habit { last_ms: Some(clock::now_ms()), ..backups::habit(&id) };
                        backups::keep(&id, habit);
                        self.habit.try_set(Some(habit));
                        self.session.act_quietly(Command::KeptBackup);
                    }
                }
                Err(failure) => drop(self.failed.try_set(Some(failure.code))),
            }
        });
    }
}

/// The button that writes a backup, and how far that is, where nothing else of this page is wanted.
#[component]
pub fn SaveBackup(
    /// What the button says.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    let state = State::new(use_session());
    view! {
        <div class="acts">
            <Button kind=Kind::Primary icon="export" disabled=Signal::derive(move || state.making.with(Option::is_some)) on_press=move |_| state.begin()>
                {move || words.get()}
            </Button>
        </div>
        {move || state.making.get().map(|making| view! { <UnderWay making /> })}
        <Failed failed=state.failed />
    }
}

/// The last backup, the next one, and how often.
#[component]
pub(super) fn Make(page: ReadSignal<Option<BackupPage>>) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let state = State::new(session);
    let habit = state.habit;
    let last = move || match habit.get().and_then(|habit| habit.last_ms) {
        Some(at) => t_string!(i18n, backup.last, when = format.when(at, When::Moment)).to_string(),
        None => t_string!(i18n, backup.never).to_owned(),
    };
    let records = move || {
        let count = page.get().map_or(0, |page| page.records);
        t_string!(i18n, backup.records, count = format.number(count)).to_string()
    };
    view! {
        <Group title=text!(i18n, backup.make.title)>
            <Setting title=Signal::derive(last) line=Signal::derive(records)>
                <Button kind=Kind::Primary icon="export" disabled=Signal::derive(move || state.making.with(Option::is_some)) on_press=move |_| state.begin()>
                    {text!(i18n, backup.make.now)}
                </Button>
            </Setting>
            {move || state.making.get().map(|making| view! { <UnderWay making /> })}
            {move || page.get().map(|page| page.files_elsewhere).filter(|count| *count > 0).map(|count| {
                view! { <p class="set-p">{t_string!(i18n, files.backup, count = format.number(count)).to_string()}</p> }
            })}
            <Often habit />
            <p class="set-p">{text!(i18n, backup.make.text)}</p>
            <p class="set-p">{text!(i18n, backup.make.opens)}</p>
        </Group>
        <Failed failed=state.failed />
    }
}

/// How far a backup is, and a way to stop it.
#[component]
pub(super) fn UnderWay(making: Making) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let progress = Signal::derive(move || making.progress.get());
    let cancel = making.cancel;
    let words = move || match progress.get() {
        Some(at) if at.total > 0 => {
            t_string!(i18n, backup.make.running, done = format.count(at.done), total = format.count(at.total))
                .to_string()
        }
        _ => t_string!(i18n, backup.make.begin).to_owned(),
    };
    view! {
        <div class="set-p">
            <ProgressLine progress text=Signal::derive(words) cancel_word=text!(i18n, common.stop) on_cancel=Callback::new(move |()| cancel.now()) />
        </div>
    }
}

/// How often a reminder comes.
#[component]
fn Often(habit: RwSignal<Option<Habit>>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let words = move || {
        Habit::CHOICES
            .map(|days| {
                let word = match days {
                    1 => t_string!(i18n, backup.often.day),
                    7 => t_string!(i18n, backup.often.week),
                    _ => t_string!(i18n, backup.often.never),
                };
                (days, word.to_owned())
            })
            .to_vec()
    };
    let choose = move |days: u32| {
        let (Some(id), Some(kept)) = (workspace(session), habit.get_untracked()) else { return };
        let new = Habit { every_days: days, ..kept };
        backups::keep(&id, new);
        habit.set(Some(new));
    };
    view! {
        <Setting title=text!(i18n, backup.often.title) line=text!(i18n, backup.often.hint)>
            <Segmented
                label=text!(i18n, backup.often.title)
                options=Signal::derive(words)
                chosen=Signal::derive(move || habit.get().map_or(0, |habit| habit.every_days))
                on_choose=choose
            />
        </Setting>
    }
}

/// One line where the day begins, when the last backup is older than was chosen.
#[component]
pub fn Reminder() -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let sample = untrack(|| session.is_sample());
    let habit = workspace(session).filter(|_| !sample).map(|id| backups::habit(&id));
    let due = habit.filter(|habit| habit.is_due(clock::now_ms()));
    let due = due.map(|habit| {
        let words = move || match habit.last_ms {
            Some(at) => t_string!(i18n, backup.due, when = format.relative_day(at)).to_string(),
            None => t_string!(i18n, backup.due_never).to_owned(),
        };
        view! {
            <a class="row row-w card backup-due" href=Place::Backup.href()>
                <span class="dev"><Icon name="drive" /></span>
                <span class="row-b"><b>{text!(i18n, backup.title)}</b><span>{words}</span></span>
                <Icon name="right" />
            </a>
        }
    });
    view! {
        <FolderReminder />
        {due}
    }
}

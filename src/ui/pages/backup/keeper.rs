//! Backups into a folder by themselves: when one is due and the workspace is open, one tab writes it.

use super::make::Making;
use super::workspace;
use crate::port::{BackupPage, Command, FailureCode, Outcome, Query};
use crate::ui::platform::alone::alone;
use crate::ui::platform::backups::{self, Every, Habit, Plan, Standing};
use crate::ui::platform::file::Pieces;
use crate::ui::platform::folder::{self, Folder, Trouble, Written};
use crate::ui::platform::{clock, file};
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use web_sys::Blob;

const ENDING: &str = "satchel";
/// Who has just unlocked is left alone for so long.
const SETTLE: Duration = Duration::from_secs(2);

/// Keeps a folder's backups up for as long as the workspace is open. Copies are the same.
#[derive(Clone, Copy)]
pub struct Keeper {
    session: Session,
    page: ReadSignal<Option<BackupPage>>,
    folder: RwSignal<Option<Folder>, LocalStorage>,
    plan: RwSignal<Option<Plan>>,
    habit: RwSignal<Option<Habit>>,
    /// How many of the plan's files the folder holds, as far as it was looked at.
    held: RwSignal<Option<usize>>,
    allowed: RwSignal<bool>,
    making: RwSignal<Option<Making>>,
}

/// The keeper of the workspace that is open.
pub fn use_keeper() -> Keeper {
    expect_context()
}

/// Begins to keep; to be called once an open workspace.
pub fn provide_keeper() {
    let session = use_session();
    let here = workspace(session);
    let habit = RwSignal::new(here.as_deref().map(backups::habit));
    let id = here.filter(|_| !untrack(|| session.is_sample()));
    let keeper = Keeper {
        session,
        page: session.watch(|| Query::Backup),
        folder: RwSignal::new_local(None),
        plan: RwSignal::new(id.as_deref().and_then(backups::plan)),
        habit,
        held: RwSignal::new(None),
        allowed: RwSignal::new(true),
        making: RwSignal::new(None),
    };
    provide_context(keeper);
    if let Some(id) = id {
        keeper.follow(id);
    }
}

impl Keeper {
    fn follow(self, id: String) {
        let (settled, now, other) = (RwSignal::new(false), clock::every_minute(), id.clone());
        let rested = move || {
            settled.try_set(true);
        };
        set_timeout(rested, SETTLE);
        // Another tab wrote one, or another folder was chosen there.
        let heard = window_event_listener_untyped("storage", move |_| self.recall(&other));
        on_cleanup(move || heard.remove());
        let place = id.clone();
        // Where no folder was ever chosen, nothing is looked for.
        if self.plan.with_untracked(Option::is_some) {
            spawn_local(async move {
                if let Some(folder) = folder::kept(&place).await {
                    self.take(folder).await;
                }
            });
        }
        Effect::new(move || {
            now.track();
            let there = self.page.with(Option::is_some) && self.folder.with(Option::is_some);
            if there && settled.get() && self.is_due() {
                self.begin(&id, false);
            }
        });
    }

    fn recall(self, id: &str) {
        self.plan.try_set(backups::plan(id));
        self.habit.try_set(Some(backups::habit(id)));
    }

    async fn take(self, folder: Folder) {
        self.allowed.try_set(folder.is_allowed().await);
        self.folder.try_set(Some(folder));
    }

    /// What the folder is called; `None` where there is none.
    pub(super) fn folder_name(self) -> Option<String> {
        self.folder.with(|folder| folder.as_ref().map(Folder::name))
    }

    pub(super) fn plan(self) -> Option<Plan> {
        self.plan.get()
    }

    /// What is remembered of backups, into the folder or not.
    pub(super) fn habit(self) -> RwSignal<Option<Habit>> {
        self.habit
    }

    /// How many files are kept: those that are in the folder, where that can be told, else those that should be.
    pub(super) fn files_kept(self) -> usize {
        let written = self.plan.with(|plan| plan.as_ref().map_or(0, |plan| plan.files.len()));
        self.held.get().unwrap_or(written)
    }

    /// Looks what of its files is in the folder still: somebody may have tidied up there.
    pub(super) fn look(self) {
        let Some(folder) = self.folder.get_untracked() else { return };
        let files = self.plan.with_untracked(|plan| plan.as_ref().map(|plan| plan.files.clone()));
        spawn_local(async move {
            let asked = files.unwrap_or_default();
            let held = held(&folder, asked.clone()).await;
            // What was written meanwhile was counted then.
            let same =
                self.plan.try_with_untracked(|plan| plan.as_ref().is_some_and(|plan| plan.files == asked));
            if same == Some(true) {
                self.held.try_set(held.map(|files| files.len()));
            }
        });
    }

    pub(super) fn making(self) -> Option<Making> {
        self.making.get()
    }

    /// Whether the folder waits for a touch of the person.
    pub(super) fn wants_permission(self) -> bool {
        !self.allowed.get() && self.folder.with(Option::is_some)
    }

    /// Lets the person choose a folder, and writes a first file: so it is seen at once whether it works.
    pub(super) fn choose(self) {
        let Some(id) = workspace(self.session) else { return };
        spawn_local(async move {
            let Ok(Some(folder)) = folder::choose().await else { return };
            let every = backups::plan(&id).map_or(Every::Day, |plan| plan.every);
            if folder::keep(&id, &folder).await {
                self.keep(&id, Some(Plan::new(every)));
                self.take(folder).await;
                self.begin(&id, true);
            }
        });
    }

    pub(super) fn set_every(self, every: Every) {
        let Some(id) = workspace(self.session) else { return };
        if let Some(plan) = backups::plan(&id) {
            self.keep(&id, Some(Plan { every, ..plan }));
        }
    }

    /// Writes into the folder no more; what lies there stays.
    pub(super) fn stop(self) {
        let Some(id) = workspace(self.session) else { return };
        self.keep(&id, None);
        self.folder.set(None);
        spawn_local(async move { folder::forget(&id).await });
    }

    /// Asks for the permission if it is lacking, and writes one now.
    pub(super) fn write_now(self) {
        let (Some(id), Some(folder)) = (workspace(self.session), self.folder.get_untracked()) else { return };
        spawn_local(async move {
            let allowed = folder.is_allowed().await || folder.ask().await;
            self.allowed.try_set(allowed);
            if allowed {
                self.begin(&id, true);
            }
        });
    }

    fn is_due(self) -> bool {
        let standing = |plan: &Plan| self.standing(plan);
        self.plan.with(|plan| plan.as_ref().is_some_and(|plan| plan.is_due(standing(plan))))
    }

    fn standing(self, plan: &Plan) -> Standing {
        let now_ms = clock::now_ms();
        let page = self.page.try_get_untracked().flatten().unwrap_or_default();
        let days = plan.last_ms.map_or(0, |last| clock::days_between(last, now_ms));
        Standing { now_ms, days, mark: page.mark, unsent: page.unsent }
    }

    fn begin(self, id: &str, asked: bool) {
        let Some(folder) = self.folder.try_get_untracked().flatten() else { return };
        let (id, name) = (id.to_owned(), format!("satchel-backup {id}"));
        spawn_local(async move {
            let work = async move {
                // Another tab may have been faster.
                let due = backups::plan(&id).filter(|plan| asked || plan.is_due(self.standing(plan)));
                match due {
                    Some(plan) => self.write(&id, &folder, plan).await,
                    None => drop(self.plan.try_set(backups::plan(&id))),
                }
            };
            alone(&name, work).await;
        });
    }

    async fn write(self, id: &str, folder: &Folder, mut plan: Plan) {
        let standing = self.standing(&plan);
        let allowed = folder.is_allowed().await;
        self.allowed.try_set(allowed);
        plan.tried_ms = if allowed { standing.now_ms } else { 0 };
        match self.written(id, folder, &mut plan, allowed).await {
            Ok(Some(file)) => {
                // It was written into just now: what is not there is gone, and no longer one of those that are kept.
                if let Some(there) = held(folder, plan.files.clone()).await {
                    plan.files = there;
                }
                for old in plan.wrote(file, standing.now_ms, standing.mark) {
                    folder.remove(&old).await;
                }
                let habit = Habit { last_ms: Some(standing.now_ms), ..backups::habit(id) };
                backups::keep(id, habit);
                self.habit.try_set(Some(habit));
                self.held.try_set(Some(plan.files.len()));
                self.session.act_quietly(Command::KeptBackup);
            }
            Ok(None) => {}
            // What is known already is not told again with each look.
            Err(why) if plan.failed.is_some_and(|(_, known)| known == why) && !allowed => {}
            Err(why) => plan.failed = Some((standing.now_ms, why)),
        }
        // It may have been stopped or chosen anew meanwhile.
        if let Some(kept) = backups::plan(id) {
            self.keep(id, Some(Plan { every: kept.every, begun: None, ..plan }));
        }
    }

    /// The file, when it lies there whole; `None` where it was stopped.
    async fn written(
        self,
        id: &str,
        folder: &Folder,
        plan: &mut Plan,
        allowed: bool,
    ) -> Result<Option<Written>, Trouble> {
        if !allowed {
            return Err(Trouble::Permission);
        }
        let name = folder.free(&file::timed("satchel", plan.tried_ms), ENDING).await?;
        if let Some(left) = plan.begun.replace(name.clone()) {
            folder.drop_begun(&left).await;
        }
        self.keep(id, Some(plan.clone()));
        match self.make().await {
            Ok(content) => folder.write(&name, &content).await.map(Some),
            Err(FailureCode::Cancelled) => Ok(None),
            Err(FailureCode::Locked) => {
                plan.tried_ms = 0;
                Ok(None)
            }
            Err(_) => Err(Trouble::Other),
        }
    }

    /// A backup, as the browser holds it: nothing is in the folder before all of it is sealed.
    async fn make(self) -> Result<Blob, FailureCode> {
        let pieces = Pieces::default();
        let taken = pieces.clone();
        let running = self.session.run_into(Command::BackUp, move |bytes| taken.take(bytes));
        self.making.try_set(Some(Making::of(&running)));
        let ended = running.await;
        self.making.try_set(None);
        match ended.map_err(|failure| failure.code)?.outcome {
            Outcome::BackedUp(_) => pieces.whole().ok_or(FailureCode::OutOfMemory),
            _ => Err(FailureCode::Internal),
        }
    }

    /// Tells only what is new: whoever hears of a plan looks whether something is due.
    fn keep(self, id: &str, plan: Option<Plan>) {
        backups::keep_plan(id, plan.clone());
        if self.plan.try_with_untracked(|known| *known != plan) == Some(true) {
            self.plan.try_set(plan);
        }
    }
}

/// Those of these files that are in the folder as they were written; `None` where that cannot be told.
async fn held(folder: &Folder, files: Vec<Written>) -> Option<Vec<Written>> {
    let mut there = Vec::new();
    for file in files {
        if folder.holds(&file).await? {
            there.push(file);
        }
    }
    Some(there)
}

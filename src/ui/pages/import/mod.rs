//! Bringing files in: choose, look and correct, bring in, see what came of it. Nothing is written
//! before the person says so, and everything can be taken back as a whole.

mod choose;
mod column;
mod file;
mod options;
mod preview;
mod problems;
mod report;
mod running;
mod steps;
mod targets;
mod words;

use self::choose::Choose;
use self::file::FileCard;
use self::report::Report;
use self::running::{Reading, Running};
use self::steps::{OnAndBack, Stage, Steps, stage};
use crate::port::{
    Command, Failure, FailureCode, FilePlan, FileRole, ImportId, ImportReport, InspectedFile, Inspection,
    Outcome, Progress, UndoToken,
};
use crate::ui::components::{Button, Kind};
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::incoming::{Opened, use_incoming};
use crate::ui::platform::intl::{Format, use_format};
use crate::ui::platform::{clock, dom};
use crate::ui::session::{Cancel, Ended, Said, Session, use_session};
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Where in the work.
#[derive(Clone)]
enum Step {
    Choose,
    Reading { progress: ArcReadSignal<Option<Progress>>, cancel: Cancel },
    Look(Inspection),
    Running { progress: ArcReadSignal<Option<Progress>>, cancel: Cancel, begun_ms: i64 },
    Done { report: ImportReport, undo: Option<UndoToken> },
}

/// The work, as the steps share it. It goes on while another screen is shown.
#[derive(Clone, Copy)]
struct Work {
    session: Session,
    locale: Signal<Locale>,
    format: Format,
    /// Whether its screen is shown.
    shown: RwSignal<bool>,
    step: RwSignal<Step>,
    /// How far the person has come in looking, where there is no room for all of it at once.
    stage: RwSignal<Stage>,
    /// How each file is read, in the order of the files.
    plans: RwSignal<Vec<FilePlan>>,
    failed: RwSignal<Option<FailureCode>>,
}

impl Step {
    /// Whether a file is looked at; `None` once it is brought in.
    fn looks(&self) -> Option<bool> {
        match self {
            Self::Choose | Self::Reading { .. } => Some(false),
            Self::Look(_) => Some(true),
            Self::Running { .. } | Self::Done { .. } => None,
        }
    }
}

impl Work {
    fn read(self, files: &[web_sys::File]) {
        if files.is_empty() {
            return;
        }
        self.failed.set(None);
        let running = self.session.run_with(Command::InspectFiles, files);
        self.step.set(Step::Reading { progress: running.progress(), cancel: running.cancel() });
        spawn_local(async move {
            match running.await.map(|done| done.outcome) {
                Ok(Outcome::Inspected(inspection)) => {
                    self.stage.try_set(Stage::File);
                    self.plans.try_set(inspection.files.iter().map(|file| file.plan.clone()).collect());
                    self.step.try_set(Step::Look(inspection));
                }
                ended => self.stopped(ended.err()),
            }
        });
    }

    /// Looks at another sheet of a workbook; what was said of the other files stays.
    fn choose_sheet(self, import: ImportId, index: usize, sheet: u32) {
        let Step::Look(before) = self.step.get_untracked() else { return };
        self.failed.set(None);
        let file = u32::try_from(index).unwrap_or(u32::MAX);
        let running = self.session.run(Command::ChooseSheet { import, file, sheet });
        self.step.set(Step::Reading { progress: running.progress(), cancel: running.cancel() });
        spawn_local(async move {
            match running.await.map(|done| done.outcome) {
                Ok(Outcome::Inspected(inspection)) => {
                    self.plans.try_update(|plans| {
                        if let Some((plan, file)) = plans.get_mut(index).zip(inspection.files.get(index)) {
                            *plan = file.plan.clone();
                        }
                    });
                    self.step.try_set(Step::Look(inspection));
                }
                ended => {
                    self.failed.try_set(ended.err().and_then(unwanted));
                    self.step.try_set(Step::Look(before));
                }
            }
            request_animation_frame(|| dom::focus_first(".impf-s select"));
        });
    }

    fn bring_in(self, inspection: Inspection) {
        self.failed.set(None);
        let plans = self.plans.get_untracked();
        let running = self.session.run(Command::Import { import: inspection.import, plans });
        let (progress, cancel) = (running.progress(), running.cancel());
        self.step.set(Step::Running { progress, cancel, begun_ms: clock::now_ms() });
        spawn_local(async move { self.ended(running.await, inspection) });
    }

    /// The workspace may be closed by now; the import has ended either way.
    fn ended(self, ended: Ended, inspection: Inspection) {
        match ended {
            Ok(done) => match done.outcome {
                Outcome::Imported(report) => {
                    self.tell(&report, done.undo);
                    self.failed.try_set(report.failed);
                    self.step.try_set(Step::Done { report, undo: done.undo });
                }
                _ => self.stopped(None),
            },
            Err(failure) => {
                if self.is_elsewhere() {
                    self.session.toasts().failed(&failure);
                }
                self.failed.try_set(Some(failure.code));
                self.step.try_set(Step::Look(inspection));
            }
        }
    }

    /// Whoever went to another screen is told at its edge. In the list of what was done lately it stands in any case:
    /// it can be taken back after its screen was left.
    fn tell(self, report: &ImportReport, undo: Option<UndoToken>) {
        let Some(locale) = self.locale.try_get_untracked() else { return };
        let said = Said::new(report::title(locale, report)).about(report::rows(locale, self.format, report));
        match self.is_elsewhere() {
            true => self.session.toasts().say(said, undo),
            false => self.session.toasts().note(said, undo),
        }
    }

    /// Whether another screen of the open workspace is shown.
    fn is_elsewhere(self) -> bool {
        self.shown.try_get_untracked() == Some(false)
    }

    fn arrive(self) {
        self.shown.set(true);
    }

    /// What is under way goes on, and waits here with its end; what was only looked at is given back.
    fn leave(self) {
        if self.shown.try_set(false).is_some() {
            return;
        }
        if !matches!(self.step.get_untracked(), Step::Reading { .. } | Step::Running { .. }) {
            self.failed.set(None);
            self.begin_again();
        }
    }

    fn stopped(self, failure: Option<Failure>) {
        self.failed.try_set(failure.and_then(unwanted));
        self.step.try_set(Step::Choose);
    }

    fn begin_again(self) {
        if let Step::Look(inspection) = self.step.get_untracked() {
            self.session.act_quietly(Command::DropImport { import: inspection.import });
        }
        self.step.set(Step::Choose);
    }
}

/// What failed without being asked to: whoever stopped the reading of a file knows it.
fn unwanted(failure: Failure) -> Option<FailureCode> {
    Some(failure.code).filter(|code| *code != FailureCode::Cancelled)
}

/// The work of the open workspace; to be provided once, above the screens.
pub fn provide_import() {
    let i18n = use_i18n();
    provide_context(Work {
        session: use_session(),
        locale: Signal::derive(move || i18n.get_locale()),
        format: use_format(),
        shown: RwSignal::new(false),
        step: RwSignal::new(Step::Choose),
        stage: RwSignal::new(Stage::File),
        plans: RwSignal::new(Vec::new()),
        failed: RwSignal::new(None),
    });
}

/// The screen.
#[component]
pub fn Import() -> impl IntoView {
    let i18n = use_i18n();
    let work: Work = expect_context();
    work.arrive();
    on_cleanup(move || work.leave());
    let stage = stage(work);
    let incoming = use_incoming();
    let busy = Memo::new(move |_| work.step.with(|step| matches!(step, Step::Running { .. })));
    Effect::new(move || {
        if incoming.waits() == Some(Opened::Table) && !busy.get() {
            work.read(&incoming.take(Opened::Table));
        }
    });
    let scroll = NodeRef::<html::Div>::new();
    Effect::new(move |before: Option<Stage>| {
        let now = stage.get();
        if before.is_some_and(|before| before != now)
            && let Some(scroll) = scroll.get_untracked()
        {
            request_animation_frame(move || scroll.set_scroll_top(0));
        }
        now
    });
    view! {
        <main class="pane pane-sync pane-strip">
            <TopBar title=text!(i18n, import.title) />
            <OfflineStrip />
            <div class="scroll" tabindex="0" node_ref=scroll role="region" aria-label=text!(i18n, import.title)>
                <div class=move || stage.get().class()>
                    <Steps stage />
                    <Failed failed=work.failed />
                    {move || match work.step.get() {
                        Step::Choose => view! { <Choose work /> }.into_any(),
                        Step::Reading { progress, cancel } => view! { <Reading progress cancel /> }.into_any(),
                        Step::Look(inspection) => view! { <Look work inspection /> }.into_any(),
                        Step::Running { progress, cancel, begun_ms } => {
                            view! { <Running progress cancel begun_ms /> }.into_any()
                        }
                        Step::Done { report, undo } => view! { <Report work report undo /> }.into_any(),
                    }}
                </div>
            </div>
        </main>
    }
}

#[component]
fn Look(work: Work, inspection: Inspection) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let import = inspection.import;
    let files = inspection.files.clone();
    let sizes: Vec<(u64, bool)> = files.iter().map(|file| (file.rows, file.unusable.is_none())).collect();
    let rows = Memo::new(move |_| work.plans.with(|plans| rows_to_bring_in(plans, &sizes)));
    let words = move || match rows.get() {
        0 => t_string!(i18n, import.act.nothing).to_owned(),
        rows => t_string!(i18n, import.act.import, count = format.count(rows)).to_string(),
    };
    let go = move |_| work.bring_in(inspection.clone());
    let card = move |(index, file): (usize, InspectedFile)| view! { <FileCard work import index file /> };
    view! {
        {files.into_iter().enumerate().map(card).collect_view()}
        <OnAndBack work />
        <div class="imp-do imp-go">
            <Button kind=Kind::Primary on_press=go disabled=Signal::derive(move || rows.get() == 0)>{words}</Button>
            <Button kind=Kind::Quiet on_press=move |_| work.begin_again()>{text!(i18n, import.act.another)}</Button>
        </div>
    }
}

fn rows_to_bring_in(plans: &[FilePlan], sizes: &[(u64, bool)]) -> u64 {
    let wanted = |(plan, (rows, usable)): (&FilePlan, &(u64, bool))| {
        if *usable && plan.role != FileRole::Skip { *rows } else { 0 }
    };
    plans.iter().zip(sizes).map(wanted).sum()
}

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
mod targets;
mod words;

use self::choose::Choose;
use self::file::FileCard;
use self::report::Report;
use self::running::Running;
use crate::port::{
    Command, Failure, FilePlan, FileRole, ImportReport, InspectedFile, Inspection, Outcome, Progress,
    UndoToken,
};
use crate::ui::components::{Button, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::incoming::{Opened, use_incoming};
use crate::ui::platform::intl::use_format;
use crate::ui::session::{Cancel, Ended, Session, use_session};
use crate::ui::shell::{OfflineStrip, TopBar};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Where in the work.
#[derive(Clone)]
enum Step {
    Choose,
    Reading,
    Look(Inspection),
    Running { progress: ArcReadSignal<Option<Progress>>, cancel: Cancel },
    Done { report: ImportReport, undo: Option<UndoToken> },
}

/// The work, as the steps share it.
#[derive(Clone, Copy)]
pub(super) struct Work {
    session: Session,
    step: RwSignal<Step>,
    /// How each file is read, in the order of the files.
    plans: RwSignal<Vec<FilePlan>>,
    failed: RwSignal<Option<crate::port::FailureCode>>,
}

impl Work {
    fn read(self, files: &[web_sys::File]) {
        if files.is_empty() {
            return;
        }
        self.failed.set(None);
        self.step.set(Step::Reading);
        let running = self.session.run_with(Command::InspectFiles, files);
        spawn_local(async move {
            match running.await.map(|done| done.outcome) {
                Ok(Outcome::Inspected(inspection)) => {
                    self.plans.try_set(inspection.files.iter().map(|file| file.plan.clone()).collect());
                    self.step.try_set(Step::Look(inspection));
                }
                ended => self.stopped(ended.err()),
            }
        });
    }

    fn bring_in(self, inspection: Inspection) {
        self.failed.set(None);
        let plans = self.plans.get_untracked();
        let running = self.session.run(Command::Import { import: inspection.import, plans });
        self.step.set(Step::Running { progress: running.progress(), cancel: running.cancel() });
        spawn_local(async move { self.ended(running.await, inspection) });
    }

    /// The screen may be gone by now; the import has ended either way.
    fn ended(self, ended: Ended, inspection: Inspection) {
        match ended {
            Ok(done) => match done.outcome {
                Outcome::Imported(report) => {
                    self.failed.try_set(report.failed);
                    self.step.try_set(Step::Done { report, undo: done.undo });
                }
                _ => self.stopped(None),
            },
            Err(failure) => {
                self.failed.try_set(Some(failure.code));
                self.step.try_set(Step::Look(inspection));
            }
        }
    }

    fn stopped(self, failure: Option<Failure>) {
        self.failed.try_set(failure.map(|failure| failure.code));
        self.step.try_set(Step::Choose);
    }

    fn begin_again(self) {
        if let Step::Look(inspection) = self.step.get_untracked() {
            self.session.act_quietly(Command::DropImport { import: inspection.import });
        }
        self.step.set(Step::Choose);
    }
}

/// The screen.
#[component]
pub fn Import() -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let work = Work {
        session,
        step: RwSignal::new(Step::Choose),
        plans: RwSignal::new(Vec::new()),
        failed: RwSignal::new(None),
    };
    on_cleanup(move || {
        if let Some(Step::Look(inspection)) = work.step.try_get_untracked() {
            session.act_quietly(Command::DropImport { import: inspection.import });
        }
    });
    let incoming = use_incoming();
    Effect::new(move || {
        if incoming.waits() == Some(Opened::Table) {
            work.read(&incoming.take(Opened::Table));
        }
    });
    view! {
        <main class="pane pane-sync pane-strip">
            <TopBar title=text!(i18n, import.title) />
            <OfflineStrip />
            <div class="scroll" tabindex="0" role="region" aria-label=text!(i18n, import.title)>
                <div class="imp">
                    <Failed failed=work.failed />
                    {move || match work.step.get() {
                        Step::Choose => view! { <Choose work reading=false /> }.into_any(),
                        Step::Reading => view! { <Choose work reading=true /> }.into_any(),
                        Step::Look(inspection) => view! { <Look work inspection /> }.into_any(),
                        Step::Running { progress, cancel } => view! { <Running progress cancel /> }.into_any(),
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
        <div class="imp-do">
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

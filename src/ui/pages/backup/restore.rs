//! Bringing a backup in, step by step: choose, verify, look, merge or replace, done.

use super::preview::Preview;
use super::words::{fault_mend, fault_words};
use crate::port::{
    BackupFault, BackupId, BackupPreview, Command, FailureCode, Outcome, Progress, RestoreReport, RestoreWay,
    Secret, UndoToken,
};
use crate::ui::components::{Button, Icon, Kind, ProgressLine};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::intl::use_format;
use crate::ui::session::{Cancel, Ended, Session};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::File;

/// Where in the work.
#[derive(Clone)]
enum Step {
    Choose,
    Verifying { progress: ArcReadSignal<Option<Progress>>, cancel: Cancel },
    Refused { fault: BackupFault, bytes: u64 },
    Look(BackupPreview),
    Running { progress: ArcReadSignal<Option<Progress>>, cancel: Cancel },
    Done { report: RestoreReport, undo: Option<UndoToken> },
}

/// The work, as the steps share it.
#[derive(Clone, Copy)]
pub struct RestoreWork {
    session: Session,
    locale: Signal<Locale>,
    step: RwSignal<Step>,
    failed: RwSignal<Option<FailureCode>>,
    /// What opens the file, on a device without a workspace.
    entry: Option<Entry>,
}

/// What a device without a workspace needs: asked beside the file, and told of the end.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Gives device code and passphrase; `None` while something is lacking.
    pub secrets: Callback<(), Option<(Secret, Secret)>>,
    /// The workspace is about to be made.
    pub on_begin: Callback<()>,
    /// It was not.
    pub on_failed: Callback<()>,
    /// It was, and everything is here.
    pub on_done: Callback<()>,
}

impl RestoreWork {
    /// Nothing is chosen yet.
    pub fn new(session: Session, entry: Option<Entry>) -> Self {
        let i18n = use_i18n();
        let locale = Signal::derive(move || i18n.get_locale());
        let (step, failed) = (RwSignal::new(Step::Choose), RwSignal::new(None));
        let work = Self { session, locale, step, failed, entry };
        on_cleanup(move || {
            if let Some(Step::Look(preview)) = work.step.try_get_untracked() {
                work.drop_file(preview.backup);
            }
        });
        work
    }

    fn drop_file(self, backup: BackupId) {
        self.session.act_quietly(Command::DropBackup { backup });
    }

    pub(super) fn verify(self, file: &File) {
        let opened_by = match self.entry.map(|entry| entry.secrets.run(())) {
            Some(None) => return,
            found => found.flatten(),
        };
        self.failed.set(None);
        let bytes = file.size() as u64;
        let running = self.session.run_with(Command::InspectBackup { opened_by }, std::slice::from_ref(file));
        self.step.set(Step::Verifying { progress: running.progress(), cancel: running.cancel() });
        spawn_local(async move {
            let next = match running.await.map(|done| done.outcome) {
                Ok(Outcome::BackupVerified(preview)) => Step::Look(preview),
                Ok(Outcome::BackupRefused(fault)) => Step::Refused { fault, bytes },
                ended => {
                    self.failed.try_set(ended.err().map(|failure| failure.code));
                    Step::Choose
                }
            };
            self.step.try_set(next);
        });
    }

    pub(super) fn bring_in(self, preview: BackupPreview, way: RestoreWay) {
        self.failed.set(None);
        if let Some(entry) = self.entry {
            entry.on_begin.run(());
        }
        let running = self.session.run(Command::RestoreBackup { backup: preview.backup, way });
        self.step.set(Step::Running { progress: running.progress(), cancel: running.cancel() });
        spawn_local(async move { self.ended(running.await) });
    }

    /// The screen may be gone by now; the restore has ended either way.
    fn ended(self, ended: Ended) {
        match ended {
            Ok(done) => {
                if let Outcome::Restored(report) = done.outcome {
                    self.note(done.undo);
                    self.step.try_set(Step::Done { report, undo: done.undo });
                }
            }
            Err(failure) => {
                if let Some(entry) = self.entry {
                    entry.on_failed.try_run(());
                }
                self.failed.try_set(Some(failure.code));
                self.step.try_set(Step::Choose);
            }
        }
    }

    /// It can be taken back after its screen was left, out of the list of what was done lately.
    fn note(self, undo: Option<UndoToken>) {
        if let Some(locale) = self.locale.try_get_untracked().filter(|_| undo.is_some()) {
            self.session.toasts().note(td_string!(locale, backup.done.title), undo);
        }
    }

    pub(super) fn begin_again(self) {
        if let Step::Look(preview) = self.step.get_untracked() {
            self.drop_file(preview.backup);
        }
        self.step.set(Step::Choose);
    }
}

/// The steps.
#[component]
pub fn RestoreSteps(work: RestoreWork) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Failed failed=work.failed />
        {move || match work.step.get() {
            Step::Choose => view! { <Choose work /> }.into_any(),
            Step::Verifying { progress, cancel } => {
                let words = text!(i18n, backup.restore.verifying);
                view! { <Going progress cancel words /> }.into_any()
            }
            Step::Refused { fault, bytes } => view! { <Refused work fault bytes /> }.into_any(),
            Step::Look(preview) => view! { <Preview work preview=preview fresh=work.entry.is_some() /> }.into_any(),
            Step::Running { progress, cancel } => {
                let words = text!(i18n, backup.restore.running);
                view! { <Going progress cancel words /> }.into_any()
            }
            Step::Done { report, undo } => view! { <Report work report undo /> }.into_any(),
        }}
    }
}

#[component]
fn Choose(work: RestoreWork) -> impl IntoView {
    let i18n = use_i18n();
    let input = NodeRef::<html::Input>::new();
    let picked = move |_| {
        if let Some(input) = input.get_untracked() {
            if let Some(file) = input.files().and_then(|files| files.item(0)) {
                work.verify(&file);
            }
            // The same file can be chosen again.
            input.set_value("");
        }
    };
    let pick = move |_| {
        if let Some(input) = input.get_untracked() {
            work.session.choosing();
            input.click();
        }
    };
    view! {
        <section class="card impf">
            <p class="k">{text!(i18n, backup.restore.text)}</p>
            <input class="sr" type="file" accept=".satchel,.bin" tabindex="-1" aria-label=text!(i18n, backup.restore.choose) node_ref=input on:change=picked />
            <div class="imp-do">
                <Button icon="import" on_press=pick>{text!(i18n, backup.restore.choose)}</Button>
            </div>
        </section>
    }
}

#[component]
fn Going(progress: ArcReadSignal<Option<Progress>>, cancel: Cancel, words: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let progress = Signal::derive(move || progress.get());
    view! {
        <section class="card impf">
            <ProgressLine progress text=words cancel_word=text!(i18n, common.stop) on_cancel=Callback::new(move |()| cancel.now()) />
        </section>
    }
}

#[component]
fn Refused(work: RestoreWork, fault: BackupFault, bytes: u64) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    view! {
        <section class="card impf" role="alert">
            <div class="imp-t safe-no"><Icon name="alert" /><h3>{move || fault_words(i18n.get_locale(), format, fault, bytes)}</h3></div>
            <p class="k">{move || fault_mend(i18n.get_locale(), fault)}</p>
            <p class="k">{text!(i18n, backup.fault.nothing)}</p>
            <div class="imp-do">
                <Button on_press=move |_| work.begin_again()>{text!(i18n, backup.restore.another)}</Button>
            </div>
        </section>
    }
}

#[component]
fn Report(work: RestoreWork, report: RestoreReport, undo: Option<UndoToken>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let RestoreReport { new, newer, set_back, trashed, cancelled } = report;
    let title = move || {
        if cancelled { t_string!(i18n, backup.done.stopped) } else { t_string!(i18n, backup.done.title) }
    };
    let take_back = move |token| {
        work.session.undo_saying(token, t_string!(i18n, backup.done.undone));
        work.step.set(Step::Choose);
    };
    let number = move |count: u32, words: Signal<String>| {
        view! { <div class="tot"><dd class="num">{move || format.number(count)}</dd><dt>{move || words.get()}</dt></div> }
    };
    view! {
        <section class="card impf" role="status">
            <div class="imp-t"><Icon name=if cancelled { "pause" } else { "check" } /><h3>{title}</h3></div>
            <dl class="tots">
                {number(new, text!(i18n, backup.done.new))}
                {number(newer, text!(i18n, backup.done.newer))}
                {number(set_back, text!(i18n, backup.done.set_back))}
                {number(trashed, text!(i18n, backup.done.trashed))}
            </dl>
            <div class="imp-do">
                {match work.entry {
                    Some(entry) => {
                        view! { <Button kind=Kind::Primary on_press=move |_| entry.on_done.run(())>{text!(i18n, backup.done.begin)}</Button> }.into_any()
                    }
                    None => view! { <Button on_press=move |_| work.begin_again()>{text!(i18n, backup.restore.another)}</Button> }.into_any(),
                }}
                {undo.map(|token| {
                    view! {
                        <Show when=move || !work.session.toasts().is_undone(token)>
                            <Button kind=Kind::Quiet icon="undo" on_press=move |_| take_back(token)>{text!(i18n, backup.done.undo)}</Button>
                        </Show>
                    }
                })}
            </div>
        </section>
    }
}

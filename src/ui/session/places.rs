//! Several workspaces on one device: which one this tab shows, going to another, adding one, forgetting one.

use super::Session;
use crate::port::{Command, FailureCode, SampleSize, Session as Phase, WorkspaceRef};
use crate::ui::platform::tabs::Told;
use crate::ui::platform::{backups, settings, workspaces};
use leptos::prelude::*;

/// What is being added to the workspaces of this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adding {
    /// The person is still to say how.
    Any,
    /// An empty one of her own.
    Own,
    /// A sample of this size.
    Sample(SampleSize),
}

impl Session {
    /// The workspaces of this device, as far as they are known.
    pub fn places(self) -> Signal<Vec<WorkspaceRef>> {
        self.places.into()
    }

    /// The one that this tab shows or would open.
    pub fn chosen(self) -> Option<WorkspaceRef> {
        self.chosen.get()
    }

    /// Whether this tab shows made-up records, or would.
    pub fn is_sample(self) -> bool {
        self.chosen.with(|chosen| chosen.as_ref().is_some_and(WorkspaceRef::is_sample))
    }

    /// What is being added, if anything is.
    pub fn adding(self) -> Option<Adding> {
        self.adding.get()
    }

    /// Locks this tab and shows another workspace's lock screen.
    pub fn go_to(self, workspace: &WorkspaceRef) {
        workspaces::choose(workspace);
        self.begin_anew(None);
    }

    /// Opens another workspace in place of this one, without the passphrase where both are of one account; else as
    /// [`Self::go_to`].
    pub fn switch_to(self, workspace: &WorkspaceRef) {
        let is_open = matches!(self.phase.get_untracked(), Some(Phase::Open { .. }));
        let workspace = workspace.clone();
        if !is_open
            || workspace.is_sample()
            || self.chosen.with_untracked(|it| it.as_ref().is_some_and(WorkspaceRef::is_sample))
        {
            return self.go_to(&workspace);
        }
        let command = Command::SwitchTo { workspace: workspace.clone() };
        self.dispatch(command, move |ended| {
            if ended.is_err() {
                self.go_to(&workspace);
            }
        });
    }

    /// Locks this tab and shows the ways to a workspace that is not here yet.
    pub fn add(self, what: Adding) {
        self.begin_anew(Some(what));
    }

    /// Back to the workspace that was shown before.
    pub fn stop_adding(self) {
        self.begin_anew(None);
    }

    /// Forgets a workspace whose data is gone: another one is shown, or the welcome.
    pub fn forget(self) {
        if let Some(gone) = self.chosen.get_untracked() {
            workspaces::forget(&gone.id);
        }
        self.begin_anew(None);
    }

    /// The workspace was removed from this device: nothing of it is remembered, here or in other tabs.
    pub fn removed(self, id: &str) {
        self.forget_all(id);
        self.begin_anew(None);
    }

    fn forget_all(self, id: &str) {
        backups::forget(id);
        settings::forget_waiting(id);
        workspaces::forget(id);
        self.core.with_value(|core| core.tell_tabs(Told::One(id)));
    }

    /// Ends the engine with all keys, in this tab only, and starts one for what is shown from now on.
    fn begin_anew(self, adding: Option<Adding>) {
        self.adding.set(adding);
        self.look_up_places();
        self.end_engine_for(None);
    }

    pub(super) fn look_up_places(self) {
        self.places.set(workspaces::list());
        self.chosen.set(workspaces::chosen());
    }

    /// Another tab locked or removed something.
    pub(super) fn locked_elsewhere(self, told: Told) {
        let shown = self.chosen.get_untracked();
        if !shown.is_some_and(|shown| concerns(told, &shown)) {
            return;
        }
        let is_gone = |id: &str| !workspaces::list().iter().any(|known| known.id == id);
        if matches!(told, Told::One(id) if is_gone(id)) {
            self.begin_anew(None);
        } else if matches!(self.phase.get_untracked(), Some(Phase::Open { .. })) {
            self.seal();
        }
    }

    pub(super) fn found(self, found: &[WorkspaceRef]) {
        workspaces::found(found);
        self.look_up_places();
    }

    fn shows_another_than(self, workspace: &WorkspaceRef) -> bool {
        self.phase.with_untracked(
            |phase| matches!(phase, Some(Phase::Open { workspace: shown }) if shown.id != workspace.id),
        )
    }

    pub(super) fn opened_or_not(self, phase: Phase) {
        match &phase {
            Phase::Open { workspace } => {
                // What can be taken back of another workspace is not this one's.
                if self.shows_another_than(workspace) {
                    self.toasts.clear();
                }
                workspaces::choose(workspace);
                self.adding.set(None);
                self.look_up_places();
            }
            // It may have been found without having been asked for.
            Phase::Locked { workspace, .. } => {
                workspaces::choose(workspace);
                self.adding.set(None);
                self.look_up_places();
            }
            Phase::Erased { workspace, .. } => {
                self.forget_all(&workspace.id);
                self.toasts.clear();
            }
            // It goes as soon as the browser lets it, and was not lost then.
            Phase::Unusable(FailureCode::NotErased) => {
                self.chosen.get_untracked().iter().for_each(|gone| self.forget_all(&gone.id));
            }
            Phase::None | Phase::Lost { .. } | Phase::Unusable(_) => {}
        }
        self.phase.set(Some(phase));
    }
}

/// Whether what another tab locked is what this one shows. All workspaces of an account are open to whoever has one of
/// them open, so that a lock by hand is one for all; a sample is nobody's.
fn concerns(told: Told, shown: &WorkspaceRef) -> bool {
    match told {
        Told::One(id) => shown.id == id,
        Told::Every => !shown.is_sample(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_by_hand_locks_every_workspace_but_a_sample_r44() {
        let north = WorkspaceRef { id: "satchel-north".into(), name: "North".into() };
        let sample = WorkspaceRef { id: WorkspaceRef::SAMPLE.into(), name: "Sample".into() };
        assert!(concerns(Told::Every, &north) && !concerns(Told::Every, &sample));
        for (told, shown, meant) in [
            ("satchel-north", &north, true),
            ("satchel-south", &north, false),
            (WorkspaceRef::SAMPLE, &sample, true),
            ("satchel-north", &sample, false),
        ] {
            assert_eq!(concerns(Told::One(told), shown), meant, "{told}");
        }
    }
}

//! Commands that are stopped while they are under way.

use super::super::files::TextFile;
use super::Tab;
use crate::port::{Command, Done, Failure, Request, Stage};

impl Tab {
    /// Runs a command, and stops it when it has come to a stage, or the one before the stage is over.
    pub(in crate::engine::tests) async fn cancelled_at(
        &self,
        command: Command,
        stage: Stage,
    ) -> Result<Done, Failure> {
        self.cancelled_with(command, Vec::new(), stage).await
    }

    /// The same for a command with files.
    pub(in crate::engine::tests) async fn cancelled_with(
        &self,
        command: Command,
        files: Vec<TextFile>,
        stage: Stage,
    ) -> Result<Done, Failure> {
        let id = self.id();
        self.engine.handle(Request::Do { id, command }, files);
        self.until(|said| {
            said.done.contains_key(&id) || said.stages.get(&id) == Some(&stage) || said.session_is_open()
        })
        .await;
        self.engine.handle(Request::Cancel { id }, Vec::new());
        self.until(|said| said.done.contains_key(&id)).await;
        self.said.borrow_mut().done.remove(&id).expect("waited for")
    }
}

//! Programs that a test started: each is ended by its own id, whatever happens to the test.

use crate::Outcome;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A running program; dropping it kills it.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

impl Running {
    /// Starts `command` and waits for the line of its output in which `ready` finds something.
    pub fn start<T: Send + 'static>(
        mut command: Command,
        patience: Duration,
        ready: impl Fn(&str) -> Option<T> + Send + 'static,
    ) -> Outcome<(Self, T)> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let said = child.stdout.take();
        let running = Self { child };
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            // Read to the end: a full pipe would stop the program.
            for line in said.into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok) {
                if let Some(found) = ready(&line) {
                    drop(tell.send(found));
                }
            }
        });
        let found = told.recv_timeout(patience).map_err(|_| format!("{name} did not start"))?;
        Ok((running, found))
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) -> Outcome {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Ends a process at once by its id; one that is gone already is fine.
pub fn end(id: i32) {
    let _gone = kill(Pid::from_raw(id), Signal::SIGKILL);
}

/// Whether a process is there.
pub fn is_there(id: i32) -> bool {
    kill(Pid::from_raw(id), None).is_ok()
}

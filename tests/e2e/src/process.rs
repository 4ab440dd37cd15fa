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

    /// Starts `command`, which says nothing that is waited for.
    pub fn silent(mut command: Command) -> Outcome<Self> {
        Ok(Self { child: command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()? })
    }

    /// Its id.
    pub fn id(&self) -> i32 {
        self.child.id().cast_signed()
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

/// Asks a process to end by its id, as a system does that is shut down.
pub fn ask_to_end(id: i32) {
    let _gone = kill(Pid::from_raw(id), Signal::SIGTERM);
}

/// A process and everything that it started, itself first.
pub fn tree(id: i32) -> Vec<i32> {
    let parents: Vec<(i32, i32)> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|child| Some((child, parent(child)?)))
        .collect();
    let mut found = vec![id];
    let mut at = 0;
    while let Some(one) = found.get(at).copied() {
        found.extend(parents.iter().filter(|(_, parent)| *parent == one).map(|(child, _)| *child));
        at += 1;
    }
    found
}

/// Who started a process. Its name, in brackets, may hold anything.
fn parent(id: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// What a process was started with; empty when it is gone.
pub fn command_line(id: i32) -> String {
    let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).replace('\0', " ")
}

/// Stops a process where it stands, or lets it go on.
pub fn freeze(id: i32, frozen: bool) {
    let signal = if frozen { Signal::SIGSTOP } else { Signal::SIGCONT };
    let _gone = kill(Pid::from_raw(id), signal);
}

/// Whether a process is there.
pub fn is_there(id: i32) -> bool {
    kill(Pid::from_raw(id), None).is_ok()
}

/// Whether a process is there and has not ended: one that nobody has buried yet does not run.
pub fn runs(id: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

//! Runs other programs.

use crate::{Attempt, Failure, Outcome};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// A program with its arguments, run in the workspace.
pub(crate) struct Call {
    command: Command,
    shown: String,
}

impl Call {
    /// `program`, by name or by path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let shown = Path::new(program.as_ref()).file_name().unwrap_or(program.as_ref());
        let shown = shown.to_string_lossy().into_owned();
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self { command, shown }
    }

    /// Cargo, the one that runs this.
    pub(crate) fn cargo() -> Self {
        let mut call = Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        call.shown = "cargo".to_owned();
        call
    }

    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        for arg in args {
            self.shown.push(' ');
            self.shown.push_str(&arg.as_ref().to_string_lossy());
            self.command.arg(arg);
        }
        self
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it elsewhere.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it, showing what it says.
    pub(crate) fn run(mut self) -> Outcome {
        let status = self.command.status().attempt(&self.shown)?;
        self.settle(status.success(), "")
    }

    /// Runs it quietly and returns what it printed; what it complained of is in the failure.
    pub(crate) fn output(mut self) -> Outcome<String> {
        let output = self.command.output().attempt(&self.shown)?;
        self.settle(output.status.success(), &String::from_utf8_lossy(&output.stderr))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it, showing and handing over each line of standard output; `false` when it failed.
    pub(crate) fn lines(mut self, mut hear: impl FnMut(&str)) -> Outcome<bool> {
        let mut child = self.command.stdout(Stdio::piped()).spawn().attempt(&self.shown)?;
        let out = child.stdout.take().map(BufReader::new);
        for line in out.into_iter().flat_map(|out| out.split(b'\n')) {
            let line = line.attempt(&self.shown)?;
            let line = String::from_utf8_lossy(&line);
            crate::say::plain(&line);
            hear(line.trim_end());
        }
        Ok(child.wait().attempt(&self.shown)?.success())
    }

    /// The command, to be started by the caller.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    fn settle(self, good: bool, complaint: &str) -> Outcome {
        if good {
            return Ok(());
        }
        let complaint = complaint.trim();
        let gap = if complaint.is_empty() { "" } else { "\n" };
        Err(Failure(format!("`{}` failed{gap}{complaint}", self.shown)))
    }
}

/// Where `program` lies on the search path.
pub(crate) fn find(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&name)).find(|file| file.is_file())
}

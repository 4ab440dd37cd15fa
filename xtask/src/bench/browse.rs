//! A headless browser over a profile that outlives it.

use crate::command::Call;
use crate::{Attempt, Failure, Outcome, tools};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// As the tests start it; memory is told at once instead of at the next collection of garbage.
const FLAGS: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--enable-blink-features=ForceEagerMeasureMemory",
    "--disable-crash-reporter",
];

/// How long it may take to end.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often is looked whether it has.
const LOOK: Duration = Duration::from_millis(50);

enum Ending {
    Asked,
    Forced,
}

/// A running browser.
pub(super) struct Browser {
    child: Child,
}

impl Browser {
    /// Opens `url` over a profile, which is made if it is not there.
    pub(super) fn open(profile: &Path, url: &str) -> Outcome<Self> {
        let missing = || Failure("a benchmark needs Chromium".to_owned());
        let program = tools::browser().ok_or_else(missing)?.program;
        let mut command = Call::new(program)
            .args(FLAGS)
            .args([format!("--user-data-dir={}", profile.display()), url.to_owned()])
            .into_command();
        // In a group of its own, so that none of its processes stays behind.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().attempt("starting Chromium")?;
        Ok(Self { child })
    }

    /// Fails when the browser is gone.
    pub(super) fn require(&mut self) -> Outcome {
        match self.child.try_wait().attempt("the browser")? {
            Some(status) => Err(Failure(format!("the browser ended before the benchmark: {status}"))),
            None => Ok(()),
        }
    }

    /// Lets it end as a person would, so that its files are as they stay; one that does not is ended.
    pub(super) fn close(mut self) -> Outcome {
        self.signal(Ending::Asked);
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            if self.child.try_wait().attempt("the browser")?.is_some() {
                break;
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    #[cfg(unix)]
    fn signal(&mut self, ending: Ending) {
        use nix::sys::signal::{Signal, kill, killpg};
        let Ok(id) = i32::try_from(self.child.id()) else { return };
        let id = nix::unistd::Pid::from_raw(id);
        // It may be gone already.
        let _ = match ending {
            Ending::Asked => kill(id, Signal::SIGTERM),
            Ending::Forced => killpg(id, Signal::SIGKILL),
        };
    }

    #[cfg(not(unix))]
    fn signal(&mut self, _ending: Ending) {
        drop(self.child.kill());
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.signal(Ending::Forced);
        drop(self.child.wait());
    }
}

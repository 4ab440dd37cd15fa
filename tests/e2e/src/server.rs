//! The real server, on a free port of this machine, with a data directory of its own.

use crate::process::Running;
use crate::settings::Settings;
use crate::{Failure, Outcome};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a server is to be started.
#[derive(Debug, Clone)]
pub struct Served {
    /// The static files.
    pub web: PathBuf,
    /// The path under which everything is served, `/` or `/app/`.
    pub base: String,
    /// The origin that people reach, when something stands in front of the server.
    pub public_origin: Option<String>,
}

/// The server; it can be killed and started again on the same port and data.
#[derive(Debug)]
pub struct Server {
    program: PathBuf,
    served: Served,
    data: PathBuf,
    log: PathBuf,
    port: u16,
    running: Mutex<Option<Running>>,
}

impl Server {
    /// Starts it with `data` as its data directory.
    pub fn start(settings: &Settings, served: Served, data: &Path, port: u16) -> Outcome<Self> {
        let server = Self {
            program: settings.server.clone(),
            served,
            log: data.with_extension("log"),
            data: data.to_owned(),
            port,
            running: Mutex::new(None),
        };
        server.again()?;
        Ok(server)
    }

    /// Starts it again after [`Server::kill`].
    pub fn again(&self) -> Outcome {
        let log = std::fs::File::options().create(true).append(true).open(&self.log)?;
        let mut command = Command::new(&self.program);
        command
            .args(["--listen", &format!("127.0.0.1:{}", self.port), "--base-path", &self.served.base])
            .args([Path::new("--data"), &self.data, Path::new("--app"), &self.served.web])
            .stderr(Stdio::from(log));
        if let Some(origin) = &self.served.public_origin {
            command.args(["--public-origin", origin]);
        }
        let ready = |line: &str| line.contains("is ready at").then_some(());
        let (running, ()) = Running::start(command, PATIENCE, ready)?;
        *self.slot()? = Some(running);
        Ok(())
    }

    /// Ends it at once, as a power cut would (SIGKILL).
    pub fn kill(&self) -> Outcome {
        match self.slot()?.take() {
            Some(mut running) => running.kill(),
            None => Err("the server is not running".into()),
        }
    }

    /// Copies the database as it is now; the server must not run.
    pub fn copy_out(&self, to: &Path) -> Outcome {
        self.must_rest()?;
        copy_files(&self.data, to)
    }

    /// Puts an earlier copy in the place of the database; the server must not run.
    pub fn put_back(&self, from: &Path) -> Outcome {
        self.must_rest()?;
        std::fs::remove_dir_all(&self.data)?;
        copy_files(from, &self.data)
    }

    /// Tells the database that it was put back, as who runs a server is asked to.
    pub fn restore(&self) -> Outcome {
        self.must_rest()?;
        let log = std::fs::File::options().create(true).append(true).open(&self.log)?;
        let mut command = Command::new(&self.program);
        command.args([Path::new("restore"), Path::new("--data"), &self.data]).stdout(Stdio::null());
        let status = command.stderr(Stdio::from(log)).status()?;
        if status.success() { Ok(()) } else { Err(format!("restore ended with {status}").into()) }
    }

    fn must_rest(&self) -> Outcome {
        if self.slot()?.is_some() { Err("the server runs".into()) } else { Ok(()) }
    }

    /// The address of the app.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.served.base)
    }

    /// The same by a name: passkeys are made for names, never for numbers.
    pub fn named_url(&self) -> String {
        format!("http://localhost:{}{}", self.port, self.served.base)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its data directory.
    pub fn data(&self) -> &Path {
        &self.data
    }

    fn slot(&self) -> Outcome<std::sync::MutexGuard<'_, Option<Running>>> {
        self.running.lock().map_err(|_| Failure::from("a test panicked while it held the server"))
    }
}

fn copy_files(from: &Path, to: &Path) -> Outcome {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let there = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_files(&entry.path(), &there)?,
            false => drop(std::fs::copy(entry.path(), there)?),
        }
    }
    Ok(())
}

/// A port that nothing listens on now.
pub fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

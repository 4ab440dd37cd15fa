//! `cargo xtask start`: the app and the server on one port of this machine.

use crate::args::{Args, Known};
use crate::command::Call;
use crate::places::Places;
use crate::web::{Base, Profile, Web};
use crate::{Attempt, Failure, Outcome, say};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) const OPTIONS: &[Known] =
    &[Known::Value("--port"), Known::Value("--data"), Known::Switch("--release")];

pub(crate) const HELP: &str = "\
Builds the app and the sync server, serves both on one port of this machine, and prints the address.

  cargo xtask start [--port P] [--data DIR] [--release]

  --port P     the port to try first; the next free one is taken when it is busy (8474)
  --data DIR   where the server keeps its database (data)
  --release    the app as it would be published: smaller, precompressed, slower to build

The first run adds the wasm target to the toolchain and builds Trunk and wasm-bindgen, which takes
minutes. Nothing else needs to be installed. Ctrl-C stops the server.
";

const PORT: u16 = 8474;
/// How many ports after the first are tried.
const TRIES: u16 = 50;
const SERVER: &str = "satchel-server";

/// Runs the command.
pub(crate) fn run(args: Args) -> Outcome {
    let first = match args.value("--port") {
        Some(text) => text.parse().attempt("--port")?,
        None => PORT,
    };
    let data = PathBuf::from(args.value("--data").unwrap_or("data"));
    let profile = if args.has("--release") { Profile::Release } else { Profile::Dev };
    let places = Places::find()?;
    say::plain("Satchel, on this machine. What is built now is kept for the next time.");
    let app = places.work(if profile == Profile::Release { "start-release" } else { "start" });
    Web { places: &places, profile, base: Base::root(), sync_origin: None, out: &app }.build()?;
    let server = say::step("compiling the server", || server(&places, profile))?;
    let port = free_port(first)?;
    serve(&server, &app, &places.root.join(data), port)
}

/// Compiles the server and returns its program.
pub(crate) fn server(places: &Places, profile: Profile) -> Outcome<PathBuf> {
    let cargo = Call::cargo().args(["build", "--package", SERVER, "--bin", SERVER]);
    let (cargo, folder) = match profile {
        Profile::Dev => (cargo, "debug"),
        Profile::Release => (cargo.args(["--release"]), "release"),
    };
    cargo.within(&places.root).run()?;
    Ok(places.program(folder, SERVER))
}

fn free_port(first: u16) -> Outcome<u16> {
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    let port = (first..=first.saturating_add(TRIES)).find(is_free);
    let port = port.ok_or_else(|| Failure(format!("port {first} and the {TRIES} after it are busy")))?;
    if port != first {
        say::note(&format!("port {first} is busy; taking {port}"));
    }
    Ok(port)
}

static STOPPING: AtomicBool = AtomicBool::new(false);

fn serve(server: &Path, app: &Path, data: &Path, port: u16) -> Outcome {
    let mut child = launch(server, app, data, port)?;
    let id = child.id();
    ctrlc::set_handler(move || {
        STOPPING.store(true, Ordering::Relaxed);
        stop(id);
    })
    .attempt("listening for Ctrl-C")?;
    let mut said = child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
    if said.next().is_some() {
        announce(data, port);
    }
    said.map_while(Result::ok).for_each(|line| say::plain(&line));
    let status = child.wait().attempt("the server")?;
    match status.success() || STOPPING.load(Ordering::Relaxed) {
        true => say::plain("stopped; everything is kept"),
        false => return Err(Failure(format!("the server ended: {status}"))),
    }
    Ok(())
}

fn launch(server: &Path, app: &Path, data: &Path, port: u16) -> Outcome<Child> {
    let listen = format!("127.0.0.1:{port}");
    let mut command = Call::new(server)
        .args(["--listen", &listen, "--app"])
        .args([app])
        .args(["--data"])
        .args([data])
        .into_command();
    // In a group of its own Ctrl-C reaches it once, from here.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.stdout(Stdio::piped()).spawn().attempt("starting the server")
}

fn announce(data: &Path, port: u16) {
    say::plain("");
    say::note(&format!("Sealed records:  {}", data.display()));
    say::note("Stop:            Ctrl-C");
    say::plain("");
    say::plain(&format!("Satchel is ready:  http://localhost:{port}/"));
}

#[cfg(unix)]
fn stop(id: u32) {
    use nix::sys::signal::{Signal, kill};
    let Ok(id) = i32::try_from(id) else { return };
    if let Err(reason) = kill(nix::unistd::Pid::from_raw(id), Signal::SIGTERM) {
        say::note(&format!("the server cannot be stopped: {reason}"));
    }
}

/// Elsewhere the console hands Ctrl-C to the server too.
#[cfg(not(unix))]
fn stop(_id: u32) {}

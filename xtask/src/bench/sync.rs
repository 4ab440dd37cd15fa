//! `bench sync`: two devices and the real server on this machine.

use super::figures::{Metric, Samples, entries};
use super::serve::Page;
use super::table::Entry;
use crate::command::Call;
use crate::places::Places;
use crate::web::Profile;
use crate::{Attempt, Failure, Outcome, say, start};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

/// No step takes longer; a browser that hangs is ended.
const PATIENCE: Duration = Duration::from_secs(900);
const SEED: u32 = 20_260_101;

/// What the first device sends more, and the second takes: partners and, with the interactions, records.
const MORE: (u32, u32) = (1_000, 10_000);

const METRICS: [Metric; 10] = [
    Metric::new("push of all", "ms", "push", 0.5),
    Metric::new("  of it the server", "ms", "push waited", 0.5),
    Metric::new("first sync of all", "ms", "first", 0.5),
    Metric::new("  of it the server", "ms", "first waited", 0.5),
    Metric::new("push of 10,000 more", "ms", "push_more", 0.5),
    Metric::new("  of it the server", "ms", "push_more waited", 0.5),
    Metric::new("pull of 10,000 more", "ms", "pull_more", 0.5),
    Metric::new("  of it the server", "ms", "pull_more waited", 0.5),
    Metric::new("one edit, screen to screen p50", "ms", "edit", 0.5),
    Metric::new("one edit, screen to screen p95", "ms", "edit", 0.95),
];

/// Measures so many partners, with ten records for each of them, so often.
pub(super) fn measure(places: &Places, folder: &Path, sizes: &[u32], repeat: u32) -> Outcome<Vec<Entry>> {
    let program = say::step("compiling the server", || start::server(places, Profile::Release))?;
    let page = Page::serve(folder.to_owned())?;
    let mut all = Vec::new();
    for partners in sizes.iter().copied() {
        let records = partners * 10;
        let mut rounds = Vec::new();
        for turn in 1..=repeat {
            let samples = round(places, &page, &program, folder, (partners, records))?;
            say::note(&format!("{records} {turn}/{repeat}: {}", brief(&samples)));
            rounds.push(samples);
        }
        all.extend(entries("sync", &records.to_string(), &METRICS, &[rounds, Vec::new(), Vec::new()], &[]));
    }
    Ok(all)
}

fn brief(samples: &Samples) -> String {
    let shown = ["push", "first", "push_more", "pull_more", "edit"]
        .map(|name| format!("{name} {:.0}", samples.only(name).unwrap_or(f64::NAN)));
    format!("{} ms", shown.join(", "))
}

/// One device sends all, another takes it; the first sends 10,000 more, the other takes those; both talk.
fn round(places: &Places, page: &Page, program: &Path, folder: &Path, all: (u32, u32)) -> Outcome<Samples> {
    let work = places.work("bench-sync");
    remove(&work)?;
    fs::create_dir_all(&work).attempt("making the folder of a round")?;
    let server = Server::start(program, folder, &work.join("data"), page.address())?;
    let round = Round { page, server, work: &work };
    let (sender, taker) = (1, 2);
    let mut samples = Samples::default();
    let mut note = |name: &str, task: &str, told: Samples| -> Outcome {
        samples.put(name, told.only(task)?);
        samples.put(&format!("{name} waited"), told.only("waited")?);
        Ok(())
    };
    note("push", "push", round.task("push", sender, SEED, all)?)?;
    note("first", "pull", round.task("pull", taker, SEED, all)?)?;
    note("push_more", "push", round.task("push", sender, SEED + 1, MORE)?)?;
    note("pull_more", "pull", round.task("pull", taker, SEED, all)?)?;
    samples.join(round.talk((sender, taker), all)?);
    drop(round);
    remove(&work)?;
    Ok(samples)
}

/// One round's server, and the folder of its browsers.
struct Round<'a> {
    page: &'a Page,
    server: Server,
    work: &'a Path,
}

impl Round<'_> {
    /// A task of one device, in a browser that starts anew.
    fn task(&self, task: &str, device: u32, sample: u32, size: (u32, u32)) -> Outcome<Samples> {
        let query = format!("{}&tasks={task}&sample={sample}", self.query(device, size));
        Samples::read(&self.page.run_at(&self.server.address, &self.profile(device), &query, PATIENCE)?)
    }

    /// Two browsers at once: an edit of one is shown by the other, which edits back.
    fn talk(&self, (begins, answers): (u32, u32), size: (u32, u32)) -> Outcome<Samples> {
        let open = |device, how| {
            let query = format!("{}&talk={how}", self.query(device, size));
            self.page.open_at(&self.server.address, &self.profile(device), &query, PATIENCE)
        };
        let (_ready, _other) = open(answers, "answer")?;
        let (told, browser) = open(begins, "begin")?;
        browser.close()?;
        Samples::read(&told)
    }

    fn query(&self, device: u32, (partners, records): (u32, u32)) -> String {
        format!(
            "contender=ours&seed={SEED}&device={device}&database=device-{device}&partners={partners}\
             &interactions={}&listener={}",
            records - partners,
            self.page.address()
        )
    }

    fn profile(&self, device: u32) -> PathBuf {
        self.work.join(format!("profile-{device}"))
    }
}

/// The real server, ended when it is dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// `listener` may be told of by the page that it serves.
    fn start(program: &Path, app: &Path, data: &Path, listener: &str) -> Outcome<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr());
        let listen = format!("127.0.0.1:{}", port.attempt("a port for the server")?.port());
        let mut command = Call::new(program)
            .args(["--listen", &listen, "--sync-origin", listener])
            .args([Path::new("--app"), app, Path::new("--data"), data])
            .into_command();
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().attempt("starting the server")?;
        let said = child.stdout.take().map(BufReader::new);
        let server = Self { child, address: format!("http://{listen}") };
        let ready = said.into_iter().flat_map(BufRead::lines).next();
        ready.map(|_| server).ok_or_else(|| Failure("the server did not start".to_owned()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn remove(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder).attempt("removing what a round left")?;
    }
    Ok(())
}

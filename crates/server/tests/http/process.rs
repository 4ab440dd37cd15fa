//! The program itself: stopped, restored, and what it leaves on the disk.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::client::{Device, Net, offer};

/// A running program.
pub(crate) struct Program {
    pub(crate) child: Child,
    pub(crate) net: Net,
}

impl Program {
    pub(crate) fn start(data: &Path) -> Self {
        let mut child = command(data)
            .args(["--listen", "127.0.0.1:0", "--attempts-per-minute", "10000"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("satchel-server is ready at http://").unwrap();
        let net = Net(url.trim_end_matches('/').parse().unwrap());
        Self { child, net }
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already; that is what most of these tests are about.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_satchel-server"));
    command.arg("--data").arg(data).stderr(Stdio::null());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_stop_it_gracefully() {
    for name in ["TERM", "INT"] {
        let folder = TempDir::new().unwrap();
        let mut program = Program::start(folder.path());
        let device = Device::ready(program.net, 1).await;
        let mut stream = crate::hints::Stream::open(&device).await;
        assert_eq!(stream.head().await, 0);
        program.signal(name);
        assert_eq!(stream.piece().await, None);
        assert!(program.child.wait().unwrap().success(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn restore_makes_devices_offer_again() {
    let folder = TempDir::new().unwrap();
    let data = folder.path();
    let mut program = Program::start(data);
    let mut device = Device::ready(program.net, 1).await;
    let before = device.push(Vec::new()).await.space.incarnation;
    assert!(!restore(data), "a running server's data is left alone");
    program.signal("TERM");
    program.child.wait().unwrap();
    assert!(restore(data));
    let again = Program::start(data);
    device.net = again.net;
    assert_eq!(device.get("changes").await.problem(), (401, "session".to_owned()));
    device.sign_in().await;
    let mut push = offer(Vec::new());
    push.incarnation = Some(before);
    assert_eq!(device.offer(&push).await.problem(), (409, "incarnation".to_owned()));
}

fn restore(data: &Path) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_satchel-server"));
    command.args(["restore", "--data"]).arg(data);
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
}

#[test]
fn a_newer_database_is_refused_with_a_reason() {
    let folder = TempDir::new().unwrap();
    drop(Program::start(folder.path()));
    let database = rusqlite::Connection::open(folder.path().join("satchel.sqlite3")).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    let mut refused = command(folder.path());
    let output = refused.args(["--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("use a newer server"));
}

/// R99: the files hold what the wire names and nothing else; the log not even that.
#[tokio::test(flavor = "multi_thread")]
async fn no_token_and_no_canary_on_the_disk_or_in_the_log() {
    let folder = TempDir::new().unwrap();
    let log = fs::File::create(folder.path().join("log")).unwrap();
    let data = folder.path().join("data");
    let mut starting = command(&data);
    starting.args(["--listen", "127.0.0.1:0"]).env("RUST_LOG", "trace").stderr(log).stdout(Stdio::piped());
    let mut child = starting.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().trim_end_matches('/').rsplit('/').next().unwrap();
    let program = Program { child, net: Net(address.parse().unwrap()) };

    let device = Device::ready(program.net, 1).await;
    let sealed = b"CanaryOfTheSealedRecord";
    device.push(vec![device.write(1, None, sealed)]).await;
    let headers = [
        ("authorization", device.bearer.as_str()),
        ("user-agent", "CanaryOfTheAgent"),
        ("cookie", "CanaryOfTheCookie"),
    ];
    let path = format!("{}&canary=CanaryOfTheQuery", device.path("changes?since=0"));
    assert_eq!(device.net.get(&path, &headers).await.status, 200);
    device.net.get("/v1/CanaryOfThePath", &headers).await;

    let mut thief = device.clone();
    thief.key = ed25519_dalek::SigningKey::from_bytes(&[66; 32]);
    let forged = thief.sign(&device.statement(&device.challenge().await));
    assert_eq!(device.net.tell("/v1/sessions", &forged).await.status, 401);

    let token = device.bearer.strip_prefix("Bearer ").unwrap();
    let token_bytes =
        base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, token).unwrap();
    let space = device.space.to_hex();
    let mut stored = Vec::new();
    for file in fs::read_dir(&data).unwrap().chain(fs::read_dir(data.join("blobs")).unwrap()) {
        let path = file.unwrap().path();
        stored.extend(if path.is_dir() { Vec::new() } else { fs::read(path).unwrap() });
    }
    let log = fs::read(folder.path().join("log")).unwrap();
    let has = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).any(|window| window == word);
    assert!(has(&stored, sealed), "the search finds what is there");
    let canaries = ["CanaryOfTheAgent", "CanaryOfTheCookie", "CanaryOfTheQuery", "CanaryOfThePath", token];
    for canary in canaries {
        assert!(!has(&stored, canary.as_bytes()), "{canary} in the data");
        assert!(!has(&log, canary.as_bytes()), "{canary} in the log");
    }
    assert!(!has(&stored, &token_bytes));
    assert!(!has(&stored, b"127.0.0.1"), "no address of a peer");
    assert!(!has(&log, sealed), "a body in the log");
    assert!(has(&log, b"/v1/spaces/{space}/push"));
    let log = String::from_utf8_lossy(&log);
    let (audited, rest): (Vec<_>, Vec<_>) = log.lines().partition(|line| line.contains(" audit: "));
    assert!(!rest.iter().any(|line| line.contains(&space)), "an id in the log, of a space or an account");
    let account = device.register.account.to_hex();
    assert!(audited.iter().all(|line| line.contains(&account)), "{audited:?}");
    for what in ["registered", "sign-in ", "sign-in refused"] {
        assert!(audited.iter().any(|line| line.contains(what)), "{what}: {audited:?}");
    }
}

//! `kill -9` at any moment, under load: what was accepted is there, whole, under its number.
//!
//! `SATCHEL_SERVER_KILLS` says how often; 3 unless it is set.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use satchel_ledger::conformance::hashes_of;
use satchel_wire::{
    Digest, Envelope, Etag, PushAnswer, PushMode, RecordId, Row, Verdict, digest::root, from_cbor,
};
use tempfile::TempDir;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    client::{Device, offer},
    process::Program,
};

const WRITERS: u32 = 8;
/// Most runs that are accepted before a kill.
const RUNS: u64 = 150;
/// A kill comes up to this long after an answer, so that it meets every step of the next push.
const LATER_US: u64 = 8_000;

/// Every number that was handed out, and what was stored under it.
type Numbers = BTreeMap<u64, Envelope>;

#[tokio::test(flavor = "multi_thread")]
async fn accepted_writes_survive_sigkill() {
    let kills: u32 = std::env::var("SATCHEL_SERVER_KILLS").map_or(3, |count| count.parse().unwrap());
    let folder = TempDir::new().unwrap();
    let mut program = Program::start(folder.path());
    let mut device = Device::ready(program.net, 1).await;
    let mut writers: Vec<_> = (0..WRITERS).map(Writer::new).collect();
    let mut numbers = Numbers::new();
    let mut unanswered = 0;
    for _ in 0..kills {
        let cut_off = load_until_killed(&mut program, &device, writers).await;
        program = Program::start(folder.path());
        device.net = program.net;
        let rows = read_all(&device).await;
        writers = Vec::new();
        for CutOff { mut writer, accepted, last } in cut_off {
            numbers.extend(accepted);
            unanswered += writer.settle(last, &rows, &mut numbers);
            writers.push(writer);
        }
        check(&device, &rows, &numbers).await;
    }
    println!("{kills} kills: {} writes stored, {unanswered} of them without an answer", numbers.len());
}

/// Writes two new records and its own card, over and over, as runs that stand or fall together.
struct Writer {
    name: u32,
    runs: u32,
    card: Option<Etag>,
}

/// A writer whose server is gone.
struct CutOff {
    writer: Writer,
    accepted: Numbers,
    /// The run that nobody answered.
    last: Vec<Envelope>,
}

impl Writer {
    fn new(name: u32) -> Self {
        Self { name, runs: 0, card: None }
    }

    fn next_run(&mut self, device: &Device) -> Vec<Envelope> {
        self.runs += 1;
        let content = [self.name.to_be_bytes(), self.runs.to_be_bytes()].concat().repeat(40);
        let record = |place: u32| (place << 4 | self.name).reverse_bits();
        let new = |place| device.write(record(place), None, &content);
        vec![new(2 * self.runs), device.write(record(0), self.card, &content), new(2 * self.runs + 1)]
    }

    async fn until_cut_off(mut self, device: Device, answers: watch::Sender<u64>) -> CutOff {
        let mut accepted = Numbers::new();
        loop {
            let run = self.next_run(&device);
            let mut push = offer(run.clone());
            push.mode = PushMode::Groups(vec![run.len() as u32]);
            let Ok(got) = device.try_offer(&push).await else {
                return CutOff { writer: self, accepted, last: run };
            };
            let answer: PushAnswer = from_cbor(&got.body).unwrap();
            self.card = Some(run[1].etag());
            accepted.extend(answer.verdicts.iter().map(number).zip(run));
            answers.send_modify(|count| *count += 1);
        }
    }

    /// A run that nobody answered is there whole or not at all; how many writes that were.
    fn settle(&mut self, last: Vec<Envelope>, rows: &[Row], numbers: &mut Numbers) -> usize {
        let Some(at) = rows.iter().position(|row| row.envelope == last[0]) else { return 0 };
        let stored: Vec<_> = rows[at..].iter().take(last.len()).map(|row| row.envelope.clone()).collect();
        assert_eq!(stored, last, "a run is stored whole");
        self.card = Some(last[1].etag());
        numbers.extend((rows[at].seq..).zip(last));
        stored.len()
    }
}

fn number(verdict: &Verdict) -> u64 {
    let Verdict::Accepted { seq } = verdict else { panic!("nobody else writes these: {verdict:?}") };
    *seq
}

async fn load_until_killed(program: &mut Program, device: &Device, writers: Vec<Writer>) -> Vec<CutOff> {
    let (answers, mut answered) = watch::channel(0);
    let mut working = JoinSet::new();
    for writer in writers {
        working.spawn(writer.until_cut_off(device.clone(), answers.clone()));
    }
    let runs = random(RUNS);
    answered.wait_for(|count| *count >= runs).await.unwrap();
    tokio::time::sleep(Duration::from_micros(random(LATER_US))).await;
    program.child.kill().unwrap();
    program.child.wait().unwrap();
    working.join_all().await
}

/// The standard library seeds its hash tables at random.
fn random(bound: u64) -> u64 {
    RandomState::new().hash_one(bound) % bound
}

async fn read_all(device: &Device) -> Vec<Row> {
    let mut page = device.changes(0).await;
    let mut rows = page.rows;
    while page.next < page.space.head {
        page = device.changes(page.next).await;
        rows.append(&mut page.rows);
    }
    rows
}

/// The rows are the newest of all that was stored, the numbers have no holes, and the digest says the same.
async fn check(device: &Device, rows: &[Row], numbers: &Numbers) {
    let mut newest: BTreeMap<RecordId, u64> = BTreeMap::new();
    newest.extend(numbers.iter().map(|(seq, envelope)| (envelope.header.record, *seq)));
    let mut expected: Vec<_> = newest.values().map(|seq| (*seq, &numbers[seq])).collect();
    expected.sort_unstable_by_key(|(seq, _)| *seq);
    assert!(rows.iter().map(|row| (row.seq, &row.envelope)).eq(expected), "what was accepted is there");
    let digest: Digest = device.get("digest?buckets=1").await.message();
    assert!(numbers.keys().copied().eq(1..=digest.space.head), "numbers have no holes");
    let hashes = hashes_of(rows);
    assert_eq!(digest.root, root(&hashes));
    assert_eq!(digest.hashes(), Some(hashes));
}

//! A tab's line to the server, and the weather on it.

use crate::cloud::Cloud;
use crate::device::Device;
use crate::disk::short;
use crate::lies;
use crate::plan::Fault as Bad;
use crate::timeline::WORLD;
use crate::together;
use crate::world::World;
use satchel_ledger::Span;
use satchel_replica::{Fault, LATE_MS, Transport};
use satchel_wire::{Changes, Digest, Envelope, Header, Push, PushAnswer, Verdict, from_cbor, to_cbor};
use serde::{Serialize, de::DeserializeOwned};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Rows in a page: few, so that reading takes several.
const PAGE: u32 = 9;
/// How long a device waits for an answer, ms.
const PATIENCE_MS: u64 = 30_000;
/// What a slow link carries in that time, of a push in bytes,
const NARROW_BYTES: usize = 24 * 1024;
/// and of a page in rows.
const NARROW_ROWS: usize = 25;
/// A link is slow for so long, ms, and then is not for twice as long.
const NARROW_MS: u64 = 3 * 3_600_000;
const DAY_MS: u64 = 24 * 3_600_000;

/// One tab's requests.
pub(crate) struct Line {
    pub(crate) world: Rc<World>,
    pub(crate) device: Rc<Device>,
    pub(crate) tab: u64,
    /// The log that the last answer came from.
    pub(crate) log: Rc<Cell<u64>>,
    session: Cell<u64>,
}

impl Line {
    pub(crate) fn new(world: &Rc<World>, device: &Rc<Device>, tab: u64) -> Self {
        let (world, device) = (world.clone(), device.clone());
        Self { world, device, tab, log: Rc::default(), session: Cell::new(0) }
    }

    /// One request and its answer, if both arrive.
    async fn ask<T: Serialize + DeserializeOwned>(
        &self,
        act: impl FnOnce(&Self, &mut Cloud) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.asked();
        self.send().await?;
        let answer = self.world.cloud.borrow_mut().facing(self.device.place, |cloud| {
            self.drop_graves(cloud);
            act(self, cloud).map(|answer| (answer, cloud.which()))
        });
        let (answer, log) = answer?;
        let answer = self.receive(answer).await?;
        self.log.set(log);
        Ok(answer)
    }

    /// As the server does every few hours.
    fn drop_graves(&self, cloud: &mut Cloud) {
        let purges = self.world.plan.faults.has(Bad::Purge);
        let dropped = if purges { cloud.purge(self.world.now()) } else { 0 };
        if dropped > 0 {
            self.world.note("        {} graves are dropped", &[dropped as u64]);
        }
    }

    fn asked(&self) {
        let asked = self.device.asked(self.world.now());
        self.world.check(asked);
    }

    fn wall(&self) -> u64 {
        self.device.wall(self.world.now())
    }

    /// An answer with the server's time is here; one that came too late says nothing.
    fn is_told_the_time(&self, asked: u64) {
        if self.wall().abs_diff(asked) <= LATE_MS {
            self.device.is_told_the_time();
        }
    }

    async fn send(&self) -> Result<(), Fault> {
        let world = &self.world;
        self.travel().await;
        if !self.device.is_online(world.now()) {
            return Err(Fault::Offline);
        }
        if world.hits(Bad::Drop, 80) {
            world.sleep(world.below(PATIENCE_MS)).await;
            return Err(if world.below(2) == 0 { Fault::Offline } else { Fault::Timeout });
        }
        if world.hits(Bad::Portal, 50) {
            return Err(Fault::NotOurs);
        }
        self.refused()
    }

    fn refused(&self) -> Result<(), Fault> {
        let world = &self.world;
        if !world.hits(Bad::Busy, 60) {
            return Ok(());
        }
        let status = world.pick(&[408, 413, 429, 500, 502, 503, 504]).unwrap_or(500);
        let retry_after_ms = (world.below(3) == 0).then(|| world.below(60_000));
        Err(Fault::Status { status, retry_after_ms })
    }

    async fn receive<T: Serialize + DeserializeOwned>(&self, answer: T) -> Result<T, Fault> {
        let world = &self.world;
        self.travel().await;
        if world.hits(Bad::Drop, 80) || !self.device.is_online(world.now()) {
            world.sleep(world.below(PATIENCE_MS)).await;
            return Err(Fault::Timeout);
        }
        if world.hits(Bad::Truncate, 40) {
            let bytes = to_cbor(&answer);
            let end = usize::try_from(world.below(bytes.len() as u64)).unwrap_or(0);
            return from_cbor(&bytes[..end]).map_err(|_| Fault::NotOurs);
        }
        Ok(answer)
    }

    /// More than a slow link carries does not arrive before one gives up.
    async fn carried(&self, fits: bool) -> Result<(), Fault> {
        let is_slow = (self.world.now() / NARROW_MS + self.device.place).is_multiple_of(3);
        if fits || !is_slow || !self.world.hits(Bad::Slow, 1_000) {
            return Ok(());
        }
        self.world.sleep(PATIENCE_MS).await;
        Err(Fault::Offline)
    }

    async fn travel(&self) {
        let slow = self.world.hits(Bad::Delay, 120);
        let ms = if slow { self.world.below(PATIENCE_MS - 1) } else { 1 + self.world.below(60) };
        self.world.sleep(ms).await;
    }

    /// The server judges what arrives, whoever still waits for it.
    fn arrives(&self, cloud: &mut Cloud, push: &Push, told: &BTreeSet<u32>) -> Result<PushAnswer, Fault> {
        for write in &push.writes {
            self.world.oracle.borrow_mut().sent(write, self.device.place, told);
        }
        let answer = cloud.push_in(self.session.get(), push, self.world.now());
        stored(&self.world, cloud, answer)
    }

    /// The same push comes once more: at once, or when nobody thinks of it any more.
    fn doubled(&self, push: &Push) {
        if !self.world.hits(Bad::Duplicate, 100) {
            return;
        }
        let later = self.world.pick(&[50, 60_000, 3 * DAY_MS]).unwrap_or(50);
        let (world, push, after) = (self.world.clone(), push.clone(), self.world.below(later));
        let place = self.device.place;
        self.world.time.spawn(WORLD, async move {
            world.sleep(after).await;
            world.note("a push of {} writes arrives again", &[push.writes.len() as u64]);
            let mut cloud = world.cloud.borrow_mut();
            let _nobody_waits = cloud.facing(place, |cloud| {
                let answer = cloud.push(&push, world.now());
                stored(&world, cloud, answer)
            });
        });
    }
}

/// What a push has stored is held against the invariants.
pub(crate) fn stored(
    world: &World,
    cloud: &mut Cloud,
    answer: Result<(PushAnswer, Vec<satchel_wire::Row>), Fault>,
) -> Result<PushAnswer, Fault> {
    let (answer, fresh) = answer?;
    world.check(cloud.numbers_rise(&fresh));
    for row in &fresh {
        let Header { record, device, .. } = row.envelope.header;
        world.note(
            "server: number {} is record {} as {} by device {}",
            &[row.seq, short(&record.0), short(&row.envelope.etag().0), device.0],
        );
        world.check(world.oracle.borrow_mut().accept(row, cloud.oldest_epoch()));
    }
    world.check(together::on_server(world, cloud, &fresh));
    Ok(answer)
}

/// A verdict for the trace: record, kind, and the number that the server has.
fn judged(write: &Envelope, verdict: &Verdict) -> [u64; 3] {
    let (kind, number) = match verdict {
        Verdict::Accepted { seq } | Verdict::Known { seq, .. } => (0, *seq),
        Verdict::Stale { current } => (1, current.as_ref().map_or(0, |row| row.seq)),
        Verdict::Refused { reason } => (2, *reason as u64),
    };
    [short(&write.header.record.0), kind, number]
}

impl Transport for Line {
    async fn register(&self) -> Result<(), Fault> {
        self.ask(|_, cloud| {
            cloud.register();
            Ok(())
        })
        .await
    }

    async fn sign_in(&self) -> Result<(), Fault> {
        let session = self.ask(|_, cloud| cloud.sign_in()).await?;
        self.session.set(session);
        Ok(())
    }

    async fn digest(&self) -> Result<Digest, Fault> {
        let digest = self.ask(|line, cloud| cloud.digest(line.session.get(), line.world.now())).await?;
        self.world.oracle.borrow_mut().roots.note(&digest);
        self.world.note("tab {} compares digests at {}", &[self.tab, digest.space.head]);
        Ok(digest)
    }

    async fn changes(&self, since: u64, limit: u32, floor: u64) -> Result<Changes, Fault> {
        let page = if self.world.plan.faults.has(Bad::Slow) { 2 * NARROW_ROWS as u32 } else { PAGE };
        let span = Span { since, limit: limit.min(page), floor };
        let changes = self.ask(|line, cloud| {
            let (session, now) = (line.session.get(), line.world.now());
            if line.world.hits(Bad::Lag, 100) {
                line.world.oracle.borrow_mut().put_back = true;
                return cloud.lagging(session, span, now);
            }
            let mut changes = cloud.changes(session, span, now)?;
            lies::told(&line.world, line.device.place, &mut changes);
            Ok(changes)
        });
        let asked = self.wall();
        let changes = changes.await?;
        self.carried(changes.rows.len() <= NARROW_ROWS).await?;
        self.is_told_the_time(asked);
        self.world.note(
            "tab {} reads {} rows after {}, head {}",
            &[self.tab, changes.rows.len() as u64, since, changes.space.head],
        );
        Ok(changes)
    }

    async fn push(&self, push: &Push) -> Result<PushAnswer, Fault> {
        self.world.check(self.world.oracle.borrow().scan(&to_cbor(push)));
        let told = self.device.told();
        self.doubled(push);
        let asked = self.wall();
        self.carried(to_cbor(push).len() <= NARROW_BYTES).await?;
        let answer = self.ask(|line, cloud| line.arrives(cloud, push, &told)).await?;
        self.is_told_the_time(asked);
        self.world.note(
            "tab {} has pushed {} writes, head {}",
            &[self.tab, push.writes.len() as u64, answer.space.head],
        );
        for (write, verdict) in push.writes.iter().zip(&answer.verdicts) {
            self.world.note("        {} is judged {}: {}", &judged(write, verdict));
        }
        Ok(answer)
    }
}

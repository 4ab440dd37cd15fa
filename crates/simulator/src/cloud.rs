//! The server: the real rules of its log, and around them what may happen to a server.

use crate::dice::Dice;
use crate::keys::SPACE;
use crate::oracle::{Violation, require};
use satchel_ledger::{Denied, Detail, MemoryLedger, Span};
use satchel_replica::Fault;
use satchel_wire::{Changes, Digest, Incarnation, Push, PushAnswer, RecordId, Row};
use std::collections::{BTreeSet, VecDeque};

/// The highest epoch of a run.
pub(crate) const LAST_EPOCH: u32 = 2;
/// So many copies of earlier days are kept.
const COPIES: usize = 4;

/// The server of one run.
pub(crate) struct Cloud {
    log: MemoryLedger,
    account: bool,
    /// Sessions of this number are good.
    session: u64,
    /// The number of this log among all that there were.
    which: u64,
    /// How many logs there were.
    logs: u64,
    copies: VecDeque<MemoryLedger>,
    dice: Dice,
    /// The highest number that was ever handed out in this log.
    head: u64,
    /// Its other face, and to whom that is shown.
    other: Option<Face>,
    led_astray: BTreeSet<u64>,
    turned: bool,
}

/// What those see who are not led astray while another is shown to, or the other way round.
struct Face {
    log: MemoryLedger,
    head: u64,
    which: u64,
}

fn status(status: u16) -> Fault {
    Fault::Status { status, retry_after_ms: None }
}

fn denied(denied: Denied) -> Fault {
    status(match denied {
        Denied::Malformed => 400,
        Denied::Incarnation(_) => 409,
        Denied::TooLarge => 413,
        Denied::Purged => 410,
    })
}

impl Cloud {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let log = MemoryLedger::new(SPACE, incarnation(&mut dice));
        Self {
            log,
            account: false,
            session: 1,
            which: 0,
            logs: 1,
            copies: VecDeque::new(),
            dice,
            head: 0,
            other: None,
            led_astray: BTreeSet::new(),
            turned: false,
        }
    }

    /// The log that is read now; another number is another log.
    pub(crate) fn which(&self) -> u64 {
        self.which
    }

    /// Shows some devices another log from now on.
    pub(crate) fn fork(&mut self, led_astray: BTreeSet<u64>) {
        if self.other.is_none() {
            self.other = Some(Face { log: self.log.clone(), head: self.head, which: self.logs });
            self.logs += 1;
            self.led_astray = led_astray;
        }
    }

    pub(crate) fn is_forked(&self) -> bool {
        self.other.is_some()
    }

    /// One log for everybody again: this one or the other.
    pub(crate) fn unite(&mut self) {
        if self.dice.hits(500) {
            self.turn();
        }
        (self.other, self.turned) = (None, false);
        self.led_astray.clear();
    }

    /// Answers as this device sees it, and is as everybody sees it again.
    pub(crate) fn facing<T>(&mut self, place: u64, act: impl FnOnce(&mut Self) -> T) -> T {
        let astray = self.led_astray.contains(&place);
        if astray != self.turned {
            self.turn();
        }
        let answer = act(self);
        if self.turned {
            self.turn();
        }
        answer
    }

    fn turn(&mut self) {
        if let Some(Face { log, head, which }) = &mut self.other {
            std::mem::swap(log, &mut self.log);
            std::mem::swap(head, &mut self.head);
            std::mem::swap(which, &mut self.which);
            self.turned = !self.turned;
        }
    }

    /// What is shown to anybody.
    pub(crate) fn all_rows(&self) -> impl Iterator<Item = &Row> {
        self.rows().chain(self.other.iter().flat_map(|face| face.log.rows()))
    }

    pub(crate) fn incarnation(&self) -> Incarnation {
        self.log.state(0).incarnation
    }

    pub(crate) fn head(&self) -> u64 {
        self.log.state(0).head
    }

    pub(crate) fn epoch(&self) -> u32 {
        self.log.state(0).epoch
    }

    /// What is stored from now on is sealed under this epoch or a later one.
    pub(crate) fn oldest_epoch(&self) -> u32 {
        self.epoch()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.log.rows()
    }

    pub(crate) fn row(&self, record: RecordId) -> Option<&Row> {
        self.log.newest(record)
    }

    pub(crate) fn register(&mut self) {
        self.account = true;
    }

    pub(crate) fn sign_in(&self) -> Result<u64, Fault> {
        if self.account { Ok(self.session) } else { Err(status(401)) }
    }

    fn admit(&self, session: u64) -> Result<(), Fault> {
        if self.account && session == self.session { Ok(()) } else { Err(status(401)) }
    }

    /// Stores what may be stored; the rows that are new, and whether their numbers are as they must be.
    pub(crate) fn push(&mut self, push: &Push, now: u64) -> Result<(PushAnswer, Vec<Row>), Fault> {
        let Some(writer) = push.writes.first().map(|write| write.header.device) else {
            return Err(status(400));
        };
        let before = self.head();
        let answer = self.log.push(writer, push, now).map_err(denied)?;
        let fresh = self.rows().filter(|row| row.seq > before).cloned().collect();
        Ok((answer, fresh))
    }

    /// As [`Self::push`], within a session.
    pub(crate) fn push_in(
        &mut self,
        session: u64,
        push: &Push,
        now: u64,
    ) -> Result<(PushAnswer, Vec<Row>), Fault> {
        self.admit(session)?;
        self.push(push, now)
    }

    pub(crate) fn changes(&self, session: u64, span: Span, now: u64) -> Result<Changes, Fault> {
        self.admit(session)?;
        self.log.changes(span, now).map_err(denied)
    }

    pub(crate) fn digest(&mut self, session: u64, now: u64) -> Result<Digest, Fault> {
        self.admit(session)?;
        Ok(self.log.digest(Detail::Root, now))
    }

    /// Drops what graves are old enough, as the server does every few hours.
    pub(crate) fn purge(&mut self, now: u64) -> usize {
        self.log.purge(usize::MAX, now)
    }

    /// An answer from a copy that lags behind.
    pub(crate) fn lagging(&self, session: u64, span: Span, now: u64) -> Result<Changes, Fault> {
        self.admit(session)?;
        let copy = self.copies.back().filter(|copy| copy.state(0).incarnation == self.incarnation());
        copy.unwrap_or(&self.log).changes(span, now).map_err(denied)
    }

    /// Numbers rise without holes, and are never handed out twice.
    pub(crate) fn numbers_rise(&mut self, fresh: &[Row]) -> Result<(), Violation> {
        let head = self.head();
        let stored: Vec<_> = fresh.iter().map(|row| row.seq).collect();
        let rises = stored.windows(2).all(|pair| pair[0] < pair[1]);
        let above = stored.first().is_none_or(|first| *first > self.head);
        let within = stored.last().is_none_or(|last| *last <= head);
        self.head = head;
        require(rises && above && within, 6, || format!("numbers {stored:?} were handed out, head {head}"))
    }

    /// All sessions end.
    pub(crate) fn end_sessions(&mut self) {
        self.session += 1;
    }

    /// A copy is put aside.
    pub(crate) fn copy(&mut self) {
        if self.copies.len() == COPIES {
            self.copies.pop_front();
        }
        self.copies.push_back(self.log.clone());
    }

    /// An earlier copy is put in place, as the restore command does.
    pub(crate) fn restore(&mut self) {
        let which = usize::try_from(self.dice.below(self.copies.len() as u64)).unwrap_or(0);
        let Some(copy) = self.copies.get(which).cloned() else { return };
        let incarnation = incarnation(&mut self.dice);
        self.replace(&copy, Some(incarnation));
    }

    /// An earlier copy is put in place behind everybody's back.
    pub(crate) fn roll_back(&mut self) {
        let which = usize::try_from(self.dice.below(self.copies.len() as u64)).unwrap_or(0);
        if let Some(copy) = self.copies.get(which).cloned() {
            self.replace(&copy, None);
        }
    }

    /// Everything is gone, the account too.
    pub(crate) fn empty(&mut self) {
        let fresh = MemoryLedger::new(SPACE, incarnation(&mut self.dice));
        self.replace(&fresh, None);
        self.copies.clear();
        self.account = false;
    }

    fn replace(&mut self, by: &MemoryLedger, incarnation: Option<Incarnation>) {
        let epoch = self.epoch();
        self.log.restore(by, incarnation);
        while self.epoch() < epoch {
            self.log.raise_epoch();
        }
        self.head = self.head_of_log();
        (self.which, self.logs) = (self.logs, self.logs + 1);
        self.end_sessions();
    }

    fn head_of_log(&self) -> u64 {
        self.log.state(0).head
    }

    /// The next epoch begins.
    pub(crate) fn rotate(&mut self) {
        self.log.raise_epoch();
        if let Some(other) = &mut self.other {
            other.log.raise_epoch();
        }
    }
}

fn incarnation(dice: &mut Dice) -> Incarnation {
    let mut bytes = [0; 16];
    dice.fill(&mut bytes);
    Incarnation(bytes)
}

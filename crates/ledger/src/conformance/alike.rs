//! A log against the one in memory, under requests of all kinds.

use satchel_wire::{Envelope, Etag, Push, PushMode, SpaceState, Stream, Verdict};

use super::{DEVICE, NOW, SPACE, Subject, offer, write};
use crate::{Detail, GRAVE_MS, MemoryLedger, Span};

/// Drives an empty log and one in memory with the same requests, drawn from `seed`, and compares the answers.
pub fn answer_alike(log: &mut impl Subject, seed: u64, requests: u32) {
    let SpaceState { incarnation, .. } = super::push(log, PushMode::Each, Vec::new()).space;
    let mut twin = MemoryLedger::new(SPACE, incarnation);
    let mut dice = Dice(seed);
    let mut seen = Vec::new();
    let mut now = NOW;
    for request in 0..requests {
        now += dice.below(GRAVE_MS / 20);
        match dice.below(8) {
            0 => {
                log.purge(now);
                Subject::purge(&mut twin, now);
            }
            1 if dice.below(4) == 0 => {
                log.raise_epoch();
                Subject::raise_epoch(&mut twin);
            }
            2 => {
                let whole = Detail::Buckets;
                assert_eq!(log.digest(whole, now), twin.digest(whole, now), "request {request}");
            }
            3 | 4 => {
                let head = twin.state(now).head + 2;
                let span =
                    Span { since: dice.below(head), limit: dice.below(6) as u32, floor: dice.below(head) };
                assert_eq!(log.changes(span, now), twin.changes(span, now), "request {request}, {span:?}");
            }
            _ => {
                let push = some_push(&mut dice, &seen, twin.state(now).epoch);
                let answer = log.push(DEVICE, &push, now);
                assert_eq!(answer, twin.push(DEVICE, &push, now), "request {request}");
                seen.extend(answer.into_iter().flat_map(|answer| stored(&push, &answer.verdicts)));
            }
        }
    }
}

fn stored(push: &Push, verdicts: &[Verdict]) -> Vec<Envelope> {
    let taken = |(_, verdict): &(&Envelope, &Verdict)| verdict.stored(0).is_some();
    push.writes.iter().zip(verdicts).filter(taken).map(|(write, _)| write.clone()).collect()
}

/// Few records, so that writes meet.
fn some_push(dice: &mut Dice, seen: &[Envelope], epoch: u32) -> Push {
    let epoch = if dice.below(8) == 0 { 1 } else { epoch };
    let writes: Vec<_> = (0..dice.below(6)).map(|_| some_write(dice, seen, epoch)).collect();
    let mode = match dice.below(4) {
        0 => PushMode::All,
        1 => PushMode::Groups(some_groups(dice, writes.len() as u64)),
        _ => PushMode::Each,
    };
    Push { epoch, ..offer(mode, writes) }
}

fn some_write(dice: &mut Dice, seen: &[Envelope], epoch: u32) -> Envelope {
    let record = dice.below(9) as u32;
    let of_record = |envelope: &&Envelope| envelope.header.record == super::id(record);
    let newest: Option<Etag> = seen.iter().rev().find(of_record).map(Envelope::etag);
    let replaces = if dice.below(6) == 0 { None } else { newest };
    let mut write = write(record, replaces, &dice.next().to_be_bytes());
    if dice.below(12) == 0 && !seen.is_empty() {
        write = seen[dice.below(seen.len() as u64) as usize].clone();
    }
    write.header.epoch = epoch;
    write.header.stream = match dice.below(5) {
        0 => Stream::History,
        1 => Stream::Grave,
        _ => Stream::State,
    };
    write
}

fn some_groups(dice: &mut Dice, writes: u64) -> Vec<u32> {
    let mut left = writes + u64::from(dice.below(9) == 0);
    let mut groups = Vec::new();
    while left > 0 {
        let length = 1 + dice.below(left);
        groups.push(length as u32);
        left -= length;
    }
    groups
}

/// SplitMix64 (Steele, Lea, Flood, 2014): a suite has no other dice.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 for a bound of 0.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}

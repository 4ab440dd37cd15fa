//! What can be taken back: the last commands of this tab, record by record.

use super::beside::Moved;
use crate::port::UndoToken;
use satchel_domain::{Record, RecordId};
use satchel_replica::Review;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Commands that can be taken back; older ones are forgotten,
const DEPTH: usize = 200;
/// and so are those before the last that wrote so many records together: each is held as it was and as it is.
const MOST_RECORDS: usize = 10_000;

/// One record that a command wrote.
#[derive(Clone)]
pub(super) struct Touched {
    pub(super) id: RecordId,
    /// Before and after an edit; `None` for a record that the command made.
    pub(super) edit: Option<Box<(Record, Record)>>,
}

/// What a command did.
#[derive(Clone, Default)]
pub(super) struct Did {
    /// The records that it wrote.
    pub(super) touched: Vec<Touched>,
    /// What it took off the review list.
    pub(super) reviews: Vec<(String, Review)>,
    /// What it moved into another workspace.
    moved: Option<Moved>,
}

/// The last commands, newest last.
#[derive(Default)]
pub(super) struct UndoLog {
    next: u32,
    held: VecDeque<(UndoToken, Did)>,
}

impl UndoLog {
    /// Remembers a command; `None` when it wrote nothing.
    pub(super) fn remember(&mut self, touched: Vec<Touched>) -> Option<UndoToken> {
        if touched.is_empty() {
            return None;
        }
        Some(self.hold(Did { touched: joined(touched), ..Did::default() }))
    }

    /// Remembers that the command of `token` took these off the review list too, or did nothing else.
    pub(super) fn remember_reviews(
        &mut self,
        token: Option<UndoToken>,
        reviews: Vec<(String, Review)>,
    ) -> UndoToken {
        let held = token.and_then(|token| self.held.iter_mut().find(|(held, _)| *held == token));
        match held {
            Some((token, did)) => {
                did.reviews = reviews;
                *token
            }
            None => self.hold(Did { reviews, ..Did::default() }),
        }
    }

    /// Remembers a move.
    pub(super) fn remember_move(&mut self, moved: Moved) -> UndoToken {
        self.hold(Did { moved: Some(moved), ..Did::default() })
    }

    /// What the command of `token` moved.
    pub(super) fn moved(&self, token: UndoToken) -> Option<Moved> {
        self.held.iter().find(|(held, _)| *held == token).and_then(|(_, did)| did.moved.clone())
    }

    fn hold(&mut self, did: Did) -> UndoToken {
        let token = UndoToken(self.next);
        self.next = self.next.wrapping_add(1);
        self.held.push_back((token, did));
        self.forget_oldest();
        token
    }

    /// The last command can always be taken back.
    fn forget_oldest(&mut self) {
        let mut records: usize = self.held.iter().map(|(_, did)| did.touched.len()).sum();
        while self.held.len() > DEPTH || (records > MOST_RECORDS && self.held.len() > 1) {
            records -= self.held.pop_front().map_or(0, |(_, did)| did.touched.len());
        }
    }

    /// Gives up a command to be taken back; each only once.
    pub(super) fn take(&mut self, token: UndoToken) -> Option<Did> {
        let at = self.held.iter().position(|(held, _)| *held == token)?;
        self.held.remove(at).map(|(_, did)| did)
    }

    /// Forgets every command that wrote one of these records: what was erased for good is not kept to be had back.
    pub(super) fn forget(&mut self, ids: &BTreeSet<RecordId>) {
        let of = |did: &Did| did.touched.iter().any(|one| ids.contains(&one.id));
        self.held.retain(|(_, did)| !of(did) && !did.reviews.iter().any(|(_, it)| ids.contains(&it.record)));
    }

    /// Keeps a command that could not be taken back.
    pub(super) fn put_back(&mut self, token: UndoToken, did: Did) {
        self.held.push_back((token, did));
    }
}

/// What a command wrote in several commits is taken back to how it was before the first.
fn joined(touched: Vec<Touched>) -> Vec<Touched> {
    let mut places: BTreeMap<RecordId, usize> = BTreeMap::new();
    let mut joined: Vec<Touched> = Vec::with_capacity(touched.len());
    for one in touched {
        match places.get(&one.id) {
            Some(&place) => {
                if let (Some(held), Some(later)) = (&mut joined[place].edit, one.edit) {
                    held.1 = later.1;
                }
            }
            None => {
                places.insert(one.id, joined.len());
                joined.push(one);
            }
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::Kind;

    #[test]
    fn a_record_that_was_written_twice_goes_back_to_before_the_first() {
        let id = RecordId([1; 16]);
        let [one, two, three] = [Kind::Partner, Kind::Interaction, Kind::Task].map(Record::new);
        let edit = |before: &Record, after: &Record| Touched {
            id,
            edit: Some(Box::new((before.clone(), after.clone()))),
        };
        let mut log = UndoLog::default();
        let token = log.remember(vec![edit(&one, &two), edit(&two, &three)]).unwrap();
        let touched = log.take(token).unwrap().touched;
        assert_eq!(touched.len(), 1);
        assert_eq!(touched[0].edit.as_deref(), Some(&(one, three.clone())));
        let made = Touched { id, edit: None };
        let token = log.remember(vec![made, edit(&two, &three)]).unwrap();
        assert!(log.take(token).unwrap().touched[0].edit.is_none(), "what was made goes to the trash");
    }

    #[test]
    fn a_command_is_taken_back_once_and_the_oldest_are_forgotten() {
        let touched = |byte| vec![Touched { id: RecordId([byte; 16]), edit: None }];
        let mut log = UndoLog::default();
        let first = log.remember(touched(1)).unwrap();
        assert_eq!(log.take(first).unwrap().touched.len(), 1);
        assert!(log.take(first).is_none());
        let old = log.remember(touched(2)).unwrap();
        for _ in 0..DEPTH {
            log.remember(touched(3));
        }
        assert!(log.take(old).is_none());
        assert_eq!(log.remember(Vec::new()), None);
    }

    #[test]
    fn what_is_held_is_bounded_by_records_but_for_the_last_command() {
        let many = |count: usize| {
            let id = |at: usize| RecordId((at as u128).to_be_bytes());
            (0..count).map(|at| Touched { id: id(at), edit: None }).collect::<Vec<_>>()
        };
        let mut log = UndoLog::default();
        let tokens =
            [1, MOST_RECORDS - 1, 1, MOST_RECORDS + 1].map(|count| log.remember(many(count)).unwrap());
        assert_eq!(tokens.map(|token| log.take(token).is_some()), [false, false, false, true]);
        let tokens = [1, MOST_RECORDS - 1, 1].map(|count| log.remember(many(count)).unwrap());
        assert_eq!(tokens.map(|token| log.take(token).is_some()), [false, true, true]);
    }
}

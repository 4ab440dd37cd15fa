//! What can be taken back: the last commands of this tab, record by record.

use crate::port::UndoToken;
use satchel_domain::{Record, RecordId};
use std::collections::VecDeque;

/// Commands that can be taken back; older ones are forgotten.
const DEPTH: usize = 200;

/// One record that a command wrote.
#[derive(Clone)]
pub(super) struct Touched {
    pub(super) id: RecordId,
    /// Before and after an edit; `None` for a record that the command made.
    pub(super) edit: Option<Box<(Record, Record)>>,
}

/// The last commands, newest last.
#[derive(Default)]
pub(super) struct UndoLog {
    next: u32,
    held: VecDeque<(UndoToken, Vec<Touched>)>,
}

impl UndoLog {
    /// Remembers a command; `None` when it wrote nothing.
    pub(super) fn remember(&mut self, touched: Vec<Touched>) -> Option<UndoToken> {
        if touched.is_empty() {
            return None;
        }
        let token = UndoToken(self.next);
        self.next = self.next.wrapping_add(1);
        self.held.push_back((token, touched));
        if self.held.len() > DEPTH {
            self.held.pop_front();
        }
        Some(token)
    }

    /// Gives up a command to be taken back; each only once.
    pub(super) fn take(&mut self, token: UndoToken) -> Option<Vec<Touched>> {
        let at = self.held.iter().position(|(held, _)| *held == token)?;
        self.held.remove(at).map(|(_, touched)| touched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_taken_back_once_and_the_oldest_are_forgotten() {
        let touched = |byte| vec![Touched { id: RecordId([byte; 16]), edit: None }];
        let mut log = UndoLog::default();
        let first = log.remember(touched(1)).unwrap();
        assert_eq!(log.take(first).unwrap().len(), 1);
        assert!(log.take(first).is_none());
        let old = log.remember(touched(2)).unwrap();
        for _ in 0..DEPTH {
            log.remember(touched(3));
        }
        assert!(log.take(old).is_none());
        assert_eq!(log.remember(Vec::new()), None);
    }
}

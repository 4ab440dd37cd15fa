//! Which interactions have files beside them; what the files are, their records say.

use crate::Book;
use crate::ties::Ties;
use satchel_domain::RecordId;
use std::collections::BTreeMap;

/// Changes with what a record says of files; when it was edited, and how many there are, shown and in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiledMark(u64, u8, u8);

impl Book {
    /// Interactions that have or had files, those in the trash among them.
    pub fn filed(&self) -> BTreeMap<RecordId, FiledMark> {
        let filed = self.events.iter().map(|(_, event)| event).filter(|event| event.files.all > 0);
        let marked =
            filed.map(|event| (event.id, FiledMark(event.edited_ms, event.files.shown, event.files.all)));
        marked.collect()
    }

    /// Whether files are shown beside an interaction.
    pub fn has_files(&self, id: RecordId) -> bool {
        self.event(id).is_some_and(|event| event.files.shown > 0)
    }

    /// The interactions on a partner's history that have files, newest first, with when they were.
    pub fn filed_with(&self, partner: RecordId) -> Vec<(RecordId, i64)> {
        let Some(partner) = self.root(partner) else { return Vec::new() };
        let events = self.partners.ties(partner).events.iter().rev();
        let events = events.filter_map(|number| self.events.get(*number));
        events.filter(|event| event.files.shown > 0).map(|event| (event.id, event.at_ms)).collect()
    }

    /// How many files lie beside what is on a history.
    pub(crate) fn files_len(&self, ties: &Ties) -> usize {
        let events = ties.events.iter().filter_map(|number| self.events.get(*number));
        events.map(|event| usize::from(event.files.shown)).sum()
    }
}

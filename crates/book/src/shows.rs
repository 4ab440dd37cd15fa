//! Answers that hold interactions, whose contents are to be filled in before they are shown.

use crate::{AnyRecord, Happened, PartnerCard, RecordCard, Timeline, TimelineEntry, Today, Trash};
use satchel_domain::Interaction;

/// An answer, or several, that may hold interactions. The book leaves their contents empty; whoever has the records puts
/// them in. These do: [`Timeline`], [`PartnerCard`], [`RecordCard`], [`Today`], [`Trash`] and what
/// [`crate::Book::search_interactions`] finds.
pub trait Shows {
    /// The interactions that it holds.
    fn interactions_mut(&mut self) -> Vec<&mut Interaction>;
}

impl Shows for Timeline {
    fn interactions_mut(&mut self) -> Vec<&mut Interaction> {
        self.entries.interactions_mut()
    }
}

impl Shows for TimelineEntry {
    fn interactions_mut(&mut self) -> Vec<&mut Interaction> {
        self.what.interaction_mut().into_iter().collect()
    }
}

impl Shows for PartnerCard {
    fn interactions_mut(&mut self) -> Vec<&mut Interaction> {
        self.last_three.iter_mut().map(|(interaction, _)| interaction).collect()
    }
}

impl Shows for RecordCard {
    fn interactions_mut(&mut self) -> Vec<&mut Interaction> {
        self.what.interaction_mut().into_iter().collect()
    }
}

impl Shows for Today {
    fn interactions_mut(&mut self) -> Vec<&mut Interaction> {
        self.logged.iter_mut().filter_map(|(entry, _)| entry.what.interaction_mut()).collect()
    }
}

impl Shows for Trash {
    fn interactions_mut(&mut self) -> Vec<&mut Interaction> {
        self.rows.iter_mut().filter_map(|(record, _)| record.interaction_mut()).collect()
    }
}

impl Shows for AnyRecord {
    fn interactions_mut(&mut self) -> Vec<&mut Interaction> {
        self.interaction_mut().into_iter().collect()
    }
}

impl<S: Shows> Shows for Option<S> {
    fn interactions_mut(&mut self) -> Vec<&mut Interaction> {
        self.as_mut().map(S::interactions_mut).unwrap_or_default()
    }
}

impl<S: Shows> Shows for Vec<S> {
    fn interactions_mut(&mut self) -> Vec<&mut Interaction> {
        self.iter_mut().flat_map(S::interactions_mut).collect()
    }
}

impl Happened {
    fn interaction_mut(&mut self) -> Option<&mut Interaction> {
        if let Self::Interaction(interaction) = self { Some(interaction) } else { None }
    }
}

impl AnyRecord {
    fn interaction_mut(&mut self) -> Option<&mut Interaction> {
        if let Self::Interaction(interaction) = self { Some(interaction) } else { None }
    }
}

//! When, with whom, how and as what each interaction was, in columns: what statistics run over without touching
//! the interactions themselves.

use crate::entry::Event;
use crate::partners::PartnerNo;
use satchel_domain::Method;

/// The columns, by the interaction's number.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    at_ms: Vec<i64>,
    /// The number of the primary partner; [`NOBODY`] for none.
    partner: Vec<u32>,
    /// The type's number, the method, and flags.
    what: Vec<u32>,
}

/// No primary partner.
pub(crate) const NOBODY: u32 = u32::MAX;
const LIVE: u32 = 1;
const OTHERS: u32 = 2;
const METHOD_SHIFT: u32 = 2;
const METHOD_MASK: u32 = 0xf;
const TYPE_SHIFT: u32 = 6;

/// One interaction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    pub(crate) number: u32,
    pub(crate) at_ms: i64,
    pub(crate) partner: u32,
    what: u32,
}

impl Fact {
    /// Whether somebody else took part.
    pub(crate) fn has_others(self) -> bool {
        self.what & OTHERS != 0
    }

    /// Its position in [`Method::ALL`].
    pub(crate) fn method(self) -> usize {
        (self.what >> METHOD_SHIFT & METHOD_MASK) as usize
    }

    /// The number of the type's code among the words.
    pub(crate) fn record_type(self) -> u32 {
        self.what >> TYPE_SHIFT
    }
}

impl Facts {
    /// Notes an interaction that is not in the trash.
    pub(crate) fn put(&mut self, number: u32, event: &Event) {
        const _: () = assert!(Method::ALL.len() <= METHOD_MASK as usize + 1);
        let at = number as usize;
        if self.at_ms.len() <= at {
            self.at_ms.resize(at + 1, 0);
            self.partner.resize(at + 1, NOBODY);
            self.what.resize(at + 1, 0);
        }
        let others = if event.others.is_empty() { 0 } else { OTHERS };
        self.at_ms[at] = event.at_ms;
        self.partner[at] = event.partner.map_or(NOBODY, PartnerNo::number);
        self.what[at] =
            LIVE | others | (event.method as u32) << METHOD_SHIFT | event.record_type << TYPE_SHIFT;
    }

    /// Forgets an interaction.
    pub(crate) fn remove(&mut self, number: u32) {
        if let Some(what) = self.what.get_mut(number as usize) {
            *what = 0;
        }
    }

    /// Every interaction that is not in the trash.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Fact> {
        let columns = self.at_ms.iter().zip(&self.partner).zip(&self.what).zip(0_u32..);
        columns.filter(|((_, what), _)| **what & LIVE != 0).map(|(((at_ms, partner), what), number)| Fact {
            number,
            at_ms: *at_ms,
            partner: *partner,
            what: *what,
        })
    }
}

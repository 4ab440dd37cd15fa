//! Statistics and saved views, asked of the book.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::view::number;
use super::workspace::Workspace;
use crate::port::{self, Done};
use satchel_book as book;
use satchel_domain::{Kind, RecordId, Revision, Selection, ViewDraft};

fn pair(pair: book::Pair) -> port::Pair {
    port::Pair { now: pair.now, before: pair.before }
}

pub(super) fn scores(scores: book::Scores, tiers: book::Tiers) -> port::Scores {
    let book::Scores { recency, frequency, monetary } = scores;
    port::Scores { recency, frequency, monetary, tier: tiers.of(scores) }
}

impl<H: Host> Workspace<H> {
    pub(super) fn statistics(&self, selection: &Selection, period: port::Period) -> port::Statistics {
        let port::Period { now, before, elapsed, today_ms } = period;
        let period = book::Period { now, before, elapsed: elapsed as usize, today_ms };
        let (found, tiers) = {
            let book = self.book.borrow();
            (book.statistics(selection, &period), book.tiers())
        };
        port::Statistics {
            customers: number(found.customers),
            contacts: pair(found.contacts),
            reached: pair(found.reached),
            orders: pair(found.orders),
            days: found.days,
            days_before: found.days_before,
            methods: found.methods.into_iter().map(|(method, counts)| (method, pair(counts))).collect(),
            types: found.types.into_iter().map(|(kind, counts)| (kind, pair(counts))).collect(),
            bought: found.bought,
            ageing: found.ageing,
            ages: book::AGES.to_vec(),
            by_contacts: found.by_contacts.into_iter().map(|(row, count)| (self.row(row), count)).collect(),
            by_orders: found
                .by_orders
                .into_iter()
                .map(|(row, count, spent)| (self.row(row), count, spent))
                .collect(),
            rfm: found.rfm,
            tiers: found.tiers,
            tiers_from: [tiers.a, tiers.b],
            tiers_usual: tiers == book::Tiers::default(),
            buyers: number(found.buyers),
        }
    }

    pub(super) async fn create_view(&self, draft: &ViewDraft) -> Ended<Done> {
        super::commands::check(draft.validate())?;
        self.make(Kind::View, draft.create()).await
    }

    pub(super) async fn edit_view(&self, id: RecordId, seen: &ViewDraft, draft: &ViewDraft) -> Ended<Done> {
        super::commands::check(draft.validate())?;
        self.revise(id, Revision::of_view(seen, draft)).await
    }
}

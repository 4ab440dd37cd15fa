//! A day on the road: whom to visit, in which order.
//!
//! A plan is no record of its own. It is the open tasks of the day that have a customer, one stop a customer; the
//! order lies in the tasks ([`Turn`]). So it syncs and merges like everything else, and whoever moves a task to
//! another day takes it out of this one's plan.

use crate::timeline::Span;
use crate::{Book, Plan, PlanStop};
use satchel_domain::{AccountId, Address, Coordinates, PartnerDraft, RecordId, Task, Turn, sorted};

/// Where a stop stands: by its turn, those without one last; then by its time, and as it was promised.
type Rank = (u32, i64, u64, RecordId);

impl Book {
    /// The visits between two local midnights, ms since 1970 UTC. With an owner: without those that others look after.
    pub fn plan(&self, from_ms: i64, to_ms: i64, owner: Option<AccountId>) -> Plan {
        let span = Span::new(Some(from_ms), Some(to_ms));
        let mut plan = Plan::default();
        let mut ranked: Vec<(Rank, PlanStop)> = Vec::new();
        for task in self.open_tasks() {
            let Some(due_ms) = self.due_ms(task).filter(|due_ms| span.ends_after(*due_ms)) else { continue };
            let Some(stop) = self.stop(task, owner) else { continue };
            if !span.contains(due_ms) {
                plan.late += 1;
            } else if task.entry.turn == Turn::Aside {
                plan.aside.push(stop);
            } else {
                join(&mut ranked, rank(task, due_ms), stop);
            }
        }
        sorted::sort_by_key(&mut ranked, |(rank, _)| *rank);
        plan.stops = ranked.into_iter().map(|(_, stop)| stop).collect();
        plan
    }

    /// Where somebody is visited: who has no address of her own, where she works.
    fn whereabouts(&self, card: &PartnerDraft) -> (Option<Address>, Option<Coordinates>) {
        let own = (card.addresses.first().cloned(), card.coordinates);
        let firm = card.organisation.and_then(|firm| self.partner(self.resolve(firm)));
        match (own, firm) {
            ((None, None), Some(firm)) => (firm.card.addresses.first().cloned(), firm.card.coordinates),
            (own, _) => own,
        }
    }

    /// Everybody has a road of her own: what another member looks after is on hers.
    fn stop(&self, task: &Task, owner: Option<AccountId>) -> Option<PlanStop> {
        let partner = self.partner_row(task.entry.partner?)?;
        let card = &self.partner(partner.id)?.card;
        let mine = owner.is_none() || card.owner.is_none() || card.owner == owner;
        let (address, coordinates) = self.whereabouts(card);
        mine.then(|| PlanStop { partner, address, coordinates, tasks: vec![task.clone()] })
    }
}

fn rank(task: &Task, due_ms: i64) -> Rank {
    let turn = if let Turn::Nth(nth) = task.entry.turn { nth } else { u32::MAX };
    (turn, due_ms, task.created_ms, task.id)
}

/// Who is visited for two things is visited once, as early as for the first of them.
fn join(ranked: &mut Vec<(Rank, PlanStop)>, rank: Rank, stop: PlanStop) {
    match ranked.iter_mut().find(|(_, known)| known.partner.id == stop.partner.id) {
        Some((known_rank, known)) => {
            *known_rank = rank.min(*known_rank);
            known.tasks.extend(stop.tasks);
        }
        None => ranked.push((rank, stop)),
    }
}

//! The visits of a day: in which order, and where customers are.

use super::commands::written;
use super::failure::Outcome as Ended;
use super::host::Host;
use super::view::number;
use super::workspace::Workspace;
use crate::port::{Done, FailureCode, Outcome, Plan, PlanAct, PlanStop};
use satchel_book as book;
use satchel_domain::{Coordinates, RecordId, Turn, Value, Write, field, turn_writes};
use satchel_replica::Edit;

impl<H: Host> Workspace<H> {
    /// The visits between two local midnights, ms since 1970 UTC; in a team without those that others look after.
    pub(super) fn plan(&self, from_ms: i64, to_ms: i64) -> Plan {
        let book::Plan { stops, aside, late } = self.book.borrow().plan(from_ms, to_ms, self.creator());
        let all = |stops: Vec<book::PlanStop>| stops.into_iter().map(|stop| self.plan_stop(stop)).collect();
        Plan { stops: all(stops), aside: all(aside), late: number(late) }
    }

    fn plan_stop(&self, stop: book::PlanStop) -> PlanStop {
        let book::PlanStop { partner, address, coordinates, tasks } = stop;
        let tasks = tasks.into_iter().map(|task| (self.mark(task.id), task));
        let tasks = tasks.map(|(mark, task)| (task, mark)).collect();
        PlanStop { partner: self.row(partner), address, coordinates, tasks }
    }

    /// Does it in one commit.
    pub(super) async fn act_on_plan(&self, act: &PlanAct) -> Ended<Done> {
        let turns = match act {
            PlanAct::Locate { partner, at } => return self.locate(*partner, *at).await,
            PlanAct::Aside(tasks) => tasks.iter().map(|id| (*id, Turn::Aside)).collect(),
            PlanAct::Back(tasks) => tasks.iter().map(|id| (*id, Turn::Unsaid)).collect(),
            PlanAct::Arrange(stops) => arranged(stops),
        };
        self.give_turns(turns).await
    }

    /// Only what stands elsewhere now is written: two devices that move two visits do not meet.
    async fn give_turns(&self, turns: Vec<(RecordId, Turn)>) -> Ended<Done> {
        let edits: Vec<Edit> = {
            let book = self.book.borrow();
            let turn = |id: RecordId| book.task(id).map(|task| task.entry.turn);
            if turns.iter().any(|(id, _)| turn(*id).is_none()) {
                return Err(FailureCode::NotFound.into());
            }
            let moved = turns.into_iter().filter(|(id, to)| turn(*id) != Some(*to));
            moved.map(|(id, to)| written(id, turn_writes(to))).collect()
        };
        let undo = self.write(edits).await?;
        Ok(Done { outcome: Outcome::Saved, undo })
    }

    async fn locate(&self, partner: RecordId, at: Option<Coordinates>) -> Ended<Done> {
        let partner = self.book.borrow().resolve(partner);
        let write = Write::Set { field: field::COORDINATES.to_owned(), value: Value::from(at) };
        self.edit(partner, vec![write]).await
    }
}

fn arranged(stops: &[Vec<RecordId>]) -> Vec<(RecordId, Turn)> {
    let nth = |place: usize| Turn::Nth(u32::try_from(place).unwrap_or(u32::MAX));
    stops
        .iter()
        .enumerate()
        .flat_map(|(place, tasks)| tasks.iter().map(move |id| (*id, nth(place))))
        .collect()
}

//! Finding what is not a partner: tasks by title, orders by number, note and product, interactions by what they say (R40).

use crate::fold::fold;
use crate::said::order_says;
use crate::sought::Sought;
use crate::{AnyRecord, Book};
use satchel_domain::{Order, Task, sorted};
use std::cmp::Reverse;

/// Fewer letters than these say nothing in a text.
const LEAST_CHARS: usize = 2;

impl Book {
    /// Tasks, orders and interactions that hold every word of a text, in this order, newest first (interactions in which
    /// it stands as it was typed before others), at most `limit` of each; contents of interactions are left empty.
    pub fn find_records(&self, text: &str, limit: usize) -> Vec<AnyRecord> {
        let Some(sought) = Sought::new(text).filter(|_| text.trim().chars().count() >= LEAST_CHARS) else {
            return Vec::new();
        };
        let tasks = self.found_tasks(&sought, limit).into_iter().map(|task| AnyRecord::Task(task.clone()));
        let orders =
            self.found_orders(&sought, limit).into_iter().map(|order| AnyRecord::Order(order.clone()));
        let said = self.search_interactions(text, limit).into_iter();
        let said = said.filter_map(|entry| self.interaction(entry.what.id()).map(AnyRecord::Interaction));
        tasks.chain(orders).chain(said).collect()
    }

    /// Open ones first, by when they are due.
    fn found_tasks(&self, sought: &Sought, limit: usize) -> Vec<&Task> {
        let all = self.tasks.iter().map(|(_, task)| task).filter(|task| !task.deleted && self.in_sight(task));
        let mut found: Vec<&Task> = all.filter(|task| sought.is_in(&fold(&task.entry.title))).collect();
        let due = |task: &Task| task.entry.due.as_ref().map_or(i64::MAX, |due| due.utc_ms);
        sorted::sort_by_key(&mut found, |task| (task.done_ms.is_some(), due(task), task.id));
        found.truncate(limit);
        found
    }

    fn found_orders(&self, sought: &Sought, limit: usize) -> Vec<&Order> {
        let all = self.orders.iter().map(|(_, entry)| &entry.order).filter(|order| !order.deleted);
        let mut found: Vec<&Order> = all.filter(|order| order_says(&order.entry, sought)).collect();
        sorted::sort_by_key(&mut found, |order| (Reverse(order.entry.at.utc_ms), order.id));
        found.truncate(limit);
        found
    }
}

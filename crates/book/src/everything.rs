//! Finding what is not a partner: tasks by title, orders by number, note and product, interactions by what they say (R40).

use crate::entry::OrderEntry;
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
        sorted::sort_by_key(&mut found, |task| (task.done_ms.is_some(), self.due_place(task)));
        found.truncate(limit);
        found
    }

    fn found_orders(&self, sought: &Sought, limit: usize) -> Vec<&Order> {
        let all = self.orders.iter().map(|(_, entry)| entry).filter(|entry| !entry.order.deleted);
        let mut found: Vec<&OrderEntry> =
            all.filter(|entry| order_says(&entry.order.entry, sought)).collect();
        sorted::sort_by_key(&mut found, |entry| (Reverse(entry.at_ms), entry.order.id));
        found.into_iter().take(limit).map(|entry| &entry.order).collect()
    }
}

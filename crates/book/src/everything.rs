//! Finding what is not a partner: tasks by title, orders by number, note and product, interactions by what they say (R40).

use crate::fold::fold;
use crate::{AnyRecord, Book};
use satchel_domain::{Order, OrderLine, Task, sorted};
use std::cmp::Reverse;

/// Fewer letters than these say nothing in a text.
const LEAST_CHARS: usize = 2;

impl Book {
    /// Tasks, orders and interactions that hold every word of a text, in this order, newest first, at most `limit` of
    /// each; contents of interactions are left empty.
    pub fn find_records(&self, text: &str, limit: usize) -> Vec<AnyRecord> {
        let whole = fold(text.trim());
        let words: Vec<&str> = whole.split_whitespace().collect();
        if whole.chars().count() < LEAST_CHARS {
            return Vec::new();
        }
        let holds = |text: &str| {
            let folded = fold(text);
            words.iter().all(|word| folded.contains(word))
        };
        let tasks = self.found_tasks(&holds, limit).into_iter().map(|task| AnyRecord::Task(task.clone()));
        let orders =
            self.found_orders(&holds, limit).into_iter().map(|order| AnyRecord::Order(order.clone()));
        let said = self.search_interactions(&whole, limit).into_iter();
        let said = said.filter_map(|entry| self.interaction(entry.what.id()).map(AnyRecord::Interaction));
        tasks.chain(orders).chain(said).collect()
    }

    /// Open ones first, by when they are due.
    fn found_tasks(&self, holds: &impl Fn(&str) -> bool, limit: usize) -> Vec<&Task> {
        let all = self.tasks.iter().map(|(_, task)| task);
        let mut found: Vec<&Task> =
            all.filter(|task| !task.deleted && self.in_sight(task) && holds(&task.entry.title)).collect();
        let due = |task: &Task| task.entry.due.as_ref().map_or(i64::MAX, |due| due.utc_ms);
        sorted::sort_by_key(&mut found, |task| (task.done_ms.is_some(), due(task), task.id));
        found.truncate(limit);
        found
    }

    fn found_orders(&self, holds: &impl Fn(&str) -> bool, limit: usize) -> Vec<&Order> {
        let line = |line: &OrderLine| holds(&line.product);
        let all = self.orders.iter().map(|(_, entry)| &entry.order).filter(|order| !order.deleted);
        let wanted = |order: &&Order| {
            let entry = &order.entry;
            holds(&entry.number) || holds(&entry.note) || entry.lines.iter().any(line)
        };
        let mut found: Vec<&Order> = all.filter(wanted).collect();
        sorted::sort_by_key(&mut found, |order| (Reverse(order.entry.at.utc_ms), order.id));
        found.truncate(limit);
        found
    }
}

//! Tasks under the headings of an agenda.

use chrono::{Datelike, Days, NaiveDate};

/// A heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Heading {
    /// Due before today.
    Overdue,
    /// Due today.
    Today,
    /// Due tomorrow to Sunday.
    Week,
    /// Due after this week.
    Later,
    /// Without a day.
    NoDate,
    /// Done.
    Done,
}

/// Under which heading a task stands.
pub fn heading(due: Option<NaiveDate>, done: bool, today: NaiveDate) -> Heading {
    if done {
        return Heading::Done;
    }
    let days_left = 6 - u64::from(today.weekday().num_days_from_monday());
    let sunday = today.checked_add_days(Days::new(days_left)).unwrap_or(today);
    match due {
        None => Heading::NoDate,
        Some(due) if due < today => Heading::Overdue,
        Some(due) if due == today => Heading::Today,
        Some(due) if due <= sunday => Heading::Week,
        Some(_) => Heading::Later,
    }
}

/// Groups tasks under their headings; the order inside a heading stays.
pub fn agenda<T>(
    tasks: impl IntoIterator<Item = T>,
    heading_of: impl Fn(&T) -> Heading,
) -> Vec<(Heading, Vec<T>)> {
    let mut groups: Vec<(Heading, Vec<T>)> = Vec::new();
    for task in tasks {
        let heading = heading_of(&task);
        match groups.binary_search_by_key(&heading, |(known, _)| *known) {
            Ok(at) => groups[at].1.push(task),
            Err(at) => groups.insert(at, (heading, vec![task])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_stand_where_they_are_looked_for() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let thursday = day("2026-11-19");
        let of = |due: Option<&str>| heading(due.map(day), false, thursday);
        assert_eq!(of(Some("2026-11-18")), Heading::Overdue);
        assert_eq!(of(Some("2026-11-19")), Heading::Today);
        assert_eq!(of(Some("2026-11-22")), Heading::Week);
        assert_eq!(of(Some("2026-11-23")), Heading::Later);
        assert_eq!(of(None), Heading::NoDate);
        assert_eq!(heading(Some(thursday), true, thursday), Heading::Done);
    }

    #[test]
    fn headings_come_in_their_order_and_keep_that_of_tasks() {
        let groups =
            agenda([(Heading::Later, 1), (Heading::Overdue, 2), (Heading::Later, 3)], |(heading, _)| {
                *heading
            });
        assert_eq!(
            groups,
            [
                (Heading::Overdue, vec![(Heading::Overdue, 2)]),
                (Heading::Later, vec![(Heading::Later, 1), (Heading::Later, 3)])
            ]
        );
    }
}

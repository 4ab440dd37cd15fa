//! The order of a day's visits: moved by hand, or by distance.

use crate::port::PlanStop;
use satchel_domain::route::{length_m, short_way};
use satchel_domain::{Coordinates, RecordId};

/// One place up or down, or to a place of its own; `None` where that changes nothing.
pub fn moved<T: Clone>(all: &[T], from: usize, to: usize) -> Option<Vec<T>> {
    let to = to.min(all.len().checked_sub(1)?);
    if from == to || from >= all.len() {
        return None;
    }
    let mut all = all.to_vec();
    let one = all.remove(from);
    all.insert(to, one);
    Some(all)
}

/// A short way from `start`, or else from the first visit with a known place; visits without one come last, as
/// they stand.
pub fn by_distance(stops: &[PlanStop], start: Option<Coordinates>) -> Vec<PlanStop> {
    let (known, unknown): (Vec<PlanStop>, Vec<PlanStop>) =
        stops.iter().cloned().partition(|stop| stop.coordinates.is_some());
    let places: Vec<Coordinates> = known.iter().filter_map(|stop| stop.coordinates).collect();
    let way = short_way(start, &places);
    way.into_iter().filter_map(|k| known.get(k).cloned()).chain(unknown).collect()
}

/// How far it is along the visits whose place is known, as the crow flies, in metres.
pub fn length(stops: &[PlanStop], start: Option<Coordinates>) -> f64 {
    length_m(start, stops.iter().filter_map(|stop| stop.coordinates))
}

/// The tasks of each stop, as the engine is told an order.
pub fn tasks(stops: &[PlanStop]) -> Vec<Vec<RecordId>> {
    stops.iter().map(|stop| stop.tasks.iter().map(|(task, _)| task.id).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::{Mark, PartnerRow};
    use satchel_domain::PartnerKind;

    fn stop(id: u8, at: Option<f64>) -> PlanStop {
        let partner = PartnerRow {
            id: RecordId([id; 16]),
            kind: PartnerKind::Person,
            name: String::new(),
            aside: String::new(),
            letter: 'A',
            next_step: None,
            last_contact_ms: None,
            phone: String::new(),
            bought: Vec::new(),
            mark: Mark::Synced,
        };
        let coordinates = at.and_then(|lon| Coordinates::of_degrees(50.0, lon));
        PlanStop { partner, address: None, coordinates, tasks: Vec::new() }
    }

    fn ids(stops: &[PlanStop]) -> Vec<u8> {
        stops.iter().map(|stop| stop.partner.id.0[0]).collect()
    }

    #[test]
    fn a_visit_moves_by_one_and_not_beyond_the_ends() {
        assert_eq!(moved(&[1, 2, 3], 0, 1), Some(vec![2, 1, 3]));
        assert_eq!(moved(&[1, 2, 3], 2, 0), Some(vec![3, 1, 2]));
        assert_eq!(moved(&[1, 2, 3], 1, 9), Some(vec![1, 3, 2]));
        assert_eq!(moved(&[1, 2, 3], 2, 3), None);
        assert_eq!(moved::<u8>(&[], 0, 0), None);
    }

    #[test]
    fn visits_without_a_place_come_last_as_they_stand() {
        let day = [stop(1, None), stop(2, Some(9.3)), stop(3, Some(9.1)), stop(4, None), stop(5, Some(9.2))];
        let start = Coordinates::of_degrees(50.0, 9.0);
        assert_eq!(ids(&by_distance(&day, start)), [3, 5, 2, 1, 4]);
        assert_eq!(ids(&by_distance(&day, None))[0], 2, "without a position from the first that is known");
        let far = length(&by_distance(&day, start), start);
        assert!((far - 21_440.0).abs() < 100.0, "{far}");
    }
}

//! Where customers are, and in which order to visit them: great circles, no map, no network.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Mean radius of the Earth (IUGG), in metres.
const EARTH_M: f64 = 6_371_008.8;
/// Coordinates are kept in millionths of a degree: a tenth of a metre.
const MICRO: f64 = 1e6;
/// What a change must save to be one, in metres: less is rounding, and would never end.
const WORTH_M: f64 = 0.5;

/// A place on the Earth (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Coordinates {
    /// North of the equator, in millionths of a degree.
    pub lat_e6: i32,
    /// East of Greenwich, in millionths of a degree.
    pub lon_e6: i32,
}

impl Coordinates {
    /// From degrees; `None` for what is nowhere.
    pub fn of_degrees(lat: f64, lon: f64) -> Option<Self> {
        let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        // At most 180 million: it fits.
        let micro = |degrees: f64| (degrees * MICRO).round() as i32;
        on_earth.then(|| Self { lat_e6: micro(lat), lon_e6: micro(lon) })
    }

    /// North and east, in degrees.
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.lat_e6) / MICRO, f64::from(self.lon_e6) / MICRO)
    }

    /// The distance along the great circle, in metres: the haversine formula (R. W. Sinnott, "Virtues of the
    /// Haversine", Sky and Telescope 68(2), 1984, p. 159), which is exact for near points too. The Earth is no
    /// sphere: up to 0.6 % off.
    pub fn distance_m(self, other: Self) -> f64 {
        let ((lat_a, lon_a), (lat_b, lon_b)) = (self.degrees(), other.degrees());
        let half_sine = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin();
        let (across, along) = (half_sine(lat_a, lat_b), half_sine(lon_a, lon_b));
        let shrunk = lat_a.to_radians().cos() * lat_b.to_radians().cos();
        let haversine = across * across + shrunk * along * along;
        2.0 * EARTH_M * haversine.sqrt().min(1.0).asin()
    }
}

/// The way from `start` by these places in this order, in metres.
pub fn length_m(start: Option<Coordinates>, places: impl IntoIterator<Item = Coordinates>) -> f64 {
    let mut places = places.into_iter();
    let Some(mut here) = start.or_else(|| places.next()) else { return 0.0 };
    let mut sum = 0.0;
    for next in places {
        sum += here.distance_m(next);
        here = next;
    }
    sum
}

/// A short way by all places, as positions in `places`: from `start`, or else from the first of them, without a
/// way back. The nearest is next; then, while that saves something, a stretch is turned round (2-opt; G. A. Croes,
/// "A Method for Solving Traveling-Salesman Problems", Operations Research 6(6), 1958) or one place is visited at
/// another time (or-opt of one; I. Or, 1976). Short, not always the shortest; the same places give the same way.
pub fn short_way(start: Option<Coordinates>, places: &[Coordinates]) -> Vec<usize> {
    let mut way = Way { start, places, order: nearest_next(start, places) };
    while let Some(better) = way.turned().or_else(|| way.moved()) {
        way.order = better;
    }
    way.order
}

fn nearest_next(start: Option<Coordinates>, places: &[Coordinates]) -> Vec<usize> {
    let mut left: BTreeSet<usize> = (0..places.len()).collect();
    let mut way = Vec::with_capacity(places.len());
    let mut here = start.or_else(|| places.first().copied());
    while let Some(at) = here {
        let distance = |place: &usize| at.distance_m(places[*place]);
        let nearest = left.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b)));
        here = nearest.map(|place| places[place]);
        if let Some(place) = nearest {
            left.remove(&place);
            way.push(place);
        }
    }
    way
}

/// A way that is being shortened.
struct Way<'a> {
    start: Option<Coordinates>,
    places: &'a [Coordinates],
    order: Vec<usize>,
}

impl Way<'_> {
    /// The `nth` place, counted from 1; 0 is the start. Nothing behind the last.
    fn at(&self, nth: usize) -> Option<Coordinates> {
        let place = nth.checked_sub(1).map(|nth| self.order.get(nth).map(|place| self.places[*place]));
        place.unwrap_or(self.start)
    }

    /// From one place to another, in metres; nothing where the way begins or ends.
    fn gap(&self, from: usize, to: usize) -> f64 {
        self.at(from).zip(self.at(to)).map_or(0.0, |(from, to)| from.distance_m(to))
    }

    /// The places that may be visited at another time: without a start the first one stays first.
    fn free(&self) -> std::ops::RangeInclusive<usize> {
        1 + usize::from(self.start.is_none())..=self.order.len()
    }

    /// The first stretch that is better gone the other way round.
    fn turned(&self) -> Option<Vec<usize>> {
        let pairs = self.free().flat_map(|from| (from + 1..=self.order.len()).map(move |to| (from, to)));
        let saved = |(from, to): (usize, usize)| {
            self.gap(from - 1, from) + self.gap(to, to + 1) - self.gap(from - 1, to) - self.gap(from, to + 1)
        };
        let (from, to) = pairs.into_iter().find(|pair| saved(*pair) > WORTH_M)?;
        let mut order = self.order.clone();
        order[from - 1..to].reverse();
        Some(order)
    }

    /// The first place that is better visited behind another one.
    fn moved(&self) -> Option<Vec<usize>> {
        let first = self.free().start() - 1;
        let pairs = self.free().flat_map(|from| (first..=self.order.len()).map(move |behind| (from, behind)));
        let saved = |(from, behind): (usize, usize)| {
            let left = self.gap(from - 1, from) + self.gap(from, from + 1) - self.gap(from - 1, from + 1);
            let detour = self.gap(behind, from) + self.gap(from, behind + 1) - self.gap(behind, behind + 1);
            left - detour
        };
        let elsewhere = |(from, behind): &(usize, usize)| behind != from && behind + 1 != *from;
        let (from, behind) = pairs.filter(elsewhere).find(|pair| saved(*pair) > WORTH_M)?;
        let mut order = self.order.clone();
        let place = order.remove(from - 1);
        order.insert(if behind < from { behind } else { behind - 1 }, place);
        Some(order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> Coordinates {
        Coordinates::of_degrees(lat, lon).expect("on Earth")
    }

    #[test]
    fn distances_are_those_of_the_great_circle() {
        let (berlin, beijing) = (at(52.52, 13.405), at(39.9042, 116.4074));
        let metres = berlin.distance_m(beijing);
        assert!((metres - 7_360_000.0).abs() < 15_000.0, "{metres}");
        assert!(berlin.distance_m(berlin) < f64::EPSILON);
        // A degree of a meridian: π · r / 180.
        assert!((at(0.0, 0.0).distance_m(at(1.0, 0.0)) - 111_195.08).abs() < 0.1);
        assert!((at(0.0, 179.9).distance_m(at(0.0, -179.9)) - 22_239.0).abs() < 1.0, "over the date line");
        let half_round = at(0.0, 0.0).distance_m(at(0.0, 180.0));
        assert!((half_round - std::f64::consts::PI * EARTH_M).abs() < 1.0, "{half_round}");
    }

    #[test]
    fn nowhere_has_no_coordinates() {
        for (lat, lon) in [(90.1, 0.0), (0.0, 181.0), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(Coordinates::of_degrees(lat, lon), None);
        }
        assert_eq!(at(-33.865_143, 151.209_9), Coordinates { lat_e6: -33_865_143, lon_e6: 151_209_900 });
    }

    #[test]
    fn the_way_goes_along_a_road_from_where_one_is() {
        let road = [at(50.0, 9.3), at(50.0, 9.1), at(50.0, 9.4), at(50.0, 9.2)];
        assert_eq!(short_way(Some(at(50.0, 9.0)), &road), [1, 3, 0, 2]);
        assert_eq!(short_way(Some(at(50.0, 9.5)), &road), [2, 0, 3, 1]);
        assert_eq!(short_way(None, &road)[0], 0, "without a start it begins with the first");
        assert!(short_way(None, &[]).is_empty());
        assert_eq!(short_way(None, &road[..1]), [0]);
    }

    #[test]
    fn a_way_that_doubles_back_is_untangled() {
        // The nearest first goes east, and comes back past the start for the west: it is better to begin with that.
        let row = [at(0.0, 0.10), at(0.0, -0.11), at(0.0, 0.30), at(0.0, 0.60)];
        let start = Some(at(0.0, 0.0));
        let greedy = nearest_next(start, &row);
        let way = short_way(start, &row);
        let metres = |way: &[usize]| length_m(start, way.iter().map(|k| row[*k]));
        assert!(metres(&way) < metres(&greedy), "{way:?} after {greedy:?}");
        assert_eq!(way, [1, 0, 2, 3]);
    }

    #[test]
    fn a_way_that_crosses_itself_is_turned() {
        // Nearest first: A, C, B, D crosses itself in the middle of a narrow field.
        let field = [at(0.0, 0.1), at(0.0, 1.0), at(0.3, 0.45), at(0.3, 1.0)];
        let start = Some(at(0.3, 0.0));
        let crossed = Way { start, places: &field, order: vec![2, 1, 0, 3] };
        let turned = crossed.turned().expect("a crossing");
        let metres = |way: &[usize]| length_m(start, way.iter().map(|k| field[*k]));
        assert!(metres(&turned) < metres(&crossed.order), "{turned:?}");
    }

    #[test]
    fn every_place_is_visited_once_and_no_way_is_longer_than_the_nearest_first() {
        let mut dice: u64 = 7;
        let mut roll = || {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(dice >> 40).unwrap_or(0)) / f64::from(1 << 24)
        };
        for count in 0..40 {
            let places: Vec<_> = (0..count).map(|_| at(48.0 + roll(), 11.0 + roll())).collect();
            let start = Some(at(48.5, 11.5));
            let way = short_way(start, &places);
            let mut sorted = way.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..count).collect::<Vec<_>>());
            let metres = |way: &[usize]| length_m(start, way.iter().map(|k| places[*k]));
            assert!(metres(&way) <= metres(&nearest_next(start, &places)));
        }
    }
}

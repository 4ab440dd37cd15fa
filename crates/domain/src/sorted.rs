//! Sorting with one copy of the machinery. The standard library's sort is compiled anew for each type and each
//! order, and a map collected from pairs sorts them first: some 5 KB each time, which was an eighth of what is
//! downloaded to the worker. Where ten thousand things are sorted for each keystroke the library's is quicker.

use std::cmp::Ordering;

/// Sorts by an order; equals stay as they were.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(items.len(), &|a, b| compare(&items[a as usize], &items[b as usize]));
    arrange(items, order);
}

/// Sorts by what `key` makes of each; equals stay as they were.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts; equals stay as they were.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts by what `key` makes of each, asked once for each; equals stay as they were.
pub fn sort_by_cached_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let order = order(items.len(), &|a, b| keys[a as usize].cmp(&keys[b as usize]));
    arrange(items, order);
}

/// `collect` into a map or a set, one by one instead of sorted first.
pub trait Gather: Iterator + Sized {
    /// All that comes; of equal keys the last pair counts.
    fn gather<C: Default + Extend<Self::Item>>(self) -> C {
        let mut all = C::default();
        all.extend(self);
        all
    }
}

impl<I: Iterator> Gather for I {}

/// The places of items in order.
fn order(len: usize, compare: &dyn Fn(u32, u32) -> Ordering) -> Vec<u32> {
    let mut order: Vec<u32> = (0..len as u32).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

/// Puts what was at `order[place]` at each place.
fn arrange<T>(items: &mut [T], mut order: Vec<u32>) {
    for place in 0..items.len() {
        let mut from = order[place] as usize;
        // What was there may have been moved already: then to where its place told.
        while from < place {
            from = order[from] as usize;
        }
        order[place] = from as u32;
        items.swap(place, from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(items in prop::collection::vec((0_u8..9, any::<u16>()), 0..60)) {
            let mut library = items.clone();
            library.sort_by_key(|(key, _)| *key);
            let mut ours = items.clone();
            sort_by_key(&mut ours, |(key, _)| *key);
            prop_assert_eq!(&ours, &library);
            sort(&mut ours);
            library.sort();
            prop_assert_eq!(ours, library);
            let (mut cached, mut library) = (items.clone(), items.clone());
            sort_by_cached_key(&mut cached, |(_, value)| *value);
            library.sort_by_key(|(_, value)| *value);
            prop_assert_eq!(cached, library);
            let map: BTreeMap<u8, u16> = items.iter().copied().gather();
            prop_assert_eq!(map, items.into_iter().collect());
        }
    }
}

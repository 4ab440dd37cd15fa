//! What belongs together: a partner's row, an order with all its lines, an interaction's row.

use crate::import::Source;
use crate::orders::has_lines;
use crate::plan::{Role, Target};
use std::collections::HashMap;

/// A row of a file, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: usize,
    pub(crate) row: usize,
}

/// What is done in one go.
#[derive(Clone, Debug)]
pub(crate) enum Unit {
    /// Nothing of its own: names were taken.
    Product(Place),
    Partner(Place),
    /// Rows of an orders' file, and lines of others.
    Order {
        rows: Vec<Place>,
        lines: Vec<Place>,
    },
    /// Lines of an order that is in none of the files.
    Loose {
        key: String,
        lines: Vec<Place>,
    },
    Interaction(Place),
}

impl Unit {
    /// Every row that it takes care of.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let (rows, lines): (&[Place], &[Place]) = match self {
            Self::Product(place) | Self::Partner(place) | Self::Interaction(place) => {
                (std::slice::from_ref(place), &[])
            }
            Self::Order { rows, lines } => (rows, lines),
            Self::Loose { lines, .. } => (&[], lines),
        };
        rows.iter().chain(lines).copied()
    }
}

/// Everything that there is to do, in order, and the names of products.
pub(crate) fn all(sources: &[Source]) -> (Vec<Unit>, HashMap<String, String>) {
    let mut units = Vec::new();
    let mut products = HashMap::new();
    for (place, source) in rows_of(sources, Role::Products) {
        if let (Some(id), Some(name)) =
            (value(source, place, &Target::ExternalId), value(source, place, &Target::Name))
        {
            products.insert(id, name);
        }
        units.push(Unit::Product(place));
    }
    units.extend(rows_of(sources, Role::Partners).map(|(place, _)| Unit::Partner(place)));
    orders(sources, &mut units);
    units.extend(rows_of(sources, Role::Interactions).map(|(place, _)| Unit::Interaction(place)));
    (units, products)
}

fn rows_of(sources: &[Source], role: Role) -> impl Iterator<Item = (Place, &Source)> {
    let files = sources.iter().enumerate().filter(move |(_, source)| source.plan.role == role);
    files.flat_map(|(file, source)| (0..source.table.len()).map(move |row| (Place { file, row }, source)))
}

fn value(source: &Source, place: Place, target: &Target) -> Option<String> {
    let value = source.table.row(place.row)?.value(source.plan.column(target)?);
    (!value.is_empty()).then(|| value.to_owned())
}

fn orders(sources: &[Source], units: &mut Vec<Unit>) {
    let mut lines: HashMap<String, Vec<Place>> = HashMap::new();
    let mut keys: Vec<String> = Vec::new();
    for (place, source) in rows_of(sources, Role::OrderLines) {
        let key = value(source, place, &Target::OrderId).unwrap_or_default();
        let same = lines.entry(key.clone()).or_default();
        if same.is_empty() {
            keys.push(key);
        }
        same.push(place);
    }
    let mut by_key: HashMap<(usize, String), usize> = HashMap::new();
    for (place, source) in rows_of(sources, Role::Orders) {
        let key = value(source, place, &Target::OrderId);
        let at = key
            .clone()
            .filter(|_| has_lines(&source.plan))
            .and_then(|key| by_key.get(&(place.file, key)).copied());
        if let Some(Unit::Order { rows, .. }) = at.and_then(|at| units.get_mut(at)) {
            rows.push(place);
            continue;
        }
        let lines = key.as_ref().and_then(|key| lines.remove(key)).unwrap_or_default();
        if let Some(key) = key {
            by_key.entry((place.file, key)).or_insert(units.len());
        }
        units.push(Unit::Order { rows: vec![place], lines });
    }
    for key in keys {
        if let Some(lines) = lines.remove(&key) {
            units.push(Unit::Loose { key, lines });
        }
    }
}

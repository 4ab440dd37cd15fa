//! The columns that cards are laid out in: each has its meaning, none is guessed.

use crate::Target;
use std::cmp::Ordering;

/// A column: what it means, and which one of several of that meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) target: Target,
    pub(crate) nth: usize,
}

impl Column {
    /// The name, which every table of cards has.
    pub(crate) fn name() -> Self {
        Self { target: Target::Name, nth: 0 }
    }

    /// Its heading, in the cards' own words.
    pub(crate) fn header(&self) -> String {
        let (property, detail) = words(&self.target);
        let nth = if self.nth == 0 { String::new() } else { (self.nth + 1).to_string() };
        let parts = [property, detail, &nth];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn key(&self) -> (usize, &Target, usize) {
        (self.rank(), &self.target, self.nth)
    }

    /// The first number and address of a card is the one to use first: mobile before work before fax.
    fn rank(&self) -> usize {
        use Target::*;
        match &self.target {
            Name => 0,
            Kind => 1,
            Organisation => 2,
            Position => 3,
            Phone(label) | Mail(label) => {
                let order = ["mobile", "work", "", "home", "other", "fax"];
                4 + order.iter().position(|each| each == label).unwrap_or(order.len())
            }
            Note => 101,
            ExternalId => 102,
            _ => 100,
        }
    }
}

fn words(target: &Target) -> (&str, &str) {
    use Target::*;
    match target {
        Name => ("FN", ""),
        Kind => ("KIND", ""),
        Organisation => ("ORG", ""),
        Position => ("TITLE", ""),
        Phone(label) => ("TEL", label),
        Mail(label) => ("EMAIL", label),
        Messenger(label) => ("IMPP", label),
        Website => ("URL", ""),
        Street => ("ADR", "street"),
        City => ("ADR", "city"),
        Region => ("ADR", "region"),
        PostalCode => ("ADR", "code"),
        Country => ("ADR", "country"),
        Birth => ("BDAY", ""),
        Gender => ("GENDER", ""),
        Tags => ("CATEGORIES", ""),
        ExternalId => ("UID", ""),
        _ => ("NOTE", ""),
    }
}

impl Ord for Column {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Column {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn columns_stand_in_one_order_under_headings_of_their_own() {
        use Target::*;
        let column = |target: Target, nth| Column { target, nth };
        let label = |text: &str| text.to_owned();
        let columns: BTreeSet<Column> = [
            column(ExternalId, 0),
            column(Note, 0),
            column(Street, 0),
            column(Mail(label("")), 0),
            column(Phone(label("fax")), 0),
            column(Phone(label("mobile")), 1),
            column(Phone(label("mobile")), 0),
            Column::name(),
        ]
        .into();
        let headers: Vec<String> = columns.iter().map(Column::header).collect();
        let expected = ["FN", "TEL mobile", "TEL mobile 2", "EMAIL", "TEL fax", "ADR street", "NOTE", "UID"];
        assert_eq!(headers, expected);
    }
}

//! Customers as a table, on the screen and in a file: its columns and its order.

use self::Direction::{Falling, Rising};
use super::PartnerFilter;
use satchel_domain::{Moment, PartnerType};
use serde::{Deserialize, Serialize};

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PartnerSort {
    /// By name; Chinese by pinyin, among the Latin letters.
    #[default]
    Name,
    /// Last contact, longest ago first.
    Quietest,
    /// Last contact, newest first.
    Recent,
    /// Bought most first.
    Value,
    /// By name, from the end.
    NameFalling,
    /// Bought least first.
    ValueRising,
    /// By the organisation that somebody works for. Who has none is last in either direction; as below.
    Company(Direction),
    /// By the first city.
    City(Direction),
    /// By what the member is called who looks after it.
    Owner(Direction),
    /// By how many contacts there were.
    Contacts(Direction),
    /// By when the next open task is due.
    NextStep(Direction),
    /// By tier, the best first where it rises.
    Tier(Direction),
}

/// Which end of an order comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// The least.
    Rising,
    /// The most.
    Falling,
}

/// What is told of each customer in a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rows {
    /// What a line shows.
    #[default]
    Lines,
    /// What a table shows, too: [`super::PartnerList::cells`].
    Table,
}

/// What a table shows of a partner beside its [`super::PartnerRow`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    /// Its type.
    pub partner_type: PartnerType,
    /// The organisation that somebody works for; may be empty, as what follows.
    pub company: String,
    /// Who looks after it, in a team.
    pub owner: String,
    /// First mail address.
    pub mail: String,
    /// First city.
    pub city: String,
    /// Tags.
    pub tags: Vec<String>,
    /// How many contacts there were.
    pub contacts: u32,
    /// When the next open task is due.
    pub due: Option<Moment>,
}

/// A table of customers to be written as a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Which customers.
    pub filter: PartnerFilter,
    /// In which order.
    pub sort: PartnerSort,
    /// Which columns, with what stands above each.
    pub columns: Vec<(Column, String)>,
    /// How it is written.
    pub form: TableForm,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableForm {
    /// CSV.
    #[default]
    Csv,
    /// CSV that begins with the mark by which spreadsheets know UTF-8.
    Marked,
    /// JSON: a list of objects, by the columns' codes (docs/FORMAT.md).
    Json,
}

/// A column of a table, on the screen as in a file. The order is the order in which they are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Column {
    /// Name.
    Name,
    /// The tier among all who buy (R62).
    Tier,
    /// Person or organisation.
    Kind,
    /// Type.
    Type,
    /// The organisation of a person.
    Company,
    /// Who looks after it, in a team.
    Owner,
    /// First phone.
    Phone,
    /// First mail address.
    Mail,
    /// First city.
    City,
    /// Tags.
    Tags,
    /// Day of the last contact, `2026-11-21`.
    LastContact,
    /// How many contacts there were.
    Contacts,
    /// What was bought, a sum for each currency.
    Bought,
    /// The next open task.
    NextStep,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Name,
        Self::Tier,
        Self::Kind,
        Self::Type,
        Self::Company,
        Self::Owner,
        Self::Phone,
        Self::Mail,
        Self::City,
        Self::Tags,
        Self::LastContact,
        Self::Contacts,
        Self::Bought,
        Self::NextStep,
    ];

    /// The code under which a view keeps it, for ever.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Kind => "kind",
            Self::Type => "type",
            Self::Company => "company",
            Self::Phone => "phone",
            Self::Mail => "mail",
            Self::City => "city",
            Self::Tags => "tags",
            Self::LastContact => "last_contact",
            Self::Contacts => "contacts",
            Self::Bought => "bought",
            Self::NextStep => "next_step",
            Self::Owner => "owner",
            Self::Tier => "tier",
        }
    }

    /// The column with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.code() == code)
    }
}

/// The orders that a table's headers stand for, with the codes under which views keep them, for ever.
const SORTS: [(PartnerSort, Column, Direction, &str); 18] = [
    (PartnerSort::Name, Column::Name, Rising, "name"),
    (PartnerSort::NameFalling, Column::Name, Falling, "name_falling"),
    (PartnerSort::Quietest, Column::LastContact, Rising, "quiet"),
    (PartnerSort::Recent, Column::LastContact, Falling, "recent"),
    (PartnerSort::ValueRising, Column::Bought, Rising, "value_rising"),
    (PartnerSort::Value, Column::Bought, Falling, "value"),
    (PartnerSort::Company(Rising), Column::Company, Rising, "company"),
    (PartnerSort::Company(Falling), Column::Company, Falling, "company_falling"),
    (PartnerSort::City(Rising), Column::City, Rising, "city"),
    (PartnerSort::City(Falling), Column::City, Falling, "city_falling"),
    (PartnerSort::Owner(Rising), Column::Owner, Rising, "owner"),
    (PartnerSort::Owner(Falling), Column::Owner, Falling, "owner_falling"),
    (PartnerSort::Contacts(Rising), Column::Contacts, Rising, "contacts_rising"),
    (PartnerSort::Contacts(Falling), Column::Contacts, Falling, "contacts"),
    (PartnerSort::NextStep(Rising), Column::NextStep, Rising, "next_step"),
    (PartnerSort::NextStep(Falling), Column::NextStep, Falling, "next_step_falling"),
    (PartnerSort::Tier(Rising), Column::Tier, Rising, "tier"),
    (PartnerSort::Tier(Falling), Column::Tier, Falling, "tier_falling"),
];

impl PartnerSort {
    /// The order of a column in a direction; `None` for a column that sorts nothing.
    pub fn of(column: Column, direction: Direction) -> Option<Self> {
        let found = SORTS.into_iter().find(|(_, of, to, _)| (*of, *to) == (column, direction));
        found.map(|(sort, ..)| sort)
    }

    /// The column by which it sorts, and in which direction.
    pub fn column(self) -> (Column, Direction) {
        let found = SORTS.into_iter().find(|(sort, ..)| *sort == self);
        found.map_or((Column::Name, Rising), |(_, column, direction, _)| (column, direction))
    }

    /// The code under which a view keeps it.
    pub fn code(self) -> &'static str {
        SORTS.into_iter().find(|(sort, ..)| *sort == self).map_or("name", |(.., code)| code)
    }

    /// The order with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        SORTS.into_iter().find(|(.., known)| *known == code).map(|(sort, ..)| sort)
    }
}

impl Column {
    /// The direction that is wanted first of this column: the best, the latest and the most before the rest.
    pub fn first(self) -> Direction {
        match self {
            Self::LastContact | Self::Bought | Self::Contacts => Falling,
            _ => Rising,
        }
    }
}

impl Direction {
    /// The other one.
    pub fn turned(self) -> Self {
        match self {
            Rising => Falling,
            Falling => Rising,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_keep_their_codes_r49() {
        for (sort, column, direction, code) in SORTS {
            assert_eq!(PartnerSort::from_code(sort.code()), Some(sort), "{code}");
            assert_eq!(PartnerSort::of(column, direction), Some(sort), "{code}");
            assert_eq!(sort.column(), (column, direction), "{code}");
        }
        let codes = ["name", "recent", "quiet", "value"].map(PartnerSort::from_code);
        let kept = [PartnerSort::Name, PartnerSort::Recent, PartnerSort::Quietest, PartnerSort::Value];
        assert_eq!(codes, kept.map(Some), "views of older apps");
        assert_eq!(PartnerSort::from_code("by the moon"), None);
    }
}

//! Which customers are meant: conditions joined by *and* and *or*, in groups that are joined again (R49).
//!
//! Two levels and *not* before any condition say everything that can be said with and, or and not, and a hand can
//! build them. Times are counted back from the day on which a selection is looked at, or are calendar days.

use crate::{AccountId, Day, Method, PartnerKind, PartnerType, RecordType, Tier};
use serde::{Deserialize, Serialize};

/// Groups of conditions; without any it is everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// How the groups are joined.
    pub join: Join,
    /// The groups; an empty one says nothing.
    pub groups: Vec<Group>,
}

/// Conditions that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// How the conditions are joined.
    pub join: Join,
    /// The conditions.
    pub terms: Vec<Term>,
}

/// How parts are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Join {
    /// All of them: *and*.
    #[default]
    All,
    /// One of them is enough: *or*.
    Any,
}

/// A condition, or its opposite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Whether the opposite is meant.
    pub not: bool,
    /// The condition.
    pub is: Condition,
}

/// What can be asked of a customer. The names of the words are kept in records: never renamed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// Found by this text, as in the search: name, pinyin, phone, company, code.
    Text(String),
    /// A person or an organisation.
    Kind(PartnerKind),
    /// Of this type.
    Type(PartnerType),
    /// Carrying this tag.
    Tag(String),
    /// With an address in this city.
    City(String),
    /// Working for an organisation whose name contains this.
    Company(String),
    /// Looked after by this member; by nobody in particular where there is none.
    Owner(Option<AccountId>),
    /// Last contacted then.
    LastContact(Time),
    /// With a contact like this.
    Contact(Contact),
    /// With an open task.
    OpenTask,
    /// With an open task that was due before the day.
    OverdueTask,
    /// With an order then that was not cancelled; at any time where none is said.
    Ordered(Option<Time>),
    /// Of this tier among all who buy.
    Tier(Tier),
}

/// What a contact must have been like: all that is said of it together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// By this method.
    pub method: Option<Method>,
    /// Of this type.
    pub record_type: Option<RecordType>,
    /// Then.
    pub time: Option<Time>,
    /// Its content or place contains this; empty for anything.
    pub text: String,
}

/// A span of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Time {
    /// Counted back from the day on which it is asked, both ends included; 0 is that day.
    Ago {
        /// At least so many days ago. 0 lets later ones in too.
        least: u32,
        /// At most so many; `None` without end.
        most: Option<u32>,
    },
    /// Between two calendar days, both included.
    Between {
        /// The first.
        from: Day,
        /// The last.
        to: Day,
    },
}

impl Time {
    /// Within the last `days` days.
    pub fn last(days: u32) -> Self {
        Self::Ago { least: 0, most: Some(days) }
    }
}

impl Selection {
    /// One condition.
    pub fn of(is: Condition) -> Self {
        Self {
            join: Join::All,
            groups: vec![Group { join: Join::All, terms: vec![Term { not: false, is }] }],
        }
    }

    /// Whether it leaves nobody out.
    pub fn is_everybody(&self) -> bool {
        self.groups.iter().all(|group| group.terms.is_empty())
    }

    /// How many conditions there are.
    pub fn len(&self) -> usize {
        self.groups.iter().map(|group| group.terms.len()).sum()
    }

    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        self.is_everybody()
    }

    /// Those who are in both.
    pub fn and(self, other: Self) -> Self {
        let groups = self.clauses().into_iter().chain(other.clauses()).collect();
        Self { join: Join::All, groups }
    }

    /// Groups that say the same when all of them must hold: *or* between groups is multiplied out.
    fn clauses(self) -> Vec<Group> {
        let said: Vec<Group> = self.groups.into_iter().filter(|group| !group.terms.is_empty()).collect();
        if self.join == Join::All || said.is_empty() {
            return said;
        }
        let mut clauses: Vec<Vec<Term>> = vec![Vec::new()];
        for group in said {
            let parts: Vec<Vec<Term>> = match group.join {
                Join::Any => vec![group.terms],
                Join::All => group.terms.into_iter().map(|term| vec![term]).collect(),
            };
            let with = |before: &Vec<Term>| {
                let before = before.clone();
                parts.iter().map(move |part| [before.as_slice(), part].concat()).collect::<Vec<_>>()
            };
            clauses = clauses.iter().flat_map(with).collect();
        }
        clauses.into_iter().map(|terms| Group { join: Join::Any, terms }).collect()
    }

    /// Joins what `passes` says of each condition.
    pub fn judge(&self, passes: impl Fn(&Condition) -> bool) -> bool {
        let group =
            |group: &&Group| group.join.of(group.terms.iter().map(|term| passes(&term.is) != term.not));
        let mut said = self.groups.iter().filter(|group| !group.terms.is_empty()).peekable();
        said.peek().is_none() || self.join.of(said.map(|it| group(&it)))
    }
}

impl Join {
    fn of(self, mut parts: impl Iterator<Item = bool>) -> bool {
        match self {
            Self::All => parts.all(|part| part),
            Self::Any => parts.any(|part| part),
        }
    }
}

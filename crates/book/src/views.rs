//! What the book answers with: small, windowed, owned. Times, as ms since 1970 UTC, are where something stands here
//! ([`crate::Zone`]): a day without a time of day where that day begins.

use crate::rfm::Scores;
use satchel_domain::{
    AccountId, Address, Coordinates, Interaction, Method, Money, Order, Participation, Partner, PartnerDraft,
    PartnerKind, PartnerType, RecordId, RecordType, Relationship, Selection, Task, Tier, View,
};

/// A slice of a sorted result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// First row.
    pub offset: usize,
    /// Rows at most.
    pub limit: usize,
}

impl Window {
    /// The rows of this window among `rows`.
    pub(crate) fn of<T>(self, rows: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        rows.skip(self.offset).take(self.limit)
    }
}

/// Which partners: all conditions together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartnerFilter {
    /// Anything that finds them; empty for all.
    pub text: String,
    /// Persons or organisations.
    pub kind: Option<PartnerKind>,
    /// Of one type.
    pub partner_type: Option<PartnerType>,
    /// Carrying this tag.
    pub tag: Option<String>,
    /// Without contact since this moment, ms since 1970 UTC (never contacted counts).
    pub quiet_since_ms: Option<i64>,
    /// Looked after by this member.
    pub owner: Option<AccountId>,
    /// Who is meant by this, too.
    pub selection: Selection,
    /// The local midnight from which the selection counts days, ms since 1970 UTC.
    pub today_ms: i64,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PartnerSort {
    /// By name; Chinese by pinyin, among the Latin letters. Where a text is searched for: the best match first,
    /// among equal matches who was contacted last.
    #[default]
    Name,
    /// Last contact, longest ago (and never) first.
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
    /// By what the member is called who looks after it; see [`crate::Book::set_owners`].
    Owner(Direction),
    /// By how many contacts there were.
    Contacts(Direction),
    /// By when the next open task is due.
    NextStep(Direction),
    /// By tier, the best first where it rises; within one by how much the customer is worth.
    Tier(Direction),
}

/// Which end of an order comes first. Equals stay by name in either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The least.
    Rising,
    /// The most.
    Falling,
}

/// Rows of the partner list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartnerList {
    /// How many match.
    pub total: usize,
    /// How many there are without any filter.
    pub all: usize,
    /// The rows of the window.
    pub rows: Vec<PartnerRow>,
    /// The tier of each of these rows; `None` without orders, or where too few have any.
    pub tiers: Vec<Option<Tier>>,
    /// When sorted by name, without a text to be found by: each letter present (`A`–`Z`, `#`) and its first position.
    pub letters: Vec<(char, usize)>,
}

/// One line about a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerRow {
    /// The partner.
    pub id: RecordId,
    /// Round or square.
    pub kind: PartnerKind,
    /// Name.
    pub name: String,
    /// The organisation's name for a person; city for an organisation; may be empty.
    pub aside: String,
    /// The letter it is filed under.
    pub letter: char,
    /// Title of the next open task, if any.
    pub next_step: Option<String>,
    /// Last contact, ms since 1970 UTC.
    pub last_contact_ms: Option<i64>,
    /// Primary phone as written; may be empty.
    pub phone: String,
    /// What was bought, per currency, largest first.
    pub bought: Vec<Money>,
}

/// Communication aggregate (R23): orders are not counted here. What an organisation's people take part in counts with
/// the organisation, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many interactions.
    pub count: u32,
    /// The earliest, ms since 1970 UTC.
    pub first_ms: Option<i64>,
    /// The latest.
    pub last_ms: Option<i64>,
    /// The method of the latest.
    pub last_method: Option<Method>,
    /// How many of them are those of an organisation's people only: it did not take part itself.
    pub with_people: u32,
    /// How many by each method, most first (D2).
    pub by_method: Vec<(Method, u32)>,
    /// How many by each type, most first (R58).
    pub by_type: Vec<(RecordType, u32)>,
}

/// The communication with one partner at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// The partner.
    pub partner: RecordId,
    /// How many interactions.
    pub count: u32,
    /// The earliest, ms since 1970 UTC.
    pub first_ms: Option<i64>,
    /// The latest.
    pub last_ms: Option<i64>,
    /// The method of the latest.
    pub last_method: Option<Method>,
    /// How many by each method, in the order of [`Method::ALL`].
    pub by_method: [u32; Method::ALL.len()],
}

/// A person's organisation, as far as the person is reached and judged by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firm {
    /// Its card.
    pub card: PartnerDraft,
    /// How many orders it placed.
    pub orders: usize,
    /// The last of them.
    pub last_order: Option<Order>,
}

/// One partner with what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerCard {
    /// The partner.
    pub partner: Partner,
    /// For a person: the organisation.
    pub organisation: Option<PartnerRow>,
    /// What else it says.
    pub firm: Option<Firm>,
    /// For an organisation: its people by name, with their positions.
    pub people: Vec<(PartnerRow, String)>,
    /// All of its interactions.
    pub summary: Summary,
    /// Interactions in each of the last 26 weeks, oldest first; the last ends at the time asked for.
    pub weeks: Vec<u32>,
    /// How many days usually lie between two contacts (median), if there are three or more.
    pub usual_gap_days: Option<u32>,
    /// Open tasks, soonest first; of an organisation those of its people, too.
    pub tasks: Vec<Task>,
    /// The last three interactions, newest first; with the name of the person of an organisation who took part in its
    /// place, or nothing.
    pub last_three: Vec<(Interaction, String)>,
    /// The last order.
    pub last_order: Option<Order>,
    /// How many orders.
    pub orders: usize,
    /// How many of them are in the sums: those that were not cancelled.
    pub orders_counted: usize,
    /// How many files lie beside its interactions.
    pub files: usize,
    /// What was bought, per currency, largest first.
    pub bought: Vec<Money>,
    /// What it buys most: product and thousandths of units, most first, up to five.
    pub products: Vec<(String, i64)>,
    /// How lately, how often and for how much it buys, among all; `None` where there are too few orders.
    pub scores: Option<Scores>,
}

/// Which entries of a timeline: all conditions together; an empty list is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineFilter {
    /// Of these types (R48). Orders match [`TimelineFilter::orders`].
    pub types: Vec<RecordType>,
    /// By these methods (R47); orders have none.
    pub methods: Vec<Method>,
    /// Whether orders are wanted among the chosen types.
    pub orders: bool,
    /// At or after, ms since 1970 UTC (R46).
    pub from_ms: Option<i64>,
    /// Before.
    pub to_ms: Option<i64>,
    /// Where the partner took part as this (R50); who orders is a buyer.
    pub relationship: Option<Relationship>,
    /// Containing this text.
    pub text: String,
    /// Only those in which the partner took part itself, not those of an organisation's people.
    pub own: bool,
}

/// A partner's history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// How many entries match.
    pub total: usize,
    /// How many there are without any filter.
    pub all: usize,
    /// The entries of the window, newest first.
    pub entries: Vec<TimelineEntry>,
    /// The aggregate of the interactions that match.
    pub summary: Summary,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// What.
    pub what: Happened,
    /// Who took part, with names; the partner itself is left out unless in more than one part.
    pub with: Vec<(RecordId, String, Relationship)>,
    /// As what the partner of this timeline took part, or [`TimelineEntry::through`].
    pub part: Relationship,
    /// The person of an organisation who took part in its place; `None` where it took part itself.
    pub through: Option<RecordId>,
}

/// An interaction or an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// An interaction.
    Interaction(Interaction),
    /// A purchase with its total.
    Order {
        /// The order.
        order: Order,
        /// Lines and freight.
        total: Money,
    },
}

impl Happened {
    /// The record's identity.
    pub fn id(&self) -> RecordId {
        match self {
            Self::Interaction(interaction) => interaction.id,
            Self::Order { order, .. } => order.id,
        }
    }
}

/// A record of any kind that has a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyRecord {
    /// A partner.
    Partner(Partner),
    /// An interaction.
    Interaction(Interaction),
    /// An order.
    Order(Order),
    /// A task.
    Task(Task),
    /// A saved view.
    View(View),
}

/// One record, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCard {
    /// What it is.
    pub what: AnyRecord,
    /// Who takes part, with names.
    pub with: Vec<(Participation, String)>,
}

/// A task with the partner it is for.
pub type TaskRow = (Task, Option<PartnerRow>);

/// The day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Today {
    /// Partners in the workspace, for the empty state.
    pub partners: usize,
    /// Open tasks overdue or due today, soonest first, up to twenty.
    pub due: Vec<TaskRow>,
    /// How many of them there are in all.
    pub due_count: usize,
    /// Tasks done today.
    pub done: usize,
    /// Interactions that happened today, newest first.
    pub logged: Vec<(TimelineEntry, Option<PartnerRow>)>,
    /// Customers longest without contact although they bought or were visited before, up to five.
    pub quiet: Vec<PartnerRow>,
    /// Partners written about or edited last, newest first, up to eight.
    pub recent: Vec<PartnerRow>,
    /// Partners written about last, newest first, up to eight: for one-tap logging.
    pub again: Vec<PartnerRow>,
    /// One suggestion, with its reason.
    pub suggestion: Option<Suggestion>,
}

/// The visits of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Whom to visit, in order.
    pub stops: Vec<PlanStop>,
    /// Of the same day, but not to be visited; one task each.
    pub aside: Vec<PlanStop>,
    /// How many tasks with a customer were due before and are still open.
    pub late: usize,
}

/// One customer on the road.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStop {
    /// Who.
    pub partner: PartnerRow,
    /// Her first address.
    pub address: Option<Address>,
    /// Where that is, if anybody was there.
    pub coordinates: Option<Coordinates>,
    /// What for, soonest first.
    pub tasks: Vec<Task>,
}

/// Somebody to think of, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Who.
    pub partner: PartnerRow,
    /// Days since the last contact.
    pub days: u32,
    /// Days that usually lie between two contacts (median).
    pub usual_days: u32,
    /// How many contacts there were.
    pub contacts: u32,
}

/// Tasks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskList {
    /// How many in all.
    pub total: usize,
    /// How many are open.
    pub open: usize,
    /// The rows of the window: open ones by due time, those without last; then those done, latest first.
    pub rows: Vec<TaskRow>,
}

/// The tasks of some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    /// Open ones that were due before, soonest first, up to twenty.
    pub late: Vec<TaskRow>,
    /// How many of them there are in all.
    pub late_count: usize,
    /// Those due on these days, open or done, soonest first.
    pub due: Vec<TaskRow>,
    /// Open ones without a day, up to fifty.
    pub undated: Vec<TaskRow>,
    /// How many of them there are in all.
    pub undated_count: usize,
}

/// The trash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trash {
    /// How many.
    pub total: usize,
    /// The rows of the window, deleted last first: record, when it was deleted (ms since 1970 UTC).
    pub rows: Vec<(AnyRecord, u64)>,
}

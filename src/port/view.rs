//! What screens show: queries and their answers, windowed and small.

use crate::port::{Cells, PartnerSort, ReviewItem, Rows, SyncPage, TaskList, Today, Week};
use satchel_domain::{
    FileId, Interaction, Method, Money, Order, Participation, Partner, PartnerDraft, PartnerKind,
    PartnerType, RecordId, RecordType, Relationship, Selection, Task, Tier, Value, View,
};
use serde::{Deserialize, Serialize};

/// What a screen shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Query {
    /// The ways into the account.
    Account,
    /// The account's devices, as far as the server told.
    Devices,
    /// Who works here.
    Team,
    /// The account's other workspaces on this device.
    Beside,
    /// The customer list.
    Partners {
        /// Which partners.
        filter: PartnerFilter,
        /// In which order.
        sort: PartnerSort,
        /// Which rows of the result.
        window: Window,
        /// What is told of each.
        rows: Rows,
    },
    /// At which position of that list a partner stands.
    Place {
        /// The partner.
        id: RecordId,
        /// Which partners.
        filter: PartnerFilter,
        /// In which order.
        sort: PartnerSort,
    },
    /// One partner with what belongs to it.
    Partner {
        /// The partner.
        id: RecordId,
    },
    /// A partner's history, newest first.
    Timeline {
        /// The partner.
        partner: RecordId,
        /// Which entries.
        filter: TimelineFilter,
        /// Which rows of the result.
        window: Window,
    },
    /// One interaction, order or task, whole.
    Record {
        /// The record.
        id: RecordId,
    },
    /// A record's past.
    History {
        /// The record.
        id: RecordId,
    },
    /// The day: what is due, what was done, whom to think of.
    Today {
        /// Local midnight before, ms since 1970 UTC.
        from_ms: i64,
        /// Local midnight after.
        to_ms: i64,
    },
    /// By which method the person was in touch last: what a new entry begins with.
    LastMethod,
    /// Open tasks by due time, then those without; then those done lately.
    Tasks {
        /// Which rows of the result.
        window: Window,
    },
    /// The open tasks of some days, what was due before, and what has no day.
    Week {
        /// Local midnight before the first, ms since 1970 UTC.
        from_ms: i64,
        /// Local midnight after the last.
        to_ms: i64,
    },
    /// Quick find over names, pinyin, phones, mails, companies and codes; best first.
    Find {
        /// What was typed.
        text: String,
        /// How many at most.
        limit: u32,
        /// Only one kind, for choosing an organisation, say.
        kind: Option<PartnerKind>,
    },
    /// Who is like somebody who is being typed, the most alike first.
    Alike(super::Newcomer),
    /// What an act on many customers would do.
    Bulk(super::Bulk),
    /// How many are chosen, and how many of them a list does not show.
    Picked(super::PickedIn),
    /// Tasks, orders and interactions that hold a text, at most so many of each.
    FindRecords {
        /// What was typed.
        text: String,
        /// How many of each kind.
        limit: u32,
    },
    /// What is in the trash, newest first.
    Trash {
        /// Which rows of the result.
        window: Window,
    },
    /// The files of a partner, newest first.
    Files {
        /// The partner.
        partner: RecordId,
    },
    /// A file that was kept for a form, if it still is.
    KeptFile {
        /// Which.
        file: FileId,
    },
    /// A file's preview.
    Preview {
        /// The interaction; `None` for a file that belongs to nothing yet.
        id: Option<RecordId>,
        /// The file.
        file: FileId,
    },
    /// What waits, what is to review, what was set aside.
    Sync,
    /// What is known of backups.
    Backup,
    /// What is here about a partner.
    Person {
        /// The partner.
        id: RecordId,
    },
    /// What was erased on this device, newest first.
    Erasures,
    /// What can be read of a record, field by field: for one that is set aside.
    Fields {
        /// The record.
        id: RecordId,
    },
    /// A kept draft.
    Draft {
        /// As in [`crate::port::Command::KeepDraft`].
        key: String,
    },
    /// The tags in use with how many partners carry them, most used first.
    Tags,
    /// The cities that partners have addresses in, with how many, the most first.
    Cities,
    /// Saved views, by name.
    Views,
    /// The visits of a day.
    Plan {
        /// Its first local midnight, ms since 1970 UTC.
        from_ms: i64,
        /// Its last.
        to_ms: i64,
    },
    /// What happened in a period.
    Statistics {
        /// With whom.
        selection: Selection,
        /// When.
        period: super::Period,
    },
    /// The first rows of an inspected file as they would be brought in.
    ImportPreview {
        /// The import.
        import: super::ImportId,
        /// How to read each file.
        plans: Vec<super::FilePlan>,
        /// Which file.
        file: u32,
        /// How many rows at most.
        rows: u32,
    },
}

/// A slice of a sorted result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First row.
    pub offset: u32,
    /// Rows at most.
    pub limit: u32,
}

/// Which partners: all conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    pub owner: Option<super::TeamId>,
    /// With changes that wait to be sent.
    pub waiting: bool,
    /// Who is meant by this, too.
    pub selection: Selection,
    /// The local midnight from which the selection counts days, ms since 1970 UTC; 0 where there is none.
    pub today_ms: i64,
}

/// An answer to the query of the same name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Query::Beside`].
    Beside(Vec<super::WorkspaceRef>),
    /// To [`Query::Team`].
    Team(Box<super::Team>),
    /// To [`Query::Partners`].
    Partners(PartnerList),
    /// To [`Query::Place`]: the partner, and its position if it is in the list.
    Place(RecordId, Option<u32>),
    /// To [`Query::Partner`]; `None` when it is not here.
    Partner(Option<Box<PartnerCard>>),
    /// To [`Query::Timeline`].
    Timeline(Timeline),
    /// To [`Query::Record`].
    Record(Option<Box<RecordCard>>),
    /// To [`Query::History`]; `None` when the record is not here.
    History(Option<Box<super::History>>),
    /// To [`Query::Today`].
    Today(Box<Today>),
    /// To [`Query::LastMethod`].
    LastMethod(Method),
    /// To [`Query::Tasks`].
    Tasks(TaskList),
    /// To [`Query::Week`].
    Week(Box<Week>),
    /// To [`Query::Find`].
    Find(Vec<PartnerRow>),
    /// To [`Query::Alike`].
    Alike(Vec<super::Alike>),
    /// To [`Query::Bulk`].
    Bulk(super::BulkPreview),
    /// To [`Query::Picked`].
    Picked(super::PickedCount),
    /// To [`Query::FindRecords`].
    FindRecords(Vec<Found>),
    /// To [`Query::Trash`].
    Trash(Trash),
    /// To [`Query::Devices`].
    Devices(Vec<DeviceCard>),
    /// To [`Query::Account`].
    Account(AccountCard),
    /// To [`Query::Files`].
    Files(Vec<super::CustomerFile>),
    /// To [`Query::KeptFile`].
    KeptFile(Option<super::FileCard>),
    /// To [`Query::Preview`].
    Preview(super::Preview),
    /// To [`Query::Sync`].
    Sync(Box<SyncPage>),
    /// What is known of backups.
    Backup(super::BackupPage),
    /// To [`Query::Person`]; `None` when it is not here.
    Person(Option<Box<super::PersonPage>>),
    /// To [`Query::Erasures`].
    Erasures(Vec<super::Erasure>),
    /// To [`Query::Fields`], by the fields' ids; empty when nothing of it opens.
    Fields(Vec<(String, Value)>),
    /// To [`Query::Draft`]; empty when there is none.
    Draft(String),
    /// To [`Query::Tags`].
    Tags(Vec<(String, u32)>),
    /// To [`Query::Cities`].
    Cities(Places),
    /// To [`Query::Plan`].
    Plan(super::Plan),
    /// To [`Query::Views`].
    Views(Vec<View>),
    /// To [`Query::Statistics`].
    Statistics(Box<super::Statistics>),
    /// To [`Query::ImportPreview`].
    ImportPreview(super::ImportPreview),
}

/// Cities with how many customers are there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places(pub Vec<(String, u32)>);

/// Whether a record is on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// On the server, as it is here.
    Synced,
    /// On this device, not yet on the server: a dashed outline.
    Waiting,
    /// Both sides changed it: a look is wanted.
    Review,
    /// The server or a damaged seal keeps it back.
    Aside,
}

/// Rows of the customer list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PartnerList {
    /// How many match.
    pub total: u32,
    /// How many there are without any filter.
    pub all: u32,
    /// Position of the first row.
    pub offset: u32,
    /// The rows of the window.
    pub rows: Vec<PartnerRow>,
    /// The tier of each of these rows; `None` without orders, or where too few have any.
    pub tiers: Vec<Option<Tier>>,
    /// The other columns of each of these rows, where they were asked for.
    pub cells: Vec<Cells>,
    /// For the A–Z rail, when sorted by name: each letter present (`A`–`Z`, `#`) and its first position.
    pub letters: Vec<(char, u32)>,
}

/// One line about a partner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// Last contact, ms since 1970 UTC; a day without a time of day stands where it begins here, as everywhere below.
    pub last_contact_ms: Option<i64>,
    /// Primary phone as written; may be empty.
    pub phone: String,
    /// What was bought, per currency, largest first.
    pub bought: Vec<Money>,
    /// Whether it is on the server.
    pub mark: Mark,
}

/// Communication aggregate (R23): orders are not counted here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// A person's organisation, as far as the person is reached and judged by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Firm {
    /// Its card.
    pub card: PartnerDraft,
    /// How many orders it placed.
    pub orders: u32,
    /// The last of them.
    pub last_order: Option<Order>,
}

/// One partner with what belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartnerCard {
    /// The partner.
    pub partner: Partner,
    /// Its short code for people (R3).
    pub code: String,
    /// Several people work here, so that somebody looks after it.
    pub team: bool,
    /// What its owner is called; empty for nobody, and where her name does not open.
    pub owner: String,
    /// Whether it is on the server.
    pub mark: Mark,
    /// Whether it is in the trash.
    pub trashed: bool,
    /// For a person: the organisation.
    pub organisation: Option<PartnerRow>,
    /// What else it says.
    pub firm: Option<Firm>,
    /// For an organisation: its people, with their positions.
    pub people: Vec<(PartnerRow, String)>,
    /// All of its interactions.
    pub summary: Summary,
    /// Interactions in each of the last 26 weeks, oldest first; the last is the current week.
    pub weeks: Vec<u32>,
    /// How many days usually lie between two contacts (median), if there are three or more.
    pub usual_gap_days: Option<u32>,
    /// Open tasks, soonest first; of an organisation those of its people, too.
    pub tasks: Vec<(Task, Mark)>,
    /// The last three interactions, newest first; each with the person of an organisation who stood in for it, if any.
    pub last_three: Vec<(Interaction, String)>,
    /// The last order.
    pub last_order: Option<Order>,
    /// How many orders.
    pub orders: u32,
    /// How many of them are in the sums: those that were not cancelled.
    pub orders_counted: u32,
    /// How many files lie beside its interactions.
    pub files: u32,
    /// What was bought, per currency, largest first.
    pub bought: Vec<Money>,
    /// What it buys most: product and thousandths of units, most first, up to five.
    pub products: Vec<(String, i64)>,
    /// How it buys, among all; `None` without orders, or where there are too few to compare.
    pub scores: Option<super::Scores>,
    /// Fields that both sides changed.
    pub review: Vec<ReviewItem>,
}

/// Which entries of a timeline: all conditions together; an empty list is no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineFilter {
    /// Of these types (R48). Orders match [`TimelineFilter::orders`].
    pub types: Vec<RecordType>,
    /// By these methods (R47).
    pub methods: Vec<Method>,
    /// Whether orders are wanted among the chosen types.
    pub orders: bool,
    /// At or after, ms since 1970 UTC (R46).
    pub from_ms: Option<i64>,
    /// Before.
    pub to_ms: Option<i64>,
    /// Where the partner took part as this (R50).
    pub relationship: Option<Relationship>,
    /// Containing this text.
    pub text: String,
    /// Only those in which the partner took part itself, not those of an organisation's people.
    pub own: bool,
}

/// A partner's history.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// How many entries match.
    pub total: u32,
    /// How many there are without any filter.
    pub all: u32,
    /// Position of the first entry.
    pub offset: u32,
    /// The entries of the window, newest first.
    pub entries: Vec<TimelineEntry>,
    /// The aggregate of what matches.
    pub summary: Summary,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// What.
    pub what: Happened,
    /// Who took part, with names; the partner itself is left out unless in more than one part.
    pub with: Vec<(RecordId, String, Relationship)>,
    /// As what the partner of this timeline took part, or [`TimelineEntry::through`].
    pub part: Relationship,
    /// The person of an organisation who took part in its place; `None` where it took part itself.
    pub through: Option<RecordId>,
    /// The files beside it.
    pub files: Vec<super::FileCard>,
    /// Whether it is on the server.
    pub mark: Mark,
}

/// An interaction or an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Happened {
    /// An interaction.
    Interaction(Interaction),
    /// A purchase with its total in minor units.
    Order {
        /// The order.
        order: Order,
        /// Lines and freight.
        total: Money,
    },
}

/// One record, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordCard {
    /// What it is.
    pub what: AnyRecord,
    /// Who takes part, with names.
    pub with: Vec<(Participation, String)>,
    /// The files beside it.
    pub files: Vec<super::FileCard>,
    /// Whether it is on the server.
    pub mark: Mark,
}

/// A record of any kind that has a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The record.
    pub id: RecordId,
    /// What it is.
    pub kind: super::ItemKind,
    /// Its title, number, or the part of it in which the words stand.
    pub title: String,
    /// Where words stand in it that were looked for, in bytes: from and to, in order and apart.
    pub marks: Vec<(u32, u32)>,
    /// Whose it is; empty for nobody's.
    pub partner: String,
    /// When it was or is due, ms since 1970 UTC.
    pub at_ms: Option<i64>,
}

/// The trash.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Trash {
    /// How many.
    pub total: u32,
    /// Position of the first row.
    pub offset: u32,
    /// Record, when it was deleted (ms since 1970 UTC).
    pub rows: Vec<(AnyRecord, u64)>,
}

/// The ways into the account, as this device knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCard {
    /// There is a recovery code.
    pub recovery_code: bool,
    /// Its passkeys.
    pub passkeys: Vec<super::PasskeyCard>,
    /// Something of it is still to be told to the server.
    pub unsent: bool,
}

/// A device of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCard {
    /// Its number, in hexadecimal.
    pub id: String,
    /// Its name; empty while it has none.
    pub name: String,
    /// It is this one.
    pub this: bool,
    /// When the server last heard of it, ms since 1970 UTC.
    pub last_ms: u64,
    /// Records that it had not sent then.
    pub waiting: u32,
    /// When it was revoked, ms since 1970 UTC.
    pub revoked_at_ms: Option<u64>,
    /// The server told of it before, and does not list it any more.
    pub hidden: bool,
}

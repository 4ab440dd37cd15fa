//! Field ids: the names under which values are kept in records, for ever.
//!
//! An id is never reused and never renamed. An entry of a list lives under `list/key`; the order of
//! a list's keys, where it is not simply the keys' own, lives under `list`.

/// Whether the record is in the trash.
pub const DELETED: &str = "deleted";
/// When the record was first written, ms since 1970 UTC.
pub const CREATED: &str = "created";
/// A partner's name.
pub const NAME: &str = "name";
/// Person or organisation.
pub const KIND: &str = "kind";
/// What a partner is to us; what kind of event an interaction is.
pub const TYPE: &str = "type";
/// The organisation that a person works for.
pub const ORGANISATION: &str = "organisation";
/// A person's position there.
pub const POSITION: &str = "position";
/// Phone numbers.
pub const PHONES: &str = "phones";
/// Mail addresses.
pub const MAILS: &str = "mails";
/// Messenger names.
pub const MESSENGERS: &str = "messengers";
/// Postal addresses.
pub const ADDRESSES: &str = "addresses";
/// Free words, a set.
pub const TAGS: &str = "tags";
/// Year of birth.
pub const BIRTH_YEAR: &str = "birth_year";
/// Gender, as told.
pub const GENDER: &str = "gender";
/// Web address.
pub const WEBSITE: &str = "website";
/// Anything else.
pub const NOTE: &str = "note";
/// Where the record was imported from.
pub const EXTERNAL: &str = "external";
/// The keys under which this record's history is sealed, a set: what a grave does not keep, nobody reads again.
pub const HISTORY_KEYS: &str = "history_keys";
/// Files that lie beside an interaction, a set: what they are, without their keys.
pub const FILES: &str = "files";
/// The keys under which these files are sealed, a set: what a grave does not keep, nobody opens again.
pub const FILE_KEYS: &str = "file_keys";

/// Whether a set holds keys: it is never shown, told or taken back.
pub fn holds_keys(field: &str) -> bool {
    matches!(field, HISTORY_KEYS | FILE_KEYS)
}

/// The account of the member who looks after a partner.
pub const OWNER: &str = "owner";
/// Where a partner is, on the Earth.
pub const COORDINATES: &str = "coordinates";
/// Whom an interaction, order or task is about.
pub const PARTNER: &str = "partner";
/// The channel of an interaction.
pub const METHOD: &str = "method";
/// When it happened.
pub const AT: &str = "at";
/// How long it took.
pub const MINUTES: &str = "minutes";
/// What was said.
pub const CONTENT: &str = "content";
/// How it went.
pub const OUTCOME: &str = "outcome";
/// Where.
pub const PLACE: &str = "place";
/// The others who took part, a set.
pub const PARTICIPANTS: &str = "participants";
/// The number that people call an order by.
pub const NUMBER: &str = "number";
/// Where an order stands.
pub const STATUS: &str = "status";
/// The currency of an order.
pub const CURRENCY: &str = "currency";
/// What was bought.
pub const LINES: &str = "lines";
/// Freight and the like.
pub const FREIGHT: &str = "freight";
/// A total that came without lines.
pub const STATED_TOTAL: &str = "stated_total";
/// What to do.
pub const TITLE: &str = "title";
/// By when.
pub const DUE: &str = "due";
/// Where a task stands among the visits of its day.
pub const TURN: &str = "turn";
/// The record that a task follows from.
pub const SOURCE: &str = "source";
/// When a task was done.
pub const DONE: &str = "done";
/// The partner that a partner was merged into: it is shown in its place.
pub const MERGED_INTO: &str = "merged_into";
/// Which customers a view shows.
pub const SELECTION: &str = "selection";
/// The order of a view.
pub const SORT: &str = "sort";
/// The columns of a view.
pub const COLUMNS: &str = "columns";

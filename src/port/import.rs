//! Bringing files in: what was found, how to read it, what came of it.

use satchel_domain::{Currency, RecordId};
use serde::{Deserialize, Serialize};

/// Names inspected files until they are imported or dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportId(pub u32);

/// What [`super::Command::InspectFiles`] found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// Names the files from now on.
    pub import: ImportId,
    /// One for each file, in the order chosen.
    pub files: Vec<InspectedFile>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InspectedFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// The encoding it was read in, such as `UTF-8` or `GB18030`.
    pub encoding: String,
    /// How it holds its rows.
    pub form: FileForm,
    /// Data rows (without the header), or contacts.
    pub rows: u64,
    /// The sheets of a workbook that hold something; none of other files.
    pub sheets: Vec<ImportSheet>,
    /// Which of them this is.
    pub sheet: Option<u32>,
    /// Its columns.
    pub columns: Vec<ImportColumn>,
    /// How it would be read, to be changed by the person.
    pub plan: FilePlan,
    /// What is wrong with it as a table; at most one hundred.
    pub problems: Vec<RowProblem>,
    /// How often each problem occurs in all.
    pub counts: Vec<(ProblemCode, u64)>,
    /// Set when nothing of the file can be used.
    pub unusable: Option<ProblemCode>,
}

/// How a file holds its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileForm {
    /// As lines of text, with this between two cells.
    Delimited(char),
    /// As contact cards: what each column means is known.
    Cards,
    /// As a sheet of a workbook.
    Workbook,
}

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportSheet {
    /// Which one it is, among those that are not hidden.
    pub at: u32,
    /// Its name.
    pub name: String,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportColumn {
    /// Its header as written; `Column 3` in the person's language is the UI's when empty.
    pub header: String,
    /// The first few values that are not empty.
    pub samples: Vec<String>,
    /// Rows in which it has a value.
    pub filled: u64,
}

/// How to read one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FilePlan {
    /// What a row is.
    pub role: FileRole,
    /// What each column means, in their order.
    pub targets: Vec<Target>,
    /// The currency of amounts.
    pub currency: Currency,
    /// How dates such as 03/04/2021 are meant.
    pub date_order: DateOrder,
    /// For orders: the namespace of external ids that the customer column refers to; empty to choose by most matches.
    pub customer_system: String,
    /// Whether the first row is a header.
    pub has_header: bool,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileRole {
    /// A partner.
    Partners,
    /// An order.
    Orders,
    /// A line of an order.
    OrderLines,
    /// A product: gives names to order lines.
    Products,
    /// An interaction.
    Interactions,
    /// Not to be brought in.
    Skip,
}

/// How a date with two small numbers is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateOrder {
    /// 3 April.
    DayFirst,
    /// 4 March.
    MonthFirst,
}

/// What a column means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// Not brought in.
    Ignore,
    /// The identity of the row where it comes from.
    ExternalId,
    /// A partner's full name (a person's or an organisation's by the plan's other columns).
    Name,
    /// A person's given name.
    GivenName,
    /// A person's family name.
    FamilyName,
    /// An organisation's name: the partner itself, or the one a person works for.
    Organisation,
    /// The name of an organisation's contact person.
    ContactPerson,
    /// A person's or contact person's position.
    Position,
    /// `person` or `organisation`.
    Kind,
    /// Prospect, customer, supplier …
    PartnerType,
    /// A phone number with this label.
    Phone(String),
    /// A mail address with this label.
    Mail(String),
    /// A messenger name with this label.
    Messenger(String),
    /// Street, or a whole address.
    Street,
    /// District.
    District,
    /// City.
    City,
    /// Region.
    Region,
    /// Postal code.
    PostalCode,
    /// Country.
    Country,
    /// Tags, separated by commas or semicolons.
    Tags,
    /// Web address.
    Website,
    /// Gender.
    Gender,
    /// Birth date or year.
    Birth,
    /// Kept under a line of its own in the note, with the header in front.
    Note,
    /// For orders, order lines and interactions: the customer's external id.
    CustomerId,
    /// For orders and interactions: the customer's name, phone or mail, where there is no id.
    CustomerName,
    /// An order's own identity (in orders and order lines).
    OrderId,
    /// When.
    Date,
    /// An order's or row's total.
    Total,
    /// Freight.
    Freight,
    /// Product name or code.
    Product,
    /// Quantity.
    Quantity,
    /// Price of one unit.
    UnitPrice,
    /// Discount as a fraction or percent.
    Discount,
    /// Currency code.
    Currency,
    /// Order status.
    Status,
    /// Packed purchases, `2021-01-01:Product A;2021-02-01:Product B` (R11).
    PackedPurchases,
    /// The method of an interaction.
    Method,
    /// The content of an interaction.
    Content,
}

/// The first rows as they would be brought in.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// The rows.
    pub rows: Vec<PreviewRow>,
}

/// One row as it would be brought in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Its number as a spreadsheet shows it.
    pub row: u64,
    /// What would become of it.
    pub fate: RowFate,
    /// Its title: a name, an order number.
    pub title: String,
    /// Its other values as label-less short texts, for a look.
    pub details: Vec<String>,
    /// What is wrong with it.
    pub problems: Vec<RowProblem>,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowFate {
    /// A new record.
    Create,
    /// Known from an earlier import, with other values.
    Update,
    /// Known and the same.
    Unchanged,
    /// Left out, with a reason.
    Skip,
}

/// Something wrong with a row or a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowProblem {
    /// Which file, by its position.
    pub file: u32,
    /// The row as a spreadsheet numbers it, or the contact; 0 for the file as a whole.
    pub row: u64,
    /// For contact cards: the line as a text editor numbers it.
    pub line: Option<u64>,
    /// The column's header; may be empty.
    pub column: String,
    /// What is wrong.
    pub code: ProblemCode,
    /// The value at fault, shortened.
    pub value: String,
    /// Whether the row is left out because of it.
    pub skipped: bool,
}

/// What is wrong with a file, row or cell. The UI turns a code into a sentence with its mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProblemCode {
    /// No bytes.
    EmptyFile,
    /// A header and nothing below it.
    NoRows,
    /// Neither text nor a workbook: a picture, an archive.
    Binary,
    /// A workbook in an older form, or sealed with a password.
    ClosedWorkbook,
    /// A workbook that is torn or was changed on its way.
    DamagedWorkbook,
    /// A workbook that holds more than can be read at once.
    LargeWorkbook,
    /// More rows than can be brought in at once.
    TooManyRows,
    /// The file could not be read from the device.
    Unreadable,
    /// A quote was opened and never closed; the rows before it are safe.
    UnclosedQuote,
    /// Fewer cells than columns.
    TooFewCells,
    /// More cells than columns.
    TooManyCells,
    /// A cell larger than can be kept.
    CellTooLong,
    /// The row had more cells than the header; a cell that contained the delimiter was put together again.
    JoinedCells,
    /// Lines above the header were left out: a title, a date of export.
    Preamble,
    /// Characters that the encoding does not have.
    BadEncoding,
    /// No name, or no other thing that the row cannot do without.
    MissingName,
    /// Not a mail address; kept as written.
    NotMail,
    /// Not a phone number; kept as written.
    NotPhone,
    /// Not a date that exists.
    NotDate,
    /// Day and month could be read either way in the whole column.
    AmbiguousDates,
    /// Not a number.
    NotNumber,
    /// Not a currency.
    NotCurrency,
    /// A formula's complaint, such as `#N/A`, in a value's place; the cell counts as empty.
    ErrorCell,
    /// Looks like a formula; kept as text and never run.
    Formula,
    /// The same row came before.
    DuplicateRow,
    /// No partner with this id or name.
    UnknownCustomer,
    /// Several partners answer to what the row says.
    AmbiguousCustomer,
    /// A packed purchase that cannot be read; the rest of the row was brought in.
    NotPurchase,
    /// A contact card that has no end; it was left out.
    UnendedCard,
    /// A line among contact cards that says nothing.
    BrokenLine,
    /// A contact card that is a group of others.
    GroupCard,
    /// No order with this number.
    UnknownOrder,
    /// An order without lines and without a total.
    NoLines,
    /// More than a record can hold.
    TooLarge,
    /// The chosen columns cannot make a record.
    NothingMapped,
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportReport {
    /// One for each file.
    pub files: Vec<FileReport>,
    /// The person stopped it; what is counted is in.
    pub cancelled: bool,
    /// It could not go on, such as for want of room; what is counted is in.
    pub failed: Option<super::FailureCode>,
    /// Partners made or changed, the first few, to look at.
    pub partners: Vec<RecordId>,
}

/// What came of a file. `created + updated + unchanged + skipped` is its rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// Rows that became new records.
    pub created: u64,
    /// Rows that changed records.
    pub updated: u64,
    /// Rows that were here already.
    pub unchanged: u64,
    /// Rows left out.
    pub skipped: u64,
    /// Partners made besides the rows themselves: organisations of persons, contact persons.
    pub related: u64,
    /// Why rows were left out or cells were doubtful; at most one hundred.
    pub problems: Vec<RowProblem>,
    /// How often each problem occurred in all.
    pub counts: Vec<(ProblemCode, u64)>,
}

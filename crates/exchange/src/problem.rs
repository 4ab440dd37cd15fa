//! What was odd about a file, by row and code; the UI turns a code into a sentence.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many problems of one code are kept whole; the counts are always exact.
const LISTED_PER_CODE: u64 = 200;
/// How much of a cell is quoted back, in characters.
const SHOWN_CHARS: usize = 80;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ProblemCode {
    /// No bytes, or nothing but blank lines.
    EmptyFile,
    /// There is a header and nothing below it.
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
    /// More text than can be held at once.
    TooLarge,
    /// Characters that the encoding does not have.
    BadEncoding,
    /// The chosen columns cannot make a record.
    NothingMapped,
    /// Lines above the header were left out: a title, a date of export.
    Preamble,
    /// A quote opens at this line and never closes; nothing from this row on was read.
    UnclosedQuote,
    /// A cell is larger than a record may hold; its row was left out.
    CellTooLong,
    /// The row has fewer cells than the header; the rest counts as empty.
    TooFewCells,
    /// The row has more cells than the header and it is unclear which belong together.
    TooManyCells,
    /// The row had more cells than the header; a cell that contained the delimiter was put together again.
    JoinedCells,
    /// The same row, or the same identity, came before in this file.
    DuplicateRow,
    /// What the row cannot do without is empty: a name, a customer, a date.
    MissingName,
    /// The customer that the row names is not here.
    UnknownCustomer,
    /// Several partners answer to what the row says.
    AmbiguousCustomer,
    /// The line's order is neither in these files nor here, or was left out itself.
    UnknownOrder,
    /// An order without lines and without a total; it was brought in with neither.
    NoLines,
    /// Not a date that exists.
    NotDate,
    /// Day and month could be read either way in the whole column; `value` shows one.
    AmbiguousDates,
    /// Not a number, or too large.
    NotNumber,
    /// Not a mail address; kept as written.
    NotMail,
    /// Not a phone number; kept as written.
    NotPhone,
    /// Not a currency; the one chosen for the file was used.
    NotCurrency,
    /// A formula's complaint, such as `#N/A`, in a value's place; the cell counts as empty.
    ErrorCell,
    /// Looks like a formula; kept as text, never evaluated.
    Formula,
    /// A packed purchase that cannot be read.
    NotPurchase,
    /// A contact card has no end, so that it may lack anything; it was left out.
    UnendedCard,
    /// A line among contact cards that says nothing.
    BrokenLine,
    /// A contact card that is a group of others, nobody herself.
    GroupCard,
}

/// What became of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// Imported; worth knowing.
    Note,
    /// Imported, without this value or with it elsewhere.
    Partly,
    /// Not imported.
    Skipped,
}

/// What a person can do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Fix {
    /// Nothing needs doing.
    Nothing,
    /// Close the quote at that line.
    CloseQuote,
    /// Put quotes around cells that contain the delimiter, or choose another delimiter.
    QuoteCells,
    /// Shorten the cell.
    Shorten,
    /// Choose which column holds it.
    MapColumn,
    /// Import the customers first, or together with this file.
    AddCustomers,
    /// Choose the orders' file too.
    AddOrders,
    /// Choose the file with the orders' lines too.
    AddLines,
    /// Save as a workbook of today's form, or as CSV, from the program that made it.
    SaveAsText,
    /// Save it again as UTF-8.
    SaveAsUtf8,
    /// Split it into several files.
    SplitFile,
    /// Say whether the day or the month comes first.
    ChooseDateOrder,
    /// Export it again from the program that made it.
    ExportAgain,
    /// Correct the value in the file.
    CorrectValue,
}

impl ProblemCode {
    /// What became of the row.
    pub fn severity(self) -> Severity {
        use ProblemCode::*;
        match self {
            Preamble | JoinedCells | AmbiguousDates | Formula | TooFewCells | NoRows | NoLines => {
                Severity::Note
            }
            NotMail | NotPhone | NotCurrency | NotPurchase | BrokenLine | ErrorCell => Severity::Partly,
            EmptyFile | Binary | ClosedWorkbook | DamagedWorkbook | LargeWorkbook | TooManyRows
            | TooLarge | BadEncoding | NothingMapped | UnclosedQuote | CellTooLong | TooManyCells
            | DuplicateRow | MissingName | UnknownCustomer | AmbiguousCustomer | UnknownOrder | NotDate
            | NotNumber | UnendedCard | GroupCard => Severity::Skipped,
        }
    }

    /// What a person can do about it.
    pub fn fix(self) -> Fix {
        use ProblemCode::*;
        match self {
            Preamble | JoinedCells | Formula | DuplicateRow | NoRows | EmptyFile | GroupCard => Fix::Nothing,
            UnendedCard | DamagedWorkbook => Fix::ExportAgain,
            UnclosedQuote => Fix::CloseQuote,
            CellTooLong => Fix::Shorten,
            TooFewCells | TooManyCells => Fix::QuoteCells,
            MissingName | NothingMapped => Fix::MapColumn,
            UnknownCustomer => Fix::AddCustomers,
            UnknownOrder => Fix::AddOrders,
            NoLines => Fix::AddLines,
            AmbiguousDates => Fix::ChooseDateOrder,
            Binary | ClosedWorkbook => Fix::SaveAsText,
            BadEncoding => Fix::SaveAsUtf8,
            TooManyRows | TooLarge | LargeWorkbook => Fix::SplitFile,
            AmbiguousCustomer | NotDate | NotNumber | NotMail | NotPhone | NotCurrency | NotPurchase
            | BrokenLine | ErrorCell => Fix::CorrectValue,
        }
    }
}

/// One oddity at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Which of the chosen files, from 0.
    pub file: usize,
    /// The row as a spreadsheet numbers it, or the card, from 1; 0 when it is about the whole file.
    pub row: u32,
    /// The line in a text editor, from 1.
    pub line: u32,
    /// The column, from 0.
    pub column: Option<usize>,
    /// What was found.
    pub code: ProblemCode,
    /// The beginning of the cell that it is about.
    pub value: String,
    /// Whether the row was left out because of it.
    pub skipped: bool,
}

/// All that was odd: a bounded list and exact counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems {
    /// The first of each code, in the order they were found.
    pub list: Vec<Problem>,
    /// How often each code occurred, exactly.
    pub counts: BTreeMap<ProblemCode, u64>,
}

impl Problems {
    /// Notes one; the value is shortened to what can be shown.
    pub fn add(&mut self, mut problem: Problem) {
        let count = self.counts.entry(problem.code).or_default();
        *count += 1;
        if *count <= LISTED_PER_CODE {
            problem.value = shorten(&problem.value);
            self.list.push(problem);
        }
    }

    /// How often `code` occurred.
    pub fn count(&self, code: ProblemCode) -> u64 {
        self.counts.get(&code).copied().unwrap_or(0)
    }

    /// Takes over another list, as problems of `file`.
    pub fn absorb(&mut self, file: usize, other: &Problems) {
        for problem in &other.list {
            self.list.push(Problem { file, ..problem.clone() });
        }
        for (code, count) in &other.counts {
            *self.counts.entry(*code).or_default() += count;
        }
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

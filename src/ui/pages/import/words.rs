//! Codes of files and rows as sentences.

use crate::port::{FileForm, FileRole, ProblemCode, RowFate};
use crate::ui::i18n::{Locale, td_string};

/// A problem with its mend.
pub(super) fn problem(locale: Locale, code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::EmptyFile => td_string!(locale, import.problem.empty_file),
        ProblemCode::NoRows => td_string!(locale, import.problem.no_rows),
        ProblemCode::Binary => td_string!(locale, import.problem.binary),
        ProblemCode::ClosedWorkbook => td_string!(locale, import.problem.closed_workbook),
        ProblemCode::DamagedWorkbook => td_string!(locale, import.problem.damaged_workbook),
        ProblemCode::LargeWorkbook => td_string!(locale, import.problem.large_workbook),
        ProblemCode::TooManyRows => td_string!(locale, import.problem.too_many_rows),
        ProblemCode::Unreadable => td_string!(locale, import.problem.unreadable),
        ProblemCode::UnclosedQuote => td_string!(locale, import.problem.unclosed_quote),
        ProblemCode::TooFewCells => td_string!(locale, import.problem.too_few_cells),
        ProblemCode::TooManyCells => td_string!(locale, import.problem.too_many_cells),
        ProblemCode::CellTooLong => td_string!(locale, import.problem.cell_too_long),
        ProblemCode::JoinedCells => td_string!(locale, import.problem.joined_cells),
        ProblemCode::Preamble => td_string!(locale, import.problem.preamble),
        ProblemCode::AmbiguousDates => td_string!(locale, import.problem.ambiguous_dates),
        ProblemCode::AmbiguousCustomer => td_string!(locale, import.problem.ambiguous_customer),
        ProblemCode::NotPurchase => td_string!(locale, import.problem.not_purchase),
        ProblemCode::UnendedCard => td_string!(locale, import.problem.unended_card),
        ProblemCode::BrokenLine => td_string!(locale, import.problem.broken_line),
        ProblemCode::GroupCard => td_string!(locale, import.problem.group_card),
        ProblemCode::BadEncoding => td_string!(locale, import.problem.bad_encoding),
        ProblemCode::MissingName => td_string!(locale, import.problem.missing_name),
        ProblemCode::NotMail => td_string!(locale, import.problem.not_mail),
        ProblemCode::NotPhone => td_string!(locale, import.problem.not_phone),
        ProblemCode::NotDate => td_string!(locale, import.problem.not_date),
        ProblemCode::NotNumber => td_string!(locale, import.problem.not_number),
        ProblemCode::NotCurrency => td_string!(locale, import.problem.not_currency),
        ProblemCode::ErrorCell => td_string!(locale, import.problem.error_cell),
        ProblemCode::Formula => td_string!(locale, import.problem.formula),
        ProblemCode::DuplicateRow => td_string!(locale, import.problem.duplicate_row),
        ProblemCode::UnknownCustomer => td_string!(locale, import.problem.unknown_customer),
        ProblemCode::UnknownOrder => td_string!(locale, import.problem.unknown_order),
        ProblemCode::NoLines => td_string!(locale, import.problem.no_lines),
        ProblemCode::TooLarge => td_string!(locale, import.problem.too_large),
        ProblemCode::NothingMapped => td_string!(locale, import.problem.nothing_mapped),
    }
}

/// The roles of a file with their keys, in order.
pub(super) const ROLES: [(FileRole, &str); 6] = [
    (FileRole::Partners, "partners"),
    (FileRole::Orders, "orders"),
    (FileRole::OrderLines, "order-lines"),
    (FileRole::Products, "products"),
    (FileRole::Interactions, "interactions"),
    (FileRole::Skip, "skip"),
];

/// Whether a file of this form can be of the role: a contact is a customer, or nothing.
pub(super) fn can_be(form: FileForm, role: FileRole) -> bool {
    form != FileForm::Cards || matches!(role, FileRole::Partners | FileRole::Skip)
}

/// What a row of such a file is.
pub(super) fn role(locale: Locale, role: FileRole) -> &'static str {
    match role {
        FileRole::Partners => td_string!(locale, import.role.partners),
        FileRole::Orders => td_string!(locale, import.role.orders),
        FileRole::OrderLines => td_string!(locale, import.role.order_lines),
        FileRole::Products => td_string!(locale, import.role.products),
        FileRole::Interactions => td_string!(locale, import.role.interactions),
        FileRole::Skip => td_string!(locale, import.role.skip),
    }
}

/// What becomes of a row.
pub(super) fn fate(locale: Locale, fate: RowFate) -> &'static str {
    match fate {
        RowFate::Create => td_string!(locale, import.preview.create),
        RowFate::Update => td_string!(locale, import.preview.update),
        RowFate::Unchanged => td_string!(locale, import.preview.unchanged),
        RowFate::Skip => td_string!(locale, import.preview.skip),
    }
}

/// What separates columns, in a word.
pub(super) fn delimiter(locale: Locale, delimiter: char) -> String {
    match delimiter {
        ',' => td_string!(locale, import.file.comma).to_owned(),
        ';' => td_string!(locale, import.file.semicolon).to_owned(),
        '\t' => td_string!(locale, import.file.tab).to_owned(),
        '|' => td_string!(locale, import.file.bar).to_owned(),
        other => other.to_string(),
    }
}

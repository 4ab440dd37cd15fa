//! Between the exchange's words and the port's: the same vocabulary on both sides of a worker's door.

use crate::port;
use satchel_exchange as exchange;
use satchel_exchange::Table;

/// Most problems that are sent to a screen; the counts are always exact.
const LISTED: usize = 100;

macro_rules! same {
    ($to_port:ident, $to_exchange:ident, $exchange:ty, $port:ty, [$($name:ident),* $(,)?], [$($labelled:ident),* $(,)?]) => {
        pub(super) fn $to_port(it: &$exchange) -> $port {
            type From = $exchange;
            type To = $port;
            match it {
                $(From::$name => To::$name,)*
                $(From::$labelled(label) => To::$labelled(label.clone()),)*
            }
        }

        pub(super) fn $to_exchange(it: &$port) -> $exchange {
            type From = $port;
            type To = $exchange;
            match it {
                $(From::$name => To::$name,)*
                $(From::$labelled(label) => To::$labelled(label.clone()),)*
            }
        }
    };
}

same!(
    target_out,
    target_in,
    exchange::Target,
    port::Target,
    [
        Ignore,
        ExternalId,
        Name,
        GivenName,
        FamilyName,
        Organisation,
        ContactPerson,
        Position,
        Kind,
        PartnerType,
        Street,
        District,
        City,
        Region,
        PostalCode,
        Country,
        Tags,
        Website,
        Gender,
        Birth,
        Note,
        CustomerId,
        CustomerName,
        OrderId,
        Date,
        Total,
        Freight,
        Product,
        Quantity,
        UnitPrice,
        Discount,
        Currency,
        Status,
        PackedPurchases,
        Method,
        Content,
    ],
    [Phone, Mail, Messenger]
);

same!(
    role_out,
    role_in,
    exchange::Role,
    port::FileRole,
    [Partners, Orders, OrderLines, Products, Interactions, Skip],
    []
);

same!(date_order_out, date_order_in, exchange::DateOrder, port::DateOrder, [DayFirst, MonthFirst], []);

/// A problem's code.
pub(super) fn code(code: exchange::ProblemCode) -> port::ProblemCode {
    use exchange::ProblemCode as From;
    use port::ProblemCode as To;
    match code {
        From::EmptyFile => To::EmptyFile,
        From::NoRows => To::NoRows,
        From::Binary => To::Binary,
        From::ClosedWorkbook => To::ClosedWorkbook,
        From::DamagedWorkbook => To::DamagedWorkbook,
        From::LargeWorkbook => To::LargeWorkbook,
        From::TooManyRows => To::TooManyRows,
        From::TooLarge => To::TooLarge,
        From::BadEncoding => To::BadEncoding,
        From::NothingMapped => To::NothingMapped,
        From::Preamble => To::Preamble,
        From::UnclosedQuote => To::UnclosedQuote,
        From::CellTooLong => To::CellTooLong,
        From::TooFewCells => To::TooFewCells,
        From::TooManyCells => To::TooManyCells,
        From::JoinedCells => To::JoinedCells,
        From::DuplicateRow => To::DuplicateRow,
        From::MissingName => To::MissingName,
        From::UnknownCustomer => To::UnknownCustomer,
        From::AmbiguousCustomer => To::AmbiguousCustomer,
        From::UnknownOrder => To::UnknownOrder,
        From::NoLines => To::NoLines,
        From::NotDate => To::NotDate,
        From::AmbiguousDates => To::AmbiguousDates,
        From::NotNumber => To::NotNumber,
        From::NotMail => To::NotMail,
        From::NotPhone => To::NotPhone,
        From::NotCurrency => To::NotCurrency,
        From::ErrorCell => To::ErrorCell,
        From::Formula => To::Formula,
        From::NotPurchase => To::NotPurchase,
        From::UnendedCard => To::UnendedCard,
        From::BrokenLine => To::BrokenLine,
        From::GroupCard => To::GroupCard,
    }
}

/// How a file holds its rows.
pub(super) fn form(table: &Table) -> port::FileForm {
    match &table.form {
        exchange::Form::Delimited(dialect) => port::FileForm::Delimited(dialect.delimiter.as_char()),
        exchange::Form::Cards(_) => port::FileForm::Cards,
        exchange::Form::Workbook { .. } => port::FileForm::Workbook,
    }
}

/// The sheets of a workbook; none of any other file.
pub(super) fn sheets(table: &Table) -> Vec<port::ImportSheet> {
    let exchange::Form::Workbook { sheets, .. } = &table.form else { return Vec::new() };
    sheets.iter().map(|sheet| port::ImportSheet { at: sheet.at, name: sheet.name.clone() }).collect()
}

/// A plan on its way to the screen.
pub(super) fn plan_out(plan: &exchange::FilePlan) -> port::FilePlan {
    port::FilePlan {
        role: role_out(&plan.role),
        targets: plan.targets.iter().map(target_out).collect(),
        currency: plan.currency,
        date_order: date_order_out(&plan.date_order),
        customer_system: plan.customer_system.clone().unwrap_or_default(),
        has_header: plan.has_header,
    }
}

/// A plan as the person left it.
pub(super) fn plan_in(plan: &port::FilePlan) -> exchange::FilePlan {
    exchange::FilePlan {
        role: role_in(&plan.role),
        targets: plan.targets.iter().map(target_in).collect(),
        currency: plan.currency,
        date_order: date_order_in(&plan.date_order),
        customer_system: Some(plan.customer_system.clone()).filter(|system| !system.is_empty()),
        has_header: plan.has_header,
    }
}

/// Problems of one file, with the headers of its table in place of column numbers.
pub(super) fn problems<'a>(
    found: impl Iterator<Item = &'a exchange::Problem>,
    table: Option<&Table>,
) -> Vec<port::RowProblem> {
    found.take(LISTED).map(|problem| row_problem(problem, table)).collect()
}

fn row_problem(problem: &exchange::Problem, table: Option<&Table>) -> port::RowProblem {
    let header = |column: usize| table?.headers.get(column).cloned();
    let cards = table.is_some_and(|table| form(table) == port::FileForm::Cards);
    port::RowProblem {
        file: u32::try_from(problem.file).unwrap_or(u32::MAX),
        row: problem.row.into(),
        line: cards.then_some(problem.line.into()),
        column: problem.column.and_then(header).unwrap_or_default(),
        code: code(problem.code),
        value: problem.value.clone(),
        skipped: problem.skipped,
    }
}

/// The exact counts.
pub(super) fn counts(problems: &exchange::Problems) -> Vec<(port::ProblemCode, u64)> {
    problems.counts.iter().map(|(found, count)| (code(*found), *count)).collect()
}

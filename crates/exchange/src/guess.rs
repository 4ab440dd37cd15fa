//! Proposes how a file is to be understood, from its headings and its values.

use crate::date::{self, OrderEvidence};
use crate::heading::{self, Concept};
use crate::plan::{DateOrder, FilePlan, Role, Target};
use crate::table::{Form, Table};
use crate::{number, text};
use satchel_domain::Currency;
use serde::{Deserialize, Serialize};

/// How many values of a column are looked at.
const SAMPLE: usize = 1_000;
/// How many values are shown.
const SHOWN: usize = 4;

/// The namespace of the identities of contact cards. A person's card has another one in each address book.
pub(crate) const CARDS: &str = "vcard";

/// What to assume where a file does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hints {
    /// The workspace's currency.
    pub currency: Currency,
    /// How the person writes dates.
    pub date_order: DateOrder,
}

/// One column, for the preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSurvey {
    /// Its heading; may be empty.
    pub header: String,
    /// The first few values.
    pub samples: Vec<String>,
    /// Rows in which it has a value.
    pub filled: u64,
    /// How sure [`Guess::plan`] is of it, 0 to 100.
    pub confidence: u8,
}

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guess {
    /// How to read the file.
    pub plan: FilePlan,
    /// Its columns.
    pub columns: Vec<ColumnSurvey>,
    /// A date that could be read either way, when the whole column leaves it open;
    /// [`FilePlan::date_order`] is then only the person's habit.
    pub open_date: Option<String>,
}

/// Proposes a plan for a file. What contact cards say needs no guess.
pub fn guess(table: &Table, hints: Hints) -> Guess {
    let (role, targets) = match &table.form {
        Form::Delimited(_) | Form::Workbook { .. } => by_columns(table),
        Form::Cards(targets) => {
            (Role::Partners, targets.iter().map(|target| (target.clone(), 100)).collect())
        }
    };
    let mut plan = FilePlan {
        role,
        targets: targets.iter().map(|(target, _)| target.clone()).collect(),
        currency: hints.currency,
        date_order: hints.date_order,
        customer_system: None,
        has_header: table.has_header,
    };
    let open_date = settle_dates(&mut plan, table);
    let columns =
        targets.iter().enumerate().map(|(at, (_, confidence))| survey(table, at, *confidence)).collect();
    Guess { plan, columns, open_date }
}

/// What the file is about and what each column means, by headings and values.
fn by_columns(table: &Table) -> (Role, Vec<(Target, u8)>) {
    let columns: Vec<Column> = (0..table.width()).map(|at| Column::of(table, at)).collect();
    let role = role_of(&columns);
    let mut targets: Vec<(Target, u8)> =
        columns.iter().map(|column| target_of(column, role, &columns)).collect();
    settle_identity(&mut targets, &columns, role);
    settle_customer(&mut targets, &columns, role);
    drop_seconds(&mut targets);
    (role, targets)
}

fn survey(table: &Table, at: usize, confidence: u8) -> ColumnSurvey {
    let filled = table.column(at).filter(|value| !value.is_empty());
    ColumnSurvey {
        header: table.headers[at].clone(),
        samples: filled.clone_values(SHOWN),
        filled: table.column(at).filter(|value| !value.is_empty()).count() as u64,
        confidence,
    }
}

trait CloneValues {
    fn clone_values(self, count: usize) -> Vec<String>;
}

impl<'a, I: Iterator<Item = &'a str>> CloneValues for I {
    fn clone_values(self, count: usize) -> Vec<String> {
        self.take(count).map(|value| value.chars().take(120).collect()).collect()
    }
}

/// What is known of one column.
struct Column {
    concept: Option<Concept>,
    look: Look,
}

/// What the values look like, as shares of those present.
#[derive(Default)]
struct Look {
    mail: f32,
    phone: f32,
    date: f32,
    decimal: f32,
    whole: f32,
    present: usize,
}

impl Column {
    fn of(table: &Table, at: usize) -> Self {
        let values: Vec<&str> = table.column(at).filter(|value| !value.is_empty()).take(SAMPLE).collect();
        let look = Look::of(&values);
        let said = heading::concept(&table.headers[at]);
        Self { concept: look.correct(said), look }
    }

    fn means(&self, target: &Target) -> bool {
        matches!(&self.concept, Some(Concept::Meaning(meaning)) if meaning == target)
    }

    fn noun(&self) -> Option<&str> {
        match &self.concept {
            Some(Concept::Identity(noun)) => Some(noun),
            _ => None,
        }
    }
}

impl Look {
    fn of(values: &[&str]) -> Self {
        let share = |is: &dyn Fn(&str) -> bool| {
            values.iter().filter(|value| is(value)).count() as f32 / values.len().max(1) as f32
        };
        let is_whole = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
        Self {
            mail: share(&text::is_mail),
            phone: share(&|value| {
                let digits = value.bytes().filter(u8::is_ascii_digit).count();
                text::is_phone(value) && digits >= 7 && !is_date(value) && !value.contains(',')
            }),
            date: share(&is_date),
            decimal: share(&|value| !is_whole(value) && number::is_number(value)),
            whole: share(&is_whole),
            present: values.len(),
        }
    }

    /// The heading's word, unless the values plainly say otherwise or there is no word.
    fn correct(&self, said: Option<Concept>) -> Option<Concept> {
        use Target::*;
        let wordy =
            matches!(&said, None | Some(Concept::Meaning(Name | ContactPerson | CustomerName | Content)));
        let telling = self.present > 0 && wordy;
        if telling && self.mail >= 0.7 && !matches!(said, Some(Concept::Meaning(CustomerName))) {
            return Some(Concept::Meaning(Mail(String::new())));
        }
        if telling && self.phone >= 0.8 && !matches!(said, Some(Concept::Meaning(CustomerName))) {
            return Some(Concept::Meaning(Phone(String::new())));
        }
        if telling && said.is_none() && self.date >= 0.9 {
            return Some(Concept::Meaning(Date));
        }
        said
    }
}

/// Dates that cannot be mistaken for plain numbers: with separators, or eight digits of a plausible year.
fn is_date(value: &str) -> bool {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let plausible = value.len() == 8 && (value.starts_with("19") || value.starts_with("20"));
    (!digits || plausible || value.matches('.').count() == 2)
        && date::parse_date(value, DateOrder::DayFirst).is_some()
        || date::parse_date(value, DateOrder::MonthFirst).is_some() && value.contains('/')
}

fn role_of(columns: &[Column]) -> Role {
    use Target::*;
    let has = |target: &Target| columns.iter().any(|column| column.means(target));
    let noun = |name: &str| columns.iter().any(|column| column.noun() == Some(name));
    let any = |targets: &[Target]| targets.iter().any(has);
    let reachable = columns.iter().any(|column| {
        matches!(
            &column.concept,
            Some(Concept::Meaning(
                Phone(_) | Mail(_) | Messenger(_) | ContactPerson | GivenName | FamilyName
            ))
        )
    });
    let customer = noun("customer") || has(&CustomerName);
    let product = noun("product") || has(&Product);
    let amounts = any(&[Total, UnitPrice, Quantity]);
    let someone = any(&[Name, GivenName, FamilyName, Organisation, ContactPerson, CustomerName]);
    if noun("order") && (product || any(&[UnitPrice, Quantity])) && !customer {
        Role::OrderLines
    } else if noun("order") && (customer || has(&Date)) {
        Role::Orders
    } else if has(&Date) && any(&[Method, Content]) && (customer || someone || reachable) {
        Role::Interactions
    } else if (customer || someone || reachable) && has(&Date) && (amounts || product) {
        Role::Orders
    } else if product && !customer && !reachable && !has(&Date) {
        Role::Products
    } else if someone || reachable {
        Role::Partners
    } else if bare_purchases(columns).is_some() {
        Role::Orders
    } else {
        Role::Skip
    }
}

/// A table without a header that holds purchases: a whole number, a date, and a decimal amount.
/// Gives the columns of customer, amount and, if any, quantity.
fn bare_purchases(columns: &[Column]) -> Option<(usize, usize, Option<usize>)> {
    let date = columns.iter().position(|column| column.means(&Target::Date))?;
    let amount = columns.iter().rposition(|column| column.look.decimal >= 0.5 && column.look.date < 0.5)?;
    let whole = |at: &usize| columns[*at].look.whole >= 0.99 && *at != date && columns[*at].concept.is_none();
    let customer = (0..columns.len()).find(whole)?;
    let quantity = (date + 1..columns.len()).find(|at| whole(at) && *at != customer);
    Some((customer, amount, quantity))
}

fn target_of(column: &Column, role: Role, columns: &[Column]) -> (Target, u8) {
    use Target::*;
    let target = match (&column.concept, role) {
        (None | Some(Concept::Identity(_)), _) => return bare_target(column, role, columns),
        (Some(Concept::Useless), _) => return (Ignore, 95),
        (Some(Concept::Meaning(CustomerName)), Role::Partners) => Name,
        (Some(Concept::Meaning(Product)), Role::Products) => Name,
        (Some(Concept::Meaning(Organisation)), Role::Orders | Role::Interactions) => CustomerName,
        (Some(Concept::Meaning(Name)), Role::Orders | Role::Interactions) => CustomerName,
        (Some(Concept::Meaning(Mail(_) | Phone(_))), Role::Orders | Role::Interactions) => CustomerName,
        (Some(Concept::Meaning(Tags)), Role::Orders) => Status,
        (Some(Concept::Meaning(meaning)), _) => meaning.clone(),
    };
    if target.fits(role) { (target, confidence(column)) } else { (Ignore, 70) }
}

fn confidence(column: &Column) -> u8 {
    use Target::*;
    let agreement = match &column.concept {
        Some(Concept::Meaning(Mail(_))) => column.look.mail,
        Some(Concept::Meaning(Phone(_))) => column.look.phone,
        Some(Concept::Meaning(Date | Birth)) => column.look.date,
        Some(Concept::Meaning(Total | UnitPrice | Quantity | Freight)) => {
            column.look.decimal + column.look.whole
        }
        _ => 0.9,
    };
    if column.look.present == 0 { 60 } else { (40.0 + agreement.min(1.0) * 58.0) as u8 }
}

/// Identities, and columns of files without headings.
fn bare_target(column: &Column, role: Role, columns: &[Column]) -> (Target, u8) {
    use Target::*;
    let target = match (column.noun(), role) {
        (Some("customer"), Role::Orders | Role::Interactions) => CustomerId,
        (Some("order"), Role::Orders | Role::OrderLines) => OrderId,
        (Some("product"), Role::Orders | Role::OrderLines) => Product,
        (Some("product"), Role::Products) => ExternalId,
        _ => Ignore,
    };
    if target != Ignore {
        return (target, 92);
    }
    let this = columns.iter().position(|other| std::ptr::eq(other, column));
    match (role, bare_purchases(columns)) {
        (Role::Orders, Some((customer, ..))) if Some(customer) == this => (CustomerId, 55),
        (Role::Orders, Some((_, amount, _))) if Some(amount) == this => (Total, 55),
        (Role::Orders, Some((_, _, quantity))) if quantity.is_some() && quantity == this => (Quantity, 50),
        _ => (Ignore, 50),
    }
}

/// Which identity is the row's own: that of the fitting noun, else one without a noun, else, for
/// partners, the first column's.
fn settle_identity(targets: &mut [(Target, u8)], columns: &[Column], role: Role) {
    let own = match role {
        Role::Partners => Target::ExternalId,
        Role::Orders => Target::OrderId,
        Role::Products => Target::ExternalId,
        Role::OrderLines | Role::Interactions | Role::Skip => return,
    };
    if targets.iter().any(|(target, _)| *target == own) {
        return;
    }
    let of = |noun: &str| columns.iter().position(|column| column.noun() == Some(noun));
    let first = columns.first().and_then(Column::noun).map(|_| 0);
    let at = match role {
        Role::Partners => of("customer").or_else(|| of("")).or(first),
        _ => of(""),
    };
    if let Some(at) = at {
        targets[at] = (own, 85);
    }
}

/// Who it was: an identity makes names needless; of several names the surest counts.
fn settle_customer(targets: &mut [(Target, u8)], columns: &[Column], role: Role) {
    if !matches!(role, Role::Orders | Role::Interactions) {
        return;
    }
    let rank = |column: &Column| match &column.concept {
        Some(Concept::Meaning(Target::Mail(_))) => 0,
        Some(Concept::Meaning(Target::CustomerName | Target::Name)) => 1,
        Some(Concept::Meaning(Target::Phone(_))) => 2,
        _ => 3,
    };
    let identified = targets.iter().any(|(target, _)| *target == Target::CustomerId);
    let names = (0..targets.len()).filter(|at| targets[*at].0 == Target::CustomerName);
    let best = names.min_by_key(|at| rank(&columns[*at])).filter(|_| !identified);
    for (at, target) in targets.iter_mut().enumerate() {
        if target.0 == Target::CustomerName && Some(at) != best {
            *target = (Target::Ignore, 60);
        }
    }
}

/// Of two columns for one meaning the surer one keeps it, of equals the first.
fn drop_seconds(targets: &mut [(Target, u8)]) {
    for at in 0..targets.len() {
        let (target, confidence) = targets[at].clone();
        if target.is_repeatable() {
            continue;
        }
        let better = targets.iter().enumerate().any(|(other, (same, sure))| {
            *same == target && (*sure > confidence || *sure == confidence && other < at)
        });
        if better {
            targets[at] = (Target::Ignore, 60);
        }
    }
}

/// Takes the order of day and month from the data, where it says; a date that leaves it open otherwise.
fn settle_dates(plan: &mut FilePlan, table: &Table) -> Option<String> {
    let dates =
        plan.targets.iter().enumerate().filter(|(_, target)| matches!(target, Target::Date | Target::Birth));
    match date::order_evidence(dates.flat_map(|(at, _)| table.column(at))) {
        OrderEvidence::Unneeded => None,
        OrderEvidence::Certain(order) => {
            plan.date_order = order;
            None
        }
        OrderEvidence::Open(cell) => Some(cell),
    }
}

/// The namespace of the identities in a column: `customerid`, or the file's name and the heading
/// where the heading alone says too little.
pub(crate) fn namespace(table: &Table, column: usize) -> String {
    if matches!(table.form, Form::Cards(_)) {
        return CARDS.to_owned();
    }
    let header = &table.headers[column];
    match heading::concept(header) {
        Some(Concept::Identity(noun)) if !noun.is_empty() => format!("{noun}id"),
        Some(Concept::Identity(_)) => format!("{}.id", stem(&table.name)),
        _ if header.is_empty() => format!("{}.column{}", stem(&table.name), column + 1),
        _ => format!("{}.{}", stem(&table.name), heading::squeezed(header)),
    }
}

/// A file's name without what changes from one export to the next: numbers, dates, `copy`.
pub(crate) fn stem(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let base = base.rsplit_once('.').map_or(base, |(base, _)| base);
    let words = heading::words(base);
    let kept = words.iter().filter(|word| {
        !word.bytes().all(|byte| byte.is_ascii_digit())
            && !matches!(word.as_str(), "copy" | "export" | "final" | "副本" | "导出")
    });
    let stem: String = kept.map(String::as_str).collect();
    if stem.is_empty() { "file".to_owned() } else { stem }
}

//! Customers as a table: the columns of a screen, and the same in a file (R49, R61).

use super::host::Host;
use super::json;
use super::view::{partner_filter, partner_sort};
use super::workspace::Workspace;
use crate::port::{self, Cells, Column, Done, Outcome};
use satchel_book as book;
use satchel_domain::{AccountId, Day, Money, Partner, PartnerKind, RecordId, Tier};
use satchel_exchange::{Cell, write_row};
use std::collections::BTreeMap;

/// What members are called, each opened once.
type Names = BTreeMap<AccountId, String>;

/// All that a line of a table is made of.
struct Line<'a> {
    row: &'a book::PartnerRow,
    partner: &'a Partner,
    last_contact: Option<Day>,
    owner: String,
    contacts: u32,
    tier: Option<Tier>,
}

impl<H: Host> Workspace<H> {
    /// What a table shows of each row.
    pub(super) fn cells(&self, rows: &[book::PartnerRow]) -> Vec<Cells> {
        let mut names = Names::new();
        rows.iter().filter_map(|row| self.cells_of(row, &mut names)).collect()
    }

    fn cells_of(&self, row: &book::PartnerRow, names: &mut Names) -> Option<Cells> {
        let book = self.book.borrow();
        let card = &book.partner(row.id)?.card;
        Some(Cells {
            partner_type: card.partner_type.clone(),
            company: company(row),
            owner: self.owner_name(card.owner, names),
            mail: card.mails.first().map_or_else(String::new, |mail| mail.value.clone()),
            city: card.addresses.first().map_or_else(String::new, |address| address.city.clone()),
            tags: card.tags.iter().cloned().collect(),
            contacts: book.summary(row.id).count,
            due: book.next_task(row.id).and_then(|task| task.entry.due.clone()),
        })
    }

    /// An order as the book is asked for it: what members are called is told first where that matters.
    pub(super) fn order(&self, sort: port::PartnerSort) -> book::PartnerSort {
        if matches!(sort, port::PartnerSort::Owner(_)) {
            self.book.borrow_mut().set_owners(self.member_names());
        }
        partner_sort(sort)
    }

    /// Who looks after a customer, in a team; empty for nobody.
    fn owner_name(&self, owner: Option<AccountId>, names: &mut Names) -> String {
        let Some(owner) = owner.filter(|_| self.creator().is_some()) else { return String::new() };
        let opened = || self.member_name(owner).unwrap_or_default();
        names.entry(owner).or_insert_with(opened).clone()
    }

    /// The customers of a table.
    pub(super) fn table(&self, table: &port::Table) -> Done {
        let text = match table.form {
            port::TableForm::Csv => self.csv(table),
            port::TableForm::Marked => format!("\u{feff}{}", self.csv(table)),
            port::TableForm::Json => self.json(table),
        };
        Done { outcome: Outcome::Table(text.into_bytes()), undo: None }
    }

    /// No cell of it is run by a spreadsheet.
    fn csv(&self, table: &port::Table) -> String {
        let mut out = String::new();
        write_row(&mut out, table.columns.iter().map(|(_, heading)| Cell::Text(heading)));
        self.each_row(table, |line| {
            let cells: Vec<String> = table.columns.iter().map(|(column, _)| cell(*column, line)).collect();
            let typed = cells.iter().zip(&table.columns).map(|(cell, (column, _))| match column {
                Column::Contacts => Cell::Number(cell),
                _ => Cell::Text(cell),
            });
            write_row(&mut out, typed);
        });
        out
    }

    /// A customer a line, so that the file can be read and compared line by line too.
    fn json(&self, table: &port::Table) -> String {
        let mut rows = Vec::new();
        self.each_row(table, |line| {
            let value = |column: Column| match column {
                Column::Contacts => line.contacts.to_string(),
                Column::Tags => json::list(line.partner.card.tags.iter().map(|tag| json::text(tag))),
                column => match cell(column, line) {
                    empty if empty.is_empty() => "null".to_owned(),
                    said => json::text(&said),
                },
            };
            let entries = table.columns.iter().map(|(column, _)| (column.code(), value(*column)));
            rows.push(json::object(entries));
        });
        if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) }
    }

    fn each_row(&self, table: &port::Table, mut write: impl FnMut(&Line<'_>)) {
        let all = book::Window { offset: 0, limit: usize::MAX };
        let filter = partner_filter(&table.filter);
        let wanted = |id: RecordId| !table.filter.waiting || self.mark(id) == port::Mark::Waiting;
        let sort = self.order(table.sort);
        let (book, mut names) = (self.book.borrow(), Names::new());
        let list = book.partners(&filter, sort, all, wanted);
        for (row, tier) in list.rows.iter().zip(list.tiers) {
            let Some(partner) = book.partner(row.id) else { continue };
            let owner = self.owner_name(partner.card.owner, &mut names);
            let last_contact = row.last_contact_ms.map(|at_ms| book.zone().day(at_ms));
            let contacts = book.summary(row.id).count;
            write(&Line { row, partner, last_contact, owner, contacts, tier });
        }
    }
}

/// The organisation that somebody works for.
fn company(row: &book::PartnerRow) -> String {
    if row.kind == PartnerKind::Organisation { String::new() } else { row.aside.clone() }
}

fn cell(column: Column, line: &Line<'_>) -> String {
    let (row, card) = (line.row, &line.partner.card);
    match column {
        Column::Name => card.name.clone(),
        Column::Kind => card.kind.code().to_owned(),
        Column::Type => card.partner_type.code().to_owned(),
        Column::Company => company(row),
        Column::Owner => line.owner.clone(),
        Column::Phone => row.phone.clone(),
        Column::Mail => card.mails.first().map_or_else(String::new, |mail| mail.value.clone()),
        Column::City => card.addresses.first().map_or_else(String::new, |address| address.city.clone()),
        Column::Tags => card.tags.iter().cloned().collect::<Vec<_>>().join("; "),
        Column::LastContact => line.last_contact.map_or_else(String::new, date),
        Column::Contacts => line.contacts.to_string(),
        Column::Bought => row.bought.iter().map(|money| amount(*money)).collect::<Vec<_>>().join("; "),
        Column::NextStep => row.next_step.clone().unwrap_or_default(),
        Column::Tier => line.tier.map_or_else(String::new, |tier| tier.letter().to_string()),
    }
}

/// `2026-11-21`.
fn date(day: Day) -> String {
    day.ymd().map_or_else(String::new, |(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
}

/// An amount with its currency, as `1234.50 CNY`.
fn amount(money: Money) -> String {
    let units = money.currency.minor_units();
    let digits = units.ilog10() as usize;
    let (sign, minor) = (if money.minor < 0 { "-" } else { "" }, money.minor.unsigned_abs());
    let (whole, part) = (minor / units.unsigned_abs(), minor % units.unsigned_abs());
    let part = if digits == 0 { String::new() } else { format!(".{part:0digits$}") };
    format!("{sign}{whole}{part} {}", money.currency.code())
}

#[cfg(test)]
mod tests {
    use super::*;
    use satchel_domain::Currency;

    #[test]
    fn amounts_are_written_with_their_currency() {
        let money = |minor, currency| amount(Money { minor, currency });
        assert_eq!(money(123_450, Currency::CNY), "1234.50 CNY");
        assert_eq!(money(-5, Currency::USD), "-0.05 USD");
        let yen = Currency::parse("JPY").expect("a currency");
        assert_eq!(money(7, yen), "7 JPY");
    }

    #[test]
    fn days_are_written_as_dates() {
        assert_eq!(Day::from_ymd(2026, 3, 2).map(date), Some("2026-03-02".to_owned()));
    }
}

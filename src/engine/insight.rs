//! Statistics, saved views and tables of customers, asked of the book.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::json;
use super::view::{number, partner_filter, partner_sort};
use super::workspace::Workspace;
use crate::port::{self, Column, Done, Outcome};
use satchel_book as book;
use satchel_domain::{Kind, Money, Partner, RecordId, Revision, Selection, ViewDraft, moment::DAY_MS};
use satchel_exchange::{Cell, write_row};

fn pair(pair: book::Pair) -> port::Pair {
    port::Pair { now: pair.now, before: pair.before }
}

pub(super) fn scores(scores: book::Scores, tiers: book::Tiers) -> port::Scores {
    let book::Scores { recency, frequency, monetary } = scores;
    port::Scores { recency, frequency, monetary, tier: tiers.of(scores) }
}

impl<H: Host> Workspace<H> {
    pub(super) fn statistics(&self, selection: &Selection, period: port::Period) -> port::Statistics {
        let port::Period { now, before, elapsed, today_ms } = period;
        let period = book::Period { now, before, elapsed: elapsed as usize, today_ms };
        let (found, tiers) = {
            let book = self.book.borrow();
            (book.statistics(selection, &period), book.tiers())
        };
        port::Statistics {
            customers: number(found.customers),
            contacts: pair(found.contacts),
            reached: pair(found.reached),
            orders: pair(found.orders),
            days: found.days,
            days_before: found.days_before,
            methods: found.methods.into_iter().map(|(method, counts)| (method, pair(counts))).collect(),
            types: found.types.into_iter().map(|(kind, counts)| (kind, pair(counts))).collect(),
            bought: found.bought,
            ageing: found.ageing,
            ages: book::AGES.to_vec(),
            by_contacts: found.by_contacts.into_iter().map(|(row, count)| (self.row(row), count)).collect(),
            by_orders: found
                .by_orders
                .into_iter()
                .map(|(row, count, spent)| (self.row(row), count, spent))
                .collect(),
            rfm: found.rfm,
            tiers: found.tiers,
            tiers_from: [tiers.a, tiers.b],
            tiers_usual: tiers == book::Tiers::default(),
            buyers: number(found.buyers),
        }
    }

    pub(super) async fn create_view(&self, draft: &ViewDraft) -> Ended<Done> {
        super::commands::check(draft.validate())?;
        self.make(Kind::View, draft.create()).await
    }

    pub(super) async fn edit_view(&self, id: RecordId, seen: &ViewDraft, draft: &ViewDraft) -> Ended<Done> {
        super::commands::check(draft.validate())?;
        self.revise(id, Revision::of_view(seen, draft)).await
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
        self.each_row(table, |row, partner, contacts| {
            let cells: Vec<String> =
                table.columns.iter().map(|(column, _)| cell(*column, row, partner, contacts)).collect();
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
        self.each_row(table, |row, partner, contacts| {
            let value = |column: Column| match column {
                Column::Contacts => contacts.to_string(),
                Column::Tags => json::list(partner.card.tags.iter().map(|tag| json::text(tag))),
                column => match cell(column, row, partner, contacts) {
                    empty if empty.is_empty() => "null".to_owned(),
                    said => json::text(&said),
                },
            };
            let entries = table.columns.iter().map(|(column, _)| (column.code(), value(*column)));
            rows.push(json::object(entries));
        });
        if rows.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", rows.join(",\n")) }
    }

    fn each_row(&self, table: &port::Table, mut write: impl FnMut(&book::PartnerRow, &Partner, u32)) {
        let all = book::Window { offset: 0, limit: usize::MAX };
        let filter = partner_filter(&table.filter);
        let wanted = |id| !table.filter.waiting || self.mark(id) == port::Mark::Waiting;
        let book = self.book.borrow();
        for row in book.partners(&filter, partner_sort(table.sort), all, wanted).rows {
            let Some(partner) = book.partner(row.id) else { continue };
            write(&row, partner, book.summary(row.id).count);
        }
    }
}

fn cell(column: Column, row: &book::PartnerRow, partner: &Partner, contacts: u32) -> String {
    let card = &partner.card;
    let organisation = card.kind == satchel_domain::PartnerKind::Organisation;
    match column {
        Column::Name => card.name.clone(),
        Column::Kind => card.kind.code().to_owned(),
        Column::Type => card.partner_type.code().to_owned(),
        Column::Company if organisation => String::new(),
        Column::Company => row.aside.clone(),
        Column::Phone => row.phone.clone(),
        Column::Mail => card.mails.first().map_or_else(String::new, |mail| mail.value.clone()),
        Column::City => card.addresses.first().map_or_else(String::new, |address| address.city.clone()),
        Column::Tags => card.tags.iter().cloned().collect::<Vec<_>>().join("; "),
        Column::LastContact => row.last_contact_ms.map_or_else(String::new, day),
        Column::Contacts => contacts.to_string(),
        Column::Bought => row.bought.iter().map(|money| amount(*money)).collect::<Vec<_>>().join("; "),
        Column::NextStep => row.next_step.clone().unwrap_or_default(),
    }
}

/// The day in UTC, as `2026-11-21`.
fn day(at_ms: i64) -> String {
    let days = i32::try_from(at_ms.div_euclid(DAY_MS)).unwrap_or_default();
    let date = satchel_domain::Day(days).ymd();
    date.map_or_else(String::new, |(year, month, day)| format!("{year:04}-{month:02}-{day:02}"))
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
        assert_eq!(day(1_772_442_000_000), "2026-03-02");
    }
}

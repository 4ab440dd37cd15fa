//! Purchases packed into one text, `2021-01-01:Product A;2021-02-01:Product B` (R11, R145, D12).

use crate::date;
use crate::plan::DateOrder;

/// One packed purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed<'a> {
    /// The date, verbatim.
    pub(crate) date: &'a str,
    /// What was bought.
    pub(crate) product: &'a str,
}

/// Takes the text apart; what is no purchase comes back as an error with its text.
pub(crate) fn unpack(text: &str, order: DateOrder) -> impl Iterator<Item = Result<Packed<'_>, &str>> {
    let parts = text.split([';', '；', '\n']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(move |part| purchase(part, order).ok_or(part))
}

/// The longest beginning that is a date: a time of day has colons of its own.
fn purchase(part: &str, order: DateOrder) -> Option<Packed<'_>> {
    let cuts = part.char_indices().filter(|(_, c)| matches!(c, ':' | '：')).collect::<Vec<_>>();
    cuts.iter().rev().find_map(|(at, colon)| {
        let (date, product) = (part[..*at].trim(), part[at + colon.len_utf8()..].trim());
        date::parse_date(date, order).filter(|_| !product.is_empty())?;
        Some(Packed { date, product })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_purchases_in_one_cell_r145() {
        let text = "2021-01-01:Product A;2021-02-01 10:30：产品 B: large; nonsense ;2021-13-01:X";
        let unpacked: Vec<_> = unpack(text, DateOrder::DayFirst).collect();
        assert_eq!(
            unpacked,
            [
                Ok(Packed { date: "2021-01-01", product: "Product A" }),
                Ok(Packed { date: "2021-02-01 10:30", product: "产品 B: large" }),
                Err("nonsense"),
                Err("2021-13-01:X"),
            ]
        );
    }
}

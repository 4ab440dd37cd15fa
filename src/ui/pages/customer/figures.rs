//! The numbers behind the aggregate strip: shares of a bar, steps of the heat strip, the order's sums (R23, R57).

use satchel_domain::{Money, OrderDraft, OrderLine};

/// Where a part of a stacked bar begins and how wide it is, both in hundredths of the bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// Left edge.
    pub x: f64,
    /// Width, with a gap after it.
    pub width: f64,
}

/// Parts of a bar in proportion to `counts`.
pub fn parts(counts: &[u32]) -> Vec<Part> {
    const GAP: f64 = 0.8;
    let sum: f64 = counts.iter().map(|count| f64::from(*count)).sum();
    let mut x = 0.0;
    let mut parts = Vec::with_capacity(counts.len());
    for count in counts {
        let width = if sum > 0.0 { f64::from(*count) / sum * 100.0 } else { 0.0 };
        parts.push(Part { x, width: (width - GAP).max(0.0) });
        x += width;
    }
    parts
}

/// The step of the ramp (0–5) for a week with so many contacts.
pub fn heat(count: u32) -> u32 {
    count.min(5)
}

/// How old a contact looks: up to two weeks fresh, up to six weeks middling, then old.
pub fn age_class(days: u32) -> &'static str {
    match days {
        0..=14 => "age-fresh",
        15..=45 => "age-mid",
        _ => "age-old",
    }
}

/// How much of its ring an age fills, in hundredths; full at sixty days.
pub fn age_share(days: u32) -> u32 {
    (days.saturating_mul(100) / 60).min(100)
}

/// What a line costs, in the currency's minor unit of `digits` decimals: quantity × price − discount, rounded half up.
pub fn line_minor(line: &OrderLine, digits: u32) -> i64 {
    let gross = i128::from(line.quantity_milli) * i128::from(line.unit_price_e4);
    let kept = 10_000 - i128::from(line.discount_e4.min(10_000));
    // thousandths × ten-thousandths × ten-thousandths
    let scale = 10_i128.pow(11 - digits.min(4));
    let net = gross * kept;
    let half = if net < 0 { -scale / 2 } else { scale / 2 };
    i64::try_from((net + half) / scale).unwrap_or(i64::MAX)
}

/// The sum of an order as far as it is written in it: a stated total counts only where there are no lines.
pub fn total_minor(order: &OrderDraft, digits: u32) -> i64 {
    let lines = order.lines.iter().map(|line| line_minor(line, digits)).fold(0, i64::saturating_add);
    let base = if order.lines.is_empty() { order.stated_total_minor.unwrap_or(0) } else { lines };
    base.saturating_add(order.freight_minor)
}

/// Decimals of a currency's minor unit (ISO 4217).
pub fn minor_digits(code: [u8; 3]) -> u32 {
    match &code {
        b"JPY" | b"KRW" | b"VND" | b"CLP" | b"ISK" | b"UGX" | b"XAF" | b"XOF" | b"XPF" | b"PYG" | b"RWF" | b"KMF"
        | b"GNF" | b"DJF" | b"BIF" | b"VUV" => 0,
        b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
        _ => 2,
    }
}

/// An amount in major units, for formatting.
pub fn major(money: Money) -> f64 {
    money.minor as f64 / 10_f64.powi(minor_digits(money.currency.0) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_shared_out_whole() {
        let parts = parts(&[17, 14, 12, 5]);
        let end = parts.last().expect("four parts");
        assert!((end.x + end.width - 99.2).abs() < 1e-9);
        assert!((parts[1].x - 17.0 / 48.0 * 100.0).abs() < 1e-9);
        assert_eq!(super::parts(&[]), Vec::new());
    }

    #[test]
    fn a_line_is_rounded_once_at_the_end() {
        let line = OrderLine { product: "P".into(), quantity_milli: 12_000, unit_price_e4: 140_000, discount_e4: 500 };
        assert_eq!(line_minor(&line, 2), 15_960);
        let small = OrderLine { quantity_milli: 1_000, unit_price_e4: 125, ..OrderLine::default() };
        assert_eq!(line_minor(&small, 2), 1);
        assert_eq!(line_minor(&small, 0), 0);
        let back = OrderLine { quantity_milli: -1_000, unit_price_e4: 25_000, ..OrderLine::default() };
        assert_eq!(line_minor(&back, 2), -250);
    }

    #[test]
    fn ages_fill_and_colour_their_ring_r56() {
        assert_eq!((age_class(0), age_share(0)), ("age-fresh", 0));
        assert_eq!((age_class(38), age_share(38)), ("age-mid", 63));
        assert_eq!((age_class(118), age_share(118)), ("age-old", 100));
    }
}

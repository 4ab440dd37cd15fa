//! The numbers behind the aggregate strip: shares of a bar, steps of the heat strip (R23, R57).

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
}

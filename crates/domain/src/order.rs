//! Purchases: orders with their lines (R11, D12).

use crate::change::Shape;
use crate::money::AmountError;
use crate::{Currency, External, Kind, Moment, Money, Record, RecordId, Value, Write, entry, field};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where an order stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OrderStatus {
    /// Placed.
    #[default]
    Placed,
    /// Delivered.
    Delivered,
    /// Paid.
    Paid,
    /// Called off.
    Cancelled,
}

/// One line of an order. Amounts are in the order's currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// What was bought: a name, or a code where only that is known.
    pub product: String,
    /// Thousandths of a unit, so that 1.5 kg is 1,500.
    pub quantity_milli: i64,
    /// Price of one unit in ten-thousandths of the major unit, so that 0.0125 survives.
    pub unit_price_e4: i64,
    /// Discount in ten-thousandths: 500 is 5 %.
    pub discount_e4: u32,
}

/// An order as it is written or imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDraft {
    /// Who bought.
    pub partner: RecordId,
    /// The number that people call it by.
    pub number: String,
    /// When it was placed.
    pub at: Moment,
    /// Where it stands.
    pub status: OrderStatus,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// Freight and the like, in minor units, on top of the lines.
    pub freight_minor: i64,
    /// A total that came without lines, in minor units.
    pub stated_total_minor: Option<i64>,
    /// Anything else.
    pub note: String,
    /// Where it was imported from.
    pub external: Option<External>,
}

/// An order as read from its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its identity.
    pub id: RecordId,
    /// Everything that can be written.
    pub entry: OrderDraft,
    /// In the trash.
    pub deleted: bool,
    /// When the record was first written, ms since 1970 UTC.
    pub created_ms: u64,
    /// When any field was last written, ms since 1970 UTC.
    pub edited_ms: u64,
}

/// Thousandths of a unit × ten-thousandths of the major unit × ten-thousandths kept.
const LINE_SCALE: i128 = 1_000 * 10_000 * 10_000;
/// A discount of everything.
pub const WHOLE_DISCOUNT_E4: u32 = 10_000;

impl OrderLine {
    /// What the line costs in minor units: quantity × price × (1 − discount), rounded once, half away
    /// from zero. A discount above the whole counts as the whole.
    pub fn total_minor(&self, currency: Currency) -> Result<i64, AmountError> {
        let kept = i128::from(WHOLE_DISCOUNT_E4.saturating_sub(self.discount_e4));
        let exact = i128::from(self.quantity_milli)
            .checked_mul(i128::from(self.unit_price_e4))
            .and_then(|product| product.checked_mul(kept * i128::from(currency.minor_units())))
            .ok_or(AmountError::Overflow)?;
        let away = if exact < 0 { -LINE_SCALE / 2 } else { LINE_SCALE / 2 };
        let rounded = exact.checked_add(away).ok_or(AmountError::Overflow)? / LINE_SCALE;
        i64::try_from(rounded).map_err(|_| AmountError::Overflow)
    }

    fn value(&self) -> Value {
        let mut map = BTreeMap::from([
            ("q".to_owned(), Value::Int(self.quantity_milli)),
            ("u".to_owned(), Value::Int(self.unit_price_e4)),
        ]);
        if !self.product.is_empty() {
            map.insert("p".to_owned(), Value::from(self.product.as_str()));
        }
        if self.discount_e4 > 0 {
            map.insert("d".to_owned(), Value::Int(self.discount_e4.into()));
        }
        Value::Map(map)
    }

    fn read(value: &Value) -> Self {
        let number = |key| value.get(key).as_int().unwrap_or_default();
        Self {
            product: value.get("p").as_text().unwrap_or_default().to_owned(),
            quantity_milli: number("q"),
            unit_price_e4: number("u"),
            discount_e4: number("d").try_into().unwrap_or_default(),
        }
    }
}

impl OrderDraft {
    /// What the order comes to: its lines, each rounded, plus freight. An order without lines comes
    /// to its stated total, which includes freight already; without that, to its freight.
    pub fn total(&self) -> Result<Money, AmountError> {
        let sum = |sum: i64, line: &OrderLine| {
            sum.checked_add(line.total_minor(self.currency)?).ok_or(AmountError::Overflow)
        };
        let minor = match (self.lines.as_slice(), self.stated_total_minor) {
            ([], Some(stated)) => stated,
            (lines, _) => lines.iter().try_fold(self.freight_minor, sum)?,
        };
        Ok(Money { minor, currency: self.currency })
    }

    /// The writes of a new order.
    pub fn create(&self) -> Vec<Write> {
        self.shape().writes_since(&Shape::default())
    }

    /// The writes that lead from what was there to what is wanted: only what differs.
    pub fn diff(from: &Self, to: &Self) -> Vec<Write> {
        to.shape().writes_since(&from.shape())
    }

    pub(crate) fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        shape.put(field::PARTNER, self.partner);
        shape.put(field::NUMBER, self.number.trim());
        shape.put(field::AT, &self.at);
        shape.put(field::STATUS, self.status.code());
        shape.put(field::CURRENCY, self.currency.code());
        shape.put(field::LINES, Value::List(self.lines.iter().map(OrderLine::value).collect()));
        shape.put(field::FREIGHT, (self.freight_minor != 0).then_some(self.freight_minor));
        shape.put(field::STATED_TOTAL, self.stated_total_minor);
        shape.put(field::NOTE, self.note.as_str());
        shape.put(field::EXTERNAL, self.external.as_ref());
        shape
    }

    pub(crate) fn read(record: &Record) -> Self {
        let lines = if let Value::List(lines) = record.value(field::LINES) { lines.as_slice() } else { &[] };
        Self {
            partner: entry::id(record, field::PARTNER).unwrap_or(RecordId::NIL),
            number: entry::text(record, field::NUMBER),
            at: Moment::read(record),
            status: OrderStatus::from_code(&entry::text(record, field::STATUS)),
            currency: Currency::parse(&entry::text(record, field::CURRENCY)).unwrap_or(Currency::NONE),
            lines: lines.iter().map(OrderLine::read).collect(),
            freight_minor: entry::number(record, field::FREIGHT).unwrap_or_default(),
            stated_total_minor: entry::number(record, field::STATED_TOTAL),
            note: entry::text(record, field::NOTE),
            external: entry::external(record, field::EXTERNAL),
        }
    }
}

impl Order {
    /// Reads an order; `None` when the record is of another kind.
    pub fn read(id: RecordId, record: &Record) -> Option<Self> {
        (record.kind == Kind::Order).then(|| Self {
            id,
            entry: OrderDraft::read(record),
            deleted: record.is_deleted(),
            created_ms: record.created_ms(),
            edited_ms: record.edited_ms(),
        })
    }
}

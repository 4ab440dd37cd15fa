//! Rows of orders and of their lines as drafts: amounts, discounts, dates, states.

use crate::date::DateColumn;
use crate::known::Zone;
use crate::number::{self, Mark};
use crate::partners::{Oddity, labelled};
use crate::plan::{FilePlan, Target};
use crate::table::{Row, Table};
use crate::{ProblemCode, text};
use satchel_domain::{Currency, Moment, OrderLine, OrderStatus};
use std::collections::HashMap;

/// What a file's columns say as a whole, decided once.
#[derive(Clone, Debug)]
pub(crate) struct Amounts {
    marks: Vec<Mark>,
    discount_is_percent: bool,
    pub(crate) dates: DateColumn,
}

impl Amounts {
    pub(crate) fn survey(table: &Table, plan: &FilePlan) -> Self {
        let marks =
            (0..plan.targets.len()).map(|at| number::decimal_mark(table.column(at))).collect::<Vec<_>>();
        let discount = plan.column(&Target::Discount);
        let above_one = |at: usize| {
            table
                .column(at)
                .filter_map(|value| number::parse_scaled(value, marks[at], 4))
                .any(|discount| discount > 10_000)
        };
        let dated = plan.column(&Target::Date);
        let dates = dated.into_iter().flat_map(|at| table.column(at));
        Self {
            discount_is_percent: discount.is_some_and(above_one),
            dates: DateColumn::survey(dates, plan.date_order),
            marks,
        }
    }
}

/// Reads one row of a file of orders or lines.
pub(crate) struct OrderRow<'a> {
    pub(crate) row: Row<'a>,
    pub(crate) table: &'a Table,
    pub(crate) plan: &'a FilePlan,
    pub(crate) amounts: &'a Amounts,
}

/// What a row says of an order apart from its lines.
#[derive(Clone, Debug)]
pub(crate) struct OrderHead {
    pub(crate) currency: Currency,
    pub(crate) status: OrderStatus,
    pub(crate) freight_minor: i64,
    pub(crate) total_minor: Option<i64>,
    pub(crate) note: String,
    pub(crate) oddities: Vec<Oddity>,
}

impl OrderRow<'_> {
    /// The value of the first column with this meaning, with the column.
    pub(crate) fn said(&self, target: &Target) -> Option<(usize, &str)> {
        let column = self.plan.column(target)?;
        Some((column, self.row.value(column))).filter(|(_, value)| !value.is_empty())
    }

    /// The number in a column in 10^-`places`; an oddity where there is something else.
    fn number(&self, target: &Target, places: u32, oddities: &mut Vec<Oddity>) -> Option<i64> {
        let (column, value) = self.said(target)?;
        let number = number::parse_scaled(value, self.amounts.marks[column], places);
        if number.is_none() {
            oddities.push((Some(column), ProblemCode::NotNumber, value.to_owned()));
        }
        number
    }

    /// When the order was placed.
    pub(crate) fn moment(&self, zone: &dyn Zone) -> Result<Moment, Oddity> {
        let column = self.plan.column(&Target::Date);
        let (at, value) =
            self.said(&Target::Date).ok_or((column, ProblemCode::MissingName, String::new()))?;
        let moment = self.amounts.dates.moment(value, zone);
        moment.ok_or_else(|| (Some(at), ProblemCode::NotDate, value.to_owned()))
    }

    pub(crate) fn head(&self) -> OrderHead {
        let mut oddities = Vec::new();
        let currency = self.currency(&mut oddities);
        let places = currency.minor_digits();
        let mut head = OrderHead {
            currency,
            status: OrderStatus::default(),
            freight_minor: self.number(&Target::Freight, places, &mut oddities).unwrap_or(0),
            total_minor: self.number(&Target::Total, places, &mut oddities),
            note: String::new(),
            oddities,
        };
        if let Some((column, status)) = self.said(&Target::Status) {
            match status_of(status) {
                Some(known) => head.status = known,
                None => head.note = labelled(&self.table.headers[column], status),
            }
        }
        self.take_notes(&mut head);
        head
    }

    fn take_notes(&self, head: &mut OrderHead) {
        let mut push = |line: String| {
            if !head.note.is_empty() {
                head.note.push('\n');
            }
            head.note.push_str(&line);
        };
        for (column, target) in self.plan.targets.iter().enumerate() {
            let value = self.row.value(column);
            if *target == Target::Note && !value.is_empty() {
                push(labelled(&self.table.headers[column], value));
                if text::is_dangerous(value) {
                    head.oddities.push((Some(column), ProblemCode::Formula, value.to_owned()));
                }
            }
        }
        if let Some((_, quantity)) = self.said(&Target::Quantity).filter(|_| !has_lines(self.plan)) {
            push(format!("× {quantity}"));
        }
    }

    fn currency(&self, oddities: &mut Vec<Oddity>) -> Currency {
        let Some((column, value)) = self.said(&Target::Currency) else { return self.plan.currency };
        let named = match value {
            "¥" | "￥" | "元" | "人民币" | "RMB" => Some(Currency::CNY),
            "$" => Some(Currency::USD),
            "€" => Some(Currency(*b"EUR")),
            "£" => Some(Currency(*b"GBP")),
            code => Currency::parse(code),
        };
        if named.is_none() {
            oddities.push((Some(column), ProblemCode::NotCurrency, value.to_owned()));
        }
        named.unwrap_or(self.plan.currency)
    }

    /// The row as a line; `Err` when a number in it is none, since a line without it would be wrong.
    pub(crate) fn line(&self, products: &HashMap<String, String>) -> Result<OrderLine, Oddity> {
        let mut oddities = Vec::new();
        let quantity = self.number(&Target::Quantity, 3, &mut oddities);
        let price = self.number(&Target::UnitPrice, 4, &mut oddities);
        let total = self.number(&Target::Total, 4, &mut oddities).filter(|_| price.is_none());
        let discount_e4 = self.discount(&mut oddities);
        if let Some(oddity) = oddities.pop() {
            return Err(oddity);
        }
        let quantity_milli = quantity.unwrap_or(1_000);
        let from_total = total.and_then(|total| per_unit(total, quantity_milli));
        let product = self.said(&Target::Product).map_or("", |(_, product)| product);
        let product = products.get(product).map_or(product, String::as_str).to_owned();
        Ok(OrderLine {
            product,
            quantity_milli,
            unit_price_e4: price.or(from_total).unwrap_or(0),
            discount_e4,
        })
    }

    /// In ten-thousandths: `0.05`, `5 %` and, in a column that goes above 1, `5` are all 500.
    fn discount(&self, oddities: &mut Vec<Oddity>) -> u32 {
        let Some((column, value)) = self.said(&Target::Discount) else { return 0 };
        let bare = value.trim_end_matches(['%', '％']).trim_end();
        let percent = bare.len() < value.len() || self.amounts.discount_is_percent;
        let places = if percent { 2 } else { 4 };
        let discount = number::parse_scaled(bare, self.amounts.marks[column], places);
        let discount =
            discount.and_then(|discount| u32::try_from(discount).ok()).filter(|discount| *discount <= 10_000);
        if discount.is_none() {
            oddities.push((Some(column), ProblemCode::NotNumber, value.to_owned()));
        }
        discount.unwrap_or(0)
    }
}

/// Whether the rows of an orders' file are lines.
pub(crate) fn has_lines(plan: &FilePlan) -> bool {
    plan.has(&Target::Product) || plan.has(&Target::UnitPrice)
}

/// A row's total over its quantity, in ten-thousandths, rounded: for fewer than a hundred units the
/// line comes to the same total again, to the cent.
fn per_unit(total_e4: i64, quantity_milli: i64) -> Option<i64> {
    let exact = i128::from(total_e4) * 1_000;
    let quantity = i128::from(quantity_milli);
    if quantity == 0 {
        return None;
    }
    let half = quantity.abs() / 2 * exact.signum();
    i64::try_from((exact + half) / quantity).ok()
}

fn status_of(text: &str) -> Option<OrderStatus> {
    match text::name_key(text).as_str() {
        "placed" | "new" | "open" | "pending" | "processing" | "in process" | "已下单" | "待付款"
        | "待发货" | "处理中" => Some(OrderStatus::Placed),
        "delivered" | "shipped" | "fulfilled" | "已发货" | "已送达" | "已收货" => {
            Some(OrderStatus::Delivered)
        }
        "paid" | "completed" | "complete" | "closed" | "done" | "已付款" | "已支付" | "已完成" => {
            Some(OrderStatus::Paid)
        }
        "cancelled" | "canceled" | "refunded" | "void" | "已取消" | "已退款" | "取消" => {
            Some(OrderStatus::Cancelled)
        }
        _ => None,
    }
}

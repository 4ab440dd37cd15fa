//! How amounts and dates are read.

use super::file::PlanOf;
use crate::port::{DateOrder, FileForm, Target};
use crate::ui::components::{Segmented, SelectField};
use crate::ui::i18n::{t_string, use_i18n};
use leptos::prelude::*;
use satchel_domain::Currency;

/// Currencies that are offered; what the file says itself is added.
const CURRENCIES: [&str; 16] = [
    "CNY", "USD", "EUR", "GBP", "HKD", "TWD", "JPY", "KRW", "SGD", "AUD", "CAD", "CHF", "SEK", "NOK", "DKK",
    "INR",
];

fn code(currency: Currency) -> String {
    String::from_utf8_lossy(&currency.0).into_owned()
}

fn currency(code: &str) -> Option<Currency> {
    <[u8; 3]>::try_from(code.as_bytes()).ok().map(Currency)
}

#[component]
pub(super) fn Options(plan: PlanOf, form: FileForm) -> impl IntoView {
    let i18n = use_i18n();
    let any = move |wanted: &[Target]| {
        plan.with(|plan| plan.targets.iter().any(|each| wanted.contains(each))).unwrap_or_default()
    };
    let amounts = Memo::new(move |_| {
        any(&[Target::Total, Target::UnitPrice, Target::Freight, Target::PackedPurchases])
    });
    let dates = Memo::new(move |_| any(&[Target::Date, Target::Birth, Target::PackedPurchases]));
    let chosen = Signal::derive(move || plan.with(|plan| code(plan.currency)).unwrap_or_default());
    let guessed = untrack(move || chosen.get());
    let codes = Signal::derive(move || {
        let extra = (!CURRENCIES.contains(&guessed.as_str())).then(|| guessed.clone());
        CURRENCIES
            .iter()
            .map(|code| (*code).to_owned())
            .chain(extra)
            .map(|code| (code.clone(), code))
            .collect::<Vec<_>>()
    });
    let choose = move |code: String| {
        if let Some(chosen) = currency(&code) {
            plan.update(|plan| plan.currency = chosen);
        }
    };
    let orders = Signal::derive(move || {
        vec![
            (DateOrder::DayFirst, t_string!(i18n, import.options.day_first).to_owned()),
            (DateOrder::MonthFirst, t_string!(i18n, import.options.month_first).to_owned()),
        ]
    });
    let order = Signal::derive(move || plan.with(|plan| plan.date_order).unwrap_or(DateOrder::DayFirst));
    view! {
        <div class="opts">
            <Show when=move || amounts.get()>
                <SelectField label=text!(i18n, import.options.currency) value=chosen options=codes on_choose=choose />
            </Show>
            <Show when=move || dates.get()>
                <div class="fld">
                    <span class="lbl">{text!(i18n, import.options.date)}</span>
                    <Segmented
                        label=text!(i18n, import.options.date)
                        options=orders
                        chosen=order
                        on_choose=move |chosen| plan.update(|plan| plan.date_order = chosen)
                    />
                </div>
            </Show>
            {(form != FileForm::Cards).then(|| {
                view! {
                    <label class="switch">
                        <span><b>{text!(i18n, import.options.header)}</b></span>
                        <input
                            type="checkbox"
                            role="switch"
                            prop:checked=move || plan.with(|plan| plan.has_header).unwrap_or_default()
                            on:change=move |event| plan.update(|plan| plan.has_header = event_target_checked(&event))
                        />
                    </label>
                }
            })}
        </div>
    }
}

//! Numbers, money, dates and sorting by the browser's own `Intl`, in the chosen language.
//!
//! Formatters are costly to make and cheap to use, so each is made once.

use crate::ui::i18n::{I18nLocaleTrait, Locale, use_i18n};
use crate::ui::platform::clock;
use js_sys::{Function, JSON, JsString, Object, Reflect};
use leptos::prelude::*;
use satchel_domain::Money;
use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};

/// How a day or moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// `21 Nov 2026`, without the year in the current one.
    Day,
    /// `21 Nov`, `11/21`: shorter where a language has a shorter way, whatever the year.
    ShortDay,
    /// `Sat 21 Nov`.
    WeekDay,
    /// `Saturday, 21 November 2026`.
    LongDay,
    /// `November 2026`.
    Month,
    /// `Nov`.
    ShortMonth,
    /// `Sat`.
    ShortWeekDay,
    /// `09:30`.
    Time,
    /// `21 Nov, 09:30`, only the time today.
    Moment,
}

/// Formats in the language that is chosen now: read it inside what is to be drawn again.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    locale: Signal<Locale>,
}

/// The formats of this page.
pub fn use_format() -> Format {
    let i18n = use_i18n();
    Format { locale: Signal::derive(move || i18n.get_locale()) }
}

#[cfg(test)]
impl Format {
    /// The formats of a language, where there is no page.
    pub fn of(locale: Locale) -> Self {
        Self { locale: Signal::stored(locale) }
    }
}

impl Format {
    /// The chosen language; English in the browser's own region: 21 Nov in London, Nov 21 in Boston.
    fn tag(self) -> String {
        let chosen = self.locale.get();
        let own = window().navigator().language().unwrap_or_default();
        if chosen == Locale::en && own.starts_with("en") { own } else { chosen.as_str().to_owned() }
    }

    /// `12,431`.
    pub fn number(self, value: impl Into<f64>) -> String {
        format_with(&self.tag(), "NumberFormat", "{}", value.into())
    }

    /// A count as a number; counts above 2^53 do not occur.
    pub fn count(self, value: u64) -> String {
        self.number(value as f64)
    }

    /// Thousandths of a unit, `1.5`.
    pub fn quantity(self, milli: i64) -> String {
        format_with(&self.tag(), "NumberFormat", r#"{"maximumFractionDigits":3}"#, milli as f64 / 1000.0)
    }

    /// A share between 0 and 1 as `71%`.
    pub fn percent(self, share: f64) -> String {
        format_with(&self.tag(), "NumberFormat", r#"{"style":"percent"}"#, share)
    }

    /// An amount with its currency, `¥86,400.00`. Minor units are what the currency says they are.
    pub fn money(self, money: Money) -> String {
        let code = String::from_utf8_lossy(&money.currency.0).into_owned();
        let options =
            format!(r#"{{"style":"currency","currency":"{code}","currencyDisplay":"narrowSymbol"}}"#);
        let scale = 10_f64.powi(minor_digits(&self.tag(), &options));
        format_with(&self.tag(), "NumberFormat", &options, money.minor as f64 / scale)
    }

    /// `8 sec`, `2 min`: a time to wait.
    pub fn seconds(self, seconds: u32) -> String {
        const MINUTE: u32 = 60;
        let (unit, value) =
            if seconds < MINUTE { ("second", seconds) } else { ("minute", seconds.div_ceil(MINUTE)) };
        let options = format!(r#"{{"style":"unit","unit":"{unit}","unitDisplay":"long"}}"#);
        format_with(&self.tag(), "NumberFormat", &options, f64::from(value))
    }

    /// `45 minutes`.
    pub fn minutes(self, minutes: u32) -> String {
        let options = r#"{"style":"unit","unit":"minute","unitDisplay":"long"}"#;
        format_with(&self.tag(), "NumberFormat", options, f64::from(minutes))
    }

    /// `212 MB`, `2.1 GB`; powers of 1000 as shops and browsers count.
    pub fn bytes(self, bytes: u64) -> String {
        let (unit, scale) = match bytes {
            0..1_000 => ("byte", 1.0),
            1_000..1_000_000 => ("kilobyte", 1e3),
            1_000_000..1_000_000_000 => ("megabyte", 1e6),
            _ => ("gigabyte", 1e9),
        };
        let value = bytes as f64 / scale;
        let digits = u8::from(value < 10.0 && scale > 1.0);
        let options = format!(
            r#"{{"style":"unit","unit":"{unit}","unitDisplay":"short","maximumFractionDigits":{digits}}}"#
        );
        format_with(&self.tag(), "NumberFormat", &options, value)
    }

    /// A moment, ms since 1970 UTC, in the device's zone.
    pub fn when(self, ms: i64, how: When) -> String {
        let now = clock::now_ms();
        let options = match how {
            When::Day if same_year(ms, now) => r#"{"day":"numeric","month":"short"}"#,
            When::Day => r#"{"day":"numeric","month":"short","year":"numeric"}"#,
            When::WeekDay => r#"{"weekday":"short","day":"numeric","month":"short"}"#,
            When::LongDay => r#"{"dateStyle":"full"}"#,
            When::ShortDay if self.tag().starts_with("zh") => r#"{"day":"numeric","month":"numeric"}"#,
            When::ShortDay => r#"{"day":"numeric","month":"short"}"#,
            When::ShortMonth => r#"{"month":"short"}"#,
            When::ShortWeekDay => r#"{"weekday":"short"}"#,
            When::Month => r#"{"month":"long","year":"numeric"}"#,
            When::Time => r#"{"hour":"2-digit","minute":"2-digit","hourCycle":"h23"}"#,
            When::Moment if clock::days_between(ms, now) == 0 => return self.when(ms, When::Time),
            When::Moment if same_year(ms, now) => {
                r#"{"day":"numeric","month":"short","hour":"2-digit","minute":"2-digit","hourCycle":"h23"}"#
            }
            When::Moment => {
                r#"{"day":"numeric","month":"short","year":"numeric","hour":"2-digit","minute":"2-digit","hourCycle":"h23"}"#
            }
        };
        format_with(&self.tag(), "DateTimeFormat", options, ms as f64)
    }

    /// `Monday`, `周一`: for a day of the last week.
    pub fn weekday(self, ms: i64) -> String {
        format_with(&self.tag(), "DateTimeFormat", r#"{"weekday":"long"}"#, ms as f64)
    }

    /// `3 hours ago`, `tomorrow`, `in 5 days`; to the minute within an hour, by local days beyond today. What stands at
    /// the very beginning of today, as a day without a time of day does (D13), is `today`.
    pub fn relative(self, ms: i64) -> String {
        let now = clock::now_ms();
        let minutes = (ms - now) as f64 / 60_000.0;
        let days = clock::days_between(now, ms);
        let (value, unit) = match days {
            0 if ms == clock::midnight(ms, 0) => (0.0, "day"),
            0 if minutes.abs() < 60.0 => (minutes.trunc(), "minute"),
            0 => ((minutes / 60.0).trunc(), "hour"),
            -59..=59 => (days as f64, "day"),
            -729..=729 => ((days as f64 / 30.44).trunc(), "month"),
            _ => ((days as f64 / 365.25).trunc(), "year"),
        };
        relative(&self.tag(), value, unit)
    }

    /// `today`, `yesterday`, `3 days ago`, by local days only.
    pub fn relative_day(self, ms: i64) -> String {
        relative(&self.tag(), clock::days_between(clock::now_ms(), ms) as f64, "day")
    }

    /// A sentence-like list, `A, B and C`.
    pub fn list(self, parts: &[String]) -> String {
        let array: js_sys::Array = parts.iter().map(|part| JsValue::from_str(part)).collect();
        call(&self.tag(), "ListFormat", "{}", "format", &[array.into()]).unwrap_or_else(|| parts.join(", "))
    }

    /// Orders as a reader of the chosen language expects; Chinese by pinyin.
    pub fn compare(self, a: &str, b: &str) -> std::cmp::Ordering {
        let found = formatter(&self.tag(), "Collator", r#"{"numeric":true}"#).and_then(|collator| {
            let compare: Function = Reflect::get(&collator, &"compare".into()).ok()?.dyn_into().ok()?;
            compare.call2(&collator, &a.into(), &b.into()).ok()?.as_f64()
        });
        found.map_or_else(|| a.cmp(b), |order| order.total_cmp(&0.0))
    }
}

fn same_year(a: i64, b: i64) -> bool {
    let year = |ms: i64| js_sys::Date::new(&JsValue::from_f64(ms as f64)).get_full_year();
    year(a) == year(b)
}

fn relative(tag: &str, value: f64, unit: &str) -> String {
    let arguments = [JsValue::from_f64(value), JsValue::from_str(unit)];
    call(tag, "RelativeTimeFormat", r#"{"numeric":"auto"}"#, "format", &arguments).unwrap_or_default()
}

fn format_with(tag: &str, class: &str, options: &str, value: f64) -> String {
    call(tag, class, options, "format", &[JsValue::from_f64(value)]).unwrap_or_else(|| value.to_string())
}

/// How many digits a currency's minor unit has, as the browser knows it: 2 for CNY, 0 for JPY.
fn minor_digits(tag: &str, options: &str) -> i32 {
    const USUAL: f64 = 2.0;
    let digits = formatter(tag, "NumberFormat", options).and_then(|format| {
        let resolved: Function = Reflect::get(&format, &"resolvedOptions".into()).ok()?.dyn_into().ok()?;
        Reflect::get(&resolved.call0(&format).ok()?, &"maximumFractionDigits".into()).ok()?.as_f64()
    });
    digits.unwrap_or(USUAL) as i32
}

fn call(tag: &str, class: &str, options: &str, method: &str, arguments: &[JsValue]) -> Option<String> {
    let object = formatter(tag, class, options)?;
    let function: Function = Reflect::get(&object, &method.into()).ok()?.dyn_into().ok()?;
    let arguments: js_sys::Array = arguments.iter().collect();
    function.apply(&object, &arguments).ok()?.as_string()
}

thread_local! {
    static MADE: RefCell<BTreeMap<String, JsValue>> = const { RefCell::new(BTreeMap::new()) };
}

fn formatter(tag: &str, class: &str, options: &str) -> Option<JsValue> {
    let key = format!("{tag}/{class}/{options}");
    if let Some(made) = MADE.with_borrow(|made| made.get(&key).cloned()) {
        return Some(made);
    }
    let fresh = make(tag, class, options)?;
    MADE.with_borrow_mut(|made| made.insert(key, fresh.clone()));
    Some(fresh)
}

fn make(tag: &str, class: &str, options: &str) -> Option<JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &class.into()).ok()?.dyn_into().ok()?;
    let options: Object = JSON::parse(options).ok()?.dyn_into().ok()?;
    let arguments = js_sys::Array::of2(&JsString::from(tag), &options);
    Reflect::construct(&class, &arguments).ok()
}

//! The worker's global scope, and waiting in it.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::WorkerGlobalScope;

/// The worker that this module runs in.
pub(super) fn scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Starts a timer.
pub(super) fn timeout(
    scope: &WorkerGlobalScope,
    alarm: &Closure<dyn FnMut()>,
    ms: i32,
) -> Result<i32, JsValue> {
    scope.set_timeout_with_callback_and_timeout_and_arguments_0(alarm.as_ref().unchecked_ref(), ms)
}

/// Waits; longer than a timer can hold is cut to what it can.
pub(super) async fn sleep(ms: u64) {
    let ms = i32::try_from(ms).unwrap_or(i32::MAX);
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let started = scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        if started.is_err() {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// The names of this origin's databases; a platform without `indexedDB.databases` gives an error.
pub(super) async fn database_names() -> Result<Vec<String>, JsValue> {
    let factory = js_sys::Reflect::get(&scope(), &"indexedDB".into())?;
    let databases = js_sys::Reflect::get(&factory, &"databases".into())?.dyn_into::<js_sys::Function>()?;
    let answer: js_sys::Promise = databases.call0(&factory)?.dyn_into()?;
    let list = js_sys::Array::from(&JsFuture::from(answer).await?);
    let name = |entry: JsValue| js_sys::Reflect::get(&entry, &"name".into()).ok()?.as_string();
    Ok(list.iter().filter_map(name).collect())
}

/// Whether the person asked the browser to save data, where it tells.
pub(super) fn saves_data() -> bool {
    let connection = js_sys::Reflect::get(&scope().navigator(), &"connection".into());
    connection
        .and_then(|it| js_sys::Reflect::get(&it, &"saveData".into()))
        .is_ok_and(|saves| saves.is_truthy())
}

/// The instant at which a clock here shows this date and time; both as ms since 1970.
pub(super) fn local_to_utc_ms(local_ms: i64) -> i64 {
    let shown = js_sys::Date::new(&JsValue::from_f64(local_ms as f64));
    let local = js_sys::Date::new_with_year_month_day_hr_min_sec_milli(
        shown.get_utc_full_year(),
        shown.get_utc_month() as i32,
        shown.get_utc_date() as i32,
        shown.get_utc_hours() as i32,
        shown.get_utc_minutes() as i32,
        shown.get_utc_seconds() as i32,
        shown.get_utc_milliseconds() as i32,
    );
    local.get_time() as i64
}

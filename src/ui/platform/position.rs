//! Where this device is, asked at a press and never followed. It works without a network; what it tells stays in
//! this page unless a person keeps it as a customer's place.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use satchel_domain::Coordinates;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// How exactly it is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exactness {
    /// Which part of town: quickly, and a few minutes old is new enough.
    Roughly,
    /// Which door: now, with whatever the device has.
    Exactly,
}

impl Exactness {
    fn options(self) -> Object {
        const PATIENCE_MS: u32 = 20_000;
        const NEW_ENOUGH_MS: u32 = 300_000;
        let is_exact = self == Self::Exactly;
        let options = Object::new();
        let put = |key: &str, value: JsValue| drop(Reflect::set(&options, &key.into(), &value));
        put("timeout", PATIENCE_MS.into());
        put("enableHighAccuracy", is_exact.into());
        put("maximumAge", if is_exact { 0 } else { NEW_ENOUGH_MS }.into());
        options
    }
}

/// Where this device is. The browser asks the person first, unless she has said already; `None` where she does not
/// want it told, and where the device does not know.
pub async fn ask(how: Exactness) -> Option<Coordinates> {
    let geolocation = Reflect::get(&window().navigator(), &"geolocation".into()).ok()?;
    let locate: Function = Reflect::get(&geolocation, &"getCurrentPosition".into()).ok()?.dyn_into().ok()?;
    let promise = Promise::new(&mut |told: Function, refused: Function| {
        if locate.call3(&geolocation, &told, &refused, &how.options()).is_err() {
            drop(refused.call0(&JsValue::NULL));
        }
    });
    let told = JsFuture::from(promise).await.ok()?;
    let coordinates = Reflect::get(&told, &"coords".into()).ok()?;
    let degrees = |key: &str| Reflect::get(&coordinates, &key.into()).ok()?.as_f64();
    Coordinates::of_degrees(degrees("latitude")?, degrees("longitude")?)
}

/// As [`ask`], where the person has allowed it already: nothing is asked of her now.
pub async fn if_allowed(how: Exactness) -> Option<Coordinates> {
    let permissions = Reflect::get(&window().navigator(), &"permissions".into()).ok()?;
    let query: Function = Reflect::get(&permissions, &"query".into()).ok()?.dyn_into().ok()?;
    let wanted = Object::new();
    drop(Reflect::set(&wanted, &"name".into(), &"geolocation".into()));
    let asked: Promise = query.call1(&permissions, &wanted).ok()?.dyn_into().ok()?;
    let status = JsFuture::from(asked).await.ok()?;
    let allowed = Reflect::get(&status, &"state".into()).ok()?.as_string()? == "granted";
    if allowed { ask(how).await } else { None }
}

//! Speech to text, on the device alone.
//!
//! Browsers that can recognise speech at all mostly send the sound to their maker. What is said about a customer must
//! not leave the device unsealed, so that this asks for recognition on the device and is not there where that is not.
//! The keyboard's own microphone is the platform's matter and works everywhere.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Speech recognition of this browser, in one language.
#[derive(Debug, Clone)]
pub struct Dictation {
    constructor: Function,
    language: String,
}

/// Somebody dictates; dropping it stops.
pub struct Listening {
    recognition: JsValue,
    _heard: Closure<dyn FnMut(JsValue)>,
    _ended: Closure<dyn FnMut(JsValue)>,
}

impl Dictation {
    /// Whether this browser recognises a language on the device, now or after it has fetched the language.
    pub async fn on_device(language: &str) -> Option<Self> {
        let constructor = Reflect::get(&window(), &"SpeechRecognition".into()).ok()?.dyn_into().ok()?;
        let dictation = Self { constructor, language: language.to_owned() };
        let state = dictation.ask("available").await?.as_string()?;
        matches!(state.as_str(), "available" | "downloadable" | "downloading").then_some(dictation)
    }

    /// Listens; `heard` gets each sentence as it is sure, `ended` is called once, with whether it failed. `None` where
    /// the language cannot be had, for want of a network or of room.
    pub async fn listen(
        &self,
        mut heard: impl FnMut(String) + 'static,
        mut ended: impl FnMut(bool) + 'static,
    ) -> Option<Listening> {
        if self.ask("available").await?.as_string()? != "available" && !self.ask("install").await?.is_truthy()
        {
            return None;
        }
        let recognition: JsValue = Reflect::construct(&self.constructor, &Array::new()).ok()?;
        let set = |name: &str, value: JsValue| Reflect::set(&recognition, &name.into(), &value).is_ok();
        let heard = Closure::new(move |event: JsValue| sentences(&event).into_iter().for_each(&mut heard));
        let ended = Closure::new(move |event: JsValue| ended(kind(&event) == "error"));
        let handlers = [("onresult", &heard), ("onerror", &ended), ("onend", &ended)];
        let ready = set("lang", self.language.as_str().into())
            && set("processLocally", true.into())
            && set("continuous", true.into())
            && handlers.into_iter().all(|(name, closure)| set(name, closure.as_ref().clone()));
        let listening = Listening { recognition, _heard: heard, _ended: ended };
        (ready && listening.call("start")).then_some(listening)
    }

    async fn ask(&self, what: &str) -> Option<JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"langs".into(), &Array::of1(&self.language.as_str().into())).ok()?;
        Reflect::set(&options, &"processLocally".into(), &true.into()).ok()?;
        let asks: Function = Reflect::get(&self.constructor, &what.into()).ok()?.dyn_into().ok()?;
        let answer = asks.call1(&self.constructor, &options).ok()?;
        JsFuture::from(Promise::resolve(&answer)).await.ok()
    }
}

impl Listening {
    fn call(&self, what: &str) -> bool {
        let function =
            Reflect::get(&self.recognition, &what.into()).ok().and_then(|it| it.dyn_into::<Function>().ok());
        function.is_some_and(|function| function.call0(&self.recognition).is_ok())
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        for handler in ["onresult", "onerror", "onend"] {
            drop(Reflect::set(&self.recognition, &handler.into(), &JsValue::NULL));
        }
        self.call("stop");
    }
}

fn kind(event: &JsValue) -> String {
    Reflect::get(event, &"type".into()).ok().and_then(|kind| kind.as_string()).unwrap_or_default()
}

/// The sentences of an event that will not change any more.
fn sentences(event: &JsValue) -> Vec<String> {
    let field = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
    let at = |of: &JsValue, index: u32| Reflect::get_u32(of, index).unwrap_or_default();
    let results = field(event, "results");
    let number = |value: JsValue| value.as_f64().unwrap_or_default() as u32;
    let (first, end) = (number(field(event, "resultIndex")), number(field(&results, "length")));
    let new =
        (first..end).map(|index| at(&results, index)).filter(|result| field(result, "isFinal").is_truthy());
    new.filter_map(|result| field(&at(&result, 0), "transcript").as_string()).collect()
}

//! Focus, scrolling, the clipboard and the page's title.

use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

/// By then a download has read its bytes.
const FILE_IS_READ: Duration = Duration::from_secs(60);

/// Moves the focus to the first element that matches, without scrolling it into view.
pub fn focus_first(selector: &str) {
    let Ok(Some(found)) = document().query_selector(selector) else { return };
    let Ok(element) = found.dyn_into::<HtmlElement>() else { return };
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    drop(element.focus_with_options(&options));
}

/// Moves the focus to the first element that matches, and scrolls it into the middle of what is shown.
pub fn focus_shown(selector: &str) {
    focus_first(selector);
    if let Some(element) = focused().filter(|element| element.matches(selector).unwrap_or(false)) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Center);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Presses the first element that matches.
pub fn press(selector: &str) {
    let Ok(Some(found)) = document().query_selector(selector) else { return };
    if let Ok(element) = found.dyn_into::<HtmlElement>() {
        element.click();
    }
}

/// Whether anything on the page matches.
pub fn is_there(selector: &str) -> bool {
    document().query_selector(selector).is_ok_and(|found| found.is_some())
}

/// Moves the focus to the screen's heading, which is made focusable for it.
pub fn focus_heading(selector: &str) {
    if let Ok(Some(heading)) = document().query_selector(selector) {
        drop(heading.set_attribute("tabindex", "-1"));
    }
    focus_first(selector);
}

/// Moves the focus to the first field inside of `frame`, and scrolls to it.
pub fn focus_field(frame: &Element) {
    if let Ok(Some(found)) = frame.query_selector("input")
        && let Ok(field) = found.dyn_into::<HtmlElement>()
    {
        drop(field.focus());
    }
}

/// Whether somebody is going through choices by the keyboard: a focus that moved away would take them from her.
pub fn chooses_by_keys() -> bool {
    is_there("input[type=radio]:focus-visible")
}

/// Moves the focus to `otherwise` where it is on nothing inside of `root` any more.
pub fn keep_within(root: &str, otherwise: &str) {
    let Ok(Some(root)) = document().query_selector(root) else { return };
    if !focused().is_some_and(|focused| root.contains(Some(&focused))) {
        focus_first(otherwise);
    }
}

/// Gives the page's root a class, or takes it off.
pub fn mark_root(class: &str, on: bool) {
    if let Some(root) = document().document_element() {
        drop(root.class_list().toggle_with_force(class, on));
    }
}

/// The focused element, to return the focus to it later.
pub fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Calls back at once and whenever the element's size changes, as long as the calling component lives.
pub fn watch_size(element: &Element, changed: impl Fn() + 'static) {
    let told = Closure::<dyn Fn()>::new(changed);
    let Ok(watcher) = web_sys::ResizeObserver::new(told.as_ref().unchecked_ref()) else { return };
    watcher.observe(element);
    let held = StoredValue::new_local((watcher, told));
    on_cleanup(move || {
        held.try_with_value(|(watcher, _)| watcher.disconnect());
    });
}

/// The page's title. Never a customer's name: titles reach the task switcher and the history.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Everything inside `root` that Tab stops at, in order.
pub fn focusable(root: &Element) -> Vec<HtmlElement> {
    const STOPS: &str = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex='0']";
    let Ok(found) = root.query_selector_all(STOPS) else { return Vec::new() };
    (0..found.length()).filter_map(|k| found.item(k)?.dyn_into::<HtmlElement>().ok()).filter(shown).collect()
}

fn shown(element: &HtmlElement) -> bool {
    element.offset_width() > 0 || element.offset_height() > 0
}

/// Opens an address that another app answers, as a press on a link does.
pub fn follow(address: &str) {
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlElement>().ok());
    let Some(link) = link.filter(|link| link.set_attribute("href", address).is_ok()) else { return };
    if let Some(body) = document().body()
        && body.append_child(&link).is_ok()
    {
        link.click();
        link.remove();
    }
}

/// How far what scrolls was scrolled down, in CSS pixels.
pub fn scrolled_px(event: &web_sys::Event) -> i32 {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.map_or(0, |target| target.scroll_top())
}

/// Width of the window in CSS pixels.
pub fn width_px() -> f64 {
    window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or_default()
}

/// Size of one rem in CSS pixels, as themes and the reader's text size make it.
pub fn rem_px() -> f64 {
    const USUAL: f64 = 16.0;
    let size = || {
        let style = window().get_computed_style(&document().document_element()?).ok()??;
        style.get_property_value("font-size").ok()?.trim_end_matches("px").parse().ok()
    };
    size().unwrap_or(USUAL)
}

/// The text on the clipboard; `None` where the browser or the person does not let it be read.
pub async fn pasted_text() -> Option<String> {
    let read = JsFuture::from(window().navigator().clipboard().read_text()).await;
    read.ok()?.as_string()
}

/// Puts text on the clipboard.
pub fn copy(text: &str) {
    drop(window().navigator().clipboard().write_text(text));
}

/// Whether the system can hand text to another app.
pub fn can_share() -> bool {
    js_sys::Reflect::has(&window().navigator(), &"share".into()).unwrap_or(false)
}

/// Hands a link, with words before it, to another app of the person's choice.
pub fn share(text: &str, url: &str) {
    let given = js_sys::Object::new();
    let put = |key: &str, value: &str| drop(js_sys::Reflect::set(&given, &key.into(), &value.into()));
    put("text", text);
    put("url", url);
    let navigator = window().navigator();
    let share = js_sys::Reflect::get(&navigator, &"share".into());
    if let Some(share) = share.ok().and_then(|share| share.dyn_into::<js_sys::Function>().ok()) {
        // Nobody waits for it: the person sees what the system does, and may change her mind.
        drop(share.call1(&navigator, &given));
    }
}

/// Opens the browser's print dialog.
pub fn print() {
    drop(window().print());
}

/// The same, under a title of its own: what is saved as a PDF there is called by it. Nothing secret and nobody's name.
pub fn print_as(title: &str) {
    print_then(title, || ());
}

/// As [`print_as`], and says when the browser is done with it.
pub fn print_then(title: &str, done: impl FnOnce() + 'static) {
    let before = document().title();
    set_title(title);
    let restore = Closure::once_into_js(move || {
        window().set_onafterprint(None);
        set_title(&before);
        done();
    });
    window().set_onafterprint(restore.dyn_ref());
    print();
}

/// Whether a key press belongs to an input method that is composing, which is never ours.
pub fn composing(event: &web_sys::KeyboardEvent) -> bool {
    const WAS_COMPOSING: u32 = 229;
    event.is_composing() || event.key_code() == WAS_COMPOSING
}

/// Whether a key press is the one that saves a form: Ctrl or ⌘ with Enter, once for as long as it is held.
pub fn saves(event: &web_sys::KeyboardEvent) -> bool {
    let held = event.ctrl_key() || event.meta_key();
    event.key() == "Enter" && held && !event.repeat() && !composing(event)
}

/// Whether the focus is in a field that takes text.
pub fn typing() -> bool {
    focused().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.is_content_editable()
    })
}

/// The value of the field that an event came from.
pub fn value_of(event: &web_sys::Event) -> String {
    event_target_value(event)
}

/// Scrolls back to where an element begins, if that is out of sight above.
pub fn rewind(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.filter(|element| element.get_bounding_client_rect().top() < 0.0) {
        element.scroll_into_view();
    }
}

/// Scrolls as little as needed to show an element.
pub fn reveal(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Hands a file to the person, as a download.
pub fn save_file(name: &str, media_type: &str, bytes: &[u8]) {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let Ok(blob) = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options) else { return };
    save_blob(name, &blob);
}

/// As [`save_file`], of what the browser holds already.
pub fn save_blob(name: &str, blob: &web_sys::Blob) {
    let Ok(url) = web_sys::Url::create_object_url_with_blob(blob) else { return };
    let link = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlElement>().ok());
    if let Some(link) = link {
        drop(link.set_attribute("href", &url));
        drop(link.set_attribute("download", name));
        link.click();
    }
    // The browser reads it after this turn; a page that lives on must not hold it for ever.
    set_timeout(move || drop(web_sys::Url::revoke_object_url(&url)), FILE_IS_READ);
}

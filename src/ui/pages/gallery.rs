//! The parts of the screens in all their states, side by side: for who works on the app. It is in development builds
//! only, under `/gallery`, and its words are not translated.

use crate::port::{Mark, Progress, Stage};
use crate::ui::components::{
    Age, Brand, Button, Chip, Empty, Icon, IconButton, Kind, Menu, MenuItem, Monogram, ProgressLine, Ring,
    Segmented, Size, Skeleton, SyncMark, TabItem, Tabs, TextArea, TextField, Tone,
};
use crate::ui::platform::theme::{Theme, Themes};
use leptos::prelude::*;
use satchel_domain::PartnerKind;
use wasm_bindgen::JsValue;

/// Colours by their token, each on the page's ground.
const COLOURS: [&str; 12] = [
    "bg",
    "surface",
    "sunken",
    "line",
    "edge",
    "text",
    "text-3",
    "accent",
    "accent-soft",
    "cloth",
    "warn",
    "bad",
];

/// The page.
#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <main class="pane pane-sync">
            <header class="top"><h1 tabindex="-1">"Gallery"</h1></header>
            <div class="scroll" tabindex="0" role="region" aria-label="Gallery">
                <div class="page gal">
                    <Dress />
                    <Colours />
                    <Letters />
                    <Icons />
                    <Buttons />
                    <Fields />
                    <Choices />
                    <Marks />
                    <Waits />
                </div>
            </div>
        </main>
    }
}

#[component]
fn Shelf(name: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="sec">
            <div class="sec-h"><h2>{name}</h2></div>
            <div class="card gal-s">{children()}</div>
        </section>
    }
}

#[component]
fn Dress() -> impl IntoView {
    let themes: Themes = expect_context();
    let names = Theme::ALL.map(|theme| (theme, format!("{theme:?}"))).to_vec();
    view! {
        <Shelf name="Theme">
            <Segmented
                label="Theme"
                options=Signal::stored(names)
                chosen=Signal::derive(move || themes.get())
                on_choose=move |theme| themes.set(theme)
            />
        </Shelf>
    }
}

#[component]
fn Colours() -> impl IntoView {
    let one = |token: &'static str| {
        view! { <figure class="gal-c"><span style:background=format!("var(--{token})")></span><figcaption>{token}</figcaption></figure> }
    };
    view! { <Shelf name="Colours">{COLOURS.map(one)}</Shelf> }
}

#[component]
fn Letters() -> impl IntoView {
    view! {
        <Shelf name="Type">
            <div class="gal-t">
                <h1>"Hongda Machinery 宏达机械"</h1>
                <h2>"The next step 下一步"</h2>
                <p>"Body: Li Ming asks for 40 pumps, quote by Friday. 李明要四十台泵，周五前报价。"</p>
                <p class="k">"Secondary: three contacts since March 三月以来三次往来"</p>
                <p class="num">"Numbers in columns 1,204.50 · 988.00"</p>
            </div>
        </Shelf>
    }
}

/// Every symbol of the page's sprite, so that none can be forgotten.
#[component]
fn Icons() -> impl IntoView {
    let mut names = Vec::new();
    if let Ok(found) = document().query_selector_all(".sprite symbol") {
        let symbols = (0..found.length()).filter_map(|at| found.item(at));
        names.extend(symbols.filter_map(|node| icon_of(&node)));
    }
    let one = |name: &'static str| view! { <figure class="gal-c"><Icon name=name /><figcaption>{name}</figcaption></figure> };
    view! { <Shelf name="Icons"><Brand />{names.into_iter().map(one).collect_view()}</Shelf> }
}

/// What an icon is asked for by. Leaked, because icons are named by the code everywhere else; the page is drawn once.
fn icon_of(symbol: &JsValue) -> Option<&'static str> {
    let id = js_sys::Reflect::get(symbol, &"id".into()).ok()?.as_string()?;
    id.strip_prefix("i-").map(|name| &*Box::leak(name.to_owned().into_boxed_str()))
}

#[component]
fn Buttons() -> impl IntoView {
    let kinds = [Kind::Primary, Kind::Plain, Kind::Quiet, Kind::Danger];
    let pair = |kind: Kind| {
        view! {
            <Button kind=kind icon="check" on_press=|_| {}>{format!("{kind:?}")}</Button>
            <Button kind=kind disabled=true on_press=|_| {}>{format!("{kind:?}, not now")}</Button>
        }
    };
    let item =
        |label: &str, icon| MenuItem { icon, label: label.to_owned(), on_choose: Callback::new(|()| {}) };
    let items = vec![item("Print", "print"), item("Move to the trash", "trash")];
    view! {
        <Shelf name="Buttons">
            {kinds.map(pair)}
            <IconButton icon="search" label="Search" on_press=|_| {} />
            <IconButton icon="plus" class="ib-soft" label="Add" on_press=|_| {} />
            <Menu label="More" items=Signal::stored(items) />
            <div class="cloth gal-on"><Button kind=Kind::OnCloth icon="phone" on_press=|_| {}>"On the cloth"</Button></div>
        </Shelf>
    }
}

#[component]
fn Fields() -> impl IntoView {
    let (empty, filled) = (RwSignal::new(String::new()), RwSignal::new("Li Ming 李明".to_owned()));
    view! {
        <Shelf name="Fields">
            <TextField label="Empty" value=empty placeholder="zs, 1380" />
            <TextField label="Filled" value=filled hint="A word of help" />
            <TextField label="Wrong" value=RwSignal::new("li@".to_owned()) error="This is not a mail address" />
            <TextArea label="Note" value=filled rows=3 />
        </Shelf>
    }
}

#[component]
fn Choices() -> impl IntoView {
    let chosen = RwSignal::new(1_u8);
    let options: Vec<(u8, String)> = (1..=3).map(|each| (each, format!("Choice {each}"))).collect();
    let tabs = (1..=3_u8).map(|value| TabItem {
        value,
        label: format!("Tab {value}"),
        count: (value == 2).then(|| "12".into()),
    });
    view! {
        <Shelf name="Choices">
            <Segmented label="One of three" options=Signal::stored(options) chosen=chosen on_choose=move |each| chosen.set(each) />
            <Tabs label="Tabs" items=Signal::stored(tabs.collect::<Vec<_>>()) chosen=chosen on_choose=move |each| chosen.set(each) panel="gal-panel" />
            <p id="gal-panel" role="tabpanel" class="k">{move || format!("Panel {}", chosen.get())}</p>
        </Shelf>
    }
}

#[component]
fn Marks() -> impl IntoView {
    let sizes = [Size::Small, Size::Medium, Size::Large];
    let marks = [Mark::Waiting, Mark::Synced, Mark::Review, Mark::Aside];
    view! {
        <Shelf name="Marks">
            {sizes.map(|size| view! { <Monogram name="Li Ming" kind=PartnerKind::Person key=[7; 16] size=size /> })}
            {sizes.map(|size| view! { <Monogram name="宏达机械" kind=PartnerKind::Organisation key=[9; 16] size=size /> })}
            {marks.map(|mark| view! { <SyncMark mark=mark label=format!("{mark:?}") words=true /> })}
            <Chip tone=Tone::Ok icon="check">"All is well"</Chip>
            <Chip tone=Tone::Warn icon="clock">"In two days"</Chip>
            <Chip tone=Tone::Bad icon="alert">"Two days late"</Chip>
            <Ring percent=66>"66"</Ring>
            {[3, 30, 120].map(|days| view! { <Age days=days label=format!("{days} days ago") text=days.to_string() /> })}
        </Shelf>
    }
}

#[component]
fn Waits() -> impl IntoView {
    let progress = Progress { stage: Stage::Writing, done: 420, total: 1200 };
    view! {
        <Shelf name="Waiting and nothing">
            <Skeleton lines=3 />
            <ProgressLine progress=Signal::stored(Some(progress)) text="420 of 1,200" cancel_word="Stop" on_cancel=|()| {} />
            <Empty icon="customers" text="Nobody here yet."><Button icon="plus" on_press=|_| {}>"New customer"</Button></Empty>
        </Shelf>
    }
}

//! Buttons and links that look like them.

use super::Icon;
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// The one thing to do here.
    Primary,
    /// One of several.
    #[default]
    Plain,
    /// Words only.
    Quiet,
    /// On the cloth.
    OnCloth,
    /// What cannot be taken back.
    Danger,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-1",
            Self::Plain => "btn btn-2",
            Self::Quiet => "btn btn-0",
            Self::OnCloth => "btn btn-on",
            Self::Danger => "btn btn-2 btn-bad",
        }
    }
}

/// A button with words in it. A button that cannot be pressed stays focusable and says so.
#[component]
pub fn Button(
    /// How much attention it asks for.
    #[prop(optional)]
    kind: Kind,
    /// An icon before the words.
    #[prop(optional)]
    icon: Option<&'static str>,
    /// Whether it cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Submits the form around it.
    #[prop(optional)]
    submit: bool,
    /// Called at a press.
    #[prop(optional, into)]
    on_press: Option<Callback<MouseEvent>>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let press = move |event: MouseEvent| match on_press {
        _ if disabled.get_untracked() => event.prevent_default(),
        Some(on_press) => on_press.run(event),
        None => {}
    };
    view! {
        <button
            class=kind.class()
            type=if submit { "submit" } else { "button" }
            aria-disabled=move || disabled.get().then_some("true")
            on:click=press
        >
            {icon.map(|name| view! { <Icon name=name /> })}
            {children()}
        </button>
    }
}

/// A button that is only an icon, with its words for who cannot see it.
#[component]
pub fn IconButton(
    /// The icon.
    #[prop(into)]
    icon: Signal<&'static str>,
    /// Its words.
    #[prop(into)]
    label: Signal<String>,
    /// Further classes, such as `ib-soft`.
    #[prop(optional)]
    class: &'static str,
    /// Called at a press.
    #[prop(into)]
    on_press: Callback<MouseEvent>,
) -> impl IntoView {
    view! {
        <button
            class=format!("ib {class}")
            type="button"
            aria-label=move || label.get()
            title=move || label.get()
            on:click=move |event| on_press.run(event)
        >
            <Icon name=icon />
        </button>
    }
}

/// As [`IconButton`], going to an address.
#[component]
pub fn IconLink(
    /// The icon.
    #[prop(into)]
    icon: Signal<&'static str>,
    /// Its words.
    #[prop(into)]
    label: Signal<String>,
    /// Where to.
    #[prop(into)]
    href: Signal<String>,
    /// Further classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    view! {
        <a class=format!("ib {class}") href=move || href.get() aria-label=move || label.get() title=move || label.get()>
            <Icon name=icon />
        </a>
    }
}

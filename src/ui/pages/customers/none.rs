//! The customer list when it has nothing to show: why, and what to do.

use super::filter::{QUIET_DAYS, View};
use crate::ui::components::{Button, Empty, Icon, Kind};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::vocabulary::{kind_word, partner_type_word};
use crate::ui::pages::workspaces::SampleButton;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Sheet, use_nav};
use crate::ui::session::use_session;
use crate::ui::shell::Fetching;
use leptos::prelude::*;

/// Which chips narrow the list, in words.
pub(super) fn conditions(locale: Locale, view: &View) -> Vec<String> {
    let filter = &view.filter;
    let kind = filter.kind.map(|kind| kind_word(locale, kind).to_owned());
    let partner_type = filter.partner_type.as_ref().map(|value| partner_type_word(locale, value));
    let tag =
        filter.tag.as_ref().map(|tag| td_string!(locale, customers.tag_word, tag = tag.clone()).to_string());
    let quiet = view.quiet.then(|| td_string!(locale, customers.quiet_word, days = QUIET_DAYS).to_string());
    let waiting = filter.waiting.then(|| td_string!(locale, customers.waiting_word).to_owned());
    let chosen = (!filter.selection.is_everybody()).then(|| td_string!(locale, filter.within).to_owned());
    [kind, partner_type, tag, chosen, quiet, waiting].into_iter().flatten().collect()
}

/// No customers at all, nobody by that name, or nobody behind that filter.
#[component]
pub(super) fn Nothing(
    /// Whether the workspace has no customer at all.
    #[prop(into)]
    no_customers: Signal<bool>,
) -> impl IntoView {
    let view = use_memory().view;
    move || match (no_customers.get(), view.with(View::chips)) {
        (true, _) => view! { <Fetching otherwise=|| view! { <NoCustomers /> } /> }.into_any(),
        (false, true) => view! { <NobodyBehind /> }.into_any(),
        (false, false) => view! { <NobodyNamed /> }.into_any(),
    }
}

#[component]
fn NoCustomers() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let text = move || match session.may_write() {
        true => t_string!(i18n, customers.empty_text),
        false => t_string!(i18n, customers.empty_reader),
    };
    view! {
        <Empty icon="customers" text=Signal::derive(move || text().to_owned())>
            <a class="btn btn-1 wr" href=Place::Import.href()><Icon name="export" />{move || t_string!(i18n, customers.empty_import)}</a>
            <span class="w"><Button icon="plus" on_press=move |_| nav.open(Sheet::NewPartner)>{move || t_string!(i18n, customers.new)}</Button></span>
            <span class="w"><SampleButton /></span>
        </Empty>
    }
}

/// What is typed into the search.
fn typed(view: RwSignal<View>) -> String {
    view.with(|view| view.filter.text.trim().to_owned())
}

/// Makes the typed text a new customer at a tap (R40).
#[component]
fn Create(
    /// How it stands beside what else can be done.
    kind: Kind,
) -> impl IntoView {
    let (i18n, nav, memory) = (use_i18n(), use_nav(), use_memory());
    let create = move |_| {
        memory.new_name.set(untrack(|| typed(memory.view)));
        nav.open(Sheet::NewPartner);
    };
    view! {
        <span class="w">
            <Button kind=kind icon="plus" on_press=create>
                {move || t_string!(i18n, customers.create, text = typed(memory.view)).to_string()}
            </Button>
        </span>
    }
}

/// The search found nobody.
#[component]
fn NobodyNamed() -> impl IntoView {
    let (i18n, view) = (use_i18n(), use_memory().view);
    view! {
        <Empty icon="search" text=Signal::derive(move || t_string!(i18n, customers.none_text, text = typed(view)).to_string())>
            <Create kind=Kind::Primary />
        </Empty>
    }
}

/// A filter leaves nobody: says which, and offers to clear it. Who is searched for may still be new.
#[component]
fn NobodyBehind() -> impl IntoView {
    let (i18n, format, memory) = (use_i18n(), use_format(), use_memory());
    let view = memory.view;
    let text = move || {
        let filter = format.list(&conditions(i18n.get_locale(), &view.get()));
        match typed(view) {
            text if text.is_empty() => t_string!(i18n, customers.none_title, filter = filter).to_string(),
            text => t_string!(i18n, customers.none_both, text = text, filter = filter).to_string(),
        }
    };
    view! {
        <Empty icon="sliders" text=Signal::derive(text)>
            <Button kind=Kind::Primary on_press=move |_| memory.change_view(|view| *view = view.without_chips())>
                {move || t_string!(i18n, customers.clear_filters)}
            </Button>
            <Show when=move || !typed(view).is_empty()><Create kind=Kind::Plain /></Show>
        </Empty>
    }
}

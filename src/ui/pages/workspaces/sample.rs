//! The bar above every screen of the sample: what this is, and the two ways out.

use crate::port::Command;
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::use_i18n;
use crate::ui::routes::{Place, use_nav};
use crate::ui::session::{Adding, use_session};
use leptos::prelude::*;

/// Stands above every screen while made-up records are shown.
#[component]
pub fn SampleBar() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let begin = move |_| {
        nav.go_instead(Place::Today);
        session.add(Adding::Own);
    };
    // Nothing in it is a person's: one tap is enough.
    let remove = move |_| {
        let id = untrack(|| session.chosen()).map(|chosen| chosen.id);
        session.dispatch(Command::EraseDevice { discard: true }, move |ended| match ended {
            Ok(_) => {
                nav.go_instead(Place::Today);
                id.iter().for_each(|id| session.removed(id));
            }
            Err(failure) => session.toasts().failed(&failure),
        });
    };
    view! {
        <aside class="sample" aria-label=text!(i18n, workspaces.sample.name)>
            <Icon name="eye" />
            <p><b>{text!(i18n, workspaces.sample.name)}</b> " " <span>{text!(i18n, workspaces.sample.bar)}</span></p>
            <div class="sample-do">
                <Button kind=Kind::Quiet on_press=remove>{text!(i18n, workspaces.sample.remove)}</Button>
                <Button kind=Kind::Primary on_press=begin>{text!(i18n, workspaces.sample.own)}</Button>
            </div>
        </aside>
    }
}

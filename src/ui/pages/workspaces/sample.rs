//! The way to the sample, and the bar above every screen of it: what this is, and the two ways out.

use crate::port::{Command, SampleSize, WorkspaceRef};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::routes::{Place, use_nav};
use crate::ui::session::{Adding, use_session};
use leptos::prelude::*;

/// The way to made-up customers, in a workspace of their own: the one that is here, or a new one. Nothing where they are
/// looked at already.
#[component]
pub fn SampleButton() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let open = move |_| {
        nav.go_instead(Place::Today);
        let known =
            session.places().with_untracked(|places| places.iter().find(|it| it.is_sample()).cloned());
        match known {
            Some(sample) => session.go_to(&sample),
            None => session.add(Adding::Sample(SampleSize::Story)),
        }
    };
    view! {
        <Show when=move || !session.is_sample()>
            <Button kind=Kind::Quiet icon="eye" on_press=open>{text!(i18n, workspaces.sample.attempt)}</Button>
        </Show>
    }
}

/// A workspace of this device that is somebody's.
fn own(places: &[WorkspaceRef]) -> Option<&WorkspaceRef> {
    places.iter().find(|place| !place.is_sample())
}

/// Stands above every screen while made-up records are shown.
#[component]
pub fn SampleBar() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let has_own = Memo::new(move |_| session.places().with(|places| own(places).is_some()));
    let begin = move |_| {
        nav.go_instead(Place::Today);
        match session.places().with_untracked(|places| own(places).cloned()) {
            Some(place) => session.go_to(&place),
            None => session.add(Adding::Own),
        }
    };
    let begin_word = move || match has_own.get() {
        true => t_string!(i18n, workspaces.sample.back),
        false => t_string!(i18n, workspaces.sample.own),
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
                <Button kind=Kind::Primary on_press=begin>{begin_word}</Button>
            </div>
        </aside>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_leads_to_what_is_somebodys() {
        let place = |id: &str| WorkspaceRef { id: id.into(), name: String::new() };
        let sample = place(&format!("{}1", WorkspaceRef::SAMPLE));
        assert_eq!(own(&[sample.clone(), place("satchel-2")]).map(|it| it.id.as_str()), Some("satchel-2"));
        assert_eq!(own(&[sample]), None);
    }
}

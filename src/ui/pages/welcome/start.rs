//! The first screen: what this is, in which language, and which way in. The same where a workspace is added to others.

use super::create::Failed;
use super::{Journey, Step};
use crate::port::{Command, FailureCode, SampleSize, WorkspaceRef};
use crate::ui::components::{Button, Icon, Kind, Segmented};
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::pages::lock::Flap;
use crate::ui::platform::locale;
use crate::ui::routes::{Place, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;

#[component]
pub(super) fn Start(journey: Journey) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let adds = untrack(|| session.chosen().is_some());
    let languages =
        [Locale::zh_CN, Locale::en].map(|each| (each, locale::own_name(each).to_owned())).to_vec();
    let title = move || match adds {
        true => t_string!(i18n, workspaces.adding),
        false => t_string!(i18n, onboarding.headline),
    };
    let line = move || match adds {
        true => t_string!(i18n, workspaces.adding_line),
        false => t_string!(i18n, onboarding.tagline),
    };
    let has_sample = untrack(|| session.places().with(|places| places.iter().any(WorkspaceRef::is_sample)));
    view! {
        <main class="lock hello">
            <Flap title=Signal::derive(move || title().to_owned()) line=Signal::derive(move || line().to_owned()) />
            <div class="lock-b hello-b">
                <span class="clasp" aria-hidden="true"><Icon name="shield" /></span>
                <Segmented
                    label=text!(i18n, onboarding.language)
                    options=Signal::stored(languages)
                    chosen=Signal::derive(move || i18n.get_locale())
                    on_choose=move |chosen| locale::choose(i18n, chosen)
                />
                <div class="ways">
                    <Way icon="plus" title=text!(i18n, onboarding.create.title) hint=text!(i18n, onboarding.create.hint) on_press=move |()| journey.step.set(Step::Create) />
                    <Way icon="tablet" title=text!(i18n, onboarding.join.title) hint=text!(i18n, onboarding.join.hint) on_press=move |()| journey.step.set(Step::Join) />
                    <Way icon="drive" title=text!(i18n, onboarding.restore.title) hint=text!(i18n, onboarding.restore.hint) on_press=move |()| journey.step.set(Step::Restore) />
                    {(!has_sample).then(|| view! { <SampleWay journey /> })}
                </div>
                {adds.then(|| view! { <Button kind=Kind::Quiet icon="left" on_press=move |_| session.stop_adding()>{text!(i18n, common.back)}</Button> })}
            </div>
        </main>
    }
}

/// A way in.
#[component]
fn Way(
    icon: &'static str,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] hint: Signal<String>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button class="way" type="button" on:click=move |_| on_press.run(())>
            <Icon name=icon />
            <span>
                <b>{move || title.get()}</b>
                <span>{move || hint.get()}</span>
            </span>
            <Icon name="right" />
        </button>
    }
}

/// One tap to a workspace full of made-up customers.
#[component]
fn SampleWay(journey: Journey) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<FailureCode>);
    let open = move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        journey.stay();
        let chinese = i18n.get_locale_untracked() == Locale::zh_CN;
        let name = t_string!(i18n, workspaces.sample.name).to_owned();
        session.dispatch(Command::CreateSample { name, chinese, size: SampleSize::Story }, move |ended| {
            busy.try_set(false);
            failed.try_set(ended.err().map(|failure| failure.code));
            nav.go_instead(Place::Today);
            journey.end();
        });
    };
    let hint = Signal::derive(move || match busy.get() {
        true => t_string!(i18n, workspaces.sample.making).to_owned(),
        false => t_string!(i18n, workspaces.sample.hint).to_owned(),
    });
    view! {
        <Way icon="eye" title=text!(i18n, workspaces.sample.title) hint on_press=open />
        <Failed failed />
    }
}

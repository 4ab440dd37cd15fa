//! Made-up customers: chosen where there are none yet or, many to measure with, in the settings; made here, can be
//! stopped.

use super::Journey;
use super::create::Failed;
use crate::port::{Command, FailureCode, Progress, SampleSize};
use crate::ui::components::{Button, Kind, ProgressLine};
use crate::ui::i18n::{Locale, t_string, use_i18n};
use crate::ui::pages::lock::Flap;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Makes them at once.
#[component]
pub(super) fn MadeUp(
    /// Where in the first minutes.
    journey: Journey,
    /// How much is made up.
    size: SampleSize,
) -> impl IntoView {
    let (i18n, format, nav, session) = (use_i18n(), use_format(), use_nav(), use_session());
    let failed = RwSignal::new(None::<FailureCode>);
    journey.stay();
    let chinese = i18n.get_locale_untracked() == Locale::zh_CN;
    let name = t_string!(i18n, workspaces.sample.name).to_owned();
    let running = session.run(Command::CreateSample { name, chinese, size });
    let (told, cancel) = (running.progress(), running.cancel());
    let progress: Signal<Option<Progress>> = Signal::derive(move || told.get());
    spawn_local(async move {
        match running.await {
            Ok(_) => {
                nav.go_instead(Place::Today);
                journey.end();
            }
            Err(failure) => {
                journey.no_longer_stay();
                failed.try_set(Some(failure.code));
            }
        }
    });
    let words = move || match progress.get().filter(|at| at.total > 0) {
        Some(at) => {
            let (done, total) = (format.count(at.done), format.count(at.total));
            t_string!(i18n, workspaces.sample.scale_made, done = done, total = total).to_string()
        }
        None => t_string!(i18n, workspaces.sample.making).to_owned(),
    };
    let text = Signal::derive(words);
    view! {
        <main class="lock hello">
            <Flap title=text!(i18n, workspaces.sample.name) line=text!(i18n, workspaces.sample.line) />
            <div class="lock-b hello-b">
                <Show when=move || failed.with(Option::is_none)>
                    <ProgressLine progress text cancel_word=text!(i18n, common.stop) on_cancel=Callback::new(move |()| cancel.now()) />
                </Show>
                <Failed failed />
                <Show when=move || failed.with(Option::is_some)>
                    <Button kind=Kind::Quiet icon="left" on_press=move |_| session.stop_adding()>{text!(i18n, common.back)}</Button>
                </Show>
            </div>
        </main>
    }
}

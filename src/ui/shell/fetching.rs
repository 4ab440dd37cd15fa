//! A device that has just joined: how far the first sync is, where a list is still empty.

use crate::port::{Moving, Progress, Stage, Way};
use crate::ui::components::ProgressLine;
use crate::ui::i18n::{td_string, use_i18n};
use crate::ui::platform::intl::use_format;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// What is said in place of an empty list while much is on its way in; `otherwise` at other times.
#[component]
pub fn Fetching(
    /// What is said when nothing is on its way.
    #[prop(into)]
    otherwise: ViewFn,
) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let moving = Memo::new(move |_| {
        let moving = session.sync().get().and_then(|status| status.moving);
        moving.filter(|moving| moving.way == Way::In)
    });
    let far = move |Moving { done, total, .. }: Moving| Progress {
        stage: Stage::Fetching,
        done: done.into(),
        total: total.into(),
    };
    let words = move || {
        moving.get().map(|Moving { done, total, .. }| {
            let (done, total) = (format.number(done), format.number(total));
            td_string!(i18n.get_locale(), sync.moving.inward, done = done, total = total).to_string()
        })
    };
    view! {
        <Show when=move || moving.with(Option::is_some) fallback=move || otherwise.run()>
            <div class="fetching">
                <ProgressLine
                    progress=Signal::derive(move || moving.get().map(far))
                    text=Signal::derive(move || words().unwrap_or_default())
                />
            </div>
        </Show>
    }
}

//! Files that are read or brought in: how far, how long still, and a way to stop.

use crate::port::Progress;
use crate::ui::components::ProgressLine;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::clock;
use crate::ui::platform::intl::use_format;
use crate::ui::session::Cancel;
use leptos::prelude::*;

/// Files that are read. Nothing was written yet, so it ends at once when it is to.
#[component]
pub(super) fn Reading(progress: ArcReadSignal<Option<Progress>>, cancel: Cancel) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card impf" role="status">
            <ProgressLine
                progress=Signal::derive(move || progress.get())
                text=text!(i18n, import.choose.reading)
                cancel_word=text!(i18n, common.cancel)
                on_cancel=Callback::new(move |()| cancel.now())
            />
        </section>
    }
}

#[component]
pub(super) fn Running(
    progress: ArcReadSignal<Option<Progress>>,
    cancel: Cancel,
    begun_ms: i64,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let progress = Signal::derive(move || progress.get());
    let text = Signal::derive(move || match progress.get() {
        Some(at) if at.total > 0 => {
            t_string!(i18n, import.act.running, done = format.count(at.done), total = format.count(at.total))
                .to_string()
        }
        _ => t_string!(i18n, import.act.running_0).to_owned(),
    });
    let left = move || {
        let seconds = seconds_left(progress.get()?, clock::now_ms() - begun_ms)?;
        Some(t_string!(i18n, import.act.left, time = format.seconds(seconds)).to_string())
    };
    view! {
        <section class="card impf">
            <ProgressLine
                progress=progress
                text=text
                cancel_word=text!(i18n, common.stop)
                on_cancel=Callback::new(move |()| cancel.now())
            />
            <p class="k">{left}</p>
            <p class="k">{text!(i18n, import.act.safe)}</p>
        </section>
    }
}

/// By the pace so far; `None` while there is too little to say.
fn seconds_left(at: Progress, elapsed_ms: i64) -> Option<u32> {
    const TELLING_MS: i64 = 2_000;
    if at.done == 0 || at.total <= at.done || elapsed_ms < TELLING_MS {
        return None;
    }
    let left = elapsed_ms as f64 * (at.total - at.done) as f64 / at.done as f64 / 1000.0;
    Some(left.ceil() as u32)
}

#[cfg(test)]
mod tests {
    use super::seconds_left;
    use crate::port::{Progress, Stage};

    #[test]
    fn the_rest_is_told_by_the_pace_so_far() {
        let at = |done, total| Progress { stage: Stage::Writing, done, total };
        assert_eq!(seconds_left(at(250, 1_000), 5_000), Some(15));
        assert_eq!(seconds_left(at(250, 1_000), 100), None);
        assert_eq!(seconds_left(at(0, 1_000), 5_000), None);
        assert_eq!(seconds_left(at(10, 0), 5_000), None);
    }
}

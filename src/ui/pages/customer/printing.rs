//! A history on paper: all that its filter lets through, fetched before the browser prints.

use super::timeline_filter::{Chosen, conditions};
use crate::port::{Progress, Stage, Timeline};
use crate::ui::components::ProgressLine;
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::platform::dom;
use crate::ui::platform::intl::{Format, When, use_format};
use leptos::prelude::*;

/// Entries that are printed at most. A page with more of them than this makes a phone's browser give up.
const MOST: u32 = 1_000;
/// Entries fetched at a time: in between the screen answers, and printing can be given up.
const STEP: u32 = 200;

/// Whether the page is being printed: conversations are unfolded for it, and a history is fetched whole.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Printing {
    on: RwSignal<bool>,
}

/// Of the customer's page around the calling component.
pub(super) fn use_printing() -> Printing {
    expect_context()
}

impl Printing {
    /// Whether it is.
    pub(super) fn is_on(self) -> bool {
        self.on.get()
    }

    /// Begins with the history that is shown.
    pub(super) fn begin(self) {
        self.on.set(true);
    }

    fn end(self) {
        self.on.try_set(false);
    }
}

/// What is next on the way to the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// So many entries are asked for.
    Fetch(u32),
    /// Everything is there.
    Print,
}

fn next(there: u32, total: u32) -> Next {
    let wanted = total.min(MOST);
    match there >= wanted {
        true => Next::Print,
        false => Next::Fetch(there.saturating_add(STEP).min(wanted)),
    }
}

fn shown_of(found: &Timeline) -> (u32, u32) {
    (u32::try_from(found.entries.len()).unwrap_or(u32::MAX), found.total)
}

/// While it is being printed: how far it is, and the way out of it. As many entries as before are asked for afterwards.
#[component]
pub(super) fn Preparing(
    /// Entries that are asked for.
    limit: RwSignal<u32>,
    /// Those that came.
    found: ReadSignal<Option<Timeline>>,
) -> impl IntoView {
    let (i18n, format, printing) = (use_i18n(), use_format(), use_printing());
    let before = StoredValue::new(None::<u32>);
    let end = move || {
        printing.end();
        if let Some(before) = before.try_update_value(Option::take).flatten() {
            limit.try_set(before);
        }
    };
    on_cleanup(end);
    let at = Memo::new(move |_| found.with(|found| found.as_ref().map(shown_of)));
    Effect::new(move || {
        let Some((there, total)) = at.get().filter(|_| printing.is_on()) else { return };
        before.update_value(|before| *before = before.or(Some(limit.get_untracked())));
        match next(there, total) {
            Next::Fetch(wanted) => limit.update(|limit| *limit = wanted.max(*limit)),
            Next::Print => {
                let title = td_string!(i18n.get_locale_untracked(), customer.tl.record);
                after_drawing(move || {
                    if printing.on.try_get_untracked() == Some(true) {
                        dom::print_then(title, end);
                    }
                });
            }
        }
    });
    let progress = Signal::derive(move || {
        let (there, total) = at.get()?;
        Some(Progress { stage: Stage::Reading, done: there.into(), total: total.min(MOST).into() })
    });
    let words = Signal::derive(move || {
        let (there, total) = at.get().unwrap_or_default();
        let (there, all) = (format.number(there), format.number(total.min(MOST)));
        t_string!(i18n, customer.tl.preparing, there = there, all = all).to_string()
    });
    view! {
        <Show when=move || printing.is_on()>
            <div class="tl-pr" role="status">
                <ProgressLine progress=progress text=words cancel_word=text!(i18n, common.cancel) on_cancel=Callback::new(move |()| end()) />
            </div>
        </Show>
    }
}

/// After what changed was drawn.
fn after_drawing(then: impl FnOnce() + 'static) {
    request_animation_frame(move || request_animation_frame(then));
}

/// What stands on paper above the entries: what they are, from when to when, how many.
#[component]
pub(super) fn PaperHead(
    /// What narrows them.
    chosen: RwSignal<Chosen>,
    /// The entries.
    found: ReadSignal<Option<Timeline>>,
    /// When the newest and the oldest of them happened, ms since 1970 UTC.
    #[prop(into)]
    span: Signal<Option<(i64, i64)>>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let line = move || {
        let locale = i18n.get_locale();
        let filter = chosen.with(|chosen| conditions(locale, chosen));
        let count = found.with(|found| found.as_ref().map(shown_of)).unwrap_or_default();
        head_line(locale, &filter, span.get().map(|span| span_word(format, span)), count, &|count| {
            format.number(count)
        })
    };
    view! {
        <div class="tl-ph">
            <h3>{text!(i18n, customer.tl.record)}</h3>
            <p>{line}</p>
        </div>
    }
}

fn span_word(format: Format, (newest, oldest): (i64, i64)) -> String {
    let [first, last] = [oldest, newest].map(|at| format.when(at, When::Day));
    if first == last { first } else { format!("{first} – {last}") }
}

fn head_line(
    locale: Locale,
    filter: &[String],
    span: Option<String>,
    (there, total): (u32, u32),
    number: &dyn Fn(u32) -> String,
) -> String {
    let filter = match filter.is_empty() {
        true => td_string!(locale, customer.tl.everything).to_owned(),
        false => filter.join(", "),
    };
    let count = match (there, total) {
        (1, 1) => td_string!(locale, customer.tl.entries_single).to_owned(),
        (there, total) if there >= total => {
            td_string!(locale, customer.tl.entries, count = number(total)).to_string()
        }
        (there, total) => {
            let (shown, left) = (number(there), number(total.saturating_sub(there)));
            td_string!(locale, customer.tl.entries_left, shown = shown, all = number(total), left = left)
                .to_string()
        }
    };
    [Some(filter), span, Some(count)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_fetched_whole_before_it_is_printed_r45() {
        assert_eq!(next(50, 50), Next::Print);
        assert_eq!(next(50, 73), Next::Fetch(73));
        assert_eq!(next(50, 730), Next::Fetch(250));
        assert_eq!(next(0, 0), Next::Print);
        assert_eq!(next(900, 4_000), Next::Fetch(MOST));
        assert_eq!(next(MOST, 4_000), Next::Print, "more would make a phone's browser give up");
    }

    #[test]
    fn what_is_left_out_is_said_with_the_way_to_it_r45() {
        let line = |locale, filter: &[&str], count| {
            let filter: Vec<String> = filter.iter().map(|word| (*word).to_owned()).collect();
            head_line(locale, &filter, Some("1 – 9 Nov".to_owned()), count, &|count| count.to_string())
        };
        assert_eq!(line(Locale::en, &[], (73, 73)), "All entries · 1 – 9 Nov · 73 entries");
        assert_eq!(line(Locale::en, &["Phone", "30 days"], (1, 1)), "Phone, 30 days · 1 – 9 Nov · 1 entry");
        let cut = line(Locale::en, &[], (1_000, 1_200));
        assert!(cut.contains("the latest 1000 of 1200") && cut.contains("200 earlier"), "{cut}");
        let cut = line(Locale::zh_CN, &[], (1_000, 1_200));
        assert!(cut.contains("1200") && cut.contains("200 条"), "{cut}");
    }
}

//! The steps of an import where there is no room for all of it at once: the style hides on a phone what belongs to
//! another step, and shows all of it beside each other where there is room.

use super::{Step, Work};
use crate::ui::components::{Button, Kind};
use crate::ui::i18n::{Locale, td_string, use_i18n};
use crate::ui::platform::dom;
use leptos::prelude::*;

/// A step, in order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Which file, and what its rows are.
    #[default]
    File,
    /// What its columns mean.
    Columns,
    /// What it would become, and what is wrong with it.
    Check,
    /// It is brought in.
    Import,
}

impl Stage {
    const ALL: [Self; 4] = [Self::File, Self::Columns, Self::Check, Self::Import];

    fn word(self, locale: Locale) -> &'static str {
        match self {
            Self::File => td_string!(locale, import.steps.file),
            Self::Columns => td_string!(locale, import.steps.columns),
            Self::Check => td_string!(locale, import.steps.check),
            Self::Import => td_string!(locale, import.title),
        }
    }

    /// The style's name for it.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::File => "imp imp-file",
            Self::Columns => "imp imp-columns",
            Self::Check => "imp imp-check",
            Self::Import => "imp imp-import",
        }
    }

    /// The one after it; none after the check, which a press ends that brings everything in.
    fn next(self) -> Option<Self> {
        match self {
            Self::File => Some(Self::Columns),
            Self::Columns => Some(Self::Check),
            Self::Check | Self::Import => None,
        }
    }

    /// The one before it; none before the file.
    fn back(self) -> Option<Self> {
        match self {
            Self::Columns => Some(Self::File),
            Self::Check => Some(Self::Columns),
            Self::File | Self::Import => None,
        }
    }
}

/// The step that is shown: while a file is looked at the one that the person has come to.
pub(super) fn stage(work: Work) -> Memo<Stage> {
    Memo::new(move |_| match work.step.with(Step::looks) {
        None => Stage::Import,
        Some(false) => Stage::File,
        Some(true) => work.stage.get(),
    })
}

/// How far it is.
#[component]
pub(super) fn Steps(
    /// The step that is shown.
    stage: Memo<Stage>,
) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |(number, it): (usize, Stage)| {
        let is_past = move || it < stage.get();
        view! {
            <li aria-current=move || (stage.get() == it).then_some("step") class:imp-past=is_past>
                <b>{number + 1}</b>
                <span>{move || it.word(i18n.get_locale())}</span>
            </li>
        }
    };
    view! { <ol class="imp-steps" tabindex="-1">{Stage::ALL.into_iter().enumerate().map(one).collect_view()}</ol> }
}

/// On, and back to the step before: to another file from the first.
#[component]
pub(super) fn OnAndBack(work: Work) -> impl IntoView {
    let i18n = use_i18n();
    let go = move |to: Stage| {
        work.stage.set(to);
        request_animation_frame(|| dom::focus_first(".imp-steps"));
    };
    let on = move || untrack(|| work.stage.get()).next().into_iter().for_each(go);
    let back = move || match untrack(|| work.stage.get()).back() {
        Some(to) => go(to),
        None => work.begin_again(),
    };
    view! {
        <div class="imp-do imp-on">
            <Button kind=Kind::Quiet icon="left" on_press=move |_| back()>{text!(i18n, common.back)}</Button>
            <Show when=move || work.stage.get().next().is_some()>
                <Button kind=Kind::Primary on_press=move |_| on()>{text!(i18n, import.steps.on)}</Button>
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::Stage;

    #[test]
    fn every_step_leads_on_to_the_next_and_back() {
        let mut walked = vec![Stage::File];
        while let Some(next) = walked.last().and_then(|stage| stage.next()) {
            assert_eq!(next.back(), walked.last().copied());
            walked.push(next);
        }
        assert_eq!(walked, Stage::ALL[..3]);
        assert_eq!((Stage::File.back(), Stage::Import.back()), (None, None));
        assert!(Stage::ALL.is_sorted());
    }
}

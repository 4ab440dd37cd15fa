//! One column: its header, a few of its values, and what it means.

use super::file::PlanOf;
use super::targets;
use crate::port::{ImportColumn, Target};
use crate::ui::components::SelectField;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::use_format;
use leptos::prelude::*;

#[component]
pub(super) fn ColumnRow(plan: PlanOf, at: usize, column: ImportColumn) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let ImportColumn { header, samples, filled } = column;
    let name = Signal::derive(move || match header.is_empty() {
        true => t_string!(i18n, import.column_n, number = format.count(at as u64 + 1)).to_string(),
        false => header.clone(),
    });
    let target = move || plan.with(|plan| plan.targets.get(at).cloned()).flatten().unwrap_or(Target::Ignore);
    let guessed = untrack(target);
    let all = targets::choices_with(untrack(|| plan.role()), &guessed);
    let shown = all.clone();
    let options = Signal::derive(move || {
        let locale = i18n.get_locale();
        shown.iter().map(|each| (targets::key(each), targets::words(locale, each))).collect::<Vec<_>>()
    });
    let choose = move |key: String| {
        let Some(chosen) = all.iter().find(|each| targets::key(each) == key).cloned() else { return };
        plan.update(|plan| {
            if let Some(slot) = plan.targets.get_mut(at) {
                *slot = chosen;
            }
        });
    };
    let seen = move || match samples.is_empty() {
        true => t_string!(i18n, import.no_samples).to_owned(),
        false => samples.join(" · "),
    };
    let hint =
        Signal::derive(move || t_string!(i18n, import.filled, count = format.count(filled)).to_string());
    view! {
        <div class="colr" class:colr-off=move || target() == Target::Ignore>
            <div class="colr-h"><b>{move || name.get()}</b><span class="k">{move || hint.get()}</span><p>{seen}</p></div>
            <SelectField
                label=Signal::derive(move || t_string!(i18n, import.means, column = name.get()).to_string())
                value=Signal::derive(move || targets::key(&target()))
                options=options
                on_choose=choose
            />
        </div>
    }
}

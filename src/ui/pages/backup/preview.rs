//! A verified file: what it holds, and how it stands to what is here.

use super::restore::RestoreWork;
use super::words::kind_word;
use crate::port::{BackupCount, BackupKind, BackupPreview, RestoreWay};
use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::{When, use_format};
use leptos::prelude::*;

/// The numbers, and the two ways on.
#[component]
pub(super) fn Preview(work: RestoreWork, preview: BackupPreview, fresh: bool) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let BackupPreview { made_ms, bytes, ref workspace, ref kinds, .. } = preview;
    let (name, kinds) = (workspace.clone(), kinds.clone());
    let made = move || {
        let at = i64::try_from(made_ms).unwrap_or(i64::MAX);
        let (when, size) = (format.when(at, When::Moment), format.bytes(bytes));
        t_string!(i18n, backup.look.made, when = when, size = size).to_string()
    };
    view! {
        <section class="card impf">
            <header class="impf-h"><span class="dev"><Icon name="check" /></span><div><h3>{name}</h3><p class="k">{made}</p></div></header>
            <table class="bk">
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, backup.look.what)}</th>
                        <th scope="col">{text!(i18n, backup.look.total)}</th>
                        <th scope="col">{text!(i18n, backup.look.new)}</th>
                        <th scope="col" class="bk-n">{text!(i18n, backup.look.newer)}</th>
                        <th scope="col" class="bk-n">{text!(i18n, backup.look.same)}</th>
                    </tr>
                </thead>
                <tbody>{kinds.into_iter().map(|(kind, count)| view! { <Line kind count /> }).collect_view()}</tbody>
            </table>
            <Notes preview=preview.clone() />
            <Ways work preview fresh />
        </section>
    }
}

#[component]
fn Line(kind: BackupKind, count: BackupCount) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let BackupCount { total, new, newer, same, older } = count;
    view! {
        <tr>
            <th scope="row">{move || kind_word(i18n.get_locale(), kind)}</th>
            <td class="num">{move || format.number(total)}</td>
            <td class="num">{move || format.number(new)}</td>
            <td class="num bk-n">{move || format.number(newer)}</td>
            <td class="num bk-n">{move || format.number(same + older)}</td>
        </tr>
    }
}

/// What is worth a word beside the numbers.
#[component]
fn Notes(preview: BackupPreview) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let BackupPreview { trashed, unsent, unreadable, files, .. } = preview;
    view! {
        {(files > 0).then(|| view! { <p class="k">{move || t_string!(i18n, files.in_backup, count = format.number(files)).to_string()}</p> })}
        {(unsent > 0).then(|| view! { <p class="k">{move || t_string!(i18n, backup.look.unsent, count = format.number(unsent)).to_string()}</p> })}
        {(trashed > 0).then(|| view! { <p class="k">{move || t_string!(i18n, backup.look.trashed, count = format.number(trashed)).to_string()}</p> })}
        {(unreadable > 0).then(|| view! { <p class="k">{move || t_string!(i18n, backup.look.unreadable, count = format.number(unreadable)).to_string()}</p> })}
    }
}

#[component]
fn Ways(work: RestoreWork, preview: BackupPreview, fresh: bool) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let older: u32 = preview.kinds.iter().map(|(_, count)| count.older + count.newer).sum();
    let only_here = preview.only_here.unwrap_or(0);
    let (merged, replaced) = (preview.clone(), preview);
    let sure = RwSignal::new(false);
    let lost = move || {
        let (back, gone) = (format.number(older), format.number(only_here));
        t_string!(i18n, backup.look.replace_text, back = back, gone = gone).to_string()
    };
    view! {
        <div class="imp-do">
            <Button kind=Kind::Primary on_press=move |_| work.bring_in(merged.clone(), RestoreWay::Merge)>
                {move || if fresh { t_string!(i18n, backup.look.restore) } else { t_string!(i18n, backup.look.merge) }}
            </Button>
            <Button kind=Kind::Quiet on_press=move |_| work.begin_again()>{text!(i18n, backup.restore.another)}</Button>
        </div>
        {(!fresh).then(|| view! {
            <p class="k">{text!(i18n, backup.look.merge_text)}</p>
            <details class="bk-r">
                <summary>{text!(i18n, backup.look.replace)}</summary>
                <p>{lost}</p>
                <p class="k">{text!(i18n, backup.look.replace_first)}</p>
                <label class="switch">
                    <span>{text!(i18n, backup.look.replace_known)}</span>
                    <input type="checkbox" role="switch" prop:checked=move || sure.get() on:change=move |event| sure.set(event_target_checked(&event)) />
                </label>
                <Button disabled=Signal::derive(move || !sure.get()) on_press=move |_| work.bring_in(replaced.clone(), RestoreWay::Replace)>
                    {text!(i18n, backup.look.replace_do)}
                </Button>
            </details>
        })}
    }
}

//! A folder that backups are written into by themselves: choosing it, how often, what came of it.

use super::keeper::{Keeper, use_keeper};
use super::make::UnderWay;
use crate::ui::components::{Button, Icon, Kind, Segmented};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::settings::{Group, Setting};
use crate::ui::platform::backups::{Every, Plan};
use crate::ui::platform::folder::{self, Trouble};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::Place;
use leptos::prelude::*;

/// The card.
#[component]
pub(super) fn IntoFolder() -> impl IntoView {
    let (i18n, keeper) = (use_i18n(), use_keeper());
    let chosen = Memo::new(move |_| keeper.folder_name().is_some() && keeper.plan().is_some());
    view! {
        <Group title=text!(i18n, backup.folder.title)>
            {match folder::is_supported() {
                false => view! { <Setting title=text!(i18n, backup.folder.cannot) line=text!(i18n, backup.folder.cannot_text) /> }.into_any(),
                true => view! {
                    <Show when=move || chosen.get() fallback=move || view! { <Choose keeper /> }>
                        <Chosen keeper />
                    </Show>
                }.into_any(),
            }}
        </Group>
    }
}

#[component]
fn Choose(keeper: Keeper) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Setting title=text!(i18n, backup.folder.none) line=text!(i18n, backup.folder.none_text)>
            <Button icon="drive" on_press=move |_| keeper.choose()>{text!(i18n, backup.folder.choose)}</Button>
        </Setting>
    }
}

#[component]
fn Chosen(keeper: Keeper) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let busy = Signal::derive(move || keeper.making().is_some());
    let name = Signal::derive(move || keeper.folder_name().unwrap_or_default());
    let last = Signal::derive(move || {
        let plan = keeper.plan();
        match plan.as_ref().and_then(|plan| Some((plan.last_ms?, plan.files.last()?))) {
            Some((at, file)) => {
                let (when, size) = (format.when(at, When::Moment), format.bytes(file.bytes));
                let count = format.count(keeper.files_kept() as u64);
                t_string!(i18n, backup.folder.last, when = when, size = size, count = count).to_string()
            }
            None => t_string!(i18n, backup.folder.never).to_owned(),
        }
    });
    keeper.look();
    let kept = move || {
        let count = format.count(Plan::KEPT as u64);
        t_string!(i18n, backup.folder.text, count = count).to_string()
    };
    view! {
        <Setting title=name line=last>
            <Button icon="export" disabled=busy on_press=move |_| keeper.write_now()>{text!(i18n, backup.folder.now)}</Button>
        </Setting>
        {move || keeper.making().map(|making| view! { <UnderWay making /> })}
        <Failure keeper />
        <HowOften keeper />
        <p class="set-p">{kept}</p>
        <div class="set-p acts">
            <Button kind=Kind::Quiet disabled=busy on_press=move |_| keeper.choose()>{text!(i18n, backup.folder.another)}</Button>
            <Button kind=Kind::Quiet disabled=busy on_press=move |_| keeper.stop()>{text!(i18n, backup.folder.stop)}</Button>
        </div>
    }
}

/// What failed last and what to do, until one is written again.
#[component]
fn Failure(keeper: Keeper) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let waits = Memo::new(move |_| keeper.wants_permission());
    let failed = Memo::new(move |_| keeper.plan().and_then(|plan| plan.failed));
    let words = move || {
        failed.get().map(|(at, why)| {
            let (what, mend) = trouble_words(i18n.get_locale(), why);
            let when = format.when(at, When::Moment);
            t_string!(i18n, backup.folder.failed, when = when, what = what, mend = mend).to_string()
        })
    };
    let shown = move || words().map(|words| view! { <p class="hello-e" role="alert">{words}</p> });
    view! {
        <Show when=move || waits.get() || failed.get().is_some()>
            <div class="set-p stack">
                {shown}
                <Show when=move || waits.get()>
                    <div class="acts">
                        <Button kind=Kind::Primary icon="shield" on_press=move |_| keeper.write_now()>{text!(i18n, backup.folder.allow)}</Button>
                    </div>
                </Show>
            </div>
        </Show>
    }
}

#[component]
fn HowOften(keeper: Keeper) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        let word = |every| match every {
            Every::Day => t_string!(i18n, backup.folder.day),
            Every::Week => t_string!(i18n, backup.folder.week),
            Every::Change => t_string!(i18n, backup.folder.change),
        };
        Plan::CHOICES.map(|every| (every, word(every).to_owned())).to_vec()
    };
    view! {
        <Setting title=text!(i18n, backup.folder.often) line=text!(i18n, backup.folder.often_text)>
            <Segmented
                label=text!(i18n, backup.folder.often)
                options=Signal::derive(words)
                chosen=Signal::derive(move || keeper.plan().map_or(Every::Day, |plan| plan.every))
                on_choose=move |every| keeper.set_every(every)
            />
        </Setting>
    }
}

/// One line where the day begins, while nothing can be written into the folder: one tap gives the permission again.
#[component]
pub(super) fn FolderReminder() -> impl IntoView {
    let (i18n, keeper) = (use_i18n(), use_keeper());
    let waits = Memo::new(move |_| keeper.plan().is_some() && keeper.wants_permission());
    let failed = Memo::new(move |_| keeper.plan().is_some_and(|plan| plan.failed.is_some()) && !waits.get());
    let row = move |words: Signal<String>| {
        view! {
            <span class="dev"><Icon name="drive" /></span>
            <span class="row-b"><b>{text!(i18n, backup.folder.title)}</b><span>{move || words.get()}</span></span>
            <Icon name="right" />
        }
    };
    view! {
        <Show when=move || waits.get()>
            <button type="button" class="row row-w card backup-due" on:click=move |_| keeper.write_now()>
                {row(text!(i18n, backup.folder.due_allow))}
            </button>
        </Show>
        <Show when=move || failed.get()>
            <a class="row row-w card backup-due" href=Place::Backup.href()>{row(text!(i18n, backup.folder.due_failed))}</a>
        </Show>
    }
}

fn trouble_words(locale: Locale, why: Trouble) -> (&'static str, &'static str) {
    match why {
        Trouble::Permission => (
            td_string!(locale, backup.folder.trouble.permission),
            td_string!(locale, backup.folder.mend.permission),
        ),
        Trouble::Gone => {
            (td_string!(locale, backup.folder.trouble.gone), td_string!(locale, backup.folder.mend.gone))
        }
        Trouble::Full => {
            (td_string!(locale, backup.folder.trouble.full), td_string!(locale, backup.folder.mend.full))
        }
        Trouble::Other => {
            (td_string!(locale, backup.folder.trouble.other), td_string!(locale, backup.folder.mend.other))
        }
    }
}

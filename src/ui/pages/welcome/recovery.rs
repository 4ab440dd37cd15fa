//! The recovery sheet: shown, printed, put away, and its last group asked back.

use super::Journey;
use crate::port::{Command, Outcome, Secret};
use crate::ui::components::{Button, Kind, Qr, Skeleton, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::{clock, dom, joining};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The code, once the engine has told it.
#[derive(Debug, Clone, PartialEq)]
enum Code {
    Coming,
    Known(String),
    NotNow,
}

#[component]
pub(super) fn Recovery(journey: Journey, on_done: Callback<()>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let code = RwSignal::new(Code::Coming);
    let asking = RwSignal::new(false);
    session.dispatch(
        Command::RevealDeviceCode { passphrase: Secret(journey.passphrase.get_untracked()) },
        move |ended| {
            code.try_set(match ended.map(|done| done.outcome) {
                Ok(Outcome::DeviceCode(Secret(told))) => Code::Known(told),
                _ => Code::NotNow,
            });
        },
    );
    view! {
        <main class="hello hello-f scroll">
            <div class="hello-c">
                <header class="hello-h hello-h0"><h1>{text!(i18n, onboarding.sheet.title)}</h1></header>
                <p>{text!(i18n, onboarding.sheet.why)}</p>
                {move || match code.get() {
                    Code::Coming => view! { <Skeleton lines=4 /> }.into_any(),
                    Code::NotNow => {
                        view! {
                            <p role="alert">{text!(i18n, onboarding.sheet.failed)}</p>
                            <Button kind=Kind::Primary on_press=move |_| on_done.run(())>{text!(i18n, common.next)}</Button>
                        }
                            .into_any()
                    }
                    Code::Known(told) => {
                        view! {
                            // Whoever is asked reads it off the sheet that was put away, not off the screen.
                            <div hidden=move || asking.get()><Paper name=journey.name.get_untracked() code=told.clone() /></div>
                            <Show when=move || asking.get() fallback=move || view! { <PutAway asking on_done /> }>
                                <AskBack code=told.clone() asking on_done />
                            </Show>
                        }
                            .into_any()
                    }
                }}
            </div>
        </main>
    }
}

/// The sheet itself: the only thing that is printed.
#[component]
pub(in crate::ui) fn Paper(
    name: String,
    code: String,
    /// The recovery code, if it is to stand on the sheet too.
    #[prop(optional)]
    recovery: Option<String>,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let today = clock::now_ms();
    view! {
        <section class="paper">
            <p class="paper-h">{text!(i18n, onboarding.sheet.heading)}</p>
            <Qr text=joining::link(&code) label=text!(i18n, onboarding.sheet.qr) />
            <p class="paper-q">{text!(i18n, onboarding.sheet.qr_how)}</p>
            <dl>
                <div><dt>{text!(i18n, onboarding.sheet.workspace)}</dt><dd>{name}</dd></div>
                <div><dt>{text!(i18n, onboarding.sheet.address)}</dt><dd>{joining::home()}</dd></div>
                <div><dt>{text!(i18n, onboarding.sheet.date)}</dt><dd>{move || format.when(today, When::LongDay)}</dd></div>
                <div>
                    <dt>{text!(i18n, onboarding.code)}</dt>
                    <dd class="paper-c"><code>{groups(&code)}</code></dd>
                </div>
                {recovery.as_deref().map(|recovery| view! {
                    <div>
                        <dt>{text!(i18n, security.recovery.code)}</dt>
                        <dd class="paper-c"><code>{groups(recovery)}</code></dd>
                    </div>
                })}
            </dl>
            <p>{text!(i18n, onboarding.sheet.how)}</p>
            {recovery.map(|_| view! { <p>{text!(i18n, security.recovery.how)}</p> })}
            <p>{text!(i18n, onboarding.sheet.pass_line)}</p>
        </section>
    }
}

/// Each group in a piece of its own, so that lines break between groups.
fn groups(code: &str) -> Vec<impl IntoView + use<>> {
    let parts: Vec<String> = code.split('-').map(str::to_owned).collect();
    let last = parts.len().saturating_sub(1);
    let piece = |(at, part): (usize, String)| view! { <span class="nb">{part}{(at < last).then_some("-")}</span> <wbr /> };
    parts.into_iter().enumerate().map(piece).collect()
}

/// Prints the sheet, or saves it as a PDF whose name tells nothing of whose it is.
#[component]
pub(in crate::ui) fn PrintSheet() -> impl IntoView {
    let i18n = use_i18n();
    let print = move |_| dom::print_as(t_string!(i18n, onboarding.sheet.file));
    view! { <Button icon="print" on_press=print>{text!(i18n, onboarding.sheet.print)}</Button> }
}

#[component]
fn PutAway(asking: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="acts">
            <PrintSheet />
            <Button kind=Kind::Primary on_press=move |_| asking.set(true)>{text!(i18n, onboarding.sheet.ready)}</Button>
            <Button kind=Kind::Quiet on_press=move |_| on_done.run(())>{text!(i18n, onboarding.sheet.later)}</Button>
        </div>
        <p class="k">{text!(i18n, onboarding.sheet.pdf)}</p>
    }
}

#[component]
fn AskBack(code: String, asking: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let error = Signal::derive(move || {
        if wrong.get() { t_string!(i18n, onboarding.sheet.wrong).to_owned() } else { String::new() }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_last_group(&code, &typed.get_untracked()) {
            on_done.run(());
        } else {
            wrong.set(true);
        }
    };
    Effect::new(|| request_animation_frame(|| dom::focus_first(".hello form [data-autofocus]")));
    view! {
        <form class="hello-a" on:submit=submit novalidate=true>
            <TextField label=text!(i18n, onboarding.sheet.ask) value=typed hint=text!(i18n, onboarding.sheet.ask_hint) error=error autofocus=true />
            <Button kind=Kind::Primary submit=true>{text!(i18n, common.next)}</Button>
            <Button on_press=move |_| asking.set(false)>{text!(i18n, onboarding.sheet.again)}</Button>
            <Button kind=Kind::Quiet on_press=move |_| on_done.run(())>{text!(i18n, onboarding.sheet.later)}</Button>
        </form>
    }
}

/// Whether the last group was typed.
fn is_last_group(code: &str, typed: &str) -> bool {
    is_group(code, code.split('-').count(), typed)
}

/// Whether this group of the code, counted from 1, was typed, as Crockford's alphabet is read: O is 0, I and
/// L are 1.
pub(in crate::ui) fn is_group(code: &str, number: usize, typed: &str) -> bool {
    let read = |text: &str| -> String {
        let folded = |c: char| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        text.chars().filter(char::is_ascii_alphanumeric).map(folded).collect()
    };
    let group = number.checked_sub(1).and_then(|at| code.split('-').nth(at)).unwrap_or_default();
    !group.is_empty() && read(typed) == read(group)
}

#[cfg(test)]
mod tests {
    use super::{is_group, is_last_group};

    #[test]
    fn the_last_group_is_read_with_a_kind_eye() {
        let code = "7QK2-9F0M-1XZA";
        assert!(is_last_group(code, "1XZA") && is_last_group(code, " lxza ") && is_last_group(code, "ixza"));
        assert!(is_group(code, 2, "9fom") && !is_group(code, 1, "9F0M") && !is_group(code, 4, ""));
        assert!(!is_last_group(code, "9F0M") && !is_last_group(code, "") && !is_last_group("", ""));
    }
}

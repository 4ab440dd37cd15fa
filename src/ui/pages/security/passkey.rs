//! Passkeys: setting one up on this device, and taking one away.

use super::new_passphrase::show_words;
use super::task::Task;
use crate::port::{AccountCard, Command, Outcome, PasskeyAsk, PasskeyCard, Query, Secret};
use crate::ui::components::{Button, Kind, SecretField, SheetFrame};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::passkey::{self, Trouble};
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What is being done.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// The passkeys are listed.
    List,
    /// The passphrase is asked, to set one up or to take this one away.
    Passphrase { removes: Option<u32> },
    /// The platform is to be asked.
    Platform(PasskeyAsk),
}

/// What the sheet has come to.
#[derive(Clone, Copy)]
struct Doing {
    step: RwSignal<Step>,
    task: Task,
    passphrase: RwSignal<String>,
    trouble: RwSignal<Option<Trouble>>,
    supported: RwSignal<Option<bool>>,
}

impl Doing {
    fn new() -> Self {
        let doing = Self {
            step: RwSignal::new(Step::List),
            task: Task::new(),
            passphrase: RwSignal::new(String::new()),
            trouble: RwSignal::new(None),
            supported: RwSignal::new(None),
        };
        spawn_local(async move {
            let supported = passkey::is_supported().await;
            doing.supported.try_set(Some(supported));
        });
        doing
    }

    fn secret(self) -> Secret {
        Secret(self.passphrase.get_untracked())
    }

    fn go(self, step: Step) {
        self.trouble.try_set(None);
        self.task.failed.try_set(None);
        self.step.try_set(step);
    }

    /// Back at the list, with nothing secret left in the page.
    fn end(self) {
        self.passphrase.try_set(String::new());
        self.go(Step::List);
    }

    /// A press of its own asks the platform: it wants one, and the passphrase took its time.
    fn ask(self) {
        let command = Command::AskPasskey { passphrase: self.secret() };
        self.task.run(command, move |done| {
            if let Outcome::AskPasskey(ask) = done.outcome {
                self.go(Step::Platform(ask));
            }
        });
    }

    fn make(self, ask: PasskeyAsk, then: impl FnOnce() + 'static) {
        self.trouble.set(None);
        spawn_local(async move {
            let answered = match passkey::make(&ask).await {
                Ok(answered) => answered,
                Err(trouble) => {
                    self.trouble.try_set(Some(trouble));
                    return;
                }
            };
            let command = Command::KeepPasskey { answered, passphrase: self.secret() };
            self.task.run(command, move |_| {
                self.end();
                then();
            });
        });
    }
}

/// The sheet.
#[component]
pub fn PasskeySheet() -> impl IntoView {
    let (i18n, nav, doing) = (use_i18n(), use_nav(), Doing::new());
    view! {
        <SheetFrame title=text!(i18n, security.passkey.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            <p>{text!(i18n, security.passkey.why)}</p>
            {move || match doing.step.get() {
                Step::List => view! { <List doing /> }.into_any(),
                Step::Passphrase { removes } => view! { <Ask doing removes /> }.into_any(),
                Step::Platform(ask) => view! { <Platform doing ask /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn List(doing: Doing) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let account = session.watch::<AccountCard>(|| Query::Account);
    let cards = move || account.get().map(|card| card.passkeys).unwrap_or_default();
    let here = move || cards().iter().any(|card| card.here);
    let add = move |_| doing.go(Step::Passphrase { removes: None });
    view! {
        <Show when=move || !cards().is_empty()>
            <div class="rows card">
                <For each=cards key=|card| (card.slot, card.here) let:card><Row doing card /></For>
            </div>
        </Show>
        {move || match (doing.supported.get(), here()) {
            (None, _) | (_, true) => ().into_any(),
            (Some(false), _) => {
                view! { <p class="hello-i" role="status">{trouble_words(i18n.get_locale(), Trouble::Unsupported)}</p> }.into_any()
            }
            (Some(true), _) => {
                view! {
                    <div class="acts">
                        <Button kind=Kind::Primary icon="finger" on_press=add>{text!(i18n, security.passkey.add)}</Button>
                    </div>
                }
                    .into_any()
            }
        }}
    }
}

#[component]
fn Row(doing: Doing, card: PasskeyCard) -> impl IntoView {
    let i18n = use_i18n();
    let removes = Some(card.slot);
    let title = move || match card.here {
        true => t_string!(i18n, security.passkey.here),
        false => t_string!(i18n, security.passkey.elsewhere),
    };
    view! {
        <div class="row set">
            <span class="row-b"><b>{title}</b></span>
            <Button on_press=move |_| doing.go(Step::Passphrase { removes })>{text!(i18n, security.passkey.remove)}</Button>
        </div>
    }
}

#[component]
fn Ask(doing: Doing, removes: Option<u32>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(slot) = removes else { return doing.ask() };
        let command = Command::RemovePasskey { slot, passphrase: doing.secret() };
        doing.task.run(command, move |_| {
            doing.end();
            session.toasts().say(t_string!(i18n, security.passkey.removed).to_owned(), None);
        });
    };
    let idle = move || match removes {
        Some(_) => t_string!(i18n, security.passkey.remove_do),
        None => t_string!(i18n, common.next),
    };
    let words = doing.task.words(Signal::derive(move || idle().to_owned()));
    let why = move || match removes {
        Some(_) => t_string!(i18n, security.passkey.remove_why),
        None => t_string!(i18n, security.passkey.prove),
    };
    view! {
        <form class="stack" on:submit=submit novalidate=true>
            <p>{why}</p>
            <SecretField label=text!(i18n, common.passphrase) value=doing.passphrase show_words=show_words() autofocus=true />
            <Failed failed=doing.task.failed />
            <div class="acts">
                <Button on_press=move |_| doing.end()>{text!(i18n, common.back)}</Button>
                <Button kind=Kind::Primary submit=true disabled=Signal::derive(move || doing.task.busy())>{move || words.get()}</Button>
            </div>
        </form>
    }
}

#[component]
fn Platform(doing: Doing, ask: PasskeyAsk) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let make = move |_| {
        doing.make(ask.clone(), move || {
            session.toasts().say(t_string!(i18n, security.passkey.added).to_owned(), None);
        });
    };
    let idle = Signal::derive(move || t_string!(i18n, security.passkey.make).to_owned());
    let words = doing.task.words(idle);
    view! {
        <p>{text!(i18n, security.passkey.now)}</p>
        <Failed failed=doing.task.failed />
        {move || doing.trouble.get().map(|trouble| {
            view! { <p class="hello-e" role="alert">{trouble_words(i18n.get_locale(), trouble)}</p> }
        })}
        <div class="acts">
            <Button on_press=move |_| doing.end()>{text!(i18n, common.back)}</Button>
            <Button kind=Kind::Primary icon="finger" on_press=make disabled=Signal::derive(move || doing.task.busy())>
                {move || words.get()}
            </Button>
        </div>
    }
}

/// Why no passkey answered, and what to do.
pub fn trouble_words(locale: Locale, trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unsupported => td_string!(locale, security.passkey.unsupported),
        Trouble::NoPrf => td_string!(locale, security.passkey.no_prf),
        Trouble::Cancelled => td_string!(locale, security.passkey.cancelled),
        Trouble::AlreadyThere => td_string!(locale, security.passkey.already),
        Trouble::Failed => td_string!(locale, security.passkey.failed),
    }
}

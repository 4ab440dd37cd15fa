//! Unlocking by a passkey of this device. The passphrase stays a way, below it.

use super::Form;
use crate::port::{Command, PasskeyAsk, Session as Phase};
use crate::ui::components::{Button, Kind};
use crate::ui::errors::sentences;
use crate::ui::i18n::use_i18n;
use crate::ui::pages::security::trouble_words;
use crate::ui::platform::passkey;
use crate::ui::session::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the platform may be asked; `None` where this device has no passkey.
pub(super) fn offered(session: Session) -> Option<PasskeyAsk> {
    session.phase().with(|phase| match phase {
        Some(Phase::Locked { passkeys, .. }) => passkeys.clone(),
        _ => None,
    })
}

impl Form {
    /// Has the platform ask for the finger, face or PIN, and opens.
    pub(super) fn by_passkey(self) {
        let Some(ask) = untrack(|| offered(self.session)).filter(|_| !self.opening.busy_untracked()) else {
            return;
        };
        self.failed.set(None);
        self.missing.set(false);
        self.refusal.set(None);
        spawn_local(async move {
            match passkey::answer(&ask).await {
                Ok(answered) => self.open_by(Command::UnlockByPasskey(answered)).await,
                Err(trouble) => drop(self.refusal.try_set(Some(Err(trouble)))),
            }
        });
    }

    async fn open_by(self, command: Command) {
        let running = self.session.run(command);
        self.opening.begin(running.progress());
        if let Err(failure) = running.await {
            self.opening.try_end();
            self.refusal.try_set(Some(Ok(failure.code)));
        }
    }
}

/// The button, what went wrong, and that there is another way.
#[component]
pub(super) fn ByPasskey(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let offers = Memo::new(move |_| offered(form.session).is_some());
    let refused = move || {
        form.refusal.get().map(|refusal| match refusal {
            Ok(code) => {
                let said = sentences(i18n.get_locale(), code);
                format!("{}. {}", said.what, said.mend)
            }
            Err(trouble) => trouble_words(i18n.get_locale(), trouble).to_owned(),
        })
    };
    view! {
        <Show when=move || offers.get()>
            <div class="pass by-key">
                <Button kind=Kind::Primary icon="finger" on_press=move |_| form.by_passkey()>
                    {text!(i18n, security.passkey.unlock)}
                </Button>
                {move || refused().map(|words| view! { <p class="hello-e" role="alert">{words}</p> })}
            </div>
            <p class="or">{text!(i18n, security.passkey.or)}</p>
        </Show>
    }
}

//! A word about installing, where the browser can.

use crate::ui::components::{Button, Icon, Kind};
use crate::ui::i18n::use_i18n;
use crate::ui::platform::install::{Install, Installer};
use leptos::prelude::*;

/// The hint; `first` before anything is made, where what is made now would not be in the installed app.
#[component]
pub(super) fn InstallHint(first: bool, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let installer: Installer = expect_context();
    let install = move |_| {
        installer.ask();
        on_done.run(());
    };
    let skip = match first {
        true => text!(i18n, onboarding.install.here),
        false => text!(i18n, onboarding.install.skip),
    };
    view! {
        <main class="hello hello-f scroll">
            <div class="hello-c">
                <span class="empty-i"><Icon name="tablet" /></span>
                <h1>{text!(i18n, onboarding.install.title)}</h1>
                <p>{text!(i18n, onboarding.install.offer)}</p>
                {first.then(|| view! { <p>{text!(i18n, onboarding.install.first)}</p> })}
                <Show when=move || installer.state() == Install::ByHand>
                    <p><b>{text!(i18n, onboarding.install.by_hand)}</b></p>
                </Show>
                <div class="acts">
                    <Show when=move || installer.state() == Install::Offered>
                        <Button kind=Kind::Primary on_press=install>{text!(i18n, onboarding.install.ask)}</Button>
                    </Show>
                    <Button on_press=move |_| on_done.run(())>{skip}</Button>
                </div>
            </div>
        </main>
    }
}

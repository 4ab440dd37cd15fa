//! The first screen: what this is, in which language, and which way in.

use super::{Journey, Step};
use crate::ui::components::{Icon, Segmented};
use crate::ui::i18n::{Locale, use_i18n};
use crate::ui::pages::lock::Flap;
use crate::ui::platform::locale;
use leptos::prelude::*;

#[component]
pub(super) fn Start(journey: Journey) -> impl IntoView {
    let i18n = use_i18n();
    let languages =
        [Locale::zh_CN, Locale::en].map(|each| (each, locale::own_name(each).to_owned())).to_vec();
    view! {
        <main class="lock hello">
            <Flap title=text!(i18n, onboarding.headline) line=text!(i18n, onboarding.tagline) />
            <div class="lock-b hello-b">
                <span class="clasp" aria-hidden="true"><Icon name="shield" /></span>
                <Segmented
                    label=text!(i18n, onboarding.language)
                    options=Signal::stored(languages)
                    chosen=Signal::derive(move || i18n.get_locale())
                    on_choose=move |chosen| locale::choose(i18n, chosen)
                />
                <div class="ways">
                    <button class="way" type="button" on:click=move |_| journey.step.set(Step::Create)>
                        <Icon name="plus" />
                        <span>
                            <b>{text!(i18n, onboarding.create.title)}</b>
                            <span>{text!(i18n, onboarding.create.hint)}</span>
                        </span>
                        <Icon name="right" />
                    </button>
                    <button class="way" type="button" on:click=move |_| journey.step.set(Step::Join)>
                        <Icon name="tablet" />
                        <span>
                            <b>{text!(i18n, onboarding.join.title)}</b>
                            <span>{text!(i18n, onboarding.join.hint)}</span>
                        </span>
                        <Icon name="right" />
                    </button>
                    <button class="way" type="button" on:click=move |_| journey.step.set(Step::Restore)>
                        <Icon name="drive" />
                        <span>
                            <b>{text!(i18n, onboarding.restore.title)}</b>
                            <span>{text!(i18n, onboarding.restore.hint)}</span>
                        </span>
                        <Icon name="right" />
                    </button>
                </div>
            </div>
        </main>
    }
}

//! For who measures: samples of many customers, by the generator that the benchmark uses too.

use super::{Group, Setting};
use crate::port::SampleSize;
use crate::ui::components::Button;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::platform::intl::use_format;
use crate::ui::session::{Adding, use_session};
use leptos::prelude::*;

/// How many customers are offered; each has ten interactions on average.
const SIZES: [u32; 2] = [10_000, 50_000];
const EACH: u32 = 10;

/// The settings.
#[component]
pub(super) fn Developer() -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let one = move |customers: u32| {
        let words = move || {
            let (customers, entries) = (format.number(customers), format.number(customers * EACH));
            t_string!(i18n, settings.developer.size, customers = customers, entries = entries).to_string()
        };
        view! {
            <Setting title=Signal::derive(words)>
                <Button on_press=move |_| session.add(Adding::Sample(SampleSize::Scale { customers }))>
                    {text!(i18n, settings.developer.make, customers = format.number(customers))}
                </Button>
            </Setting>
        }
    };
    view! {
        <Group title=text!(i18n, settings.developer.title)>
            {SIZES.map(one)}
            <p class="set-p">{text!(i18n, settings.developer.text)}</p>
        </Group>
    }
}

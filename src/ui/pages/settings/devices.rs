//! The account's devices: which there are, when each was last heard of, and having one let in no more.

use super::{Group, Setting};
use crate::port::{Command, DeviceCard, Query};
use crate::ui::components::{Button, Kind, TextField};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::platform::intl::{Format, When, use_format};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The list, asked of the server anew each time that the settings open.
#[component]
pub(super) fn Devices() -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let devices = session.watch::<Vec<DeviceCard>>(|| Query::Devices);
    // Without the server the last answer stays, and says when it is from.
    session.dispatch(Command::LookForDevices, |_| ());
    let rows = move || devices.get().unwrap_or_default();
    let places = session.places();
    let several = Memo::new(move |_| places.with(|places| places.len() > 1));
    view! {
        <Group title=text!(i18n, security.devices.title)>
            <Show when=move || rows().is_empty()>
                <p class="set-p">{text!(i18n, security.devices.none)}</p>
            </Show>
            <Show when=move || several.get()>
                <p class="set-p">{text!(i18n, security.devices.several)}</p>
            </Show>
            <For each=rows key=shown let:card>
                <Row card />
            </For>
        </Group>
    }
}

/// What a row shows of a card: another row is made only if that changes, because a name may be being typed.
fn shown(card: &DeviceCard) -> (String, String, Option<u64>, Option<(u64, u32)>) {
    let moving = (!card.this).then_some((card.last_ms, card.waiting));
    (card.id.clone(), card.name.clone(), card.revoked_at_ms, moving)
}

#[component]
fn Row(card: DeviceCard) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let (told, named) = (card.clone(), card.clone());
    let line = Signal::derive(move || line(i18n.get_locale(), format, &told));
    let title = Signal::derive(move || title(i18n.get_locale(), &named));
    let open = !card.this && card.revoked_at_ms.is_none();
    let (id, renamed) = (card.id.clone(), (card.this || open).then_some(card));
    view! {
        <Setting title line>
            {open.then(|| view! { <Revoke device=id /> })}
        </Setting>
        {renamed.map(|card| view! { <Rename card /> })}
    }
}

/// Its name, or the end of its number.
fn title(locale: Locale, card: &DeviceCard) -> String {
    match &card.name {
        name if name.is_empty() => {
            let number = card.id.get(12..).unwrap_or_default().to_uppercase();
            td_string!(locale, security.devices.unnamed, number = number).to_string()
        }
        name => name.clone(),
    }
}

fn line(locale: Locale, format: Format, card: &DeviceCard) -> String {
    let at = |ms: u64| format.when(ms.cast_signed(), When::Moment);
    let seen = match (card.revoked_at_ms, card.this) {
        (Some(when), _) => td_string!(locale, security.devices.revoked, time = at(when)).to_string(),
        (None, true) => td_string!(locale, security.devices.this).to_owned(),
        (None, false) => td_string!(locale, security.devices.seen, time = at(card.last_ms)).to_string(),
    };
    match card.waiting {
        // What this one has not sent, the sync centre tells.
        _ if card.this => seen,
        0 => seen,
        count => {
            let unsent = td_string!(locale, security.devices.unsent, count = format.number(count));
            format!("{seen} · {unsent}")
        }
    }
}

/// Two presses, because it cannot be taken back.
#[component]
fn Revoke(device: String) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let asked = RwSignal::new(false);
    let press = move |_| {
        if !asked.get_untracked() {
            return asked.set(true);
        }
        asked.set(false);
        let said = t_string!(i18n, security.devices.done);
        session.act(Command::RevokeDevice { device: device.clone() }, said);
    };
    let words = move || match asked.get() {
        false => t_string!(i18n, security.devices.revoke),
        true => t_string!(i18n, security.devices.sure),
    };
    view! { <Button on_press=press>{words}</Button> }
}

#[component]
fn Rename(card: DeviceCard) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    // Another one's is asked for first: a row of fields would hide the list.
    let asked = RwSignal::new(card.this);
    let (device, typed) = (StoredValue::new(card.id), RwSignal::new(card.name));
    let label = Signal::derive(move || match card.this {
        true => t_string!(i18n, security.devices.name).to_owned(),
        false => t_string!(i18n, security.devices.name_other).to_owned(),
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let said = t_string!(i18n, security.devices.named);
        session.act(Command::NameDevice { device: device.get_value(), name: typed.get_untracked() }, said);
    };
    view! {
        <Show
            when=move || asked.get()
            fallback=move || {
                view! { <div class="row set"><Button kind=Kind::Quiet on_press=move |_| asked.set(true)>{text!(i18n, security.devices.rename)}</Button></div> }
            }
        >
            <form class="row set" on:submit=submit novalidate=true>
                <TextField label=label value=typed />
                <Button submit=true>{text!(i18n, common.save)}</Button>
            </form>
        </Show>
    }
}

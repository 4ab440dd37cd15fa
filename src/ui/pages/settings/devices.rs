//! The account's devices: which there are, when each was last heard of, and having one let in no more.

use super::{Group, Setting};
use crate::port::{Command, DeviceCard, Query};
use crate::ui::components::{Button, Kind, TextField};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::security::{Again, PassphraseAgain, Task};
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
            <Show when=move || { rows().len() > 1 }>
                <p class="set-p">{text!(i18n, security.devices.word)}</p>
            </Show>
            <For each=rows key=|card| card.id.clone() let:card>
                <Row first=card devices />
            </For>
        </Group>
    }
}

/// One device. The row stays while what it tells changes: a name may be being typed in it.
#[component]
fn Row(first: DeviceCard, devices: ReadSignal<Option<Vec<DeviceCard>>>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let (id, this) = (StoredValue::new(first.id.clone()), first.this);
    let card = Memo::new(move |_| as_it_is(&first, &devices.get().unwrap_or_default()));
    let line = Signal::derive(move || card.with(|card| line(i18n.get_locale(), format, card)));
    let title = Signal::derive(move || card.with(|card| title(i18n.get_locale(), card)));
    let name = Memo::new(move |_| card.with(|card| card.name.clone()));
    let let_in = Memo::new(move |_| card.with(|card| card.revoked_at_ms.is_none()));
    let (revocable, revoking) = (Signal::derive(move || !this && let_in.get()), RwSignal::new(false));
    view! {
        <Setting title line>
            <Show when=move || revocable.get() && !revoking.get()>
                <Button on_press=move |_| revoking.set(true)>{text!(i18n, security.devices.revoke)}</Button>
            </Show>
        </Setting>
        <Show when=move || revocable.get() && revoking.get()><Revoke device=id asked=revoking /></Show>
        <Show when=move || this || let_in.get()><Rename device=id.get_value() this name /></Show>
    }
}

/// A device as it was told last.
fn as_it_is(first: &DeviceCard, devices: &[DeviceCard]) -> DeviceCard {
    devices.iter().find(|card| card.id == first.id).unwrap_or(first).clone()
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
        (None, _) if card.hidden => {
            td_string!(locale, security.devices.hidden, time = at(card.last_ms)).to_string()
        }
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

/// The passphrase first, because it cannot be taken back and is not for whoever finds this device open.
#[component]
fn Revoke(device: StoredValue<String>, asked: RwSignal<bool>) -> impl IntoView {
    let (i18n, session, task) = (use_i18n(), use_session(), Task::new());
    let again = Again::new(task.failed);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| task.busy()) || !again.submit() {
            return;
        }
        let said = t_string!(i18n, security.devices.done);
        let command = Command::RevokeDevice { device: device.get_value(), passphrase: again.secret() };
        task.run(command, move |_| {
            asked.try_set(false);
            session.toasts().say(said, None);
        });
    };
    let words = task.words(Signal::derive(move || t_string!(i18n, security.devices.sure).to_owned()));
    view! {
        <form class="set-p stack" on:submit=submit novalidate=true>
            <p>{text!(i18n, security.devices.what)}</p>
            <PassphraseAgain again />
            <div class="acts">
                <Button on_press=move |_| asked.set(false)>{text!(i18n, common.cancel)}</Button>
                <Button submit=true disabled=Signal::derive(move || task.busy())>{move || words.get()}</Button>
            </div>
        </form>
    }
}

#[component]
fn Rename(device: String, this: bool, name: Memo<String>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    // Another one's is asked for first: a row of fields would hide the list.
    let asked = RwSignal::new(this);
    let (device, typed) = (StoredValue::new(device), RwSignal::new(name.get_untracked()));
    Effect::new(move |before: Option<String>| {
        let now = name.get();
        if let Some(before) = before {
            follow(&before, &now, this, typed, asked);
        }
        now
    });
    let label = Signal::derive(move || match this {
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

/// The name has changed: what was not touched shows the new one, and what was typed is done with once it is the name.
fn follow(before: &str, now: &str, this: bool, typed: RwSignal<String>, asked: RwSignal<bool>) {
    let typing = typed.get_untracked();
    if typing == now {
        asked.set(this);
    } else if typing == before {
        typed.set(now.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_half_typed_stays_while_the_device_is_heard_of() {
        let owner = Owner::new();
        let (typed, asked) = owner.with(|| (RwSignal::new("Tab".to_owned()), RwSignal::new(true)));
        follow("Old", "Other", false, typed, asked);
        assert_eq!((typed.get_untracked().as_str(), asked.get_untracked()), ("Tab", true));
        follow("Other", "Tab", false, typed, asked);
        assert!(!asked.get_untracked());
        follow("Tab", "Tablet", false, typed, asked);
        assert_eq!(typed.get_untracked(), "Tablet");
    }
}

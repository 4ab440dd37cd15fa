//! The lists of the partner form: phones, mail addresses, messenger names, postal addresses.

use super::form::{Fields, Line, Place6, wrong_with};
use super::form_model::{ADDRESS_LABELS, Points};
use crate::ui::components::{Button, Icon, IconButton, Kind};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::vocabulary::label_word;
use leptos::prelude::*;

/// Stands for a label in the person's own word.
const OWN: &str = "own";

fn heading(locale: Locale, points: Points) -> &'static str {
    match points {
        Points::Phones => td_string!(locale, customer.form.phones),
        Points::Mails => td_string!(locale, customer.form.mails),
        Points::Messengers => td_string!(locale, customer.form.messengers),
    }
}

fn noun(locale: Locale, points: Points) -> &'static str {
    match points {
        Points::Phones => td_string!(locale, customer.form.phone),
        Points::Mails => td_string!(locale, customer.form.mail),
        Points::Messengers => td_string!(locale, customer.form.messenger),
    }
}

fn add_word(locale: Locale, points: Points) -> &'static str {
    match points {
        Points::Phones => td_string!(locale, customer.form.add_phone),
        Points::Mails => td_string!(locale, customer.form.add_mail),
        Points::Messengers => td_string!(locale, customer.form.add_messenger),
    }
}

/// A list of contact points.
#[component]
pub(super) fn PointLines(
    /// The form.
    fields: Fields,
    /// Which list.
    points: Points,
) -> impl IntoView {
    let i18n = use_i18n();
    let lines = fields.lines(points);
    view! {
        <fieldset class="fs">
            <legend>{move || heading(i18n.get_locale(), points)}</legend>
            <For each=move || lines.get() key=|line| line.id children=move |line| view! { <PointLine fields=fields points=points line=line /> } />
            <Button kind=Kind::Quiet icon="plus" on_press=move |_| fields.add_line(points)>{move || add_word(i18n.get_locale(), points)}</Button>
        </fieldset>
    }
}

#[component]
fn PointLine(fields: Fields, points: Points, line: Line) -> impl IntoView {
    let i18n = use_i18n();
    let lines = fields.lines(points);
    let position =
        move || lines.with(|lines| lines.iter().position(|known| known.id == line.id).unwrap_or_default());
    let wrong = wrong_with(fields, move || format!("{}/{}", points.field(), position()));
    // A field of the type "email" tells another text than it shows, and takes what is written back to it.
    let (kind, inputmode) = match points {
        Points::Phones => ("tel", "tel"),
        Points::Mails => ("text", "email"),
        Points::Messengers => ("text", "text"),
    };
    let remove = move |_| lines.update(|lines| lines.retain(|known| known.id != line.id));
    let note = format!("l{}-n", line.id);
    view! {
        <div class="line">
            <LabelSelect label=line.label offered=points.labels() />
            <div class="field">
                <input
                    type=kind
                    inputmode=inputmode
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    aria-label=move || noun(i18n.get_locale(), points)
                    aria-invalid=move || wrong.with(|wrong| (!wrong.is_empty()).then_some("true"))
                    aria-describedby=note.clone()
                    prop:value=move || line.value.get()
                    on:input=move |event| line.value.set(event_target_value(&event))
                    on:blur=move |_| fields.look_over()
                />
            </div>
            <IconButton
                icon="x"
                label=Signal::derive(move || t_string!(i18n, customer.form.remove, what = noun(i18n.get_locale(), points)).to_string())
                on_press=remove
            />
        </div>
        <p class="fld-n" id=note>
            {move || Some(wrong.get()).filter(|wrong| !wrong.is_empty()).map(|wrong| view! { <span class="fld-e"><Icon name="alert" />{wrong}</span> })}
        </p>
    }
}

/// A label: one that is offered, or an own word.
#[component]
fn LabelSelect(label: RwSignal<String>, offered: &'static [&'static str]) -> impl IntoView {
    let i18n = use_i18n();
    let own = RwSignal::new(label.with_untracked(|label| !offered.contains(&label.as_str())));
    let choose = move |chosen: String| {
        own.set(chosen == OWN);
        label.set(if chosen == OWN { String::new() } else { chosen });
    };
    let option = move |slug: &'static str| {
        let chosen = move || !own.get() && label.with(|label| label == slug);
        view! { <option value=slug selected=chosen>{move || label_word(i18n.get_locale(), slug)}</option> }
    };
    view! {
        <div class="field field-s">
            <select aria-label=move || t_string!(i18n, customer.form.label) on:change=move |event| choose(event_target_value(&event))>
                {offered.iter().copied().map(option).collect_view()}
                <option value=OWN selected=move || own.get()>{move || t_string!(i18n, customer.form.label_own)}</option>
            </select>
            <Icon name="down" />
        </div>
        <Show when=move || own.get()>
            <div class="field">
                <input
                    type="text"
                    autocomplete="off"
                    aria-label=move || t_string!(i18n, customer.form.label_own)
                    prop:value=move || label.get()
                    on:input=move |event| label.set(event_target_value(&event))
                />
            </div>
        </Show>
    }
}

/// The addresses.
#[component]
pub(super) fn Addresses(
    /// The form.
    fields: Fields,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <fieldset class="fs">
            <legend>{move || t_string!(i18n, customer.form.addresses)}</legend>
            <For each=move || fields.addresses.get() key=|place| place.id children=move |place| view! { <OneAddress fields=fields place=place /> } />
            <Button kind=Kind::Quiet icon="plus" on_press=move |_| fields.add_address()>{move || t_string!(i18n, customer.form.add_address)}</Button>
        </fieldset>
    }
}

fn part_word(locale: Locale, part: usize) -> &'static str {
    match part {
        0 => td_string!(locale, customer.form.street),
        1 => td_string!(locale, customer.form.district),
        2 => td_string!(locale, customer.form.city),
        3 => td_string!(locale, customer.form.region),
        4 => td_string!(locale, customer.form.postal_code),
        _ => td_string!(locale, customer.form.country),
    }
}

/// The parts as one writes them: from the street to the country, in Chinese from the country to the street.
fn part_order(locale: Locale) -> [usize; 6] {
    match locale {
        Locale::en => [0, 1, 2, 3, 4, 5],
        Locale::zh_CN => [5, 3, 2, 1, 0, 4],
    }
}

#[component]
fn OneAddress(fields: Fields, place: Place6) -> impl IntoView {
    let i18n = use_i18n();
    let remove = move |_| fields.addresses.update(|places| places.retain(|known| known.id != place.id));
    let part = |locale: Locale, part: usize, value: RwSignal<String>| {
        view! {
            <label class=if part == 0 { "field field-in wide" } else { "field field-in" }>
                <span>{part_word(locale, part)}</span>
                <input
                    type="text"
                    autocomplete="off"
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
            </label>
        }
    };
    let parts = move || {
        let locale = i18n.get_locale();
        part_order(locale).into_iter().map(|at| part(locale, at, place.parts[at])).collect_view()
    };
    view! {
        <div class="addr">
            <div class="line">
                <LabelSelect label=place.label offered=ADDRESS_LABELS />
                <span class="grow"></span>
                <IconButton
                    icon="x"
                    label=Signal::derive(move || t_string!(i18n, customer.form.remove, what = t_string!(i18n, customer.details.address)).to_string())
                    on_press=remove
                />
            </div>
            <div class="addr-g">{parts}</div>
        </div>
    }
}

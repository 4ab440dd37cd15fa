//! The fields of the log form.

use super::clipboard::PasteButton;
use super::dictate::Dictate;
use super::form::{FollowUp, LogForm};
use super::methods::{FIRST, REST, note_words, takes_minutes};
use super::paste;
use super::promise::Promise;
use super::read::take_pasted;
use super::sheet::toggle_proposal;
use super::who::named;
use crate::port::PartnerRow;
use crate::ui::components::{Button, Icon, IconButton, Kind, SelectField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::{ChoosePart, FindPartner};
use crate::ui::pages::vocabulary::slug::{OUTCOMES, TYPES, parse_record_type, record_type_slug};
use crate::ui::pages::vocabulary::{
    code_word, local_day, method_icon, method_word, ms_of_day, outcome_icon, outcome_word, record_type_word,
    relationship_word,
};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::{clock, dom};
use leptos::prelude::*;
use satchel_domain::{Invalid, Method, Outcome, Participation, RecordType, Relationship, field};

/// The id of what the note proposes.
const PROPOSAL: &str = "log-follow";

/// What is wrong with the form.
pub(super) type Wrong = RwSignal<Vec<Invalid>>;

/// What is wrong with a field, in words; empty for nothing.
pub(super) fn wrong_with(wrong: Wrong, field: &'static str) -> Signal<String> {
    let i18n = use_i18n();
    Signal::derive(move || {
        let code =
            wrong.with(|wrong| wrong.iter().find(|found| found.field == field).map(|found| found.code));
        code.map(|code| code_word(i18n.get_locale(), code).to_owned()).unwrap_or_default()
    })
}

fn is_wrong(error: Signal<String>) -> Option<&'static str> {
    error.with(|error| (!error.is_empty()).then_some("true"))
}

#[component]
fn WrongLine(error: Signal<String>, id: &'static str) -> impl IntoView {
    view! {
        <p class="fld-n" id=id>
            {move || Some(error.get()).filter(|error| !error.is_empty()).map(|error| view! { <span class="fld-e"><Icon name="alert" />{error}</span> })}
        </p>
    }
}

/// By which channel.
#[component]
pub(super) fn MethodField(
    /// The form.
    form: RwSignal<LogForm>,
) -> impl IntoView {
    let i18n = use_i18n();
    let method = Memo::new(move |_| form.with(|form| form.method));
    let all = RwSignal::new(false);
    let shows_all = Memo::new(move |_| all.get() || REST.contains(&method.get()));
    let option = move |value: Method| {
        view! {
            <label class="opt opt-m">
                <input type="radio" name="method" prop:checked=move || method.get() == value on:change=move |_| form.update(|form| form.method = value) />
                <span><Icon name=method_icon(value) />{move || method_word(i18n.get_locale(), value)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="fs">
            <legend>{move || t_string!(i18n, log.method)}</legend>
            <div class="meth">
                {FIRST.into_iter().map(option).collect_view()}
                <Show when=move || shows_all.get()>{REST.into_iter().map(option).collect_view()}</Show>
            </div>
            <Show when=move || !shows_all.get()>
                <Button kind=Kind::Quiet icon="down" on_press=move |_| all.set(true)>{move || t_string!(i18n, log.more_methods)}</Button>
            </Show>
        </fieldset>
    }
}

/// How it went. A second tap takes the choice back.
#[component]
pub(super) fn OutcomeField(
    /// The form.
    form: RwSignal<LogForm>,
) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = Memo::new(move |_| form.with(|form| form.outcome));
    let option = move |value: Outcome| {
        let again = move |_| {
            if outcome.get_untracked() == Some(value) {
                form.update(|form| form.outcome = None);
            }
        };
        view! {
            <label class="opt">
                <input
                    type="radio"
                    name="outcome"
                    prop:checked=move || outcome.get() == Some(value)
                    on:click=again
                    on:change=move |_| form.update(|form| form.outcome = Some(value))
                />
                <span><Icon name=outcome_icon(value) />{move || outcome_word(i18n.get_locale(), value)}</span>
            </label>
        }
    };
    view! {
        <fieldset class="fs">
            <legend>{move || t_string!(i18n, log.outcome)}</legend>
            <div class="outs">{OUTCOMES.into_iter().map(|(value, _)| option(value)).collect_view()}</div>
        </fieldset>
    }
}

/// What was said.
#[component]
pub(super) fn NoteField(
    /// The form.
    form: RwSignal<LogForm>,
    /// What is wrong.
    wrong: Wrong,
    /// Whether what is pasted says what the entry is: not of one that is there already.
    reads: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || note_words(i18n.get_locale(), form.with(|form| form.method));
    let error = wrong_with(wrong, field::CONTENT);
    view! {
        <div class="fs">
            <label class="lbl" for="log-note">{move || words().0}</label>
            <div class="note">
                <textarea
                    id="log-note"
                    rows="3"
                    autocomplete="off"
                    placeholder=move || words().1
                    aria-describedby="log-note-n"
                    aria-invalid=move || is_wrong(error)
                    prop:value=move || form.with(|form| form.content.clone())
                    on:input=move |event| form.update(|form| form.content = event_target_value(&event))
                    on:paste=move |_| {
                        if reads {
                            request_animation_frame(move || take_pasted(form));
                        }
                    }
                ></textarea>
                <div class="note-do">{reads.then(|| view! { <PasteButton form=form /> })}<Dictate form=form /></div>
            </div>
            <WrongLine error=error id="log-note-n" />
        </div>
    }
}

/// The follow-up: what the note proposes, accepted at a tap, or one in the person's own words.
#[component]
pub(super) fn FollowField(
    /// The form.
    form: RwSignal<LogForm>,
    /// What is wrong.
    wrong: Wrong,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let proposal = Memo::new(move |_| form.with(|form| form.proposal(local_day(clock::now_ms()))));
    let own = Memo::new(move |_| form.with(|form| matches!(form.follow, FollowUp::Own { .. })));
    let accepted = Memo::new(move |_| form.with(|form| form.follow == FollowUp::Proposed));
    let begin = move |_| {
        let (title, due) = proposal
            .get_untracked()
            .map(|promise| (promise.title, promise.due.to_string()))
            .unwrap_or_default();
        form.update(|form| form.follow = FollowUp::Own { title, due });
    };
    // What the note promises is offered while one writes, often at the lower edge of what is shown. Of a text that was
    // pasted it is shown above whom it names.
    let proposed = Memo::new(move |_| proposal.with(Option::is_some) && !own.get());
    Effect::new(move |before: Option<bool>| {
        let now = proposed.get();
        if now && before == Some(false) && form.with_untracked(|form| paste::read(&form.content).is_none()) {
            request_animation_frame(|| dom::reveal(PROPOSAL));
        }
        now
    });
    let line = move |promise: &Promise| {
        let day = format.when(ms_of_day(promise.due), When::WeekDay);
        t_string!(i18n, log.follow_by, title = promise.title.clone(), day = day).to_string()
    };
    view! {
        {move || match (own.get(), proposal.get()) {
            (true, _) => view! { <OwnFollow form=form wrong=wrong /> }.into_any(),
            (false, None) => view! {
                <Button kind=Kind::Quiet icon="plus" on_press=begin>{move || t_string!(i18n, log.follow_add)}</Button>
            }
            .into_any(),
            (false, Some(promise)) => view! {
                <div class="prop-w" id=PROPOSAL>
                    <label class="prop">
                        <input type="checkbox" prop:checked=move || accepted.get() on:change=move |_| toggle_proposal(form) />
                        <span class="prop-c"><Icon name="check" /></span>
                        <span class="prop-b">
                            <span class="k">{move || t_string!(i18n, log.follow)}</span>
                            <b>{move || line(&promise)}</b>
                        </span>
                    </label>
                    <IconButton icon="log" label=Signal::derive(move || t_string!(i18n, log.change).to_owned()) on_press=begin />
                </div>
            }
            .into_any(),
        }}
    }
}

#[component]
fn OwnFollow(form: RwSignal<LogForm>, wrong: Wrong) -> impl IntoView {
    let i18n = use_i18n();
    let error = wrong_with(wrong, field::TITLE);
    let own = move || match form.with(|form| form.follow.clone()) {
        FollowUp::Own { title, due } => (title, due),
        FollowUp::None | FollowUp::Proposed => (String::new(), String::new()),
    };
    let write =
        move |title: String, due: String| form.update(|form| form.follow = FollowUp::Own { title, due });
    view! {
        <fieldset class="fs">
            <legend>{move || t_string!(i18n, log.follow_own)}</legend>
            <div class="follow-f">
                <div class="field">
                    <input
                        type="text"
                        autocomplete="off"
                        aria-label=move || t_string!(i18n, log.follow_title)
                        placeholder=move || t_string!(i18n, log.follow_title)
                        aria-invalid=move || is_wrong(error)
                        aria-describedby="log-follow-n"
                        prop:value=move || own().0
                        on:input=move |event| write(event_target_value(&event), untrack(own).1)
                    />
                </div>
                <div class="field">
                    <input type="date" autocomplete="off" aria-label=move || t_string!(i18n, log.follow_due) prop:value=move || own().1 on:change=move |event| write(untrack(own).0, event_target_value(&event)) />
                </div>
                <IconButton icon="x" label=Signal::derive(move || t_string!(i18n, log.follow_remove).to_owned()) on_press=move |_| form.update(|form| form.follow = FollowUp::None) />
            </div>
            <WrongLine error=error id="log-follow-n" />
        </fieldset>
    }
}

/// When it happened and how long it took. An empty time is now.
#[component]
pub(super) fn TimeField(
    /// The form.
    form: RwSignal<LogForm>,
    /// What is wrong.
    wrong: Wrong,
) -> impl IntoView {
    let i18n = use_i18n();
    let (at_wrong, minutes_wrong) = (wrong_with(wrong, field::AT), wrong_with(wrong, field::MINUTES));
    let minutes =
        Memo::new(move |_| form.with(|form| takes_minutes(form.method) || !form.minutes.is_empty()));
    let at = move || match form.with(|form| form.at.clone()) {
        at if at.is_empty() => clock::to_local_input(clock::now_ms()),
        at => at,
    };
    view! {
        <div class="when-f">
            <div class="fs">
                <label class="lbl" for="log-at">{move || t_string!(i18n, log.time)}</label>
                <div class="field">
                    <input
                        id="log-at"
                        type="datetime-local"
                        autocomplete="off"
                        aria-describedby="log-at-n"
                        aria-invalid=move || is_wrong(at_wrong)
                        prop:value=at
                        on:change=move |event| form.update(|form| form.at = event_target_value(&event))
                    />
                </div>
                <WrongLine error=at_wrong id="log-at-n" />
            </div>
            <Show when=move || minutes.get()>
                <div class="fs">
                    <label class="lbl" for="log-min">{move || t_string!(i18n, log.minutes)}</label>
                    <div class="field">
                        <input
                            id="log-min"
                            type="text"
                            inputmode="numeric"
                            autocomplete="off"
                            aria-describedby="log-min-n"
                            aria-invalid=move || is_wrong(minutes_wrong)
                            prop:value=move || form.with(|form| form.minutes.clone())
                            on:input=move |event| form.update(|form| form.minutes = event_target_value(&event))
                        />
                    </div>
                    <WrongLine error=minutes_wrong id="log-min-n" />
                </div>
            </Show>
        </div>
    }
}

/// Type, place and people: what most entries do not need.
#[component]
pub(super) fn MoreFields(
    /// The form.
    form: RwSignal<LogForm>,
) -> impl IntoView {
    let i18n = use_i18n();
    let filled = form.with_untracked(|form| !form.place.is_empty() || !form.participants.is_empty());
    // What is folded away is built when it is unfolded, and stays then.
    let wanted = RwSignal::new(filled);
    view! {
        <details class="more-f" open=filled on:toggle=move |_| wanted.set(true)>
            <summary>{move || t_string!(i18n, log.more)}<Icon name="down" /></summary>
            <Show when=move || wanted.get()><MoreParts form=form /></Show>
        </details>
    }
}

#[component]
fn MoreParts(form: RwSignal<LogForm>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
            <div class="frm">
                <TypeField form=form />
                <div class="fs">
                    <label class="lbl" for="log-place">{move || t_string!(i18n, log.place)}</label>
                    <div class="field">
                        <input
                            id="log-place"
                            type="text"
                            autocomplete="off"
                            placeholder=move || t_string!(i18n, log.place_hint)
                            prop:value=move || form.with(|form| form.place.clone())
                            on:input=move |event| form.update(|form| form.place = event_target_value(&event))
                        />
                    </div>
                </div>
                <Others form=form />
            </div>
    }
}

#[component]
fn TypeField(form: RwSignal<LogForm>) -> impl IntoView {
    let i18n = use_i18n();
    let value = move || form.with(|form| record_type_slug(&form.effective_type()));
    let options = move || {
        let word = |value: &RecordType| record_type_word(i18n.get_locale(), value);
        let mut options: Vec<(String, String)> =
            TYPES.iter().map(|(value, slug)| ((*slug).to_owned(), word(value))).collect();
        let now = form.with(LogForm::effective_type);
        if matches!(now, RecordType::Other(_)) {
            options.push((record_type_slug(&now), word(&now)));
        }
        options
    };
    view! {
        <SelectField
            label=Signal::derive(move || t_string!(i18n, log.record_type).to_owned())
            value=Signal::derive(value)
            options=Signal::derive(options)
            on_choose=move |slug: String| form.update(|form| form.record_type = parse_record_type(&slug))
        />
    }
}

/// Who else took part, each as what.
#[component]
fn Others(form: RwSignal<LogForm>) -> impl IntoView {
    let i18n = use_i18n();
    let (typed, part) = (RwSignal::new(String::new()), RwSignal::new(Some(Relationship::Attendee)));
    let others = Memo::new(move |_| form.with(|form| form.participants.iter().cloned().collect::<Vec<_>>()));
    let add = move |row: PartnerRow| {
        let Some(relationship) = part.get_untracked() else { return };
        let other = Participation { partner: row.id, relationship };
        form.update(|form| form.participants.extend([other]));
    };
    view! {
        <fieldset class="fs">
            <legend>{move || t_string!(i18n, log.others)}</legend>
            <ul class="parts">
                <For each=move || others.get() key=Clone::clone children=move |other| view! { <Other form=form other=other /> } />
            </ul>
            <ChoosePart part=part />
            <FindPartner
                label=Signal::derive(move || t_string!(i18n, log.add_participant).to_owned())
                placeholder=Signal::derive(move || t_string!(i18n, log.add_participant).to_owned())
                typed=typed
                on_choose=add
            />
        </fieldset>
    }
}

#[component]
fn Other(form: RwSignal<LogForm>, other: Participation) -> impl IntoView {
    let i18n = use_i18n();
    let who = named(other.partner);
    let name = move || who.get().map(|(name, _)| name).unwrap_or_default();
    let word = other.relationship.clone();
    let remove = move |_| form.update(|form| form.participants.retain(|known| *known != other));
    view! {
        <li>
            <span>{name}<span class="sep">"·"</span>{move || relationship_word(i18n.get_locale(), &word)}</span>
            <IconButton icon="x" label=Signal::derive(move || t_string!(i18n, log.remove, name = name()).to_string()) on_press=remove />
        </li>
    }
}

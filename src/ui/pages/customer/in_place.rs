//! A detail that is changed where it stands: a tap, the change, Enter; Escape leaves it as it was. What is typed is kept
//! as in a form, and stands there again after a lock or a reload.

use super::Card;
use super::detail::{Detail, Entry};
use crate::port::Command;
use crate::ui::components::{Icon, IconButton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::draft::{self, Base, Kept, use_kept};
use crate::ui::pages::vocabulary::code_word;
use crate::ui::platform::{clock, dom};
use crate::ui::routes::{Sheet, use_nav};
use crate::ui::session::{Said, use_session};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use satchel_domain::{Code, PartnerDraft, RecordId};
use serde::{Deserialize, Serialize};

/// What is being changed, kept above the details: what another device changes meanwhile draws them anew.
#[derive(Debug, Clone, PartialEq)]
struct Changing {
    /// Where it stands on the card now.
    at: Detail,
    /// Which detail of `seen` it is.
    detail: Detail,
    seen: PartnerDraft,
    typed: String,
    wrong: Option<Code>,
}

/// What is kept of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Typed {
    detail: Option<Detail>,
    text: String,
}

impl Changing {
    fn is_changed(&self) -> bool {
        self.typed != self.detail.of(&self.seen)
    }

    /// As it was kept; `None` for nothing that is understood. What was typed where something is gone from the card
    /// since is an error.
    fn kept(text: &str, card: &PartnerDraft) -> Option<Result<Self, String>> {
        let now = Base { seen: Some(card.clone()), fresh: Typed::default() };
        let begun = draft::begin(text, now, |_| Typed::default());
        let (seen, Typed { detail, text: typed }) = (begun.base.seen?, begun.form);
        let detail = detail?;
        Some(match detail.moved(&seen, card) {
            Some(at) => Ok(Self { at, detail, seen, typed, wrong: None }),
            None => Err(typed),
        })
    }
}

/// The change of one detail of a customer.
#[derive(Clone, Copy)]
pub(super) struct Change {
    now: RwSignal<Option<Changing>>,
    kept: Option<Kept>,
}

impl Change {
    /// For a customer's details; where only the most important are shown, nothing is changed.
    pub(super) fn of(card: Card, may_change: bool) -> Self {
        let (i18n, session) = (use_i18n(), use_session());
        let now = RwSignal::new(None::<Changing>);
        let seen = move || card.with_untracked(|card| card.as_ref().map(|card| card.partner.clone()));
        let kept = seen().filter(|_| may_change).map(|partner| {
            let (kept, text) = use_kept(format!("fact/{}", partner.id.to_hex()));
            Effect::new(move || {
                let Some((text, partner)) = text.get().filter(|text| !text.is_empty()).zip(seen()) else {
                    return;
                };
                match Changing::kept(&text, &partner.card) {
                    Some(Ok(changing)) if now.with_untracked(Option::is_none) => now.set(Some(changing)),
                    Some(Ok(_)) => {}
                    Some(Err(typed)) => {
                        kept.drop_it();
                        let said = t_string!(i18n, customer.details.gone, text = typed).to_string();
                        session.toasts().say(said, None);
                    }
                    None => kept.drop_it(),
                }
            });
            kept
        });
        Self { now, kept }
    }

    /// Whether it is this detail.
    pub(super) fn is(self, detail: Detail) -> bool {
        self.now.with(|now| now.as_ref().is_some_and(|now| now.at == detail))
    }

    /// Whether a detail stands open: until it is left, what others change does not draw the details anew around it.
    pub(super) fn is_open(self) -> bool {
        self.now.with(Option::is_some)
    }

    fn is_changed(self) -> bool {
        self.now.with_untracked(|now| now.as_ref().is_some_and(Changing::is_changed))
    }

    fn write(self, text: String) {
        self.now.update(|now| {
            if let Some(now) = now {
                now.typed = text;
                now.wrong = None;
            }
        });
        let Some((kept, now)) = self.kept.zip(self.now.get_untracked()) else { return };
        match now.is_changed() {
            true => {
                let base = Base { seen: Some(now.seen), fresh: Typed::default() };
                kept.keep(&base, &Typed { detail: Some(now.detail), text: now.typed });
            }
            false => kept.drop_it(),
        }
    }

    /// Leaves everything as it was.
    fn leave(self) {
        if self.is_changed() {
            self.kept.into_iter().for_each(Kept::drop_it);
        }
        self.now.set(None);
    }
}

/// The way to change a detail.
#[component]
pub(super) fn Edit(
    /// What is known.
    card: Card,
    /// Which one.
    detail: Detail,
    /// What it is called.
    term: String,
    /// What is being changed.
    change: Change,
) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let label = move || t_string!(i18n, customer.details.edit_this, what = term.clone()).to_string();
    let begin = move |_| {
        let seen = card
            .with_untracked(|card| card.as_ref().map(|card| (card.partner.id, card.partner.card.clone())));
        let Some((id, seen)) = seen else { return };
        if detail == Detail::InForm {
            return nav.open(Sheet::EditPartner(id));
        }
        // What is half typed elsewhere is ended first, by whoever typed it.
        if change.is_changed() {
            return dom::focus_first(FIELD);
        }
        change.now.set(Some(Changing { at: detail, detail, typed: detail.of(&seen), seen, wrong: None }));
        request_animation_frame(|| dom::focus_first(FIELD));
    };
    view! { <IconButton icon="log" class="wr fact-p" label=Signal::derive(label) on_press=begin /> }
}

/// The field while it is open.
const FIELD: &str = ".fact-e :is(input, textarea, select)";

/// The focus goes back to where the change began, unless it is elsewhere by then.
fn focus_pencil(detail: Detail) {
    request_animation_frame(move || {
        if dom::focused().is_none_or(|it| it.tag_name() == "BODY") {
            dom::focus_first(&format!("[data-fact='{detail:?}'] .fact-p"));
        }
    });
}

/// The field in which it is changed.
#[component]
pub(super) fn Field(
    /// Whose it is.
    partner: RecordId,
    /// Which one.
    detail: Detail,
    /// What it is called.
    term: String,
    /// What is being changed.
    change: Change,
) -> impl IntoView {
    let (i18n, session, entry) = (use_i18n(), use_session(), detail.entry());
    let leave = move || {
        change.leave();
        focus_pencil(detail);
    };
    let save = move || {
        let Some(changing) = change.now.get_untracked() else { return };
        let draft = match changing.detail.changed(&changing.seen, &changing.typed, clock::now_ms()) {
            Ok(draft) if draft == changing.seen => return leave(),
            Ok(draft) => draft,
            Err(code) => return change.now.set(Some(Changing { wrong: Some(code), ..changing })),
        };
        change.now.set(None);
        focus_pencil(detail);
        let said = Said::new(t_string!(i18n, customer.form.saved)).about(changing.seen.name.clone());
        let forget = change.kept.map(Kept::dropping);
        let command = Command::EditPartner { id: partner, seen: changing.seen.clone(), draft };
        session.dispatch(command, move |ended| match ended {
            Ok(done) => {
                forget.into_iter().for_each(|forget| forget());
                session.toasts().say(said, done.undo);
                // What was changed draws the details anew.
                request_animation_frame(move || focus_pencil(detail));
            }
            Err(failure) => {
                change.now.try_set(Some(changing));
                session.toasts().failed(&failure);
            }
        });
    };
    let keys = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !dom::composing(&event) && (entry != Entry::Words || dom::saves(&event)) => {
            event.prevent_default();
            save();
        }
        "Escape" if !dom::composing(&event) => {
            event.stop_propagation();
            leave();
        }
        _ => {}
    };
    let typed = Memo::new(move |_| {
        change.now.with(|now| now.as_ref().map(|it| it.typed.clone()).unwrap_or_default())
    });
    let wrong = move || change.now.with(|now| now.as_ref().and_then(|now| now.wrong));
    let invalid = move || wrong().map(|_| "true");
    let frame = match entry {
        Entry::Line(_) => "field",
        Entry::Words => "note field-w",
        Entry::Choice => "field field-s",
    };
    let write = move |event| change.write(event_target_value(&event));
    let control = match entry {
        Entry::Line(kind) => view! {
            <input
                type=kind
                autocomplete="off"
                aria-label=term
                aria-invalid=invalid
                aria-describedby="fact-n"
                prop:value=typed
                on:input=write
                on:keydown=keys
            />
        }
        .into_any(),
        Entry::Words => view! {
            <textarea
                rows="4"
                autocomplete="off"
                aria-label=term
                aria-invalid=invalid
                aria-describedby="fact-n"
                prop:value=typed
                on:input=write
                on:keydown=keys
            ></textarea>
        }
        .into_any(),
        Entry::Choice => {
            let options = detail.options(i18n.get_locale_untracked(), &typed.get_untracked());
            let option = move |(slug, word): (String, String)| {
                let chosen = slug.clone();
                view! { <option value=slug selected=move || typed.with(|typed| *typed == chosen)>{word}</option> }
            };
            view! {
                <select
                    aria-label=term
                    aria-describedby="fact-n"
                    on:change=write
                    on:keydown=keys
                >
                    {options.into_iter().map(option).collect_view()}
                </select>
                <Icon name="down" />
            }
            .into_any()
        }
    };
    view! {
        <span class="fact-e">
            <span class=frame>{control}</span>
            <IconButton icon="check" label=text!(i18n, customer.form.save) on_press=move |_| save() />
            <IconButton icon="x" label=text!(i18n, customer.details.leave) on_press=move |_| leave() />
            <span class="fld-n" id="fact-n" role="status">
                {move || wrong().map(|code| view! { <span class="fld-e"><Icon name="alert" />{code_word(i18n.get_locale(), code)}</span> })}
            </span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::customer::detail::tests::draft;

    #[test]
    fn what_was_typed_stands_there_again_r111() {
        let base = Base { seen: Some(draft()), fresh: Typed::default() };
        let text = base.text(&Typed { detail: Some(Detail::Phone(1)), text: "138".into() }).expect("a draft");
        let now = PartnerDraft { name: "Anna Li".into(), ..draft() };
        let again = Changing::kept(&text, &now).expect("kept").expect("there");
        assert_eq!((again.at, again.typed.as_str(), again.is_changed()), (Detail::Phone(1), "138", true));
        assert_eq!(again.seen, draft(), "what others changed since is not written over");
        let mut one = draft();
        one.phones.remove(0);
        let again = Changing::kept(&text, &one).expect("kept").expect("there");
        assert_eq!((again.at, again.detail), (Detail::Phone(0), Detail::Phone(1)), "the same number");
        let gone = PartnerDraft { phones: Vec::new(), ..draft() };
        assert_eq!(Changing::kept(&text, &gone), Some(Err("138".to_owned())));
        assert_eq!(Changing::kept("", &now), None);
    }
}

//! What was read from a pasted text: shown above the form, with the customers whom it may be about. Who is named in it
//! without a doubt is chosen at once.

use super::form::LogForm;
use super::paste::{self, Chat, Mail, Pasted};
use crate::port::{PartnerRow, Query};
use crate::ui::components::{Icon, Monogram, Size};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customer::talks;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::{clock, dom};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{Method, RecordId};
use std::collections::BTreeMap;

/// Customers that are looked for by a name or an address: a second one makes a doubt.
const FOUND: u32 = 2;
/// Names or addresses that are looked for; where a text has more, nobody is chosen.
const CLUES: usize = 8;
/// The id of what is shown.
const READ: &str = "log-read";

/// Whom each clue leads to without a doubt, of those that were looked up.
type Leads = BTreeMap<String, Option<RecordId>>;

/// Whom a name leads to: of those who were found by it, the only one who has that very name. A part of an address may be
/// a stranger's.
fn lead(clue: &str, found: &[PartnerRow]) -> Option<RecordId> {
    let named = |row: &&PartnerRow| row.name.trim().to_lowercase() == clue.trim().to_lowercase();
    let mut same = found.iter().filter(named);
    same.next().filter(|_| same.next().is_none()).map(|one| one.id)
}

/// The one to whom all of the clues lead that lead to anybody, once all of them were looked up.
fn sure(clues: &[String], leads: &Leads) -> Option<RecordId> {
    let told: Option<Vec<Option<RecordId>>> = clues.iter().map(|clue| leads.get(clue).copied()).collect();
    let mut to = told.filter(|_| clues.len() <= CLUES)?.into_iter().flatten();
    let first = to.next()?;
    to.all(|id| id == first).then_some(first)
}

/// Sets the method to what was pasted, and the time to what it says; the text stays as it is.
pub(super) fn take_pasted(form: RwSignal<LogForm>) {
    form.try_update(read_pasted);
}

/// The same for a form that nobody watches yet.
pub(super) fn read_pasted(form: &mut LogForm) {
    match paste::read(&form.content) {
        None => {}
        Some(Pasted::Chat(Chat { at, .. })) => {
            if !talks(form.method) {
                form.method = Method::WeChat;
            }
            take_time(form, at);
        }
        Some(Pasted::Mail(mail)) => {
            form.method = Method::Mail;
            take_time(form, mail.sent_ms.map_or(mail.at, clock::to_local_input));
        }
    }
}

/// Nothing was said later than now: the clock was another one.
fn take_time(form: &mut LogForm, at: String) {
    let was = clock::from_local_input(&at).is_some_and(|at| at <= clock::now_ms());
    if form.at.is_empty() && was {
        form.at = at;
    }
}

/// What the text says of itself.
#[component]
pub(super) fn ReadFrom(
    /// The form.
    form: RwSignal<LogForm>,
) -> impl IntoView {
    let i18n = use_i18n();
    let read = Memo::new(move |_| form.with(|form| paste::read(&form.content)));
    let open = Memo::new(move |_| form.with(|form| form.partner.is_none()));
    let clues = Memo::new(move |_| {
        let mut clues = read.with(|read| read.as_ref().map(Pasted::clues).unwrap_or_default());
        clues.sort();
        clues.dedup();
        clues
    });
    let leads = RwSignal::new(Leads::new());
    let named = Memo::new(move |_| clues.with(|clues| leads.with(|leads| sure(clues, leads))));
    let chosen = choose_who_is_named(form, clues, named);
    let mail = Memo::new(move |_| match read.get() {
        Some(Pasted::Mail(mail)) => Some(mail),
        _ => None,
    });
    let guess = move |clue: String| {
        let named = clue.clone();
        let tell = move |id: Option<RecordId>| {
            leads.update(|leads| {
                leads.insert(named.clone(), id);
            });
        };
        view! { <Guess form=form clue=clue on_lead=tell /> }
    };
    view! {
        <div id=READ class="read">
            {move || mail.get().map(|mail| view! { <MailLines mail=mail /> })}
            <Show when=move || open.get()>
                <For each=move || clues.get().into_iter().take(CLUES) key=String::clone children=guess />
            </Show>
            <p class="hint read-c" role="status">
                {move || chosen.get().then(|| view! { <Icon name="check" />{t_string!(i18n, log.read.chosen)} })}
            </p>
        </div>
    }
}

/// Chooses who is named without a doubt, once for the same names, and brings what was read into view; says whether the
/// one that is chosen was chosen here.
fn choose_who_is_named(
    form: RwSignal<LogForm>,
    clues: Memo<Vec<String>>,
    named: Memo<Option<RecordId>>,
) -> Memo<bool> {
    let chosen = RwSignal::new(None::<(Vec<String>, RecordId)>);
    Effect::new(move || {
        let (clues, Some(id)) = (clues.get(), named.get()) else { return };
        let before =
            chosen.with_untracked(|chosen| chosen.as_ref().is_some_and(|(names, _)| *names == clues));
        if !before && form.with_untracked(|form| form.partner.is_none()) {
            chosen.set(Some((clues, id)));
            form.update(|form| form.partner = Some(id));
        }
    });
    let known = Memo::new(move |_| (clues.with(|clues| !clues.is_empty()), chosen.with(Option::is_some)));
    Effect::new(move |before: Option<(bool, bool)>| {
        let now = known.get();
        if now.0 && before.is_some_and(|before| before != now) {
            request_animation_frame(|| dom::reveal(READ));
        }
        now
    });
    Memo::new(move |_| {
        let partner = form.with(|form| form.partner);
        partner.is_some() && chosen.with(|chosen| chosen.as_ref().map(|(_, id)| *id)) == partner
    })
}

/// From whom to whom, when and about what.
#[component]
fn MailLines(mail: Mail) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let at = mail.sent_ms.or_else(|| clock::from_local_input(&mail.at));
    let Mail { from, to, subject, .. } = mail;
    view! {
        <dl class="read-m" aria-label=text!(i18n, log.read.mail)>
            <Icon name="mail" />
            <dt class="sr">{text!(i18n, log.read.subject)}</dt>
            <dd><b>{subject}</b></dd>
            <dt class="sr">{text!(i18n, log.read.people)}</dt>
            <dd>{from}{(!to.is_empty()).then(|| format!(" → {to}"))}</dd>
            {at.map(|at| view! { <dt class="sr">{text!(i18n, log.time)}</dt><dd class="num">{move || format.when(at, When::Moment)}</dd> })}
        </dl>
    }
}

/// Who is known by a name or an address in the text.
#[component]
fn Guess(
    form: RwSignal<LogForm>,
    /// The name or address.
    clue: String,
    /// Hears whom it leads to.
    #[prop(into)]
    on_lead: Callback<Option<RecordId>>,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let asked = clue.clone();
    let found = session.watch::<Vec<PartnerRow>>(move || Query::Find {
        text: asked.clone(),
        limit: FOUND,
        kind: None,
    });
    Effect::new(move || {
        let told = found.with(|found| found.as_ref().map(|found| lead(&clue, found)));
        told.into_iter().for_each(|told| on_lead.run(told));
    });
    let one = move |row: PartnerRow| {
        let PartnerRow { id, kind, name, aside, .. } = row;
        let shown = name.clone();
        let words = move || t_string!(i18n, log.read.about, name = shown.clone()).to_string();
        view! {
            <button class="hit read-g" type="button" on:click=move |_| form.update(|form| form.partner = Some(id))>
                <Monogram name=name kind=kind key=id.0 size=Size::Small />
                <span><b>{words}</b><span>{aside}</span></span>
            </button>
        }
    };
    move || found.get().unwrap_or_default().into_iter().take(1).map(one).collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::Mark;
    use satchel_domain::PartnerKind;

    fn row(id: u8, name: &str) -> PartnerRow {
        PartnerRow {
            id: RecordId([id; 16]),
            kind: PartnerKind::Person,
            name: name.to_owned(),
            aside: String::new(),
            letter: 'L',
            next_step: None,
            last_contact_ms: None,
            phone: String::new(),
            bought: Vec::new(),
            mark: Mark::Synced,
        }
    }

    #[test]
    fn who_has_the_very_name_is_chosen_and_who_may_be_meant_is_asked_for_r21() {
        let (li, other, long) = (row(1, "李明"), row(2, "李明"), row(3, "李明亮"));
        let table = [
            ("李明", vec![li.clone(), long.clone()], Some(li.id)),
            ("李明", vec![li.clone(), other], None),
            ("李明", vec![long], None),
            ("LI Ming ", vec![row(4, "Li Ming")], Some(RecordId([4; 16]))),
            ("li@corp.example", vec![row(5, "Wang Li")], None),
            ("李明", vec![], None),
        ];
        for (clue, found, to) in table {
            assert_eq!(lead(clue, &found), to, "{clue}");
        }
    }

    #[test]
    fn two_names_that_are_known_leave_a_doubt() {
        let clues = ["李明", "陈岚"].map(str::to_owned);
        let leads = |ids: &[Option<u8>]| -> Leads {
            let told = clues.iter().cloned().zip(ids);
            told.map(|(clue, id)| (clue, id.map(|id| RecordId([id; 16])))).collect()
        };
        assert_eq!(sure(&clues, &leads(&[Some(1), None])), Some(RecordId([1; 16])));
        assert_eq!(sure(&clues, &leads(&[None, Some(2)])), Some(RecordId([2; 16])));
        assert_eq!(sure(&clues, &leads(&[Some(1), Some(1)])), Some(RecordId([1; 16])));
        assert_eq!(sure(&clues, &leads(&[Some(1), Some(2)])), None);
        assert_eq!(sure(&clues, &leads(&[Some(1)])), None, "the other one was not looked up yet");
        assert_eq!(sure(&clues, &leads(&[None, None])), None);
    }
}

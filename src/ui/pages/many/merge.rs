//! Making two customers one: who the other is, then field by field what is taken of which (R3).

use super::side::{Choice, Take};
use crate::port::{Alike, Command, Common, Merge, Newcomer, PartnerCard, PartnerRow, Query};
use crate::ui::components::{Empty, Icon, Monogram, SheetFrame, Size, Skeleton};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::customer::FindPartner;
use crate::ui::pages::draft;
use crate::ui::pages::vocabulary::{field_word, gender_word, kind_word, partner_type_word};
use crate::ui::platform::intl::use_format;
use crate::ui::routes::{Place, Sheet, Tab, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{PartnerDraft, RecordId, field as f};

/// The sheet.
#[component]
pub fn MergeSheet(
    /// Who stays.
    id: RecordId,
    /// Who gives way, once chosen.
    with: Option<RecordId>,
) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let watch = move |of: Option<RecordId>| {
        draft::first(session.watch_if::<Option<Box<PartnerCard>>>(move || of.map(|id| Query::Partner { id })))
    };
    let (ours, theirs) = (watch(Some(id)), watch(with));
    let close = move |()| nav.close();
    let bare = move |content: AnyView| {
        view! {
            <SheetFrame title=text!(i18n, many.merge.title) close_word=text!(i18n, common.close) on_close=close>{content}</SheetFrame>
        }
        .into_any()
    };
    move || match (ours.get(), with, theirs.get()) {
        (None, ..) | (_, Some(_), None) => bare(view! { <Skeleton lines=5 /> }.into_any()),
        (Some(Some(ours)), None, _) => bare(view! { <ChooseOther card=*ours /> }.into_any()),
        (Some(Some(ours)), _, Some(Some(theirs))) if ours.partner.id != theirs.partner.id => {
            view! { <Both ours=*ours theirs=*theirs /> }.into_any()
        }
        _ => bare(view! { <Empty icon="customers" text=text!(i18n, many.merge.one_already) /> }.into_any()),
    }
}

/// Who is alike, and a search for anybody else.
#[component]
fn ChooseOther(card: PartnerCard) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let (id, name) = (card.partner.id, card.partner.card.name.clone());
    let newcomer = newcomer(&card.partner.card, card.organisation.as_ref(), Some(id));
    let found = session.watch::<Vec<Alike>>(move || Query::Alike(newcomer.clone()));
    let typed = RwSignal::new(String::new());
    let choose = move |other: RecordId| {
        if other != id {
            nav.open(Sheet::Merge { id, with: Some(other) });
        }
    };
    let one = move |alike: Alike| {
        let who = alike.partner.id;
        view! {
            <li><button class="hit" type="button" on:click=move |_| choose(who)><AlikeRow alike=alike /></button></li>
        }
    };
    view! {
        <div class="frm">
            <p>{move || t_string!(i18n, many.merge.whom, name = name.clone()).to_string()}</p>
            <ul class="hits">{move || found.get().unwrap_or_default().into_iter().map(one).collect_view()}</ul>
            <FindPartner
                label=text!(i18n, many.merge.find)
                placeholder=text!(i18n, many.merge.find)
                kind=card.partner.card.kind
                typed=typed
                on_choose=move |row: PartnerRow| choose(row.id)
            />
        </div>
    }
}

/// What is compared of somebody.
pub(crate) fn newcomer(
    draft: &PartnerDraft,
    organisation: Option<&PartnerRow>,
    but: Option<RecordId>,
) -> Newcomer {
    Newcomer {
        kind: draft.kind,
        name: draft.name.clone(),
        company: organisation.map(|row| row.name.clone()).unwrap_or_default(),
        phones: draft.phones.iter().map(|phone| phone.value.clone()).collect(),
        mails: draft.mails.iter().map(|mail| mail.value.clone()).collect(),
        but,
    }
}

/// Somebody who is alike: who, how alike, and in what.
#[component]
pub(crate) fn AlikeRow(
    /// Who.
    alike: Alike,
) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let Alike { partner, percent, common } = alike;
    let PartnerRow { id, kind, name, aside, .. } = partner;
    let title = match aside.is_empty() {
        true => name.clone(),
        false => format!("{name} · {aside}"),
    };
    let words = move || {
        let locale = i18n.get_locale();
        let common: Vec<String> =
            common.iter().map(|common| common_word(locale, *common).to_owned()).collect();
        format!("{} · {}", format.percent(f64::from(percent) / 100.0), format.list(&common))
    };
    view! {
        <Monogram name=name kind=kind key=id.0 size=Size::Small />
        <span><b>{title}</b><span>{words}</span></span>
    }
}

fn common_word(locale: Locale, common: Common) -> &'static str {
    match common {
        Common::Phone => td_string!(locale, many.alike.phone),
        Common::Mail => td_string!(locale, many.alike.mail),
        Common::Name => td_string!(locale, many.alike.name),
        Common::NearName => td_string!(locale, many.alike.near),
        Common::Company => td_string!(locale, many.alike.company),
    }
}

/// What is said of the two beside their values.
#[derive(Debug, Clone, Default)]
pub struct Sides {
    /// The names of their organisations.
    pub organisations: [String; 2],
    /// What their owners are called.
    pub owners: [String; 2],
}

#[component]
fn Both(ours: PartnerCard, theirs: PartnerCard) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let (into, from) = (ours.partner.id, theirs.partner.id);
    let company =
        |card: &PartnerCard| card.organisation.as_ref().map(|row| row.name.clone()).unwrap_or_default();
    let sides = Sides {
        organisations: [company(&ours), company(&theirs)],
        owners: [ours.owner.clone(), theirs.owner.clone()],
    };
    let seen = ours.partner.card.clone();
    let choice = RwSignal::new(Choice::new(seen.clone(), theirs.partner.card.clone()));
    let merge = move |_| {
        let draft = choice.with_untracked(Choice::draft);
        let name = draft.name.clone();
        let said = t_string!(i18n, many.merge.done, name = name).to_string();
        session.act(Command::Merge(Box::new(Merge { into, from, seen: seen.clone(), draft })), said);
        nav.go_instead(Place::Customer(into, Tab::Brief));
    };
    let footer = move || {
        let merge = merge.clone();
        view! {
            <p class="kept"></p>
            <button class="btn btn-1 save wr" type="button" on:click=merge>{text!(i18n, many.merge.do_it)}</button>
        }
    };
    view! {
        <SheetFrame title=text!(i18n, many.merge.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close() footer=footer>
            <div class="frm">
                <div class="mrg-w">
                    <Who card=ours stays=true />
                    <Who card=theirs stays=false />
                </div>
                <p class="hint">{text!(i18n, many.merge.text)}</p>
                <FieldByField choice=choice sides=sides />
            </div>
        </SheetFrame>
    }
}

/// One of the two, with what hangs on it.
#[component]
fn Who(card: PartnerCard, stays: bool) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let (contacts, orders) = (card.summary.count, card.orders);
    let hangs = move || hangs_word(i18n.get_locale(), (contacts, orders), &|count: u32| format.number(count));
    let fate =
        move || if stays { t_string!(i18n, many.merge.stays) } else { t_string!(i18n, many.merge.gives_way) };
    let (partner, code) = (card.partner, card.code);
    let name = partner.card.name.clone();
    view! {
        <div class="mrg-c">
            <Monogram name=partner.card.name kind=partner.card.kind key=partner.id.0 />
            <b>{name}</b>
            <span class="k num">{code}</span>
            <span class="k">{hangs}</span>
            <span class="chip" class:chip-ok=stays>{fate}</span>
        </div>
    }
}

/// How many contacts and orders there are; nothing is said of what there is none of.
fn hangs_word(locale: Locale, (contacts, orders): (u32, u32), number: &dyn Fn(u32) -> String) -> String {
    let contacts = match contacts {
        0 => None,
        1 => Some(td_string!(locale, many.merge.contacts_single).to_owned()),
        count => Some(td_string!(locale, many.merge.contacts, count = number(count)).to_string()),
    };
    let orders = match orders {
        0 => None,
        1 => Some(td_string!(locale, many.merge.orders_single).to_owned()),
        count => Some(td_string!(locale, many.merge.orders, count = number(count)).to_string()),
    };
    let said: Vec<String> = [contacts, orders].into_iter().flatten().collect();
    match said.is_empty() {
        true => td_string!(locale, many.merge.hangs_nothing).to_owned(),
        false => said.join(" · "),
    }
}

/// What the two say differently, and every number, address and tag of both.
#[component]
pub(crate) fn FieldByField(
    /// What is taken.
    choice: RwSignal<Choice>,
    /// What is said of the two beside their values.
    sides: Sides,
) -> impl IntoView {
    let i18n = use_i18n();
    let questions = choice.with_untracked(Choice::questions);
    let entries = choice.with_untracked(Choice::entries);
    let none = questions.is_empty();
    let sides = StoredValue::new(sides);
    let one = |(field, key, shown): (&'static str, String, String)| view! { <Entry choice=choice field=field key=key shown=shown /> };
    view! {
        {none.then(|| view! { <p class="safe safe-ok"><Icon name="check" /><span>{text!(i18n, many.merge.agree)}</span></p> })}
        {questions.into_iter().map(|field| view! { <Question choice=choice field=field sides=sides /> }).collect_view()}
        {(!entries.is_empty()).then(|| {
            view! {
                <fieldset class="fs">
                    <legend>{text!(i18n, many.merge.entries)}</legend>
                    <ul class="rows">{entries.into_iter().map(one).collect_view()}</ul>
                </fieldset>
            }
        })}
    }
}

/// Two values of one field, one of which is taken; of notes also both.
#[component]
fn Question(choice: RwSignal<Choice>, field: &'static str, sides: StoredValue<Sides>) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |take: Take| {
        let words = move || match take {
            Take::Both => t_string!(i18n, many.merge.both).to_owned(),
            side => choice.with(|choice| said(i18n.get_locale(), choice, field, side, &sides.get_value())),
        };
        view! {
            <label class="opt">
                <input
                    type="radio"
                    name=format!("mrg-{field}")
                    prop:checked=move || choice.with(|choice| choice.take(field) == take)
                    on:change=move |_| choice.update(|choice| choice.choose(field, take))
                />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="fs">
            <legend>{move || field_word(i18n.get_locale(), field)}</legend>
            <div class="mrg-q">
                {option(Take::Ours)}
                {option(Take::Theirs)}
                {(field == f::NOTE).then(|| option(Take::Both))}
            </div>
        </fieldset>
    }
}

/// A value in words.
fn said(locale: Locale, choice: &Choice, field: &str, side: Take, sides: &Sides) -> String {
    let (draft, at) = match side {
        Take::Theirs => (&choice.theirs, 1),
        _ => (&choice.ours, 0),
    };
    match field {
        f::NAME => draft.name.clone(),
        f::KIND => kind_word(locale, draft.kind).to_owned(),
        f::TYPE => partner_type_word(locale, &draft.partner_type),
        f::ORGANISATION => sides.organisations[at].clone(),
        f::OWNER => sides.owners[at].clone(),
        f::POSITION => draft.position.clone(),
        f::BIRTH_YEAR => draft.birth_year.map(|year| year.to_string()).unwrap_or_default(),
        f::GENDER => gender_word(locale, &draft.gender),
        f::WEBSITE => draft.website.clone(),
        f::NOTE => first_words(&draft.note),
        _ => String::new(),
    }
}

/// The beginning of a note.
fn first_words(note: &str) -> String {
    const SHOWN: usize = 120;
    match note.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &note[..end]),
        None => note.to_owned(),
    }
}

/// A number, an address or a tag that is kept or left out.
#[component]
fn Entry(choice: RwSignal<Choice>, field: &'static str, key: String, shown: String) -> impl IntoView {
    let i18n = use_i18n();
    let key = StoredValue::new(key);
    let on = move || choice.with(|choice| choice.keeps(field, &key.get_value()));
    let toggle = move |_| choice.update(|choice| choice.toggle(field, &key.get_value()));
    view! {
        <li>
            <label class="row mrg-e">
                <input type="checkbox" prop:checked=on on:change=toggle />
                <span class="row-b"><b>{shown}</b><span>{move || field_word(i18n.get_locale(), field)}</span></span>
            </label>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_on_a_customer_is_counted_in_words_r3() {
        let said = |locale, hangs| hangs_word(locale, hangs, &|count| count.to_string());
        assert_eq!(said(Locale::en, (1, 0)), "1 contact");
        assert_eq!(said(Locale::en, (0, 1)), "1 order");
        assert_eq!(said(Locale::en, (2, 3)), "2 contacts · 3 orders");
        assert_eq!(said(Locale::en, (0, 0)), "No contacts or orders");
        assert_eq!(said(Locale::zh_CN, (1, 0)), "1 次联系");
        assert_eq!(said(Locale::zh_CN, (12, 1)), "12 次联系 · 1 个订单");
        assert_eq!(said(Locale::zh_CN, (0, 0)), "没有联系和订单");
    }
}

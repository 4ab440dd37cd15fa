//! Customers change hands: to whom, and what she should know (R121).

use crate::port::{
    Command, HandOver, HandOverTask, Outcome, PartnerCard, PartnerList, Query, Role, Rows, Team, TeamId,
    TeamMember, Whose, Window,
};
use crate::ui::components::{Button, Kind, SheetFrame, Skeleton, TextArea};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::customers::View;
use crate::ui::pages::draft;
use crate::ui::pages::log::due_moment;
use crate::ui::pages::memory::use_memory;
use crate::ui::pages::vocabulary::reading;
use crate::ui::platform::clock;
use crate::ui::platform::intl::use_format;
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{Moment, RecordId};

/// The sheet for one customer.
#[component]
pub fn HandOverSheet(
    /// Which customer.
    id: RecordId,
) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let card = draft::first(session.watch::<Option<Box<PartnerCard>>>(move || Query::Partner { id }));
    let team = draft::first(session.watch::<Box<Team>>(|| Query::Team));
    view! {
        <SheetFrame title=text!(i18n, customer.owner.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {move || match (card.get().flatten(), team.get()) {
                (Some(card), Some(team)) => view! { <One card=*card team=*team /> }.into_any(),
                _ => view! { <Skeleton lines=3 /> }.into_any(),
            }}
        </SheetFrame>
    }
}

/// The sheet for all that the list shows.
#[component]
pub fn HandOverListedSheet() -> impl IntoView {
    let (i18n, nav, session, memory) = (use_i18n(), use_nav(), use_session(), use_memory());
    let team = draft::first(session.watch::<Box<Team>>(|| Query::Team));
    // What was shown when the sheet opened: the list must not change under the hand.
    let (filter, sort) = memory.view.with_untracked(View::asked);
    let asked = filter.clone();
    let list = draft::first(session.watch::<PartnerList>(move || {
        let window = Window { offset: 0, limit: 0 };
        Query::Partners { filter: asked.clone(), sort, window, rows: Rows::Lines }
    }));
    let whose = StoredValue::new(Whose::Listed(Box::new(filter)));
    view! {
        <SheetFrame title=text!(i18n, customer.owner.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {move || match (list.get(), team.get()) {
                (Some(list), Some(team)) => view! { <Many count=list.total whose=whose.get_value() team=*team /> }.into_any(),
                _ => view! { <Skeleton lines=3 /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn One(card: PartnerCard, team: Team) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let owner = card.partner.card.owner.map(|owner| owner.0);
    let (id, name, open) = (card.partner.id, card.partner.card.name, card.tasks.len());
    let named = name.clone();
    let give = Callback::new(move |given: Given| {
        let Given { to, taker, by, note } = given;
        let title = t_string!(i18n, customer.owner.task, by = by, name = named.clone()).to_string();
        let task = Some(HandOverTask { title: with_note(title, &note), due: today() });
        let words = t_string!(i18n, customer.owner.done, name = named.clone(), to = taker).to_string();
        let whose = Whose::These(vec![id]);
        session.act(Command::HandOver(HandOver { whose, to: Some(to), task }), words);
    });
    let along = Signal::derive(move || match open {
        0 => t_string!(i18n, customer.owner.along_none).to_owned(),
        1 => t_string!(i18n, customer.owner.along_single).to_owned(),
        _ => t_string!(i18n, customer.owner.along, count = open).to_string(),
    });
    let text = Signal::derive(move || t_string!(i18n, customer.owner.text, name = name.clone()).to_string());
    let label = text!(i18n, customer.owner.give);
    view! { <Form team owner text along label give /> }
}

#[component]
fn Many(count: u32, whose: Whose, team: Team) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let give = Callback::new(move |given: Given| {
        let Given { to, taker, by, note } = given;
        let title = t_string!(i18n, customer.owner.task_many, by = by).to_string();
        let task = Some(HandOverTask { title: with_note(title, &note), due: today() });
        let given = HandOver { whose: whose.clone(), to: Some(to), task };
        session.dispatch(Command::HandOver(given), move |ended| match ended {
            Ok(done) => {
                let Outcome::HandedOver(count) = done.outcome else {
                    return session.toasts().partly(i18n.get_locale_untracked(), &done.outcome, done.undo);
                };
                // The sheet and its formats are gone by now.
                let count = use_format().number(count);
                let said = t_string!(i18n, customer.owner.done_many, count = count, to = taker).to_string();
                session.toasts().say(said, done.undo);
            }
            Err(failure) => session.toasts().failed(&failure),
        });
    });
    let text = Signal::derive(move || {
        t_string!(i18n, customer.owner.text_many, count = format.number(count)).to_string()
    });
    let label = Signal::derive(move || {
        t_string!(i18n, customer.owner.give_many, count = format.number(count)).to_string()
    });
    let along = text!(i18n, customer.owner.along_many);
    view! { <Form team owner=None text along label give /> }
}

/// What was chosen.
struct Given {
    to: TeamId,
    /// What she is called.
    taker: String,
    /// Who gives.
    by: String,
    note: String,
}

#[component]
fn Form(
    team: Team,
    owner: Option<TeamId>,
    text: Signal<String>,
    along: Signal<String>,
    #[prop(into)] label: Signal<String>,
    give: Callback<Given>,
) -> impl IntoView {
    let (i18n, nav) = (use_i18n(), use_nav());
    let by = team.members.iter().find(|member| member.me).map(|me| me.name.clone()).unwrap_or_default();
    let takers: Vec<TeamMember> = team.members.into_iter().filter(|it| may_take(it, owner)).collect();
    let (chosen, note) = (RwSignal::new(None::<TeamId>), RwSignal::new(String::new()));
    let said = takers.clone();
    let press = move |_| {
        let Some(to) = chosen.get_untracked() else { return };
        let taker = said.iter().find(|member| member.id == to).map(|it| it.name.clone()).unwrap_or_default();
        give.run(Given { to, taker, by: by.clone(), note: note.get_untracked() });
        nav.close();
    };
    view! {
        <div class="frm">
            <p>{move || text.get()}</p>
            <Takers takers chosen />
            <TextArea label=text!(i18n, customer.owner.note) value=note hint=text!(i18n, customer.owner.note_hint) />
            <p class="hint">{move || along.get()}</p>
            <Button kind=Kind::Primary disabled=Signal::derive(move || chosen.get().is_none()) on_press=press>
                {move || label.get()}
            </Button>
        </div>
    }
}

fn with_note(title: String, note: &str) -> String {
    match note.trim() {
        "" => title,
        note => format!("{title}: {note}"),
    }
}

/// Whoever may write, but for whom it is already.
fn may_take(member: &TeamMember, owner: Option<TeamId>) -> bool {
    member.role >= Role::Editor && owner != Some(member.id)
}

#[component]
fn Takers(takers: Vec<TeamMember>, chosen: RwSignal<Option<TeamId>>) -> impl IntoView {
    let i18n = use_i18n();
    let one = move |TeamMember { id, name, me, .. }: TeamMember| {
        view! {
            <label class="opt">
                <input type="radio" name="taker" prop:checked=move || chosen.get() == Some(id) on:change=move |_| chosen.set(Some(id)) />
                <span>{name}{me.then(|| view! { <small>{text!(i18n, customer.owner.me)}</small> })}</span>
            </label>
        }
    };
    view! {
        <fieldset class="fs">
            <legend>{text!(i18n, customer.owner.to)}</legend>
            <div class="outs">{takers.into_iter().map(one).collect_view()}</div>
        </fieldset>
    }
}

/// The whole of today, as a task is due.
pub fn today() -> Option<Moment> {
    let now = clock::to_local_input(clock::now_ms());
    due_moment(now.split('T').next()?, &reading(), &mut Vec::new())
}

//! A customer changes hands: to whom, and what she should know (R121).

use crate::port::{Command, HandOver, HandOverTask, PartnerCard, Query, Role, Team, TeamId, TeamMember};
use crate::ui::components::{Button, Kind, SheetFrame, Skeleton, TextArea};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::draft;
use crate::ui::pages::log::due_moment;
use crate::ui::pages::vocabulary::reading;
use crate::ui::platform::clock;
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::{Moment, RecordId};

/// The sheet.
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
                (Some(card), Some(team)) => view! { <Form card=*card team=*team /> }.into_any(),
                _ => view! { <Skeleton lines=3 /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn Form(card: PartnerCard, team: Team) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let owner = card.partner.card.owner.map(|owner| owner.0);
    let (id, name, open) = (card.partner.id, card.partner.card.name, card.tasks.len());
    let by = team.members.iter().find(|member| member.me).map(|me| me.name.clone()).unwrap_or_default();
    let takers: Vec<TeamMember> = team.members.into_iter().filter(|it| may_take(it, owner)).collect();
    let (chosen, note) = (RwSignal::new(None::<TeamId>), RwSignal::new(String::new()));
    let (named, said) = (name.clone(), takers.clone());
    let give = move |_| {
        let Some(to) = chosen.get_untracked() else { return };
        let taker = said.iter().find(|member| member.id == to).map(|it| it.name.clone()).unwrap_or_default();
        let note = note.get_untracked().trim().to_owned();
        let title = t_string!(i18n, customer.owner.task, by = by.clone(), name = named.clone()).to_string();
        let title = if note.is_empty() { title } else { format!("{title}: {note}") };
        let task = Some(HandOverTask { title, due: today() });
        let given = HandOver { partners: vec![id], to: Some(to), task };
        let words = t_string!(i18n, customer.owner.done, name = named.clone(), to = taker).to_string();
        session.act(Command::HandOver(given), words);
        nav.close();
    };
    let along = move || match open {
        0 => t_string!(i18n, customer.owner.along_none).to_owned(),
        1 => t_string!(i18n, customer.owner.along_single).to_owned(),
        _ => t_string!(i18n, customer.owner.along, count = open).to_string(),
    };
    view! {
        <div class="frm">
            <p>{move || t_string!(i18n, customer.owner.text, name = name.clone()).to_string()}</p>
            <Takers takers chosen />
            <TextArea label=text!(i18n, customer.owner.note) value=note hint=text!(i18n, customer.owner.note_hint) />
            <p class="hint">{along}</p>
            <Button kind=Kind::Primary disabled=Signal::derive(move || chosen.get().is_none()) on_press=give>
                {text!(i18n, customer.owner.give)}
            </Button>
        </div>
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

fn today() -> Option<Moment> {
    let now = clock::to_local_input(clock::now_ms());
    due_moment(now.split('T').next()?, &reading(), &mut Vec::new())
}

//! The sheet that changes or deletes many customers: what, how many it touches, then at a press and with one undo.

use super::bar::{Unseen, use_picked_count};
use super::whom::{OwnerChoice, TagChoice, TypeChoice};
use crate::port::{
    Bulk, BulkChange, BulkPreview, Command, Done, HandOverTask, MOST_MOVED, Outcome, PartnerRow, Query, Team,
    WorkspaceRef,
};
use crate::ui::components::{Empty, Icon, Monogram, Segmented, SheetFrame, Size};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::customer::{Targets, today};
use crate::ui::pages::memory::{Memory, use_memory};
use crate::ui::pages::security::Task;
use crate::ui::pages::welcome::Failed;
use crate::ui::platform::intl::{Format, use_format};
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// What is to be changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum What {
    #[default]
    Tag,
    Type,
    Owner,
    Move,
    Delete,
}

/// What is chosen so far. Copies are the same choice.
#[derive(Debug, Clone, Copy)]
struct Choice {
    what: RwSignal<What>,
    change: RwSignal<Option<BulkChange>>,
    /// Where they move.
    place: RwSignal<Option<WorkspaceRef>>,
}

impl Choice {
    fn new() -> Self {
        Self { what: RwSignal::default(), change: RwSignal::new(None), place: RwSignal::new(None) }
    }

    fn choose(self, what: What) {
        self.what.set(what);
        self.place.set(None);
        self.change.set((what == What::Delete).then_some(BulkChange::Delete));
    }

    /// The act on whom the list has chosen, as it is looked at before: a move changes each that is meant, as
    /// deleting does.
    fn bulk(self, memory: Memory) -> Option<Bulk> {
        let change = match self.place.get() {
            Some(_) => BulkChange::Delete,
            None => self.change.get()?,
        };
        let filter = memory.view.with(|view| view.asked().0);
        let meant = memory.picked.with(|picked| picked.as_ref().map(|picked| picked.meant(filter)))?;
        Some(Bulk { meant, change, task: None })
    }

    fn is_made(self) -> bool {
        self.change.with(Option::is_some) || self.place.with(Option::is_some)
    }
}

/// The sheet.
#[component]
pub fn BulkSheet() -> impl IntoView {
    let (i18n, nav, memory) = (use_i18n(), use_nav(), use_memory());
    let nobody = memory.picked.with_untracked(Option::is_none);
    let choice = Choice::new();
    let preview = preview(choice);
    let footer = move || view! { <Footer choice=choice preview=preview /> };
    let close = move |()| nav.close();
    if nobody {
        return view! {
            <SheetFrame title=text!(i18n, many.title) close_word=text!(i18n, common.close) on_close=close>
                <Empty icon="customers" text=text!(i18n, many.nobody) />
            </SheetFrame>
        }
        .into_any();
    }
    view! {
        <SheetFrame title=text!(i18n, many.title) close_word=text!(i18n, common.close) on_close=close footer=footer>
            <div class="frm">
                <Unseen known=use_picked_count() />
                <ChangeChoice choice=choice />
                <Preview choice=choice preview=preview />
            </div>
        </SheetFrame>
    }
    .into_any()
}

fn preview(choice: Choice) -> ReadSignal<Option<BulkPreview>> {
    let memory = use_memory();
    use_session().watch_if::<BulkPreview>(move || choice.bulk(memory).map(Query::Bulk))
}

/// One of a few kinds of change, and its value.
#[component]
fn ChangeChoice(choice: Choice) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let Choice { what, change, place } = choice;
    let others = session.watch::<Vec<WorkspaceRef>>(|| Query::Beside);
    let elsewhere =
        Memo::new(move |_| others.with(|others| others.as_ref().is_some_and(|it| !it.is_empty())));
    let team = session.watch::<Box<Team>>(|| Query::Team);
    let in_team =
        Memo::new(move |_| team.with(|team| team.as_ref().is_some_and(|team| team.members.len() > 1)));
    let options = move || {
        let mut options = vec![
            (What::Tag, t_string!(i18n, many.tag).to_owned()),
            (What::Type, t_string!(i18n, many.kind).to_owned()),
        ];
        options.extend(in_team.get().then(|| (What::Owner, t_string!(i18n, many.owner).to_owned())));
        options.extend(elsewhere.get().then(|| (What::Move, t_string!(i18n, many.moving).to_owned())));
        options.push((What::Delete, t_string!(i18n, many.delete).to_owned()));
        options
    };
    view! {
        <Segmented label=text!(i18n, many.what) options=Signal::derive(options) chosen=what on_choose=move |what| choice.choose(what) />
        {move || match what.get() {
            What::Tag => view! { <TagChoice change=change /> }.into_any(),
            What::Type => view! { <TypeChoice change=change /> }.into_any(),
            What::Owner => view! { <OwnerChoice change=change team=team /> }.into_any(),
            What::Move => {
                let others = others.get_untracked().unwrap_or_default();
                view! {
                    <Targets others chosen=place />
                    <p class="hint">{text!(i18n, many.moving_along)}</p>
                    <p class="hint">{text!(i18n, many.moving_past)}</p>
                }
                .into_any()
            }
            What::Delete => view! { <p class="hint">{text!(i18n, many.delete_hint)}</p> }.into_any(),
        }}
    }
}

/// How many it would change, and the first of them.
#[component]
fn Preview(choice: Choice, preview: ReadSignal<Option<BulkPreview>>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let shown = Memo::new(move |_| preview.get().filter(|_| choice.is_made()));
    let line = move |found: &BulkPreview| preview_line(i18n.get_locale(), format, found);
    let more = move |found: &BulkPreview| {
        let rest = found.changing.saturating_sub(u32::try_from(found.first.len()).unwrap_or(0));
        (rest > 0).then(|| t_string!(i18n, many.more, count = format.number(rest)).to_string())
    };
    let one = |row: PartnerRow| {
        let (name, aside) = (row.name.clone(), row.aside);
        view! {
            <li class="row">
                <Monogram name=row.name kind=row.kind key=row.id.0 size=Size::Small />
                <span class="row-b"><b>{name}</b><span class="one">{aside}</span></span>
            </li>
        }
    };
    move || {
        shown.get().map(|found| {
            let (words, more) = (line(&found), more(&found));
            view! {
                <section class="sec many-p">
                    <p role="status"><b>{words}</b></p>
                    <ul class="rows">{found.first.into_iter().map(one).collect_view()}</ul>
                    {more.map(|more| view! { <p class="hint">{more}</p> })}
                </section>
            }
        })
    }
}

/// `12 of 15 customers change. 3 are so already.`
fn preview_line(locale: Locale, format: Format, found: &BulkPreview) -> String {
    let BulkPreview { meant, changing, .. } = *found;
    let (all, some) = (format.number(meant), format.number(changing));
    let rest = format.number(meant - changing.min(meant));
    match (changing, meant) {
        (0, _) => td_string!(locale, many.would_none).to_owned(),
        (changing, meant) if changing == meant => {
            td_string!(locale, many.would_all, count = some).to_string()
        }
        _ => td_string!(locale, many.would_some, count = some, all = all, rest = rest).to_string(),
    }
}

#[component]
fn Footer(choice: Choice, preview: ReadSignal<Option<BulkPreview>>) -> impl IntoView {
    let (i18n, format, task) = (use_i18n(), use_format(), Task::new());
    let count = move || match choice.is_made() {
        true => preview.with(|found| found.as_ref().map_or(0, |found| found.changing)),
        false => 0,
    };
    let too_many = Memo::new(move |_| choice.what.get() == What::Move && count() as usize > MOST_MOVED);
    let delete = Memo::new(move |_| choice.what.get() == What::Delete);
    let idle = move || do_word(i18n.get_locale(), choice.what.get(), &format.number(count()));
    let words = task.words(Signal::derive(idle));
    let off = move || count() == 0 || too_many.get() || task.busy();
    let run = running(choice, task);
    view! {
        <p class="kept">
            {move || too_many.get().then(|| t_string!(i18n, many.move_most, count = format.count(MOST_MOVED as u64)).to_string())}
        </p>
        <Failed failed=task.failed />
        <button
            class="btn btn-1 save wr"
            class:btn-bad=move || delete.get()
            type="button"
            aria-disabled=move || off().then_some("true")
            on:click=move |_| if !untrack(off) { run() }
        >
            <Show when=move || delete.get()><Icon name="trash" /></Show>
            {move || words.get()}
        </button>
    }
}

/// What a press does with what is chosen then.
fn running(choice: Choice, task: Task) -> impl Fn() + Copy {
    let (i18n, nav, session, memory) = (use_i18n(), use_nav(), use_session(), use_memory());
    let team = session.watch::<Box<Team>>(|| Query::Team);
    move || {
        let Some(bulk) = untrack(|| choice.bulk(memory)) else { return };
        let (locale, what) = (i18n.get_locale_untracked(), choice.what.get_untracked());
        let say = move |done: Done| match done.outcome {
            Outcome::Changed { changed, .. } => {
                session.toasts().say(done_word(locale, what, changed), done.undo);
            }
            outcome => session.toasts().partly(locale, &outcome, done.undo),
        };
        if let Some(to) = choice.place.get_untracked() {
            // It takes as long as the server: the sheet stays, and says what it fails with.
            return task.run(Command::MovePartners { meant: bulk.meant, to }, move |done| {
                say(done);
                memory.picked.try_set(None);
                nav.close();
            });
        }
        let told = team.with_untracked(|team| telling(locale, &bulk.change, team.as_deref()?));
        let bulk = Bulk { task: told, ..bulk };
        session.dispatch(Command::Bulk(bulk), move |ended| match ended {
            Ok(done) => say(done),
            Err(failure) => session.toasts().failed(&failure),
        });
        memory.picked.set(None);
        nav.close();
    }
}

/// As for a single customer: who gets them is told by a task at each. Who takes them herself knows.
fn telling(locale: Locale, change: &BulkChange, team: &Team) -> Option<HandOverTask> {
    let BulkChange::Owner(Some(to)) = change else { return None };
    let me = team.members.iter().find(|member| member.me).filter(|me| me.id != *to)?;
    let title = td_string!(locale, customer.owner.task_many, by = me.name.clone()).to_string();
    Some(HandOverTask { title, due: today() })
}

/// What the button says.
fn do_word(locale: Locale, what: What, count: &str) -> String {
    match what {
        What::Delete => td_string!(locale, many.do_delete, count = count).to_string(),
        What::Move => td_string!(locale, many.do_move, count = count).to_string(),
        _ => td_string!(locale, many.do_change, count = count).to_string(),
    }
}

/// Said when the sheet is gone, and with it the formats of its locale: plain digits.
fn done_word(locale: Locale, what: What, count: u32) -> String {
    let count = count.to_string();
    match what {
        What::Delete => td_string!(locale, many.deleted, count = count).to_string(),
        What::Move => td_string!(locale, many.moved, count = count).to_string(),
        _ => td_string!(locale, many.changed, count = count).to_string(),
    }
}

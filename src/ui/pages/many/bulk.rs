//! The sheet that changes or deletes many customers: what, how many it touches, then at a press and with one undo.

use super::whom::{OwnerChoice, TagChoice, TypeChoice};
use crate::port::{Bulk, BulkChange, BulkPreview, Command, Outcome, PartnerRow, Query, Team};
use crate::ui::components::{Empty, Icon, Monogram, Segmented, SheetFrame, Size};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::memory::{Memory, use_memory};
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
    Delete,
}

/// The sheet.
#[component]
pub fn BulkSheet() -> impl IntoView {
    let (i18n, nav, memory) = (use_i18n(), use_nav(), use_memory());
    let nobody = memory.picked.with_untracked(Option::is_none);
    let change = RwSignal::new(None::<BulkChange>);
    let preview = preview(change);
    let footer = move || view! { <Footer change=change preview=preview /> };
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
                <ChangeChoice change=change />
                <Preview change=change preview=preview />
            </div>
        </SheetFrame>
    }
    .into_any()
}

/// The act as it is chosen now, on whom the list has chosen.
fn bulk(change: RwSignal<Option<BulkChange>>, memory: Memory) -> Option<Bulk> {
    let change = change.get()?;
    let filter = memory.view.with(|view| view.asked().0);
    let meant = memory.picked.with(|picked| picked.as_ref().map(|picked| picked.meant(filter)))?;
    Some(Bulk { meant, change })
}

fn preview(change: RwSignal<Option<BulkChange>>) -> ReadSignal<Option<BulkPreview>> {
    let memory = use_memory();
    use_session().watch_if::<BulkPreview>(move || bulk(change, memory).map(Query::Bulk))
}

/// One of a few kinds of change, and its value.
#[component]
fn ChangeChoice(change: RwSignal<Option<BulkChange>>) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let what = RwSignal::new(What::default());
    let team = session.watch::<Box<Team>>(|| Query::Team);
    let in_team =
        Memo::new(move |_| team.with(|team| team.as_ref().is_some_and(|team| team.members.len() > 1)));
    let options = move || {
        let mut options = vec![
            (What::Tag, t_string!(i18n, many.tag).to_owned()),
            (What::Type, t_string!(i18n, many.kind).to_owned()),
        ];
        options.extend(in_team.get().then(|| (What::Owner, t_string!(i18n, many.owner).to_owned())));
        options.push((What::Delete, t_string!(i18n, many.delete).to_owned()));
        options
    };
    let choose = move |chosen: What| {
        what.set(chosen);
        change.set((chosen == What::Delete).then_some(BulkChange::Delete));
    };
    view! {
        <Segmented label=text!(i18n, many.what) options=Signal::derive(options) chosen=what on_choose=choose />
        {move || match what.get() {
            What::Tag => view! { <TagChoice change=change /> }.into_any(),
            What::Type => view! { <TypeChoice change=change /> }.into_any(),
            What::Owner => view! { <OwnerChoice change=change team=team /> }.into_any(),
            What::Delete => view! { <p class="hint">{text!(i18n, many.delete_hint)}</p> }.into_any(),
        }}
    }
}

/// How many it would change, and the first of them.
#[component]
fn Preview(change: RwSignal<Option<BulkChange>>, preview: ReadSignal<Option<BulkPreview>>) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let shown = Memo::new(move |_| preview.get().filter(|_| change.with(Option::is_some)));
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
fn Footer(change: RwSignal<Option<BulkChange>>, preview: ReadSignal<Option<BulkPreview>>) -> impl IntoView {
    let (i18n, format, nav, session) = (use_i18n(), use_format(), use_nav(), use_session());
    let memory = use_memory();
    let count = move || match change.with(Option::is_some) {
        true => preview.with(|found| found.as_ref().map_or(0, |found| found.changing)),
        false => 0,
    };
    let delete = Memo::new(move |_| change.get() == Some(BulkChange::Delete));
    let words = move || {
        let count = format.number(count());
        match delete.get() {
            true => t_string!(i18n, many.do_delete, count = count).to_string(),
            false => t_string!(i18n, many.do_change, count = count).to_string(),
        }
    };
    let run = move |_| {
        let Some(bulk) = untrack(|| bulk(change, memory)).filter(|_| untrack(count) > 0) else { return };
        let deleting = delete.get_untracked();
        session.dispatch(Command::Bulk(bulk), move |ended| match ended {
            Ok(done) => {
                if let Outcome::Changed { changed, .. } = done.outcome {
                    let locale = i18n.get_locale_untracked();
                    session.toasts().say(done_word(locale, deleting, changed), done.undo);
                }
            }
            Err(failure) => session.toasts().failed(&failure),
        });
        memory.picked.set(None);
        nav.close();
    };
    view! {
        <p class="kept"></p>
        <button
            class="btn btn-1 save wr"
            class:btn-bad=move || delete.get()
            type="button"
            aria-disabled=move || (count() == 0).then_some("true")
            on:click=run
        >
            <Show when=move || delete.get()><Icon name="trash" /></Show>
            {words}
        </button>
    }
}

/// Said when the sheet is gone, and with it the formats of its locale: plain digits.
fn done_word(locale: Locale, deleted: bool, count: u32) -> String {
    let count = count.to_string();
    match deleted {
        true => td_string!(locale, many.deleted, count = count).to_string(),
        false => td_string!(locale, many.changed, count = count).to_string(),
    }
}

//! One person's data: a copy to hand out, and its erasure for good (R102).

mod erase;
mod file;
mod proof;

pub use self::proof::ErasuresSheet;

use self::erase::EraseCard;
use crate::port::{Command, Outcome, PersonAct, PersonFile, PersonPage, Query};
use crate::ui::components::{Button, Empty, SheetFrame, Skeleton};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::backup::kind_word;
use crate::ui::platform::file::{Pieces, dated};
use crate::ui::platform::intl::use_format;
use crate::ui::routes::use_nav;
use crate::ui::session::use_session;
use leptos::prelude::*;
use satchel_domain::RecordId;

/// The sheet.
#[component]
pub fn PersonSheet(
    /// Whose data.
    id: RecordId,
) -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let answer = session.watch::<Option<Box<PersonPage>>>(move || Query::Person { id });
    let page = Memo::new(move |_| answer.get());
    view! {
        <SheetFrame title=text!(i18n, person.title) close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {move || match page.get() {
                None => view! { <Skeleton lines=5 /> }.into_any(),
                Some(None) => view! { <Empty icon="customers" text=text!(i18n, customer.gone_title) /> }.into_any(),
                Some(Some(page)) => view! { <Found id page=*page /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn Found(id: RecordId, page: PersonPage) -> impl IntoView {
    let i18n = use_i18n();
    let name = page.name.clone();
    view! {
        <div class="frm">
            <section class="stack">
                <h2>{text!(i18n, person.found)}</h2>
                <Counts page=page.clone() />
            </section>
            <Copies id name />
            <EraseCard id page />
        </div>
    }
}

/// What is here, by kind; what is nowhere is left out beside the records.
#[component]
fn Counts(page: PersonPage) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let line = move |words: &'static str, count: u32| {
        view! { <tr><th scope="row">{words}</th><td class="num">{format.number(count)}</td></tr> }
    };
    let lines = move || {
        let others = [
            (t_string!(i18n, person.took_part), page.took_part),
            (t_string!(i18n, person.people), page.people),
            (t_string!(i18n, person.named), page.named),
            (t_string!(i18n, person.drafts), page.drafts),
        ];
        let locale = i18n.get_locale();
        let own = page.own.iter().map(|(kind, count)| (kind_word(locale, *kind), *count));
        let others = others.into_iter().filter(|(_, count)| *count > 0);
        own.chain(others).map(|(words, count)| line(words, count)).collect_view()
    };
    view! { <table class="bk"><tbody>{lines}</tbody></table> }
}

/// A copy for the person whom it is about.
#[component]
fn Copies(id: RecordId, name: String) -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let save = move |ending: &'static str| {
        session.dispatch(Command::Person(PersonAct::Gather { id }), move |ended| match ended {
            Ok(done) => {
                if let Outcome::Person(gathered) = done.outcome {
                    let locale = i18n.get_locale_untracked();
                    let text = match ending {
                        "json" => file::data(&gathered),
                        _ => file::page(&gathered, locale, format),
                    };
                    keep(&gathered, ending, &text);
                    session.toasts().say(t_string!(i18n, person.saved).to_owned(), None);
                }
            }
            Err(failure) => session.toasts().failed(&failure),
        });
    };
    view! {
        <section class="stack">
            <h2>{text!(i18n, person.copy)}</h2>
            <p>{move || t_string!(i18n, person.copy_text, name = name.clone()).to_string()}</p>
            <div class="acts">
                <Button icon="export" on_press=move |_| save("html")>{text!(i18n, person.as_page)}</Button>
                <Button icon="export" on_press=move |_| save("json")>{text!(i18n, person.as_data)}</Button>
            </div>
        </section>
    }
}

/// Named by the code: who sees the folder is not told whom it is about.
fn keep(gathered: &PersonFile, ending: &str, text: &str) {
    let pieces = Pieces::default();
    pieces.take(text.as_bytes());
    let made = i64::try_from(gathered.made_ms).unwrap_or(i64::MAX);
    pieces.save(&dated(&format!("satchel-{}", gathered.code), made, ending));
}

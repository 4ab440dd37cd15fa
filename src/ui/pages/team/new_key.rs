//! A new key for the team, begun by hand: when that helps, what it does, and what it does not.

use super::Page;
use super::twice::Twice;
use super::work::Work;
use crate::port::{Role, TeamChange};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::settings::Group;
use crate::ui::session::use_session;
use leptos::prelude::*;

/// The card, for admins and owners of a team.
#[component]
pub(super) fn NewKey(page: Page) -> impl IntoView {
    let may = Memo::new(move |_| {
        page.with(|page| {
            page.as_deref().is_some_and(|team| !team.alone && !team.removed && team.role >= Role::Admin)
        })
    });
    view! { <Show when=move || may.get()><Card /></Show> }
}

#[component]
fn Card() -> impl IntoView {
    let (i18n, session, work) = (use_i18n(), use_session(), Work::new());
    let asked = RwSignal::new(false);
    let begin = move |passphrase| {
        let said = t_string!(i18n, team.key.done);
        work.run(TeamChange::Rotate { passphrase }, move |_| {
            asked.try_set(false);
            session.toasts().say(said, None);
        });
    };
    view! {
        <Group title=text!(i18n, team.key.title)>
            <p class="set-p">{text!(i18n, team.key.when)}</p>
            <div class="set-p stack">
                <Twice work asked icon="lock" first=text!(i18n, team.key.new) words=text!(i18n, team.key.do_it) on_sure=begin>
                    <p>{text!(i18n, team.key.does)}</p>
                    <p>{text!(i18n, team.key.does_not)}</p>
                </Twice>
            </div>
        </Group>
    }
}

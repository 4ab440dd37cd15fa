//! A member's keys, compared in person: two lines of digits that both devices show, and the note that they are the
//! same. It needs no server.

use crate::port::{Command, Compared, MemberKeys, TeamId};
use crate::ui::components::Button;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// What there is to compare, and whether it was.
#[component]
pub(super) fn Compare(
    /// Who.
    id: TeamId,
    /// What she is called; may be empty.
    name: String,
    /// Her keys.
    keys: MemberKeys,
    /// The digits of whoever is at this device.
    own: String,
) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let MemberKeys { digits, compared } = keys;
    let open = RwSignal::new(compared != Compared::No);
    let name = StoredValue::new(name);
    let who = move || match name.get_value() {
        name if name.is_empty() => t_string!(i18n, team.member.this_person).to_owned(),
        name => name,
    };
    let said = move || match compared {
        Compared::No => t_string!(i18n, team.compare.text, name = who()).to_string(),
        Compared::Same => t_string!(i18n, team.compare.done, name = who()).to_string(),
        Compared::Changed => t_string!(i18n, team.compare.changed, name = who()).to_string(),
    };
    let class = if compared == Compared::Changed { "hello-e" } else { "k" };
    let role = (compared == Compared::Changed).then_some("alert");
    let lines = StoredValue::new(both(&own, &digits));
    let note = move |digits: Option<String>| {
        let said = t_string!(i18n, team.compare.noted);
        session.act(Command::Compared { member: id, digits }, said);
    };
    let digits = StoredValue::new(digits);
    let same = move || {
        (compared != Compared::Same).then(|| {
            view! { <Button on_press=move |_| note(Some(digits.get_value()))>{text!(i18n, team.compare.same)}</Button> }
        })
    };
    let undo = move || {
        (compared != Compared::No)
            .then(|| view! { <Button on_press=move |_| note(None)>{text!(i18n, team.compare.undo)}</Button> })
    };
    view! {
        <section class="stack team-end">
            <Show
                when=move || open.get()
                fallback=move || view! { <div class="acts"><Button icon="shield" on_press=move |_| open.set(true)>{text!(i18n, team.compare.show)}</Button></div> }
            >
                <p class=class role=role>{said}</p>
                {lines.get_value().map(|line| view! { <p class="team-d">{line}</p> })}
                <div class="acts">{same()} {undo()}</div>
            </Show>
        </section>
    }
}

/// Both people's digits, in an order that does not depend on who looks.
fn both(own: &str, hers: &str) -> [String; 2] {
    let mut lines = [own.to_owned(), hers.to_owned()];
    lines.sort();
    lines
}

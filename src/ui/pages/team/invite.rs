//! Inviting somebody: a role, and a link that is shown once.

use super::work::{Go, Roles, Work};
use super::{is_offline, role_word};
use crate::port::{Outcome, Query, Role, Session as Phase, Team, TeamChange};
use crate::ui::components::{Button, Icon, Kind, Qr, Segmented, SheetFrame, TextField};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::pages::security::{Again, PassphraseAgain};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::{clock, dom, invitation};
use crate::ui::routes::use_nav;
use crate::ui::session::{Session, use_session};
use leptos::prelude::*;

/// Days that an invitation may be open.
const DAYS: [u32; 3] = [1, 7, 31];
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What is chosen, and the link once it is there.
#[derive(Clone, Copy)]
struct Form {
    work: Work,
    team: ReadSignal<Option<Box<Team>>>,
    role: RwSignal<Role>,
    name: RwSignal<String>,
    guest: RwSignal<String>,
    days: RwSignal<u32>,
    again: Again,
    /// Whether the person tried to go on: mistakes are told from then on.
    tried: RwSignal<bool>,
    made: RwSignal<Option<String>>,
}

impl Form {
    fn alone(self) -> bool {
        self.team.with(|team| team.as_deref().is_none_or(|team| team.alone))
    }

    fn name_is_missing(self) -> bool {
        self.alone() && self.name.with(|name| name.trim().is_empty())
    }

    fn submit(self) {
        self.tried.set(true);
        let proved = self.again.submit();
        if untrack(|| self.name_is_missing()) {
            return request_animation_frame(|| dom::focus_shown(".sheet [aria-invalid]"));
        }
        if !proved {
            return;
        }
        let change = TeamChange::Invite {
            role: self.role.get_untracked(),
            name: self.name.get_untracked(),
            guest: self.guest.get_untracked(),
            days: self.days.get_untracked(),
            passphrase: self.again.secret_if_asked(),
        };
        self.work.run(change, move |done| {
            self.again.forget();
            if let Outcome::Invitation(secret) = done.outcome {
                self.made.try_set(Some(invitation::link(&secret)));
            }
        });
    }
}

/// The sheet.
#[component]
pub fn InviteSheet() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let text = || RwSignal::new(String::new());
    let (work, role) = (Work::new(), RwSignal::new(Role::Editor));
    let form = Form {
        work,
        team: session.watch(|| Query::Team),
        role,
        name: text(),
        guest: text(),
        days: RwSignal::new(DAYS[1]),
        again: Again::when(Signal::derive(move || role.get().asks_again(None)), work.failed),
        tried: RwSignal::new(false),
        made: RwSignal::new(None),
    };
    let title = Signal::derive(move || match form.made.with(Option::is_some) {
        true => t_string!(i18n, team.invite.made).to_owned(),
        false => t_string!(i18n, team.invite.title).to_owned(),
    });
    view! {
        <SheetFrame title close_word=text!(i18n, common.close) on_close=move |()| nav.close()>
            {move || match form.made.get() {
                None => view! { <Ask form /> }.into_any(),
                Some(link) => view! { <Made form link session /> }.into_any(),
            }}
        </SheetFrame>
    }
}

#[component]
fn Ask(form: Form) -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let alone = Memo::new(move |_| form.alone());
    let gives = Signal::derive(move || {
        form.team.with(|team| team.as_deref().map(|team| team.gives.clone())).unwrap_or_default()
    });
    let missing = Signal::derive(move || match form.tried.get() && form.name_is_missing() {
        true => t_string!(i18n, team.invite.your_name_needed).to_owned(),
        false => String::new(),
    });
    let days = move || {
        let word = |days: u32| match days {
            1 => t_string!(i18n, team.invite.day, count = format.number(days)).to_string(),
            _ => t_string!(i18n, team.invite.days_n, count = format.number(days)).to_string(),
        };
        DAYS.map(|days| (days, word(days))).to_vec()
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        form.submit();
    };
    let offline = is_offline(use_session());
    view! {
        <form class="stack" on:submit=submit novalidate=true>
            <Show when=move || offline.get()>
                <p class="hello-i team-n" role="status"><Icon name="offline" /><span>{text!(i18n, team.invite.offline)}</span></p>
            </Show>
            <Roles offered=gives chosen=form.role />
            <Show when=move || alone.get()>
                <TextField label=text!(i18n, team.invite.your_name) value=form.name hint=text!(i18n, team.invite.your_name_hint) error=missing />
            </Show>
            <TextField label=text!(i18n, team.invite.guest) value=form.guest hint=text!(i18n, team.invite.guest_hint) />
            <div class="fld">
                <span class="lbl">{text!(i18n, team.invite.days)}</span>
                <Segmented
                    label=text!(i18n, team.invite.days)
                    options=Signal::derive(days)
                    chosen=form.days
                    on_choose=move |days| form.days.set(days)
                />
            </div>
            <PassphraseAgain again=form.again />
            <Go work=form.work words=text!(i18n, team.invite.make) />
        </form>
    }
}

/// The link, as words, as a code, and on paper. It is kept nowhere.
#[component]
fn Made(form: Form, link: String, session: Session) -> impl IntoView {
    let (i18n, format, nav) = (use_i18n(), use_format(), use_nav());
    let until = clock::now_ms() + i64::from(form.days.get_untracked()) * DAY_MS;
    let once = move || t_string!(i18n, team.invite.once, time = format.when(until, When::Moment)).to_string();
    let (copied, shared) = (link.clone(), link.clone());
    let copy = move |_| {
        dom::copy(&copied);
        session.toasts().say(t_string!(i18n, common.copied), None);
    };
    let share = move |_| dom::share(t_string!(i18n, team.invite.text), &shared);
    view! {
        <p>{once}</p>
        <Paper form link />
        <div class="acts">
            {dom::can_share().then(|| view! { <Button icon="export" on_press=share>{text!(i18n, team.invite.share)}</Button> })}
            <Button icon="copy" on_press=copy>{text!(i18n, team.invite.copy)}</Button>
            <Button icon="print" on_press=move |_| dom::print_as(t_string!(i18n, team.invite.file))>{text!(i18n, onboarding.sheet.print)}</Button>
            <Button kind=Kind::Primary on_press=move |_| nav.close()>{text!(i18n, common.done)}</Button>
        </div>
    }
}

/// What is printed: all that whoever is invited needs.
#[component]
fn Paper(form: Form, link: String) -> impl IntoView {
    let (i18n, session) = (use_i18n(), use_session());
    let workspace = session.phase().with_untracked(|phase| match phase {
        Some(Phase::Open { workspace }) => workspace.name.clone(),
        _ => String::new(),
    });
    let role = form.role.get_untracked();
    let by = form.team.with_untracked(|team| {
        let me = team.as_deref().and_then(|team| team.members.iter().find(|member| member.me));
        me.map(|me| me.name.clone()).unwrap_or_else(|| form.name.get_untracked())
    });
    view! {
        <section class="paper paper-i">
            <Qr text=link.clone() label=text!(i18n, team.invite.qr) />
            <dl>
                <div><dt>{text!(i18n, team.invite.workspace)}</dt><dd>{workspace}</dd></div>
                <div><dt>{text!(i18n, team.invite.from)}</dt><dd>{by}</dd></div>
                <div><dt>{text!(i18n, team.role.label)}</dt><dd>{move || role_word(i18n.get_locale(), role)}</dd></div>
                <div><dt>{text!(i18n, team.invite.link)}</dt><dd class="paper-l"><code>{link}</code></dd></div>
            </dl>
            <p>{text!(i18n, team.invite.how)}</p>
        </section>
    }
}

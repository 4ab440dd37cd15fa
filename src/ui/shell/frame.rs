//! The open app: navigation beside the screen, the open sheet above it, messages at the edge.

use super::keys::{KeysSheet, follow_keys};
use super::nav::Navigation;
use super::palette::PaletteSheet;
use super::recent::RecentSheet;
use super::reminders::follow_reminders;
use super::sync_words::sync_line;
use super::toasts::{ToastRegion, UpdateNotice};
use crate::ui::i18n::{Locale, t_string, td_string, use_i18n};
use crate::ui::pages::backup::{Backup, provide_keeper};
use crate::ui::pages::customer::{HandOverListedSheet, HandOverSheet, MoveSheet, OrderSheet, PartnerSheet};
use crate::ui::pages::customers::Customers;
use crate::ui::pages::files::FileSheet;
use crate::ui::pages::filter::{ColumnSheet, FilterSheet};
use crate::ui::pages::help::Help;
use crate::ui::pages::history::HistorySheet;
use crate::ui::pages::import::{Import, provide_import};
use crate::ui::pages::insight::Insights;
use crate::ui::pages::log::{InteractionSheet, LogSheet};
use crate::ui::pages::many::{BulkSheet, MergeSheet};
use crate::ui::pages::memory::{LogSeed, provide_memory, use_memory};
use crate::ui::pages::more::More;
use crate::ui::pages::person::{ErasuresSheet, PersonSheet};
use crate::ui::pages::plan::Plan;
use crate::ui::pages::security::{AdoptPassphraseSheet, PasskeySheet, PassphraseSheet, RecoverySheet};
use crate::ui::pages::settings::Settings;
use crate::ui::pages::sync::{AddDeviceSheet, SyncCentre};
use crate::ui::pages::tasks::{TaskSheet, Tasks};
use crate::ui::pages::team::{InviteSheet, MemberSheet, ReadOnlyPage, ReadOnlySheet, Team};
use crate::ui::pages::today::Today;
use crate::ui::pages::trash::Trash;
use crate::ui::pages::workspaces::{InvitedSheet, SampleBar, TerritorySheet, WorkspacesSheet};
use crate::ui::platform::incoming::{Opened, use_incoming};
use crate::ui::platform::intl::{When, use_format};
use crate::ui::platform::invitation::use_invitation;
use crate::ui::platform::{clock, dom};
use crate::ui::routes::{Place, Sheet, use_nav};
use crate::ui::session::use_session;
use leptos::prelude::*;

/// Which component a place is drawn by. A customer is drawn by the list's, so that the list stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Screen {
    Today,
    Customers,
    Tasks,
    Plan,
    Insights,
    Trash,
    Sync,
    Settings,
    Import,
    Backup,
    Team,
    Help,
    More,
    #[cfg(debug_assertions)]
    Gallery,
}

impl Screen {
    fn of(place: Place) -> Self {
        match place {
            Place::Today => Self::Today,
            Place::Customers | Place::Customer(..) => Self::Customers,
            Place::Tasks => Self::Tasks,
            Place::Plan => Self::Plan,
            Place::Insights => Self::Insights,
            Place::Trash => Self::Trash,
            Place::Sync => Self::Sync,
            Place::Settings => Self::Settings,
            Place::Import => Self::Import,
            Place::Backup => Self::Backup,
            Place::Team => Self::Team,
            Place::Help => Self::Help,
            Place::More => Self::More,
            #[cfg(debug_assertions)]
            Place::Gallery => Self::Gallery,
        }
    }

    fn title(self, locale: Locale) -> &'static str {
        match self {
            Self::Today => td_string!(locale, shell.title.today),
            Self::Customers => td_string!(locale, shell.title.customers),
            Self::Tasks => td_string!(locale, shell.title.tasks),
            Self::Plan => td_string!(locale, plan.title),
            Self::Insights => td_string!(locale, shell.title.insights),
            Self::Trash => td_string!(locale, shell.title.trash),
            Self::Sync => td_string!(locale, shell.title.sync),
            Self::Settings => td_string!(locale, shell.title.settings),
            Self::Import => td_string!(locale, shell.title.import),
            Self::Backup => td_string!(locale, shell.title.backup),
            Self::Team => td_string!(locale, team.title),
            Self::Help => td_string!(locale, help.title),
            Self::More => td_string!(locale, shell.title.more),
            #[cfg(debug_assertions)]
            Self::Gallery => "Gallery",
        }
    }

    fn view(self) -> AnyView {
        match self {
            Self::Today => view! { <Today /> }.into_any(),
            Self::Customers => view! { <Customers /> }.into_any(),
            Self::Tasks => view! { <Tasks /> }.into_any(),
            Self::Plan => view! { <Plan /> }.into_any(),
            Self::Insights => view! { <Insights /> }.into_any(),
            Self::Trash => view! { <Trash /> }.into_any(),
            Self::Sync => view! { <SyncCentre /> }.into_any(),
            Self::Settings => view! { <Settings /> }.into_any(),
            Self::Import => view! { <Import /> }.into_any(),
            Self::Backup => view! { <Backup /> }.into_any(),
            Self::Team => view! { <Team /> }.into_any(),
            Self::Help => view! { <Help /> }.into_any(),
            Self::More => view! { <More /> }.into_any(),
            #[cfg(debug_assertions)]
            Self::Gallery => view! { <crate::ui::pages::gallery::Gallery /> }.into_any(),
        }
    }
}

/// The open app.
#[component]
pub fn Frame() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let sample = Memo::new(move |_| session.is_sample());
    let screen = Memo::new(move |_| Screen::of(nav.place()));
    let covered = Memo::new(move |_| nav.sheet().is_some());
    let beside = Memo::new(move |_| nav.sheet().is_some_and(stands_beside));
    let may_write = Memo::new(move |_| session.may_write());
    mark_read_only(may_write);
    provide_memory();
    provide_import();
    provide_keeper();
    show_invitation();
    take_up_what_came();
    follow_reminders();
    name_page(screen);
    focus_on_arrival(screen);
    follow_keys();
    say_what_was_taken_in();
    view! {
        <a class="skip" href="#content">{text!(i18n, shell.skip)}</a>
        <div class="app" class:app-log=move || beside.get()>
            <div class="nav-w" inert=move || covered.get()><Navigation /></div>
            <div class="behind" class:behind-sample=move || sample.get() id="content" tabindex="-1" inert=move || covered.get()>
                <PrintedAt />
                <Show when=move || sample.get()><SampleBar /></Show>
                {move || match screen.get() == Screen::Import && !may_write.get() {
                    true => view! { <ReadOnlyPage /> }.into_any(),
                    false => screen.get().view(),
                }}
            </div>
        </div>
        {move || nav.sheet().map(|open| match open.writes() && !may_write.get() {
            true => view! { <ReadOnlySheet /> }.into_any(),
            false => sheet(open),
        })}
        <ToastRegion />
        <UpdateNotice />
        <SyncVoice />
    }
}

/// What a revoked device had not sent is here now: said once.
fn say_what_was_taken_in() {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    Effect::new(move || {
        let Some((device, all @ [count, drafts, files])) = session.taken().get() else { return };
        if all == [0; 3] {
            return;
        }
        let count = format.number(count);
        let words = match device.is_empty() {
            true => t_string!(i18n, security.devices.taken, count = count).to_string(),
            false => t_string!(i18n, security.devices.taken_named, count = count, name = device).to_string(),
        };
        let begun = t_string!(i18n, security.devices.begun, count = format.number(drafts)).to_string();
        let kept = t_string!(i18n, security.devices.files, count = format.number(files)).to_string();
        let beside = [(drafts, begun), (files, kept)].into_iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = std::iter::once(words).chain(beside.map(|(_, words)| words)).collect();
        session.toasts().say(said.join(" · "), None);
    });
}

/// Whether a sheet leaves the screen visible beside it, where there is room.
fn stands_beside(sheet: Sheet) -> bool {
    !matches!(sheet, Sheet::Palette)
}

fn sheet(sheet: Sheet) -> AnyView {
    match sheet {
        Sheet::Log { partner } => view! { <LogSheet partner /> }.into_any(),
        Sheet::Interaction(id) => view! { <InteractionSheet id /> }.into_any(),
        Sheet::File(record, file) => view! { <FileSheet record file /> }.into_any(),
        Sheet::Order(id) => view! { <OrderSheet id /> }.into_any(),
        Sheet::History(id) => view! { <HistorySheet id /> }.into_any(),
        Sheet::HandOver(id) => view! { <HandOverSheet id /> }.into_any(),
        Sheet::HandOverListed => view! { <HandOverListedSheet /> }.into_any(),
        Sheet::Move(id) => view! { <MoveSheet id /> }.into_any(),
        Sheet::Territory => view! { <TerritorySheet /> }.into_any(),
        Sheet::Bulk => view! { <BulkSheet /> }.into_any(),
        Sheet::Merge { id, with } => view! { <MergeSheet id with /> }.into_any(),
        Sheet::Person(id) => view! { <PersonSheet id /> }.into_any(),
        Sheet::Erasures => view! { <ErasuresSheet /> }.into_any(),
        Sheet::NewPartner => view! { <PartnerSheet id=None /> }.into_any(),
        Sheet::EditPartner(id) => view! { <PartnerSheet id=Some(id) /> }.into_any(),
        Sheet::NewTask { partner } => view! { <TaskSheet id=None partner /> }.into_any(),
        Sheet::Task(id) => view! { <TaskSheet id=Some(id) partner=None /> }.into_any(),
        Sheet::Filter => view! { <FilterSheet /> }.into_any(),
        Sheet::Columns => view! { <ColumnSheet /> }.into_any(),
        Sheet::Palette => view! { <PaletteSheet /> }.into_any(),
        Sheet::Keys => view! { <KeysSheet /> }.into_any(),
        Sheet::Recent => view! { <RecentSheet /> }.into_any(),
        Sheet::AddDevice => view! { <AddDeviceSheet /> }.into_any(),
        Sheet::Passphrase => view! { <PassphraseSheet /> }.into_any(),
        Sheet::AdoptPassphrase => view! { <AdoptPassphraseSheet /> }.into_any(),
        Sheet::Passkeys => view! { <PasskeySheet /> }.into_any(),
        Sheet::RecoveryCode => view! { <RecoverySheet /> }.into_any(),
        Sheet::Invite => view! { <InviteSheet /> }.into_any(),
        Sheet::Member(id) => view! { <MemberSheet id /> }.into_any(),
        Sheet::Workspaces => view! { <WorkspacesSheet /> }.into_any(),
        Sheet::Invited => view! { <InvitedSheet /> }.into_any(),
    }
}

/// What writes is drawn with the class `wr` (or stands in a `w`), and not shown under `ro`. This is for the eye
/// and the keyboard; the engine refuses all the same.
fn mark_read_only(may_write: Memo<bool>) {
    Effect::new(move || dom::mark_root("ro", !may_write.get()));
    on_cleanup(|| dom::mark_root("ro", false));
}

/// An invitation that came by a link is shown over whatever is open. Into the sample nobody is invited.
fn show_invitation() {
    let (nav, session, invitation) = (use_nav(), use_session(), use_invitation());
    Effect::new(move || {
        if invitation.get().is_some() && !session.is_sample() {
            nav.open(Sheet::Invited);
        }
    });
}

/// What another app handed over goes where it belongs: a text or a photo into a log, a file to be looked at. What was
/// lost on the way is told.
fn take_up_what_came() {
    let i18n = use_i18n();
    let (nav, memory, session, incoming) = (use_nav(), use_memory(), use_session(), use_incoming());
    Effect::new(move || {
        if incoming.has_text() && session.may_write() {
            memory.log_seed.set(Some(LogSeed {
                content: incoming.take_text().unwrap_or_default(),
                ..LogSeed::default()
            }));
            nav.open(Sheet::Log { partner: nav.place_untracked().customer() });
        }
    });
    Effect::new(move || match incoming.waits() {
        Some(Opened::Backup) if nav.place_untracked() != Place::Backup => nav.go(Place::Backup),
        // A photo that came with it is logged first.
        Some(Opened::Table) if matches!(nav.sheet(), Some(Sheet::Log { .. })) => {}
        Some(Opened::Table) if nav.place_untracked() != Place::Import => nav.go(Place::Import),
        Some(Opened::Picture) if session.may_write() && untrack(|| nav.sheet()).is_none() => {
            nav.open(Sheet::Log { partner: nav.place_untracked().customer() });
        }
        _ => {}
    });
    Effect::new(move || {
        if incoming.take_lost() {
            session.toasts().say(td_string!(i18n.get_locale_untracked(), shell.shared_lost), None);
        }
    });
}

fn name_page(screen: Memo<Screen>) {
    let i18n = use_i18n();
    Effect::new(move || {
        let locale = i18n.get_locale();
        dom::set_title(&format!("{} · {}", screen.get().title(locale), td_string!(locale, common.app)));
    });
}

/// A new screen begins at its heading; the first one of the page leaves the focus alone.
fn focus_on_arrival(screen: Memo<Screen>) {
    Effect::new(move |before: Option<Screen>| {
        let now = screen.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(|| dom::focus_heading("#content h1"));
        }
        now
    });
}

/// On paper alone: when it was printed. What it says of yesterday, or of in two days, counts from there.
#[component]
fn PrintedAt() -> impl IntoView {
    let (i18n, format) = (use_i18n(), use_format());
    let at = RwSignal::new(clock::now_ms());
    let listener = window_event_listener_untyped("beforeprint", move |_| at.set(clock::now_ms()));
    on_cleanup(move || listener.remove());
    let words =
        move || t_string!(i18n, shell.printed, moment = format.when(at.get(), When::Moment)).to_string();
    view! { <p class="printed">{words}</p> }
}

/// The one polite voice for syncing.
#[component]
fn SyncVoice() -> impl IntoView {
    let (i18n, format, session) = (use_i18n(), use_format(), use_session());
    let words = Memo::new(move |_| sync_line(i18n.get_locale(), format, session.sync().get()).words);
    view! { <p class="sr" role="status" aria-live="polite">{move || words.get()}</p> }
}

//! Find anybody, do anything: one field over customers and commands.

use super::nav::FIRST_TAB;
use crate::port::{Found, ItemKind, Nudge, PartnerRow, Query};
use crate::ui::components::{Icon, Monogram, Size, give_focus_back};
use crate::ui::i18n::{Locale, td_string, use_i18n};
use crate::ui::pages::memory::use_memory;
use crate::ui::platform::dom;
use crate::ui::platform::intl::{When, use_format};
use crate::ui::routes::{Nav, Place, Sheet, use_nav};
use crate::ui::session::{Session, use_session};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use satchel_domain::{RecordId, View as SavedView};

/// Tasks, orders and interactions that are offered, of each.
const EACH: u32 = 4;

/// What a row does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Go(Place),
    Open(Sheet),
    SyncNow,
    Lock,
}

#[derive(Debug, Clone, PartialEq)]
enum Row {
    Person(Box<PartnerRow>),
    Saved(Box<SavedView>),
    Record(Box<Found>),
    Command {
        icon: &'static str,
        words: &'static str,
        deed: Deed,
    },
    /// A customer of the name that nobody has.
    Create(String),
}

impl Deed {
    fn writes(self) -> bool {
        match self {
            Self::Open(sheet) => sheet.writes(),
            Self::Go(place) => place == Place::Import,
            Self::SyncNow | Self::Lock => false,
        }
    }
}

impl Row {
    fn deed(&self) -> Deed {
        match self {
            Self::Person(row) => Deed::Go(Place::Customer(row.id, FIRST_TAB)),
            Self::Saved(_) => Deed::Go(Place::Customers),
            Self::Record(found) => Deed::Open(match found.kind {
                ItemKind::Task => Sheet::Task(found.id),
                ItemKind::Order => Sheet::Order(found.id),
                _ => Sheet::Interaction(found.id),
            }),
            Self::Command { deed, .. } => *deed,
            Self::Create(_) => Deed::Open(Sheet::NewPartner),
        }
    }
}

/// Words, Latin letters that find them in Chinese, and what they do; `here` is the customer on the screen.
fn commands(
    locale: Locale,
    here: Option<RecordId>,
) -> [(&'static str, &'static str, &'static str, Deed); 19] {
    [
        ("log", td_string!(locale, shell.command.log), "jilu jl", Deed::Open(Sheet::Log { partner: here })),
        (
            "plus",
            td_string!(locale, shell.command.new_customer),
            "xinjiankehu xjkh",
            Deed::Open(Sheet::NewPartner),
        ),
        (
            "check",
            td_string!(locale, shell.command.new_task),
            "xinjianrenwu xjrw",
            Deed::Open(Sheet::NewTask { partner: None }),
        ),
        ("today", td_string!(locale, shell.title.today), "jintian jt", Deed::Go(Place::Today)),
        ("customers", td_string!(locale, shell.title.customers), "kehu kh", Deed::Go(Place::Customers)),
        ("tasks", td_string!(locale, shell.title.tasks), "renwu rw", Deed::Go(Place::Tasks)),
        ("nav", td_string!(locale, plan.title), "baifang bf luxian lx route", Deed::Go(Place::Plan)),
        (
            "insights",
            td_string!(locale, shell.title.insights),
            "dongcha dc tongji tj statistics",
            Deed::Go(Place::Insights),
        ),
        (
            "export",
            td_string!(locale, shell.title.import),
            "daoru dr csv vcf xlsx excel",
            Deed::Go(Place::Import),
        ),
        (
            "drive",
            td_string!(locale, shell.title.backup),
            "beifen bf backup huifu hf restore",
            Deed::Go(Place::Backup),
        ),
        ("waiting", td_string!(locale, shell.command.sync_now), "tongbu tb", Deed::SyncNow),
        (
            "tablet",
            td_string!(locale, shell.command.add_device),
            "tianjiashebei tjsb",
            Deed::Open(Sheet::AddDevice),
        ),
        ("trash", td_string!(locale, shell.title.trash), "huishouzhan hsz", Deed::Go(Place::Trash)),
        ("customers", td_string!(locale, team.title), "tuandui td chengyuan yaoqing", Deed::Go(Place::Team)),
        ("sliders", td_string!(locale, shell.title.settings), "shezhi sz", Deed::Go(Place::Settings)),
        ("bulb", td_string!(locale, help.title), "bangzhu bz help", Deed::Go(Place::Help)),
        ("undo", td_string!(locale, shell.command.recent), "zuijin zj", Deed::Open(Sheet::Recent)),
        (
            "home",
            td_string!(locale, workspaces.switch),
            "qiehuangongzuoqu qhgzq",
            Deed::Open(Sheet::Workspaces),
        ),
        ("lock", td_string!(locale, shell.command.lock), "suoding sd", Deed::Lock),
    ]
}

fn matching(locale: Locale, here: Option<RecordId>, typed: &str, may_write: bool) -> Vec<Row> {
    let typed = typed.trim().to_lowercase();
    let begins = |text: &str| text.split(' ').any(|word| word.starts_with(&typed));
    let fits = |words: &str, latin: &str| {
        let words = words.to_lowercase();
        begins(latin)
            || words.starts_with(&typed)
            || begins(&words)
            || (!typed.is_ascii() && words.contains(&typed))
    };
    commands(locale, here)
        .into_iter()
        .filter(|(_, words, latin, _)| typed.is_empty() || fits(words, latin))
        .filter(|(.., deed)| may_write || !deed.writes())
        .map(|(icon, words, _, deed)| Row::Command { icon, words, deed })
        .collect()
}

/// Saved views whose names hold what was typed; none while nothing is.
fn saved(views: Vec<SavedView>, typed: &str) -> Vec<Row> {
    let typed = typed.trim().to_lowercase();
    let fits = |view: &SavedView| !view.newer && view.entry.name.to_lowercase().contains(&typed);
    let found = views.into_iter().filter(|view| !typed.is_empty() && fits(view));
    found.map(|view| Row::Saved(Box::new(view))).collect()
}

/// A customer of the typed name, where nothing but commands was found by it.
fn creation(typed: &str, found: usize, may_write: bool) -> Option<Row> {
    let name = typed.trim();
    (found == 0 && may_write && !name.is_empty()).then(|| Row::Create(name.to_owned()))
}

fn perform(deed: Deed, nav: Nav, session: Session) {
    match deed {
        Deed::Go(place) => nav.go_instead(place),
        Deed::Open(sheet) => nav.open(sheet),
        Deed::SyncNow => {
            session.nudge(Nudge::Asked);
            nav.go_instead(Place::Sync);
        }
        Deed::Lock => {
            nav.close();
            session.lock();
        }
    }
}

/// The palette.
#[component]
pub(super) fn PaletteSheet() -> impl IntoView {
    let (i18n, nav, session) = (use_i18n(), use_nav(), use_session());
    let memory = use_memory();
    let typed = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let found = session.watch_if::<Vec<PartnerRow>>(move || {
        let text = typed.get();
        (!text.trim().is_empty()).then_some(Query::Find { text, limit: 8, kind: None })
    });
    let views = session.watch::<Vec<SavedView>>(|| Query::Views);
    let records = session.watch_if::<Vec<Found>>(move || {
        let text = typed.get();
        (!text.trim().is_empty()).then_some(Query::FindRecords { text, limit: EACH })
    });
    let rows = Memo::new(move |_| {
        let (people, records) = (found.get(), records.get());
        let told = people.is_some() && records.is_some();
        let (people, records) = (people.unwrap_or_default(), records.unwrap_or_default());
        let saved = typed.with(|typed| saved(views.get().unwrap_or_default(), typed));
        let (known, may_write) = (people.len() + saved.len() + records.len(), session.may_write());
        let create = typed.with(|typed| creation(typed, known, may_write)).filter(|_| told);
        people
            .into_iter()
            .map(|row| Row::Person(Box::new(row)))
            .chain(saved)
            .chain(typed.with(|typed| matching(i18n.get_locale(), nav.place().customer(), typed, may_write)))
            .chain(records.into_iter().map(|found| Row::Record(Box::new(found))))
            .chain(create)
            .collect::<Vec<_>>()
    });
    let choose = move |index: usize| {
        if let Some(row) = rows.with_untracked(|rows| rows.get(index).cloned()) {
            match &row {
                Row::Saved(view) => memory.apply(view),
                Row::Create(name) => memory.new_name.set(name.clone()),
                _ => {}
            }
            perform(row.deed(), nav, session);
        }
    };
    let keys = move |event: KeyboardEvent| {
        if dom::composing(&event) {
            return;
        }
        let last = rows.with_untracked(|rows| rows.len().saturating_sub(1));
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => at.update(|at| *at = at.checked_sub(1).unwrap_or(last)),
            "Enter" => choose(at.get_untracked()),
            "Escape" => nav.close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    give_focus_back();
    Effect::new(|| request_animation_frame(|| dom::focus_first("#find")));
    let type_in = move |event| {
        typed.set(event_target_value(&event));
        at.set(0);
    };
    view! {
        <div class="scrim scrim-on" on:click=move |_| nav.close()></div>
        <section class="sheet find" role="dialog" aria-modal="true" aria-label=text!(i18n, shell.palette.title) on:keydown=keys>
            <div class="find-h">
                <div class="field">
                    <Icon name="search" />
                    <input
                        id="find"
                        type="text"
                        role="combobox"
                        autocomplete="off"
                        aria-expanded="true"
                        aria-controls="find-l"
                        aria-autocomplete="list"
                        aria-activedescendant=move || rows.with(|rows| (!rows.is_empty()).then(|| format!("find-{}", at.get())))
                        aria-label=text!(i18n, shell.palette.field)
                        placeholder=text!(i18n, shell.palette.field)
                        prop:value=move || typed.get()
                        on:input=type_in
                    />
                </div>
                <button class="ib" type="button" aria-label=text!(i18n, common.close) on:click=move |_| nav.close()>
                    <Icon name="x" />
                </button>
            </div>
            <ul class="scroll find-l" id="find-l" role="listbox" aria-label=text!(i18n, shell.palette.title)>
                {move || {
                    rows.get().into_iter().enumerate().map(|(index, row)| view! { <RowView index row at choose=Callback::new(choose) /> }).collect_view()
                }}
            </ul>
            <Show when=move || rows.with(|rows| matches!(rows[..], [] | [Row::Create(_)]))>
                <p class="find-0" role="status">{text!(i18n, shell.palette.nothing)}</p>
            </Show>
        </section>
    }
}

#[component]
fn RowView(index: usize, row: Row, at: RwSignal<usize>, choose: Callback<usize>) -> impl IntoView {
    let on = move || at.get() == index;
    let inner = match row {
        Row::Command { icon, words, .. } => {
            view! { <span class="find-i"><Icon name=icon /></span><span class="find-t">{words}</span> }
                .into_any()
        }
        Row::Create(name) => create_view(name),
        Row::Person(person) => person_view(*person),
        Row::Record(found) => record_view(*found),
        Row::Saved(view) => {
            view! { <span class="find-i"><Icon name="bookmark" /></span><span class="find-t">{view.entry.name}</span> }
                .into_any()
        }
    };
    Effect::new(move || {
        if on() {
            dom::reveal(&format!("find-{index}"));
        }
    });
    view! {
        <li class="find-r" role="option" id=format!("find-{index}") aria-selected=move || on().to_string() on:click=move |_| choose.run(index)>
            {inner}
        </li>
    }
}

fn create_view(name: String) -> AnyView {
    let i18n = use_i18n();
    view! {
        <span class="find-i"><Icon name="plus" /></span>
        <span class="find-t">{text!(i18n, customers.create, text = name.clone())}</span>
    }
    .into_any()
}

fn person_view(person: PartnerRow) -> AnyView {
    let RecordId(key) = person.id;
    view! {
        <Monogram name=person.name.clone() kind=person.kind key size=Size::Small />
        <span class="find-t"><b>{person.name}</b><span class="k">{person.aside}</span></span>
        <span class="k">{person.phone}</span>
    }
    .into_any()
}

/// A task, an order or an interaction: what it says, whose it is, and when.
fn record_view(found: Found) -> AnyView {
    let format = use_format();
    let icon = match &found.kind {
        ItemKind::Task => "check",
        ItemKind::Order => "order",
        _ => "log",
    };
    let when = found.at_ms.map(|at| move || format.when(at, When::Day));
    view! {
        <span class="find-i"><Icon name=icon /></span>
        <span class="find-t"><b>{marked(&found.title, &found.marks)}</b><span class="k">{found.partner}</span></span>
        {when.map(|when| view! { <span class="k num">{when}</span> })}
    }
    .into_any()
}

/// A text with the words that were looked for marked.
fn marked(text: &str, marks: &[(u32, u32)]) -> Vec<AnyView> {
    let view = |(part, is_marked): (&str, bool)| match is_marked {
        true => view! { <mark>{part.to_owned()}</mark> }.into_any(),
        false => part.to_owned().into_any(),
    };
    pieces(text, marks).into_iter().map(view).collect()
}

/// A text taken apart at its marks, with which of the parts are marked.
fn pieces<'a>(text: &'a str, marks: &[(u32, u32)]) -> Vec<(&'a str, bool)> {
    let mut at = 0;
    let mut pieces = Vec::new();
    let ends = marks.iter().flat_map(|(from, to)| [(*from as usize, false), (*to as usize, true)]);
    for (end, is_marked) in ends.chain([(text.len(), false)]) {
        pieces.extend(text.get(at..end).filter(|piece| !piece.is_empty()).map(|piece| (piece, is_marked)));
        at = end;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart_at_its_marks() {
        assert_eq!(pieces("报价单", &[(0, 6)]), [("报价", true), ("单", false)]);
        assert_eq!(
            pieces("a bc d", &[(2, 4), (5, 6)]),
            [("a ", false), ("bc", true), (" ", false), ("d", true)]
        );
        assert_eq!(pieces("ab", &[]), [("ab", false)]);
        assert!(pieces("", &[]).is_empty() && pieces("é", &[(1, 9)]).is_empty());
    }

    #[test]
    fn a_name_that_nobody_has_can_be_created_r40() {
        assert_eq!(creation(" 李明 ", 0, true), Some(Row::Create("李明".to_owned())));
        assert_eq!(creation("Li", 1, true), None);
        assert_eq!(creation("Li", 0, false), None);
        assert_eq!(creation("  ", 0, true), None);
    }
}

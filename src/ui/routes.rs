//! Every screen and every open sheet has an address; reading and writing addresses happens here only.
//!
//! A path names the [`Place`]; `?sheet=…` names what lies open above it. What cannot be read is today.

use crate::ui::platform::history::{self, History};
use leptos::prelude::*;
use satchel_domain::{FileId, Method, RecordId};

/// A screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// The day.
    #[default]
    Today,
    /// The customer list.
    Customers,
    /// One customer; beside the list where there is room.
    Customer(RecordId, Tab),
    /// Open tasks.
    Tasks,
    /// The visits of a day.
    Plan,
    /// Statistics.
    Insights,
    /// What was deleted.
    Trash,
    /// The sync centre.
    Sync,
    /// Settings.
    Settings,
    /// Bringing files in.
    Import,
    /// Making and bringing in backups.
    Backup,
    /// Who works here.
    Team,
    /// How things are done.
    Help,
    /// Everything else, listed.
    More,
    /// The parts of the screens, for who works on the app.
    #[cfg(debug_assertions)]
    Gallery,
}

/// A tab of a customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    /// What to know before the visit.
    #[default]
    Brief,
    /// What happened.
    Timeline,
    /// What was bought.
    Orders,
    /// Photos and files; shown where there are some.
    Files,
    /// Names, numbers, addresses.
    Details,
}

impl Tab {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Brief, Self::Timeline, Self::Orders, Self::Files, Self::Details];

    fn word(self) -> &'static str {
        match self {
            Self::Brief => "brief",
            Self::Timeline => "timeline",
            Self::Orders => "orders",
            Self::Files => "files",
            Self::Details => "details",
        }
    }

    fn read(word: &str) -> Self {
        Self::ALL.into_iter().find(|tab| tab.word() == word).unwrap_or_default()
    }
}

impl Place {
    /// The path below the base, with a leading slash.
    pub fn path(self) -> String {
        match self {
            Self::Today => "/".into(),
            Self::Customers => "/customers".into(),
            Self::Customer(id, Tab::Brief) => format!("/customers/{}", id.to_hex()),
            Self::Customer(id, tab) => format!("/customers/{}/{}", id.to_hex(), tab.word()),
            Self::Tasks => "/tasks".into(),
            Self::Plan => "/plan".into(),
            Self::Insights => "/insights".into(),
            Self::Trash => "/trash".into(),
            Self::Sync => "/sync".into(),
            Self::Settings => "/settings".into(),
            Self::Import => "/import".into(),
            Self::Backup => "/backup".into(),
            Self::Team => "/team".into(),
            Self::Help => "/help".into(),
            Self::More => "/more".into(),
            #[cfg(debug_assertions)]
            Self::Gallery => "/gallery".into(),
        }
    }

    /// For a link: with the base.
    pub fn href(self) -> String {
        history::full(&self.path())
    }

    /// The customer on the screen, for whom something is about to be logged.
    pub fn customer(self) -> Option<RecordId> {
        match self {
            Self::Customer(id, _) => Some(id),
            _ => None,
        }
    }

    /// Reads a path; what is unknown is today.
    pub fn read(path: &str) -> Self {
        let mut parts = path.trim_matches('/').split('/');
        let (first, second, third) = (parts.next(), parts.next(), parts.next());
        match (first.unwrap_or_default(), second.and_then(RecordId::from_hex)) {
            ("customers", Some(id)) => Self::Customer(id, Tab::read(third.unwrap_or_default())),
            ("customers", None) => Self::Customers,
            ("tasks", _) => Self::Tasks,
            ("plan", _) => Self::Plan,
            ("insights", _) => Self::Insights,
            ("trash", _) => Self::Trash,
            ("sync", _) => Self::Sync,
            ("settings", _) => Self::Settings,
            ("import", _) => Self::Import,
            ("backup", _) => Self::Backup,
            ("team", _) => Self::Team,
            ("help", _) => Self::Help,
            ("more", _) => Self::More,
            #[cfg(debug_assertions)]
            ("gallery", _) => Self::Gallery,
            _ => Self::Today,
        }
    }
}

/// What lies open above a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// Logging something, for a partner if one is chosen already.
    Log {
        /// For whom.
        partner: Option<RecordId>,
    },
    /// An interaction that is there: to read and to edit.
    Interaction(RecordId),
    /// A file beside an interaction.
    File(RecordId, FileId),
    /// An order that is there.
    Order(RecordId),
    /// A record's past.
    History(RecordId),
    /// A partner changes hands.
    HandOver(RecordId),
    /// All customers that the list shows change hands.
    HandOverListed,
    /// A customer moves into another workspace.
    Move(RecordId),
    /// Customers that are chosen in the list are changed.
    Bulk,
    /// Two partners become one.
    Merge {
        /// Who stays.
        id: RecordId,
        /// Who gives way, once chosen.
        with: Option<RecordId>,
    },
    /// What is here about a person.
    Person(RecordId),
    /// What was erased for good.
    Erasures,
    /// A new partner.
    NewPartner,
    /// A partner to edit.
    EditPartner(RecordId),
    /// A new task, for a partner if one is chosen already.
    NewTask {
        /// For whom.
        partner: Option<RecordId>,
    },
    /// A task to edit.
    Task(RecordId),
    /// Which customers are shown.
    Filter,
    /// Which columns a table of them has.
    Columns,
    /// Find anybody, do anything.
    Palette,
    /// The keyboard's shortcuts.
    Keys,
    /// What was said lately, with its undo.
    Recent,
    /// The device code, to join with another device.
    AddDevice,
    /// Choosing another passphrase.
    Passphrase,
    /// Taking the passphrase that was chosen on another device.
    AdoptPassphrase,
    /// Making a recovery code.
    RecoveryCode,
    /// Inviting somebody.
    Invite,
    /// A member of the team, by her account.
    Member(RecordId),
    /// The workspaces of this device.
    Workspaces,
    /// Making another workspace in the same account.
    Territory,
    /// Passkeys.
    Passkeys,
    /// An invitation that came while a workspace is open.
    Invited,
}

impl Sheet {
    /// The query, without the question mark.
    pub fn query(self) -> String {
        let with = |word: &str, id: Option<RecordId>| match id {
            Some(id) => format!("sheet={word}&id={}", id.to_hex()),
            None => format!("sheet={word}"),
        };
        match self {
            Self::Log { partner } => with("log", partner),
            Self::Interaction(id) => with("interaction", Some(id)),
            Self::File(id, file) => format!("{}&file={}", with("file", Some(id)), file.to_hex()),
            Self::Order(id) => with("order", Some(id)),
            Self::History(id) => with("history", Some(id)),
            Self::HandOver(id) => with("hand-over", Some(id)),
            Self::HandOverListed => with("hand-over-listed", None),
            Self::Move(id) => with("move", Some(id)),
            Self::Territory => with("territory", None),
            Self::Bulk => with("bulk", None),
            Self::Merge { id, with: None } => with("merge", Some(id)),
            Self::Merge { id, with: Some(other) } => {
                format!("{}&with={}", with("merge", Some(id)), other.to_hex())
            }
            Self::Person(id) => with("person", Some(id)),
            Self::Erasures => with("erasures", None),
            Self::NewPartner => with("customer", None),
            Self::EditPartner(id) => with("customer", Some(id)),
            Self::NewTask { partner } => with("new-task", partner),
            Self::Task(id) => with("task", Some(id)),
            Self::Filter => with("filter", None),
            Self::Columns => with("columns", None),
            Self::Palette => with("find", None),
            Self::Keys => with("keys", None),
            Self::Recent => with("recent", None),
            Self::AddDevice => with("device", None),
            Self::Passphrase => with("passphrase", None),
            Self::AdoptPassphrase => with("new-passphrase", None),
            Self::RecoveryCode => with("recovery-code", None),
            Self::Invite => with("invite", None),
            Self::Member(id) => with("member", Some(id)),
            Self::Workspaces => with("workspaces", None),
            Self::Passkeys => with("passkeys", None),
            Self::Invited => with("invited", None),
        }
    }

    /// Whether it is for writing only.
    pub fn writes(self) -> bool {
        matches!(
            self,
            Self::Log { .. }
                | Self::NewPartner
                | Self::EditPartner(_)
                | Self::NewTask { .. }
                | Self::HandOverListed
                | Self::Move(_)
                | Self::Bulk
                | Self::Merge { .. }
        )
    }

    /// What an address opens: by its query, or by one of the installed app's shortcuts.
    fn at(path: &str, query: &str) -> Option<Self> {
        Self::read(query).or_else(|| match path.trim_matches('/') {
            "log" => Some(Self::Log { partner: None }),
            "customers/new" => Some(Self::NewPartner),
            "customers" if field(query, "find").is_some() => Some(Self::Palette),
            _ => None,
        })
    }

    /// Reads a query.
    pub fn read(query: &str) -> Option<Self> {
        let id = field(query, "id").and_then(RecordId::from_hex);
        Some(match (field(query, "sheet")?, id) {
            ("log", partner) => Self::Log { partner },
            ("interaction", Some(id)) => Self::Interaction(id),
            ("file", Some(id)) => Self::File(id, field(query, "file").and_then(FileId::from_hex)?),
            ("order", Some(id)) => Self::Order(id),
            ("history", Some(id)) => Self::History(id),
            ("hand-over", Some(id)) => Self::HandOver(id),
            ("hand-over-listed", _) => Self::HandOverListed,
            ("move", Some(id)) => Self::Move(id),
            ("territory", _) => Self::Territory,
            ("bulk", _) => Self::Bulk,
            ("merge", Some(id)) => {
                Self::Merge { id, with: field(query, "with").and_then(RecordId::from_hex) }
            }
            ("person", Some(id)) => Self::Person(id),
            ("erasures", _) => Self::Erasures,
            ("customer", Some(id)) => Self::EditPartner(id),
            ("customer", None) => Self::NewPartner,
            ("new-task", partner) => Self::NewTask { partner },
            ("task", Some(id)) => Self::Task(id),
            ("filter", _) => Self::Filter,
            ("columns", _) => Self::Columns,
            ("find", _) => Self::Palette,
            ("keys", _) => Self::Keys,
            ("recent", _) => Self::Recent,
            ("device", _) => Self::AddDevice,
            ("passphrase", _) => Self::Passphrase,
            ("new-passphrase", _) => Self::AdoptPassphrase,
            ("recovery-code", _) => Self::RecoveryCode,
            ("invite", _) => Self::Invite,
            ("member", Some(id)) => Self::Member(id),
            ("workspaces", _) => Self::Workspaces,
            ("passkeys", _) => Self::Passkeys,
            ("invited", _) => Self::Invited,
            _ => return None,
        })
    }
}

fn field<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// Where we are, and how to go elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Nav {
    history: History,
    place: Memo<Place>,
    sheet: Memo<Option<Sheet>>,
}

/// The way through the app.
pub fn use_nav() -> Nav {
    expect_context()
}

impl Nav {
    /// Over the address bar; to be provided once, at the root.
    pub fn new(history: History) -> Self {
        let address = history.address();
        let place = Memo::new(move |_| address.with(|at| Place::read(&at.path)));
        let sheet = Memo::new(move |_| address.with(|at| Sheet::at(&at.path, &at.query)));
        Self { history, place, sheet }
    }

    /// The screen.
    pub fn place(self) -> Place {
        self.place.get()
    }

    /// The screen, without being told of changes.
    pub fn place_untracked(self) -> Place {
        self.place.get_untracked()
    }

    /// What lies open above it.
    pub fn sheet(self) -> Option<Sheet> {
        self.sheet.get()
    }

    /// Goes to a screen.
    pub fn go(self, place: Place) {
        self.history.push(&place.path());
    }

    /// Makes the way back lead to here once before it leads on: for a step that has no address of its own.
    pub fn mark(self) {
        self.history.mark();
    }

    /// Goes to a screen without leaving a way back to this one.
    pub fn go_instead(self, place: Place) {
        self.history.replace(&place.path());
    }

    /// Goes back, or to `otherwise` when this was the first screen.
    pub fn back_or(self, otherwise: Place) {
        self.history.back_or(&otherwise.path());
    }

    /// Opens a sheet above this screen; from within a sheet, in place of that one.
    pub fn open(self, sheet: Sheet) {
        let to = format!("{}?{}", self.place.get_untracked().path(), sheet.query());
        if self.sheet.get_untracked().is_some() {
            self.history.replace(&to);
        } else {
            self.history.push(&to);
        }
    }

    /// Opens a sheet above this screen and whatever is open: closed, it gives way to that again.
    pub fn open_above(self, sheet: Sheet) {
        if self.sheet.get_untracked() != Some(sheet) {
            self.history.push(&format!("{}?{}", self.place.get_untracked().path(), sheet.query()));
        }
    }

    /// Closes the sheet: goes back if that leads to the screen below.
    pub fn close(self) {
        if self.sheet.get_untracked().is_some() {
            self.history.back_or(&self.place.get_untracked().path());
        }
    }

    /// By which method the address says that a new entry begins, as one of the installed app's shortcuts does.
    pub fn method_untracked(self) -> Option<Method> {
        let method = |at: &history::Address| field(&at.query, "method").map(Method::from_code);
        self.history.address().with_untracked(method)
    }

    /// For a link that opens a sheet above this screen.
    pub fn sheet_href(self, sheet: Sheet) -> String {
        history::full(&format!("{}?{}", self.place.get().path(), sheet.query()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: RecordId = RecordId([7; 16]);

    #[test]
    fn every_place_survives_its_address() {
        let places = [
            Place::Today,
            Place::Customers,
            Place::Tasks,
            Place::Plan,
            Place::Insights,
            Place::Trash,
            Place::Sync,
            Place::Settings,
            Place::Import,
            Place::Backup,
            Place::Team,
            Place::Help,
            Place::More,
        ];
        let tabs = Tab::ALL.map(|tab| Place::Customer(ID, tab));
        for place in places.into_iter().chain(tabs) {
            assert_eq!(Place::read(&place.path()), place);
        }
    }

    #[test]
    fn every_sheet_survives_its_address() {
        let sheets = [
            Sheet::Log { partner: None },
            Sheet::Log { partner: Some(ID) },
            Sheet::Interaction(ID),
            Sheet::File(ID, FileId([9; 16])),
            Sheet::Order(ID),
            Sheet::History(ID),
            Sheet::HandOver(ID),
            Sheet::HandOverListed,
            Sheet::Move(ID),
            Sheet::Territory,
            Sheet::Bulk,
            Sheet::Merge { id: ID, with: None },
            Sheet::Merge { id: ID, with: Some(RecordId([8; 16])) },
            Sheet::Person(ID),
            Sheet::Erasures,
            Sheet::NewPartner,
            Sheet::EditPartner(ID),
            Sheet::NewTask { partner: None },
            Sheet::NewTask { partner: Some(ID) },
            Sheet::Task(ID),
            Sheet::Filter,
            Sheet::Columns,
            Sheet::Palette,
            Sheet::Keys,
            Sheet::Recent,
            Sheet::AddDevice,
            Sheet::Passphrase,
            Sheet::AdoptPassphrase,
            Sheet::RecoveryCode,
            Sheet::Invite,
            Sheet::Member(ID),
            Sheet::Workspaces,
            Sheet::Passkeys,
            Sheet::Invited,
        ];
        for sheet in sheets {
            assert_eq!(Sheet::read(&sheet.query()), Some(sheet));
        }
    }

    #[test]
    fn what_is_unknown_is_today_without_a_sheet() {
        assert_eq!(Place::read("/pipeline/of/dreams"), Place::Today);
        assert_eq!(Place::read(""), Place::Today);
        assert_eq!(Place::read("/customers/zz"), Place::Customers);
        assert_eq!(Sheet::read("sheet=unknown"), None);
        assert_eq!(Sheet::read("sheet=task"), None);
        assert_eq!(Sheet::read("utm=1"), None);
    }

    #[test]
    fn shortcuts_of_the_installed_app_open_sheets() {
        assert_eq!(Sheet::at("/log", "method=visit"), Some(Sheet::Log { partner: None }));
        assert_eq!(Sheet::at("/customers/new", ""), Some(Sheet::NewPartner));
        assert_eq!(Sheet::at("/customers", "find=1"), Some(Sheet::Palette));
        assert_eq!(Sheet::at("/customers", ""), None);
    }
}

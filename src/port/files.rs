//! Files beside interactions: photos, and whatever else is worth keeping with what was said.

use satchel_domain::{FileId, InteractionDraft, Picture, RecordId, TaskDraft};
use serde::{Deserialize, Serialize};

/// Most bytes of a file.
pub const MAX_FILE: u64 = 25 << 20;
/// Most files beside one interaction.
pub const MAX_FILES: usize = 30;

/// What is done with files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FileAct {
    /// Keeps the file that came with the request, sealed, on this device; a picture's preview comes behind it. Ends
    /// with [`super::Outcome::FileKept`]. It belongs to nothing yet.
    Keep {
        /// What a person calls it.
        name: String,
        /// Its media type.
        media: String,
        /// Its size, if it is a picture.
        picture: Option<Picture>,
    },
    /// Gives a kept file up that belongs to nothing.
    GiveUp {
        /// Which.
        file: FileId,
    },
    /// As [`super::Command::LogInteraction`], with files.
    Log {
        /// What was typed.
        draft: InteractionDraft,
        /// As there.
        follow_up: Option<TaskDraft>,
        /// As there.
        done: Vec<RecordId>,
        /// Kept files.
        files: Vec<FileId>,
    },
    /// As [`super::Command::EditInteraction`], with files put to it or taken off.
    Edit {
        /// The interaction.
        id: RecordId,
        /// What the person saw.
        seen: InteractionDraft,
        /// What she made of it.
        draft: InteractionDraft,
        /// Which files.
        change: FileChange,
    },
    /// Puts files to an interaction or takes them off.
    Change {
        /// The interaction.
        id: RecordId,
        /// Which files.
        change: FileChange,
    },
    /// Opens a file: its bytes come in [`super::Reply::Piece`]s, from this device or from the server.
    Open {
        /// The interaction.
        id: RecordId,
        /// The file.
        file: FileId,
    },
    /// Sends what waits although the person saves data.
    SendNow,
}

/// Which files are put to an interaction, and which are taken off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// Kept files.
    pub add: Vec<FileId>,
    /// Files that it has.
    pub remove: Vec<FileId>,
}

/// A file, as a screen shows it: never with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCard {
    /// Which.
    pub id: FileId,
    /// What a person calls it.
    pub name: String,
    /// Its media type, as whoever attached it said.
    pub media: String,
    /// How many bytes.
    pub size: u64,
    /// Its size, if it is a picture.
    pub picture: Option<Picture>,
    /// Where its bytes are.
    pub state: FileState,
}

/// Where a file's bytes are, as far as this device knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FileState {
    /// Nothing is left to send from here.
    #[default]
    Settled,
    /// The server does not have all of it yet.
    Waiting,
    /// A part of it is neither on this device any more nor at the server.
    Lost,
}

/// A file that cannot be sent any more: this device's storage lost a part of it before the server had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostFile {
    /// What a person calls it.
    pub name: String,
    /// Whose; may be empty.
    pub partner: String,
    /// The partner to open at a tap.
    pub partner_id: Option<RecordId>,
}

/// A file of a customer's, with the interaction that it lies beside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerFile {
    /// The interaction.
    pub record: RecordId,
    /// When that was, ms since 1970 UTC.
    pub at_ms: i64,
    /// The file.
    pub file: FileCard,
}

/// A picture's preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Preview {
    /// Its bytes.
    Here(Vec<u8>),
    /// It has none.
    None,
    /// It is not on this device yet.
    Coming,
    /// What is here, or came, is not what was sealed.
    Damaged,
}

/// How sending files goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesStatus {
    /// Files that the server does not have whole, and that can be sent.
    pub waiting: u32,
    /// Their bytes.
    pub bytes: u64,
    /// Of them, sent.
    pub sent: u64,
    /// What they wait for.
    pub phase: FilesPhase,
    /// Files that are whole on the server only.
    pub elsewhere: u32,
}

/// What files wait for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilesPhase {
    /// Nothing, or the next try.
    #[default]
    Idle,
    /// They are on their way.
    Sending,
    /// The person asked the browser to save data.
    SavingData,
    /// The server lets the workspace hold no more.
    SpaceFull,
    /// The server takes no files.
    NoFiles,
}

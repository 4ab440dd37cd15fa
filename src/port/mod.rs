//! The port: the only language between the user interface and the engine.
//!
//! The UI sends [`Request`]s, the engine answers with [`Reply`]s; both travel as postcard bytes in a
//! `postMessage`. Files chosen by a person travel beside a request as `File` objects, uncopied.
//!
//! - A [`Command`] is what a person meant. It ends in exactly one [`Reply::Done`].
//! - A [`Query`] is what a screen shows. It is live: the engine sends a [`Reply::Answer`] at once and
//!   again whenever a commit changed it, until [`Request::Forget`].
//! - An [`Event`] is told to everybody.
//!
//! Frames: the UI posts an object `{ bytes: Uint8Array, files: File[] }` (`files` may be absent), the engine
//! posts a `Uint8Array`. The engine posts one empty `Uint8Array` as soon as it listens; the UI holds its
//! requests back until then, because a worker drops what arrives before it listens.
//!
//! No key crosses it, and sealed bytes only as files that a person keeps. Passphrases cross it once, inward.

#![expect(clippy::large_enum_variant, reason = "messages live for one hop; boxes would be noise at each use")]

mod backup;
mod failure;
mod files;
mod hello;
mod history;
mod import;
mod insight;
mod many;
mod owner;
mod passkey;
mod person;
mod plan;
mod progress;
mod sample;
mod secret;
mod session;
mod sync;
mod table;
mod tasks;
mod team;
mod today;
mod view;

pub use backup::*;
pub use failure::*;
pub use files::*;
pub use hello::*;
pub use history::*;
pub use import::*;
pub use insight::*;
pub use many::*;
pub use owner::*;
pub use passkey::*;
pub use person::*;
pub use plan::*;
pub use progress::*;
pub use sample::*;
pub use secret::*;
pub use session::*;
pub use sync::*;
pub use table::*;
pub use tasks::*;
pub use team::*;
pub use today::*;
pub use view::*;

use satchel_domain::{InteractionDraft, Participation, PartnerDraft, RecordId, TaskDraft, ViewDraft};
use serde::{Deserialize, Serialize};

/// Distinguishes requests of one UI; chosen by the UI, rising.
pub type RequestId = u32;

/// From the UI to the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// First message: how the engine is to behave.
    Hello(Hello),
    /// Do something; answered by one [`Reply::Done`], perhaps after [`Reply::Progress`].
    Do {
        /// Names the answer.
        id: RequestId,
        /// What is meant.
        command: Command,
    },
    /// Watch something; answered by [`Reply::Answer`]s until forgotten.
    Watch {
        /// Names the answers.
        id: RequestId,
        /// What is watched.
        query: Query,
    },
    /// Replace a watch by another query under the same id: a list that scrolls, a search being typed.
    /// Answers to the earlier query that are still under way are dropped by the engine.
    Rewatch {
        /// The watch.
        id: RequestId,
        /// What it watches from now on.
        query: Query,
    },
    /// Stop a watch.
    Forget {
        /// The watch.
        id: RequestId,
    },
    /// Stop a long command as soon as it is safe; it still ends in [`Reply::Done`].
    Cancel {
        /// The command.
        id: RequestId,
    },
    /// The page was shown, hidden, or the network came or went: a good moment to sync.
    Nudge(Nudge),
}

/// What a person meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Makes a workspace on this device, wholly offline, and opens it.
    CreateWorkspace {
        /// Shown on the lock screen: the only name that is kept in clear.
        name: String,
        /// At least 8 characters; never kept.
        passphrase: Secret,
    },
    /// Brings an existing workspace to this device; needs the server once. Opens it.
    JoinWorkspace {
        /// The device code shown on another device or the recovery sheet.
        code: Secret,
        /// The passphrase of the workspace.
        passphrase: Secret,
    },
    /// Makes a workspace of made-up records that is never synced, and opens it. Can be stopped: what was made stays.
    CreateSample {
        /// Shown in the list of workspaces.
        name: String,
        /// Its records are Chinese, else English.
        chinese: bool,
        /// How much there is to look at.
        size: SampleSize,
    },
    /// Opens the workspace that is on this device.
    Unlock {
        /// The passphrase; not looked at for a sample workspace.
        passphrase: Secret,
    },
    /// The same by the recovery code, where the passphrase is forgotten; a new one takes its place.
    JoinByRecovery {
        /// The device code.
        code: Secret,
        /// The recovery code.
        recovery: Secret,
        /// The new passphrase, at least 8 characters.
        passphrase: Secret,
    },
    /// Opens the workspace that is on this device by its recovery code; a new passphrase takes the old one's place.
    Recover {
        /// The recovery code.
        code: Secret,
        /// The new passphrase, at least 8 characters.
        passphrase: Secret,
    },
    /// Another passphrase. Works offline; the server and the other devices learn of it with the next sync.
    ChangePassphrase {
        /// The one until now.
        old: Secret,
        /// At least 8 characters.
        new: Secret,
    },
    /// Takes the passphrase that was chosen on another device; needs the server.
    AdoptPassphrase {
        /// The new passphrase.
        passphrase: Secret,
    },
    /// Asks the server which devices there are.
    LookForDevices,
    /// Gives a device a name that all of the account's devices see.
    NameDevice {
        /// As [`DeviceCard::id`].
        device: String,
        /// Its name; empty for none.
        name: String,
    },
    /// Has another device let in no more, and its sessions ended, after the passphrase was given again.
    RevokeDevice {
        /// As [`DeviceCard::id`].
        device: String,
        /// The passphrase.
        passphrase: Secret,
    },
    /// A member's keys were compared in person, and are the same; or that is taken back. Kept on this device only.
    Compared {
        /// Who.
        member: TeamId,
        /// The digits that were compared; nothing to take it back.
        digits: Option<String>,
    },
    /// Ends with a new recovery code, which opens nothing yet.
    MakeRecoveryCode,
    /// From now on this recovery code opens the workspace, and no other one.
    KeepRecoveryCode {
        /// As it was made, and written down.
        code: Secret,
        /// Asked again, because the code is as good as it.
        passphrase: Secret,
    },
    /// Ends with what the platform is to be asked when it makes a passkey for this device.
    AskPasskey {
        /// Asked again, because a passkey is as good as it.
        passphrase: Secret,
    },
    /// From now on this passkey opens the workspace too.
    KeepPasskey {
        /// What it answered.
        answered: PasskeyAnswer,
        /// As for [`Command::AskPasskey`].
        passphrase: Secret,
    },
    /// Opens the workspace that is on this device.
    UnlockByPasskey(PasskeyAnswer),
    /// Takes a passkey away.
    RemovePasskey {
        /// [`PasskeyCard::slot`].
        slot: u32,
        /// Asked, because it is the way that stays.
        passphrase: Secret,
    },
    /// Ends with the device code, for the recovery sheet or another device.
    RevealDeviceCode {
        /// Asked again, because the code is half of the key.
        passphrase: Secret,
    },
    /// A new partner. Ends with its id.
    CreatePartner {
        /// What was typed.
        draft: PartnerDraft,
    },
    /// Changes only what differs between `seen` and `draft`, so that what another device changed meanwhile survives.
    EditPartner {
        /// The partner.
        id: RecordId,
        /// What the person saw when she began.
        seen: PartnerDraft,
        /// What she made of it.
        draft: PartnerDraft,
    },
    /// A new interaction. Ends with its id.
    LogInteraction {
        /// What was typed.
        draft: InteractionDraft,
        /// A promise made on the occasion: becomes a task in the same transaction.
        follow_up: Option<TaskDraft>,
        /// Open tasks that it was for: they are done with it. One that is gone by then is passed over.
        done: Vec<RecordId>,
    },
    /// As [`Command::EditPartner`].
    EditInteraction {
        /// The interaction.
        id: RecordId,
        /// What the person saw.
        seen: InteractionDraft,
        /// What she made of it.
        draft: InteractionDraft,
    },
    /// Does something with files.
    File(FileAct),
    /// Adds a partner to a record (R42).
    Link {
        /// The interaction.
        record: RecordId,
        /// Who, as what.
        participation: Participation,
    },
    /// Takes a partner off a record (R42).
    Unlink {
        /// The interaction.
        record: RecordId,
        /// Who, as what.
        participation: Participation,
    },
    /// A new task. Ends with its id.
    CreateTask {
        /// What was typed.
        draft: TaskDraft,
    },
    /// As [`Command::EditPartner`].
    EditTask {
        /// The task.
        id: RecordId,
        /// What the person saw.
        seen: TaskDraft,
        /// What she made of it.
        draft: TaskDraft,
    },
    /// Saves a view under a name. Ends with its id.
    CreateView {
        /// What was chosen.
        draft: ViewDraft,
    },
    /// As [`Command::EditPartner`].
    EditView {
        /// The view.
        id: RecordId,
        /// What the person saw.
        seen: ViewDraft,
        /// What she made of it.
        draft: ViewDraft,
    },
    /// Writes customers as CSV or JSON; ends with [`Outcome::Table`].
    WriteTable(Table),
    /// Marks a task done or open again.
    CompleteTask {
        /// The task.
        id: RecordId,
        /// Done or not.
        done: bool,
    },
    /// From which sum of the three scores on a customer is of tier A, and from which of B (R62): 3 < B < A ≤ 15.
    SetTiers {
        /// A, B; `None` for the usual ones.
        from: Option<[u8; 2]>,
    },
    /// A customer was opened: who is used often and lately is found first.
    Opened {
        /// Who.
        id: RecordId,
    },
    /// Puts records of any kind into the trash (R38). What is not there is reported, not an error.
    Delete {
        /// The records.
        ids: Vec<RecordId>,
    },
    /// Changes or deletes many customers; ends with [`Outcome::Changed`] or [`Outcome::ChangedPartly`].
    Bulk(Bulk),
    /// Makes two partners one.
    Merge(Box<Merge>),
    /// Gives customers to another member, with a task for her that says so, in one go (R121).
    HandOver(HandOver),
    /// Hands out or erases everything about a partner.
    Person(PersonAct),
    /// Orders the visits of a day, or says where somebody is.
    Plan(PlanAct),
    /// Takes records out of the trash.
    Restore {
        /// The records.
        ids: Vec<RecordId>,
    },
    /// Takes back an earlier command of this device, under new stamps.
    Undo {
        /// As given by [`Done::undo`].
        token: UndoToken,
    },
    /// Keeps what is being typed, sealed, on this device only. An empty text drops it.
    KeepDraft {
        /// Which form: such as `log/<partner id>`.
        key: String,
        /// The form's own text, such as JSON.
        text: String,
    },
    /// Reads the files that came with the request; ends with [`Outcome::Inspected`].
    InspectFiles,
    /// Reads another sheet of a workbook; ends with [`Outcome::Inspected`], the same import.
    ChooseSheet {
        /// What [`Command::InspectFiles`] ended with.
        import: ImportId,
        /// Which file, by its position.
        file: u32,
        /// Which sheet, by [`ImportSheet::at`].
        sheet: u32,
    },
    /// Brings inspected files in. Progress, cancel between batches, undo as a whole.
    Import {
        /// What [`Command::InspectFiles`] ended with.
        import: ImportId,
        /// How to read each file, in the same order.
        plans: Vec<FilePlan>,
    },
    /// Gives inspected files back.
    DropImport {
        /// The import.
        import: ImportId,
    },
    /// Settles fields of the review list, in one go. Undo brings them back into it.
    Review {
        /// Each by its [`ReviewItem::key`], with what to keep.
        choices: Vec<(String, ReviewChoice)>,
    },
    /// Writes a value of the past in place again, as a new edit.
    RestoreValue {
        /// The record.
        record: RecordId,
        /// Which entry of its history.
        entry: HistoryKey,
        /// Which of its values.
        side: HistorySide,
    },
    /// Tries a record again that was set aside.
    RetryAside {
        /// The record.
        id: RecordId,
    },
    /// Tells no more of what was lost in a damaged part of this device's store; what is left of that goes.
    PutAwayLost {
        /// [`LostItem::key`].
        key: String,
    },
    /// Writes a backup; the file comes in [`Reply::Piece`]s, in order, before the end. Can be stopped.
    BackUp,
    /// The file that [`Command::BackUp`] wrote last lies where the person wanted it: what is in it counts as saved.
    KeptBackup,
    /// Verifies the file that came with the request, whole; ends with [`Outcome::BackupVerified`] or
    /// [`Outcome::BackupRefused`]. Can be stopped.
    InspectBackup {
        /// Device code and passphrase, where no workspace is on this device.
        opened_by: Option<(Secret, Secret)>,
    },
    /// Brings a verified file in; on a device without a workspace it is made and opened. Can be stopped.
    RestoreBackup {
        /// [`BackupPreview::backup`].
        backup: BackupId,
        /// How.
        way: RestoreWay,
    },
    /// Gives a verified file back.
    DropBackup {
        /// The file.
        backup: BackupId,
    },
    /// Removes the workspace from this device, with everything in it. Refused with
    /// [`FailureCode::Unsent`] while something here was neither sent nor saved to a file since, forms that were begun
    /// among it, or the server does not know a change of the account.
    EraseDevice {
        /// The person has said that what was not sent may be lost.
        discard: bool,
    },
    /// Deletes the workspace at the server for everybody, and then from this device: for an owner. Refused with
    /// [`FailureCode::Unsent`] while what is here is in no file that was written since.
    DeleteWorkspace {
        /// Asked again: whoever only finds the device open deletes nothing.
        passphrase: Secret,
        /// The person has said that it may be lost.
        discard: bool,
    },
    /// Opens another workspace of the same account in place of the one that is open, without the passphrase. Refused
    /// with [`FailureCode::Locked`] for another account's.
    SwitchTo {
        /// Which.
        workspace: WorkspaceRef,
    },
    /// Makes another workspace in the same account, with keys and members of its own, and opens it; needs the server.
    CreateBeside {
        /// Its name.
        name: String,
        /// What its members will see of the person.
        me: String,
    },
    /// Moves customers with all that is about them into another workspace of the account: who is a member here only
    /// reads them no more. All or none, and at most [`MOST_MOVED`]. Needs the server; ends with [`Outcome::Changed`].
    MovePartners {
        /// Which.
        meant: Meant,
        /// Where to.
        to: WorkspaceRef,
    },
    /// Changes the team.
    Team(TeamChange),
    /// Looks at an invitation; ends with [`Outcome::Invited`].
    ReadInvitation {
        /// What stands in the link's fragment.
        invitation: Secret,
    },
    /// Takes an invitation up, and opens its workspace.
    AcceptInvitation(Acceptance),
    /// The same as the person whose workspace is open: with her account and its passphrase, which is asked again. The
    /// open workspace is closed for the new one.
    AcceptAsMyself(Acceptance),
    /// Ends with everything that the browser still holds of the workspace, sealed as it is.
    SaveSealed,
    /// Throws away what is left of a workspace that cannot be opened any more.
    Discard,
}

/// Under which key a visit under way is kept: beside the drafts, though it is no form.
pub const VISIT: &str = "visit";
/// Under which key is kept who was reached for in another app, to be asked whether to log it: no form either.
pub const REACHED: &str = "reached";

/// Names an undoable command; lives as long as the engine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UndoToken(pub u32);

/// How a command ended well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// What came of it.
    pub outcome: Outcome,
    /// How to take it back, if it can be.
    pub undo: Option<UndoToken>,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is durable on this device.
    Saved,
    /// A record was made, and is durable on this device.
    Created(RecordId),
    /// So many records were put into or taken out of the trash; the others were not there.
    Trashed {
        /// How many changed.
        changed: u32,
        /// How many were not there or already so.
        absent: u32,
    },
    /// So many customers were changed; the others were so already, or were not there.
    Changed {
        /// How many changed.
        changed: u32,
        /// How many did not.
        same: u32,
    },
    /// An act on many customers that the device's storage did not take to its end.
    ChangedPartly {
        /// How many changed; undo takes these back.
        changed: u32,
        /// How many were to be changed and were not.
        left: u32,
        /// Why.
        why: FailureCode,
    },
    /// The workspace is open.
    Opened,
    /// The device code.
    DeviceCode(Secret),
    /// A recovery code.
    RecoveryCode(Secret),
    /// What the platform is to be asked.
    AskPasskey(PasskeyAsk),
    /// The files were read.
    Inspected(Inspection),
    /// The files were brought in (or as many rows as came before the cancel).
    Imported(ImportReport),
    /// The file is sealed on this device.
    FileKept(FileCard),
    /// A table, as a file.
    Table(Vec<u8>),
    /// The sealed workspace, as a file.
    Sealed(Vec<u8>),
    /// A backup was written; its bytes have come.
    BackedUp(BackedUp),
    /// The file is whole.
    BackupVerified(BackupPreview),
    /// The file is no whole backup of this workspace.
    BackupRefused(BackupFault),
    /// The file was brought in.
    Restored(RestoreReport),
    /// Everything about a partner.
    Person(Box<PersonFile>),
    /// So many customers changed hands; the others were hers already.
    HandedOver(u32),
    /// It was erased here; [`Query::Erasures`] tells when the server has confirmed it.
    Erased(RecordId),
    /// What a link to this invitation carries in its fragment.
    Invitation(Secret),
    /// What an invitation says.
    Invited(Invited),
}

/// From the engine to the UI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// A command ended.
    Done {
        /// The command.
        id: RequestId,
        /// How.
        result: Result<Done, Failure>,
    },
    /// A long command goes on.
    Progress {
        /// The command.
        id: RequestId,
        /// How far.
        progress: Progress,
    },
    /// The next bytes of the file that a command writes.
    Piece {
        /// The command.
        id: RequestId,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// What a watch shows now.
    Answer {
        /// The watch.
        id: RequestId,
        /// What it shows.
        answer: Answer,
    },
    /// Something that everybody may want to know.
    Event(Event),
}

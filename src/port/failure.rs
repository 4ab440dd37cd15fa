//! Why a command did not end well.

use satchel_domain::Invalid;
use serde::{Deserialize, Serialize};

/// Why a command did not end well. Nothing of it was written, unless `Imported` says so or it is
/// [`FailureCode::NotBeside`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// What happened.
    pub code: FailureCode,
    /// The fields at fault, for [`FailureCode::Invalid`].
    pub invalid: Vec<Invalid>,
}

/// What happened. The UI turns it into what failed, what is safe and what to do; it is also the code to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FailureCode {
    /// The draft is not valid.
    Invalid,
    /// The workspace is locked.
    Locked,
    /// The passphrase does not open this workspace.
    WrongPassphrase,
    /// Too short for a passphrase.
    WeakPassphrase,
    /// The device code has a typing error.
    MistypedCode,
    /// The recovery code is another one, or there is none.
    WrongCode,
    /// The server knows no workspace with this code and passphrase.
    UnknownAccount,
    /// The server cannot be reached.
    Unreachable,
    /// Something answered that is not the sync server (a captive portal, perhaps).
    NotTheServer,
    /// The server answered with an error of its own.
    ServerError,
    /// The server refuses this device or account.
    Refused,
    /// This device was revoked.
    Revoked,
    /// The device has no room left.
    StorageFull,
    /// The browser gives no storage (private mode, perhaps).
    StorageUnavailable,
    /// Another tab holds an older version open.
    StorageBlocked,
    /// A newer version of the app has written here.
    StorageNewer,
    /// What is stored cannot be read.
    StorageDamaged,
    /// The browser closed the store and does not open it again.
    StorageClosed,
    /// The browser threw the store away.
    StorageGone,
    /// A workspace that is being removed is held by another tab, or the browser fails: it is closed, and goes at the next
    /// start.
    NotErased,
    /// A record that was set aside opens no more than before.
    StillSealed,
    /// The record is not there.
    NotFound,
    /// The command can no longer be taken back.
    UndoGone,
    /// Stopped by the person.
    Cancelled,
    /// The files cannot be read as tables.
    UnreadableFile,
    /// Not enough memory for the key derivation.
    OutOfMemory,
    /// A workspace is already on this device.
    AlreadyHere,
    /// Something here is on no server and in no file.
    Unsent,
    /// Something waits, or the server was not asked: nothing may be erased for good.
    NotInSync,
    /// Something was written, while it was copied or erased, to what was to go.
    ChangedMeanwhile,
    /// The key of the space's newest epoch is not on this device.
    KeyMissing,
    /// Too many wrong passphrases: no other one is tried yet.
    TooSoon,
    /// Done here, and not in another workspace of the account on this device; it is repeated.
    NotBeside,
    /// The person's role does not allow it.
    ReadOnly,
    /// A team is never without an owner.
    LastOwner,
    /// No room for more members or invitations.
    TeamFull,
    /// The invitation's link has a typing error, or is not whole.
    MistypedInvitation,
    /// The invitation was used, withdrawn, or has expired.
    InvitationGone,
    /// What the server shows is not what the invitation's link names.
    ServerLies,
    /// What the server gave for the account does not open, or does not prove itself.
    Forged,
    /// The passkey opens nothing here.
    WrongPasskey,
    /// The account has as many passkeys as it may have.
    TooManyPasskeys,
    /// This browser does not read the photo.
    PhotoUnreadable,
    /// A file is larger than may be kept, or there are too many.
    FileTooLarge,
    /// The file is not on this device, and the server cannot be reached.
    FileElsewhere,
    /// The file is neither on this device nor at the server yet.
    FileNotSent,
    /// The file is not what was sealed.
    FileDamaged,
    /// This device lost a part of the file before the server had it.
    FileLost,
    /// A defect of ours.
    Internal,
}

//! The port to durable state. SQLite is behind it now; any store that passes [`conformance`] may be.
//!
//! Time comes in as an argument: a log has no clock. Every answer is given after the commit, so an
//! accepted write survives the loss of power.

use std::{future::Future, pin::Pin};

use satchel_ledger::{Detail, Span};
pub use satchel_wire::members::Role;
use satchel_wire::members::{Append, InvitationId, MemberLog, OpenInvitation};
use satchel_wire::{
    AccountContent, AccountId, Changes, DeviceId, DeviceList, DeviceReport, Digest, FileChunk, FileHeld,
    FileId, HandoverTaken, NameDevice, Push, PushAnswer, Register, SlotId, SlotRecord, SpaceId, SpaceState,
};
use tokio::sync::watch;

#[cfg(test)]
pub(crate) mod conformance;

/// What a log's methods return: a future that other threads may drive.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, LogError>> + Send + 'a>>;

/// 32 random bytes, made once per database; keys of the sign-in are derived from them.
pub type ServerSecret = [u8; 32];

/// SHA-256 of a session's token: the token itself is never stored.
pub type TokenHash = [u8; 32];

/// Accounts, sessions, spaces and their records.
pub trait Log: Send + Sync + 'static {
    /// The database's own secret.
    fn secret(&self) -> ServerSecret;

    /// Stores an account, with its first space if it brings one, of which it becomes the owner.
    fn register(&self, account: Register, now_ms: u64) -> Answer<'_, Registered>;

    /// What is known of an account.
    fn account(&self, id: AccountId) -> Answer<'_, Option<Account>>;

    /// Changes an account, if it is at the revision that the change replaces and still has the key that
    /// signed. Sessions of other devices that came by a way that is another now, or none, end with it.
    fn change_account(&self, change: Change) -> Answer<'_, Changed>;

    /// Takes what a device says of itself; the account's devices.
    fn report_device(&self, session: Session, report: DeviceReport, now_ms: u64) -> Answer<'_, DeviceList>;

    /// Gives a device of the account another name; the account's devices.
    fn name_device(&self, account: AccountId, named: NameDevice) -> Answer<'_, DeviceList>;

    /// Lets a device in no more and ends its sessions.
    fn revoke_device(&self, revocation: Revocation, now_ms: u64) -> Answer<'_, Revoked>;

    /// Keeps a part of what a revoked device hands over, beside what it handed over before.
    fn hand_over(&self, handover: GivenUp, now_ms: u64) -> Answer<'_, Kept>;

    /// The oldest part of what a device of the account handed over.
    fn handed_over(&self, account: AccountId, device: DeviceId) -> Answer<'_, Option<Vec<u8>>>;

    /// Drops the part that was taken in; the account's devices.
    fn drop_handover(&self, account: AccountId, taken: HandoverTaken) -> Answer<'_, DeviceList>;

    /// Opens a session unless its challenge was used before. Drops sessions that ended before `now_ms`.
    fn open_session(&self, session: NewSession, now_ms: u64) -> Answer<'_, Opened>;

    /// The session of a token, unless it has ended.
    fn session(&self, token: TokenHash, now_ms: u64) -> Answer<'_, Option<Session>>;

    /// Ends the session of a token.
    fn end_session(&self, token: TokenHash) -> Answer<'_, ()>;

    /// Judges and stores writes in one transaction that holds the space, so that the order of
    /// commits is the order of numbers.
    fn push(
        &self,
        writer: Session,
        space: SpaceId,
        push: Push,
        now_ms: u64,
    ) -> Answer<'_, Result<PushAnswer, Denied>>;

    /// The newest row of each record changed after a cursor, in order.
    fn changes(
        &self,
        reader: AccountId,
        space: SpaceId,
        span: Span,
        now_ms: u64,
    ) -> Answer<'_, Result<Changes, Denied>>;

    /// What a space holds, in short.
    fn digest(
        &self,
        reader: AccountId,
        space: SpaceId,
        detail: Detail,
        now_ms: u64,
    ) -> Answer<'_, Result<Digest, Denied>>;

    /// Takes a chunk of a file, unless it is there. What is said to be stored survives the loss of power.
    fn keep_chunk(
        &self,
        writer: Session,
        at: ChunkAt,
        chunk: FileChunk,
        now_ms: u64,
    ) -> Answer<'_, Result<ChunkPut, Denied>>;

    /// A chunk of a file, for a member; `None` where it is not there.
    fn chunk(
        &self,
        reader: AccountId,
        at: ChunkAt,
        now_ms: u64,
    ) -> Answer<'_, Result<Option<FileChunk>, Denied>>;

    /// What there is of some files, for a member.
    fn files_held(
        &self,
        reader: AccountId,
        space: SpaceId,
        files: Vec<FileId>,
        now_ms: u64,
    ) -> Answer<'_, Result<Vec<FileHeld>, Denied>>;

    /// Forgets files. What is not there is no error.
    fn forget_files(
        &self,
        writer: Session,
        space: SpaceId,
        files: Vec<FileId>,
        now_ms: u64,
    ) -> Answer<'_, Result<(), Denied>>;

    /// Drops the graves of all spaces that are old enough, and raises their purge floors with them.
    /// Returns how many. What was dropped stays so if this is not waited for to its end.
    fn purge(&self, now_ms: u64) -> Answer<'_, usize>;

    /// Judges and stores an entry of a membership log, with all that follows from it, in one transaction.
    fn append(
        &self,
        author: Session,
        space: SpaceId,
        append: Append,
        now_ms: u64,
    ) -> Answer<'_, Result<SpaceState, Denied>>;

    /// Deletes a space with everything in it, for its owner; what said so stays.
    fn delete_space(&self, deletion: Deletion, now_ms: u64) -> Answer<'_, Result<Deleted, Denied>>;

    /// What said that a space is to be deleted, as it was signed; `None` where nothing did.
    fn deletion(&self, space: SpaceId) -> Answer<'_, Option<Vec<u8>>>;

    /// The entries of a membership log after a number, for a member; for who was one, up to the entry by which she went.
    fn member_log(
        &self,
        reader: AccountId,
        space: SpaceId,
        since: u64,
        now_ms: u64,
    ) -> Answer<'_, Result<MemberLog, Denied>>;

    /// An invitation that is open.
    fn invitation(&self, id: InvitationId, now_ms: u64) -> Answer<'_, Option<OpenInvitation>>;

    /// The entries of the membership log that an open invitation leads to.
    fn invited_log(&self, id: InvitationId, since: u64, now_ms: u64) -> Answer<'_, Option<MemberLog>>;

    /// How far a space has come, for a member.
    fn news(&self, reader: AccountId, space: SpaceId) -> Answer<'_, Result<News, Denied>>;

    /// Follows a space: commits made after this call are seen. Starts at zeros, not at what is there.
    /// A value may be skipped, the last one never is. `None` where too many watch already.
    fn watch(&self, space: SpaceId) -> Option<watch::Receiver<News>>;

    /// Follows how often sessions were ended before their time: whose, [`Self::session`] tells.
    fn endings(&self) -> watch::Receiver<u64>;

    /// Whether storage answers at all.
    fn ping(&self) -> Answer<'_, ()>;

    /// Commits what was handed in, and refuses what comes later.
    fn close(&self) -> Answer<'_, ()>;
}

/// Where a chunk of a file belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChunkAt {
    /// The space.
    pub space: SpaceId,
    /// The file.
    pub file: FileId,
    /// Its place in the file.
    pub index: u32,
}

/// What became of a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChunkPut {
    /// Stored now.
    Stored,
    /// A chunk was there already, and stays.
    There,
    /// The file is there with another number of chunks.
    Other,
}

/// How far a space has come.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct News {
    /// The highest number handed out.
    pub head: u64,
    /// How many entries its membership log has.
    pub members: u64,
}

/// What became of a registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Registered {
    /// Stored now; this is where its space stands, if it brought one.
    Created(Option<SpaceState>),
    /// The same content was stored before; this is where its space stands, if it brought one.
    AlreadyThere(Option<SpaceState>),
    /// The account is there with other content.
    Taken,
    /// The space is another account's, or was deleted.
    SpaceTaken,
}

/// What is known of an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Ways in and space keys, as its devices gave them.
    pub content: AccountContent,
}

impl Account {
    /// One way in.
    pub fn slot(&self, id: SlotId) -> Option<&SlotRecord> {
        self.content.slots.iter().find(|slot| slot.id == id)
    }
}

/// A change of an account, signed by one of its login keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Whose.
    pub account: AccountId,
    /// The device that asks: its session goes on.
    pub device: DeviceId,
    /// The way by which the signer came.
    pub slot: SlotId,
    /// The login key that the signature was judged with: it must still be that way's.
    pub login_key: [u8; 32],
    /// The revision that is replaced.
    pub replaces: u64,
    /// What is to be kept from now on.
    pub content: AccountContent,
}

/// What became of a change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Changed {
    /// Stored now, or found stored: the account is at this revision.
    Stored {
        /// The revision.
        revision: u64,
    },
    /// The account has moved on, or there is none: nothing was written.
    Stale,
}

/// That a device is to be let in no more, signed by one of the account's login keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Revocation {
    /// Whose.
    pub account: AccountId,
    /// The device that asks.
    pub device: DeviceId,
    /// The way by which the signer came.
    pub slot: SlotId,
    /// The login key that the signature was judged with: it must still be that way's.
    pub login_key: [u8; 32],
    /// The device that is revoked.
    pub revoked: DeviceId,
    /// CBOR of the signed statement, which the device itself will want to see.
    pub signed: Vec<u8>,
}

/// Whether a device hands over more after this.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Follows {
    /// That was all.
    Nothing,
    /// Another part.
    More,
}

/// A part of what a revoked device hands over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GivenUp {
    /// Whose device.
    pub account: AccountId,
    /// Which.
    pub device: DeviceId,
    /// By which way it signed.
    pub slot: SlotId,
    /// The key that signed.
    pub login_key: [u8; 32],
    /// What the work is of.
    pub space: SpaceId,
    /// SHA-256 of `sealed`.
    pub content: [u8; 32],
    /// A backup of what was not sent; empty where everything was.
    pub sealed: Vec<u8>,
    /// What comes after it.
    pub follows: Follows,
}

/// What became of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kept {
    /// It is kept; this is the statement that revoked the device.
    Done(Vec<u8>),
    /// The key that signed is no longer the account's, or the device was not revoked.
    Stale,
    /// Too much lies there already that nobody took in.
    Full,
}

/// What became of a revocation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Revoked {
    /// It is let in no more, and its sessions have ended; these are the account's devices.
    Done(DeviceList),
    /// The key that signed is no longer the account's, or who asks was revoked herself.
    Stale,
}

/// That a space is to be deleted, signed by one of its owner's login keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deletion {
    /// Whose word it is.
    pub account: AccountId,
    /// The device that asks.
    pub device: DeviceId,
    /// The way by which the signer came.
    pub slot: SlotId,
    /// The login key that the signature was judged with: it must still be that way's.
    pub login_key: [u8; 32],
    /// What is deleted.
    pub space: SpaceId,
    /// CBOR of the signed statement, which the members' devices will want to see.
    pub signed: Vec<u8>,
}

/// What became of a deletion.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deleted {
    /// Nothing of the space is left.
    Done,
    /// The key that signed is no longer the account's.
    Stale,
}

/// A session to be opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewSession {
    /// SHA-256 of its token.
    pub token: TokenHash,
    /// The challenge that was signed; good for one session.
    pub nonce: [u8; 32],
    /// Whose it is, on which device, until when.
    pub session: Session,
}

/// What became of a sign-in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Opened {
    /// The session is there; these are the account's spaces.
    Granted(Vec<SpaceId>),
    /// The challenge was used before.
    NonceUsed,
    /// The device was revoked.
    Revoked,
}

/// Who speaks: an account on a device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Session {
    /// The account.
    pub account: AccountId,
    /// The device, as signed at the sign-in.
    pub device: DeviceId,
    /// By which way the account was entered.
    pub slot: SlotId,
    /// Until when, ms since 1970 UTC.
    pub expires_ms: u64,
}

/// Why a request about a space is not answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Denied {
    /// The account is not a member, or there is no such space: the same answer, on purpose.
    NotMember,
    /// The space was deleted by its owner.
    Deleted,
    /// The account may read but not write.
    ReadOnly,
    /// The space may not become larger.
    Quota,
    /// The rules of the space's log do not allow it.
    Ledger(satchel_ledger::Denied),
    /// The rules of the space's membership do not allow it.
    Members(satchel_members::Refused),
}

impl From<satchel_members::Refused> for Denied {
    fn from(refused: satchel_members::Refused) -> Self {
        Self::Members(refused)
    }
}

impl From<satchel_ledger::Denied> for Denied {
    fn from(denied: satchel_ledger::Denied) -> Self {
        Self::Ledger(denied)
    }
}

/// Why storage did not answer.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The disk, or the room given to the database, is full.
    #[error("storage is full")]
    Full,
    /// Another process holds the database.
    #[error("storage is busy")]
    Busy,
    /// Stored bytes are not what was written.
    #[error("storage is damaged")]
    Damaged,
    /// A newer server wrote this database.
    #[error("the database has schema {found}, this server knows up to {known}: use a newer server")]
    Newer {
        /// The version found.
        found: i64,
        /// The newest version that this server knows.
        known: i64,
    },
    /// Another server runs on this data directory.
    #[error("another server is using this data directory")]
    InUse,
    /// The log was closed.
    #[error("storage is closed")]
    Closed,
    /// The file system refused.
    #[error("the file system refused: {0}")]
    Io(#[from] std::io::Error),
    /// The database refused.
    #[error("the database refused: {0}")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

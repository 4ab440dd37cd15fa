//! The log on SQLite: one file, one writing thread with group commit, readers apart.
//!
//! `synchronous = FULL` in WAL mode: a commit returns after the disk has it, so an accepted write
//! survives the loss of power. A lock file keeps a second server away.

mod accounts;
mod deleted;
mod devices;
mod digests;
mod error;
mod files;
mod graves;
mod handover;
mod invitations;
mod members;
mod push;
mod quota;
mod readers;
mod rows;
mod schema;
mod sessions;
mod spaces;
mod writer;

#[cfg(test)]
mod tests;

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use satchel_ledger::{Detail, Span, changes};
use satchel_wire::members::{Append, InvitationId, MemberLog, OpenInvitation};
use satchel_wire::{
    AccountId, Changes, DeviceId, DeviceList, DeviceReport, Digest, FileChunk, FileHeld, FileId,
    HandoverTaken, NameDevice, Push, PushAnswer, Register, SpaceId, SpaceState,
};
use tokio::sync::watch;

pub use quota::Quota;

use crate::{
    blobs::Blobs,
    hub::Hub,
    log::{
        Account, Answer, Change, Changed, ChunkAt, ChunkPut, Deleted, Deletion, Denied, GivenUp, Kept, Log,
        LogError, NewSession, News, Opened, Registered, Revocation, Revoked, ServerSecret, Session,
        TokenHash,
    },
    sqlite::{
        digests::Digests, error::storage, readers::Readers, rows::SpaceRows, spaces::standing, writer::Writer,
    },
};

/// The database's file in the data directory.
const DATABASE: &str = "satchel.sqlite3";
/// Held locked while a server runs.
const LOCK: &str = "satchel.lock";
/// How long to wait for another process (a backup tool) that holds the database.
const BUSY: Duration = Duration::from_secs(2);
/// What the writer remembers of the file. Ids are random, so a push of a full batch touches hundreds of
/// the index's pages; with SQLite's 2 MiB each would be read again.
const WRITER_CACHE_KIB: i64 = 32 * 1024;
/// The log's pages before they are copied into the file, 16 MiB: a page that several commits changed is
/// copied once. Each commit is on the disk as before.
const WAL_PAGES: i64 = 4_096;
/// Pages are 4 KiB, SQLite's default.
const PAGE_BYTES: u64 = 4096;

/// How to open the database.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SqliteOptions {
    /// The data directory; made if it is not there.
    pub data: PathBuf,
    /// Reading connections, at least one.
    pub readers: usize,
    /// Most bytes of the database file; `None` for as much as the disk holds.
    pub max_bytes: Option<u64>,
    /// What one space may hold.
    pub quota: Quota,
}

impl SqliteOptions {
    /// The data directory with defaults for the rest.
    pub fn at(data: impl Into<PathBuf>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { data: data.into(), readers: cores.clamp(2, 8), max_bytes: None, quota: Quota::default() }
    }
}

/// The log on SQLite.
pub struct SqliteLog {
    secret: ServerSecret,
    writer: Arc<Writer>,
    readers: Arc<Readers>,
    hub: Arc<Hub>,
    digests: Arc<Digests>,
    quota: Quota,
    blobs: Blobs,
    _lock: File,
}

impl SqliteLog {
    /// Opens the database, makes or migrates its schema, starts the writing thread. Blocks.
    ///
    /// # Errors
    /// [`LogError::InUse`] when another server runs on the directory, [`LogError::Newer`] when a
    /// newer one wrote it, [`LogError::Damaged`] when it is no database of ours.
    pub fn open(options: &SqliteOptions) -> Result<Self, LogError> {
        make_private_directory(&options.data)?;
        let lock = lock(&options.data)?;
        let writing = open_for_writing(options)?;
        let secret = schema::secret(&writing)?;
        let blobs = Blobs::open(&options.data)?;
        files::forget_lost(&writing, &blobs.sweep(files::names(&writing, None)?)?)?;
        let reading =
            (0..options.readers.max(1)).map(|_| open_for_reading(&options.data)).collect::<Result<_, _>>()?;
        Ok(Self {
            secret,
            writer: Arc::new(Writer::start(writing)?),
            readers: Readers::new(reading),
            hub: Arc::default(),
            digests: Arc::default(),
            quota: options.quota,
            blobs,
            _lock: lock,
        })
    }

    /// For a data directory that was restored from a copy: gives every space a new incarnation, so
    /// that devices offer again what the copy lacks, and ends every session. Returns how many
    /// spaces there are. Blocks.
    ///
    /// # Errors
    /// As [`Self::open`]; a running server's directory is [`LogError::InUse`].
    pub fn renew_incarnations(options: &SqliteOptions) -> Result<usize, LogError> {
        let _lock = lock(&options.data)?;
        spaces::renew_incarnations(&mut open_for_writing(options)?)
    }

    /// Works on the directory of blobs, on a blocking thread.
    async fn with_blobs<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Blobs) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let blobs = self.blobs.clone();
        tokio::task::spawn_blocking(move || work(&blobs)).await.map_err(|_| LogError::Closed)?
    }

    /// Removes what the database has forgotten.
    async fn forget_blobs(&self, names: Vec<String>) -> Result<(), LogError> {
        self.with_blobs(move |blobs| {
            blobs.forget(&names);
            Ok(())
        })
        .await
    }

    /// The bytes are on the disk before the database names them; of two that come at once one stays.
    async fn take_chunk(
        &self,
        writer: Session,
        at: ChunkAt,
        chunk: FileChunk,
        now_ms: u64,
    ) -> Result<Result<ChunkPut, Denied>, LogError> {
        let FileChunk { count, sealed } = chunk;
        let ChunkAt { space, file, index: place } = at;
        let (name, bytes) = (String::new(), sealed.len() as u64);
        let coming = files::Coming { space, file, place, count, name, bytes };
        let asked = coming.clone();
        let weighed =
            self.readers.read(move |connection| files::weigh(connection, writer, &asked, now_ms)).await?;
        if weighed != Ok(ChunkPut::Stored) {
            return Ok(weighed);
        }
        let name = self.with_blobs(move |blobs| blobs.keep(&sealed)).await?;
        let (coming, quota) = (files::Coming { name: name.clone(), ..coming }, self.quota);
        let keep = move |connection: &Connection| files::keep(connection, writer, &coming, quota, now_ms);
        let kept = self.write(keep).await;
        // Where nobody knows whether it was stored it stays; the next start finds out.
        if matches!(kept, Ok(Ok(ChunkPut::There | ChunkPut::Other) | Err(_))) {
            self.forget_blobs(vec![name]).await?;
        }
        kept
    }

    async fn write<T, W>(&self, work: W) -> Result<T, LogError>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, LogError> + Send + 'static,
    {
        self.writer.write(work, |_| ()).await
    }

    /// Writes what may end sessions, and tells those who hold a stream open in one.
    async fn write_and_end<T, W>(&self, work: W) -> Result<T, LogError>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, LogError> + Send + 'static,
    {
        let hub = Arc::clone(&self.hub);
        self.writer.write(work, move |_| hub.session_ended()).await
    }

    /// Looks at a space in one snapshot, for a member.
    async fn look<T, W>(
        &self,
        reader: AccountId,
        space: SpaceId,
        now_ms: u64,
        work: W,
    ) -> Result<Result<T, Denied>, LogError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection, SpaceState) -> Result<Result<T, Denied>, LogError> + Send + 'static,
    {
        let looking = move |connection: &Connection| {
            let snapshot = connection.unchecked_transaction().map_err(storage)?;
            match standing(&snapshot, space, reader, now_ms)? {
                Some((state, _)) => work(&snapshot, state),
                None => Ok(Err(deleted::denied(&snapshot, space)?)),
            }
        };
        self.readers.read(looking).await
    }
}

impl Log for SqliteLog {
    fn secret(&self) -> ServerSecret {
        self.secret
    }

    fn register(&self, account: Register, now_ms: u64) -> Answer<'_, Registered> {
        Box::pin(self.write(move |connection| accounts::register(connection, &account, now_ms)))
    }

    fn account(&self, id: AccountId) -> Answer<'_, Option<Account>> {
        Box::pin(self.readers.read(move |connection| accounts::account(connection, id)))
    }

    fn change_account(&self, change: Change) -> Answer<'_, Changed> {
        Box::pin(self.write_and_end(move |connection| accounts::change(connection, &change)))
    }

    fn report_device(&self, session: Session, report: DeviceReport, now_ms: u64) -> Answer<'_, DeviceList> {
        Box::pin(self.write(move |connection| devices::report(connection, &session, &report, now_ms)))
    }

    fn name_device(&self, account: AccountId, named: NameDevice) -> Answer<'_, DeviceList> {
        Box::pin(self.write(move |connection| devices::name(connection, account, &named)))
    }

    fn revoke_device(&self, revocation: Revocation, now_ms: u64) -> Answer<'_, Revoked> {
        Box::pin(self.write_and_end(move |connection| devices::revoke(connection, &revocation, now_ms)))
    }

    fn hand_over(&self, given: GivenUp, now_ms: u64) -> Answer<'_, Kept> {
        Box::pin(self.write(move |connection| handover::keep(connection, &given, now_ms)))
    }

    fn handed_over(&self, account: AccountId, device: DeviceId) -> Answer<'_, Option<Vec<u8>>> {
        Box::pin(self.readers.read(move |connection| handover::read(connection, account, device)))
    }

    fn drop_handover(&self, account: AccountId, taken: HandoverTaken) -> Answer<'_, DeviceList> {
        Box::pin(self.write(move |connection| handover::taken(connection, account, &taken)))
    }

    fn open_session(&self, session: NewSession, now_ms: u64) -> Answer<'_, Opened> {
        Box::pin(self.write(move |connection| sessions::open(connection, &session, now_ms)))
    }

    fn session(&self, token: TokenHash, now_ms: u64) -> Answer<'_, Option<Session>> {
        Box::pin(self.readers.read(move |connection| sessions::find(connection, token, now_ms)))
    }

    fn end_session(&self, token: TokenHash) -> Answer<'_, ()> {
        Box::pin(self.write_and_end(move |connection| sessions::end_one(connection, token)))
    }

    fn push(
        &self,
        writer: Session,
        space: SpaceId,
        push: Push,
        now_ms: u64,
    ) -> Answer<'_, Result<PushAnswer, Denied>> {
        let hub = Arc::clone(&self.hub);
        let tell = move |outcome: &Result<PushAnswer, Denied>| {
            if let Ok(answer) = outcome {
                hub.publish(space, news(&answer.space));
            }
        };
        let quota = self.quota;
        let work = move |connection: &Connection| push::push(connection, writer, space, &push, quota, now_ms);
        Box::pin(self.writer.write(work, tell))
    }

    fn changes(
        &self,
        reader: AccountId,
        space: SpaceId,
        span: Span,
        now_ms: u64,
    ) -> Answer<'_, Result<Changes, Denied>> {
        Box::pin(self.look(reader, space, now_ms, move |connection, state| {
            let page = changes(&SpaceRows { connection, space }, state, span)?;
            Ok(page.map_err(Denied::from))
        }))
    }

    fn digest(
        &self,
        reader: AccountId,
        space: SpaceId,
        detail: Detail,
        now_ms: u64,
    ) -> Answer<'_, Result<Digest, Denied>> {
        let digests = Arc::clone(&self.digests);
        Box::pin(self.look(reader, space, now_ms, move |connection, state| {
            digests.digest(connection, space, state, detail).map(Ok)
        }))
    }

    fn keep_chunk(
        &self,
        writer: Session,
        at: ChunkAt,
        chunk: FileChunk,
        now_ms: u64,
    ) -> Answer<'_, Result<ChunkPut, Denied>> {
        Box::pin(self.take_chunk(writer, at, chunk, now_ms))
    }

    fn chunk(
        &self,
        reader: AccountId,
        at: ChunkAt,
        now_ms: u64,
    ) -> Answer<'_, Result<Option<FileChunk>, Denied>> {
        let blobs = self.blobs.clone();
        Box::pin(self.look(reader, at.space, now_ms, move |connection, _| {
            let Some((name, count)) = files::name(connection, at.space, at.file, at.index)? else {
                return Ok(Ok(None));
            };
            Ok(Ok(blobs.read(&name)?.map(|sealed| FileChunk { count, sealed })))
        }))
    }

    fn files_held(
        &self,
        reader: AccountId,
        space: SpaceId,
        files: Vec<FileId>,
        now_ms: u64,
    ) -> Answer<'_, Result<Vec<FileHeld>, Denied>> {
        Box::pin(
            self.look(reader, space, now_ms, move |connection, _| {
                files::held(connection, space, &files).map(Ok)
            }),
        )
    }

    fn forget_files(
        &self,
        writer: Session,
        space: SpaceId,
        files: Vec<FileId>,
        now_ms: u64,
    ) -> Answer<'_, Result<(), Denied>> {
        Box::pin(async move {
            let forget =
                move |connection: &Connection| files::forget(connection, writer, space, &files, now_ms);
            let names = match self.write(forget).await? {
                Ok(names) => names,
                Err(denied) => return Ok(Err(denied)),
            };
            self.forget_blobs(names).await.map(Ok)
        })
    }

    fn purge(&self, now_ms: u64) -> Answer<'_, usize> {
        Box::pin(async move {
            let mut dropped = 0;
            for space in self.readers.read(move |connection| graves::due(connection, now_ms)).await? {
                loop {
                    let batch = move |connection: &Connection| graves::drop_batch(connection, space, now_ms);
                    match self.write(batch).await? {
                        0 => break,
                        count => dropped += count,
                    }
                }
            }
            Ok(dropped)
        })
    }

    fn append(
        &self,
        author: Session,
        space: SpaceId,
        append: Append,
        now_ms: u64,
    ) -> Answer<'_, Result<SpaceState, Denied>> {
        let hub = Arc::clone(&self.hub);
        let tell = move |outcome: &Result<SpaceState, Denied>| {
            if let Ok(state) = outcome {
                hub.publish(space, news(state));
            }
        };
        let work = move |connection: &Connection| members::append(connection, author, space, &append, now_ms);
        Box::pin(self.writer.write(work, tell))
    }

    fn delete_space(&self, deletion: Deletion, now_ms: u64) -> Answer<'_, Result<Deleted, Denied>> {
        let (hub, space) = (Arc::clone(&self.hub), deletion.space);
        let tell = move |outcome: &Result<Deleted, Denied>| {
            if *outcome == Ok(Deleted::Done) {
                hub.publish(space, News { head: 0, members: u64::MAX });
            }
        };
        Box::pin(async move {
            let names = self.readers.read(move |connection| files::names(connection, Some(space))).await?;
            let work = move |connection: &Connection| deleted::delete(connection, &deletion, now_ms);
            let deleted = self.writer.write(work, tell).await?;
            if deleted == Ok(Deleted::Done) {
                let names: Vec<String> = names.into_iter().collect();
                self.forget_blobs(names).await?;
            }
            Ok(deleted)
        })
    }

    fn deletion(&self, space: SpaceId) -> Answer<'_, Option<Vec<u8>>> {
        Box::pin(self.readers.read(move |connection| deleted::signed(connection, space)))
    }

    fn member_log(
        &self,
        reader: AccountId,
        space: SpaceId,
        since: u64,
        now_ms: u64,
    ) -> Answer<'_, Result<MemberLog, Denied>> {
        Box::pin(self.readers.read(move |connection| {
            let snapshot = connection.unchecked_transaction().map_err(storage)?;
            match standing(&snapshot, space, reader, now_ms)? {
                Some((state, _)) => members::entries(&snapshot, space, state, since).map(Ok),
                None => match members::farewell(&snapshot, space, reader, since, now_ms)? {
                    Some(log) => Ok(Ok(log)),
                    None => Ok(Err(deleted::denied(&snapshot, space)?)),
                },
            }
        }))
    }

    fn invitation(&self, id: InvitationId, now_ms: u64) -> Answer<'_, Option<OpenInvitation>> {
        Box::pin(self.readers.read(move |connection| invitations::open(connection, id, now_ms)))
    }

    fn invited_log(&self, id: InvitationId, since: u64, now_ms: u64) -> Answer<'_, Option<MemberLog>> {
        Box::pin(self.readers.read(move |connection| {
            let snapshot = connection.unchecked_transaction().map_err(storage)?;
            let Some(OpenInvitation { space, .. }) = invitations::open(&snapshot, id, now_ms)? else {
                return Ok(None);
            };
            let state = spaces::state(&snapshot, space, now_ms)?.ok_or(LogError::Damaged)?;
            members::entries(&snapshot, space, state, since).map(Some)
        }))
    }

    fn news(&self, reader: AccountId, space: SpaceId) -> Answer<'_, Result<News, Denied>> {
        Box::pin(self.readers.read(move |connection| match standing(connection, space, reader, 0)? {
            Some((state, _)) => Ok(Ok(news(&state))),
            None => Ok(Err(deleted::denied(connection, space)?)),
        }))
    }

    fn watch(&self, space: SpaceId) -> Option<watch::Receiver<News>> {
        self.hub.watch(space)
    }

    fn endings(&self) -> watch::Receiver<u64> {
        self.hub.endings()
    }

    fn ping(&self) -> Answer<'_, ()> {
        Box::pin(
            self.readers.read(|connection| connection.query_row("SELECT 1", [], |_| Ok(())).map_err(storage)),
        )
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(async {
            let (writer, readers) = (Arc::clone(&self.writer), Arc::clone(&self.readers));
            let closing = tokio::task::spawn_blocking(move || {
                readers.close();
                writer.close();
            });
            closing.await.map_err(|_| LogError::Closed)
        })
    }
}

fn news(state: &SpaceState) -> News {
    News { head: state.head, members: state.members }
}

fn lock(data: &Path) -> Result<File, LogError> {
    let file = File::create(data.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LogError::InUse),
        Err(TryLockError::Error(error)) => Err(LogError::Io(error)),
    }
}

fn open_for_writing(options: &SqliteOptions) -> Result<Connection, LogError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = open(&options.data, flags)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(storage)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(storage)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(storage)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB).map_err(storage)?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_PAGES).map_err(storage)?;
    schema::migrate(&mut connection)?;
    if let Some(bytes) = options.max_bytes {
        let pages = error::stored(bytes.div_ceil(PAGE_BYTES));
        let keep = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        connection.pragma_update_and_check(None, "max_page_count", pages, keep).map_err(storage)?;
    }
    Ok(connection)
}

fn open_for_reading(data: &Path) -> Result<Connection, LogError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(data, flags)?;
    connection.pragma_update(None, "query_only", true).map_err(storage)?;
    Ok(connection)
}

fn open(data: &Path, flags: OpenFlags) -> Result<Connection, LogError> {
    let connection = Connection::open_with_flags(data.join(DATABASE), flags).map_err(storage)?;
    connection.busy_timeout(BUSY).map_err(storage)?;
    connection.pragma_update(None, "trusted_schema", false).map_err(storage)?;
    connection.pragma_update(None, "cell_size_check", true).map_err(storage)?;
    Ok(connection)
}

/// Makes the directory readable by the server's user alone.
fn make_private_directory(data: &Path) -> Result<(), LogError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data).map_err(LogError::Io)
}

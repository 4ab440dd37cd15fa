//! Reading stored records: what the ledger's rules ask of a space.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, Params, Row as SqlRow};
use satchel_ledger::{Grave, Rows, Version};
use satchel_wire::{DeviceId, Envelope, Etag, Header, RecordId, Row, SpaceId, Stream, digest::span_of};

use crate::{
    log::LogError,
    sqlite::error::{read, storage, stored},
};

const VERSION: &str = "SELECT etag, seq, received_ms FROM record WHERE space_id = ?1 AND record_id = ?2";

const NEWEST: &str = "
    SELECT seq, received_ms, record_id, format, stream, epoch, replaces, device_id, ciphertext
    FROM record WHERE space_id = ?1 AND record_id = ?2";

const AFTER: &str = "
    SELECT seq, received_ms, record_id, format, stream, epoch, replaces, device_id, ciphertext
    FROM record WHERE space_id = ?1 AND seq > ?2 ORDER BY seq";

const CHANGED: &str = "SELECT record_id FROM record WHERE space_id = ?1 AND seq > ?2";

const BUCKET: &str = "
    SELECT record_id, etag FROM record
    WHERE space_id = ?1 AND record_id BETWEEN ?2 AND ?3 ORDER BY record_id";

const GRAVES: &str = "
    SELECT record_id, seq, received_ms FROM record
    WHERE space_id = ?1 AND stream = 2 ORDER BY seq LIMIT ?2";

/// The rows of one space, as the connection's transaction sees them.
pub(super) struct SpaceRows<'a> {
    pub(super) connection: &'a Connection,
    pub(super) space: SpaceId,
}

impl SpaceRows<'_> {
    /// The row that a query finds, if there is one.
    fn one<T>(
        &self,
        sql: &str,
        key: impl Params,
        take: fn(&SqlRow<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, LogError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(storage)?;
        statement.query_row(key, take).optional().map_err(storage)
    }

    /// All rows that a query finds.
    fn all<T>(
        &self,
        sql: &str,
        key: impl Params,
        take: fn(&SqlRow<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, LogError> {
        let mut statement = self.connection.prepare_cached(sql).map_err(storage)?;
        let found = statement.query_map(key, take).map_err(storage)?;
        found.collect::<Result<_, _>>().map_err(storage)
    }
}

impl Rows for SpaceRows<'_> {
    type Error = LogError;

    fn space(&self) -> SpaceId {
        self.space
    }

    fn version(&self, record: RecordId) -> Result<Option<Version>, LogError> {
        let key = (self.space.0, record.0);
        let found = self.one(VERSION, key, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let version = |(etag, seq, received_ms)| {
            Ok(Version { etag: Etag(etag), seq: read(seq)?, received_ms: read(received_ms)? })
        };
        found.map(version).transpose()
    }

    fn row(&self, record: RecordId) -> Result<Option<Row>, LogError> {
        let found = self.one(NEWEST, (self.space.0, record.0), Raw::read)?;
        found.map(|raw| raw.open(self.space)).transpose()
    }

    fn after(&self, since: u64, visit: &mut dyn FnMut(Row) -> ControlFlow<()>) -> Result<(), LogError> {
        let mut statement = self.connection.prepare_cached(AFTER).map_err(storage)?;
        let key = (self.space.0, stored(since));
        for raw in statement.query_map(key, Raw::read).map_err(storage)? {
            if visit(raw.map_err(storage)?.open(self.space)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn changed(&self, since: u64) -> Result<Vec<RecordId>, LogError> {
        self.all(CHANGED, (self.space.0, stored(since)), |row| row.get(0).map(RecordId))
    }

    fn bucket(&self, bucket: usize) -> Result<Vec<(RecordId, Etag)>, LogError> {
        let (first, last) = span_of(bucket).into_inner();
        let version = |row: &SqlRow<'_>| Ok((RecordId(row.get(0)?), Etag(row.get(1)?)));
        self.all(BUCKET, (self.space.0, first.0, last.0), version)
    }

    fn graves(&self, limit: usize) -> Result<Vec<Grave>, LogError> {
        let key = (self.space.0, stored(limit as u64));
        let found = self.all(GRAVES, key, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let grave = |(record, seq, received_ms)| {
            Ok(Grave { record: RecordId(record), seq: read(seq)?, received_ms: read(received_ms)? })
        };
        found.into_iter().map(grave).collect()
    }
}

/// The column's number for a stream. The queries above name that of graves.
pub(super) fn stream_code(stream: Stream) -> i64 {
    match stream {
        Stream::State => 0,
        Stream::History => 1,
        Stream::Grave => 2,
    }
}

/// The columns as they are stored.
struct Raw {
    seq: i64,
    received_ms: i64,
    record: [u8; 16],
    format: u8,
    stream: i64,
    epoch: u32,
    replaces: Option<[u8; 32]>,
    device: i64,
    ciphertext: Vec<u8>,
}

impl Raw {
    fn read(row: &SqlRow<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            received_ms: row.get(1)?,
            record: row.get(2)?,
            format: row.get(3)?,
            stream: row.get(4)?,
            epoch: row.get(5)?,
            replaces: row.get(6)?,
            device: row.get(7)?,
            ciphertext: row.get(8)?,
        })
    }

    fn open(self, space: SpaceId) -> Result<Row, LogError> {
        let stream = match self.stream {
            0 => Stream::State,
            1 => Stream::History,
            2 => Stream::Grave,
            _ => return Err(LogError::Damaged),
        };
        let header = Header {
            format: self.format,
            space,
            record: RecordId(self.record),
            stream,
            epoch: self.epoch,
            replaces: self.replaces.map(Etag),
            device: DeviceId(self.device.cast_unsigned()),
        };
        Ok(Row {
            seq: read(self.seq)?,
            received_ms: read(self.received_ms)?,
            envelope: Envelope { header, ciphertext: self.ciphertext },
        })
    }
}

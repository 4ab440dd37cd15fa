//! Reading stored records.

use rusqlite::{Connection, OptionalExtension, Row as SqlRow};
use satchel_wire::{
    Changes, DeviceId, Envelope, Etag, Header, MAX_CHANGES, MAX_CHANGES_BYTES, RecordId, Row, SpaceId,
    SpaceState, Stream,
};

use crate::{
    log::{Denied, LogError},
    sqlite::error::{read, storage, stored},
};

const NEWEST: &str = "
    SELECT seq, received_ms, record_id, format, stream, epoch, replaces, device_id, ciphertext
    FROM record WHERE space_id = ?1 AND record_id = ?2";

const CHANGED: &str = "
    SELECT seq, received_ms, record_id, format, stream, epoch, replaces, device_id, ciphertext
    FROM record WHERE space_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";

/// The column's number for a stream.
pub(super) fn stream_code(stream: Stream) -> i64 {
    match stream {
        Stream::State => 0,
        Stream::History => 1,
        Stream::Grave => 2,
    }
}

/// The row of a record, if there is one.
pub(super) fn newest(
    connection: &Connection,
    space: SpaceId,
    record: RecordId,
) -> Result<Option<Row>, LogError> {
    let raw = connection
        .prepare_cached(NEWEST)
        .and_then(|mut statement| statement.query_row((space.0, record.0), Raw::read).optional())
        .map_err(storage)?;
    raw.map(|raw| raw.open(space)).transpose()
}

/// One page of changes, bounded by count and by bytes; `state` was read in the same snapshot.
pub(super) fn changes(
    connection: &Connection,
    space: SpaceId,
    state: SpaceState,
    since: u64,
    limit: u32,
) -> Result<Result<Changes, Denied>, LogError> {
    // From 0 everything is read anew, so no tombstone is missed.
    if since != 0 && since < state.purge_floor {
        return Ok(Err(Denied::Purged));
    }
    let limit = limit.clamp(1, MAX_CHANGES);
    let mut page = Page::new(limit);
    let mut statement = connection.prepare_cached(CHANGED).map_err(storage)?;
    let key = (space.0, stored(since), i64::from(limit) + 1);
    for raw in statement.query_map(key, Raw::read).map_err(storage)? {
        if !page.take(raw.map_err(storage)?.open(space)?) {
            break;
        }
    }
    Ok(Ok(page.finish(state)))
}

/// A page being filled.
struct Page {
    rows: Vec<Row>,
    bytes: usize,
    limit: usize,
    more: bool,
}

impl Page {
    fn new(limit: u32) -> Self {
        Self { rows: Vec::new(), bytes: 0, limit: limit as usize, more: false }
    }

    /// Adds a row if there is room, and says so. The first row always has room.
    fn take(&mut self, row: Row) -> bool {
        let bytes = self.bytes + row.envelope.ciphertext.len();
        let full = self.rows.len() >= self.limit || bytes > MAX_CHANGES_BYTES;
        if full && !self.rows.is_empty() {
            self.more = true;
            return false;
        }
        self.bytes = bytes;
        self.rows.push(row);
        true
    }

    fn finish(self, space: SpaceState) -> Changes {
        let last = self.rows.last().map(|row| row.seq);
        let next = if self.more { last.unwrap_or(space.head) } else { space.head };
        Changes { space, rows: self.rows, next }
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

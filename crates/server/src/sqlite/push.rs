//! Storing what the ledger's rules accept.

use rusqlite::{Connection, named_params};
use satchel_ledger::{Entry, Judged, judge};
use satchel_wire::{Push, PushAnswer, SpaceId, SpaceState};

use crate::{
    log::{Denied, LogError, Role, Session},
    sqlite::{
        deleted::denied,
        error::{storage, stored},
        quota::{Quota, grow, growth},
        rows::{SpaceRows, stream_code},
        spaces::standing,
    },
};

/// Runs one push inside the writer's transaction; a denial has changed nothing.
pub(super) fn push(
    connection: &Connection,
    writer: Session,
    space: SpaceId,
    push: &Push,
    quota: Quota,
    now_ms: u64,
) -> Result<Result<PushAnswer, Denied>, LogError> {
    let Some((state, role)) = standing(connection, space, writer.account, now_ms)? else {
        return Ok(Err(denied(connection, space)?));
    };
    if role < Role::Editor {
        return Ok(Err(Denied::ReadOnly));
    }
    match judge(&SpaceRows { connection, space }, state, writer.device, push)? {
        Ok(judged) => {
            let grows = growth(connection, space, &judged.entries)?;
            if !judged.entries.is_empty() && !grow(connection, space, grows, quota)? {
                return Ok(Err(Denied::Quota));
            }
            keep(connection, space, judged).map(Ok)
        }
        Err(denied) => Ok(Err(denied.into())),
    }
}

fn keep(connection: &Connection, space: SpaceId, judged: Judged<'_>) -> Result<PushAnswer, LogError> {
    let Judged { answer, entries } = judged;
    if !entries.is_empty() {
        entries.iter().try_for_each(|entry| store(connection, entry, &answer.space))?;
        keep_head(connection, space, answer.space.head)?;
    }
    Ok(answer)
}

fn store(connection: &Connection, entry: &Entry<'_>, at: &SpaceState) -> Result<(), LogError> {
    let header = &entry.envelope.header;
    let mut statement = connection.prepare_cached(STORE).map_err(storage)?;
    let stored_rows = statement.execute(named_params! {
        ":space": header.space.0,
        ":record": header.record.0,
        ":etag": entry.etag.0,
        ":seq": stored(entry.seq),
        ":format": header.format,
        ":stream": stream_code(header.stream),
        ":epoch": header.epoch,
        ":replaces": header.replaces.map(|etag| etag.0),
        ":device": header.device.0.cast_signed(),
        ":received": stored(at.server_ms),
        ":ciphertext": entry.envelope.ciphertext,
    });
    stored_rows.map(|_| ()).map_err(storage)
}

fn keep_head(connection: &Connection, space: SpaceId, head: u64) -> Result<(), LogError> {
    connection
        .prepare_cached("UPDATE space SET head = ?2 WHERE space_id = ?1")
        .and_then(|mut statement| statement.execute((space.0, stored(head))))
        .map(|_| ())
        .map_err(storage)
}

const STORE: &str = "
    INSERT INTO record (space_id, record_id, etag, seq, format, stream, epoch, replaces, device_id,
                        received_ms, ciphertext)
    VALUES (:space, :record, :etag, :seq, :format, :stream, :epoch, :replaces, :device,
            :received, :ciphertext)
    ON CONFLICT (space_id, record_id) DO UPDATE SET
        etag = excluded.etag, seq = excluded.seq, format = excluded.format,
        stream = excluded.stream, epoch = excluded.epoch, replaces = excluded.replaces,
        device_id = excluded.device_id, received_ms = excluded.received_ms,
        ciphertext = excluded.ciphertext";

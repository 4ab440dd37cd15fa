//! Rows: read many at a time, and past those that cannot be read.

use crate::error::{damaged, store_error};
use crate::read::{Answer, bytes_from_js, bytes_to_js, limit_of, value, values};
use crate::{ROWS, WAITING};
use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use satchel_replica::{DamagedRow, StoredRow, Turn};
use satchel_wire::RecordId;
use std::collections::HashSet;
use std::ops::RangeInclusive;
use wasm_bindgen::JsValue;

/// Rows that are asked for at once where some cannot be read.
const BATCH: usize = 100;

/// The key under which a row waits: its turn, then its id, so that bytes sort as turns do.
pub(crate) fn waiting_key(turn: Turn, id: RecordId) -> JsValue {
    let mut key = [0; 24];
    key[..8].copy_from_slice(&turn.0.to_be_bytes());
    key[8..].copy_from_slice(&id.0);
    bytes_to_js(&key)
}

pub(crate) fn waiting_from_js(key: &JsValue) -> Answer<(Turn, RecordId)> {
    let bytes = bytes_from_js(key).ok_or_else(|| damaged("waiting"))?;
    let (turn, id) = bytes.split_first_chunk::<8>().ok_or_else(|| damaged("waiting"))?;
    let id = id.try_into().map_err(|_| damaged("waiting"))?;
    Ok((Turn(u64::from_be_bytes(*turn)), RecordId(id)))
}

/// A row, unless it cannot be read.
pub(crate) fn row_from_js(value: &JsValue) -> Option<StoredRow> {
    StoredRow::decode(&bytes_from_js(value)?).ok()
}

pub(crate) fn id_from_js(key: &JsValue) -> Answer<RecordId> {
    let key = bytes_from_js(key).and_then(|key| key.try_into().ok());
    Ok(RecordId(key.ok_or_else(|| damaged("row"))?))
}

pub(crate) async fn scan(db: &Database, after: Option<RecordId>, limit: usize) -> Answer<Vec<StoredRow>> {
    match scan_at_once(db, after, limit).await {
        Ok(Some(rows)) => Ok(rows),
        Ok(None) | Err(_) => whole_rows(db, keys(db, after).await?.into_iter(), limit).await,
    }
}

/// `None` when some row cannot be read.
async fn scan_at_once(
    db: &Database,
    after: Option<RecordId>,
    limit: usize,
) -> Answer<Option<Vec<StoredRow>>> {
    let transaction = db.transaction(ROWS).build().map_err(store_error)?;
    let store = transaction.object_store(ROWS).map_err(store_error)?;
    let request =
        store.get_all::<JsValue>().with_query::<JsValue, _>(behind(after)).with_limit(limit_of(limit));
    let found = request.await.map_err(store_error)?;
    found.map(|value| Ok(row_from_js(&value.map_err(store_error)?))).collect()
}

fn behind(after: Option<RecordId>) -> KeyRange<JsValue> {
    KeyRange::LowerBound(bytes_to_js(&after.map_or([0; 16], |id| id.0)), after.is_some())
}

async fn keys(db: &Database, after: Option<RecordId>) -> Answer<Vec<RecordId>> {
    let transaction = db.transaction(ROWS).build().map_err(store_error)?;
    let store = transaction.object_store(ROWS).map_err(store_error)?;
    let listing = store.get_all_keys::<JsValue>().with_query::<JsValue, _>(behind(after));
    let listed = listing.await.map_err(store_error)?;
    listed.map(|key| id_from_js(&key.map_err(store_error)?)).collect()
}

/// The first of these that can be read.
async fn whole_rows(
    db: &Database,
    mut ids: impl Iterator<Item = RecordId>,
    limit: usize,
) -> Answer<Vec<StoredRow>> {
    let mut rows = Vec::new();
    while rows.len() < limit {
        let batch: Vec<_> = ids.by_ref().take(BATCH.min(limit - rows.len())).collect();
        if batch.is_empty() {
            break;
        }
        rows.extend(
            bytes_of(db, &batch).await?.iter().flatten().filter_map(|bytes| StoredRow::decode(bytes).ok()),
        );
    }
    Ok(rows)
}

/// What lies under these ids; empty for what the browser lost, or what we never wrote.
async fn bytes_of(db: &Database, ids: &[RecordId]) -> Answer<Vec<Option<Vec<u8>>>> {
    let keys: Vec<_> = ids.iter().map(|id| bytes_to_js(&id.0)).collect();
    let bytes = |value: Option<JsValue>| value.map(|value| bytes_from_js(&value).unwrap_or_default());
    if let Ok(found) = at_once(db, &keys).await {
        return Ok(found.into_iter().map(bytes).collect());
    }
    // One by one: a failed request fails its transaction with all that it was asked.
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let there = value(db, ROWS, key).await?;
        found.push(
            there.map_or(Some(Vec::new()), |value| bytes(Some(value).filter(|value| !value.is_undefined()))),
        );
    }
    Ok(found)
}

async fn at_once(db: &Database, keys: &[JsValue]) -> Answer<Vec<Option<JsValue>>> {
    let transaction = db.transaction(ROWS).build().map_err(store_error)?;
    let store = transaction.object_store(ROWS).map_err(store_error)?;
    values(&store, keys).await
}

/// In order of (turn, id). Where a row cannot be read, or is gone, the next one takes its place.
pub(crate) async fn waiting(
    db: &Database,
    after: Option<(Turn, RecordId)>,
    limit: usize,
) -> Answer<Vec<StoredRow>> {
    if let Ok(Some(rows)) = waiting_at_once(db, after, limit).await {
        return Ok(rows);
    }
    let keys = {
        let transaction = db.transaction(WAITING).build().map_err(store_error)?;
        let queue = transaction.object_store(WAITING).map_err(store_error)?;
        let listing = queue.get_all_keys::<JsValue>().with_query::<JsValue, _>(waiting_behind(after));
        let listed = listing.await.map_err(store_error)?;
        listed.map(|key| Ok(waiting_from_js(&key.map_err(store_error)?)?.1)).collect::<Answer<Vec<_>>>()?
    };
    whole_rows(db, keys.into_iter(), limit).await
}

fn waiting_behind(after: Option<(Turn, RecordId)>) -> KeyRange<JsValue> {
    let lowest = after.unwrap_or((Turn(0), RecordId([0; 16])));
    KeyRange::LowerBound(waiting_key(lowest.0, lowest.1), after.is_some())
}

/// `None` when some row cannot be read.
async fn waiting_at_once(
    db: &Database,
    after: Option<(Turn, RecordId)>,
    limit: usize,
) -> Answer<Option<Vec<StoredRow>>> {
    let transaction = db.transaction([WAITING, ROWS]).build().map_err(store_error)?;
    let queue = transaction.object_store(WAITING).map_err(store_error)?;
    let listing = queue.get_all_keys::<JsValue>().with_query::<JsValue, _>(waiting_behind(after));
    let mut keys = Vec::new();
    for key in listing.with_limit(limit_of(limit)).await.map_err(store_error)? {
        let (_, id) = waiting_from_js(&key.map_err(store_error)?)?;
        keys.push(bytes_to_js(&id.0));
    }
    let store = transaction.object_store(ROWS).map_err(store_error)?;
    let found = values(&store, &keys).await?;
    Ok(found.iter().map(|row| row_from_js(row.as_ref()?)).collect())
}

/// The rows that cannot be read, whether the browser lost them or something wrote over them.
pub(crate) async fn damaged_rows(db: &Database) -> Answer<Vec<DamagedRow>> {
    let ids = keys(db, None).await?;
    let mut found = Vec::new();
    for batch in ids.chunks(BATCH) {
        let there = batch.iter().zip(bytes_of(db, batch).await?);
        let there = there.filter_map(|(id, bytes)| Some((*id, bytes?)));
        found.extend(there.filter(|(_, bytes)| StoredRow::decode(bytes).is_err()));
    }
    let all = Turn(0)..=Turn(u64::MAX);
    let waiting = if found.is_empty() { Vec::new() } else { places(db, &all).await? };
    let waiting: HashSet<_> = waiting.into_iter().map(|(_, id)| id).collect();
    let row = |(id, bytes)| DamagedRow { id, bytes, waits: waiting.contains(&id) };
    Ok(found.into_iter().map(row).collect())
}

/// The places of the outbox at these turns, in order.
pub(crate) async fn places(db: &Database, turns: &RangeInclusive<Turn>) -> Answer<Vec<(Turn, RecordId)>> {
    let lowest = waiting_key(*turns.start(), RecordId([0; 16]));
    let highest = waiting_key(*turns.end(), RecordId([u8::MAX; 16]));
    let transaction = db.transaction(WAITING).build().map_err(store_error)?;
    let queue = transaction.object_store(WAITING).map_err(store_error)?;
    let within = KeyRange::Bound(lowest, false, highest, false);
    let listed =
        queue.get_all_keys::<JsValue>().with_query::<JsValue, _>(within).await.map_err(store_error)?;
    listed.map(|key| waiting_from_js(&key.map_err(store_error)?)).collect()
}

//! Everything that a database still holds, as it lies there: sealed, for a file that can be kept when the app
//! itself cannot open it any more.
//!
//! The file is [`satchel_replica::rescued`]'s. Nothing is decoded, so that a damaged entry is kept like any other.

use crate::error::{damaged, open_error, store_error};
use crate::read::{bytes_from_js, value};
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use satchel_replica::{RESCUED, StoreError, rescue_entry};
use wasm_bindgen::JsValue;

/// Reads all of the database of this name, whatever its version.
///
/// # Errors
/// As the platform says; [`StoreError::Damaged`] where there is nothing at all.
pub async fn dump(name: &str) -> Result<Vec<u8>, StoreError> {
    let db = Database::open(name).build().map_err(open_error)?.await.map_err(open_error)?;
    let names: Vec<String> = db.object_store_names().collect();
    let mut file = RESCUED.to_vec();
    let mut written = Ok(());
    for store in names {
        written = written.and(append(&db, &store, &mut file).await);
    }
    db.close();
    written?;
    if file.len() == RESCUED.len() { Err(damaged("database")) } else { Ok(file) }
}

async fn append(db: &Database, name: &str, file: &mut Vec<u8>) -> Result<(), StoreError> {
    let transaction = db.transaction(name).build().map_err(store_error)?;
    let store = transaction.object_store(name).map_err(store_error)?;
    let keys = store.get_all_keys::<JsValue>().primitive().map_err(store_error)?;
    let keys: Vec<_> =
        keys.await.map_err(store_error)?.map(|key| key.unwrap_or(JsValue::UNDEFINED)).collect();
    let all = store.get_all::<JsValue>().primitive().map_err(store_error)?;
    let Ok(values) = all.await else { return append_each(db, name, keys, file).await };
    for (key, value) in keys.into_iter().zip(values) {
        rescue_entry(file, name, &bytes(key), &value.map(bytes).unwrap_or_default());
    }
    Ok(())
}

/// One by one: what the browser lost is empty in the file, and counted as unread by whoever reads it.
async fn append_each(
    db: &Database,
    name: &str,
    keys: Vec<JsValue>,
    file: &mut Vec<u8>,
) -> Result<(), StoreError> {
    for key in keys {
        // Of a dying disk, too, whatever still comes is kept.
        let found = value(db, name, key.clone()).await.ok().flatten();
        rescue_entry(file, name, &bytes(key), &found.map(bytes).unwrap_or_default());
    }
    Ok(())
}

/// A key or value as bytes; what we never wrote is empty.
fn bytes(value: JsValue) -> Vec<u8> {
    bytes_from_js(&value).or_else(|| value.as_string().map(String::into_bytes)).unwrap_or_default()
}

//! Sealed chunks of files: keys are the file's id and the chunk's index, so that those of one file lie beside each
//! other and in order.

use crate::FILES;
use crate::error::{damaged, store_error};
use crate::read::{Answer, bytes_from_js, bytes_to_js, value};
use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use satchel_replica::Chunks;
use satchel_wire::FileId;
use wasm_bindgen::JsValue;

fn key(file: FileId, index: u32) -> JsValue {
    bytes_to_js(&[file.0.as_slice(), &index.to_be_bytes()].concat())
}

fn read_key(key: &JsValue) -> Answer<(FileId, u32)> {
    let bytes = bytes_from_js(key).ok_or_else(|| damaged("files"))?;
    let (file, index) = bytes.split_first_chunk::<16>().ok_or_else(|| damaged("files"))?;
    let index = index.try_into().map_err(|_| damaged("files"))?;
    Ok((FileId(*file), u32::from_be_bytes(index)))
}

fn range(file: Option<FileId>) -> KeyRange<JsValue> {
    let (low, high) = file.map_or((FileId([0; 16]), FileId([u8::MAX; 16])), |file| (file, file));
    KeyRange::Bound(key(low, 0), false, key(high, u32::MAX), false)
}

fn strict() -> TransactionOptions {
    TransactionOptions::new().with_durability(TransactionDurability::Strict)
}

pub(crate) async fn keep(db: &Database, file: FileId, index: u32, sealed: &[u8]) -> Answer<()> {
    let value = bytes_to_js(sealed);
    let writing = db.transaction(FILES).with_mode(TransactionMode::Readwrite).with_options(strict());
    let transaction = writing.build().map_err(store_error)?;
    let store = transaction.object_store(FILES).map_err(store_error)?;
    let put = store.put(value).with_key(key(file, index)).without_key_type();
    put.primitive().map_err(store_error)?.await.map_err(store_error)?;
    transaction.commit().await.map_err(store_error)
}

/// A chunk; one that the browser lost is listed no more, so that it is had from the server again.
pub(crate) async fn chunk(db: &Database, file: FileId, index: u32) -> Answer<Option<Vec<u8>>> {
    let Some(found) = value(db, FILES, key(file, index)).await? else {
        remove(db, KeyRange::Only(key(file, index))).await?;
        return Ok(None);
    };
    let found = Some(found).filter(|found| !found.is_undefined());
    found.map(|found| bytes_from_js(&found).ok_or_else(|| damaged("files"))).transpose()
}

pub(crate) async fn chunks(db: &Database, file: Option<FileId>) -> Answer<Chunks> {
    let transaction = db.transaction(FILES).build().map_err(store_error)?;
    let store = transaction.object_store(FILES).map_err(store_error)?;
    let listing = store.get_all_keys::<JsValue>().with_query::<JsValue, _>(range(file));
    let mut chunks = Chunks::new();
    for found in listing.await.map_err(store_error)? {
        let (file, index) = read_key(&found.map_err(store_error)?)?;
        chunks.entry(file).or_default().push(index);
    }
    Ok(chunks)
}

pub(crate) async fn forget(db: &Database, file: FileId) -> Answer<()> {
    remove(db, range(Some(file))).await
}

async fn remove(db: &Database, range: KeyRange<JsValue>) -> Answer<()> {
    let writing = db.transaction(FILES).with_mode(TransactionMode::Readwrite);
    let transaction = writing.build().map_err(store_error)?;
    let store = transaction.object_store(FILES).map_err(store_error)?;
    store.delete::<JsValue, _>(range).primitive().map_err(store_error)?.await.map_err(store_error)?;
    transaction.commit().await.map_err(store_error)
}

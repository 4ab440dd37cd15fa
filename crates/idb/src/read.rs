//! Reading: each call one read-only transaction, each answer decoded after it.

use crate::error::{damaged, is_lost, store_error};
use crate::rows::{id_from_js, row_from_js, waiting_from_js};
use crate::{CURSOR, DEVICE, LOCALS, META, PAGES, PAGES_HEAD, ROWS, WAITING};
use indexed_db_futures::KeyRange;
use indexed_db_futures::cursor::CursorDirection;
use indexed_db_futures::database::Database;
use indexed_db_futures::future::BasicRequest;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use js_sys::Uint8Array;
use satchel_replica::{Counts, Cursor, Found, LocalItem, Meta, PageKey, PageKind, PagesHead, StoreError};
use satchel_wire::RecordId;
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::Hash;
use wasm_bindgen::{JsCast, JsValue};

pub(crate) type Answer<T> = Result<T, StoreError>;

pub(crate) fn bytes_to_js(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// Bytes that we wrote as a value (a typed array) or as a key (which comes back as a buffer).
pub(crate) fn bytes_from_js(value: &JsValue) -> Option<Vec<u8>> {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        return Some(bytes.to_vec());
    }
    value.dyn_ref::<js_sys::ArrayBuffer>().map(|buffer| Uint8Array::new(buffer).to_vec())
}

pub(crate) fn limit_of(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}

/// Values on their way.
type Asked = Vec<BasicRequest<Option<JsValue>>>;

/// Asks for the values of these keys, all at once.
fn ask(store: &ObjectStore<'_>, keys: impl IntoIterator<Item = JsValue>) -> Answer<Asked> {
    let one = |key| store.get::<JsValue, JsValue, _>(KeyRange::Only(key)).primitive().map_err(store_error);
    keys.into_iter().map(one).collect()
}

async fn answered(mut asked: Asked) -> Answer<Vec<Option<JsValue>>> {
    // Requests are answered in order: when the last one is, the others need no waiting.
    let Some(last) = asked.pop() else { return Ok(Vec::new()) };
    let last = last.await.map_err(store_error)?;
    let mut values = Vec::with_capacity(asked.len() + 1);
    for request in asked {
        values.push(request.await.map_err(store_error)?);
    }
    values.push(last);
    Ok(values)
}

/// The values of these keys.
pub(crate) async fn values(store: &ObjectStore<'_>, keys: &[JsValue]) -> Answer<Vec<Option<JsValue>>> {
    answered(ask(store, keys.iter().cloned())?).await
}

/// So many rows are looked for among the keys there are before any is asked for.
const MANY: usize = 8;
/// Keys that are listed for each of them, at most.
const KEYS_EACH: usize = 8;

/// Rows and pages in one look. A failed request fails its transaction with all that it was asked: what the browser lost
/// is then found one by one, and looked at no more.
pub(crate) async fn read(db: &Database, ids: &[RecordId], pages: &[PageKey]) -> Answer<Found> {
    let failed = match look(db, ids, pages).await {
        Err(failed) => failed,
        found => return found,
    };
    let lost_pages = lost(db, PAGES, pages, |key| key.to_bytes().to_vec()).await?;
    let lost_rows = lost(db, ROWS, ids, |id| id.0.to_vec()).await?;
    if lost_pages.is_empty() && lost_rows.is_empty() {
        return Err(failed);
    }
    let left: Vec<_> = pages.iter().copied().filter(|key| !lost_pages.contains(key)).collect();
    let left_rows: Vec<_> = ids.iter().copied().filter(|id| !lost_rows.contains(id)).collect();
    let mut found = look(db, &left_rows, &left).await?;
    let mut there = std::mem::take(&mut found.pages).into_iter();
    let page = |key| if lost_pages.contains(key) { Some(Vec::new()) } else { there.next().flatten() };
    found.pages = pages.iter().map(page).collect();
    found.damaged.extend(lost_rows);
    Ok(found)
}

/// Which of these the browser lost.
async fn lost<K: Copy + Eq + Hash>(
    db: &Database,
    name: &str,
    keys: &[K],
    bytes: impl Fn(&K) -> Vec<u8>,
) -> Answer<HashSet<K>> {
    let mut lost = HashSet::new();
    for key in keys {
        if value(db, name, bytes_to_js(&bytes(key))).await?.is_none() {
            lost.insert(*key);
        }
    }
    Ok(lost)
}

/// One value by itself, `undefined` where there is none; `None` for one that the browser lost.
pub(crate) async fn value(db: &Database, name: &str, key: JsValue) -> Answer<Option<JsValue>> {
    let transaction = db.transaction(name).build().map_err(store_error)?;
    let store = transaction.object_store(name).map_err(store_error)?;
    let asked = store.get::<JsValue, JsValue, _>(KeyRange::Only(key)).primitive().map_err(store_error)?;
    match asked.await {
        Ok(found) => Ok(Some(found.unwrap_or(JsValue::UNDEFINED))),
        Err(error) if is_lost(&error) => Ok(None),
        Err(error) => Err(store_error(error)),
    }
}

/// Requests of one transaction are answered in order, whatever store they are about.
async fn look(db: &Database, ids: &[RecordId], pages: &[PageKey]) -> Answer<Found> {
    let transaction = db.transaction([ROWS, PAGES, META]).build().map_err(store_error)?;
    let store = |name| transaction.object_store(name).map_err(store_error);
    let (rows, sheets, meta) = (store(ROWS)?, store(PAGES)?, store(META)?);
    let pages = ask(&sheets, pages.iter().map(|key| bytes_to_js(&key.to_bytes())))?;
    let head = ask(&meta, [JsValue::from_str(PAGES_HEAD)])?;
    let present = present(&rows, ids).await?;
    let rows = ask(&rows, present.iter().map(|id| bytes_to_js(&id.0)))?;
    let head = head_from(answered(head).await?.pop().flatten())?;
    let (mut whole, mut damaged) = (Vec::with_capacity(present.len()), Vec::new());
    for (id, value) in present.iter().zip(answered(rows).await?) {
        match value.map(|value| row_from_js(&value)) {
            Some(Some(row)) => whole.push(row),
            Some(None) => damaged.push(*id),
            None => {}
        }
    }
    let page = |value: Option<JsValue>| value.map(|value| page_from_js(&value)).transpose();
    let pages = answered(pages).await?.into_iter().map(page).collect::<Answer<_>>()?;
    Ok(Found { rows: whole, damaged, pages, generation: head.generation })
}

/// Those of which there may be rows. Most records lie in pages: one request that lists the few keys there are
/// takes the place of one for each record.
async fn present<'a>(store: &ObjectStore<'_>, ids: &'a [RecordId]) -> Answer<Cow<'a, [RecordId]>> {
    if ids.len() < MANY {
        return Ok(Cow::Borrowed(ids));
    }
    let most = ids.len() * KEYS_EACH;
    let all = KeyRange::LowerBound(bytes_to_js(&[0; 16]), false);
    let listing = store.get_all_keys::<JsValue>().with_query::<JsValue, _>(all).with_limit(limit_of(most));
    let mut keys = HashSet::with_capacity(ids.len());
    for key in listing.await.map_err(store_error)? {
        keys.insert(id_from_js(&key.map_err(store_error)?)?);
    }
    if keys.len() == most {
        return Ok(Cow::Borrowed(ids));
    }
    Ok(ids.iter().filter(|id| keys.contains(id)).copied().collect())
}

/// Pages of a kind in one look; when that fails, each that is listed is asked for.
pub(crate) async fn pages(
    db: &Database,
    kind: PageKind,
    after: Option<u32>,
    limit: usize,
) -> Answer<Vec<(u32, Vec<u8>)>> {
    if let Ok(found) = all_pages(db, kind, after, limit).await {
        return Ok(found);
    }
    let mut numbers = numbers(db, page_range(kind, after)).await?;
    numbers.truncate(limit);
    let keys: Vec<_> = numbers.iter().map(|number| PageKey { kind, number: *number }).collect();
    let found = read(db, &[], &keys).await?.pages;
    Ok(numbers.into_iter().zip(found).filter_map(|(number, page)| Some((number, page?))).collect())
}

async fn all_pages(
    db: &Database,
    kind: PageKind,
    after: Option<u32>,
    limit: usize,
) -> Answer<Vec<(u32, Vec<u8>)>> {
    let transaction = db.transaction(PAGES).build().map_err(store_error)?;
    let store = transaction.object_store(PAGES).map_err(store_error)?;
    let range = || page_range(kind, after);
    let keys = store.get_all_keys::<JsValue>().with_query::<JsValue, _>(range()).with_limit(limit_of(limit));
    let values = store.get_all::<JsValue>().with_query::<JsValue, _>(range()).with_limit(limit_of(limit));
    let (keys, values) = (keys.primitive().map_err(store_error)?, values.primitive().map_err(store_error)?);
    let (keys, values) = (keys.await.map_err(store_error)?, values.await.map_err(store_error)?);
    keys.zip(values)
        .map(|(key, value)| {
            let number = number_from_js(&key.map_err(store_error)?)?;
            Ok((number, page_from_js(&value.map_err(store_error)?)?))
        })
        .collect()
}

pub(crate) async fn page_numbers(db: &Database, kind: PageKind) -> Answer<Vec<u32>> {
    numbers(db, page_range(kind, None)).await
}

async fn numbers(db: &Database, range: KeyRange<JsValue>) -> Answer<Vec<u32>> {
    let transaction = db.transaction(PAGES).build().map_err(store_error)?;
    let store = transaction.object_store(PAGES).map_err(store_error)?;
    let keys = store.get_all_keys::<JsValue>().with_query::<JsValue, _>(range);
    let keys = keys.await.map_err(store_error)?;
    keys.map(|key| number_from_js(&key.map_err(store_error)?)).collect()
}

fn page_range(kind: PageKind, after: Option<u32>) -> KeyRange<JsValue> {
    let key = |number| bytes_to_js(&PageKey { kind, number }.to_bytes());
    KeyRange::Bound(key(after.unwrap_or(0)), after.is_some(), key(u32::MAX), false)
}

fn number_from_js(key: &JsValue) -> Answer<u32> {
    let bytes = bytes_from_js(key).ok_or_else(|| damaged("pages"))?;
    let number = bytes.split_first().and_then(|(_, number)| number.try_into().ok());
    Ok(u32::from_be_bytes(number.ok_or_else(|| damaged("pages"))?))
}

fn page_from_js(value: &JsValue) -> Answer<Vec<u8>> {
    bytes_from_js(value).ok_or_else(|| damaged("pages"))
}

pub(crate) async fn pages_head(meta: &ObjectStore<'_>) -> Answer<PagesHead> {
    head_from(values(meta, &[JsValue::from_str(PAGES_HEAD)]).await?.pop().flatten())
}

fn head_from(value: Option<JsValue>) -> Answer<PagesHead> {
    let Some(value) = value else { return Ok(PagesHead::default()) };
    PagesHead::decode(&bytes_from_js(&value).ok_or_else(|| damaged("pages"))?)
}

pub(crate) async fn counts(db: &Database) -> Answer<Counts> {
    let transaction = db.transaction([WAITING, ROWS, META]).build().map_err(store_error)?;
    let queue = transaction.object_store(WAITING).map_err(store_error)?;
    let store = transaction.object_store(ROWS).map_err(store_error)?;
    let meta = transaction.object_store(META).map_err(store_error)?;
    let rows = store.count().primitive().map_err(store_error)?;
    let waiting = queue.count().primitive().map_err(store_error)?;
    let (rows, waiting) = (rows.await.map_err(store_error)?, waiting.await.map_err(store_error)?);
    let backwards = queue.open_key_cursor().with_direction(CursorDirection::Prev);
    let last_turn = match backwards.await.map_err(store_error)? {
        Some(mut cursor) => cursor.next_key::<JsValue>().await.map_err(store_error)?,
        None => None,
    };
    let last_turn = last_turn.map(|key| waiting_from_js(&key)).transpose()?.map(|(turn, _)| turn);
    let pages = pages_head(&meta).await?;
    Ok(Counts { rows: rows.into(), waiting: waiting.into(), last_turn, pages })
}

/// One entry of `meta`, as its bytes.
pub(crate) async fn own(store: &ObjectStore<'_>, key: &str) -> Answer<Option<Vec<u8>>> {
    let value = values(store, &[JsValue::from_str(key)]).await?.pop().flatten();
    value.map(|value| bytes_from_js(&value).ok_or_else(|| damaged(key))).transpose()
}

pub(crate) fn cursor_from(bytes: Option<Vec<u8>>) -> Answer<Cursor> {
    bytes.map_or(Ok(Cursor::default()), |bytes| Cursor::decode(&bytes))
}

pub(crate) async fn meta(db: &Database) -> Answer<Option<Meta>> {
    let transaction = db.transaction(META).build().map_err(store_error)?;
    let store = transaction.object_store(META).map_err(store_error)?;
    let bytes = own(&store, DEVICE).await?;
    bytes.map(|bytes| Meta::decode(&bytes)).transpose()
}

pub(crate) async fn cursor(db: &Database) -> Answer<Cursor> {
    let transaction = db.transaction(META).build().map_err(store_error)?;
    let store = transaction.object_store(META).map_err(store_error)?;
    cursor_from(own(&store, CURSOR).await?)
}

pub(crate) async fn locals(db: &Database, prefix: &str) -> Answer<Vec<LocalItem>> {
    let transaction = db.transaction(LOCALS).build().map_err(store_error)?;
    let store = transaction.object_store(LOCALS).map_err(store_error)?;
    // Nothing that begins with the prefix sorts behind this, and little else does before it.
    let last = format!("{prefix}\u{ffff}");
    let from = || KeyRange::Bound(JsValue::from_str(prefix), false, JsValue::from_str(&last), false);
    let keys = store.get_all_keys::<JsValue>().with_query::<JsValue, _>(from()).primitive();
    let values = store.get_all::<JsValue>().with_query::<JsValue, _>(from()).primitive();
    let (keys, values) = (keys.map_err(store_error)?, values.map_err(store_error)?);
    let (keys, values) = (keys.await.map_err(store_error)?, values.await.map_err(store_error)?);
    let mut items = Vec::new();
    for (key, value) in keys.zip(values) {
        let key = key.map_err(store_error)?.as_string().ok_or_else(|| damaged("locals"))?;
        if !key.starts_with(prefix) {
            break;
        }
        let sealed = bytes_from_js(&value.map_err(store_error)?).ok_or_else(|| damaged("locals"))?;
        items.push(LocalItem { key, sealed });
    }
    Ok(items)
}

//! The one write: everything encoded first, then one transaction that checks and writes.

use crate::error::store_error;
use crate::read::{bytes_from_js, bytes_to_js, cursor_from, own, pages_head, values};
use crate::rows::{waiting_from_js, waiting_key};
use crate::{CURSOR, DEVICE, LOCALS, META, PAGES, PAGES_HEAD, ROWS, WAITING};
use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionFinishKind, TransactionMode, TransactionOptions,
};
use satchel_replica::{
    Changeset, Committed, CursorMove, Durability, LocalPut, Meta, PageChange, PageKey, PagesHead, Put,
    RowHead, Stale, StoreError, Turn,
};
use satchel_wire::RecordId;
use wasm_bindgen::JsValue;

/// A row ready to be written.
struct Written {
    id: RecordId,
    expected: Option<u64>,
    turn: Option<Turn>,
    key: JsValue,
    value: JsValue,
}

impl Written {
    fn of(put: Put) -> Self {
        let (id, expected) = (put.id, put.expected);
        let row = put.into_row();
        let (key, value) = (bytes_to_js(&id.0), bytes_to_js(&row.encode()));
        Self { id, expected, turn: row.state.turn(), key, value }
    }
}

/// A changeset ready to be written.
struct Prepared {
    /// Rows that must not exist yet.
    new: Vec<Written>,
    /// Rows that must exist in a certain version.
    changed: Vec<Written>,
    locals: Vec<(JsValue, Option<JsValue>)>,
    cursor: Option<(CursorMove, JsValue)>,
    meta: Option<(Meta, JsValue)>,
    pages: Option<Turned>,
    durability: Durability,
}

/// A change of the pages, ready to be written.
struct Turned {
    change: PageChange,
    writes: Vec<(JsValue, JsValue)>,
}

impl Turned {
    fn of(mut change: PageChange) -> Self {
        let js = |(key, page): &mut (PageKey, Vec<u8>)| {
            let value = bytes_to_js(page);
            *page = Vec::new();
            (bytes_to_js(&key.to_bytes()), value)
        };
        let writes = change.writes.iter_mut().map(js).collect();
        Self { change, writes }
    }

    /// Whether anything but the generation is touched.
    fn writes(&self) -> bool {
        let PageChange { writes, removes, rows, waiting, .. } = &self.change;
        !(writes.is_empty() && removes.is_empty()) || *rows != 0 || *waiting != 0
    }
}

impl Prepared {
    fn of(changeset: Changeset) -> Self {
        let Changeset { durability, rows, cursor, meta, locals, pages } = changeset;
        let (new, changed) =
            rows.into_iter().map(Written::of).partition(|row: &Written| row.expected.is_none());
        let local = |put| match put {
            LocalPut::Set(item) => (JsValue::from_str(&item.key), Some(bytes_to_js(&item.sealed))),
            LocalPut::Remove(key) => (JsValue::from_str(&key), None),
        };
        Self {
            new,
            changed,
            locals: locals.into_iter().map(local).collect(),
            cursor: cursor.map(|step| (step, bytes_to_js(&step.to.encode()))),
            meta: meta.map(|meta| {
                let bytes = bytes_to_js(&meta.encode());
                (meta, bytes)
            }),
            pages: pages.map(Turned::of),
            durability,
        }
    }

    /// Whether rows go.
    fn unrows(&self) -> bool {
        let change = self.pages.as_ref().map(|pages| &pages.change);
        change.is_some_and(|change| !(change.unrow.is_empty() && change.damaged.is_empty()))
    }

    /// Only the object stores that are written, so that a draft does not queue behind an import.
    fn stores(&self) -> Vec<&'static str> {
        let mut stores = Vec::new();
        if !(self.new.is_empty() && self.changed.is_empty()) || self.unrows() {
            stores.extend([ROWS, WAITING]);
        }
        if self.cursor.is_some() || self.meta.is_some() || self.pages.is_some() {
            stores.push(META);
        }
        if self.pages.as_ref().is_some_and(Turned::writes) {
            stores.push(PAGES);
        }
        if !self.locals.is_empty() {
            stores.push(LOCALS);
        }
        stores
    }
}

pub(crate) async fn commit(db: &Database, changeset: Changeset) -> Result<Committed, StoreError> {
    let prepared = Prepared::of(changeset);
    let stores = prepared.stores();
    if stores.is_empty() {
        return Ok(Committed::default());
    }
    let transaction = begin(db, &stores, prepared.durability)?;
    let stale = write(&transaction, &prepared).await?;
    if stale.any() {
        transaction.abort().await.map_err(store_error)?;
        return Err(StoreError::Stale(stale));
    }
    finish(&transaction).await?;
    Ok(Committed { rows: prepared.new.len() + prepared.changed.len() })
}

fn begin<'a>(
    db: &'a Database,
    stores: &[&str],
    durability: Durability,
) -> Result<Transaction<'a>, StoreError> {
    let durability = match durability {
        Durability::Strict => TransactionDurability::Strict,
        Durability::Relaxed => TransactionDurability::Relaxed,
    };
    let options = TransactionOptions::new().with_durability(durability);
    let names: Vec<String> = stores.iter().map(ToString::to_string).collect();
    let building =
        db.transaction(names.as_slice()).with_mode(TransactionMode::Readwrite).with_options(options);
    building.build().map_err(store_error)
}

/// Checks everything, and if it holds, asks for every write. What is new is looked up too: letting `add`
/// find a collision would save a tenth of an import, but fails each later request of the transaction with
/// an error event of its own.
async fn write(transaction: &Transaction<'_>, prepared: &Prepared) -> Result<Stale, StoreError> {
    let mut stale = Stale::default();
    if prepared.cursor.is_some() || prepared.meta.is_some() {
        let store = transaction.object_store(META).map_err(store_error)?;
        check_own(&store, prepared, &mut stale).await?;
    }
    if !prepared.new.is_empty() {
        let store = transaction.object_store(ROWS).map_err(store_error)?;
        check_new(&store, &prepared.new, &mut stale).await?;
    }
    let mut turns = Vec::new();
    if !prepared.changed.is_empty() {
        let store = transaction.object_store(ROWS).map_err(store_error)?;
        turns = check_rows(&store, &prepared.changed, &mut stale).await?;
    }
    if let Some(pages) = &prepared.pages {
        let meta = transaction.object_store(META).map_err(store_error)?;
        let head = pages_head(&meta).await?;
        stale.pages = head.generation != pages.change.over;
        let gone = check_unrow(transaction, &pages.change.unrow, &mut stale).await?;
        if !stale.any() {
            turn_pages(transaction, pages, head, &gone)?;
            drop_damaged(transaction, &pages.change.damaged).await?;
        }
    }
    if !stale.any() {
        write_rows(transaction, prepared, &turns)?;
        write_own(transaction, prepared)?;
    }
    Ok(stale)
}

async fn check_own(
    store: &ObjectStore<'_>,
    prepared: &Prepared,
    stale: &mut Stale,
) -> Result<(), StoreError> {
    if let Some((step, _)) = &prepared.cursor {
        stale.cursor = !cursor_from(own(store, CURSOR).await?)?.same_place(&step.from);
    }
    if let Some((meta, _)) = &prepared.meta {
        let stored = own(store, DEVICE).await?.map(|bytes| Meta::decode(&bytes)).transpose()?;
        stale.meta = meta.revision != stored.map_or(0, |meta| meta.revision) + 1;
    }
    Ok(())
}

async fn check_new(store: &ObjectStore<'_>, rows: &[Written], stale: &mut Stale) -> Result<(), StoreError> {
    let mut requests = Vec::with_capacity(rows.len());
    for row in rows {
        let request = store.get_key::<JsValue, _>(KeyRange::Only(row.key.clone())).primitive();
        requests.push((row.id, request.map_err(store_error)?));
    }
    // Requests are answered in order: when the last one is, the others need no waiting.
    while let Some((id, request)) = requests.pop() {
        if request.await.map_err(store_error)?.is_some() {
            stale.rows.push(id);
        }
    }
    Ok(())
}

/// The turns that the rows have now, in order.
async fn check_rows(
    store: &ObjectStore<'_>,
    rows: &[Written],
    stale: &mut Stale,
) -> Result<Vec<Option<Turn>>, StoreError> {
    let keys: Vec<_> = rows.iter().map(|row| row.key.clone()).collect();
    let found = values(store, &keys).await?;
    let mut turns = Vec::with_capacity(rows.len());
    for (row, value) in rows.iter().zip(found) {
        let head = value.and_then(|value| head_of(&value));
        if head.map(|head| head.version) != row.expected {
            stale.rows.push(row.id);
        }
        turns.push(head.and_then(|head| head.turn));
    }
    Ok(turns)
}

/// The turns of the rows that are to go.
async fn check_unrow(
    transaction: &Transaction<'_>,
    rows: &[(RecordId, u64)],
    stale: &mut Stale,
) -> Result<Vec<Option<Turn>>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let store = transaction.object_store(ROWS).map_err(store_error)?;
    let keys: Vec<_> = rows.iter().map(|(id, _)| bytes_to_js(&id.0)).collect();
    let mut turns = Vec::with_capacity(rows.len());
    for ((id, version), value) in rows.iter().zip(values(&store, &keys).await?) {
        let head = value.and_then(|value| head_of(&value));
        if head.is_none_or(|head| head.version != *version) {
            stale.rows.push(*id);
        }
        turns.push(head.and_then(|head| head.turn));
    }
    Ok(turns)
}

fn turn_pages(
    transaction: &Transaction<'_>,
    Turned { change, writes }: &Turned,
    head: PagesHead,
    turns: &[Option<Turn>],
) -> Result<(), StoreError> {
    let after = head.after(change);
    if after != head {
        let meta = transaction.object_store(META).map_err(store_error)?;
        let value = bytes_to_js(&after.encode());
        meta.put(value).with_key(PAGES_HEAD).primitive().map_err(store_error)?;
    }
    if !(writes.is_empty() && change.removes.is_empty()) {
        let pages = transaction.object_store(PAGES).map_err(store_error)?;
        for (key, value) in writes {
            pages.add(value).with_key(key).without_key_type().primitive().map_err(store_error)?;
        }
        for key in &change.removes {
            pages.delete::<JsValue, _>(bytes_to_js(&key.to_bytes())).primitive().map_err(store_error)?;
        }
    }
    unrow(transaction, &change.unrow, turns)
}

fn unrow(
    transaction: &Transaction<'_>,
    gone: &[(RecordId, u64)],
    turns: &[Option<Turn>],
) -> Result<(), StoreError> {
    if gone.is_empty() {
        return Ok(());
    }
    let rows = transaction.object_store(ROWS).map_err(store_error)?;
    let queue = transaction.object_store(WAITING).map_err(store_error)?;
    for ((id, _), turn) in gone.iter().zip(turns) {
        rows.delete::<JsValue, _>(bytes_to_js(&id.0)).primitive().map_err(store_error)?;
        if let Some(turn) = turn {
            queue.delete::<JsValue, _>(waiting_key(*turn, *id)).primitive().map_err(store_error)?;
        }
    }
    Ok(())
}

/// Rows that cannot be read go whatever lies there, with every place that they have in the outbox.
async fn drop_damaged(transaction: &Transaction<'_>, ids: &[RecordId]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    let rows = transaction.object_store(ROWS).map_err(store_error)?;
    let queue = transaction.object_store(WAITING).map_err(store_error)?;
    for id in ids {
        rows.delete::<JsValue, _>(bytes_to_js(&id.0)).primitive().map_err(store_error)?;
    }
    for key in queue.get_all_keys::<JsValue>().await.map_err(store_error)? {
        let key = key.map_err(store_error)?;
        if waiting_from_js(&key).is_ok_and(|(_, id)| ids.contains(&id)) {
            queue.delete::<JsValue, _>(key).primitive().map_err(store_error)?;
        }
    }
    Ok(())
}

/// What a row is, as far as a commit must know.
fn head_of(value: &JsValue) -> Option<RowHead> {
    RowHead::read(&bytes_from_js(value)?).ok()
}

fn write_rows(
    transaction: &Transaction<'_>,
    prepared: &Prepared,
    turns: &[Option<Turn>],
) -> Result<(), StoreError> {
    if prepared.new.is_empty() && prepared.changed.is_empty() {
        return Ok(());
    }
    let rows = transaction.object_store(ROWS).map_err(store_error)?;
    let queue = transaction.object_store(WAITING).map_err(store_error)?;
    for row in &prepared.new {
        rows.add(&row.value).with_key(&row.key).without_key_type().primitive().map_err(store_error)?;
        move_turn(&queue, row, None)?;
    }
    for (row, turn) in prepared.changed.iter().zip(turns) {
        rows.put(&row.value).with_key(&row.key).without_key_type().primitive().map_err(store_error)?;
        move_turn(&queue, row, *turn)?;
    }
    Ok(())
}

fn move_turn(queue: &ObjectStore<'_>, row: &Written, before: Option<Turn>) -> Result<(), StoreError> {
    if before == row.turn {
        return Ok(());
    }
    if let Some(before) = before {
        queue.delete::<JsValue, _>(waiting_key(before, row.id)).primitive().map_err(store_error)?;
    }
    if let Some(turn) = row.turn {
        queue.put(JsValue::TRUE).with_key(waiting_key(turn, row.id)).primitive().map_err(store_error)?;
    }
    Ok(())
}

fn write_own(transaction: &Transaction<'_>, prepared: &Prepared) -> Result<(), StoreError> {
    let cursor = prepared.cursor.as_ref().map(|(_, value)| (CURSOR, value));
    let meta = prepared.meta.as_ref().map(|(_, value)| (DEVICE, value));
    for (key, value) in cursor.into_iter().chain(meta) {
        let store = transaction.object_store(META).map_err(store_error)?;
        store.put(value).with_key(key).primitive().map_err(store_error)?;
    }
    for (key, value) in &prepared.locals {
        let store = transaction.object_store(LOCALS).map_err(store_error)?;
        match value {
            Some(value) => {
                drop(store.put(value).with_key(key).without_key_type().primitive().map_err(store_error)?)
            }
            None => drop(store.delete::<JsValue, _>(key.clone()).primitive().map_err(store_error)?),
        }
    }
    Ok(())
}

/// Waits until the transaction is complete on disk. The platform commits it by itself once all is written;
/// waiting for that, rather than asking, leaves its error readable: a full disk shows only there.
async fn finish(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    loop {
        match transaction.on_done().map_err(store_error)?.await {
            TransactionFinishKind::Ok => return Ok(()),
            // The failure of one request; the transaction's own end follows.
            TransactionFinishKind::Err => {}
            TransactionFinishKind::Abort => {
                return Err(transaction.error().map_or(StoreError::Closed, store_error));
            }
        }
    }
}

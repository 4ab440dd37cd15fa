//! How long an import and a first load take in a real browser. Printed, never judged: machines differ.
#![cfg(target_arch = "wasm32")]

use satchel_idb::IdbStore;
use satchel_replica::{Changeset, Durability, Put, RowState, Store, Turn};
use satchel_wire::{DeviceId, Envelope, Header, RecordId, SpaceId, Stream};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const ROWS: u32 = 10_000;
/// Bytes of a sealed interaction of a few lines: 256 padded, nonce and tag.
const SEALED: usize = 284;

fn row(number: u32) -> Put {
    let mut id = [0; 16];
    // Spread like random ids.
    id[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    let header = Header {
        format: 1,
        space: SpaceId([7; 16]),
        record: RecordId(id),
        stream: Stream::State,
        epoch: 1,
        replaces: None,
        device: DeviceId(1),
    };
    let envelope = Envelope { header, ciphertext: vec![number as u8; SEALED] };
    Put::new(RecordId(id), None, envelope, RowState::New(Turn(number.into()).into()))
}

#[expect(clippy::disallowed_methods, reason = "what is measured here is time")]
async fn timed<T>(what: &str, work: impl Future<Output = T>) -> T {
    let start = js_sys::Date::now();
    let done = work.await;
    console_log!("{what}: {} ms", js_sys::Date::now() - start);
    done
}

async fn scan_all(store: &IdbStore) -> usize {
    let (mut after, mut seen) = (None, 0);
    loop {
        let rows = store.scan(after, 1_000).await.expect("reads");
        let Some(last) = rows.last() else { return seen };
        (after, seen) = (Some(last.id), seen + rows.len());
    }
}

#[wasm_bindgen_test]
async fn import_and_scan() {
    let store = IdbStore::open("bench").await.expect("opens");
    let rows = (0..ROWS).map(row).collect();
    let import = Changeset { rows, durability: Durability::Strict, ..Changeset::default() };
    timed("import of 10,000 rows in one commit", store.commit(import)).await.expect("commits");
    assert_eq!(timed("scan of 10,000 rows", scan_all(&store)).await, ROWS as usize);
    timed("first 500 waiting", store.waiting(None, 500)).await.expect("reads");
    timed("counts", store.counts()).await.expect("reads");
    let synced = store.waiting(None, 500).await.expect("reads").into_iter();
    let synced =
        synced.map(|row| Put::new(row.id, Some(row.version), row.envelope, RowState::New(Turn(1).into())));
    let settle =
        Changeset { rows: synced.collect(), durability: Durability::Relaxed, ..Changeset::default() };
    timed("settling 500 rows", store.commit(settle)).await.expect("commits");
    timed("one edit, strict", store.commit(Changeset { rows: vec![row(ROWS)], ..Changeset::default() }))
        .await
        .expect("commits");
}

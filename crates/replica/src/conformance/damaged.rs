//! What every [`Store`] must do with rows that cannot be read.

use super::{get_one, id, ids, ok, put, rows, turned, version};
use crate::{DamagedRow, PageChange, RowState, Store, StoreError, Turn};
use satchel_wire::RecordId;

/// What a store must do where rows cannot be read; the store is an empty one. `spoil` puts bytes where a row lies.
///
/// # Panics
/// When it does not.
pub async fn damaged(store: &impl Store, spoil: impl AsyncFn(RecordId, &[u8])) {
    let new = |number: u16| put(number, None, RowState::New(Turn(number.into()).into()));
    ok(store, rows(vec![new(1), new(2), put(3, None, RowState::Synced(version(9))), new(4)])).await;
    spoil(id(1), &[0; 40]).await;
    spoil(id(3), b"").await;
    assert_eq!(ids(&store.scan(None, 1).await.expect("reads")), [id(2)], "the next one takes its place");
    assert_eq!(ids(&store.scan(None, 9).await.expect("reads")), [2, 4].map(id));
    assert_eq!(ids(&store.waiting(None, 1).await.expect("reads")), [id(2)]);
    assert_eq!(ids(&store.waiting(None, 9).await.expect("reads")), [2, 4].map(id));
    let found = store.read(&[4, 3, 2, 1, 5].map(id), &[]).await.expect("reads");
    assert_eq!((ids(&found.rows), found.damaged), ([4, 2].map(id).to_vec(), [3, 1].map(id).to_vec()));
    let counts = store.counts().await.expect("counts");
    assert_eq!((counts.rows, counts.waiting), (4, 3), "they are there");
    let first = DamagedRow { id: id(1), bytes: vec![0; 40], waits: true };
    let second = DamagedRow { id: id(3), bytes: Vec::new(), waits: false };
    assert_eq!(store.damaged_rows().await, Ok(vec![first.clone(), second]));
    nothing_is_written_over_them(store).await;
    let damaged = vec![id(1), id(3)];
    ok(store, turned(PageChange { damaged: damaged.clone(), ..PageChange::default() })).await;
    let counts = store.counts().await.expect("counts");
    assert_eq!((counts.rows, counts.waiting, counts.pages.generation), (2, 2, 1));
    assert_eq!(store.damaged_rows().await, Ok(vec![]));
    // Whoever has not heard of it might take away what was written since.
    ok(store, rows(vec![new(1)])).await;
    let late = store.commit(turned(PageChange { damaged, ..PageChange::default() })).await;
    assert!(matches!(late, Err(StoreError::Stale(_))));
    assert_eq!(get_one(store, 1).await.map(|row| row.version), Some(1));
}

async fn nothing_is_written_over_them(store: &impl Store) {
    for expected in [None, Some(1)] {
        for number in [1, 3] {
            let written =
                store.commit(rows(vec![put(number, expected, RowState::New(Turn(9).into()))])).await;
            let Err(StoreError::Stale(stale)) = written else { panic!("expected stale") };
            assert_eq!(stale.rows, [id(number)]);
        }
    }
    let unrow = PageChange { unrow: vec![(id(1), 1)], ..PageChange::default() };
    assert!(matches!(store.commit(turned(unrow)).await, Err(StoreError::Stale(_))));
}

//! What every [`FileStore`] must do.

use crate::{Chunks, FileStore};
use satchel_wire::FileId;

const ONE: FileId = FileId([1; 16]);
const OTHER: FileId = FileId([2; 16]);
/// The ends of the range of ids: nothing is left out of a listing.
const ENDS: [FileId; 2] = [FileId([0; 16]), FileId([u8::MAX; 16])];

async fn keep(store: &impl FileStore, file: FileId, index: u32, bytes: &[u8]) {
    store.keep_chunk(file, index, bytes.to_vec()).await.expect("is kept");
}

/// What a store of files must do; the store is an empty one.
///
/// # Panics
/// When it does not.
pub async fn files(store: &impl FileStore) {
    assert_eq!(store.chunks(None).await, Ok(Chunks::new()));
    assert_eq!(store.chunk(ONE, 0).await, Ok(None));
    for index in [256, 0, 1] {
        keep(store, ONE, index, &index.to_be_bytes()).await;
    }
    keep(store, OTHER, 0, b"").await;
    assert_eq!(store.chunk(ONE, 256).await, Ok(Some(256_u32.to_be_bytes().to_vec())));
    assert_eq!(store.chunk(OTHER, 0).await, Ok(Some(Vec::new())), "nothing is something that is there");
    keep(store, ONE, 0, b"the same again").await;
    let listed = Chunks::from([(ONE, vec![0, 1, 256]), (OTHER, vec![0])]);
    assert_eq!(store.chunks(None).await, Ok(listed), "in order, each once");
    assert_eq!(store.chunks(Some(OTHER)).await, Ok(Chunks::from([(OTHER, vec![0])])));
    store.drop_chunks(ONE).await.expect("is dropped");
    assert_eq!(store.chunk(ONE, 256).await, Ok(None));
    assert_eq!(
        store.chunks(None).await,
        Ok(Chunks::from([(OTHER, vec![0])])),
        "nothing of another file went"
    );
    store.drop_chunks(ONE).await.expect("there is nothing to drop, which is no failure");
    for file in ENDS {
        keep(store, file, u32::MAX, &[7; 300_000]).await;
    }
    assert_eq!(store.chunks(None).await.map(|chunks| chunks.len()), Ok(3));
    assert_eq!(store.chunk(ENDS[1], u32::MAX).await.map(|chunk| chunk.map_or(0, |it| it.len())), Ok(300_000));
}

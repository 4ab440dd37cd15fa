//! Files: chunks exchanged, cut or kept back, and what is said of them.

use super::super::attached::{PREVIEW, large, opened, previewed, seen, sent, visit};
use super::super::sync::{Pair, edit, pair};
use super::super::world::Lie;
use super::lies;
use super::scene::{creating, whole};
use super::sees::Sees;
use crate::engine::host::{Call, Response};
use crate::port::{Command, FileAct, Preview};
use satchel_domain::{FileId, RecordId};
use satchel_wire::{FileChunk, FileHeld, FilesAsked, FilesHeld, from_cbor, to_cbor};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Two visits of A's with a photo each, at the server, that B has not heard of.
struct Album {
    pair: Pair,
    who: RecordId,
    photos: [(RecordId, FileId); 2],
}

impl Album {
    async fn made() -> Self {
        let pair = pair().await;
        let (who, first, photo) = visit(&pair.on_a, large()).await;
        let (_, second, other) = visit(&pair.on_a, large()).await;
        pair.on_a.synced().await;
        sent(&pair.on_a).await;
        Self { pair, who, photos: [(first, photo), (second, other)] }
    }

    /// B hears of both while the server lies: the last photo does not open and is not shown, records come and go as
    /// ever, and the truth opens everything.
    async fn played(self, sees: Sees, lie: Lie) {
        let Self { pair: Pair { b, on_a, on_b, .. }, who, photos } = self;
        let ends = photos[1];
        b.lied_to(lie);
        on_b.synced().await;
        // The first may open, where what is said of it is true.
        let _ = opened(&on_b, photos[0].0, photos[0].1).await;
        sees.ended(on_b.run(Command::File(FileAct::Open { id: ends.0, file: ends.1 })).await);
        let shown = seen(&on_b, ends.0, ends.1).await;
        assert!(!matches!(&shown, Preview::Here(bytes) if bytes != PREVIEW), "something false is shown");
        on_b.created(creating("Bo")).await;
        edit(&on_b, who, |draft| draft.note = "B's note".into()).await;
        whole(&on_b).await;
        whole(&on_a).await;
        b.told_the_truth();
        for (record, file) in photos {
            previewed(&on_b, record, file).await;
            assert_eq!(opened(&on_b, record, file).await, Ok(large()));
        }
    }
}

/// What a chunk's address says: of which file, and which.
fn place(call: &Call) -> Option<(String, u32)> {
    let (_, rest) = call.path.split_once("/files/")?;
    let (file, index) = rest.split_once('/')?;
    Some((file.to_owned(), index.parse().ok()?)).filter(|_| call.body.is_none())
}

/// Changes each chunk that is given.
fn bending(change: impl Fn((String, u32), &mut FileChunk) + 'static) -> Lie {
    Rc::new(move |call: &Call, answer: Response| {
        let Some(place) = place(call).filter(|_| answer.status == 200) else { return answer };
        let mut chunk: FileChunk = from_cbor(&answer.body).expect("a chunk");
        change(place, &mut chunk);
        Response { body: to_cbor(&chunk), ..answer }
    })
}

/// Gives the first chunk that was asked for in the place of all those that have the same key.
fn repeating<K: Ord + 'static>(key: impl Fn((String, u32)) -> K + 'static) -> Lie {
    let first = RefCell::new(BTreeMap::new());
    bending(move |place, chunk| {
        *chunk = first.borrow_mut().entry(key(place)).or_insert_with(|| chunk.clone()).clone();
    })
}

pub(super) async fn chunk_altered(sees: Sees) {
    let flip = |chunk: &mut FileChunk| chunk.sealed.iter_mut().skip(40).take(1).for_each(|byte| *byte ^= 1);
    Album::made().await.played(sees, bending(move |_, chunk| flip(chunk))).await;
}

pub(super) async fn chunk_cut_short(sees: Sees) {
    let cut = |chunk: &mut FileChunk| chunk.sealed.truncate(chunk.sealed.len() - 256);
    Album::made().await.played(sees, bending(move |_, chunk| cut(chunk))).await;
}

pub(super) async fn chunk_emptied(sees: Sees) {
    Album::made().await.played(sees, bending(|_, chunk| chunk.sealed.clear())).await;
}

pub(super) async fn chunks_in_another_order(sees: Sees) {
    Album::made().await.played(sees, repeating(|(file, _)| file)).await;
}

pub(super) async fn chunk_of_another_file(sees: Sees) {
    Album::made().await.played(sees, repeating(|(_, index)| index)).await;
}

pub(super) async fn file_withheld(sees: Sees) {
    let gone = |call: &Call, answer: Response| match place(call) {
        Some(_) => lies::problem(404, "not-found"),
        None => answer,
    };
    Album::made().await.played(sees, Rc::new(gone)).await;
}

/// A believes it, so B cannot have the file; A keeps it, asks again when it is opened the next time, and sends it then.
pub(super) async fn file_claimed(sees: Sees) {
    let Pair { a, on_a, on_b, .. } = pair().await;
    a.lied_to(Rc::new(|call: &Call, answer: Response| {
        let asked = call.body.as_ref().filter(|_| call.path.ends_with("/files/held") && answer.status == 200);
        let Some(asked) = asked.and_then(|body| from_cbor::<FilesAsked>(body).ok()) else { return answer };
        let all = |file| FileHeld { file, count: 4, held: vec![0, 1, 2, 3] };
        let body = to_cbor(&FilesHeld { files: asked.files.into_iter().map(all).collect() });
        Response { body, ..answer }
    }));
    let (_, record, file) = visit(&on_a, large()).await;
    on_a.synced().await;
    sent(&on_a).await;
    on_b.synced().await;
    sees.ended(on_b.run(Command::File(FileAct::Open { id: record, file })).await);
    assert_eq!(opened(&on_a, record, file).await, Ok(large()), "nothing is lost");
    a.told_the_truth();
    drop(on_a);
    let again = a.tab_that_remembers(None).await;
    let passphrase = crate::port::Secret(super::super::world::PASSPHRASE.into());
    again.run(Command::Unlock { passphrase }).await.expect("opens");
    again.synced().await;
    previewed(&on_b, record, file).await;
    on_b.until_told(async || opened(&on_b, record, file).await == Ok(large())).await;
}

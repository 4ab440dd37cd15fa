//! Records exchanged, altered, renamed, and what stands beside them.

use super::lies::{CHANGES, changing};
use super::scene::Scene;
use super::sees::Sees;
use satchel_wire::{Changes, DeviceId, Envelope, Etag, RecordId, Row, SpaceId, Stream};

/// The first record of a page: one that A wrote, what B sent stands behind it.
fn state(page: &mut Changes) -> Option<&mut Row> {
    page.rows.iter_mut().find(|row| row.envelope.header.stream == Stream::State)
}

/// Changes the header or the content of a record that A wrote.
async fn altered(sees: Sees, change: impl Fn(&mut Envelope) + 'static) {
    Scene::changes(sees, move |page| {
        if let Some(row) = state(page) {
            change(&mut row.envelope);
        }
    })
    .await;
}

/// The same for what stands beside the content: no digest shows that.
async fn altered_beside(sees: Sees, change: impl Fn(&mut Envelope) + 'static) {
    let lie = changing::<Changes>(CHANGES, move |page| {
        if let Some(row) = state(page) {
            change(&mut row.envelope);
        }
    });
    Scene::set().await.played_until_edited(sees, lie).await;
}

pub(super) async fn ciphertexts_exchanged(sees: Sees) {
    Scene::changes(sees, |page| {
        let mut states: Vec<_> =
            page.rows.iter_mut().filter(|row| row.envelope.header.stream == Stream::State).collect();
        if let [one, other, ..] = states.as_mut_slice() {
            std::mem::swap(&mut one.envelope.ciphertext, &mut other.envelope.ciphertext);
        }
    })
    .await;
}

pub(super) async fn record_renamed(sees: Sees) {
    altered(sees, |envelope| envelope.header.record = RecordId([7; 16])).await;
}

pub(super) async fn space_exchanged(sees: Sees) {
    altered(sees, |envelope| envelope.header.space = SpaceId([7; 16])).await;
}

pub(super) async fn epoch_lowered(sees: Sees) {
    altered_beside(sees, |envelope| envelope.header.epoch = 0).await;
}

pub(super) async fn epoch_ahead(sees: Sees) {
    altered(sees, |envelope| envelope.header.epoch += 1).await;
}

pub(super) async fn stream_grave(sees: Sees) {
    altered_beside(sees, |envelope| envelope.header.stream = Stream::Grave).await;
}

pub(super) async fn stream_history(sees: Sees) {
    altered_beside(sees, |envelope| envelope.header.stream = Stream::History).await;
}

pub(super) async fn format_changed(sees: Sees) {
    altered_beside(sees, |envelope| envelope.header.format = 2).await;
}

pub(super) async fn predecessor_exchanged(sees: Sees) {
    altered_beside(sees, |envelope| envelope.header.replaces = Some(Etag([7; 32]))).await;
}

pub(super) async fn writer_exchanged(sees: Sees) {
    altered_beside(sees, |envelope| envelope.header.device = DeviceId(7)).await;
}

pub(super) async fn content_altered(sees: Sees) {
    altered(sees, |envelope| envelope.ciphertext.iter_mut().take(1).for_each(|byte| *byte ^= 1)).await;
}

/// Adds a row of the server's own making behind A's last one.
fn add(page: &mut Changes, bytes: usize) {
    let Some(mut row) = page.rows.last().cloned() else { return };
    row.seq += 1;
    row.envelope.header.record = RecordId([7; 16]);
    row.envelope.ciphertext = vec![7; bytes];
    (page.next, page.space.head) = (row.seq, page.space.head.max(row.seq));
    page.rows.push(row);
}

pub(super) async fn record_made_up(sees: Sees) {
    Scene::changes(sees, |page| add(page, 300)).await;
}

pub(super) async fn record_too_large(sees: Sees) {
    Scene::changes(sees, |page| add(page, 300_000)).await;
}

pub(super) async fn numbers_falling(sees: Sees) {
    Scene::changes(sees, |page| page.rows.reverse()).await;
}

pub(super) async fn numbers_beyond_the_head(sees: Sees) {
    Scene::changes(sees, |page| page.rows.iter_mut().for_each(|row| row.seq = u64::MAX)).await;
}

pub(super) async fn log_without_end(sees: Sees) {
    Scene::changes(sees, |page| page.space.head = u64::MAX).await;
}

pub(super) async fn received_long_ago(sees: Sees) {
    Scene::changes(sees, |page| page.rows.iter_mut().for_each(|row| row.received_ms = 0)).await;
}

pub(super) async fn clock_in_1970(sees: Sees) {
    Scene::changes(sees, |page| page.space.server_ms = 0).await;
}

pub(super) async fn clock_in_2100(sees: Sees) {
    Scene::changes(sees, |page| page.space.server_ms = 4_102_444_800_000).await;
}

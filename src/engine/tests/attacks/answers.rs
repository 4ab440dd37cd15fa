//! Answers that are no messages, or too much of one.

use super::lies::{self, CHANGES};
use super::scene::Scene;
use super::sees::Sees;
use crate::engine::transport::MAX_ANSWER;
use satchel_wire::{RecordId, Row};

async fn said(sees: Sees, bytes: Vec<u8>) {
    Scene::set().await.played(sees, lies::saying(CHANGES, bytes)).await;
}

/// CBOR of a map with these entries, each given as bytes.
fn map(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0xa0 | u8::try_from(entries.len()).expect("a few")];
    for (name, value) in entries {
        bytes.push(0x60 | u8::try_from(name.len()).expect("a short name"));
        bytes.extend(name.as_bytes());
        bytes.extend(*value);
    }
    bytes
}

/// Where a space stands, with this head and this incarnation.
fn space(head: &[u8], incarnation: &[u8]) -> Vec<u8> {
    let number: &[u8] = &[0];
    map(&[
        ("head", head),
        ("incarnation", incarnation),
        ("epoch", &[1]),
        ("purge_floor", number),
        ("server_ms", number),
    ])
}

/// Sixteen bytes, as CBOR.
fn sixteen() -> Vec<u8> {
    [&[0x50][..], &[7; 16]].concat()
}

fn page(space: &[u8], rows: &[u8], next: &[u8]) -> Vec<u8> {
    map(&[("space", space), ("rows", rows), ("next", next)])
}

pub(super) async fn not_cbor(sees: Sees) {
    said(sees, b"<!doctype html><title>HotelNet</title>".to_vec()).await;
}

pub(super) async fn cut_off(sees: Sees) {
    let whole = page(&space(&[0], &sixteen()), &[0x80], &[0]);
    said(sees, whole[..whole.len() - 3].to_vec()).await;
}

pub(super) async fn wrong_types(sees: Sees) {
    said(sees, page(&space(&[0], &sixteen()), b"\x64rows", &[0])).await;
}

pub(super) async fn wrong_lengths(sees: Sees) {
    let fifteen = [&[0x4f][..], &[7; 15]].concat();
    said(sees, page(&space(&[0], &fifteen), &[0x80], &[0])).await;
}

pub(super) async fn numbers_that_are_none(sees: Sees) {
    const NAN: &[u8] = &[0xf9, 0x7e, 0];
    const MINUS_ONE: &[u8] = &[0x20];
    for number in [NAN, MINUS_ONE, &[0xfb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0]] {
        said(sees, page(&space(number, &sixteen()), &[0x80], number)).await;
    }
}

pub(super) async fn nested_without_end(sees: Sees) {
    said(sees, page(&space(&[0], &sixteen()), &[0x81; 100_000], &[0])).await;
}

pub(super) async fn length_claimed(sees: Sees) {
    said(sees, page(&space(&[0], &sixteen()), &[0x9b, 0x10, 0, 0, 0, 0, 0, 0, 0], &[0])).await;
}

pub(super) async fn too_many_rows(sees: Sees) {
    Scene::changes(sees, |page| {
        let Some(last) = page.rows.last().cloned() else { return };
        let more = (1..5_000_u64).map(|number| {
            let mut row = Row { seq: last.seq + number, ..last.clone() };
            row.envelope.header.record = RecordId(u128::from(number).to_be_bytes());
            row
        });
        page.rows.extend(more);
        page.next = last.seq + 4_999;
        page.space.head = page.next;
    })
    .await;
}

pub(super) async fn too_long(sees: Sees) {
    said(sees, vec![0; MAX_ANSWER + 1]).await;
}

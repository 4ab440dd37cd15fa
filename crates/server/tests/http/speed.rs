//! What the server alone takes for many records, over loopback. Prints; nothing is held against a clock.
//! `cargo test --release -p satchel-server --test http -- --ignored --nocapture speed`

use std::time::{Duration, Instant};

use hyper::Method;
use satchel_wire::{CBOR, Changes, Digest, MAX_PUSH_WRITES, PushAnswer, from_cbor, to_cbor};

use crate::client::{Device, Site, offer, request};

/// A sealed interaction of about 300 bytes of text.
const BYTES: usize = 540;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn many_records_in_and_out() {
    for records in [10_000, 100_000] {
        let site = Site::open().await;
        let device = Device::ready(site.net(), 1).await;
        let pushed = push_all(&device, records).await;
        let (pulled, pages) = pull_all(&device, records).await;
        let first = digest(&device).await;
        let again = digest(&device).await;
        println!("{records} records: pushed in {pushed:?}, pulled in {pulled:?} ({pages} pages)");
        println!("  digest: {first:?} at first, {again:?} afterwards");
        site.running.stop().await;
    }
}

/// The client's own encoding is not counted.
async fn push_all(device: &Device, records: u32) -> Duration {
    let mut spent = Duration::ZERO;
    let ids: Vec<_> = (0..records).collect();
    for batch in ids.chunks(MAX_PUSH_WRITES) {
        let writes = batch.iter().map(|id| {
            // An odd factor permutes the ids: they arrive as random ones do.
            let record = id.wrapping_mul(0x9e37_79b1);
            device.write(record, None, &record.to_be_bytes().repeat(BYTES / 4))
        });
        let body = to_cbor(&offer(writes.collect()));
        let headers = [("content-type", CBOR), ("authorization", device.bearer.as_str())];
        let begun = Instant::now();
        let got = device.net.send(request(Method::POST, &device.path("push"), &headers, body)).await;
        spent += begun.elapsed();
        assert_eq!(got.message::<PushAnswer>().space.head, u64::from(batch[batch.len() - 1]) + 1);
    }
    spent
}

async fn pull_all(device: &Device, records: u32) -> (Duration, u32) {
    let (mut spent, mut pages, mut rows, mut since) = (Duration::ZERO, 0, 0, 0);
    while rows < records as usize {
        let begun = Instant::now();
        let got = device.get(&format!("changes?since={since}")).await;
        spent += begun.elapsed();
        let page: Changes = from_cbor(&got.body).unwrap();
        (pages, rows, since) = (pages + 1, rows + page.rows.len(), page.next);
    }
    (spent, pages)
}

async fn digest(device: &Device) -> Duration {
    let begun = Instant::now();
    let got = device.get("digest?buckets=1").await;
    let spent = begun.elapsed();
    assert!(got.message::<Digest>().hashes().is_some());
    spent
}

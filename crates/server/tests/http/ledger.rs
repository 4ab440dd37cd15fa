//! Groups, graves and digests over HTTP.

use std::sync::Arc;

use satchel_ledger::{GRAVE_MS, conformance::hashes_of};
use satchel_server::{Config, Server};
use satchel_wire::{Digest, PushAnswer, PushMode, Refusal, Stream, Verdict, digest::root};

use crate::client::{Device, Net, Site, offer};

#[tokio::test]
async fn a_run_stands_or_falls_together() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    device.push(vec![device.write(1, None, b"there")]).await;
    let [fine, with_it, stale] = [2, 3, 1].map(|record| device.write(record, None, b"offered"));
    let mut push = offer(vec![fine, with_it, stale]);
    push.mode = PushMode::Groups(vec![1, 2]);
    let answer: PushAnswer = device.offer(&push).await.message();
    let together = Verdict::Refused { reason: Refusal::Together };
    assert_eq!(answer.verdicts[..2], [Verdict::Accepted { seq: 2 }, together]);
    assert!(matches!(answer.verdicts[2], Verdict::Stale { current: Some(_) }));
    for lengths in [vec![1, 1], vec![1, 3], Vec::new()] {
        push.mode = PushMode::Groups(lengths);
        assert_eq!(device.offer(&push).await.problem(), (400, "malformed".to_owned()));
    }
}

#[tokio::test]
async fn the_digest_is_that_of_what_is_pulled() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    for round in 0_u32..3 {
        let writes = (0..20).map(|place| (round * 20 + place).reverse_bits());
        device.push(writes.map(|record| device.write(record, None, &record.to_be_bytes())).collect()).await;
        let page = device.changes(0).await;
        let whole: Digest = device.get("digest?buckets=1").await.message();
        let hashes = hashes_of(&page.rows);
        assert_eq!((whole.space.head, whole.root), (page.space.head, root(&hashes)));
        assert_eq!(whole.hashes(), Some(hashes));
        for short in ["digest", "digest?buckets=0"] {
            let short: Digest = device.get(short).await.message();
            assert_eq!((short.root, short.buckets), (whole.root, None));
        }
    }
    for odd in ["digest?buckets=2", "digest?buckets=x", "digest?buckets"] {
        assert_eq!(device.get(odd).await.problem(), (400, "malformed".to_owned()), "{odd}");
    }
}

/// At its start a server forgets what was erased 180 days ago. Who was away meanwhile reads all again;
/// who began to do so after the purge goes on.
#[tokio::test]
async fn old_graves_are_forgotten_and_late_cursors_told() {
    let site = Site::open().await;
    let mut device = Device::ready(site.net(), 1).await;
    let kept = device.write(1, None, b"kept");
    let erased = device.write(2, None, b"erased");
    let mut grave = device.write(2, Some(erased.etag()), b"grave");
    grave.header.stream = Stream::Grave;
    device.push(vec![kept.clone()]).await;
    device.push(vec![erased]).await;
    let before = device.push(vec![grave]).await.space;
    assert_eq!((before.head, before.purge_floor), (3, 0));

    let data = site.folder.path().join("data");
    site.running.stop().await;
    let mut config = Config::local(data);
    config.clock = Arc::new(move || before.server_ms + GRAVE_MS);
    let later = Server::start(config).await.unwrap();
    device.net = Net(later.address());
    device.sign_in().await;
    let mut digest: Digest = device.get("digest").await.message();
    while digest.space.purge_floor == 0 {
        digest = device.get("digest").await.message();
    }
    let page = device.changes(0).await;
    assert_eq!((page.rows.len(), &page.rows[0].envelope), (1, &kept));
    assert_eq!((page.space.head, page.space.purge_floor, digest.root), (3, 3, root(&hashes_of(&page.rows))));
    for late in ["changes?since=1", "changes?since=2&floor=2"] {
        assert_eq!(device.get(late).await.problem(), (410, "purged".to_owned()), "{late}");
    }
    for fine in ["changes?since=1&floor=3", "changes?since=3", "changes?since=0"] {
        assert_eq!(device.get(fine).await.status, 200, "{fine}");
    }
    assert_eq!(device.get("changes?floor=x").await.problem(), (400, "malformed".to_owned()));
    later.stop().await;
}

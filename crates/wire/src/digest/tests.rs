//! Values computed elsewhere: devices and servers of all versions must agree on them for ever.

use super::*;
use crate::{Incarnation, from_cbor, to_cbor};

const LAST: RecordId = RecordId([0xff; 16]);

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn id(first: u8, second: u8, rest: u8) -> RecordId {
    let mut id = [rest; 16];
    (id[0], id[1]) = (first, second);
    RecordId(id)
}

fn empty() -> Vec<BucketHash> {
    vec![bucket_hash([]); BUCKETS]
}

#[test]
fn the_first_ten_bits_name_the_bucket() {
    let table = [
        (id(0, 0, 0), 0),
        (id(0, 0x3f, 0xff), 0),
        (id(0, 0x40, 0), 1),
        (id(1, 0, 0), 4),
        (id(0x80, 0, 0), 512),
        (id(0xff, 0xbf, 0xff), 1022),
        (LAST, 1023),
    ];
    for (record, bucket) in table {
        assert_eq!(bucket_of(record), bucket, "{record:?}");
    }
}

#[test]
fn each_bucket_begins_where_the_one_before_ends() {
    let mut next = 0;
    for bucket in 0..BUCKETS {
        let (first, last) = span_of(bucket).into_inner();
        assert_eq!((bucket_of(first), bucket_of(last)), (bucket, bucket));
        assert_eq!(u128::from_be_bytes(first.0), next);
        next = u128::from_be_bytes(last.0).wrapping_add(1);
    }
    assert_eq!(next, 0, "the last bucket ends with the last id");
}

#[test]
fn the_digest_of_nothing() {
    let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(hex(&bucket_hash([])), nothing);
    let root = root(&empty());
    assert_eq!(hex(&root.0), "6f94351ec69d3f13c5ccdefb315c638ed9c76d89d14b43e09bea480b4f3f429e");
}

#[test]
fn the_digest_of_three_records() {
    let (first, second) = (Etag::of(b"first"), Etag::of(b"second"));
    let mut buckets = empty();
    buckets[0] = bucket_hash([(id(0, 0, 0), first), (id(0, 0x3f, 0xff), second)]);
    buckets[1023] = bucket_hash([(LAST, first)]);
    let bucket = "84c0e9a86171aafb7c3f4fddddfca243bb294657c4fa34e0efc71c9a779d9cac";
    assert_eq!(hex(&buckets[0]), bucket);
    let all = "276bba28a55f365e54965e5a75173cdfbc515f41796a31a1583be08184bb6cb7";
    assert_eq!(hex(&root(&buckets).0), all);
}

#[test]
fn buckets_are_believed_only_under_their_root() {
    let space = SpaceState {
        head: 0,
        incarnation: Incarnation([1; 16]),
        epoch: 1,
        purge_floor: 0,
        server_ms: 0,
        members: 0,
    };
    let honest = Digest { space, root: root(&empty()), buckets: Some(empty().concat()) };
    assert_eq!(from_cbor::<Digest>(&to_cbor(&honest)).ok(), Some(honest.clone()));
    assert_eq!(honest.hashes(), Some(empty()));
    let with = |change: fn(&mut Vec<u8>)| {
        let mut buckets = empty().concat();
        change(&mut buckets);
        Digest { buckets: Some(buckets), ..honest.clone() }.hashes()
    };
    assert_eq!(with(|buckets| buckets[7] ^= 1), None);
    assert_eq!(with(|buckets| buckets.push(0)), None);
    assert_eq!(with(|buckets| buckets.truncate(32)), None);
    assert_eq!(Digest { buckets: None, ..honest }.hashes(), None);
}

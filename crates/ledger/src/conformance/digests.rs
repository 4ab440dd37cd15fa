//! The digest, against one that is computed from the rows.

use satchel_wire::{
    PushMode, Row, Stream,
    digest::{BUCKETS, BucketHash, bucket_hash, bucket_of},
};

use super::{DEVICE, NOW, Subject, each, fill, grave, offer, read_all, write};
use crate::{Detail, GRAVE_MS};

/// The buckets of these rows.
pub fn hashes_of(rows: &[Row]) -> Vec<BucketHash> {
    let mut versions: Vec<_> =
        rows.iter().map(|row| (row.envelope.header.record, row.envelope.etag())).collect();
    versions.sort_unstable();
    let of = |bucket| versions.iter().copied().filter(move |(record, _)| bucket_of(*record) == bucket);
    (0..BUCKETS).map(|bucket| bucket_hash(of(bucket))).collect()
}

fn agrees(log: &mut impl Subject) {
    let (rows, space) = read_all(log, 0, 1_000);
    let whole = log.digest(Detail::Buckets, NOW);
    assert_eq!(whole.hashes().expect("under their root"), hashes_of(&rows));
    assert_eq!(whole.space, space);
    let short = log.digest(Detail::Root, NOW);
    assert_eq!((short.root, short.buckets), (whole.root, None));
}

/// New records, replaced ones, every stream, asked for again and again.
pub fn the_digest_is_that_of_the_rows(log: &mut impl Subject) {
    agrees(log);
    let writes = fill(log, 40, 8);
    agrees(log);
    agrees(log);
    each(log, vec![write(3, Some(writes[3].etag()), b"edited")]);
    agrees(log);
    let mut history = write(41, None, b"who changed what");
    history.header.stream = Stream::History;
    each(log, vec![history, grave(&writes[4])]);
    agrees(log);
}

/// A purge changes what is there under the same head.
pub fn the_digest_follows_a_purge(log: &mut impl Subject) {
    let writes = fill(log, 10, 8);
    let graves = writes[..6].iter().map(grave).collect();
    log.push(DEVICE, &offer(PushMode::Each, graves), NOW).expect("not denied");
    agrees(log);
    let before = log.digest(Detail::Root, NOW).root;
    log.purge(NOW + GRAVE_MS);
    agrees(log);
    assert_ne!(log.digest(Detail::Root, NOW).root, before);
}

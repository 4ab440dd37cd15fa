//! What of a header is bound, and how long a record may be.

use satchel_wire::MAX_CIPHERTEXT;

use super::*;

fn header() -> Header {
    Header {
        format: FORMAT,
        space: SpaceId([1; 16]),
        record: RecordId([2; 16]),
        stream: Stream::State,
        epoch: 3,
        replaces: None,
        device: DeviceId(4),
    }
}

/// The key is derived from space and epoch, so that only this table sees that they are bound twice.
#[test]
fn each_field_of_the_header_changes_the_associated_data() {
    let plain = header();
    let zero = Some(Etag([0; 32]));
    let table = [
        plain,
        Header { format: 2, ..plain },
        Header { space: SpaceId([9; 16]), ..plain },
        Header { record: RecordId([9; 16]), ..plain },
        Header { space: SpaceId([2; 16]), record: RecordId([1; 16]), ..plain },
        Header { stream: Stream::History, ..plain },
        Header { stream: Stream::Grave, ..plain },
        Header { epoch: 4, ..plain },
        Header { replaces: zero, ..plain },
        Header { replaces: Some(Etag([9; 32])), ..plain },
        Header { device: DeviceId(5), ..plain },
    ];
    let contexts: std::collections::BTreeSet<_> = table.iter().map(context).collect();
    assert_eq!(contexts.len(), table.len());
}

#[test]
fn the_longest_record_is_the_longest_that_fits() {
    let sealed = |len| NONCE + padding::padded_len(len).unwrap() + TAG;
    assert!(sealed(MAX_PLAINTEXT) <= MAX_CIPHERTEXT);
    assert!(sealed(MAX_PLAINTEXT + 1) > MAX_CIPHERTEXT);
}

//! Rows as the first version of the app wrote them: beside what is unsent it kept the turn only.

use super::{BadRow, Base, Held, Reason, RowState, StoredRow, Turn, Version};
use satchel_wire::{Envelope, RecordId};
use serde::Deserialize;
#[cfg(test)]
use serde::Serialize;

/// The first byte of such a row.
pub(super) const FORMAT: u8 = 1;

#[derive(Deserialize)]
#[cfg_attr(test, derive(Serialize))]
enum State {
    Synced(Version),
    New(Turn),
    Edited { base: Box<Base>, turn: Turn },
    Quarantined { reason: Reason, held: Held },
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(Serialize))]
struct Row {
    id: RecordId,
    version: u64,
    envelope: Envelope,
    state: State,
}

/// Reads such a row behind its head.
pub(super) fn read(bytes: &[u8]) -> Result<StoredRow, BadRow> {
    let Row { id, version, envelope, state } = postcard::from_bytes(bytes).map_err(|_| BadRow)?;
    let state = match state {
        State::Synced(at) => RowState::Synced(at),
        State::New(turn) => RowState::New(turn.into()),
        State::Edited { base, turn } => RowState::Edited { base, unsent: turn.into() },
        State::Quarantined { reason, held } => RowState::Quarantined { reason, held },
    };
    Ok(StoredRow { id, version, envelope, state })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Ours;
    use satchel_wire::{DeviceId, Etag, Header, SpaceId, Stream};

    fn envelope() -> Envelope {
        let header = Header {
            format: 1,
            space: SpaceId([1; 16]),
            record: RecordId([2; 16]),
            stream: Stream::State,
            epoch: 1,
            replaces: None,
            device: DeviceId(3),
        };
        Envelope { header, ciphertext: vec![4; 20] }
    }

    #[test]
    fn rows_of_the_first_version_are_read() {
        let at = Version { etag: Etag([5; 32]), seq: 6, era: 1, received_ms: 7 };
        let base = || Box::new(Base { at, envelope: envelope() });
        let unsent = || super::super::Unsent::from(Turn(9));
        let table = [
            (State::Synced(at), RowState::Synced(at)),
            (State::New(Turn(9)), RowState::New(unsent())),
            (
                State::Edited { base: base(), turn: Turn(9) },
                RowState::Edited { base: base(), unsent: unsent() },
            ),
            (
                State::Quarantined { reason: Reason::Unreadable, held: Held::only(Ours::Synced(at)) },
                RowState::Quarantined { reason: Reason::Unreadable, held: Held::only(Ours::Synced(at)) },
            ),
        ];
        for (old, expected) in table {
            let old = Row { id: RecordId([2; 16]), version: 8, envelope: envelope(), state: old };
            let mut bytes = vec![FORMAT];
            bytes.extend(8_u64.to_be_bytes());
            bytes.push(u8::from(expected.turn().is_some()));
            bytes.extend(expected.turn().map_or(0, |turn| turn.0).to_be_bytes());
            let bytes = postcard::to_extend(&old, bytes).expect("writes");
            let row = StoredRow { id: old.id, version: 8, envelope: envelope(), state: expected };
            assert_eq!(StoredRow::decode(&bytes), Ok(row.clone()));
            assert_eq!(StoredRow::decode(&row.encode()), Ok(row));
        }
    }
}

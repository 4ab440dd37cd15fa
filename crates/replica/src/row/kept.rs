//! How what a row holds lies on the disk. What earlier builds of this format wrote is read for ever.

use super::{Base, Ours, Turn, Version};
use satchel_wire::Etag;
use serde::{Deserialize, Serialize};

/// As [`super::Unsent`]; the last place once named the version before its stamps were set right, and is empty now.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Unsent(Turn, Option<i64>, u64, u64, Option<(Etag, bool)>);

impl From<Unsent> for super::Unsent {
    fn from(Unsent(turn, offset_ms, at_ms, latest_ms, _): Unsent) -> Self {
        Self { turn, offset_ms, at_ms, latest_ms }
    }
}

impl From<super::Unsent> for Unsent {
    fn from(super::Unsent { turn, offset_ms, at_ms, latest_ms }: super::Unsent) -> Self {
        Self(turn, offset_ms, at_ms, latest_ms, None)
    }
}

/// As [`super::Held`]; the first four are what rows held while they kept one version beside theirs at most.
#[derive(Serialize, Deserialize)]
pub(super) enum Held {
    Theirs(Version),
    Behind { at: Version, theirs: Box<Base> },
    Ours(Option<Box<Base>>),
    Both { base: Option<Box<Base>>, theirs: Box<Base> },
    Several { ours: Ours, beside: Vec<Base> },
}

impl From<Held> for super::Held {
    fn from(held: Held) -> Self {
        let beside = |ours, theirs: Base| Self { ours, beside: vec![theirs] };
        match held {
            Held::Theirs(at) => Self::only(Ours::Synced(at)),
            Held::Behind { at, theirs } => beside(Ours::Synced(at), *theirs),
            Held::Ours(base) => Self::only(Ours::Unsent(base)),
            Held::Both { base, theirs } => beside(Ours::Unsent(base), *theirs),
            Held::Several { ours, beside } => Self { ours, beside },
        }
    }
}

impl From<super::Held> for Held {
    fn from(super::Held { ours, beside }: super::Held) -> Self {
        Self::Several { ours, beside }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Reason, RowState};
    use satchel_wire::{DeviceId, Envelope, Header, RecordId, SpaceId, Stream};

    fn base(seq: u64) -> Box<Base> {
        let header = Header {
            format: 1,
            space: SpaceId([1; 16]),
            record: RecordId([2; 16]),
            stream: Stream::State,
            epoch: 1,
            replaces: None,
            device: DeviceId(3),
        };
        let at = Version { etag: Etag([5; 32]), seq, era: 1, received_ms: 7 };
        Box::new(Base { at, envelope: Envelope { header, ciphertext: vec![4; 20] } })
    }

    #[test]
    fn what_rows_held_while_they_kept_two_versions_is_read() {
        let (at, ours, theirs) = (base(1).at, base(1), base(2));
        let unsent = || Ours::Unsent(Some(ours.clone()));
        let table = [
            (Held::Theirs(at), super::super::Held::only(Ours::Synced(at))),
            (
                Held::Behind { at, theirs: theirs.clone() },
                super::super::Held { ours: Ours::Synced(at), beside: vec![*theirs.clone()] },
            ),
            (Held::Ours(Some(ours.clone())), super::super::Held::only(unsent())),
            (
                Held::Both { base: Some(ours.clone()), theirs: theirs.clone() },
                super::super::Held { ours: unsent(), beside: vec![*theirs.clone()] },
            ),
        ];
        for (old, expected) in table {
            let bytes = postcard::to_allocvec(&(Reason::Unreadable, old)).expect("writes");
            assert_eq!(postcard::from_bytes(&bytes), Ok((Reason::Unreadable, expected)));
        }
    }

    #[test]
    fn what_was_unsent_while_the_version_before_was_kept_is_read() {
        let old = Unsent(Turn(9), Some(-4), 5, 6, Some((Etag([7; 32]), true)));
        let bytes = postcard::to_allocvec(&old).expect("writes");
        let unsent = super::super::Unsent { turn: Turn(9), offset_ms: Some(-4), at_ms: 5, latest_ms: 6 };
        assert_eq!(postcard::from_bytes(&bytes), Ok(unsent));
        assert_eq!(RowState::New(unsent).turn(), Some(Turn(9)));
    }
}

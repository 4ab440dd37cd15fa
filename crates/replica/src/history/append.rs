//! What was changed goes into this device's chain, in the commit that changed it.

use super::chunk::{Chunk, Read, chunk_id, signed};
use crate::{Put, Replica, ReplicaError, RowState, Store, StoredRow, Unsent};
use satchel_wire::{Etag, RecordId};
use serde_bytes::ByteBuf;

/// Numbers that are looked up at once behind the last known one.
const AHEAD: u32 = 2;
/// No chain has more chunks than two to this power.
const LONGEST: u32 = 31;

/// The chunk that is being written, and the row that it replaces.
struct Pen {
    chunk: Chunk,
    over: Option<Over>,
}

/// The end of the chain as it is, or as this very commit leaves it.
enum Over {
    Row(StoredRow),
    Put(Put),
}

impl Over {
    fn row(&self) -> StoredRow {
        match self {
            Self::Row(row) => row.clone(),
            Self::Put(put) => put.clone().into_row(),
        }
    }

    fn state(&self) -> &RowState {
        match self {
            Self::Row(row) => &row.state,
            Self::Put(put) => &put.state,
        }
    }
}

impl Pen {
    fn has_room(&self, len: usize) -> bool {
        let sent = !matches!(self.over.as_ref().map(Over::state), None | Some(RowState::New(_)));
        self.chunk.has_room(len, sent)
    }
}

impl<S: Store> Replica<S> {
    /// Adds entries, as [`Self::said`] gives them, to this device's history: what that takes is put among what a commit writes. Another tab
    /// that wrote meanwhile makes the commit stale, as with any row.
    pub(crate) async fn tell(&self, entries: Vec<Vec<u8>>, puts: &mut Vec<Put>) -> Result<(), ReplicaError> {
        let mut encoded = entries.into_iter().peekable();
        let Some(first) = encoded.peek() else { return Ok(()) };
        let mut pen = self.pen(first.len(), puts).await?;
        for entry in encoded {
            if !pen.has_room(entry.len()) {
                pen = self.turn_over(pen, puts)?;
                pen = self.behind_others(pen, puts).await?;
            }
            pen.chunk.entries.push(ByteBuf::from(entry));
        }
        self.turn_over(pen, puts).map(drop)
    }

    /// The pen, or one behind what somebody else laid in its place.
    async fn behind_others(&self, mut pen: Pen, puts: &[Put]) -> Result<Pen, ReplicaError> {
        let from = |pen: &Pen| pen.chunk.number;
        while let Some((number, over)) = self.last_of(from(&pen), from(&pen) + 1, puts).await? {
            let hash = self.chunk_of(&over.row()).ok().map(|read| read.hash());
            pen = self.next_pen(number + 1, hash);
        }
        Ok(pen)
    }

    /// The end of the chain, if it has room; otherwise a new chunk behind it.
    async fn pen(&self, len: usize, puts: &mut Vec<Put>) -> Result<Pen, ReplicaError> {
        let Some((number, over)) = self.end_of_chain(puts).await? else { return Ok(self.next_pen(1, None)) };
        let row = over.row();
        let Ok(read) = self.chunk_of(&row) else {
            // The chain goes on without it, and is told as broken there.
            return Ok(self.next_pen(number + 1, None));
        };
        let hash = read.hash();
        let pen = Pen { chunk: read.chunk.clone(), over: Some(over) };
        // What somebody else laid here is not signed anew as this device's own word.
        if row.is_set_aside() || !self.is_own(&read) || !pen.has_room(len) {
            return Ok(self.next_pen(number + 1, Some(hash)));
        }
        puts.retain(|put| put.id != row.id);
        Ok(pen)
    }

    fn next_pen(&self, number: u32, prev: Option<Etag>) -> Pen {
        Pen { chunk: Chunk::new(self.sealer.device, number, prev), over: None }
    }

    /// Signs, seals and puts the chunk; gives the next one.
    fn turn_over(&self, pen: Pen, puts: &mut Vec<Put>) -> Result<Pen, ReplicaError> {
        let Pen { mut chunk, over } = pen;
        chunk.claim = self.vouched().or(chunk.claim);
        chunk.key = Some(self.sealer.public_key());
        let body = chunk.body();
        let next = self.next_pen(chunk.number + 1, Some(Etag::of(&body)));
        let bytes = signed(body.clone(), self.sealer.sign_chunk(&body));
        let id = self.chunk_id(chunk.number);
        let put = match over {
            None => {
                let unsent = Unsent { latest_ms: 0, ..self.next_turn().into() };
                self.chunk_put(id, None, None, RowState::New(unsent), &bytes)?
            }
            Some(Over::Row(row)) => {
                let unsent = self.unsent_chunk(&row.state);
                let (version, state) = (row.version, row.state.edited(row.envelope, unsent));
                self.chunk_put(id, Some(version), None, state, &bytes)?
            }
            Some(Over::Put(put)) => {
                let unsent = self.unsent_chunk(&put.state);
                let state = put.state.edited(put.envelope, unsent);
                self.chunk_put(id, put.expected, put.paged, state, &bytes)?
            }
        };
        puts.push(put);
        Ok(next)
    }

    fn chunk_put(
        &self,
        id: RecordId,
        expected: Option<u64>,
        paged: Option<u64>,
        state: RowState,
        bytes: &[u8],
    ) -> Result<Put, ReplicaError> {
        let envelope = self.sealer.seal_chunk(id, bytes, self.replaces(&state))?;
        Ok(Put { paged, ..Put::new(id, expected, envelope, state) })
    }

    /// The last chunk of this device with its number, as the commit that is being made will leave it.
    async fn end_of_chain(&self, puts: &[Put]) -> Result<Option<(u32, Over)>, ReplicaError> {
        let mut last = match self.chains.tail.get() {
            Some(last) => last,
            None => self.find_tail().await?,
        };
        let mut found = None;
        loop {
            let from = if found.is_none() { last.max(1) } else { last + 1 };
            let Some((number, over)) = self.last_of(from, from + AHEAD, puts).await? else { break };
            (last, found) = (number, Some(over));
            if number < from + AHEAD - 1 {
                break;
            }
        }
        self.chains.tail.set(Some(last));
        Ok(found.map(|over| (last, over)))
    }

    /// The highest of these numbers that exists.
    async fn last_of(&self, from: u32, to: u32, puts: &[Put]) -> Result<Option<(u32, Over)>, ReplicaError> {
        let ids: Vec<_> = (from..to).map(|number| self.chunk_id(number)).collect();
        let mut rows = self.store.get(&ids).await?;
        for (number, id) in (from..to).zip(&ids).rev() {
            if let Some(put) = puts.iter().find(|put| put.id == *id) {
                return Ok(Some((number, Over::Put(put.clone()))));
            }
            if let Some(at) = rows.iter().position(|row| row.id == *id) {
                return Ok(Some((number, Over::Row(rows.swap_remove(at)))));
            }
        }
        Ok(None)
    }

    /// Whether this device's own account wrote and signed it.
    fn is_own(&self, read: &Read) -> bool {
        let by = read.chunk.key.is_none_or(|key| key == self.sealer.public_key());
        by && self.sealer.is_signed(read)
    }

    /// A number of this device's that exists and has none behind it, once after unlocking; 0 for none. Its own chain
    /// is here without holes, so that the end is found by doubling and halving; what somebody else laid beyond it is
    /// come to when the chain is.
    async fn find_tail(&self) -> Result<u32, ReplicaError> {
        let powers: Vec<_> = (0..LONGEST).map(|power| self.chunk_id(1 << power)).collect();
        let rows = self.store.get(&powers).await?;
        let there = powers.iter().zip(&rows).take_while(|(id, row)| row.id == **id).count();
        let (mut low, mut high) = if there == 0 { (0, 1) } else { (1 << (there - 1), 1 << there) };
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let exists = !self.store.get(&[self.chunk_id(middle)]).await?.is_empty();
            if exists { low = middle } else { high = middle }
        }
        Ok(low)
    }

    fn chunk_id(&self, number: u32) -> RecordId {
        chunk_id(self.sealer.space, self.sealer.device, number)
    }
}

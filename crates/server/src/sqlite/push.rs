//! Judging and storing writes: compare-and-swap against the stored version, contiguous numbers.

use rusqlite::{Connection, OptionalExtension, named_params};
use satchel_wire::{
    Envelope, Etag, Header, MAX_CIPHERTEXT, Push, PushAnswer, Refusal, SpaceId, SpaceState, Verdict,
};

use crate::{
    log::{Denied, LogError, Role, Session},
    sqlite::{
        error::{read, storage, stored},
        rows,
        spaces::standing,
    },
};

/// The envelope format that this server stores.
const FORMAT: u8 = 1;

/// Most bytes of newest rows in one answer. Halving a push until it fits always ends, because one
/// row is far smaller.
const MAX_STALE_BYTES: usize = 4 << 20;

/// Runs one push inside the writer's transaction; a denial has changed nothing.
pub(super) fn push(
    connection: &Connection,
    writer: Session,
    space: SpaceId,
    push: &Push,
    now_ms: u64,
) -> Result<Result<PushAnswer, Denied>, LogError> {
    let Some((state, role)) = standing(connection, space, writer.account, now_ms)? else {
        return Ok(Err(Denied::NotMember));
    };
    if role < Role::Editor {
        return Ok(Err(Denied::ReadOnly));
    }
    if push.incarnation.is_some_and(|known| known != state.incarnation) {
        return Ok(Err(Denied::Incarnation(state.incarnation)));
    }
    let mut desk = Desk { connection, writer, space, push, state, stale_bytes: 0 };
    desk.run("SAVEPOINT push")?;
    let verdicts = desk.judge_all()?;
    let answer = if desk.stale_bytes > MAX_STALE_BYTES {
        desk.run("ROLLBACK TO push")?;
        Err(Denied::AnswerTooLarge)
    } else {
        Ok(PushAnswer { space: desk.state, verdicts })
    };
    desk.run("RELEASE push")?;
    Ok(answer)
}

/// Where the writes of one push are judged, one after the other.
struct Desk<'a> {
    connection: &'a Connection,
    writer: Session,
    space: SpaceId,
    push: &'a Push,
    state: SpaceState,
    stale_bytes: usize,
}

impl Desk<'_> {
    fn judge_all(&mut self) -> Result<Vec<Verdict>, LogError> {
        let mut rest = self.push.writes.as_slice();
        let mut verdicts = Vec::with_capacity(rest.len());
        for run in self.push.mode.runs(rest.len()).unwrap_or_default() {
            let (together, after) = rest.split_at(run);
            verdicts.extend(self.judge_run(together)?);
            rest = after;
        }
        self.keep_head()?;
        Ok(verdicts)
    }

    fn judge_run(&mut self, writes: &[Envelope]) -> Result<Vec<Verdict>, LogError> {
        match writes {
            [alone] => Ok(vec![self.judge(alone)?]),
            together => self.judge_together(together),
        }
    }

    /// Tries all; if one is not accepted, takes back what the others stored.
    fn judge_together(&mut self, writes: &[Envelope]) -> Result<Vec<Verdict>, LogError> {
        let before = self.state.head;
        self.run("SAVEPOINT together")?;
        let mut verdicts: Vec<_> =
            writes.iter().map(|envelope| self.judge(envelope)).collect::<Result<_, _>>()?;
        if !verdicts.iter().all(|verdict| matches!(verdict, Verdict::Accepted { .. })) {
            self.run("ROLLBACK TO together")?;
            self.state.head = before;
            verdicts.iter_mut().for_each(|verdict| withdraw(verdict, before));
        }
        self.run("RELEASE together")?;
        Ok(verdicts)
    }

    fn judge(&mut self, envelope: &Envelope) -> Result<Verdict, LogError> {
        if let Some(reason) = self.refusal(envelope) {
            return Ok(Verdict::Refused { reason });
        }
        let etag = envelope.etag();
        let current = self.current(&envelope.header)?;
        if let Some((_, seq)) = current.filter(|(there, _)| *there == etag) {
            return Ok(Verdict::Accepted { seq });
        }
        if envelope.header.epoch != self.state.epoch {
            return Ok(Verdict::Refused { reason: Refusal::Epoch });
        }
        if envelope.header.replaces != current.map(|(there, _)| there) {
            return self.stale(&envelope.header);
        }
        let seq = self.state.head + 1;
        self.store(envelope, etag, seq)?;
        self.state.head = seq;
        Ok(Verdict::Accepted { seq })
    }

    /// The newest row, to be merged. Beyond the bound the whole answer is thrown away, so nothing more
    /// is read for it.
    fn stale(&mut self, header: &Header) -> Result<Verdict, LogError> {
        if self.stale_bytes > MAX_STALE_BYTES {
            return Ok(Verdict::Stale { current: None });
        }
        let current = rows::newest(self.connection, self.space, header.record)?;
        self.stale_bytes += current.as_ref().map_or(0, |row| row.envelope.ciphertext.len());
        Ok(Verdict::Stale { current })
    }

    /// What is wrong with a write whatever is stored. The epoch is judged later, because a write
    /// that was stored before the epoch changed is still a success.
    fn refusal(&self, envelope: &Envelope) -> Option<Refusal> {
        let Header { format, space, epoch, device, record: _, stream: _, replaces: _ } = envelope.header;
        let fits = format == FORMAT
            && space == self.space
            && device == self.writer.device
            && epoch == self.push.epoch;
        if !fits {
            return Some(Refusal::Mismatch);
        }
        (envelope.ciphertext.len() > MAX_CIPHERTEXT).then_some(Refusal::TooLarge)
    }

    /// The version that the record has now.
    fn current(&self, header: &Header) -> Result<Option<(Etag, u64)>, LogError> {
        let found = self
            .connection
            .prepare_cached("SELECT etag, seq FROM record WHERE space_id = ?1 AND record_id = ?2")
            .and_then(|mut statement| {
                let key = (self.space.0, header.record.0);
                statement.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .map_err(storage)?;
        found.map(|(etag, seq)| Ok((Etag(etag), read(seq)?))).transpose()
    }

    fn store(&self, envelope: &Envelope, etag: Etag, seq: u64) -> Result<(), LogError> {
        let header = &envelope.header;
        let mut statement = self.connection.prepare_cached(STORE).map_err(storage)?;
        let stored_rows = statement.execute(named_params! {
            ":space": header.space.0,
            ":record": header.record.0,
            ":etag": etag.0,
            ":seq": stored(seq),
            ":format": header.format,
            ":stream": rows::stream_code(header.stream),
            ":epoch": header.epoch,
            ":replaces": header.replaces.map(|etag| etag.0),
            ":device": header.device.0.cast_signed(),
            ":received": stored(self.state.server_ms),
            ":ciphertext": envelope.ciphertext,
        });
        stored_rows.map(|_| ()).map_err(storage)
    }

    fn keep_head(&self) -> Result<(), LogError> {
        self.connection
            .prepare_cached("UPDATE space SET head = ?2 WHERE space_id = ?1 AND head <> ?2")
            .and_then(|mut statement| statement.execute((self.space.0, stored(self.state.head))))
            .map(|_| ())
            .map_err(storage)
    }

    fn run(&self, sql: &str) -> Result<(), LogError> {
        self.connection.execute_batch(sql).map_err(storage)
    }
}

const STORE: &str = "
    INSERT INTO record (space_id, record_id, etag, seq, format, stream, epoch, replaces, device_id,
                        received_ms, ciphertext)
    VALUES (:space, :record, :etag, :seq, :format, :stream, :epoch, :replaces, :device,
            :received, :ciphertext)
    ON CONFLICT (space_id, record_id) DO UPDATE SET
        etag = excluded.etag, seq = excluded.seq, format = excluded.format,
        stream = excluded.stream, epoch = excluded.epoch, replaces = excluded.replaces,
        device_id = excluded.device_id, received_ms = excluded.received_ms,
        ciphertext = excluded.ciphertext";

/// A write of a failed whole that was stored only for a moment. What earlier pushes stored stays.
fn withdraw(verdict: &mut Verdict, before: u64) {
    if matches!(verdict, Verdict::Accepted { seq } if *seq > before) {
        *verdict = Verdict::Refused { reason: Refusal::Together };
    }
}

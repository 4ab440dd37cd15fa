//! The membership log: judged, stored, and turned into what requests are judged by, in one transaction.

use rusqlite::{Connection, OptionalExtension};
use satchel_ledger::FIRST_EPOCH;
use satchel_members::{Refused, State, read};
use satchel_wire::members::{self, Append, Body, Change, MAX_ENTRIES, MAX_WELCOME, MemberLog, SignedEntry};
use satchel_wire::{AccountId, Incarnation, SpaceId, SpaceState, from_cbor, to_cbor};

use crate::{
    log::{Denied, LogError, Role, Session},
    sqlite::{
        deleted,
        error::{self, storage, stored},
        invitations,
        spaces::{self, standing},
    },
};

/// Most spaces of one account.
const MAX_SPACES: u32 = 64;
/// How long an invitation may stay open, ms.
const MAX_OPEN_MS: u64 = 31 * 24 * 60 * 60 * 1000;

/// Judges an entry and stores it; a denial has changed nothing.
pub(super) fn append(
    connection: &Connection,
    author: Session,
    space: SpaceId,
    append: &Append,
    now_ms: u64,
) -> Result<Result<SpaceState, Denied>, LogError> {
    let body = match read(&append.entry) {
        Ok(body) if body.by == author.account || append.again => body,
        Ok(_) => return Ok(Err(Refused::Signature.into())),
        Err(refused) => return Ok(Err(refused.into())),
    };
    if let Some(there) = spaces::state(connection, space, now_ms)?
        && entry(connection, space, body.n)?.is_some_and(|stored| stored == append.entry)
    {
        // Who has just left hears that once more; nobody else who is out hears how the space goes on.
        let left = body.by == author.account && matches!(body.c, Change::Leave) && body.n == there.members;
        if !left && standing(connection, space, author.account, now_ms)?.is_none() {
            return Ok(Err(Denied::NotMember));
        }
        bring_welcome(connection, space, author, append, (&body, now_ms))?;
        return Ok(Ok(there));
    }
    match judge(connection, author, space, append, &body, now_ms)? {
        Ok(state) => keep(connection, &state, append, &body, now_ms).map(Ok),
        Err(denied) => Ok(Err(denied)),
    }
}

/// Whoever invited says her entry again with its welcome, where that was lost with the copy: the link lives again.
fn bring_welcome(
    connection: &Connection,
    space: SpaceId,
    author: Session,
    append: &Append,
    (body, now_ms): (&Body, u64),
) -> Result<(), LogError> {
    let fits = append.welcome.as_ref().is_some_and(|bytes| (1..=MAX_WELCOME).contains(&bytes.len()));
    if !fits || is_open_too_long(body, now_ms) || body.by != author.account {
        return Ok(());
    }
    // `keep` leaves what is not open any more, and what is there already.
    match kept(connection, space)? {
        Some(state) => invitations::keep(connection, &state, body, append.welcome.as_deref()),
        None => Ok(()),
    }
}

/// The log up to the last entry by which somebody went, for herself: who put her out is signed there, and it is all that
/// she hears of the space. `None` for whoever never was a member.
pub(super) fn farewell(
    connection: &Connection,
    space: SpaceId,
    account: AccountId,
    since: u64,
    now_ms: u64,
) -> Result<Option<MemberLog>, LogError> {
    let was_in = kept(connection, space)?.is_some_and(|state| state.former().contains_key(&account));
    let Some(last) = parting(connection, space, account)?.filter(|_| was_in) else { return Ok(None) };
    let untold = SpaceState {
        head: 0,
        incarnation: Incarnation([0; 16]),
        epoch: FIRST_EPOCH,
        purge_floor: 0,
        server_ms: now_ms,
        members: last,
    };
    entries(connection, space, untold, since).map(Some)
}

/// The number of the last entry by which an account went.
fn parting(connection: &Connection, space: SpaceId, account: AccountId) -> Result<Option<u64>, LogError> {
    let sql = "SELECT n, entry FROM membership WHERE space_id = ?1 ORDER BY n DESC";
    let mut statement = connection.prepare_cached(sql).map_err(storage)?;
    let mut rows = statement.query([space.0]).map_err(storage)?;
    while let Some(row) = rows.next().map_err(storage)? {
        let (n, bytes): (i64, Vec<u8>) = (row.get(0).map_err(storage)?, row.get(1).map_err(storage)?);
        let body = read(&opened(&bytes)?).map_err(|_| LogError::Damaged)?;
        let goes = match &body.c {
            Change::Remove { accounts, .. } => accounts.contains(&account),
            Change::Leave => body.by == account,
            _ => false,
        };
        if goes {
            return error::read(n).map(Some);
        }
    }
    Ok(None)
}

/// The entries after `since`, as many as the space is said to have; none in a space without a log.
pub(super) fn entries(
    connection: &Connection,
    space: SpaceId,
    state: SpaceState,
    since: u64,
) -> Result<MemberLog, LogError> {
    let sql = "SELECT entry FROM membership WHERE space_id = ?1 AND n > ?2 AND n <= ?3 ORDER BY n LIMIT ?4";
    let mut statement = connection.prepare_cached(sql).map_err(storage)?;
    let key = (space.0, stored(since), stored(state.members), MAX_ENTRIES as i64);
    let found = statement.query_map(key, |row| row.get::<_, Vec<u8>>(0)).map_err(storage)?;
    let entries = found.map(|bytes| opened(&bytes.map_err(storage)?)).collect::<Result<_, _>>()?;
    Ok(MemberLog { space: state, entries })
}

/// What the log will say with the entry.
fn judge(
    connection: &Connection,
    author: Session,
    space: SpaceId,
    append: &Append,
    body: &Body,
    now_ms: u64,
) -> Result<Result<State, Denied>, LogError> {
    let Some(mut state) = kept(connection, space)? else {
        if body.by != author.account {
            return Ok(Err(Refused::Signature.into()));
        }
        return found(connection, space, append, body, now_ms);
    };
    let joins = matches!(body.c, Change::Join { .. });
    let admitted = match append.again {
        true => may_say_again(&state, author, append, body, now_ms),
        false if !joins && state.role(body.by).is_none() => Err(Denied::NotMember),
        false => in_time(&state, append, body, now_ms),
    };
    if let Err(denied) = admitted {
        return Ok(Err(denied));
    }
    Ok(state.follow(&append.entry).map(|()| state).map_err(Denied::from))
}

/// An entry that was lost is said again by whoever decides over members; its time was judged when it was new, and
/// what was not open for too long then is not now. It brings no welcome: only who made an invitation brings that, once
/// the entry is there.
fn may_say_again(
    state: &State,
    by: Session,
    append: &Append,
    body: &Body,
    now_ms: u64,
) -> Result<(), Denied> {
    match state.role(by.account) {
        None => Err(Denied::NotMember),
        Some(_) if append.welcome.is_some() || is_open_too_long(body, now_ms) => {
            Err(Refused::Malformed.into())
        }
        Some(role) if role >= members::Role::Admin => Ok(()),
        Some(_) => Err(Refused::NotAllowed.into()),
    }
}

/// Whether an invitation ends later than any that is made now.
fn is_open_too_long(body: &Body, now_ms: u64) -> bool {
    let last = now_ms.saturating_add(MAX_OPEN_MS);
    matches!(&body.c, Change::Invite { expires_ms, .. } if *expires_ms > last)
}

/// What only the server's clock can tell, and what lies beside an entry.
fn in_time(state: &State, append: &Append, body: &Body, now_ms: u64) -> Result<(), Denied> {
    let welcome = append.welcome.as_deref();
    let fits = match &body.c {
        Change::Invite { expires_ms, .. } => {
            let soon = *expires_ms >= now_ms && !is_open_too_long(body, now_ms);
            soon && welcome.is_some_and(|bytes| (1..=MAX_WELCOME).contains(&bytes.len()))
        }
        Change::Join { invite, .. } => {
            let invitation = state.standing_invitation(*invite).ok_or(Refused::Unknown)?;
            if invitation.expires_ms < now_ms {
                return Err(Refused::Expired.into());
            }
            welcome.is_none()
        }
        _ => welcome.is_none(),
    };
    if fits { Ok(()) } else { Err(Refused::Malformed.into()) }
}

/// A log begins: of a space that its owner registered before, or of a new one.
fn found(
    connection: &Connection,
    space: SpaceId,
    append: &Append,
    body: &Body,
    now_ms: u64,
) -> Result<Result<State, Denied>, LogError> {
    let epoch = match standing(connection, space, body.by, now_ms)? {
        Some((there, Role::Owner)) => there.epoch,
        Some(_) => return Ok(Err(Refused::NotAllowed.into())),
        None if spaces::state(connection, space, now_ms)?.is_some() => return Ok(Err(Denied::NotMember)),
        None if deleted::signed(connection, space)?.is_some() => return Ok(Err(Denied::Deleted)),
        None if spaces_of(connection, body)? >= MAX_SPACES => return Ok(Err(Refused::Full.into())),
        None => FIRST_EPOCH,
    };
    let state = match State::found(space, &append.entry) {
        Ok(state) if state.epoch() == epoch && append.welcome.is_none() => state,
        Ok(_) => return Ok(Err(Refused::Malformed.into())),
        Err(refused) => return Ok(Err(refused.into())),
    };
    connection
        .execute(
            "INSERT OR IGNORE INTO space (space_id, head, incarnation, epoch, purge_floor)
             VALUES (?1, 0, randomblob(16), ?2, 0)",
            (space.0, epoch),
        )
        .map_err(storage)?;
    Ok(Ok(state))
}

/// Stores the entry, and all that follows from it.
fn keep(
    connection: &Connection,
    state: &State,
    append: &Append,
    body: &Body,
    now_ms: u64,
) -> Result<SpaceState, LogError> {
    let space = state.space();
    let entry = (space.0, stored(state.n()), to_cbor(&append.entry));
    connection
        .execute("INSERT INTO membership (space_id, n, entry) VALUES (?1, ?2, ?3)", entry)
        .map_err(storage)?;
    connection
        .execute(
            "INSERT INTO membership_state (space_id, state) VALUES (?1, ?2)
             ON CONFLICT (space_id) DO UPDATE SET state = excluded.state",
            (space.0, to_cbor(state)),
        )
        .map_err(storage)?;
    connection
        .execute(
            "UPDATE space SET members = ?2, epoch = ?3 WHERE space_id = ?1",
            (space.0, stored(state.n()), state.epoch()),
        )
        .map_err(storage)?;
    index(connection, state)?;
    invitations::keep(connection, state, body, append.welcome.as_deref())?;
    spaces::state(connection, space, now_ms)?.ok_or(LogError::Damaged)
}

/// Makes the table of members say what the log says.
fn index(connection: &Connection, state: &State) -> Result<(), LogError> {
    let space = state.space().0;
    connection.execute("DELETE FROM member WHERE space_id = ?1", [space]).map_err(storage)?;
    let insert = "INSERT INTO member (space_id, account_id, role) VALUES (?1, ?2, ?3)";
    let mut statement = connection.prepare_cached(insert).map_err(storage)?;
    for (account, member) in state.members() {
        statement.execute((space, account.0, member.role as i64)).map_err(storage)?;
    }
    Ok(())
}

/// What the log says; `None` in a space without one.
fn kept(connection: &Connection, space: SpaceId) -> Result<Option<State>, LogError> {
    let sql = "SELECT state FROM membership_state WHERE space_id = ?1";
    let found: Option<Vec<u8>> =
        connection.query_row(sql, [space.0], |row| row.get(0)).optional().map_err(storage)?;
    found.map(|bytes| from_cbor(&bytes).map_err(|_| LogError::Damaged)).transpose()
}

fn entry(connection: &Connection, space: SpaceId, n: u64) -> Result<Option<SignedEntry>, LogError> {
    let sql = "SELECT entry FROM membership WHERE space_id = ?1 AND n = ?2";
    let key = (space.0, stored(n));
    let found: Option<Vec<u8>> =
        connection.query_row(sql, key, |row| row.get(0)).optional().map_err(storage)?;
    found.map(|bytes| opened(&bytes)).transpose()
}

fn opened(bytes: &[u8]) -> Result<SignedEntry, LogError> {
    from_cbor(bytes).map_err(|_| LogError::Damaged)
}

fn spaces_of(connection: &Connection, body: &Body) -> Result<u32, LogError> {
    let sql = "SELECT count(*) FROM member WHERE account_id = ?1";
    connection.query_row(sql, [body.by.0], |row| row.get(0)).map_err(storage)
}

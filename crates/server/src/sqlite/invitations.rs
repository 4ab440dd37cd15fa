//! What lies ready for those who have an invitation's link.

use rusqlite::{Connection, OptionalExtension, params};
use satchel_members::State;
use satchel_wire::SpaceId;
use satchel_wire::members::{Body, Change, InvitationId, OpenInvitation};

use crate::{
    log::LogError,
    sqlite::error::{storage, stored},
};

/// An invitation that is open.
pub(super) fn open(
    connection: &Connection,
    id: InvitationId,
    now_ms: u64,
) -> Result<Option<OpenInvitation>, LogError> {
    let sql = "SELECT space_id, welcome FROM invitation WHERE invitation_id = ?1 AND expires_ms >= ?2";
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| {
            let columns = |row: &rusqlite::Row<'_>| {
                Ok(OpenInvitation { space: SpaceId(row.get(0)?), welcome: row.get(1)? })
            };
            statement.query_row((id.0, stored(now_ms)), columns).optional()
        })
        .map_err(storage)
}

/// Keeps the welcome of a new invitation, and none of those that are not open any more.
pub(super) fn keep(
    connection: &Connection,
    state: &State,
    body: &Body,
    welcome: Option<&[u8]>,
) -> Result<(), LogError> {
    let space = state.space();
    if let (Change::Invite { id, expires_ms, .. }, Some(welcome)) = (&body.c, welcome) {
        connection
            .execute(
                "INSERT INTO invitation (invitation_id, space_id, welcome, expires_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (invitation_id) DO NOTHING",
                params![id.0, space.0, welcome, stored(*expires_ms)],
            )
            .map_err(storage)?;
    }
    let sql = "SELECT invitation_id FROM invitation WHERE space_id = ?1";
    let mut statement = connection.prepare_cached(sql).map_err(storage)?;
    let there = statement.query_map([space.0], |row| row.get(0).map(InvitationId)).map_err(storage)?;
    let there: Vec<InvitationId> = there.collect::<Result<_, _>>().map_err(storage)?;
    let closed = there.into_iter().filter(|id| state.standing_invitation(*id).is_none());
    // The link stays in the history of the browser that opened it: what it would open is overwritten on the disk.
    connection.pragma_update(None, "secure_delete", true).map_err(storage)?;
    for id in closed {
        connection.execute("DELETE FROM invitation WHERE invitation_id = ?1", [id.0]).map_err(storage)?;
    }
    connection.pragma_update(None, "secure_delete", false).map_err(storage)
}

//! Version 1: rows, what waits, the device's own, local items. Keys are given from outside.

use crate::{LOCALS, META, ROWS, WAITING};
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;

pub(super) fn upgrade(db: &Database) -> indexed_db_futures::Result<()> {
    for name in [ROWS, WAITING, META, LOCALS] {
        db.create_object_store(name).build()?;
    }
    Ok(())
}

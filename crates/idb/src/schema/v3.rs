//! Version 3: files.

use crate::FILES;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;

pub(super) fn upgrade(db: &Database) -> indexed_db_futures::Result<()> {
    db.create_object_store(FILES).build()?;
    Ok(())
}

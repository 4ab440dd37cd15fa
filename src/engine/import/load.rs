//! A chosen file becomes a table, slice by slice.

use crate::engine::Cancel;
use crate::engine::host::{File, Host};
use crate::port::FailureCode;
use satchel_exchange::{Feed, Limits, LoadOptions, Loader, Refused, Table};

/// Bytes that are read at once.
const SLICE: u64 = 1 << 20;

/// Reads a file; `on_read` hears how many of its bytes were read.
pub(super) async fn load<H: Host>(
    host: &H,
    file: &H::File,
    options: LoadOptions,
    cancel: &Cancel,
    on_read: impl Fn(u64),
) -> Result<Result<Table, Refused>, FailureCode> {
    let mut loader = Loader::new(&file.name(), options, Limits::default(), host.decoders());
    loop {
        match pass(host, file, &mut loader, cancel, &on_read).await? {
            Pass::Again => {}
            Pass::Over(table) => return Ok(table.map(|table| *table)),
        }
    }
}

enum Pass {
    /// The encoding turned out to be another one.
    Again,
    Over(Result<Box<Table>, Refused>),
}

async fn pass<H: Host>(
    host: &H,
    file: &H::File,
    loader: &mut Loader<'_>,
    cancel: &Cancel,
    on_read: &impl Fn(u64),
) -> Result<Pass, FailureCode> {
    let size = file.size();
    let mut at = 0;
    while at < size {
        if cancel.asked() {
            return Err(FailureCode::Cancelled);
        }
        let end = (at + SLICE).min(size);
        let bytes = file.read(at, end).await.map_err(|_| FailureCode::UnreadableFile)?;
        match loader.feed(&bytes) {
            Ok(Feed::More) => at = end,
            Ok(Feed::Restart) => return Ok(Pass::Again),
            Err(refused) => return Ok(Pass::Over(Err(refused))),
        }
        on_read(at);
        host.breathe().await;
    }
    match loader.finish() {
        Ok(Some(table)) => Ok(Pass::Over(Ok(Box::new(table)))),
        Ok(None) => Ok(Pass::Again),
        Err(refused) => Ok(Pass::Over(Err(refused))),
    }
}

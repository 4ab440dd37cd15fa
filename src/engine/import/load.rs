//! A chosen file becomes a table, slice by slice; what is packed, piece by piece.

use crate::engine::Cancel;
use crate::engine::host::{File, Host};
use crate::port::FailureCode;
use satchel_exchange::{Feed, Finish, Limits, LoadOptions, Loader, Refused, Table};

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
            Ok(Feed::More) => on_read(end),
            Ok(Feed::Kept) => {}
            Ok(Feed::Restart) => return Ok(Pass::Again),
            Err(refused) => return Ok(Pass::Over(Err(refused))),
        }
        at = end;
        host.breathe().await;
    }
    finish(host, loader, cancel, |share| on_read((share * size as f64) as u64)).await
}

/// Ends the file; `on_share` hears which share of it was understood.
async fn finish<H: Host>(
    host: &H,
    loader: &mut Loader<'_>,
    cancel: &Cancel,
    on_share: impl Fn(f64),
) -> Result<Pass, FailureCode> {
    loop {
        match loader.finish() {
            Ok(Finish::Table(table)) => return Ok(Pass::Over(Ok(table))),
            Ok(Finish::Restart) => return Ok(Pass::Again),
            Err(refused) => return Ok(Pass::Over(Err(refused))),
            Ok(Finish::Going { done, total }) => on_share(done as f64 / total.max(1) as f64),
        }
        host.breathe().await;
        if cancel.asked() {
            return Err(FailureCode::Cancelled);
        }
    }
}

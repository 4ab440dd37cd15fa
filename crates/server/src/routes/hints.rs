//! Hints: a stream that says how far a space has come, and nothing about what changed.
//!
//! A lost hint costs latency only. The stream ends with the session or the server.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::stream::{Stream, unfold};
use satchel_wire::Hint;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use crate::{
    problem::Problem,
    service::Shared,
    signed::{Signed, Space},
};

/// Tells the head at once and whenever it rises.
pub(crate) async fn hints(
    State(service): State<Shared>,
    Signed(session): Signed,
    Space(space): Space,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let now_ms = service.now_ms();
    // Membership first, so that strangers cost no watcher; then watch before looking, so that no
    // commit falls between.
    service.log().head(session.account, space).await??;
    let heads = service.log().watch(space).ok_or(Problem::TooMany { seconds: 60 })?;
    let head = service.log().head(session.account, space).await??;
    let left = Duration::from_millis(session.expires_ms.saturating_sub(now_ms));
    let feed = Feed { heads, stopping: service.stopping(), told: None, head, until: Instant::now() + left };
    let beat = KeepAlive::new().interval(service.limits().heartbeat);
    Ok(Sse::new(unfold(feed, Feed::next)).keep_alive(beat))
}

/// One stream's state.
struct Feed {
    heads: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    told: Option<u64>,
    head: u64,
    until: Instant,
}

impl Feed {
    /// The next hint, or the end.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        while self.told == Some(self.head) {
            self.wait().await?;
        }
        self.told = Some(self.head);
        let text = serde_json::to_string(&Hint { head: self.head }).ok()?;
        Some((Ok(Event::default().data(text)), self))
    }

    /// Waits for a higher head; `None` at the end of the session or of the server.
    async fn wait(&mut self) -> Option<()> {
        tokio::select! {
            changed = self.heads.changed() => changed.ok()?,
            _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            () = sleep_until(self.until) => return None,
        }
        self.head = self.head.max(*self.heads.borrow_and_update());
        Some(())
    }
}
